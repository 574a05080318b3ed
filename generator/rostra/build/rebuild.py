"""Skip a build if nothing changed: compare the stat data of every file that was read or written, without opening any.

This module imports little, so that a command with nothing to do ends before the others are loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra import PACKAGE
from rostra.config.build_record import note
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.journal import recover
from rostra.output.manifest import MANIFEST, Standing
from rostra.output.report import BuildReport
from rostra.render.templates import built_in
from rostra.system.build_lock import alone
from rostra.system.file_state import Look, below, discard, disk_clock
from rostra.system.forked_copy import aside


class Last(Struct, frozen=True):
    """The last build: snapshots of the files read and written, and the report if nothing changed."""

    read: str
    written: str
    report: BuildReport


def rebuild(
    site: Site,
    build: Callable[[Standing], BuildReport],
    known: Standing | None = None,
    missed: tuple[RostraError, ...] = (),
) -> BuildReport:
    """Build a site by calling ``build`` with the last build's snapshot, only if something changed since.

    Another process examines the output while modules are loaded, which takes about as long; it is not examined if
    ``known`` tells how the last build left it.  An interrupted publication of an earlier build is finished first.
    Failures are recorded, and ``missed`` content from elsewhere, which ``build`` reports too.
    """
    with alone(site.cache):
        if recover(site.cache, None if site.previewed else site.ledger):
            known = None
        kept = site.store.exists()
        try:
            try:
                return _rebuild(site, build, known, missed)
            except (RostraError, OSError):
                raise
            except Exception:
                # The cache may be damaged in any way; if it is not, the same error occurs again.
                if not kept:
                    raise
                from rostra.store.store_file import set_aside

                set_aside(site.store)
                for path in site.cache.glob("templates-*"):
                    discard(path)
                return _rebuild(site, build, None, missed)
        except Exception as error:
            whole = error if isinstance(error, RostraError) else RostraError(f"{type(error).__name__}: {error}")
            note(site, (*missed, whole), None)
            raise


def _rebuild(
    site: Site, build: Callable[[Standing], BuildReport], known: Standing | None, missed: tuple[RostraError, ...]
) -> BuildReport:
    with _standing(site, known) as standing:
        place = site.cache / "built"
        last, before = _last(place), Look(_inputs(site))
        if last and last.read == _read(site, before, last.report) and last.written == standing.digest:
            note(site, missed, None)
            return replace(last.report, failures=missed)
        begun = disk_clock(site.cache)
        discard(place)
        report = build(standing)
        note(site, report.failures, begun)
        after, outside = Look(_inputs(site)), Look(_outside(site, report))
        # Builds that failed are tried again.
        if not report.failures and before.digest == after.digest and after.settled(begun) and outside.settled(begun):
            # Changes that another program made to the output meanwhile are not in it, so the next build notices them.
            written = standing.look.digest_after(_written(site, report))
            noted = Last(_read(site, after, report), written, _spared(report))
            place.write_bytes(msgspec.msgpack.encode(noted, enc_hook=str))
        return report


@contextmanager
def _standing(site: Site, known: Standing | None) -> Iterator[Standing]:
    if known:
        yield known
        return
    with aside(Standing(site.output, site.cache, site.ledger).tell) as told:
        yield Standing(site.output, site.cache, site.ledger, told)


def _spared(report: BuildReport) -> BuildReport:
    """Return the report of the next build if nothing changes."""
    return replace(report, written=replace(report.written, changed=(), removed=()))


def _last(place: Path) -> Last | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Last, dec_hook=lambda kind, value: kind(value))
    except (OSError, ValueError, TypeError, msgspec.MsgspecError):
        return None


def _read(site: Site, inputs: Look, report: BuildReport) -> str:
    return sys.version + inputs.digest + Look(_outside(site, report)).digest


def _inputs(site: Site) -> Iterator[str]:
    """Yield all paths that may be read: beside the settings, the content, the layouts, Rostra, and installed packages."""
    for entry in os.scandir(site.root):
        if entry.is_file() and Path(entry.path) != site.ledger:
            yield entry.path
    content = (folder for _, folder in site.content)
    for folder in (*content, site.root / site.settings.layouts, built_in(), PACKAGE):
        yield from below(str(folder))
    # Installing or removing a package changes the packages folder; with `python -m`, the site's folder is one too
    # and changes when files are written there.
    yield from (path for path in sys.path if Path(path).is_dir() and not site.root.samefile(path))


def _outside(site: Site, report: BuildReport) -> Iterator[str]:
    within = tuple(f"{folder.resolve()}{os.sep}" for _, folder in site.content)
    for path in map(str, (*report.inputs, *report.code)):
        if not path.startswith(within):
            yield path
            yield from below(path)


def _written(site: Site, report: BuildReport) -> Iterator[str]:
    """Yield what a build wrote or removed, with the parent folders."""
    output = str(site.output)
    yield from (output, f"{output}{os.sep}{MANIFEST}", str(site.ledger))
    folders = set[str]()
    for path in report.written.touched:
        name = path.replace("/", os.sep)
        yield f"{output}{os.sep}{name}"
        while name := name.rpartition(os.sep)[0]:
            folders.add(f"{output}{os.sep}{name}")
    yield from folders
