"""Make threads of a dump and its card: read, name and assemble them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import PurePosixPath
from unicodedata import normalize
from urllib.parse import quote

import msgspec

from rostra.config.cards import Card, chosen_id, of_several, withholds
from rostra.errors import RostraError, UnreadableDump
from rostra.i18n import remarks
from rostra.i18n.catalogue import titled
from rostra.identity.file_names import debate_id, dump_path
from rostra.identity.permalinks import name, slug
from rostra.markup import render
from rostra.markup.own_text import own_text
from rostra.media.references import located
from rostra.model import Corrected, Problem, RawPost, RawThread, Source, Thread
from rostra.privacy.email_addresses import hold_addresses
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.readers import Dump, Reader, choose, holds_addresses
from rostra.readers.completeness import accounted, checked
from rostra.readers.normalise import normalised
from rostra.readers.resume import Reading
from rostra.readers.source_links import with_sound_links
from rostra.readers.unpublished import Choice
from rostra.readers.unread_files import unread_files
from rostra.readers.who_is_who import WhoIsWho
from rostra.system.attempts import Failed, attempt, crash
from rostra.system.workers import Workers
from rostra.threads.assemble import assemble
from rostra.threads.flat import answering

NO_ARCHIVE = "no-archive"
"""The code of problems for posts whose authors asked not to have them archived."""
TIMES = {"bad-time", "bad-date"}
"""Codes of problems for times that cannot be read."""


def read_threads(
    dump: Dump,
    card: Card,
    reading: Reading | None = None,
    *,
    addresses: bool = False,
    pseudonyms: Pseudonyms | None = None,
    withheld: bool = False,
    distinct: bool = False,
    workers: Workers | None = None,
) -> Iterator[Thread]:
    """Yield the threads of a dump; raise UnreadableDump.  A card's settings for one debate apply if the dump has only one.

    A thread that cannot be made is added to the dump's ``failures``.  If ``reading`` is given, only its threads are read.
    ``addresses`` says whether a dump with e-mail addresses may be published unchanged; a ``withheld`` dump is not
    published, nor is any dump if authors have ``pseudonyms``.  ``distinct`` says that another dump would be published
    under the same name.  ``workers`` read the pieces of ``reading``.
    """
    dump.failures.clear()
    dump.layout = card.layout
    # The format of a dump that grew was recognised when it was first read.
    reader = choose(dump, reading.format if reading else card.format)
    portion = dump.portion
    if reading is None:
        portion.begin("")
    found = _found(dump, reader, reading, workers)
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
        hides = withheld or withholds(card)
        where = _published_as(dump, card, reader, addresses=addresses, hidden=hides, distinct=distinct)
        for number, (raw, unread) in enumerate(chain(first, given)):
            more = (*(dump.refused if dump.is_folder and number == 0 else ()), *unread)
            about = raw, dump, card, reader, pseudonyms, where, several, more
            made = attempt("assembling a thread of it", _made, *about)
            if isinstance(made, Failed):
                made.error.path, made.error.line = dump.name, _line(raw)
                dump.failures.append(made.error)
                continue
            yield made
            if counts:
                portion.done += sum(post.raw.kind != "missing" for post in made.posts)
    finally:
        # A reader that is stopped early closes its files.
        found.close()
        dump.audit.end()


def _published_as(
    dump: Dump, card: Card, reader: Reader, *, addresses: bool, hidden: bool, distinct: bool
) -> Callable[[str], str] | None:
    """Return the function from a debate's id to the path of the published dump; None if the dump is not published."""
    if hidden or dump.is_folder or not card.publish_dump or not (addresses or not _addresses(dump, reader)):
        return None
    markup = dump.head_text.lstrip().startswith("<")
    return partial(dump_path, dump.name, many=reader.MANY, markup=markup, distinct=distinct)


def _found(dump: Dump, reader: Reader, reading: Reading | None, workers: Workers | None) -> Generator[RawThread]:
    """Yield the threads that a reader reads; raise any exception of the reader as RostraError."""
    dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
    # Recognition opened some.
    dump.opened.clear()
    try:
        yield from reading.threads(workers) if reading else reader.read(dump)
    except (RostraError, sqlite3.Error):
        raise
    except Exception as error:
        raise crash(error, f"the reader {reader.NAME!r}", path=dump.name) from error


def _line(raw: RawThread) -> int | None:
    # A reader of another package may yield anything.
    return next((post.line for post in raw.posts if post.line), None) if isinstance(raw, RawThread) else None


def _made(
    raw: RawThread, dump: Dump, card: Card, reader: Reader, pseudonyms: Pseudonyms | None,
    published: Callable[[str], str] | None, several: bool, more: Sequence[Problem],
) -> Thread:  # fmt: skip
    raw = dump.people.thread(located(checked(normalised(raw, dump), dump), dump.name))
    if raw.flat and dump.infers:
        raw = answering(raw)
    if not card.publish_no_archive:
        raw = _without_unarchived(raw)
    if more:
        raw = msgspec.structs.replace(raw, problems=(*raw.problems, *more))
    named = raw.native_id
    if pseudonyms:
        raw = pseudonyms.thread(raw)
        # A debate with the name of its file reveals nobody by it.
        named = named if named == PurePosixPath(dump.name).stem else raw.native_id
    thread = _thread(raw, named, dump, card, reader, published, several=several)
    return pseudonyms.unguessable(thread) if pseudonyms else thread


def _without_unarchived(raw: RawThread) -> RawThread:
    """Return the thread without the words of posts whose authors asked not to have them archived; the posts keep their positions."""
    asked = {problem.post for problem in raw.problems if problem.code == NO_ARCHIVE}
    posts = (
        RawPost(
            key=post.key, parent=post.parent, native_id=post.native_id, kind="redacted", created=post.created,
            created_local=post.created_local, line=post.line, dialect=post.dialect, note=remarks.UNARCHIVED,
        ) if post.key in asked else post
        for post in raw.posts
    )  # fmt: skip
    return msgspec.structs.replace(raw, posts=tuple(posts)) if asked else raw


def _addresses(dump: Dump, reader: Reader) -> bool:
    """Whether a dump contains e-mail addresses."""
    if (known := holds_addresses(reader.NAME)) is not None:
        return known
    try:
        with dump.open() as stream:
            return hold_addresses(stream, getattr(reader, "HANDLES", None))
    except OSError:
        # A dump that cannot be read to its end may contain some.
        return True


def _thread(
    raw: RawThread, named: str | None, dump: Dump, card: Card, reader: Reader,
    published: Callable[[str], str] | None, *, several: bool,
) -> Thread:  # fmt: skip
    file = PurePosixPath(dump.name)
    id = chosen_id(card) or (name(named) if named else slug(file.stem))
    if card.prefix and not card.id:
        id = f"{card.prefix}-{id}"
    id = debate_id(id)
    source = Source(
        path=dump.name,
        format=reader.NAME,
        sha256="",
        captured=card.captured,
        archived=card.archived,
        published=published(id) if published else None,
        place=raw.place,
        several=several,
    )
    if card.old_addresses:
        raw = _addressed(raw, card)
    raw = msgspec.structs.replace(raw, problems=(*raw.problems, *_unclear_times(raw, reader)))
    raw = with_sound_links(raw, card.url)
    thread = assemble(raw, id=id, title=card.title or raw.title or _title(file, raw, reader), source=source)
    return msgspec.structs.replace(
        thread,
        url=raw.url,
        corrected=(Corrected(what="title", was=raw.title),)
        if card.title and raw.title not in (None, card.title)
        else (),
        licence=card.licence,
        tags=tuple(dict.fromkeys(filter(None, map(_tag, (*card.tags, *raw.tags))))),
        language=card.language or raw.language,
    )


def _tag(text: str) -> str:
    """Return a tag in normalised form: tags with the same letters and spaces, in any encoding, are one tag."""
    return " ".join(normalize("NFC", text).split())


def _addressed(raw: RawThread, card: Card) -> RawThread:
    """Return the thread with addresses from the card's patterns, if the dump has none."""
    whole = next((pattern for pattern in card.old_addresses if "{post}" not in pattern), None)
    each = next((pattern for pattern in card.old_addresses if "{post}" in pattern), None)
    known = {"{thread}": raw.native_id or "", "{slug}": slug(raw.title or "")}

    def filled(pattern: str, post: str = "") -> str:
        for mark, value in {**known, "{post}": post}.items():
            pattern = pattern.replace(mark, quote(value, safe=""))
        return pattern

    return msgspec.structs.replace(
        raw,
        url=raw.url or (filled(whole) if whole else None),
        posts=tuple(
            msgspec.structs.replace(post, url=filled(each, post.native_id))
            if each and post.native_id and not post.url
            else post
            for post in raw.posts
        ),
    )


def _unclear_times(raw: RawThread, reader: Reader) -> Iterator[Problem]:
    """Yield a problem for each unreadable time of a format with absolute times; such times are shown unchanged."""
    if "absolute times" in reader.CARRIES:
        said = {problem.post for problem in raw.problems if problem.code in TIMES or "`created`" in problem.message}
        for post in raw.posts:
            if post.time is None and post.created_text is not None and post.key not in said:
                message = f"{post.created_text[:40]!r} is not a readable time"
                yield Problem(code="bad-time", message=message, post=post.key, line=post.line)


def _title(file: PurePosixPath, raw: RawThread, reader: Reader) -> str:
    """Return the title of a thread without one: its first words if the dump has many threads, else its file's name."""
    if given := next((post.title for post in raw.posts if post.title), None):
        return given
    said = next((post for post in raw.posts if post.body.strip()), None) if reader.MANY else None
    words = titled(own_text(render(said.body, said.dialect))) if said else ""
    return words or file.stem.replace("-", " ").replace("_", " ").capitalize()
