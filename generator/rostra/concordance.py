"""What the debates of an archive say of each other: quotations across them, and links that lead to what is here.

Editions stand in the store; what is held in memory grows with the quotations that found no source
in their own debate, not with the archive.  What was found is kept: a debate that is new or changed
is searched, and its own open quotations are sought in all; nothing else is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from rostra import addresses
from rostra.around import Around, Found
from rostra.assemble import instant
from rostra.model import BackQuote, Edited, Edition, Mark, Passage, Quote, Reference, Thread
from rostra.quotations.index import local_seeds
from rostra.quotations.match import Match, match, spans
from rostra.quotations.tokens import Words, tokenise
from rostra.quotations.weights import bits
from rostra.store import Store, plain_words

COVERAGE, BITS = 0.8, 60.0
"""Of a marked quotation that a post of another debate must account for: more than within a debate, for
there are more posts to hit by chance."""
NAMED_COVERAGE = 0.5
"""Where the quotation's own markup names the post."""
RAREST = 3
"""Words of a quotation, the rarest, of which a source must have all but one."""
LINK = re.compile(r'<a (?:[a-z-]+="[^"]*" )*?href="([^"]*)"')


class Open(Struct, frozen=True):
    """A quotation that is set apart and found no source in its own debate."""

    post: str
    number: int
    created: str | None
    who: str | None
    title: str
    mark: Mark | None
    text: str

    def sought(self, thread: str) -> Sought:
        """The same with its words told apart."""
        words = tokenise(self.text)
        rarest = sorted(filter(str.isalnum, set(words.words)), key=lambda word: (-bits(word), word))[:RAREST]
        return Sought(thread, self, words, frozenset(rarest))


class Sought(Struct, frozen=True):
    """An open quotation while its source is sought."""

    thread: str
    open: Open
    words: Words
    rarest: frozenset[str]


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

    def add(self, dump: str, key: str, edition: Edition) -> None:
        """Keep an edition, and what others may need of it; ``key`` is what it depends on."""
        opened = tuple(
            quotation
            for each in edition.posts
            for number, quote in enumerate(each.quotes, 1)
            if quote.source is None and quote.tier == "none" and (quotation := _opened(edition, each, number, quote))
        )
        natives = {each.post.raw.native_id: each.post.id for each in edition.posts if each.post.raw.native_id}
        links = {
            each.post.id: found for each in edition.posts if (found := dict(_links(each, edition.thread, natives)))
        }
        self.store.add(dump, key, edition, self._encode(opened), self._encode(links) if links else b"")
        thread = edition.thread
        named: list[tuple[str | None, str | None]] = [(addresses.key(thread.url or ""), None)]
        for each in edition.posts:
            named += (
                (addresses.message(each.post.raw.native_id), each.post.id),
                (addresses.key(each.post.raw.url or ""), each.post.id),
            )
        led = {key[:1] if key.startswith("#") else key for found in links.values() for key, _ in found.values()}
        self.store.base.executemany("INSERT INTO linked VALUES (?, ?)", [(thread.id, key) for key in sorted(led)])
        keyed = [(key, thread.id, post) for key, post in named if key]
        self.store.base.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)", keyed)

    def search(self) -> None:
        """Find the sources of open quotations: of those that are new in every debate, of all in those that are."""
        fresh: list[Sought] = []
        known: list[Sought] = []
        for thread, blob in self.store.opened():
            for each in self._opens(blob):
                is_new = thread in self.store.changed or (thread, each.post, each.number) in self.store.lost
                (fresh if is_new else known).append(each.sought(thread))
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


def _links(each: Edited, thread: Thread, natives: dict[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """The links of a body that may lead to what the archive holds: the tag's index, the key and the address."""
    for n, (_, tag) in enumerate(each.body.tags):
        if not (link := LINK.match(tag)):
            continue
        url = unescape(link[1])
        if url.startswith("#"):
            if post := natives.get(url[1:]):
                yield n, (f"#{post}", url)
            continue
        with suppress(ValueError):
            url = urljoin(each.post.raw.url or thread.url or "", url)
            if key := addresses.key(url):
                yield n, (key, url)


def _opened(edition: Edition, each: Edited, number: int, quote: Quote) -> Open | None:
    said = each.body.text[quote.start : quote.end]
    mark = next((block.mark for block in each.body.blocks if block.start == quote.start), None)
    named = mark is not None and mark.thread is not None
    distinct = set(tokenise(said).words)
    if not distinct or (not named and sum(map(bits, distinct)) < BITS):
        return None
    raw = each.post.raw
    who = raw.author.name if raw.author else None
    return Open(each.post.id, number, raw.created, who, edition.thread.title, mark, said)


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
