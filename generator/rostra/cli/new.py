"""``rostra new``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="An archive of debates", show_default=True)
def command(folder: Path, title: str) -> None:
    """Make a small working site in FOLDER."""
    from rostra.new import make_site

    for path in make_site(folder, title):
        click.echo(f"wrote {path}")
    click.echo(f"\nNow:\n  cd {folder}\n  rostra serve --open")
