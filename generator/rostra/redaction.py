"""What is redacted disappears from everything that is published; ``rules`` says what may be.

Names are looked for as ``names`` has it, words that were said as ``echoes`` has it, so that a
quotation disappears whether or not it was tied, in whichever debate and however it was marked.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection, Iterable
from hashlib import sha256

from msgspec.structs import replace

from rostra.cards import Card
from rostra.echoes import Echoes
from rostra.markup import render
from rostra.markup.blackout import blackout, without
from rostra.model import Block, Body, Gone, Kept, Post, Problem, RawPost, Thread
from rostra.names import legible, pattern
from rostra.permalinks import digest
from rostra.restorations import place
from rostra.rules import Rule

WORDS = "redacted by the publisher"


class Redactor:
    """The rules at work; ``learn`` first everything that is hidden, then ask."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.strings = [each for rule in rules for each in (rule.person, rule.address, *rule.also) if each]
        self.pattern = pattern(self.strings)
        self.echoes = Echoes()
        self.withheld: set[str] = set()
        """Dumps that are not published as they are."""

    @property
    def stamp(self) -> str:
        """What every edition depends on."""
        return sha256(repr((self.rules, self.echoes.stamp)).encode("utf-8", "surrogatepass")).hexdigest()

    def found(self, text: str) -> bool:
        """Whether a text holds a name or an address, however it is written."""
        if self.pattern is None:
            return False
        return self.pattern.search(legible(text.encode("utf-8", "surrogatepass"))) is not None

    def guard(self, own: str) -> Callable[[bytes], bool]:
        """Whether a file holds a name or an address, those left aside that stand among Rostra's ``own`` words.

        Who is called Summary, or April, cannot be told from a tag or a month; what people wrote has
        been changed before.
        """
        own += " ".join(calendar.month_name)
        wanted = pattern(each for each in self.strings if not ((one := pattern([each])) and one.search(own)))
        return lambda content: wanted is not None and wanted.search(legible(content)) is not None

    def learn(self, thread: Thread, dumps: Collection[str]) -> bool:
        """The words of a thread's posts that are hidden; whether any of them is new."""
        new = False
        for post in thread.posts:
            for rule in self._rule(thread.id, post):
                self.withheld.update(dumps)
                text = rule.passage or render(post.raw.body, post.raw.dialect).text
                earlier = [] if rule.passage else [render(r.body, r.dialect).text for r in post.raw.revisions]
                for each in (text, *earlier):
                    new |= self.echoes.learn(each)
        return new

    def learn_dump(self, name: str, threads: Iterable[Thread], content: bytes | None) -> None:
        """Whether a dump may be published as it is: neither its bytes nor what a reader makes of them hold what is hidden."""
        if content is not None and self._told(legible(content)):
            self.withheld.add(name)
        for thread in () if name in self.withheld else threads:
            bodies = ((post, render(post.raw.body, post.raw.dialect)) for post in thread.posts)
            if self.thread(thread) != thread or any(self.body(post, body) != body for post, body in bodies):
                self.withheld.add(name)
                return

    def _rule(self, thread: str, post: Post) -> list[Rule]:
        author = post.raw.author
        names = {each.casefold() for each in (author.name, author.id or "") if each} if author else set()
        return [
            rule
            for rule in self.rules
            if (rule.post == post.id and rule.thread in (None, thread))
            or (rule.person and names & {each.casefold() for each in (rule.person, *rule.also)})
        ]

    def thread(self, thread: Thread) -> Thread:
        """The thread without what is redacted of its facts; bodies are left to ``body``."""
        ids = {post.id: self.address(post.id, "p-") for post in thread.posts}
        return replace(
            thread,
            id=self.address(thread.id),
            title=self.text(thread.title) or "",
            native_id=self._clear(thread.native_id),
            url=self._clear(thread.url),
            licence=self.text(thread.licence),
            tags=tuple(tag for tag in thread.tags if not self.found(tag)),
            source=replace(thread.source, path=self.text(thread.source.path) or ""),
            others=tuple(replace(source, path=self.text(source.path) or "") for source in thread.others),
            posts=tuple(
                replace(post, id=ids[post.id], parent=ids[post.parent] if post.parent else None, raw=self._raw(thread.id, post))
                for post in thread.posts
            ),
            problems=tuple(self._problem(problem, ids) for problem in thread.problems),
            corrected=tuple(replace(each, was=self.text(each.was)) for each in thread.corrected),
        )  # fmt: skip

    def _problem(self, problem: Problem, ids: dict[str, str]) -> Problem:
        post = ids.get(problem.post, problem.post) if problem.post else None
        return replace(problem, message=self.text(problem.message) or "", hint=self.text(problem.hint), post=post)

    def _raw(self, thread: str, post: Post) -> RawPost:
        raw = post.raw
        rules = self._rule(thread, post)
        if whole := [rule for rule in rules if rule.passage is None]:
            return RawPost(
                key=raw.key, parent=raw.parent, kind="redacted", created=raw.created, created_text=raw.created_text,
                line=raw.line, dialect=raw.dialect, note=next((rule.reason for rule in whole if rule.reason), None),
            )  # fmt: skip
        return replace(
            raw,
            native_id=self._clear(raw.native_id),
            author=raw.author and replace(raw.author, id=self._clear(raw.author.id), url=self._clear(raw.author.url)),
            url=self._clear(raw.url),
            title=self.text(raw.title),
            note=self.text(raw.note),
            vanished=self.text(raw.vanished),
            corrected=tuple(replace(each, was=self.text(each.was)) for each in raw.corrected),
            attachments=tuple(
                replace(file, name=self.text(file.name) or "", url=self._clear(file.url)) for file in raw.attachments
            ),
            revisions=tuple(
                replace(each, source=self.text(each.source) or "")
                if self.body(post, (said := render(each.body, each.dialect))) == said
                else replace(each, body=WORDS, dialect="text", source=self.text(each.source) or "")
                for each in raw.revisions
            ),
        )

    def body(self, post: Post, body: Body) -> Body:
        """The body without what is redacted of it."""
        spans = [(*span, WORDS) for span in self._spans(body)]
        passages = [rule.passage for rule in self.rules if rule.passage and rule.post == post.id]
        spans += [(*span, WORDS) for words in passages if (span := place(body.text, words))]
        return without(blackout(body, spans), self._told, WORDS)

    def _told(self, text: str) -> bool:
        return self.found(text) or self.echoes.within(text)

    def _spans(self, body: Body) -> list[tuple[int, int]]:
        names = [found.span() for found in self.pattern.finditer(body.text)] if self.pattern else []
        return names + list(self.echoes.spans(body))

    def text(self, text: str | None) -> str | None:
        """A title or the like without names, addresses and hidden words; many are made of a post's."""
        if not text:
            return text
        if self.echoes.begins(text):
            return WORDS
        whole = Block(start=0, end=len(text), kind="paragraph", depth=0, mark=None, first=0, last=0)
        body = Body(text=text, blocks=(whole,))
        return blackout(body, [(*span, WORDS) for span in self._spans(body)]).text

    def _clear(self, text: str | None) -> str | None:
        return None if text and self.found(text) else text

    def address(self, id: str, prefix: str = "") -> str:
        """An id, or a digest of one that gives a name away."""
        return f"{prefix}{digest('redacted', id)}" if self.found(id) else id

    def gone(self, gone: Gone) -> Gone | None:
        """The page at an address that is no more, where that may be told."""
        if self.found(gone.id):
            return None
        return replace(gone, kept=self.kept(gone.kept), reason=self.text(gone.reason))

    def kept(self, kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        """What is said of posts that stood elsewhere."""
        return tuple(each for each in kept if not self.found(f"{each.post} {each.thread} {each.to}"))

    def card(self, card: Card) -> Card:
        """A card's decisions, which quote what people wrote."""
        return replace(
            card, quotation=tuple(each for each in card.quotation if not self._told(f"{each.text} {each.words}"))
        )
