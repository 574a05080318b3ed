"""Mask a debate before it is published: all texts that a reader may see are handled here.

A mask defines how a text reads without what it hides; this module knows where all those texts are.  What is derived
from a text (a title from a post's first words) is derived again from what is left of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from itertools import count
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace

from rostra.i18n.catalogue import titled
from rostra.identity.permalinks import name, slug
from rostra.markup import render
from rostra.markup.blackout import Cut, bare_tag, blackout
from rostra.model import (  # fmt: skip
    Author,
    Body,
    Corrected,
    Corrections,
    Gone,
    History,
    Kept,
    Mark,
    Note,
    Post,
    Problem,
    RawPost,
    Source,
    Thread,
)
from rostra.model.history import NO_HISTORY
from rostra.system.lazy_regex import late

TAGS = late(r"(<[^<>]*>)")

Bodies = tuple[Body, ...]


class Mask(ABC):
    """Hides something in texts; ``blank`` replaces a text that would be empty.

    With ``unlinks``, a link of which any words are hidden has no address.
    """

    blank: str
    unlinks: ClassVar[bool] = True

    @abstractmethod
    def text(self, text: str) -> str:
        """Return a text without what is hidden."""

    @abstractmethod
    def tells(self, text: str) -> bool:
        """Whether a text contains something hidden."""

    @abstractmethod
    def cuts(self, body: Body) -> Iterable[Cut]:
        """Return the replacements in a body's text."""

    def clear(self, text: str | None) -> str | None:
        """Return an address or an id of the source; None if it reveals something hidden."""
        return None if text and self.tells(text) else text

    def alias(self, id: str) -> str:
        """Return the replacement for one of Rostra's own ids that reveals something hidden."""
        return id

    def address(self, id: str, *made_of: str | None) -> str:
        """Return the published form of one of Rostra's own ids, given the names that it may be made from."""
        made = any(each and self.tells(each) and id.endswith((name(each), slug(each))) for each in made_of)
        return self.alias(id) if made or self.tells(id) else id

    def gone(self, gone: Gone) -> Gone | None:
        """Return the content of the page at a former address; None if it would reveal something hidden."""
        if self.tells(gone.id):
            return None
        return replace(gone, kept=self.kept(gone.kept), reason=self.maybe(gone.reason))

    def kept(self, kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        """Return the entries of moved posts that reveal nothing hidden."""
        return tuple(each for each in kept if not self.tells(f"{each.post} {each.thread} {each.to}"))

    def maybe(self, text: str | None) -> str | None:
        """Mask a text that may be missing."""
        return self.text(text) if text else text

    def masked(self, thread: Thread, bodies: Bodies) -> tuple[Thread, Bodies]:
        """Return a debate and its bodies without what is hidden; the debate's id is the published one already."""
        made = tuple(map(self.body, bodies))
        ids = self.ids(thread)
        posts = [self.post(post) for post in thread.posts]
        return self.facts(thread, self.title(thread, bodies, made), ids, posts), made

    def ids(self, thread: Thread) -> dict[str, str]:
        """Return the published ids of posts; an original one may be made from the post's id in the source."""
        lines = {post.id: f"{post.id} {post.raw.native_id}" for post in thread.posts}
        # They rarely reveal anything, and one check of all of them is quick.
        tell = self.tells("\n".join(lines.values()))
        return {id: self.alias(id) if tell and self.tells(line) else id for id, line in lines.items()}

    def title(self, thread: Thread, before: Bodies, after: Bodies) -> str:
        """Return the title; if it is the beginning of a post, it is made again from the masked post."""
        cut = thread.title.endswith("…")
        for was, now in zip(before, after, strict=True) if thread.title else ():
            said = " ".join(was.text.split())
            if said == thread.title or (cut and said.startswith(thread.title[:-1])):
                return thread.title if now == was else titled(now.text) or self.blank
        return self.text(thread.title)

    def facts(self, thread: Thread, title: str, ids: dict[str, str], posts: Sequence[Post]) -> Thread:
        """Return a thread without what is hidden, bodies excluded, given the published ids and the masked posts."""
        return replace(
            thread,
            title=title,
            native_id=self.clear(thread.native_id),
            url=self.clear(thread.url),
            source=self._source(thread.source),
            posts=tuple(
                replace(post, id=ids[post.id], parent=ids[post.parent] if post.parent else None) for post in posts
            ),
            problems=self.problems(thread.problems, ids),
            licence=self.maybe(thread.licence),
            tags=tuple(tag for tag in thread.tags if not self.tells(tag)),
            language=self.clear(thread.language),
            others=tuple(map(self._source, thread.others)),
            corrected=tuple(map(self._corrected, thread.corrected)),
        )

    def problems(
        self, problems: Iterable[Problem], ids: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Problem, ...]:
        """Mask problems, which quote the dump."""
        return tuple(
            replace(
                each,
                message=self.text(each.message),
                hint=self.maybe(each.hint),
                post=ids.get(each.post, each.post) if each.post else None,
            )
            for each in problems
        )

    def post(self, post: Post) -> Post:
        """Mask everything of a post except its body and its ids."""
        return replace(
            post,
            raw=self._raw(post.raw),
            history=self._history(post.history),
            corrections=self._corrections(post.corrections),
        )

    def _raw(self, raw: RawPost) -> RawPost:
        return replace(
            raw,
            native_id=self.clear(raw.native_id),
            author=raw.author and self.author(raw.author),
            created_local=self.clear(raw.created_local),
            created_text=self.maybe(raw.created_text),
            url=self.clear(raw.url),
            title=self.maybe(raw.title),
            language=self.clear(raw.language),
            note=self.maybe(raw.note),
            attachments=tuple(
                replace(
                    each, name=self.text(each.name), url=self.clear(each.url), media_type=self.clear(each.media_type)
                )
                for each in raw.attachments
            ),
            reactions=tuple(replace(each, sign=self.text(each.sign)) for each in raw.reactions),
            private=self.maybe(raw.private),
            headers=(),
        )

    def _history(self, history: History) -> History:
        if history == NO_HISTORY:
            return history
        return replace(
            history,
            revisions=tuple(
                replace(each, source=self.text(each.source))
                if (made := self.body(was := render(each.body, each.dialect))) == was
                else replace(each, source=self.text(each.source), body=made.text, dialect="text")
                for each in history.revisions
            ),
            vanished=self.maybe(history.vanished),
            holds=tuple(each for each in history.holds if not self.tells(f"{each.debate} {each.post} {each.moment}")),
        )

    def _corrections(self, corrections: Corrections) -> Corrections:
        return replace(
            corrections,
            made=tuple(map(self._corrected, corrections.made)),
            withdrawn=self.maybe(corrections.withdrawn),
        )

    def author(self, author: Author) -> Author:
        """Mask an author who is not hidden."""
        return replace(
            author,
            name=self.text(author.name),
            id=self.clear(author.id),
            url=self.clear(author.url),
            given=self.maybe(author.given),
        )

    def _source(self, source: Source) -> Source:
        return replace(source, path=self.text(source.path), place=source.place and self.text(source.place))

    def _corrected(self, each: Corrected) -> Corrected:
        return replace(each, was=self.maybe(each.was))

    def body(self, body: Body) -> Body:
        """Return a body without what is hidden."""
        return self.attributes(blackout(body, self.cuts(body), unlink=self.unlinks))

    def attributes(self, body: Body) -> Body:
        """Return a body whose tags, notes and quotation marks reveal nothing hidden."""
        labels = self._labels(body)
        tags = tuple((at, self._tag(tag)) for at, tag in body.tags)
        notes = tuple(self._note(note, labels) for note in body.notes)
        blocks = tuple(replace(each, mark=self.mark(each.mark)) if each.mark else each for each in body.blocks)
        if (tags, notes, blocks) == (body.tags, body.notes, body.blocks):
            return body
        return replace(body, tags=tags, notes=notes, blocks=blocks)

    def mark(self, mark: Mark) -> Mark | None:
        """Return a quotation's attribution in the source's markup; None if it reveals something hidden."""
        return None if self.tells(" ".join(filter(None, (mark.author, mark.post, mark.thread, mark.url)))) else mark

    def _labels(self, body: Body) -> dict[str, str]:
        """Return numbers as replacements for note labels that reveal something hidden."""
        labels = list(dict.fromkeys(note.label for note in body.notes))
        free = (str(n) for n in count(1) if str(n) not in labels)
        return {label: next(free) for label in labels if self.tells(label)}

    def _tag(self, tag: str) -> str:
        return bare_tag(tag) if '="' in tag and self.tells(tag) else tag

    def _note(self, note: Note, labels: dict[str, str]) -> Note:
        text, html = self.text(note.text), note.html
        if text != note.text or self.tells(html):
            html = "".join(self._parts(html))
            # What is hidden may span several tags.
            plain = unescape(TAGS.sub("", html))
            html = escape(text, quote=False) if self.tells(html) or self.text(plain) != plain else html
        return replace(
            note, label=labels.get(note.label, note.label), text=text, html=html, heading=self.maybe(note.heading)
        )

    def _parts(self, html: str) -> list[str]:
        """Return the tags and texts of a note; with ``unlinks``, a link of which any words are hidden has no address."""
        parts = TAGS.split(html)
        link = 0
        for n, part in enumerate(parts):
            if n % 2:
                parts[n] = bare_tag(part) if self.tells(part) else part
                link = n if part.startswith("<a ") else 0 if part == "</a>" else link
            elif (said := self.text(was := unescape(part))) != was:
                parts[n] = escape(said, quote=False)
                parts[link] = bare_tag(parts[link]) if link and self.unlinks else parts[link]
        return parts
