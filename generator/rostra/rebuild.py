"""A build that is spared where nothing changed: the disk is asked of every file that was read or written, and none is opened.

This part imports little, so that a command with nothing to do is over before the others are loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.layouts import built_in
from rostra.report import Report
from rostra.site import Site

FINE, COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds within which a file may change twice and be described alike: where the disk keeps fractions of a second, and where it does not."""


class Last(Struct, frozen=True):
    """The last build: how the disk described what was read and what was written, and what was reported."""

    read: str
    written: str
    report: Report


class Described(NamedTuple):
    """Files as the disk describes them: a digest of it, and when the latest of them was changed, in nanoseconds."""

    digest: str
    newest: int


def rebuild(site: Site, build: Callable[[], Report]) -> Report:
    """What ``build`` reports of a site; it is called only where something changed since it last was."""
    place = site.cache / ("previewed" if site.previewed else "built")
    last = _last(place)
    before = _described(_inputs(site))
    if last and (last.read, last.written) == (_read(before, last.report), _described(_outputs(site)).digest):
        return replace(last.report, written=replace(last.report.written, changed=(), removed=()))
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"")
    begun = place.stat().st_mtime_ns
    report = build()
    after, outside = _described(_inputs(site)), _described(_outside(report))
    newest = max(after.newest, outside.newest)
    # What was saved a moment before it was read may have been saved again unseen; what failed is tried again.
    if not report.failures and before == after and newest < begun - (FINE if newest % 10**9 else COARSE):
        noted = Last(_read(after, report), _described(_outputs(site)).digest, report)
        place.write_bytes(msgspec.msgpack.encode(noted, enc_hook=str))
    return report


def _last(place: Path) -> Last | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Last, dec_hook=lambda kind, value: kind(value))
    except (OSError, msgspec.DecodeError):
        return None


def _read(inputs: Described, report: Report) -> str:
    return inputs.digest + _described(_outside(report)).digest


def _described(paths: Iterable[str]) -> Described:
    total, newest = sha256(sys.version.encode()), 0
    for path in sorted(paths):
        try:
            of = os.stat(path)  # noqa: PTH116  # a Path for each of many thousands costs more than the look
        except OSError:
            # It was there when its folder was read: whatever is noted of it now is not to be relied on.
            newest = sys.maxsize
            continue
        newest = max(newest, of.st_mtime_ns, of.st_ctime_ns)
        total.update(
            f"{path}\0{of.st_size} {of.st_mtime_ns} {of.st_ctime_ns} {of.st_ino}\n".encode("utf-8", "surrogateescape")
        )
    return Described(total.hexdigest(), newest)


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


def _outside(report: Report) -> Iterator[str]:
    yield from map(str, (*report.inputs, *report.code))


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
