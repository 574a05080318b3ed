"""Tasks of workers: pure functions whose arguments and values can be sent between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra.build.renaming import places_of
from rostra.config.cards import Decision
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import culprit, edit, rendered
from rostra.identity.permalinks import of_copies
from rostra.ingest.dump_threads import summed
from rostra.media.shown import with_files
from rostra.model import Kept, LinkedEdition, Problem, Shown, Thread, decode_edition
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

NONE: Mapping[str, Shown] = MappingProxyType({})


class Notes(Struct, frozen=True):
    """What a build reports of a debate besides its files."""

    summary: Summary
    problems: tuple[Problem, ...]
    dump: str


class Made(Struct, frozen=True):
    """The ``files`` of a debate that were not written elsewhere.

    ``naming`` are the positions in them of a dump's digest.  ``notes`` are encoded ``Notes``.  ``units`` are the files
    that depend on part of the debate only, each with a digest of that part; units in ``standing`` are not made again.
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
    """Return the stored edition of a thread; bodies of ``known``, the previous edition, are not rendered again."""
    bodies = rendered(decode_edition(known)) if known else {}
    try:
        return stored(edit(thread, addresses=addresses, decisions=decisions, masks=masks, known=bodies))
    except Exception as error:
        raise crash(error, "rendering a thread of it", line=culprit(thread)) from error


def printed(
    encoded: bytes, around: Around, kept: tuple[Kept, ...], sums: Mapping[str, str], layouts: Layouts,
    standing: Mapping[str, str], shown: Mapping[str, Shown] = NONE, put: Callable[[OutputFile], object] | None = None,
) -> Made:  # fmt: skip
    """Make the pages of an edition and the files beside them; ``sums`` maps names of its dumps to digests.

    ``standing`` are the ``units`` that already exist, ``shown`` the files of posts by their ids.  ``put`` receives each file as soon as it is made, so the files
    of a huge debate are never in memory together.
    """
    made = decode_edition(encoded)
    made = replace(made, thread=summed(made.thread, sums))
    edition = with_files(around.complete(made, (*kept, *of_copies(made.thread, kept))), shown)
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
    edition: LinkedEdition, layouts: Layouts, units: dict[str, str], standing: Mapping[str, str]
) -> Iterator[OutputFile]:
    """Yield the files of a debate except existing units; ``units`` collects the units."""
    for each in pages.thread_files(layouts.site, edition, layouts):
        if isinstance(each, OutputFile):
            yield each
            continue
        units[each.name] = sha256(msgspec.msgpack.encode(each.inputs)).hexdigest()
        if standing.get(each.name) != units[each.name]:
            for part in each.files():
                yield from part.done() if isinstance(part, Task) else (part,)


def done(tasks: Sequence[Task]) -> list[list[OutputFile]]:
    """Return the files of each task."""
    return [task.done() for task in tasks]
