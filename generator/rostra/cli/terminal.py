"""What commands share: the site they work on, and how they speak to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from time import perf_counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rostra.progress import Stage

PATIENCE, PAUSE = 0.5, 0.1
"""Seconds before a build's progress is shown, and between two times."""

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
def showing() -> Iterator[Callable[[Stage], None]]:
    """What shows a build's progress: on a terminal a line with the stage, how many things, how long; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    begun, shown = perf_counter(), 0.0

    def show(stage: Stage) -> None:
        nonlocal shown
        now = perf_counter()
        # Nobody reads faster, and what is over at once needs no telling.
        if now - max(shown, begun + PATIENCE - PAUSE) >= PAUSE:
            shown = now
            many = f" {stage.done:,} of {stage.total:,}" if stage.total else f" {stage.done:,}" if stage.done else ""
            line = f"{stage.name}{many}, {now - begun:.0f} s"
            click.echo(f"\r\x1b[K{line[: get_terminal_size().columns - 1]}", err=True, nl=False)

    try:
        yield show
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def timings(stages: list[Stage]) -> None:
    """Where the time went, a line a stage."""
    total = sum(stage.seconds for stage in stages)
    for stage in stages:
        say(
            f"{stage.seconds:9.3f} s {stage.seconds / (total or 1):5.0%}  {stage.name}"
            + (f" ({stage.done:,})" if stage.done else "")
        )
    say(f"{total:9.3f} s        in all")
