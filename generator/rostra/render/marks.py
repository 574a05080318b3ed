"""Where the marks of quoted passages begin and end: at whole words, and after the punctuation, with a sign there.  Offsets are code points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from html import escape

from rostra.i18n.catalogue import Catalogue
from rostra.model import FORMAL, Body
from rostra.render.context import Quoter
from rostra.render.spans import parts_outside

CLOSING = ".,;:!?…)]}\"'”’»›"
"""Signs that belong to the word before them."""
LONGEST = 40
"""How many code points of a word are examined: longer runs of letters are not words."""


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range that begins and ends at the edge of a word."""
    first, last = start, end
    while 0 < first < len(text) and start - first < LONGEST and text[first - 1].isalnum() and text[first].isalnum():
        first -= 1
    while 0 < last < len(text) and last - end < LONGEST and text[last - 1].isalnum() and text[last].isalnum():
        last += 1
    return first, last


def past_punctuation(text: str, end: int) -> int:
    """Return the offset after the signs that follow a passage without a space, so that its sign follows them."""
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return end


def passage_ends(body: Body, quoters: Sequence[Quoter]) -> list[tuple[int, Quoter]]:
    """Return the quotations of a post with the offset at which each is named, in that order.

    The offset is the end of the quoted words, before a signature and before an attribution line, and after a link.  A quotation of such a
    line and of other words of the post is named at the other words.
    """
    formal = [(block.start, block.end) for block in body.blocks if block.kind in FORMAL]
    found: list[tuple[int, Quoter]] = []
    only: list[tuple[int, Quoter]] = []
    for quoter in quoters:
        parts = [
            part for span in quoter.spans for part in parts_outside(*span, formal) if body.text[slice(*part)].strip()
        ]
        start, end = parts[-1] if parts else quoter.spans[-1]
        end = start + len(body.text[start:end].rstrip())
        (found if parts else only).append((past_punctuation(body.text, whole_words(body.text, start, end)[1]), quoter))
    ends: dict[str, int] = {}
    for end, quoter in found:
        ends.setdefault(_quoting_post(quoter), end)
    found += ((ends.get(_quoting_post(quoter), end), quoter) for end, quoter in only)
    links = _links(body)
    return sorted(((_past_link(links, end), quoter) for end, quoter in found), key=lambda each: each[0])


def _links(body: Body) -> list[tuple[int, int]]:
    """Return where the texts of links are: links are not within each other."""
    edges = [at for at, tag in body.tags if tag == "</a>" or tag.startswith("<a ")]
    return list(zip(edges[::2], edges[1::2], strict=False))


def _past_link(links: Sequence[tuple[int, int]], end: int) -> int:
    """Return the end of the link that a sign would be within: signs are links too, so that all of them follow it."""
    last = links[n - 1][1] if (n := bisect_left(links, (end, 0))) else 0
    return max(end, last)


def _quoting_post(quoter: Quoter) -> str:
    return quoter.href.rpartition("-q")[0]


def before_space(text: str, end: int) -> int:
    """Return the offset after the last word before ``end``: a block may end with a line break, below which a sign would be alone."""
    while text[end - 1 : end].isspace():
        end -= 1
    return end


def sign(quoters: Sequence[Quoter], id: str, words: Catalogue) -> str:
    """Return the sign after a passage: a link to its quotation, or a list of several, whose id is ``id``.

    A post that quotes the passage several times has one line, with a number for each of its other quotations.
    """
    if len(quoters) == 1:
        return f'<span class="quoted-by">{_way(quoters[0])}</span>'
    posts: dict[str, list[str]] = {}
    for quoter in quoters:
        ways = posts.setdefault(quoter.post, [])
        ways.append(_way(quoter, str(len(ways) + 1) if ways else ""))
    links = "<br>".join(map("".join, posts.values()))
    label = escape(words.count("quoted once", "quoted %(num)s times", len(quoters)), quote=True)
    button = f'<button type="button" popovertarget="{id}" aria-label="{label}" data-count="{len(quoters)}"></button>'
    return f'<span class="quoted-by">{button}<span id="{id}" popover>{links}</span></span>'


def _way(quoter: Quoter, shown: str = "") -> str:
    """Return the link to a quotation; it shows where that is unless it is ``shown`` otherwise."""
    title, label = escape(shown or quoter.where, quote=True), escape(quoter.label, quote=True)
    number = f' data-number="{quoter.number}"' if quoter.number else ""
    return f'<a href="{quoter.href}" title="{title}" aria-label="{label}"{number}></a>'
