"""A build that is spared where nothing changed: the disk is asked of every file that was read or written, and none is opened.

This part imports little, so that a command with nothing to do is over before the others are loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.disk import Described, describe, moment
from rostra.layouts import built_in
from rostra.report import Report
from rostra.site import Site


class Last(Struct, frozen=True):
    """The last build: how the disk described what was read and what was written, and what was reported."""

    read: str
    written: str
    report: Report


def rebuild(site: Site, build: Callable[[], Report]) -> Report:
    """What ``build`` reports of a site; it is called only where something changed since it last was."""
    place = site.cache / ("previewed" if site.previewed else "built")
    last = _last(place)
    before = describe(_inputs(site))
    if last and (last.read, last.written) == (_read(site, before, last.report), describe(_outputs(site)).digest):
        return replace(last.report, written=replace(last.report.written, changed=(), removed=()))
    begun = moment(site.cache)
    place.unlink(missing_ok=True)
    report = build()
    after, outside = describe(_inputs(site)), describe(_outside(site, report))
    # What failed is tried again.
    if not report.failures and before == after and after.settled(begun) and outside.settled(begun):
        noted = Last(_read(site, after, report), describe(_outputs(site)).digest, report)
        place.write_bytes(msgspec.msgpack.encode(noted, enc_hook=str))
    return report


def _last(place: Path) -> Last | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Last, dec_hook=lambda kind, value: kind(value))
    except (OSError, msgspec.DecodeError):
        return None


def _read(site: Site, inputs: Described, report: Report) -> str:
    return sys.version + inputs.digest + describe(_outside(site, report)).digest


def _inputs(site: Site) -> Iterator[str]:
    """All that may be read: what lies beside the settings, the content, the layouts, Rostra itself, and what else is installed."""
    for entry in os.scandir(site.root):
        if entry.is_file() and Path(entry.path) != site.ledger:
            yield entry.path
    folders = [site.root / folder for folder in (*site.settings.content, site.settings.layouts)]
    for folder in (*folders, built_in(), Path(__file__).parent):
        yield from _below(str(folder))
    # A package that is installed or removed changes the folder of packages.
    yield from (path for path in sys.path if Path(path).is_dir())


def _outside(site: Site, report: Report) -> Iterator[str]:
    within = tuple(f"{(site.root / folder).resolve()}{os.sep}" for folder in site.settings.content)
    for path in map(str, (*report.inputs, *report.code)):
        if not path.startswith(within):
            yield path
            yield from _below(path)


def _outputs(site: Site) -> Iterator[str]:
    yield from _below(str(site.output))
    if site.ledger.is_file():
        yield str(site.ledger)


def _below(folder: str) -> Iterator[str]:
    """A folder and all below it but hidden folders; links are followed, once."""
    stack, seen = [folder], set[tuple[int, int]]()
    while stack:
        path = stack.pop()
        try:
            here = os.stat(path)  # noqa: PTH116  # likewise
            entries = list(os.scandir(path))
        except OSError:
            continue
        if (here.st_dev, here.st_ino) in seen:
            continue
        seen.add((here.st_dev, here.st_ino))
        yield path
        for entry in entries:
            if not entry.is_dir():
                yield entry.path
            elif not entry.name.startswith((".", "__pycache__")):
                stack.append(entry.path)
