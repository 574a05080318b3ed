"""What commands share: the site they work on, and how they speak to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rostra.intake import Progress

site_option = click.option(
    "--site",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The site's folder (default: this one).",
)


def say(message: object) -> None:
    """A line for the person, not for a pipe."""
    click.echo(str(message), err=True)


def count(number: int, noun: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on a terminal, once there is something to wait for; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda dump, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, visible=False)

        def update(dump: str, done: int, total: int) -> None:
            bar.update(task, description=dump, completed=done, total=total, visible=total > 1)

        yield update
