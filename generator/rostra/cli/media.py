"""``rostra media``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import count, say, site_option
from rostra.errors import UsageError

if TYPE_CHECKING:
    from rostra.config.site import Site

SHOWN = 3
"""How many addresses of a host are listed."""


@click.command()
@site_option
@click.option("--all", "everything", is_flag=True, help="List every address.")
@click.option("--host", "hosts", multiple=True, help="Only files of this host.")
@click.option("--download", is_flag=True, help="Fetch them, politely, into the folder media/ beside rostra.toml.")
@click.option("--pause", type=click.FloatRange(min=0.2), default=1.0, show_default=True, help="Seconds between two requests to a host.")  # fmt: skip
@click.option("--largest", type=click.IntRange(min=1), default=64, show_default=True, help="The most MiB of a file.")
def command(
    folder: Path, everything: bool, hosts: tuple[str, ...], download: bool, pause: float, largest: int
) -> None:  # fmt: skip
    """List missing pictures and files, or fetch them.

    These are the files that posts refer to and the archive lacks, by host.
    """
    from urllib.parse import urlsplit

    from rostra.config.site import load_site

    site = load_site(folder)
    by_host: dict[str, list[str]] = {}
    for address in _missing(site):
        if not hosts or urlsplit(address).netloc in hosts:
            by_host.setdefault(urlsplit(address).netloc, []).append(address)
    if not by_host:
        say("no picture or file is missing")
        return
    if download:
        _download(site, [each for own in by_host.values() for each in own], pause, largest)
        return
    for host, addresses in sorted(by_host.items(), key=lambda each: (-len(each[1]), each[0])):
        click.echo(f"{host}: {count(len(addresses), 'file')}")
        for each in addresses if everything else addresses[:SHOWN]:
            click.echo(f"   {each}")
    total = sum(map(len, by_host.values()))
    say(f"{count(total, 'file')} of {count(len(by_host), 'host')} not archived; `--download` fetches them")


def _missing(site: Site) -> list[str]:
    from rostra.media.shelf import MediaShelf

    path = site.cache / "media.sqlite"
    if not path.is_file():
        raise UsageError("what posts refer to is not known yet", hint="run `rostra build` first")
    with MediaShelf(path) as shelf:
        return [address for address, *_ in shelf.missing() if address.startswith(("https://", "http://"))]


def _download(site: Site, addresses: list[str], pause: float, largest: int) -> None:
    from rostra.media.download import Downloader
    from rostra.media.downloads import FOLDER
    from rostra.system.file_state import discard

    downloader = Downloader(site.root / FOLDER, pause=pause, largest=largest << 20)
    came = downloader.fetch(addresses, lambda address, what: say(f"{address}: {what}"))
    for cache in (site.kept, site.kept / "previewed"):
        # The next build looks at the new folder, although nothing else has changed.
        discard(cache / "built")
    say(f"{count(came, 'file')} of {len(addresses):,} came; `rostra build` publishes them")
