"""Make the files of every debate if anything that they depend on changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.msgpack import decode

from rostra.build.making import Made, Notes, ToPrint, printed
from rostra.build.media_files import MediaFiles
from rostra.build.workbench import Workbench
from rostra.errors import RostraError, UsageError
from rostra.media.shown import stamp_of
from rostra.people.person_pages import PersonPages
from rostra.store.made_files import Pages
from rostra.system.batches import Batches
from rostra.system.progress import Progress


class Printing(NamedTuple):
    """What the files of all debates are made with; ``failed`` are the failures, ``told`` is called for each debate."""

    bench: Workbench
    media: MediaFiles
    people: PersonPages
    batches: Batches[ToPrint, Made]
    failed: list[RostraError]
    told: Callable[[], object]


def all_pages(bench: Workbench, media: MediaFiles, people: PersonPages, progress: Progress) -> Iterable[Notes]:
    """Write the files of every debate if anything that they depend on changed; return what a build reports of each."""
    store = bench.concordance.store
    debates = store.debates()
    progress.begin("making pages of debates", len(debates))
    batches = Batches[ToPrint, Made](bench.workers, printed, store.texts.folder, bench.layouts, bench.writer.staged)
    printing = Printing(bench, media, people, batches, [], progress.step)
    for each in debates:
        _debate(*each, printing)
    batches.flush()
    bench.workers.dismiss()
    failed = printing.failed
    if failed and len(failed) == len(debates) and all(isinstance(error, UsageError) for error in failed):
        # A layout that fails with every debate is itself wrong.
        raise failed[0]
    bench.failing.settle()
    return (decode(notes, type=Notes) for notes in store.made.notes({id for id, *_ in debates}))


def _debate(id: str, digest: str, dumps: list[str], printing: Printing) -> None:
    """Write the files of one debate; if they cannot be made, they stay as last written if that is still allowed."""
    bench, media, people, batches, unprinted, told = printing
    writer, store = bench.writer, bench.concordance.store
    around, kept = bench.concordance.around(id), bench.hiding.kept(id, store.published.kept(id), store)
    with_digest = [dump for dump in dumps if dump in bench.digests]
    own, revealed = people.among(store.speakers.of(id)), around.revealed()
    shown = media.shown(id, digest, dumps)
    key = bench.key((digest, around, kept, with_digest, own.shelves, own.own, stamp_of(shown)))
    before = store.made.pages(id)
    if before.key == key and writer.keep(before.files):
        told()
        return

    def write(made: Made) -> None:
        files = {path: before.files[path] for path in made.standing}
        writer.keep(files)
        files |= writer.take(made.files)
        store.people.note(id, made.spoken)
        store.made.note_pages(id, Pages(key, files, made.units, made.records, digest, revealed), made.notes)
        told()

    def failed(error: RostraError) -> None:
        unprinted.append(error)
        error = of_debate(error, id, dumps[0])
        # A page may contain text of another debate that is hidden since.
        is_same = before.edition == digest and set(before.revealed) <= set(revealed)
        stand = is_same and writer.keep_allowed(before.files)
        bench.failing.fail_pages(id, dumps, error, store, stand=stand)
        told()

    row = store.texts.row(id)
    assert row
    standing = {path: of for path, of in before.units.items() if writer.stand({path: before.files[path]})}
    batches.add(row.edition, ToPrint(id, row, around, kept, with_digest, own, standing, shown), write, failed)


def of_debate(error: RostraError, debate: str, dump: str) -> RostraError:
    """Return the failure of a debate's pages, with its dump; a layout's failure is reported with its line."""
    if error.path is None:
        error.path = dump
        return error
    message = f"{error.message}, in the page of debates/{debate}, of {dump}"
    return RostraError(message, path=error.path, line=error.line, hint=error.hint)
