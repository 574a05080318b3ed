"""What workers are asked for: pure functions, whose arguments and values go from process to process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.build.renaming import places_of
from rostra.config.cards import Decision
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import culprit, edit, rendered
from rostra.ingest.dump_threads import summed
from rostra.model import Edition, Kept, Problem, Thread, decode_edition
from rostra.output.writer import OutputFile
from rostra.people.index import Spoken, speakers_of
from rostra.privacy.masking import Mask
from rostra.render import pages
from rostra.render.pages.unit import Task
from rostra.render.templates import Layouts
from rostra.store.archive import Summary, summarise
from rostra.store.made_files import Places
from rostra.store.stored_edition import Stored, stored
from rostra.system.attempts import crash


class Notes(Struct, frozen=True):
    """What a build says of a debate beside its files."""

    summary: Summary
    problems: tuple[Problem, ...]
    dump: str


class Made(Struct, frozen=True):
    """The ``files`` of a debate that were not put elsewhere; ``naming`` are the places in its files that name a dump by its digest.

    ``notes`` are encoded ``Notes``.  ``units`` are the files that depend on less than all of the debate, each with a
    digest of that; those ``standing`` already are not made again.
    """

    files: list[OutputFile]
    units: dict[str, str]
    standing: tuple[str, ...]
    naming: dict[str, Places]
    notes: bytes
    spoken: Spoken


def edited(
    thread: Thread, addresses: bool, decisions: Sequence[Decision], masks: Sequence[Mask], known: bytes | None
) -> Stored:
    """The edition of a thread, as the store keeps it; ``known`` is the one before, whose bodies are not rendered again."""
    bodies = rendered(decode_edition(known)) if known else {}
    try:
        return stored(edit(thread, addresses=addresses, decisions=decisions, masks=masks, known=bodies))
    except Exception as error:
        raise crash(error, "rendering a thread of it", line=culprit(thread)) from error


def printed(
    encoded: bytes, around: Around, kept: tuple[Kept, ...], sums: Mapping[str, str], layouts: Layouts,
    standing: Mapping[str, str], put: Callable[[OutputFile], object] | None = None,
) -> Made:  # fmt: skip
    """The pages of an edition, with all that stands beside them; ``sums`` are the digests of its dumps, by their names.

    ``standing`` are those ``units`` that lie there.  ``put`` is given each file as soon as it is made, so that those
    of a huge debate are never held together.
    """
    edition = around.complete(decode_edition(encoded))
    edition = replace(edition, thread=summed(edition.thread, sums), kept=kept)
    files, units, naming = list[OutputFile](), dict[str, str](), dict[str, Places]()
    names = list(sums.values())
    for file in _files(edition, layouts, units, standing):
        (put or files.append)(file)
        if found := places_of(names, file.content):
            naming[file.path] = found
    summary = summarise(edition, old=bool(layouts.site.settings.takes_over))
    notes = Notes(summary, edition.problems, edition.thread.source.path)
    same = tuple(path for path, of in units.items() if standing.get(path) == of)
    return Made(files, units, same, naming, msgspec.msgpack.encode(notes), speakers_of(edition))


def _files(
    edition: Edition, layouts: Layouts, units: dict[str, str], standing: Mapping[str, str]
) -> Iterator[OutputFile]:
    """The files of a debate but those that stand; ``units`` are told."""
    for each in pages.thread_files(layouts.site, edition, layouts):
        if isinstance(each, OutputFile):
            yield each
            continue
        units[each.name] = sha256(msgspec.msgpack.encode(each.inputs)).hexdigest()
        if standing.get(each.name) != units[each.name]:
            for part in each.files():
                yield from part.done() if isinstance(part, Task) else (part,)


def done(tasks: Sequence[Task]) -> list[list[OutputFile]]:
    """The files of each task."""
    return [task.done() for task in tasks]
