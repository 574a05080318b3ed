"""Make the files of every debate if anything that they depend on changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.msgpack import Decoder

from rostra.build.making import Made, Notes, ToPrint, printed
from rostra.build.media_files import MediaFiles
from rostra.build.workbench import Workbench
from rostra.errors import RostraError, UsageError
from rostra.media.shown import stamp_of
from rostra.people.person_pages import PersonPages
from rostra.store.made_files import Pages
from rostra.system.attempts import Failed
from rostra.system.batches import Work, in_batches
from rostra.system.progress import Progress

_decode_notes = Decoder(Notes).decode


class _ToWrite(NamedTuple):
    """A debate whose files are being made: what it had before, and what is recorded with its files."""

    id: str
    dumps: list[str]
    before: Pages
    key: str
    digest: str
    revealed: tuple[str, ...]


def all_pages(bench: Workbench, media: MediaFiles, people: PersonPages, progress: Progress) -> Iterable[Notes]:
    """Write the files of every debate if anything that they depend on changed; return what a build reports of each."""
    store, failed = bench.concordance.store, list[RostraError]()
    debates = store.debates()
    works = _works(bench, media, people, progress.each("making pages of debates", debates, len(debates)))
    common = (store.texts.folder, bench.layouts, bench.writer.staged)
    for of, made in in_batches(bench.workers, printed, common, works):
        if isinstance(made, Failed):
            failed.append(made.error)
            _fail(of, made.error, bench)
        else:
            _write(of, made, bench)
    bench.workers.dismiss()
    if failed and len(failed) == len(debates) and all(isinstance(error, UsageError) for error in failed):
        # A layout that fails with every debate is itself wrong.
        raise failed[0]
    bench.failing.settle()
    return map(_decode_notes, store.made.notes({id for id, *_ in debates}))


def _works(
    bench: Workbench, media: MediaFiles, people: PersonPages, debates: Iterable[tuple[str, str, list[str]]]
) -> Iterator[Work[_ToWrite]]:
    """Yield the debates whose files are to be made, and keep the files of the others."""
    writer, store = bench.writer, bench.concordance.store
    for id, digest, dumps in debates:
        around, kept = bench.concordance.around(id), bench.hiding.kept(id, store.published.kept(id), store)
        with_digest = [dump for dump in dumps if dump in bench.digests]
        own, revealed = people.among(store.speakers.of(id)), around.revealed()
        shown = media.shown(id, dumps)
        key = bench.key((digest, around, kept, with_digest, own.shelves, own.own, own.twins, stamp_of(shown)))
        before = store.made.pages(id)
        if before.key == key and writer.keep(before.files):
            continue
        row = store.texts.row(id)
        assert row
        standing = {path: of for path, of in before.units.items() if writer.stand({path: before.files[path]})}
        to_print = ToPrint(id, row, around, kept, with_digest, own, standing, shown)
        yield Work(_ToWrite(id, dumps, before, key, digest, revealed), row.edition, to_print)


def _write(of: _ToWrite, made: Made, bench: Workbench) -> None:
    """Make the files of a debate a part of the site."""
    store = bench.concordance.store
    files = {path: of.before.files[path] for path in made.standing}
    bench.writer.keep(files)
    files |= bench.writer.take(made.files)
    store.people.note(of.id, made.spoken)
    store.made.note_pages(of.id, Pages(of.key, files, made.units, made.records, of.digest, of.revealed), made.notes)


def _fail(of: _ToWrite, error: RostraError, bench: Workbench) -> None:
    """Leave a debate's files as last written, if that is still allowed."""
    error = of_debate(error, of.id, of.dumps[0])
    # A page may contain text of another debate that is hidden since.
    is_same = of.before.edition == of.digest and set(of.before.revealed) <= set(of.revealed)
    stand = is_same and bench.writer.keep_allowed(of.before.files)
    bench.failing.fail_pages(of.id, of.dumps, error, bench.concordance.store, stand=stand)


def of_debate(error: RostraError, debate: str, dump: str) -> RostraError:
    """Return the failure of a debate's pages, with its dump; a layout's failure is reported with its line."""
    if error.path is None:
        error.path = dump
        return error
    message = f"{error.message}, in the page of debates/{debate}, of {dump}"
    return RostraError(message, path=error.path, line=error.line, hint=error.hint)
