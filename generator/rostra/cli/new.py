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
    from rostra.config.site import SETTINGS, read_settings
    from rostra.hosts import find_host
    from rostra.new_site import add_host, make_site

    chosen = find_host(host) if host else None
    there = chosen is not None and (folder / SETTINGS).is_file()
    for path in add_host(folder, chosen) if chosen and there else make_site(folder, title, chosen):
        click.echo(f"wrote {path}")
    if not there:
        click.echo(f"\nNow:\n  cd {folder}\n  rostra serve --open")
    if chosen:
        settings = read_settings(folder / SETTINGS)
        if settings.host != chosen.name:
            instead = f" instead of {settings.host!r}" if settings.host else ""
            click.echo(f'\n`host = "{chosen.name}"`{instead} in {folder / SETTINGS} has each build warn of its limits.')
        click.echo(f"\nFor {chosen.title}: {chosen.then}.")
