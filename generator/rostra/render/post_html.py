"""A post's body with its apparatus as HTML: quotations framed and linked, quoted passages marked, notes called.

Ids in a page: ``p-…`` a post; ``p-…-q1`` its first quotation; ``p-…-s12`` the passage of it that begins
at offset 12; ``p-…-n1`` its first note and ``p-…-c1`` where that is called.
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
from rostra.markup.weave import CALL, Run, weave
from rostra.model import BackQuote, Block, Edited, Edition, Quote, Reference, Revision
from rostra.render.pagination import ALL, page_name, page_number
from rostra.system.lazy_regex import late

CLOSING = '"”’»“'
"""What may close a quotation in a sentence; Germans close with what others open with."""

QUOTED, QUOTING = 0, 1
"""What runs across a body's text: what others quote of it, and what it quotes."""
SHOWN = 200
"""Code points of a passage that a link to it tells."""

BESIDE = late(
    r'</a></(?:sup|span)>(?:<span class="passage" id="[^"]*"></span>)*(?=<(?:sup|span) class="(?:call|quoted-by|source-inline)")'
)
"""Where two signs touch: each is wider than it looks, and would lie on the other."""


class Quoter(Struct, frozen=True):
    """Who quotes a passage: ``href`` leads to the quotation, ``label`` says whose it is."""

    href: str
    label: str
    number: int | None
    spans: tuple[tuple[int, int], ...]


class Context:
    """What a post's apparatus needs to know of its thread, gathered once; ``size`` is how many posts a page holds."""

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
        """The page of this debate on which a post stands; nothing where that is the page it is seen from."""
        page = page_number(self.numbers.get(post, 1), self.size)
        return "" if page == page_number(self.numbers[seen_from], self.size) else page_name(page)

    def who(self, post: str) -> str:
        """A post's author in words; what the dump lost is said to be unnamed."""
        return self.names.get(post) or self.words.say("unnamed")

    def whereabouts(self, post: str, seen_from: str) -> str:
        """``zeus, 3 posts above``."""
        who, apart = self.who(post), self.numbers[seen_from] - self.numbers[post]
        if apart == 0:
            return self.words.say("%(who)s, in this post", who=who)
        if apart > 0:
            return self.words.count("%(who)s, %(num)s post above", "%(who)s, %(num)s posts above", apart, who=who)
        return self.words.count("%(who)s, %(num)s post below", "%(who)s, %(num)s posts below", -apart, who=who)

    def elsewhere(self, who: str | None, title: str | None) -> str:
        """``zeus, in “The upper gate”``."""
        who = who or self.words.say("unnamed")
        if not title:
            return self.words.say("%(who)s, in another debate", who=who)
        return self.words.say("%(who)s, in “%(title)s”", who=who, title=title)


def published(each: Edited, context: Context) -> str:
    """The body as pages publish it; of a debate on one page it is kept, since the page and ``thread.json`` both say it."""
    html = context.bodies.get(each.post.id) or _Woven(each, context).html()
    if context.is_whole:
        context.bodies[each.post.id] = html
    return html


def earlier(revision: Revision, each: Edited, context: Context) -> str:
    """An earlier wording of the post as pages publish it."""
    body = render(revision.body, revision.dialect)
    base = each.post.raw.url or context.url
    tags = tuple((at, grounded(tag, base) if tag.startswith("<a ") else tag) for at, tag in body.tags)
    return weave(replace(body, tags=tags), call=lambda label: f"<sup>[{label}]</sup>")


def note_html(each: Edited, number: int, context: Context) -> str:
    """A note of the post as pages publish it; ``number`` counts its notes from 1."""
    return grounded(each.body.notes[number - 1].html, each.post.raw.url or context.url)


def note_anchor(post: str, number: int) -> str:
    """The id of a post's note; ``number`` counts its notes from 1."""
    return f"{post}-n{number}"


def call_anchor(post: str, number: int) -> str:
    """The id of the place where that note is called."""
    return f"{post}-c{number}"


def _leading(reference: Reference, context: Context, seen_from: str) -> str:
    """A link to what the archive holds, with the address that the poster gave kept beside it."""
    page = f"../{reference.thread}/index.html"
    if reference.thread == context.thread:
        page = context.page(reference.post or next(iter(context.numbers)), seen_from)
    address = f"{page}#{reference.post}" if reference.post else page or "#content"
    original = escape(reference.url, quote=True)
    title = escape(context.words.say("In this archive; written as %(address)s", address=reference.url), quote=True)
    return f'<a class="here" href="{address}" data-original="{original}" title="{title}">'


class _Woven:
    def __init__(self, each: Edited, context: Context) -> None:
        base = each.post.raw.url or context.url
        here = {reference.tag: reference for reference in each.references}
        tags = list(each.body.tags)
        for n, (at, tag) in enumerate(tags):
            if tag.startswith("<a "):
                leading = _leading(here[n], context, each.post.id) if n in here else outward(each.body, n, base)
                tags[n] = (at, leading)
        self.each = each
        self.body = replace(each.body, tags=tuple(tags))
        self.context = context
        self.id = each.post.id
        self.runs: list[Run] = []
        self.points: dict[int, str] = {}
        self.before: dict[int, str] = {}
        self.after: dict[int, str] = {}
        self.starts = [block.start for block in each.body.blocks]

    def html(self) -> str:
        self._passages()
        for n, quote in enumerate(self.each.quotes, 1):
            self._quotation(quote, f"{self.id}-q{n}")
        labels = {escape(note.label, quote=True): n for n, note in enumerate(self.each.body.notes, 1)}
        called: set[str] = set()

        def call(label: str) -> str:
            number = labels.get(label)
            if number is None:
                return f"<sup>[{label}]</sup>"
            # A note may be called twice; an id may stand only once.
            id = f' id="{call_anchor(self.id, number)}"' if label not in called else ""
            called.add(label)
            return (
                f'<sup class="call"{id}><a href="#{note_anchor(self.id, number)}" role="doc-noteref">{label}</a></sup>'
            )

        html = weave(
            self.body,
            runs=self.runs,
            dress=self._dress,
            points=self.points,
            before=self.before,
            after=self.after,
            call=call,
        )
        return BESIDE.sub(r'\g<0><span class="gap"></span>', html) if self.points or labels else html

    def _dress(self, over: Mapping[int, int]) -> tuple[str, str]:
        opening = closing = ""
        if QUOTED in over:
            opening, closing = f'<mark class="quoted{" more" if over[QUOTED] > 1 else ""}">', "</mark>"
        if QUOTING in over:
            opening, closing = '<span class="quoting">' + opening, closing + "</span>"
        return opening, closing

    def _passages(self) -> None:
        """Mark what others quote of this post, with a way to each of them after its end."""
        ways: dict[int, list[Quoter]] = {}
        anchors: set[int] = set()
        ranges: set[tuple[int, int]] = set()
        for quoter in self.context.quoters.get(self.id, ()):
            anchors.add(quoter.spans[0][0])
            ranges.update(quoter.spans)
            ways.setdefault(quoter.spans[-1][1], []).append(quoter)
        for start, end in sorted(ranges):
            self.runs.append(Run(start, end, QUOTED))
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
            self.runs.append(Run(quote.start, quote.end, QUOTING))
            label = self.context.words.say("Quotes %(whereabouts)s", whereabouts=self._whereabouts(quote))
            label = escape(label, quote=True)
            self._point(
                self._past_mark(quote.end),
                f'<sup class="source-inline" id="{id}"><a href="{self._href(quote)}" title="{label}" aria-label="{label}"{self._number(quote)}>❝</a></sup>',
            )

    def _over(self, quote: Quote) -> list[Block]:
        """The blocks that a quotation touches; blocks do not overlap."""
        first = max(0, bisect_right(self.starts, quote.start) - 1)
        found = self.each.body.blocks[first : bisect_left(self.starts, quote.end)]
        return [block for block in found if quote.start < block.end]

    def _past_mark(self, end: int) -> int:
        """The offset after the quotation mark that closes an inline quotation, so that the sign follows it."""
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
