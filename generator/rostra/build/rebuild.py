"""A build that is spared where nothing changed: the disk is asked of every file that was read or written, and none is opened.

This part imports little, so that a command with nothing to do is over before the others are loaded.
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

from rostra.config.build_record import note
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.journal import recover
from rostra.output.manifest import MANIFEST, Standing
from rostra.output.report import BuildReport
from rostra.render.templates import built_in
from rostra.system.build_lock import alone
from rostra.system.file_state import Look, below, discard, disk_clock
from rostra.system.workers import aside


class Last(Struct, frozen=True):
    """The last build: how the disk described what was read and what was written, and what is reported where nothing changed."""

    read: str
    written: str
    report: BuildReport


def rebuild(
    site: Site,
    build: Callable[[Standing], BuildReport],
    known: Standing | None = None,
    missed: tuple[RostraError, ...] = (),
) -> BuildReport:
    """What ``build`` reports of a site; it is called, with what stands of the last build, only where something changed since.

    The output is looked at by another process while modules are loaded, which takes about as long; or not at all where
    it is ``known`` how the last build left it.  What a build that broke off had begun to put in place is finished first.
    What fails is recorded, with what was ``missed`` of content elsewhere, which ``build`` reports too.
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
                # What was kept may be damaged, in any way; where it was not, the same is said once more.
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
        # What failed is tried again.
        if not report.failures and before.digest == after.digest and after.settled(begun) and outside.settled(begun):
            # What another program did to the output meanwhile is not in it, and so is noticed the next time.
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
    """What the next build reports if there is nothing to do."""
    return replace(report, written=replace(report.written, changed=(), removed=()))


def _last(place: Path) -> Last | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Last, dec_hook=lambda kind, value: kind(value))
    except (OSError, ValueError, TypeError, msgspec.MsgspecError):
        return None


def _read(site: Site, inputs: Look, report: BuildReport) -> str:
    return sys.version + inputs.digest + Look(_outside(site, report)).digest


def _inputs(site: Site) -> Iterator[str]:
    """All that may be read: what lies beside the settings, the content, the layouts, Rostra itself, and what else is installed."""
    for entry in os.scandir(site.root):
        if entry.is_file() and Path(entry.path) != site.ledger:
            yield entry.path
    content = (folder for _, folder in site.content)
    for folder in (*content, site.root / site.settings.layouts, built_in(), Path(__file__).parent):
        yield from below(str(folder))
    # A package that is installed or removed changes the folder of packages; the site's own is one for `python -m`,
    # and changes with what is written there.
    yield from (path for path in sys.path if Path(path).is_dir() and not site.root.samefile(path))


def _outside(site: Site, report: BuildReport) -> Iterator[str]:
    within = tuple(f"{folder.resolve()}{os.sep}" for _, folder in site.content)
    for path in map(str, (*report.inputs, *report.code)):
        if not path.startswith(within):
            yield path
            yield from below(path)


def _written(site: Site, report: BuildReport) -> Iterator[str]:
    """What a build wrote or removed, with the folders that it stands or stood in."""
    output = str(site.output)
    yield from (output, f"{output}{os.sep}{MANIFEST}", str(site.ledger))
    folders = set[str]()
    for path in report.written.touched:
        name = path.replace("/", os.sep)
        yield f"{output}{os.sep}{name}"
        while name := name.rpartition(os.sep)[0]:
            folders.add(f"{output}{os.sep}{name}")
    yield from folders
