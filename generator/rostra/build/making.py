"""Tasks of workers: pure functions whose arguments and values can be sent between processes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.config.cards import Decision
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import culprit, edit, rendered
from rostra.identity.file_names import record_path
from rostra.identity.permalinks import of_copies
from rostra.model import Edition, Kept, Problem, Thread, decode_edition
from rostra.output.staging import OutputFile, StagedFile, Staging
from rostra.people.addresses import PersonPages
from rostra.people.index import Spoken, speakers_of
from rostra.privacy.masking import Mask
from rostra.render import pages
from rostra.render.pages.beside import Links
from rostra.render.pages.identity import seen_from
from rostra.render.pages.unit import Task
from rostra.render.templates import Layouts
from rostra.store.archive import Summary, summarise
from rostra.store.made_files import Records
from rostra.store.stored_edition import Stored, stored
from rostra.system.attempts import Ours, crash


class Notes(Struct, frozen=True):
    """What a build reports of a debate besides its files."""

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


def edited(
    thread: Thread, addresses: bool, decisions: Sequence[Decision], masks: Sequence[Mask], known: bytes | None
) -> Stored:
    """Return the stored edition of a thread; bodies of ``known``, the previous edition, are not rendered again."""
    bodies = rendered(decode_edition(known)) if known else {}
    try:
        return stored(edit(thread, addresses=addresses, decisions=decisions, masks=masks, known=bodies))
    except Exception as error:
        raise crash(error, "rendering a thread of it", line=culprit(thread)) from error


def printed(
    encoded: bytes, around: Around, kept: tuple[Kept, ...], told: Collection[str], people: PersonPages, layouts: Layouts,
    standing: Mapping[str, str], staging: Staging,
) -> Made:  # fmt: skip
    """Make the pages of an edition and the files beside them; ``told`` are its dumps whose digests are told.

    ``standing`` are the ``units`` that already exist.  Each file is staged as soon as it is made, so the files of a huge
    debate are never in memory together.
    """
    edition = around.complete(decode_edition(encoded))
    edition = replace(edition, kept=(*kept, *of_copies(edition.thread, kept)))
    files, units = list[StagedFile](), dict[str, str]()
    sources = [each for each in (edition.thread.source, *edition.thread.others) if each.path in told]
    records: Records = {record_path(each.path, each.published): (each.path, each.format) for each in sources}
    beside = f"debates/{edition.thread.id}/"
    links = Links(people, {dump: seen_from(beside, path) for path, (dump, _) in records.items()})
    for file in _files(edition, layouts, links, units, standing):
        files.append(_staged(file, staging))
    summary = summarise(edition, old=bool(layouts.site.settings.takes_over))
    notes = Notes(summary, edition.problems, edition.thread.source.path)
    same = tuple(path for path, of in units.items() if standing.get(path) == of)
    return Made(files, units, same, records, msgspec.msgpack.encode(notes), speakers_of(edition))


def _files(
    edition: Edition, layouts: Layouts, links: Links, units: dict[str, str], standing: Mapping[str, str]
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
