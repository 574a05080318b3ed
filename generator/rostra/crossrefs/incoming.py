"""The cross-references of a thread: everything that its edition needs from other threads."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct
from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.model import BackQuote, Edited, Edition, Kept, LinkedEdition, LinkedPost, Passage, Quote, Reference


class ArchiveMatch(Struct, frozen=True):
    """The best source so far, and its rank; ``who`` and ``title`` are the quoter's."""

    rank: tuple[int, float, str, str, str]
    passage: Passage
    who: str | None
    title: str


class Around(Struct, frozen=True):
    """The cross-references of a thread."""

    sources: dict[str, ArchiveMatch] = {}
    quoters: tuple[tuple[str, BackQuote], ...] = ()
    references: tuple[tuple[str, Reference], ...] = ()

    def revealed(self) -> tuple[str, ...]:
        """Return digests of the words and names of other threads that are shown with this one."""
        said = {(way.thread, way.who, way.title) for _, way in self.quoters}
        said |= {(found.passage.text, found.passage.who, found.passage.title) for found in self.sources.values()}
        said |= {(reference.thread, None, None) for _, reference in self.references}
        return tuple(sorted(sha256(encode(each)).hexdigest()[:16] for each in said))

    def complete(self, edition: Edition, kept: tuple[Kept, ...] = ()) -> LinkedEdition:
        """Return the edition with its cross-references; ``kept`` are the posts that left the thread."""
        back: dict[str, list[BackQuote]] = {}
        for post, way in self.quoters:
            back.setdefault(post, []).append(way)
        here: dict[str, list[Reference]] = {}
        for post, reference in self.references:
            here.setdefault(post, []).append(reference)
        return LinkedEdition(
            thread=edition.thread,
            problems=edition.problems,
            kept=kept,
            posts=tuple(
                LinkedPost(
                    post=each.post,
                    body=each.body,
                    quotes=tuple(self._sourced(each, n, quote) for n, quote in enumerate(each.quotes, 1)),
                    quoted_by=(*each.quoted_by, *back.get(each.post.id, ())),
                    references=tuple(here.get(each.post.id, ())),
                )
                for each in edition.posts
            ),
        )

    def _sourced(self, each: Edited, number: int, quote: Quote) -> Quote:
        found = self.sources.get(f"{each.post.id} {number}") if quote.source is None else None
        if found is None:
            return quote
        named, coverage, *_ = found.rank
        reason = f"coverage {-coverage:.2f}, in another debate" + (", which the quotation names" if named else "")
        tier = "named" if named else "archive"
        return replace(quote, source=found.passage, score=min(1.0, -coverage), tier=tier, reason=reason)
