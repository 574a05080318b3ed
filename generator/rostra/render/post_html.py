"""The HTML of a post's body: quotations framed and linked, quoted passages marked, notes called.

Ids in a page: ``p-…`` a post; ``p-…-q1`` its first quotation; ``p-…-s12`` its passage that begins
at offset 12; ``p-…-n1`` its first note and ``p-…-c1`` the first call of that note.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from rostra.editorial.corrections import author_label
from rostra.i18n.catalogue import Catalogue, shortened
from rostra.markup import render
from rostra.markup.links import grounded, outward
from rostra.markup.quoted_notes import QuotedCalls
from rostra.markup.weave import CALL, Decoration, weave
from rostra.model import BackQuote, Block, Edited, Edition, LinkedPost, Quote, Reference, Revision
from rostra.render.math_html import formulas
from rostra.render.media_html import pictured
from rostra.render.notes import Calls, bare_call, note_anchor
from rostra.render.pagination import ALL, page_name, page_number
from rostra.system.lazy_regex import late

CLOSING = '"”’»“'
"""Closing marks of a quotation in a sentence; German closes with the mark that opens in English."""

QUOTED, QUOTING, CALLING = 0, 1, 2
"""Kinds of runs in a body's text: quoted by others, quoting, and, from the last number on, one for each quoted call."""
SHOWN = 200
"""How many code points of a passage the label of its link shows."""

BESIDE = late(
    r'</a></(?:sup|span)>(?:<span class="passage" id="[^"]*"></span>)*(?=<(?:sup|span) class="(?:call|quoted-by|source-inline)")'
)
"""Where two signs touch: their click areas are larger than the signs and would overlap."""


class Quoter(Struct, frozen=True):
    """A quotation of a passage: ``href`` leads to it, ``label`` names its author and position."""

    href: str
    label: str
    number: int | None
    spans: tuple[tuple[int, int], ...]


class Context:
    """What rendering a post needs of its thread, computed once; ``size`` is the number of posts on a page."""

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
        if way.thread == self.thread:
            label = self.words.say("Quoted by %(whereabouts)s", whereabouts=self.whereabouts(way.post, quoted))
            return Quoter(self.page(way.post, quoted) + anchor, label, self.numbers[way.post], spans)
        label = self.words.say("Quoted by %(whereabouts)s", whereabouts=self.elsewhere(way.who, way.title))
        return Quoter(f"../{way.thread}/index.html{anchor}", label, None, spans)

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


def published(each: LinkedPost, context: Context) -> str:
    """Return the body as published; a debate on one page caches it, since both the page and ``thread.json`` use it."""
    html = context.bodies.get(each.post.id) or _Woven(each, context).html()
    if context.is_whole:
        context.bodies[each.post.id] = html
    return html


def earlier(revision: Revision, each: Edited, context: Context) -> str:
    """Return an earlier version of the post as published."""
    body = render(revision.body, revision.dialect)
    base = each.post.raw.url or context.url
    tags = tuple((at, grounded(tag, base) if tag.startswith("<a ") else tag) for at, tag in body.tags)
    return weave(replace(body, tags=tags), call=lambda number: bare_call(body.notes[number - 1]))


def _leading(reference: Reference, context: Context, seen_from: str) -> str:
    """Return a link into the archive that keeps the address as the author wrote it."""
    page = f"../{reference.thread}/index.html"
    if reference.thread == context.thread:
        page = context.page(reference.post or next(iter(context.numbers)), seen_from)
    address = f"{page}#{reference.post}" if reference.post else page or "#content"
    original = escape(reference.url, quote=True)
    title = escape(context.words.say("In this archive; written as %(address)s", address=reference.url), quote=True)
    return f'<a class="here" href="{address}" data-original="{original}" title="{title}">'


class _Woven:
    def __init__(self, each: LinkedPost, context: Context) -> None:
        base = each.post.raw.url or context.url
        here = {reference.tag: reference for reference in each.references}
        tags = list(each.body.tags)
        shown, self.before, self.after = pictured(each, context.words)
        for known, more in zip((shown, self.before, self.after), formulas(each.body), strict=True):
            known.update(more)
        for n, (at, tag) in enumerate(tags):
            if n in shown:
                tags[n] = (at, shown[n])
            elif tag.startswith("<a "):
                leading = _leading(here[n], context, each.post.id) if n in here else outward(each.body, n, base)
                tags[n] = (at, leading)
        self.each = each
        self.body = replace(each.body, tags=tuple(tags))
        self.context = context
        self.id = each.post.id
        self.runs: list[Decoration] = []
        self.points: dict[int, str] = {}
        self.calling: list[str] = []
        self.signs = QuotedCalls(self.body)
        self.starts = [block.start for block in each.body.blocks]

    def html(self) -> str:
        self._passages()
        for n, quote in enumerate(self.each.quotes, 1):
            self._quotation(quote, f"{self.id}-q{n}")
            self._quoted_calls(quote)
        call = Calls(self.id, self.each.body.notes)

        html = weave(
            self.body,
            runs=self.runs,
            dress=self._dress,
            points=self.points,
            before=self.before,
            after=self.after,
            call=call,
        )
        return BESIDE.sub(r'\g<0><span class="gap"></span>', html) if self.points or self.each.body.notes else html

    def _dress(self, over: Mapping[int, int]) -> tuple[str, str]:
        opening = closing = ""
        if QUOTED in over:
            opening, closing = f'<mark class="quoted{" more" if over[QUOTED] > 1 else ""}">', "</mark>"
        if QUOTING in over:
            opening, closing = '<span class="quoting">' + opening, closing + "</span>"
        for key in over:
            if key >= CALLING:
                opening, closing = opening + self.calling[key - CALLING], "</a>" + closing
        return opening, closing

    def _passages(self) -> None:
        """Mark what others quote of this post, with a link to each quotation after its end."""
        ways: dict[int, list[Quoter]] = {}
        anchors: set[int] = set()
        ranges: set[tuple[int, int]] = set()
        for quoter in self.context.quoters.get(self.id, ()):
            anchors.add(quoter.spans[0][0])
            ranges.update(quoter.spans)
            ways.setdefault(quoter.spans[-1][1], []).append(quoter)
        for start, end in sorted(ranges):
            self.runs.append(Decoration(start, end, QUOTED))
        for end, quoters in ways.items():
            links = "".join(self._way(quoter, n, len(quoters)) for n, quoter in enumerate(quoters, 1))
            self._point(end, f'<span class="quoted-by">{links}</span>')
        for start in anchors:
            self._point(start, f'<span class="passage" id="{self.id}-s{start}"></span>')

    def _way(self, quoter: Quoter, nth: int, of: int) -> str:
        label = escape(quoter.label, quote=True)
        shown = f"❞{nth}" if of > 1 else "❞"
        number = f' data-number="{quoter.number}"' if quoter.number else ""
        return f'<a href="{quoter.href}" title="{label}" aria-label="{label}"{number}>{shown}</a>'

    def _point(self, offset: int, html: str) -> None:
        self.points[offset] = self.points.get(offset, "") + html

    def _quotation(self, quote: Quote, id: str) -> None:
        blocks = self._over(quote)
        whole = bool(blocks) and blocks[0].start >= quote.start and blocks[-1].end <= quote.end
        framed = whole and quote.kind == "block" and all(b.kind in ("paragraph", "heading", "code") for b in blocks)
        if framed and all(b.depth for b in blocks):
            self.after[blocks[-1].last] = self._source(quote, id) + self.after.get(blocks[-1].last, "")
        elif framed and not any(b.depth for b in blocks) and self._balanced(blocks):
            # Blocks touch only at their ends, so each index is opened and closed once.
            self.before[blocks[0].first] = '<blockquote class="unmarked">'
            self.after[blocks[-1].last] = self._source(quote, id) + "</blockquote>"
        elif quote.source is not None:
            self.runs.append(Decoration(quote.start, quote.end, QUOTING))
            label = self.context.words.say("Quotes %(whereabouts)s", whereabouts=self._whereabouts(quote))
            label = escape(label, quote=True)
            self._point(
                self._past_mark(quote.end),
                f'<sup class="source-inline" id="{id}"><a href="{self._href(quote)}" title="{label}" aria-label="{label}"{self._number(quote)}>❝</a></sup>',
            )

    def _quoted_calls(self, quote: Quote) -> None:
        """Link the calls within a quotation to the notes of the quoted post."""
        source = quote.source
        body = self.context.bodies_of.get(source.post) if source and source.thread == self.context.thread else None
        if source is None or body is None:
            return
        page = self.context.page(source.post, self.id)
        for start, end, number in self.signs.of((quote.start, quote.end), body, source.spans):
            self.runs.append(Decoration(start, end, CALLING + len(self.calling)))
            href = f"{page}#{note_anchor(source.post, number)}"
            self.calling.append(f'<a class="quoted-call" href="{href}" role="doc-noteref">')

    def _over(self, quote: Quote) -> list[Block]:
        """Return the blocks that overlap a quotation; blocks do not overlap each other."""
        first = max(0, bisect_right(self.starts, quote.start) - 1)
        found = self.each.body.blocks[first : bisect_left(self.starts, quote.end)]
        return [block for block in found if quote.start < block.end]

    def _past_mark(self, end: int) -> int:
        """Return the offset after the quotation mark that closes an inline quotation, so that the sign follows it."""
        text = self.body.text
        return end + (end < len(text) and text[end] in CLOSING)

    def _balanced(self, blocks: list[Block]) -> bool:
        level = 0
        for _, tag in self.each.body.tags[blocks[0].first : blocks[-1].last + 1]:
            if tag.startswith(CALL) or tag in ("<br>", "<hr>"):
                continue
            level += -1 if tag.startswith("</") else 1
            if level < 0:
                return False
        return level == 0

    def _source(self, quote: Quote, id: str) -> str:
        if quote.source is None:
            none = escape(self.context.words.say("source not found in this archive"))
            return f'<footer class="source none" id="{id}">{none}</footer>'
        words = escape(shortened(quote.source.text, SHOWN), quote=True)
        return (
            f'<footer class="source" id="{id}"><a href="{self._href(quote)}" title="{words}"{self._number(quote)}>'
            f"{escape(self._whereabouts(quote))}</a></footer>"
        )

    def _href(self, quote: Quote) -> str:
        assert quote.source is not None
        page = f"../{quote.source.thread}/index.html"
        if quote.source.thread == self.context.thread:
            page = self.context.page(quote.source.post, self.id)
        return f"{page}#{quote.source.post}-s{quote.source.spans[0][0]}"

    def _number(self, quote: Quote) -> str:
        assert quote.source is not None
        number = self.context.numbers.get(quote.source.post) if quote.source.thread == self.context.thread else None
        return f' data-number="{number}"' if number else ""

    def _whereabouts(self, quote: Quote) -> str:
        assert quote.source is not None
        if quote.source.thread != self.context.thread:
            return self.context.elsewhere(quote.source.who, quote.source.title)
        return self.context.whereabouts(quote.source.post, self.id)
