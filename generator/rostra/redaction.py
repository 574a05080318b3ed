"""What is redacted disappears from everything that is published; ``rules`` says what may be.

Words are found again by runs of six (three, in what is set apart as a quotation), so that a
quotation disappears whether or not it was tied, in whichever debate and however it was marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from urllib.parse import quote

from msgspec.structs import replace

from rostra.cards import Card
from rostra.corrections import place
from rostra.markup import render
from rostra.markup.blackout import blackout, without
from rostra.model import Block, Body, Gone, Kept, Post, Problem, RawPost, Thread
from rostra.permalinks import digest, slug
from rostra.rules import Rule

WORDS = "redacted by the publisher"
WORD = re.compile(r"[^\W_]+")
RUN = 6
"""Words in a row that tell a text wherever it stands."""
RUN_QUOTED = 3
"""Words in a row that do in a passage set apart as a quotation."""
UNMISTAKABLE = 6
"""Code points from which on a name is redacted even within a longer word, whatever its case."""


class Redactor:
    """The rules at work; ``learn`` first everything that is hidden, then ask."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.people = {name.casefold() for rule in rules if rule.person for name in (rule.person, *rule.also)}
        strings = [each for rule in rules for each in (rule.person, rule.address, *rule.also) if each]
        self.pattern = re.compile("|".join(_forms(strings))) if strings else None
        self.runs: set[str] = set()
        self.quoted: set[str] = set()
        self.short: set[str] = set()
        self.withheld: set[str] = set()
        """Dumps that are not published as they are."""

    @property
    def stamp(self) -> str:
        """What every edition depends on."""
        return sha256(
            repr((self.rules, sorted(self.runs), sorted(self.quoted), sorted(self.short))).encode()
        ).hexdigest()

    def found(self, text: str) -> bool:
        """Whether a text holds a name or an address."""
        return self.pattern is not None and self.pattern.search(text) is not None

    def learn(self, thread: Thread, dump: str) -> None:
        """The words of a thread's posts that are hidden."""
        for post in thread.posts:
            hidden = self._rule(thread.id, post)
            for rule in hidden:
                self.withheld.add(dump)
                text = rule.passage or render(post.raw.body, post.raw.dialect).text
                earlier = [] if rule.passage else [render(r.body, r.dialect).text for r in post.raw.revisions]
                for each in (text, *earlier):
                    words = _words(each)
                    self.runs |= _runs(words, RUN)
                    self.quoted |= _runs(words, RUN_QUOTED) or {" ".join(words)}
                    if len(words) < RUN:
                        self.short.add(" ".join(words))

    def learn_dump(self, name: str, text: str) -> None:
        """Whether a dump may be published as it is."""
        plain = text.replace("\\n", " ").replace("\\u0027", "'")
        words = _words(plain)
        if self.found(text) or any(run in self.runs for run in _each_run(words, RUN)):
            self.withheld.add(name)

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
        body = blackout(body, spans)
        return without(body, self._told, WORDS) if self.pattern or self.runs else body

    def _told(self, text: str) -> bool:
        words = _words(text)
        return self.found(text) or any(run in self.runs for run in _each_run(words, RUN))

    def _spans(self, body: Body) -> Iterator[tuple[int, int]]:
        if self.pattern is not None:
            yield from (found.span() for found in self.pattern.finditer(body.text))
        if not self.quoted:
            return
        found = list(WORD.finditer(body.text))
        words = [each[0].casefold() for each in found]
        hidden = bytearray(len(words))
        for n, run in enumerate(_each_run(words, RUN)):
            if run in self.runs:
                hidden[n : n + RUN] = b"\1" * RUN
        for block in body.blocks:
            if block.depth:
                inside = [n for n, each in enumerate(found) if block.start <= each.start() < block.end]
                said = [words[n] for n in inside]
                size = min(RUN_QUOTED, len(said))
                for n, run in enumerate(_each_run(said, size) if size else ()):
                    if run in self.quoted:
                        hidden[inside[n] : inside[n] + size] = b"\1" * size
                if inside and sum(hidden[n] for n in inside) * 2 >= len(inside):
                    hidden[inside[0] : inside[-1] + 1] = b"\1" * len(inside)
        start: int | None = None
        for n, each in enumerate((*hidden, 0)):
            if each and start is None:
                start = n
            elif not each and start is not None:
                yield found[start].start(), found[n - 1].end()
                start = None

    def text(self, text: str | None) -> str | None:
        """A title or the like without names, addresses and hidden words; many are made of a post's."""
        if not text:
            return text
        if " ".join(_words(text)) in self.short:
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


def _words(text: str) -> list[str]:
    return [found[0].casefold() for found in WORD.finditer(text)]


def _each_run(words: list[str], size: int) -> Iterator[str]:
    return (" ".join(words[n : n + size]) for n in range(len(words) - size + 1))


def _runs(words: list[str], size: int) -> set[str]:
    return set(_each_run(words, size))


def _forms(strings: Iterable[str]) -> list[str]:
    """What to look for: a name as it stands, in an address, and as a handle; the longest first."""
    forms: set[str] = set()
    for string in strings:
        parts = string.split()
        for form in {r"\s+".join(map(re.escape, parts)), *(re.escape(j.join(parts)) for j in "_-+."), re.escape(quote(string)), re.escape(slug(string))}:  # fmt: skip
            if len(string) >= UNMISTAKABLE:
                forms.add(f"(?i:{form})")
            else:
                forms |= {rf"(?<![^\W_]){form}(?![^\W_])", rf"(?i:(?<=[@/]){form}(?![^\W_]))"}
    return sorted(forms, key=lambda form: (-len(form), form))
