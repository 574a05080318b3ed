"""Remove redacted content from everything that is published; ``config.redaction_rules`` defines what can be redacted.

Names are found by ``name_patterns``, repeated words by ``repeated_text``, so that a quotation is removed even if it was
not resolved, in any debate.  Quotations are resolved before anything is hidden: a hidden post's quotations of others are
not treated as hidden words, and a resolved quotation of a hidden post is removed, however short it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Literal

from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.redaction_rules import Learnt, RedactionRule
from rostra.markup import render
from rostra.markup.blackout import Cut, blackout
from rostra.markup.elements import REDACTED
from rostra.model import Body, Post, Quote, RawPost, Thread
from rostra.privacy.hidden_passages import BAR, cuts_of, without_note_passages, without_passages
from rostra.privacy.hidden_posts import HiddenPosts
from rostra.privacy.masking import Bodies, Mask
from rostra.privacy.name_forms import SearchedName
from rostra.privacy.name_patterns import NameMatch, Names, name_matcher
from rostra.privacy.own_words import Unclaimed, is_attribution, own, places
from rostra.privacy.repeated_text import Echoes, Span
from rostra.quotations import resolve

Numbered = tuple[int, int, int]
"""The span ``text[start:end]``, and the number of the rule that hides it."""


class Redactor(Mask):
    """Applies the rules.  First ``learn`` everything hidden, ``claim`` everything else, and ``settle``; then mask.

    ``key`` is the secret for replacements of ids that would reveal something hidden.
    """

    blank = BAR

    def __init__(self, rules: Sequence[RedactionRule], key: bytes) -> None:
        self.hidden = HiddenPosts(dict(enumerate(rules, 1)), key)
        self.rules = self.hidden.rules
        self.echoes = Echoes()
        self.withheld: set[str] = set()
        """Dumps that are not published."""
        self.places: dict[int, set[tuple[str, str]]] = {number: set() for number in self.rules}
        """The displayed posts that each rule changes, with their debates."""
        self.learnt: dict[str, set[Learnt]] = {}
        """The hidden texts of each dump."""
        self._dumps: Collection[str] = ()
        self._stamps = {number: rule.stamp for number, rule in self.rules.items()}
        self._key = key
        self._unclaimed = Unclaimed()
        self._others: set[str] = set()

    @cached_property
    def names(self) -> Names:
        """The matcher for names and addresses; use it once all other people's names are known."""
        wanted = [
            SearchedName(each, number, person=rule.person is not None)
            for number, rule in self.rules.items()
            for each in (*filter(None, (rule.person, rule.address)), *rule.also)
        ]
        return name_matcher(wanted, sorted(self._others))

    @property
    def stamp(self) -> str:
        """A fingerprint of everything that editions depend on."""
        told = repr((self.rules, self._key, self.echoes.stamp, sorted(self.names.kept)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def meet(self, people: Iterable[str | None]) -> None:
        """Add names and ids of people who are not hidden."""
        self._others.update(each for each in people if each and self.hidden.person(each) is None)

    def learn(self, thread: Thread, dumps: Collection[str]) -> bool:
        """Learn the words of a thread's hidden posts, and the authors of the others; return whether any words are new."""
        hidden = self.hidden.of(thread)
        others = {post.id: post for post in thread.posts if not self.hidden.whole(hidden.get(post.id, ()))}
        for author in (post.raw.author for post in others.values() if post.raw.author):
            self.meet((author.name, author.id, author.given))
        if not hidden:
            return False
        self.withheld.update(dumps)
        self._dumps = dumps
        bodies = tuple(render(post.raw.body, post.raw.dialect) for post in thread.posts)
        quotes = resolve(thread, bodies)
        new = False
        for n, post in enumerate(thread.posts):
            numbers = hidden.get(post.id, ())
            for number in numbers:
                new |= self._learn_passage(number, post, bodies[n])
            if post.id in others:
                continue
            number = next(each for each in numbers if self.rules[each].passage is None)
            new |= self._hide("title", post.raw.title or "", number)
            new |= self._learn_own(post, bodies[n], quotes[n], others, number)
            for each in post.history.revisions:
                earlier = (*bodies[:n], render(each.body, each.dialect), *bodies[n + 1 :])
                new |= self._learn_own(post, earlier[n], resolve(thread, earlier)[n], others, number)
        return new

    def _learn_passage(self, number: int, post: Post, body: Body) -> bool:
        passage = self.rules[number].passage
        if not passage:
            return False
        about = (post.raw.title, post.raw.note, post.corrections.withdrawn)
        texts = (body.text, *(note.text for note in body.notes), *filter(None, about))
        texts += tuple(render(each.body, each.dialect).text for each in post.history.revisions)
        if any(places(text, passage) for text in texts):
            self.hidden.said.add(number)
        return self._hide("text", passage, number)

    def _learn_own(self, post: Post, body: Body, quotes: Sequence[Quote], others: Collection[str], number: int) -> bool:
        texts, open = own(body, quotes, others)
        new = [self._hide("text", text, number) for text in texts]
        # Their authors are known once all other posts are.
        new += [self._hide("open", text, number, post.raw.time) for text in open]
        return any(new)

    def _hide(
        self, kind: Literal["text", "title", "open", "name"], text: str, number: int, moment: str | None = None
    ) -> bool:
        for dump in self._dumps:
            self.learnt.setdefault(dump, set()).add(Learnt(self._stamps[number], kind, text, moment or ""))
        if kind == "open":
            return self._unclaimed.add(text, moment, number)
        return self.echoes.learn(text, number, title=kind == "title")

    def relearn(self, dump: str, found: Iterable[Learnt]) -> None:
        """Hide what was hidden in a dump that cannot be read now, if the rules still exist."""
        self._dumps = (dump,)
        numbers = {stamp: number for number, stamp in self._stamps.items()}
        for each in found:
            if each.rule in numbers:
                self._hide(each.kind, each.text, numbers[each.rule], each.moment or None)

    @property
    def asks(self) -> bool:
        """Whether hidden posts quote what may be other people's words, so that ``claim`` must see all posts."""
        return bool(self._unclaimed)

    def claim(self, thread: Thread) -> None:
        """Let the posts that are not hidden claim the words that hidden ones quote."""
        hidden = self.hidden.of(thread)
        for post in thread.posts:
            if not self.hidden.whole(hidden.get(post.id, ())):
                self._unclaimed.hold(post, render(post.raw.body, post.raw.dialect))

    def settle(self) -> None:
        """Hide the quotations of hidden posts that nobody has claimed."""
        for text, number in self._unclaimed.left():
            self.echoes.learn(text, number)

    def learn_dump(self, dump: str, threads: Iterable[Thread], content: str | None) -> None:
        """Withhold a dump if its content, or what a reader makes of it, contains something hidden."""
        if content is not None and self.tells(content):
            self.withheld.add(dump)
        for thread in () if dump in self.withheld else threads:
            bodies = tuple(render(post.raw.body, post.raw.dialect) for post in thread.posts)
            if self.masked(thread, bodies) != (thread, bodies):
                self.withheld.add(dump)
                return

    def masked(self, thread: Thread, bodies: Bodies) -> tuple[Thread, Bodies]:
        """Return a debate and its bodies without what is hidden."""
        hidden = self.hidden.of(thread)
        echoes = [list(self._echoes_in(body)) for body in bodies]
        quotes = resolve(thread, bodies) if hidden or any(echoes) else ((),) * len(bodies)
        texts = {post.id: body.text for post, body in zip(thread.posts, bodies, strict=True)}
        made, posts, changed = list[Body](), list[Post](), set[str]()
        for post, body, quoted, echoed in zip(thread.posts, bodies, quotes, echoes, strict=True):
            numbers = hidden.get(post.id, ())
            if self.hidden.whole(numbers):
                made.append(Body())
                posts.append(self._blank(post, numbers))
                changed.add(post.id)
                continue
            others = _others(quoted, hidden)
            echoed = list(self._echoes_in(body, others)) if echoed and others else echoed
            found = [*self._quoted(body, quoted, hidden, texts), *self._names_in(body.text), *echoed]
            passages = [passage for n in numbers if (passage := self.rules[n].passage)]
            cuts = [(start, end, BAR) for start, end, _ in found]
            masked = blackout(body, [*cuts, *cuts_of(body.text, passages)], REDACTED)
            made.append(without_note_passages(self.attributes(masked), passages))
            posts.append(without_passages(self.post(post), passages))
            if made[-1] != body:
                changed.add(post.id)
            for number in {number for *_, number in found}:
                self.places[number].add((thread.id, post.id))
        title = self.title(thread, bodies, tuple(made))
        if any(self.hidden.whole(hidden.get(post.id, ())) and post.history.holds for post in thread.posts[:1]):
            # Unless a card gives the title, it may be from an earlier version's reading of the post.
            title = title if thread.corrected else self.blank
        return self.facts(thread, title, self._ids(thread, changed), posts), tuple(made)

    def _blank(self, post: Post, numbers: Iterable[int]) -> Post:
        """Return what is left of a hidden post: its position and time."""
        raw = post.raw
        reasons = (self.rules[n].reason for n in numbers if self.rules[n].passage is None)
        left = RawPost(
            key=raw.key, parent=raw.parent, kind="redacted", created=raw.created,
            created_local=raw.created_local, created_text=self.maybe(raw.created_text),
            line=raw.line, dialect=raw.dialect, note=next(filter(None, reasons), None),
        )  # fmt: skip
        return Post(id=post.id, parent=post.parent, depth=post.depth, raw=left)

    def _quoted(
        self, body: Body, quoted: Sequence[Quote], hidden: Mapping[str, Sequence[int]], texts: Mapping[str, str]
    ) -> Iterator[Numbered]:
        """Yield quotations of hidden posts and passages, and those attributed to a hidden person by a line or the markup."""
        for quote in quoted:
            for number in hidden.get(quote.source.post, ()) if quote.source else ():
                assert quote.source
                passage = self.rules[number].passage
                said = (
                    places(body.text[quote.start : quote.end], passage) if passage else [(0, quote.end - quote.start)]
                )
                yield from ((quote.start + start, quote.start + end, number) for start, end in said)
                there = places(texts[quote.source.post], passage) if passage else []
                if not said and any(a < d and c < b for a, b in quote.source.spans for c, d in there):
                    # The quotation has changed words.
                    yield quote.start, quote.end, number
        others = _others(quoted, hidden)
        told: dict[int, int | None] = {}
        for block in body.blocks:
            said_of = (self.hidden.person(block.mark.author) if block.mark else None) or told.get(block.depth)
            if block.depth and said_of and not _within((block.start, block.end), others):
                yield block.start, block.end, said_of
            told = {depth: whose for depth, whose in told.items() if depth <= block.depth}
            if is_attribution(body, block):
                told[block.depth + 1] = self._named(body.text[block.start : block.end])

    def _named(self, text: str) -> int | None:
        return next((n for n in map(self.number, self.names.spans(text)) if self.rules[n].person), None)

    def _names_in(self, text: str) -> Iterator[Numbered]:
        for each in self.names.spans(text):
            spans = (each.start, each.end), self.echoes.excerpt(text, each.end)
            yield from ((*span, self.number(each)) for span in spans if span)

    def number(self, found: NameMatch) -> int:
        """Return the rule that hides a name; the first of a person, if the name is a form of several people's names."""
        return found.label if isinstance(found.label, int) else next(n for n, rule in self.rules.items() if rule.person)

    def _echoes_in(self, body: Body, others: Collection[Span] = ()) -> Iterator[Numbered]:
        for start, end, number in self.echoes.spans(body, others):
            assert isinstance(number, int)
            yield start, end, number

    def cuts(self, body: Body) -> Iterator[Cut]:
        """Return the replacements in a body without its context."""
        return ((start, end, BAR) for start, end, _ in (*self._names_in(body.text), *self._echoes_in(body)))

    def text(self, text: str) -> str:
        """Return a title or similar text without names, addresses and hidden words; many are made from a post's words."""
        if self.echoes.begins(text):
            return BAR
        return blackout(body := Body(text=text), self.cuts(body)).text

    def tells(self, text: str) -> bool:
        """Whether a text contains a name, an address or hidden words."""
        return self.names.found(text) or self.echoes.within(text)

    def _ids(self, thread: Thread, changed: Collection[str]) -> dict[str, str]:
        """Return the published ids of posts; ids made from the words of ``changed`` posts are replaced."""
        answers: dict[str, str] = {}
        for post in thread.posts:
            answers.setdefault(post.parent or "", post.id)
        ids = self.ids(thread)
        for post in thread.posts:
            made_of = {post.id, post.parent, answers.get(post.id) if post.raw.kind == "missing" else None}
            if post.raw.native_id is None and not made_of.isdisjoint(changed):
                ids[post.id] = self.alias(post.id)
        return ids

    def alias(self, id: str) -> str:
        """Return the replacement for an id that reveals something hidden."""
        return self.hidden.alias(id)

    def card(self, card: Card) -> Card:
        """Return a card without what is hidden in its decisions, which quote posts."""
        shown = (each for each in card.quotation if not self.echoes.within(f"{each.text} {each.words}"))
        return replace(
            card,
            quotation=tuple(replace(each, text=self.text(each.text), words=self.maybe(each.words)) for each in shown),
        )


def _others(quoted: Iterable[Quote], hidden: Mapping[str, Sequence[int]]) -> list[Span]:
    """Return the spans of quotations of posts that are not hidden."""
    return [(each.start, each.end) for each in quoted if each.source and each.source.post not in hidden]


def _within(span: Span, spans: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
