"""What other debates say of one: all that its edition lacks."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct
from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.model import BackQuote, Edited, Edition, Passage, Quote, Reference


class ArchiveMatch(Struct, frozen=True):
    """The best source so far, and by what it is better; ``who`` and ``title`` are the quoter's."""

    rank: tuple[int, float, str, str, str]
    passage: Passage
    who: str | None
    title: str


class Around(Struct, frozen=True):
    """What other debates say of one."""

    sources: dict[str, ArchiveMatch] = {}
    quoters: tuple[tuple[str, BackQuote], ...] = ()
    references: tuple[tuple[str, Reference], ...] = ()

    def revealed(self) -> tuple[str, ...]:
        """Digests of what other debates say and who says it, as far as it is shown with this one."""
        said = {(way.thread, way.who, way.title) for _, way in self.quoters}
        said |= {(found.passage.text, found.passage.who, found.passage.title) for found in self.sources.values()}
        said |= {(reference.thread, None, None) for _, reference in self.references}
        return tuple(sorted(sha256(encode(each)).hexdigest()[:16] for each in said))

    def complete(self, edition: Edition) -> Edition:
        """The edition with it."""
        if not (self.sources or self.quoters or self.references):
            return edition
        back: dict[str, list[BackQuote]] = {}
        for post, way in self.quoters:
            back.setdefault(post, []).append(way)
        here: dict[str, list[Reference]] = {}
        for post, reference in self.references:
            here.setdefault(post, []).append(reference)
        return replace(
            edition,
            posts=tuple(
                replace(
                    each,
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
