"""``rostra serve``."""

from __future__ import annotations

from pathlib import Path

import click

from rostra.cli.terminal import say, site_option


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="0 selects a free port.")
@click.option("--base", help="Serve below this path (default: the path of the site's address).")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser.")
def command(folder: Path, host: str, port: int, base: str | None, open_browser: bool) -> None:
    """Serve the site on this machine.

    The site is built first, and again when something changes; the browser then reloads it.
    """
    from rostra.serve.preview import preview

    preview(folder, host=host, port=port, base=base, open_browser=open_browser, announce=say)
