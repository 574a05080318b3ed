"""Assemble the threads of a dump from what its reader read, in any process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import quote

from msgspec.structs import replace

from rostra.config.cards import Card, chosen_id, of_several
from rostra.i18n import remarks
from rostra.i18n.catalogue import titled
from rostra.identity.file_names import debate_id
from rostra.identity.permalinks import name, slug
from rostra.markup import render
from rostra.markup.own_text import own_text
from rostra.media.references import located
from rostra.model import Corrected, Problem, RawPost, RawThread, Source, Thread
from rostra.privacy.email_addresses import hold_addresses
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.readers import Dump, Reader, holds_addresses
from rostra.readers.dumps.source_links import with_sound_links
from rostra.readers.guards.completeness import accounted, checked
from rostra.readers.guards.normalise import normalised
from rostra.readers.guards.unpublished import Choice
from rostra.readers.guards.unread_files import unread_files
from rostra.readers.guards.who_is_who import WhoIsWho
from rostra.readers.records.looking_ahead import ToLook
from rostra.readers.records.prepared import Assembled
from rostra.system.attempts import Failed, attempt
from rostra.threads.assemble import assemble
from rostra.threads.flat import answering

NO_ARCHIVE = "no-archive"
"""The code of problems for posts whose authors asked not to have them archived."""
TIMES = {"bad-time", "bad-date"}
"""Codes of problems for times that cannot be read."""


class Preparation(NamedTuple):
    """How workers prepare the threads of a dump, as its card says; ``infers`` is that of the dump."""

    card: Card
    infers: bool

    def assembled(self, raw: RawThread, dump: Dump, reader: Reader, *, several: bool) -> Assembled | None:
        """Assemble a thread, if its dump is as supposed; None if it depends on other threads, or cannot be assembled.

        That its dump holds ``several`` threads, and that no author has the name of another, is supposed.
        """
        if any(not isinstance(post, RawPost) or post.private for post in raw.posts):
            return None
        people = WhoIsWho()
        card = of_several(self.card) if several else self.card
        thread = attempt(
            "assembling it", assembled, raw, dump, card, reader, people, infers=self.infers, several=several
        )
        return None if isinstance(thread, Failed) else Assembled(thread, several, people.first())

    def whole(self, dump: Dump, reader: Reader) -> list[tuple[RawThread, tuple[Problem, ...]]] | None:
        """Return the threads of a dump, each with the problems of the dump; None if something failed or is not published."""
        dump.layout = self.card.layout
        dump.audit.not_shown = getattr(reader, "NOT_SHOWN", {})
        choice = Choice(dump.rules, private=self.card.publish_private)
        found = attempt("reading it", list, accounted(iter(reader.read(dump)), dump, choice, unread_files))
        return None if isinstance(found, Failed) or not found or dump.failures or dump.withheld else found

    def has_addresses(self, dump: Dump, reader: Reader) -> bool:
        """Whether a dump contains e-mail addresses."""
        return has_addresses(dump, reader)


def preparation(dump: Dump, card: Card, *, pseudonyms: bool) -> Preparation | None:
    """Return how workers prepare the threads of a dump; None if what they are depends on all of it, or on ``pseudonyms``."""
    return None if pseudonyms or dump.rules or card.person else Preparation(card, dump.infers)


def to_look(dump: Dump, card: Card, *, pseudonyms: bool) -> ToLook:
    """Return what workers need to look at a dump, as ``preparation`` does."""
    return ToLook(dump, card.format, preparation(dump, card, pseudonyms=pseudonyms))


def has_addresses(dump: Dump, reader: Reader) -> bool:
    """Whether a dump contains e-mail addresses."""
    if (known := holds_addresses(reader.NAME)) is not None:
        return known
    if dump.has_addresses is not None:
        return dump.has_addresses
    try:
        with dump.open() as stream:
            return hold_addresses(stream, getattr(reader, "HANDLES", None))
    except OSError:
        # A dump that cannot be read to its end may contain some.
        return True


def assembled(
    raw: RawThread, dump: Dump, card: Card, reader: Reader, people: WhoIsWho, pseudonyms: Pseudonyms | None = None,
    *, infers: bool, several: bool,
) -> Thread:  # fmt: skip
    """Assemble a thread of a dump, which holds ``several`` or one; ``people`` are those of its threads so far.

    Raise UnreadableDump if the reader returned something else than a thread.
    """
    raw = people.thread(located(checked(normalised(raw, dump), dump), dump.name))
    if raw.flat and infers:
        raw = answering(raw)
    if not card.publish_no_archive:
        raw = _without_unarchived(raw)
    named = raw.native_id
    if pseudonyms:
        raw = pseudonyms.thread(raw)
        # A debate with the name of its file reveals nobody by it.
        named = named if named == PurePosixPath(dump.name).stem else raw.native_id
    return _thread(raw, named, dump, card, reader, several=several)


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
    return replace(raw, posts=tuple(posts)) if asked else raw


def _thread(
    raw: RawThread, named: str | None, dump: Dump, card: Card, reader: Reader, *, several: bool,
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
        place=raw.place,
        several=several,
    )
    if card.old_addresses:
        raw = _addressed(raw, card)
    raw = replace(raw, problems=(*raw.problems, *_unclear_times(raw, reader)))
    raw = with_sound_links(raw, card.url)
    thread = assemble(raw, id=id, title=card.title or raw.title or _title(file, raw, reader), source=source)
    return replace(
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

    return replace(
        raw,
        url=raw.url or (filled(whole) if whole else None),
        posts=tuple(
            replace(post, url=filled(each, post.native_id)) if each and post.native_id and not post.url else post
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
