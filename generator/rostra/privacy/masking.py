"""What is changed of a debate before it is published: every text of it that a reader may see, in one place.

A mask says how a text reads without what it hides; here stands where all those texts are.  What is made of a text
(a title of a post's first words) is made again of what is left of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from types import MappingProxyType

from msgspec.structs import replace

from rostra.i18n.catalogue import titled
from rostra.identity.permalinks import name, slug
from rostra.markup import render
from rostra.markup.blackout import Cut, bare_tag, blackout
from rostra.markup.weave import CALL
from rostra.model import Author, Body, Corrected, Gone, Kept, Mark, Note, Problem, RawPost, Source, Thread
from rostra.system.lazy_regex import late

TAGS = late(r"(<[^<>]*>)")

Bodies = tuple[Body, ...]


class Mask(ABC):
    """What hides something; ``blank`` are the words in place of what has no others."""

    blank: str

    @abstractmethod
    def text(self, text: str) -> str:
        """A text without what is hidden."""

    @abstractmethod
    def tells(self, text: str) -> bool:
        """Whether a text holds what is hidden."""

    @abstractmethod
    def cuts(self, body: Body) -> Iterable[Cut]:
        """What is put otherwise in a body's text."""

    def clear(self, text: str | None) -> str | None:
        """An address or an id of the source, unless it tells what is hidden."""
        return None if text and self.tells(text) else text

    def alias(self, id: str) -> str:
        """An id of Rostra's own that is published in place of one that tells what is hidden."""
        return id

    def address(self, id: str, *made_of: str | None) -> str:
        """An id of Rostra's own as it is published, given the names of which it may be made."""
        made = any(each and self.tells(each) and id.endswith((name(each), slug(each))) for each in made_of)
        return self.alias(id) if made or self.tells(id) else id

    def gone(self, gone: Gone) -> Gone | None:
        """The page at an address that is no more, where that may be told."""
        if self.tells(gone.id):
            return None
        return replace(gone, kept=self.kept(gone.kept), reason=self.maybe(gone.reason))

    def kept(self, kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        """What is said of posts that stood elsewhere."""
        return tuple(each for each in kept if not self.tells(f"{each.post} {each.thread} {each.to}"))

    def maybe(self, text: str | None) -> str | None:
        """A text that may be missing."""
        return self.text(text) if text else text

    def masked(self, thread: Thread, bodies: Bodies) -> tuple[Thread, Bodies]:
        """A debate and its bodies without what is hidden; its own id is what it is published under already."""
        made = tuple(map(self.body, bodies))
        ids = self.ids(thread)
        raws = [self.raw(post.raw) for post in thread.posts]
        return self.facts(thread, self.title(thread, bodies, made), ids, raws), made

    def ids(self, thread: Thread) -> dict[str, str]:
        """The ids of posts as they are published; one may be made of the post's id in the source."""
        lines = {post.id: f"{post.id} {post.raw.native_id}" for post in thread.posts}
        # Seldom any of them tells, which is seen at once.
        tell = self.tells("\n".join(lines.values()))
        return {id: self.alias(id) if tell and self.tells(line) else id for id, line in lines.items()}

    def title(self, thread: Thread, before: Bodies, after: Bodies) -> str:
        """The title; one that is how a post begins is made of what is left of that."""
        cut = thread.title.endswith("…")
        for was, now in zip(before, after, strict=True) if thread.title else ():
            said = " ".join(was.text.split())
            if said == thread.title or (cut and said.startswith(thread.title[:-1])):
                return thread.title if now == was else titled(now.text) or self.blank
        return self.text(thread.title)

    def facts(self, thread: Thread, title: str, ids: dict[str, str], raws: Sequence[RawPost]) -> Thread:
        """All of a thread but its bodies, given the ids of its posts as they are published, and what is told of each."""
        return replace(
            thread,
            title=title,
            native_id=self.clear(thread.native_id),
            url=self.clear(thread.url),
            source=self._source(thread.source),
            posts=tuple(
                replace(post, id=ids[post.id], parent=ids[post.parent] if post.parent else None, raw=raw)
                for post, raw in zip(thread.posts, raws, strict=True)
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
        """Problems, which quote what is in a dump."""
        return tuple(
            replace(
                each,
                message=self.text(each.message),
                hint=self.maybe(each.hint),
                post=ids.get(each.post, each.post) if each.post else None,
            )
            for each in problems
        )

    def raw(self, raw: RawPost) -> RawPost:
        """All of a post but its body."""
        return replace(
            raw,
            native_id=self.clear(raw.native_id),
            author=raw.author and self.author(raw.author),
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
            revisions=tuple(
                replace(each, source=self.text(each.source))
                if (made := self.body(was := render(each.body, each.dialect))) == was
                else replace(each, source=self.text(each.source), body=made.text, dialect="text")
                for each in raw.revisions
            ),
            vanished=self.maybe(raw.vanished),
            corrected=tuple(map(self._corrected, raw.corrected)),
        )

    def author(self, author: Author) -> Author:
        """Whoever is not hidden."""
        return Author(name=self.text(author.name), id=self.clear(author.id), url=self.clear(author.url))

    def _source(self, source: Source) -> Source:
        return replace(source, path=self.text(source.path))

    def _corrected(self, each: Corrected) -> Corrected:
        return replace(each, was=self.maybe(each.was))

    def body(self, body: Body) -> Body:
        """A body without what is hidden."""
        return self.attributes(blackout(body, self.cuts(body)))

    def attributes(self, body: Body) -> Body:
        """A body without what its tags, its notes and the marks of its quotations tell."""
        labels = self._labels(body)
        tags = tuple((at, self._tag(tag, labels)) for at, tag in body.tags)
        notes = tuple(self._note(note, labels) for note in body.notes)
        blocks = tuple(replace(each, mark=self.mark(each.mark)) if each.mark else each for each in body.blocks)
        if (tags, notes, blocks) == (body.tags, body.notes, body.blocks):
            return body
        return replace(body, tags=tags, notes=notes, blocks=blocks)

    def mark(self, mark: Mark) -> Mark | None:
        """What a source's own markup says of a quotation."""
        return None if self.tells(" ".join(filter(None, (mark.author, mark.post, mark.thread, mark.url)))) else mark

    def _labels(self, body: Body) -> dict[str, str]:
        """Labels of notes that tell what is hidden, with numbers in their place."""
        calls = (unescape(tag[len(CALL) : -1]) for _, tag in body.tags if tag.startswith(CALL))
        labels = list(dict.fromkeys((*(note.label for note in body.notes), *calls)))
        free = (str(n) for n in range(1, 2 * len(labels) + 1) if str(n) not in labels)
        return {label: next(free) for label in labels if self.tells(label)}

    def _tag(self, tag: str, labels: dict[str, str]) -> str:
        if tag.startswith(CALL):
            label = unescape(tag[len(CALL) : -1])
            return f"{CALL}{escape(labels[label], quote=True)}>" if label in labels else tag
        return bare_tag(tag) if '="' in tag and self.tells(tag) else tag

    def _note(self, note: Note, labels: dict[str, str]) -> Note:
        text, html = self.text(note.text), note.html
        if text != note.text or self.tells(html):
            parts = TAGS.split(html)
            html = "".join(
                (bare_tag(part) if self.tells(part) else part)
                if n % 2
                else escape(self.text(unescape(part)), quote=False)
                for n, part in enumerate(parts)
            )
            # A name may go across tags.
            html = escape(text, quote=False) if self.tells(html) else html
        return replace(note, label=labels.get(note.label, note.label), text=text, html=html)
