"""The HTML of a post's body: quotations framed and linked, quoted passages marked, notes called.

Ids in a page: ``p-…`` a post; ``p-…-q1`` its first quotation; ``p-…-s12`` its passage that begins
at offset 12; ``p-…-b34`` the list of those who quote a passage that ends at 34; ``p-…-n1`` its first note and ``p-…-c1`` the first call of that note.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from html import escape

from msgspec.structs import replace

from rostra.i18n.catalogue import shortened
from rostra.markup import render
from rostra.markup.code_lines import are_statements
from rostra.markup.links import grounded, outward
from rostra.markup.quoted_notes import QuotedCalls, called_notes
from rostra.markup.weave import CALL, Decoration, weave
from rostra.model import FORMAL, Block, Edited, LinkedPost, Quote, Reference, Revision
from rostra.render.bars import barred
from rostra.render.context import Context, Quoter
from rostra.render.folds import folds, spoiler_labels
from rostra.render.joined_lines import joined_breaks
from rostra.render.marks import before_space, passage_ends, sign, whole_words
from rostra.render.math_html import formulas
from rostra.render.media_html import pictured, with_labels
from rostra.render.notes import Calls, bare_call, note_anchor
from rostra.render.redactions import redaction_tags
from rostra.render.spans import parts_outside
from rostra.system.lazy_regex import late

CLOSING = '"”’»“'
"""Closing marks of a quotation in a sentence; German closes with the mark that opens in English."""

QUOTED, QUOTING, CALLING = 0, 1, 2
"""Kinds of runs in a body's text: quoted by others, quoting, and, from the last number on, one for each quoted call."""
WRAPPED = frozenset({"paragraph", "heading", "code"})
"""The kinds of blocks that a frame is put around."""
BETWEEN = 20
"""How many code points apart the ends of passages are at most that share a sign, and how far from the end of a block with a bar."""
SHOWN = 200
"""How many code points of a passage the label of its link shows."""

AROUND = late(r"<(?:[ou]l|li|table|t(?:head|body|r))\b[^>]*>")
"""Tags that only a list or table may have between the beginning of a quotation and its first block."""
BESIDE = late(
    r'(?:</a>|</button>)</(?:sup|span)>(?:<span class="passage" id="[^"]*"></span>)*(?=<(?:sup|span) class="(?:call|quoted-by|source-inline)")'
)
"""Where two signs touch: their click areas are larger than the signs and would overlap."""


def published(each: LinkedPost, context: Context) -> str:
    """Return the body as published; a debate on one page caches it, since both the page and ``thread.json`` use it."""
    html = context.bodies.get(each.post.id) or _WovenPost(each, context).html()
    if context.is_whole:
        context.bodies[each.post.id] = html
    return html


def earlier(revision: Revision, each: Edited, context: Context) -> str:
    """Return an earlier version of the post as published."""
    body = render(revision.body, revision.dialect)
    base = each.post.raw.url or context.url
    tags = tuple((at, grounded(tag, base) if tag.startswith("<a ") else tag) for at, tag in body.tags)
    labels = spoiler_labels(body, context.words)
    html = weave(replace(body, tags=tags), after=labels, call=lambda number: bare_call(body.notes[number - 1]))
    return with_labels(html, context.words)


def _leading(reference: Reference, context: Context, seen_from: str) -> str:
    """Return a link into the archive that keeps the address as the author wrote it."""
    page = f"../{reference.thread}/index.html"
    if reference.thread == context.thread:
        page = context.page(reference.post or next(iter(context.numbers)), seen_from)
    address = f"{page}#{reference.post}" if reference.post else page or "#content"
    original = escape(reference.url, quote=True)
    title = escape(
        context.words.say("In this archive; the post links to %(address)s", address=reference.url), quote=True
    )
    return f'<a class="here" href="{address}" data-original="{original}" title="{title}">'


class _WovenPost:
    def __init__(self, each: LinkedPost, context: Context) -> None:
        base = each.post.raw.url or context.url
        here = {reference.tag: reference for reference in each.references}
        tags = list(each.body.tags)
        shown, self.before, self.after = pictured(each, context.words)
        for known, more in zip((shown, self.before, self.after), formulas(each.body), strict=True):
            known.update(more)
        self.after.update(spoiler_labels(each.body, context.words))
        shown.update(redaction_tags(each.body, context.words))
        for n, (at, tag) in enumerate(tags):
            if n in shown:
                tags[n] = (at, shown[n])
            elif tag.startswith("<a "):
                leading = _leading(here[n], context, each.post.id) if n in here else outward(each.body, n, base)
                tags[n] = (at, leading)
        self.each = each
        self.body = replace(context.signed.get(each.post.id, each.body), tags=tuple(tags))
        self.context = context
        self.id = each.post.id
        self.dressed: dict[int, str] = {}
        self.runs: list[Decoration] = []
        self.points: dict[int, str] = {}
        self.calling: list[str] = []
        self.signs = QuotedCalls(self.body)
        self.starts = [block.start for block in each.body.blocks]

    def html(self) -> str:
        self._passages()
        for n, quote in enumerate(self.each.quotes, 1):
            self._quotation(quote, f"{self.id}-q{n}", formal=(self.id, n) in self.context.attributions)
            self._quoted_calls(quote)
        for first, last, words in folds(self.body, self.context.words):
            self.before[first] = (
                f'<details class="folded"><summary>{escape(words)}</summary>{self.before.get(first, "")}'
            )
            self.after[last] = self.after.get(last, "") + "</details>"
        call = Calls(self.id, self.each.body.notes)

        self.dressed.update(dict.fromkeys(joined_breaks(self.each), ""))
        tags = tuple((at, self.dressed.get(n, tag)) for n, (at, tag) in enumerate(self.body.tags))
        html = weave(
            replace(self.body, tags=tags),
            runs=self.runs,
            dress=self._dress,
            points=self.points,
            before=self.before,
            after=self.after,
            call=call,
        )
        html = with_labels(html, self.context.words)
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
        """Mark what others quote of this post, with one sign after each passage that leads to all its quotations."""
        text, all_quoters = self.body.text, self.context.quoters.get(self.id, ())
        quoters = [quoter for quoter in all_quoters if quoter.shown]
        ranges = sorted({whole_words(text, *span) for quoter in quoters for span in quoter.spans})
        formal = [(block.start, block.end) for block in self.body.blocks if block.kind in FORMAL]
        without = sorted([*self._barred(ranges, "much-quoted"), *formal]) if ranges else []
        for start, end in ranges:
            for piece in parts_outside(start, end, without):
                self.runs.append(Decoration(*piece, QUOTED))
        ways: dict[int, list[Quoter]] = {}
        for end, quoter in passage_ends(self.body, quoters):
            # Beside a bar the end of the passage is not shown, so the sign follows the last words of the block.
            end = before_space(
                text, next((last for first, last in without if first <= end <= last <= end + BETWEEN), end)
            )
            last = next(reversed(ways), None)
            # Passages that end beside each other share a sign.
            near = last is not None and end - last <= BETWEEN and "\n" not in text[last:end]
            ways[end] = [*ways.pop(last, []), quoter] if near and last is not None else [quoter]
        for end, found in ways.items():
            self._point(end, sign(found, f"{self.id}-b{end}", self.context.words))
        for start in {quoter.spans[0][0] for quoter in all_quoters}:
            self._point(start, f'<span class="passage" id="{self.id}-s{start}"></span>')

    def _barred(self, ranges: list[tuple[int, int]], css: str) -> list[tuple[int, int]]:
        first, last = self._over(ranges[0][0], max(end for _, end in ranges)) if ranges else (0, 0)
        return barred(self.body, self.dressed, self.body.blocks[first:last], ranges, css)

    def _point(self, offset: int, html: str) -> None:
        self.points[offset] = self.points.get(offset, "") + html

    def _quotation(self, quote: Quote, id: str, *, formal: bool) -> None:
        blocks = self.body.blocks[slice(*self._over(quote.start, quote.end))]
        whole = bool(blocks) and blocks[0].start >= quote.start and blocks[-1].end <= quote.end
        framed = whole and quote.kind == "block"
        if formal:
            # Mail programs quote the line that says who is quoted within a quotation.
            self._point(quote.start, f'<span class="passage" id="{id}"></span>')
        elif framed and all(b.depth for b in blocks) and (at := self._beginning(blocks[0])) is not None:
            # One quotation may end where another begins.
            self.before[at] = self.before.get(at, "") + self._source(quote, id, blocks[0])
        elif framed and all(not b.depth and b.kind in WRAPPED for b in blocks) and self._balanced(blocks):
            # Blocks touch only at their ends, so each index is opened and closed once.
            self.before[blocks[0].first] = f'<blockquote class="unmarked">{self._source(quote, id, blocks[0])}'
            self.after[blocks[-1].last] = "</blockquote>"
        elif quote.source is not None:
            span = (quote.start, quote.end)
            self.runs += (
                Decoration(*piece, QUOTING) for piece in parts_outside(*span, self._barred([span], "much-quoting"))
            )
            label = self.context.words.say("Quotes %(whereabouts)s", whereabouts=self._whereabouts(quote))
            label = escape(label, quote=True)
            self._point(
                self._past_mark(quote.end),
                f'<sup class="source-inline" id="{id}"><a href="{self._href(quote)}" title="{label}" aria-label="{label}"{self._number(quote)}>❝</a></sup>',
            )

    def _beginning(self, block: Block) -> int | None:
        """Return the tag before which the author of a quotation is named: its first block, or the list or table of it."""
        tags, at = self.body.tags, block.first
        if block.kind not in ("item", "cell"):
            return at
        while at and AROUND.fullmatch(tags[at - 1][1]):
            at -= 1
        return at if at and tags[at - 1][1].startswith("<blockquote") else None

    def _quoted_calls(self, quote: Quote) -> None:
        """Link the calls within a quotation to the notes of the quoted post."""
        source = quote.source
        if source is None:
            return
        is_here = source.thread == self.context.thread
        body = self.context.bodies_of.get(source.post) if is_here else None
        numbers = called_notes(body, source.spans) if body else dict(source.notes)
        page = self.context.page(source.post, self.id) if is_here else f"../{source.thread}/index.html"
        for start, end, number in self.signs.of((quote.start, quote.end), numbers):
            self.runs.append(Decoration(start, end, CALLING + len(self.calling)))
            href = f"{page}#{note_anchor(source.post, number)}"
            self.calling.append(f'<a class="quoted-call" href="{href}" role="doc-noteref">')

    def _over(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the blocks that overlap a range of the text; blocks do not overlap each other."""
        blocks = self.each.body.blocks
        first = max(0, bisect_right(self.starts, start) - 1)
        first += bool(first < len(blocks) and blocks[first].end <= start)
        return first, bisect_left(self.starts, end)

    def _past_mark(self, end: int) -> int:
        """Return the offset after the quotation mark that closes an inline quotation, so that the sign follows it."""
        text = self.body.text
        return end + (end < len(text) and text[end] in CLOSING)

    def _balanced(self, blocks: Sequence[Block]) -> bool:
        level = 0
        for _, tag in self.each.body.tags[blocks[0].first : blocks[-1].last + 1]:
            if tag.startswith(CALL) or tag in ("<br>", "<hr>"):
                continue
            level += -1 if tag.startswith("</") else 1
            if level < 0:
                return False
        return level == 0

    def _source(self, quote: Quote, id: str, block: Block) -> str:
        """Return who is quoted, for the beginning of a quotation; without a source, whom the markup of its block names."""
        if quote.source is None:
            # An opening post quotes what is not in the archive, and what looks like a quotation may be a console with its prompts.
            said = self.body.text[quote.start : quote.end].split("\n")
            expected = self.each.post.parent and not are_statements(list(filter(str.strip, said)))
            none = self.context.words.say("source not found in this archive") if expected else ""
            named = block.mark.author if block.mark else None
            shown = escape(", ".join(part for part in (named, none) if part))
            return f'<header class="source none" id="{id}">{shown}</header>'
        words = escape(shortened(quote.source.text, SHOWN), quote=True)
        return (
            f'<header class="source" id="{id}"><a href="{self._href(quote)}" title="{words}"{self._number(quote)}>'
            f"{escape(self._whereabouts(quote))}</a></header>"
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
