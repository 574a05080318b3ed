"""Find the posts of a thread that other threads quote: a pure function of the quotations and the edition."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Generic, TypeVar

from msgspec import Struct

from rostra.crossrefs.incoming import ArchiveMatch
from rostra.markup.quoted_notes import called_notes
from rostra.model import Edited, Edition, Passage, decode_edition
from rostra.model.timestamps import sortable_time
from rostra.people.appearances import author_name
from rostra.quotations.index import local_seeds
from rostra.quotations.match import Match, match, spans
from rostra.quotations.tokens import Tokens, tokenise
from rostra.store.partitions import Row, read_part
from rostra.store.stored_edition import BITS, Open, grams

Name = TypeVar("Name")

COVERAGE = 0.8
"""The coverage of a marked quotation that a post of another thread needs: more than within a thread, because more
posts can match by chance."""
NAMED_COVERAGE = 0.5
"""The same if the quotation's markup names the post."""


class Sought(Struct, frozen=True):
    """An open quotation: one without a source in its own thread."""

    thread: str
    open: Open


class OpenQuotations(Generic[Name]):
    """Open quotations under any key, indexed by their word triples."""

    def __init__(self) -> None:
        self._names: list[tuple[Name, int]] = []
        self._by_gram: dict[int, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._names)

    def add(self, name: Name, quotation: Open) -> None:
        """Add a quotation."""
        said = grams(quotation.text)
        for gram in said:
            self._by_gram.setdefault(gram, []).append(len(self._names))
        self._names.append((name, quotation.least(len(said))))

    def by(self, held: Iterable[int]) -> list[Name]:
        """Return those that may quote a text with these word triples."""
        hits: dict[int, int] = {}
        for gram in self._by_gram.keys() & held:
            for n in self._by_gram[gram]:
                hits[n] = hits.get(n, 0) + 1
        return [name for n in sorted(hits) for name, least in (self._names[n],) if hits[n] >= least]


def sources(sought: Sequence[Sought], folder: str, row: Row) -> list[tuple[Sought, ArchiveMatch]]:
    """Return the passages of an edition's posts that these quotations of other threads quote; it is in ``folder``."""
    edition = decode_edition(read_part(folder, row, "edition"))
    found: list[tuple[Sought, ArchiveMatch]] = []
    quoted = cache(tokenise)
    wanted = OpenQuotations[Sought]()
    for quote in sought:
        wanted.add(quote, quote.open)
    for each in edition.posts:
        likely = wanted.by(grams(each.body.text))
        found += _held(likely, edition, each, quoted) if likely else ()
    return found


def _held(
    likely: list[Sought], edition: Edition, each: Edited, quoted: Callable[[str], Tokens]
) -> Iterator[tuple[Sought, ArchiveMatch]]:
    words: Tokens | None = None
    own: list[bool] = []
    native = (edition.thread.native_id, each.post.raw.native_id)
    for quote in likely:
        mark = quote.open.mark
        named = mark is not None and mark.thread is not None and (mark.thread, mark.post) == native
        if not named and not _earlier(each.post.raw.time, quote.open.created):
            continue
        if words is None:
            words = tokenise(each.body.text)
            own = _own(each, words)
        said = quoted(quote.open.text)
        size = len(said.words)
        seeds = local_seeds(said, 0, size, words)
        made = match(0, seeds, said, 0, size, words, None if named else own)
        least, weight = (NAMED_COVERAGE, 0.0) if named else (COVERAGE, BITS)
        if made is not None and made.coverage >= least and made.weight >= weight:
            yield quote, _found(quote.open, said, named, made, edition, each, words)


def _found(
    quote: Open, said: Tokens, named: bool, made: Match, edition: Edition, each: Edited, words: Tokens
) -> ArchiveMatch:  # fmt: skip
    raw, thread, text = each.post.raw, edition.thread, each.body.text
    when = sortable_time(raw.time) if raw.time else "~"
    places = spans(made.found, said, quote.text, words, text)
    passage = Passage(
        thread=thread.id,
        post=each.post.id,
        spans=places,
        text=" … ".join(text[a:b] for a, b in places),
        who=author_name(raw.author),
        title=thread.title,
        notes=tuple(called_notes(each.body, places).items()),
    )
    rank = (-int(named), -round(made.coverage, 2), when, thread.id, each.post.id)
    return ArchiveMatch(rank, passage, quote.who, quote.title)


def _earlier(source: str | None, quoting: str | None) -> bool:
    """Whether the source was written before the quotation; False if that is unknown."""
    return bool(source and quoting and sortable_time(source) < sortable_time(quoting))


def _own(each: Edited, words: Tokens) -> list[bool]:
    """Return which words are the post's own: neither marked as a quotation nor linked to another post."""
    own = [True] * len(words.words)
    away = [(block.start, block.end) for block in each.body.blocks if block.depth]
    away += [(quote.start, quote.end) for quote in each.quotes if quote.source]
    for start, end in away:
        low, high = bisect_left(words.starts, start), bisect_left(words.starts, end)
        own[low:high] = [False] * (high - low)
    return own
