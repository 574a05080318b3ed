"""Separate a hidden post's own words from those that it quotes from people who are not hidden."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from rostra.i18n.text_folding import WORD, fold_text, folded_words
from rostra.model import Block, Body, Post, Quote
from rostra.model.timestamps import sortable_time
from rostra.privacy.repeated_text import Echoes, Span, tells
from rostra.quotations.zones import attribution_of


class Own(NamedTuple):
    """A post's own words, and the quotations in it without a known source."""

    texts: tuple[str, ...]
    open: tuple[str, ...]


def own(body: Body, quotes: Sequence[Quote], others: Collection[str]) -> Own:
    """Return a post's own words, given its resolved ``quotes`` and the ids of ``others``, the posts that are not hidden."""
    foreign = [
        (each.start, each.end)
        for each in quotes
        if each.source and each.source.post in others and _is_theirs(body, each)
    ]
    # Other people introduce the same quotation with the same words.
    foreign += [(block.start, block.end) for block in body.blocks if not block.depth and is_attribution(body, block)]
    open = [(each.start, each.end) for each in quotes if each.source is None and each.kind == "block"]
    texts = (*outside(body.text, (*foreign, *open)), *(note.text for note in body.notes))
    return Own(texts, tuple(body.text[start:end] for start, end in open))


def _is_theirs(body: Body, quote: Quote) -> bool:
    """Whether a quotation is marked as one, or is equal to its source; else part of it may be the poster's own words."""
    said = folded_words(body.text[quote.start : quote.end])
    return any(each.depth and each.start <= quote.start < each.end for each in body.blocks) or (
        quote.source is not None and said == folded_words(quote.source.text)
    )


def is_attribution(body: Body, block: Block) -> bool:
    """Whether a paragraph only introduces the next quotation."""
    if block.kind not in ("paragraph", "attribution"):
        return False
    said = body.text[block.start : block.end]
    return block.kind == "attribution" or attribution_of(said, len(folded_words(said))) is not None


def outside(text: str, spans: Iterable[Span]) -> Iterator[str]:
    """Yield the stretches of a text outside of spans."""
    at = 0
    for start, end in sorted(spans):
        if start > at:
            yield text[at:start]
        at = max(at, end)
    yield text[at:]


class Unclaimed:
    """Quotations in hidden posts without a known source.

    Words that others use outside quotations, and not known to be later, are theirs; the rest is the hidden person's.
    """

    def __init__(self) -> None:
        self._echoes = Echoes()
        self._known: set[str] = set()
        self._starts: list[int] = []
        self._quotations: list[_Quotation] = []

    def __bool__(self) -> bool:
        return bool(self._quotations)

    def add(self, text: str, created: str | None, number: int) -> bool:
        """Add a quotation, with the time and the rule of its post; return False if it is already known."""
        words = folded_words(text)
        if not words or text in self._known:
            return False
        self._known.add(text)
        self._starts.append(self._echoes.end)
        self._echoes.place(words)
        self._quotations.append(_Quotation(words, created, number, bytearray(len(words))))
        return True

    def hold(self, post: Post, body: Body) -> None:
        """Compare a post that is not hidden with the quotations, and record which words are its own."""
        for block in body.blocks:
            if block.depth:
                continue
            words = folded_words(body.text[block.start : block.end])
            for run in self._echoes.runs(words):
                for place in run.places:
                    n = bisect_right(self._starts, place) - 1
                    quotation, low, size = self._quotations[n], place - self._starts[n], run.high - run.low
                    enough = size == len(quotation.words) or tells(words[run.low : run.high])
                    if enough and not _is_later(post.raw.time, quotation.created):
                        quotation.claimed[low : low + size] = b"\1" * size

    def left(self) -> Iterator[tuple[str, int]]:
        """Yield the words that nobody else uses, with the rule that hides them."""
        for each in self._quotations:
            number = each.number
            kept = " ".join("\n" if taken else word for word, taken in zip(each.words, each.claimed, strict=True))
            yield from ((text, number) for part in kept.split("\n") if (text := part.strip()))


class _Quotation(Struct):
    """A quotation; ``claimed`` tells of each of its words whether somebody else uses it, as far as posts were seen."""

    words: list[str]
    created: str | None
    number: int
    claimed: bytearray


def places(text: str, words: str) -> list[Span]:
    """Return all spans of words in a text: ignoring white space, and in folded form."""
    parts = words.split()
    found = [each.span() for each in re.finditer(r"\s+".join(map(re.escape, parts)), text)] if parts else []
    reading, wanted = fold_text(text), folded_words(words)
    at = [each.span() for each in WORD.finditer(reading.low)]
    said = [reading.low[start:end] for start, end in at]
    alike = (n for n in range(len(said) - len(wanted) + 1) if wanted and said[n : n + len(wanted)] == wanted)
    return sorted({*found, *(reading.span(at[n][0], at[n + len(wanted) - 1][1]) for n in alike)})


def _is_later(time: str | None, other: str | None) -> bool:
    return bool(time and other and sortable_time(time) > sortable_time(other))
