"""What the debates of an archive say of each other: quotations across them, and links that lead to what is here.

Editions are kept on disk and given back complete; what is held in memory grows with the
quotations that found no source in their own debate, not with the archive.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rostra import addresses
from rostra.assemble import instant
from rostra.model import BackQuote, Edited, Edition, Mark, Passage, Quote, Reference, Thread
from rostra.quotations.index import local_seeds
from rostra.quotations.match import Match, match, spans
from rostra.quotations.tokens import Words, tokenise
from rostra.quotations.weights import bits

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

    thread: str
    post: str
    number: int
    created: str | None
    mark: Mark | None
    text: str
    words: Words
    rarest: frozenset[str]


class Found(Struct, frozen=True):
    """The best source so far, and by what it is better."""

    rank: tuple[int, float, str, str, str]
    passage: Passage


class Concordance:
    """The editions of a build; used as a context, within which its file exists."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._parent = folder
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Edition).decode
        self._open: list[Open] = []
        self._found: dict[tuple[str, str, int], Found] = {}
        self._back: dict[tuple[str, str], list[BackQuote]] = {}
        self._hosts: set[str] = set()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="concordance-", dir=self._parent)
        self._base = sqlite3.connect(Path(self._folder.name) / "editions.sqlite")
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE editions (id TEXT PRIMARY KEY, edition BLOB);"
            "CREATE TABLE addresses (key TEXT PRIMARY KEY, thread TEXT, post TEXT) WITHOUT ROWID"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, edition: Edition) -> None:
        """Keep an edition, and what others may need of it."""
        self._base.execute("INSERT INTO editions VALUES (?, ?)", (edition.thread.id, self._encode(edition)))
        self._register(edition)
        for each in edition.posts:
            for number, quote in enumerate(each.quotes, 1):
                if quote.source is None and quote.tier == "none":
                    self._open += _opened(edition.thread.id, each, number, quote)

    def editions(self) -> Iterator[Edition]:
        """Every edition, by id, with what the others say of it."""
        self._search()
        for edition in self._stored():
            yield self._complete(edition)

    def _stored(self) -> Iterator[Edition]:
        ids = [id for (id,) in self._base.execute("SELECT id FROM editions ORDER BY id")]
        for id in ids:
            (blob,) = self._base.execute("SELECT edition FROM editions WHERE id = ?", (id,)).fetchone()
            yield self._decode(blob)

    def _register(self, edition: Edition) -> None:
        thread = edition.thread
        rows = [(thread.url, None), *((each.post.raw.url, each.post.id) for each in edition.posts)]
        keyed = [(found, thread.id, post) for url, post in rows if url and (found := addresses.key(url))]
        self._hosts.update(found.partition("/")[0] for found, _, _ in keyed)
        # Two dumps that hold one post: the first that is read keeps the address.
        self._base.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)", keyed)

    def _search(self) -> None:
        if not self._open:
            return
        by_word: dict[str, list[int]] = {}
        for n, quote in enumerate(self._open):
            for word in quote.rarest:
                by_word.setdefault(word, []).append(n)
        rare = frozenset(by_word)
        for edition in self._stored():
            for each in edition.posts:
                words = tokenise(each.body.text)
                if shared := rare.intersection(words.words):
                    self._try(edition, each, words, shared, by_word)
        for (thread, post, number), found in sorted(self._found.items()):
            passage = found.passage
            for start, end in passage.spans:
                way = BackQuote(thread=thread, post=post, quote=number, start=start, end=end)
                self._back.setdefault((passage.thread, passage.post), []).append(way)

    def _try(
        self, edition: Edition, each: Edited, words: Words, shared: frozenset[str], by_word: dict[str, list[int]]
    ) -> None:
        hits: dict[int, int] = {}
        for word in shared:
            for n in by_word[word]:
                hits[n] = hits.get(n, 0) + 1
        own: list[bool] | None = None
        for n, count in sorted(hits.items()):
            quote = self._open[n]
            if quote.thread == edition.thread.id or count < min(len(quote.rarest), RAREST - 1):
                continue
            named = bool(
                quote.mark and quote.mark.thread and (quote.mark.thread, quote.mark.post)
                == (edition.thread.native_id, each.post.raw.native_id)
            )  # fmt: skip
            if not named and not _earlier(each.post.raw.created, quote.created):
                continue
            own = own if own is not None else _own(each, words)
            seeds = local_seeds(quote.words, 0, len(quote.words.words), words)
            made = match(0, seeds, quote.words, 0, len(quote.words.words), words, None if named else own)
            if (
                made is None
                or made.coverage < (NAMED_COVERAGE if named else COVERAGE)
                or (not named and made.weight < BITS)
            ):
                continue
            self._better(quote, named, made, edition, each, words)

    def _better(self, quote: Open, named: bool, made: Match, edition: Edition, each: Edited, words: Words) -> None:
        raw = each.post.raw
        rank = (
            -int(named),
            -round(made.coverage, 2),
            instant(raw.created) if raw.created else "~",
            edition.thread.id,
            each.post.id,
        )
        key = (quote.thread, quote.post, quote.number)
        if key in self._found and self._found[key].rank <= rank:
            return
        text = each.body.text
        places = spans(made.found, quote.words, quote.text, words, text)
        passage = Passage(
            thread=edition.thread.id,
            post=each.post.id,
            spans=places,
            text=" … ".join(text[a:b] for a, b in places),
            who=raw.author.name if raw.author else None,
            title=edition.thread.title,
        )
        self._found[key] = Found(rank, passage)

    def _complete(self, edition: Edition) -> Edition:
        thread = edition.thread
        natives = {each.post.raw.native_id: each.post.id for each in edition.posts if each.post.raw.native_id}
        posts = []
        for each in edition.posts:
            quotes = tuple(self._sourced(thread.id, each, n, quote) for n, quote in enumerate(each.quotes, 1))
            back = tuple(self._named(way) for way in self._back.get((thread.id, each.post.id), ()))
            references = tuple(self._references(each, thread, natives))
            changed = quotes != each.quotes or back or references
            quoted_by = (*each.quoted_by, *back)
            posts.append(replace(each, quotes=quotes, quoted_by=quoted_by, references=references) if changed else each)
        return replace(edition, posts=tuple(posts))

    def _sourced(self, thread: str, each: Edited, number: int, quote: Quote) -> Quote:
        found = self._found.get((thread, each.post.id, number)) if quote.source is None else None
        if found is None:
            return quote
        named, coverage, *_ = found.rank
        reason = f"coverage {-coverage:.2f}, in another debate" + (", which the quotation names" if named else "")
        tier = "named" if named else "archive"
        return replace(quote, source=found.passage, score=min(1.0, -coverage), tier=tier, reason=reason)

    def _named(self, way: BackQuote) -> BackQuote:
        (blob,) = self._base.execute("SELECT edition FROM editions WHERE id = ?", (way.thread,)).fetchone()
        quoting = self._decode(blob)
        post = next(each.post for each in quoting.posts if each.post.id == way.post)
        return replace(way, who=post.raw.author.name if post.raw.author else None, title=quoting.thread.title)

    def _references(self, each: Edited, thread: Thread, natives: dict[str, str]) -> Iterator[Reference]:
        base = thread.url
        for n, (_, tag) in enumerate(each.body.tags):
            if not (link := LINK.match(tag)):
                continue
            if link[1].startswith("#"):
                if post := natives.get(link[1][1:]):
                    yield Reference(tag=n, url=link[1], thread=thread.id, post=post)
                continue
            try:
                address = urljoin(each.post.raw.url or base or "", unescape(link[1]))
            except ValueError:
                continue
            key = addresses.key(address)
            if key is None or key.partition("/")[0] not in self._hosts:
                continue
            row = self._base.execute("SELECT thread, post FROM addresses WHERE key = ?", (key,)).fetchone()
            if row is not None and row != (None, each.post.id):
                yield Reference(tag=n, url=address, thread=row[0], post=row[1])


def _opened(thread: str, each: Edited, number: int, quote: Quote) -> Iterator[Open]:
    said = each.body.text[quote.start : quote.end]
    words = tokenise(said)
    mark = next((block.mark for block in each.body.blocks if block.start == quote.start), None)
    named = mark is not None and mark.thread is not None
    distinct = set(words.words)
    if not named and sum(map(bits, distinct)) < BITS:
        return
    rarest = sorted(distinct, key=lambda word: (-bits(word), word))[:RAREST]
    if rarest:
        yield Open(thread, each.post.id, number, each.post.raw.created, mark, said, words, frozenset(rarest))


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
