"""What the debates of an archive say of each other: quotations across them, and links that lead to what is here.

Editions stand in the store; what is held in memory grows with the quotations that found no source
in their own debate, not with the archive.  What was found is kept: a debate that is new or changed
is searched, and its own open quotations are sought in all; nothing else is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from rostra.around import Around, Found
from rostra.assemble import instant
from rostra.model import BackQuote, Edited, Edition, Passage, Reference
from rostra.quotations.index import local_seeds
from rostra.quotations.match import Match, match, spans
from rostra.quotations.tokens import Words, tokenise
from rostra.quotations.weights import bits
from rostra.store import Store
from rostra.stored import BITS, Open, plain_words

COVERAGE = 0.8
"""Of a marked quotation that a post of another debate must account for: more than within a debate, for
there are more posts to hit by chance."""
NAMED_COVERAGE = 0.5
"""Where the quotation's own markup names the post."""
RAREST = 3
"""Words of a quotation, the rarest, of which a source must have all but one."""


class Sought(Struct, frozen=True):
    """An open quotation while its source is sought."""

    thread: str
    open: Open
    words: Words
    rarest: frozenset[str]


def _sought(thread: str, quotation: Open) -> Sought:
    words = tokenise(quotation.text)
    rarest = sorted(filter(str.isalnum, set(words.words)), key=lambda word: (-bits(word), word))[:RAREST]
    return Sought(thread, quotation, words, frozenset(rarest))


class Concordance:
    """What the editions of a store say of each other."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._encode = msgspec.msgpack.Encoder().encode
        self._opens = msgspec.msgpack.Decoder(tuple[Open, ...]).decode
        self._founds = msgspec.msgpack.Decoder(Found).decode
        self._links = msgspec.msgpack.Decoder(dict[str, dict[int, tuple[str, str]]]).decode
        self._sought: list[Sought] = []
        self._by_word: dict[str, list[int]] = {}
        self._connected: set[str] = set()
        """Of no other debate anything is said elsewhere."""

    def search(self) -> None:
        """Find the sources of open quotations: of those that are new in every debate, of all in those that are."""
        fresh: list[Sought] = []
        known: list[Sought] = []
        for thread, blob in self.store.opened():
            for each in self._opens(blob):
                is_new = thread in self.store.changed or (thread, each.post, each.number) in self.store.lost
                (fresh if is_new else known).append(_sought(thread, each))
        self._seek(fresh, self.store.ids())
        self._seek(known, sorted(self.store.changed))
        connected = (
            "SELECT thread FROM found UNION SELECT source FROM found UNION SELECT thread FROM linked WHERE key = '#' "
            "UNION SELECT linked.thread FROM linked JOIN addresses USING (key)"
        )
        self._connected = {id for (id,) in self.store.base.execute(connected)}

    def _seek(self, sought: list[Sought], threads: list[str]) -> None:
        if not sought or not threads:
            return
        self._sought = sought
        self._by_word = {}
        for n, quote in enumerate(sought):
            for word in quote.rarest:
                self._by_word.setdefault(word, []).append(n)
        rare = frozenset(self._by_word)
        least = min(min(len(quote.rarest), RAREST - 1) for quote in sought)
        for edition in self.store.holding(rare, least, threads):
            for each in edition.posts:
                if shared := rare.intersection(plain_words(each.body.text)):
                    self._try(edition, each, shared)

    def _try(self, edition: Edition, each: Edited, shared: frozenset[str]) -> None:
        hits: dict[int, int] = {}
        for word in shared:
            for n in self._by_word[word]:
                hits[n] = hits.get(n, 0) + 1
        words: Words | None = None
        native = (edition.thread.native_id, each.post.raw.native_id)
        for n, count in sorted(hits.items()):
            quote = self._sought[n]
            if quote.thread == edition.thread.id or count < min(len(quote.rarest), RAREST - 1):
                continue
            mark = quote.open.mark
            named = mark is not None and mark.thread is not None and (mark.thread, mark.post) == native
            if not named and not _earlier(each.post.raw.created, quote.open.created):
                continue
            if words is None:
                words = tokenise(each.body.text)
                own = _own(each, words)
            size = len(quote.words.words)
            seeds = local_seeds(quote.words, 0, size, words)
            made = match(0, seeds, quote.words, 0, size, words, None if named else own)
            least, weight = (NAMED_COVERAGE, 0.0) if named else (COVERAGE, BITS)
            if made is not None and made.coverage >= least and made.weight >= weight:
                self._better(quote, named, made, edition, each, words)

    def _better(self, quote: Sought, named: bool, made: Match, edition: Edition, each: Edited, words: Words) -> None:
        raw, thread = each.post.raw, edition.thread.id
        when = instant(raw.created) if raw.created else "~"
        rank = (-int(named), -round(made.coverage, 2), when, thread, each.post.id)
        key = (quote.thread, quote.open.post, quote.open.number)
        before = self.store.base.execute(
            "SELECT found FROM found WHERE thread = ? AND post = ? AND number = ?", key
        ).fetchone()
        if before is not None and self._founds(before[0]).rank <= rank:
            return
        text = each.body.text
        places = spans(made.found, quote.words, quote.open.text, words, text)
        passage = Passage(
            thread=thread,
            post=each.post.id,
            spans=places,
            text=" … ".join(text[a:b] for a, b in places),
            who=raw.author.name if raw.author else None,
            title=edition.thread.title,
        )
        found = self._encode(Found(rank, passage, quote.open.who, quote.open.title))
        self.store.base.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?)", (*key, thread, found))

    def around(self, id: str) -> Around:
        """What the other debates say of one: all that its edition lacks; asked once all were searched."""
        if id not in self._connected:
            return Around()
        base = self.store.base
        sources = base.execute("SELECT post, number, found FROM found WHERE thread = ? ORDER BY post, number", (id,))
        quoters = base.execute(
            "SELECT thread, post, number, found FROM found WHERE source = ? ORDER BY thread, post, number", (id,)
        )
        _, links = self.store.about(id)
        return Around(
            sources={f"{post} {number}": self._founds(blob) for post, number, blob in sources},
            quoters=tuple(
                (found.passage.post, BackQuote(thread=thread, post=post, quote=number, start=start, end=end,
                                               who=found.who, title=found.title))
                for thread, post, number, blob in quoters
                for found in (self._founds(blob),)
                for start, end in found.passage.spans
            ),
            references=tuple(self._references(id, links)) if links else (),
        )  # fmt: skip

    def _references(self, id: str, links: bytes) -> Iterator[tuple[str, Reference]]:
        for post, found in self._links(links).items():
            for tag, (key, url) in found.items():
                if key.startswith("#"):
                    yield post, Reference(tag=tag, url=url, thread=id, post=key[1:])
                    continue
                row = self.store.base.execute(
                    # Of two dumps that hold one post, the first by name; a debate's own before others'.
                    "SELECT thread, post FROM addresses WHERE key = ? ORDER BY thread <> ?, thread LIMIT 1", (key, id)
                ).fetchone()  # fmt: skip
                if row is not None and row != (id, post):
                    yield post, Reference(tag=tag, url=url, thread=row[0], post=row[1])


def _earlier(source: str | None, quoting: str | None) -> bool:
    """Whether the source is known to have been written first; where that is not known, there is no link."""
    return bool(source and quoting and instant(source) < instant(quoting))


def _own(each: Edited, words: Words) -> list[bool]:
    """Which words are the post's own: not set apart, not tied to another post."""
    own = [True] * len(words.words)
    away = [(block.start, block.end) for block in each.body.blocks if block.depth]
    away += [(quote.start, quote.end) for quote in each.quotes if quote.source]
    for start, end in away:
        low, high = bisect_left(words.starts, start), bisect_left(words.starts, end)
        own[low:high] = [False] * (high - low)
    return own
