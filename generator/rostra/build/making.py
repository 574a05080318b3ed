"""Tasks of workers: pure functions whose arguments and values can be sent between processes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec import Struct

from rostra.config.cards import Decision
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import culprit, edit, rendered
from rostra.identity.file_names import record_path
from rostra.identity.permalinks import of_copies
from rostra.media.references import encode_references
from rostra.media.shown import with_files
from rostra.model import Kept, LinkedEdition, Problem, Shown, Thread, decode_edition
from rostra.output.staging import OutputFile, StagedFile, Staging
from rostra.people.index import Spoken, speakers_of
from rostra.people.person_pages import PersonPages
from rostra.privacy.masking import Mask
from rostra.render import pages
from rostra.render.pages.beside import FileLinks
from rostra.render.pages.identity import seen_from
from rostra.render.pages.unit import Task
from rostra.render.templates import Layouts
from rostra.store.archive import Summary, summarise
from rostra.store.made_files import Records
from rostra.store.partitions import Row, TextParts, read_part, write_partition
from rostra.store.stored_edition import Stored, stored
from rostra.system.attempts import Failed, Ours, attempt, crash


class Notes(Struct, frozen=True):
    """The part of a build's report about a debate."""

    summary: Summary
    problems: tuple[Problem, ...]
    dump: str


class Made(Struct, frozen=True):
    """The ``files`` of a debate, staged.

    ``records`` are the records that they link to, each with its dump and format.  ``notes`` are encoded ``Notes``.  ``units`` are the files
    that depend on part of the debate only, each with a digest of that part; units in ``standing`` are not made again.
    """

    files: list[StagedFile]
    units: dict[str, str]
    standing: tuple[str, ...]
    records: Records
    notes: bytes
    spoken: Spoken


class ToEdit(NamedTuple):
    """A thread whose edition is to be made.

    Bodies of the ``known`` edition are not rendered again.  ``original`` is the thread as it was read, if the publisher
    changed it.
    """

    thread: Thread
    addresses: bool
    decisions: Sequence[Decision]
    masks: Sequence[Mask]
    known: Row | None
    original: Thread | None


def edited(folder: str, threads: Sequence[ToEdit]) -> list[tuple[Stored, Row] | Failed]:
    """Make the editions of threads, and write them as a partition in ``folder``."""
    made = [attempt("rendering a thread of it", _edited, folder, each) for each in threads]
    rows = iter(write_partition(folder, [each[1] for each in made if not isinstance(each, Failed)]))
    return [each if isinstance(each, Failed) else (each[0], next(rows)) for each in made]


def _edited(folder: str, of: ToEdit) -> tuple[Stored, TextParts]:
    bodies = rendered(decode_edition(read_part(folder, of.known, "edition"))) if of.known else {}
    original = msgspec.msgpack.encode(of.original) if of.original else b""
    try:
        edition = edit(of.thread, addresses=of.addresses, decisions=of.decisions, masks=of.masks, known=bodies)
        files = encode_references(edition)
        return stored(edition, original, files)
    except Exception as error:
        raise crash(error, "rendering a thread of it", line=culprit(of.thread)) from error


class ToPrint(NamedTuple):
    """A debate whose files are to be made: where its edition is, and what they depend on besides it.

    ``told`` are its dumps whose digests are told; ``standing`` are the units of its files that already exist; ``shown``
    are the pictures and files of its posts by their ids.
    """

    id: str
    row: Row
    around: Around
    kept: tuple[Kept, ...]
    told: Collection[str]
    people: PersonPages
    standing: Mapping[str, str]
    shown: Mapping[str, Shown]


def printed(folder: str, layouts: Layouts, staging: Staging, debates: Sequence[ToPrint]) -> list[Made | Failed]:
    """Make the files of debates, whose partitions are in ``folder``."""
    return [
        attempt(f"making the page of debates/{each.id}", _printed, folder, layouts, staging, each) for each in debates
    ]


def _printed(folder: str, layouts: Layouts, staging: Staging, of: ToPrint) -> Made:
    """Stage each file as soon as it is made, so the files of a huge debate are never in memory together."""
    made = decode_edition(read_part(folder, of.row, "edition"))
    edition = with_files(of.around.complete(made, (*of.kept, *of_copies(made.thread, of.kept))), of.shown)
    files, units = list[StagedFile](), dict[str, str]()
    sources = [each for each in (edition.thread.source, *edition.thread.others) if each.path in of.told]
    records: Records = {record_path(each.path, each.published): (each.path, each.format) for each in sources}
    beside = f"debates/{edition.thread.id}/"
    links = FileLinks(of.people, {dump: seen_from(beside, path) for path, (dump, _) in records.items()})
    for file in _files(edition, layouts, links, units, of.standing):
        files.append(_staged(file, staging))
    summary = summarise(edition, old=bool(layouts.site.settings.takes_over))
    notes = Notes(summary, edition.problems, edition.thread.source.path)
    same = tuple(path for path, digest in units.items() if of.standing.get(path) == digest)
    return Made(
        files,
        units,
        same,
        records,
        msgspec.msgpack.encode(notes),
        speakers_of(edition, read_part(folder, of.row, "said")),
    )


def _files(
    edition: LinkedEdition, layouts: Layouts, links: FileLinks, units: dict[str, str], standing: Mapping[str, str]
) -> Iterator[OutputFile]:
    """Yield the files of a debate except existing units; ``units`` collects the units."""
    for each in pages.thread_files(layouts.site, edition, layouts, links):
        if isinstance(each, OutputFile):
            yield each
            continue
        units[each.name] = sha256(msgspec.msgpack.encode(each.inputs)).hexdigest()
        if standing.get(each.name) != units[each.name]:
            for part in each.files():
                yield from part.done() if isinstance(part, Task) else (part,)


def _staged(file: OutputFile, staging: Staging) -> StagedFile:
    try:
        return staging.put(file)
    except Exception as error:
        raise Ours(error) from error


def done(task: Task, staging: Staging) -> list[StagedFile]:
    """Stage the files of a task."""
    return [staging.put(file) for file in task.done()]
