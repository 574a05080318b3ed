"""A dump with its card to threads: read, named, assembled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import PurePosixPath
from unicodedata import normalize
from urllib.parse import quote

import msgspec

from rostra.config.cards import Card, chosen_id, of_several, withholds
from rostra.errors import RostraError, UnreadableDump
from rostra.i18n.catalogue import titled
from rostra.identity.file_names import debate_id, dump_path
from rostra.identity.permalinks import name, slug
from rostra.markup import render
from rostra.model import Corrected, Problem, RawThread, Source, Thread
from rostra.privacy.email_addresses import hold_addresses
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.readers import Dump, Reader, choose, holds_addresses
from rostra.readers.normalise import normalised
from rostra.readers.resume import Reading
from rostra.readers.source_links import with_sound_links
from rostra.system.attempts import Failed, attempt, crash
from rostra.threads.assemble import assemble

TIMES = {"bad-time", "bad-date"}
"""Codes of problems that say that a time cannot be read."""


def threads(
    dump: Dump,
    card: Card,
    reading: Reading | None = None,
    *,
    addresses: bool = False,
    pseudonyms: Pseudonyms | None = None,
    withheld: bool = False,
    distinct: bool = False,
) -> Iterator[Thread]:
    """The threads of a dump; raises UnreadableDump.  What a card says of one debate holds in a dump of one.

    A thread that cannot be made is noted in the dump's ``failures``.  Those of ``reading`` only, where one is given.
    ``addresses`` says whether a dump that holds e-mail addresses may be published as it is; one that is
    ``withheld`` is not, nor is any where authors have ``pseudonyms``.  ``distinct`` says that another dump would be
    published under the same name.
    """
    dump.failures.clear()
    dump.layout = card.layout
    # What grew was recognised when it was first read.
    reader = choose(dump, reading.format if reading else card.format)
    portion = dump.portion
    if reading is None:
        portion.begin("")
    found = _found(dump, reader, reading)
    try:
        first = list(islice(found, 2))
        # Records are counted where they are read.
        if counts := not portion.called:
            portion.begin("posts")
        several = len(first) > 1 or (reading is not None and reading.is_growth)
        if not (first or several or dump.failures):
            raise UnreadableDump(
                "there is no thread in this dump",
                path=dump.name,
                hint="is it whole, and in the format that was recognised?",
            )
        if several:
            card = of_several(card)
        hidden = withheld or withholds(card)
        may_publish = (
            card.publish_dump and not hidden and not dump.is_folder and (addresses or not _addresses(dump, reader))
        )
        markup = may_publish and dump.head_text.lstrip().startswith("<")
        published = partial(dump_path, dump.name, many=reader.MANY, markup=markup, distinct=distinct)
        for number, raw in enumerate(chain(first, found)):
            more = dump.refused if dump.is_folder and number == 0 else ()
            where = published if may_publish else None
            made = attempt(
                "assembling a thread of it", _made, raw, dump, card, reader, pseudonyms, where, several, hidden, more
            )
            if isinstance(made, Failed):
                made.error.path, made.error.line = dump.name, _line(raw)
                dump.failures.append(made.error)
                continue
            yield made
            if counts:
                portion.done += sum(post.raw.kind != "missing" for post in made.posts)
    finally:
        # A reader that is left half-way lets go of its files.
        found.close()


def _found(dump: Dump, reader: Reader, reading: Reading | None) -> Generator[RawThread]:
    """What is read, whatever the reader raises as an error of ours."""
    try:
        yield from reading.threads() if reading else reader.read(dump)
    except (RostraError, sqlite3.Error):
        raise
    except Exception as error:
        raise crash(error, f"the reader {reader.NAME!r}", path=dump.name) from error


def _line(raw: RawThread) -> int | None:
    # Another package's reader may give anything.
    return next((post.line for post in raw.posts if post.line), None) if isinstance(raw, RawThread) else None


def _made(
    raw: RawThread, dump: Dump, card: Card, reader: Reader, pseudonyms: Pseudonyms | None,
    published: Callable[[str], str] | None, several: bool, hidden: bool, more: Sequence[Problem],
) -> Thread:  # fmt: skip
    raw = normalised(raw, dump)
    if more:
        raw = msgspec.structs.replace(raw, problems=(*raw.problems, *more))
    named = raw.native_id
    if pseudonyms:
        raw = pseudonyms.thread(raw)
        # A debate that is called as its file is gives nobody away by it.
        named = named if named == PurePosixPath(dump.name).stem else raw.native_id
    thread = _thread(raw, named, dump, card, reader, published, several=several, summed=not (several or hidden))
    return pseudonyms.unguessable(thread) if pseudonyms else thread


def summed(thread: Thread, sums: Mapping[str, str]) -> Thread:
    """The thread with the SHA-256 of each of its dumps, by the dump's name.

    A dump of several threads changes with each of them, so it is told here, when a thread is shown, and not
    noted with what was read.
    """

    def known(source: Source) -> Source:
        return msgspec.structs.replace(source, sha256=sums.get(source.path, source.sha256))

    return msgspec.structs.replace(thread, source=known(thread.source), others=tuple(map(known, thread.others)))


def _addresses(dump: Dump, reader: Reader) -> bool:
    """Whether a dump holds e-mail addresses."""
    if (known := holds_addresses(reader.NAME)) is not None:
        return known
    try:
        with dump.open() as stream:
            return hold_addresses(stream)
    except OSError:
        # What cannot be read to its end may hold any.
        return True


def _thread(
    raw: RawThread, named: str | None, dump: Dump, card: Card, reader: Reader,
    published: Callable[[str], str] | None, *, several: bool, summed: bool,
) -> Thread:  # fmt: skip
    file = PurePosixPath(dump.name)
    id = chosen_id(card) or (name(named) if named else slug(file.stem))
    if card.prefix and not card.id:
        id = f"{card.prefix}-{id}"
    id = debate_id(id)
    source = Source(
        path=dump.name,
        format=reader.NAME,
        sha256=dump.sha256 if summed else "",
        captured=card.captured,
        archived=card.archived,
        published=published(id) if published else None,
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
    """A tag as it is told from others: the same letters and spaces, however they are encoded, are one tag."""
    return " ".join(normalize("NFC", text).split())


def _addressed(raw: RawThread, card: Card) -> RawThread:
    """The thread with the addresses that the card's patterns give, where the dump lacks them."""
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
    """Times that cannot be read, of a format that has whole ones; they are shown as they stand."""
    if "absolute times" in reader.CARRIES:
        said = {problem.post for problem in raw.problems if problem.code in TIMES or "`created`" in problem.message}
        for post in raw.posts:
            if post.created is None and post.created_text is not None and post.key not in said:
                message = f"{post.created_text[:40]!r} is no time that can be read"
                yield Problem(code="bad-time", message=message, post=post.key, line=post.line)


def _title(file: PurePosixPath, raw: RawThread, reader: Reader) -> str:
    """What a thread without a title is called: by its first words where a dump holds many, else by its file."""
    if given := next((post.title for post in raw.posts if post.title), None):
        return given
    said = next((post for post in raw.posts if post.body.strip()), None) if reader.MANY else None
    words = titled(render(said.body, said.dialect).text) if said else ""
    return words or file.stem.replace("-", " ").replace("_", " ").capitalize()
