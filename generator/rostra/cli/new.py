"""``rostra new``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="An archive of debates", show_default=True)
@click.option("--host", metavar="NAME", help="Write what this host needs too; for a site that is there, only that.")
def command(folder: Path, title: str, host: str | None) -> None:
    """Make a small working site in FOLDER."""
    from rostra.hosts import named
    from rostra.new import add_host, make_site
    from rostra.site import SETTINGS

    chosen = named(host) if host else None
    there = chosen is not None and (folder / SETTINGS).is_file()
    for path in add_host(folder, chosen) if chosen and there else make_site(folder, title, chosen):
        click.echo(f"wrote {path}")
    if not there:
        click.echo(f"\nNow:\n  cd {folder}\n  rostra serve --open")
    if chosen:
        say = f'say `host = "{chosen.name}"` in {folder / SETTINGS}, and ' if there else ""
        click.echo(f"\nFor {chosen.title}: {say}{chosen.then}.")
