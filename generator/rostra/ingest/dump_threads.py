"""Make threads of a dump and its card: read, name and assemble them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from msgspec.structs import replace

from rostra.config.cards import Card, of_several, withholds
from rostra.errors import RostraError, UnreadableDump
from rostra.identity.file_names import dump_path
from rostra.ingest.assembling import Preparation, assembled, has_addresses, preparation
from rostra.model import Problem, RawThread, Thread
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.readers import Dump, Reader, choose
from rostra.readers.guards.completeness import accounted
from rostra.readers.guards.unpublished import Choice
from rostra.readers.guards.unread_files import unread_files
from rostra.readers.guards.who_is_who import WhoIsWho
from rostra.readers.records.looking_ahead import LookingAhead
from rostra.readers.records.prepared import PreparedThread
from rostra.readers.records.resume import Reading
from rostra.system.attempts import Failed, attempt, crash
from rostra.system.workers import Workers


def read_threads(
    dump: Dump,
    card: Card,
    reading: Reading | None = None,
    *,
    addresses: bool = False,
    pseudonyms: Pseudonyms | None = None,
    withheld: bool = False,
    distinct: bool = False,
    ahead: LookingAhead | None = None,
    workers: Workers | None = None,
) -> Iterator[Thread]:
    """Yield the threads of a dump; raise UnreadableDump.  A card's settings for one debate apply if the dump has only one.

    A thread that cannot be made is added to the dump's ``failures``.  If ``reading`` is given, only its threads are read.
    ``addresses`` says whether a dump with e-mail addresses may be published unchanged; a ``withheld`` dump is not
    published, nor is any dump if authors have ``pseudonyms``.  ``distinct`` says that another dump would be published
    under the same name.  ``workers`` read the pieces of ``reading``, and assemble their threads; those of another dump may
    have been read ``ahead``.
    """
    dump.failures.clear()
    dump.layout = card.layout
    # The format of a dump that grew was recognised when it was first read.
    reader = choose(dump, reading.format if reading else card.format)
    portion = dump.portion
    if reading is None:
        portion.begin("")
    preparing = preparation(dump, card, pseudonyms=pseudonyms is not None)
    found = _found(dump, reader, _prepared(dump, reader, preparing, reading, ahead, workers))
    dump.withheld = ()
    dump.people = WhoIsWho(card.person, partly=reading is not None and reading.is_growth)
    given = accounted(found, dump, Choice(dump.rules, private=card.publish_private), unread_files)
    try:
        first = list(islice(given, 2))
        # Records are counted by their reader.
        if counts := not portion.called:
            portion.begin("posts")
        several = len(first) > 1 or (reading is not None and reading.is_growth)
        if not (first or several or dump.failures or dump.withheld):
            raise UnreadableDump(
                "there is no thread in this dump",
                path=dump.name,
                hint="check that it is complete, and in the recognised format",
            )
        if several:
            card = of_several(card)
        where = _published_as(dump, card, reader, addresses=addresses, withheld=withheld, distinct=distinct)
        for number, (of, unread) in enumerate(chain(first, given)):
            more = (*(dump.refused if dump.is_folder and number == 0 else ()), *unread)
            if (made := _assembled(of, dump, card, reader, pseudonyms, more, several=several)) is None:
                continue
            made = replace(made, source=replace(made.source, published=where(made.id) if where else None))
            yield pseudonyms.unguessable(made) if pseudonyms else made
            if counts:
                portion.done += sum(post.raw.kind != "missing" for post in made.posts)
    finally:
        # A reader that is stopped early closes its files.
        found.close()
        dump.audit.end()


def _prepared(
    dump: Dump, reader: Reader, preparing: Preparation | None, reading: Reading | None, ahead: LookingAhead | None, workers: Workers | None,
) -> Iterator[RawThread | PreparedThread] | None:  # fmt: skip
    """Return the threads of a dump as far as workers read them; None if none has."""
    if reading:
        return reading.threads(workers, preparing)
    return ahead.whole(dump, reader, preparing) if ahead else None


def _assembled(
    of: RawThread | PreparedThread, dump: Dump, card: Card, reader: Reader, pseudonyms: Pseudonyms | None,
    more: Sequence[Problem], *, several: bool,
) -> Thread | None:  # fmt: skip
    """Assemble a thread, if no worker has, or if its dump is not as the worker supposed; None if it fails.

    ``more`` are problems of the dump that are shown with it.
    """
    if isinstance(of, PreparedThread):
        thread = of.assembled.thread
        if of.assembled.several == several and dump.people.are_first(of.assembled.people):
            return replace(thread, problems=(*thread.problems, *of.problems, *more))
        raw, more = of.again(), (*of.problems, *more)
    else:
        raw = of
    about = raw, dump, card, reader, dump.people, pseudonyms
    made = attempt("assembling a thread of it", assembled, *about, infers=dump.infers, several=several)
    if isinstance(made, Failed):
        made.error.path, made.error.line = dump.name, _line(raw)
        dump.failures.append(made.error)
        return None
    return replace(made, problems=(*made.problems, *(map(pseudonyms.problem, more) if pseudonyms else more)))


def _published_as(
    dump: Dump, card: Card, reader: Reader, *, addresses: bool, withheld: bool, distinct: bool
) -> Callable[[str], str] | None:
    """Return the function from a debate's id to the path of the published dump; None if the dump is not published."""
    hidden = withheld or withholds(card) or not card.publish_dump or not getattr(reader, "PUBLISHED", True)
    if hidden or dump.is_folder or not (addresses or not has_addresses(dump, reader)):
        return None
    markup = dump.head_text.lstrip().startswith("<")
    return partial(dump_path, dump.name, many=reader.MANY, markup=markup, distinct=distinct)


def _found(
    dump: Dump, reader: Reader, threads: Iterator[RawThread | PreparedThread] | None
) -> Generator[RawThread | PreparedThread]:
    """Yield the threads that a reader reads; raise any exception of the reader as RostraError."""
    dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
    # Recognition opened some.
    dump.opened.clear()
    try:
        yield from reader.read(dump) if threads is None else threads
    except (RostraError, sqlite3.Error):
        raise
    except Exception as error:
        raise crash(error, f"the reader {reader.NAME!r}", path=dump.name) from error


def _line(raw: RawThread) -> int | None:
    # A reader of another package may yield anything.
    return next((post.line for post in raw.posts if post.line), None) if isinstance(raw, RawThread) else None
