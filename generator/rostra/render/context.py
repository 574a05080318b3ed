"""The data of a thread that rendering its posts needs: numbers, names, pages, and who quotes whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from rostra.editorial.described import author_label
from rostra.i18n.catalogue import Catalogue
from rostra.model import BackQuote, Body, Edited, Edition
from rostra.render.pagination import ALL, page_name, page_number
from rostra.render.signatures import with_signatures


class Quoter(Struct, frozen=True):
    """A quotation of a passage, in a ``post``: ``href`` leads to it, ``where`` names its author and position, ``label`` says what it is.

    It is not ``shown`` if nothing but a line such as "On Tuesday Ada wrote:" is quoted, which mail programs quote.
    """

    post: str
    href: str
    where: str
    label: str
    number: int | None
    spans: tuple[tuple[int, int], ...]
    shown: bool = True


class Context:
    """The data of a thread for rendering its posts, computed once; ``size`` is the number of posts on a page."""

    def __init__(self, edition: Edition, words: Catalogue, size: int = ALL) -> None:
        self.words = words
        self.size = size
        self.thread = edition.thread.id
        self.url = edition.thread.url
        self.is_whole = len(edition.posts) <= size
        self.bodies: dict[str, str] = {}
        self.numbers = {each.post.id: n for n, each in enumerate(edition.posts, 1)}
        self.names = {
            each.post.id: author_label(each.post.raw.author, words) if each.post.raw.author else None
            for each in edition.posts
        }
        self.bodies_of = {each.post.id: each.body for each in edition.posts if each.body.notes}
        self.signed = with_signatures(edition.posts)
        self.attributions = {
            (each.post.id, n)
            for each in edition.posts
            for n in _attributions(each, self.signed.get(each.post.id, each.body), edition.thread.id)
        }
        """The quotations of nothing but a line that says who is quoted next, or of a signature: they are on neither side shown as such."""
        self.quoters = {each.post.id: self._quoters(each) for each in edition.posts if each.quoted_by}

    def _quoters(self, each: Edited) -> list[Quoter]:
        spans: dict[tuple[str, str, int], list[BackQuote]] = {}
        for way in each.quoted_by:
            spans.setdefault((way.thread, way.post, way.quote), []).append(way)
        return [self._quoter(each.post.id, ways) for ways in spans.values()]

    def _quoter(self, quoted: str, ways: list[BackQuote]) -> Quoter:
        way = ways[0]
        anchor = f"#{way.post}-q{way.quote}"
        spans = tuple((each.start, each.end) for each in ways)
        shown = way.thread != self.thread or (way.post, way.quote) not in self.attributions
        if way.thread == self.thread:
            where, number = self.whereabouts(way.post, quoted), self.numbers[way.post]
            href = self.page(way.post, quoted) + anchor
        else:
            where, number = self.elsewhere(way.who, way.title), None
            href = f"../{way.thread}/index.html{anchor}"
        label = self.words.say("Quoted by %(whereabouts)s", whereabouts=where)
        return Quoter(f"{way.thread}#{way.post}", href, where, label, number, spans, shown)

    def page(self, post: str, seen_from: str) -> str:
        """Return the page of this debate that has a post; empty if it is the page of ``seen_from``."""
        page = page_number(self.numbers.get(post, 1), self.size)
        return "" if page == page_number(self.numbers[seen_from], self.size) else page_name(page)

    def who(self, post: str) -> str:
        """Return a post's author in words; an unknown author is called unnamed."""
        return self.names.get(post) or self.words.say("unnamed")

    def whereabouts(self, post: str, seen_from: str) -> str:
        """Return a label such as ``zeus, 3 posts above``."""
        who, apart = self.who(post), self.numbers[seen_from] - self.numbers[post]
        if apart == 0:
            return self.words.say("%(who)s, in this post", who=who)
        if apart > 0:
            return self.words.count("%(who)s, %(num)s post above", "%(who)s, %(num)s posts above", apart, who=who)
        return self.words.count("%(who)s, %(num)s post below", "%(who)s, %(num)s posts below", -apart, who=who)

    def elsewhere(self, who: str | None, title: str | None) -> str:
        """Return a label such as ``zeus, in “The upper gate”``."""
        who = who or self.words.say("unnamed")
        if not title:
            return self.words.say("%(who)s, in another debate", who=who)
        return self.words.say("%(who)s, in “%(title)s”", who=who, title=title)


def _attributions(each: Edited, body: Body, thread: str) -> Iterator[int]:
    """Yield the numbers of a post's quotations that are attribution lines, or its own signature, and have no source in another thread."""
    signed = [block for block in body.blocks if block.kind == "signature" and body is not each.body]
    lines = [(block.start, block.end) for block in body.blocks if block.kind == "attribution"]
    lines = sorted([*lines, *([(signed[0].start, signed[-1].end)] if signed else [])])
    starts = [start for start, _ in lines]
    for n, quote in enumerate(each.quotes if lines else (), 1):
        at = bisect_right(starts, quote.start) - 1
        if at >= 0 and quote.end <= lines[at][1] and (quote.source is None or quote.source.thread == thread):
            yield n
