"""Resolve quotations and links between the threads of an archive.

The store holds the editions and the open quotations.  Memory holds the place of each open quotation and a number for
every three of its words.  Results are kept: only a new or changed thread is searched, and only its own open quotations
are searched in all threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

import msgspec

from rostra.crossrefs.find_quoted import OpenQuotations, Sought, sources
from rostra.crossrefs.incoming import ArchiveMatch, Around
from rostra.errors import RostraError
from rostra.model import BackQuote, Reference
from rostra.store.cross_links import QuotationPlace
from rostra.store.store import Store
from rostra.store.stored_edition import Open
from rostra.system.attempts import Failed, attempt
from rostra.system.workers import Job, Workers

OpenPlace = tuple[str, int]
"""The place of an open quotation: its thread, and its number among the open ones there."""


class Concordance:
    """Cross-references between the editions of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._encode = msgspec.msgpack.Encoder().encode
        self._opens = msgspec.msgpack.Decoder(tuple[Open, ...]).decode
        self._founds = msgspec.msgpack.Decoder(ArchiveMatch).decode
        self._links = msgspec.msgpack.Decoder(dict[str, dict[int, tuple[str, str]]]).decode
        self._connected: set[str] = set()
        """The only threads with cross-references."""

    def search(self, workers: Workers, failures: list[RostraError]) -> None:
        """Find the sources of open quotations: of new quotations in every thread, of all quotations in new threads.

        If the search in a thread fails, the failure is added to ``failures``, there is no link, and the next build retries.
        """
        self.store.changed |= self.store.last.unsearched() & set(self.store.ids())
        fresh, known = OpenQuotations[OpenPlace](), OpenQuotations[OpenPlace]()
        for thread, blob in self.store.opened():
            for n, each in enumerate(self._opens(blob)):
                is_new = (
                    thread in self.store.changed or QuotationPlace(thread, each.post, each.number) in self.store.lost
                )
                (fresh if is_new else known).add((thread, n), each)
        jobs = chain(self._sought(fresh, self.store.ids()), self._sought(known, sorted(self.store.changed)))
        for thread, found in workers.map(attempt, jobs):
            if isinstance(found, Failed):
                found.error.path = self.store.dump(thread)
                failures.append(found.error)
                self.store.last.note_unsearched(thread)
            else:
                self._merge(found)
        self._connected = self.store.cross_links.connected()

    def _sought(self, wanted: OpenQuotations[OpenPlace], threads: Iterable[str]) -> Iterator[Job[str]]:
        """Yield a job for each thread: search it for the quotations with which it shares word triples."""
        opens = lru_cache(maxsize=1000)(lambda thread: self._opens(self.store.open(thread)))
        for thread in threads if wanted else ():
            places = wanted.by(self.store.grams(thread))
            if sought := [Sought(of, opens(of)[n]) for of, n in places if of != thread]:
                row = self.store.texts.row(thread)
                assert row
                doing = f"finding what others quote of debates/{thread}"
                yield Job(thread, row.edition, (doing, sources, sought, self.store.texts.folder, row))

    def _merge(self, found: list[tuple[Sought, ArchiveMatch]]) -> None:
        """Keep the best source of each quotation, independent of the order in which they are found."""
        links = self.store.cross_links
        for quote, new in found:
            place = QuotationPlace(quote.thread, quote.open.post, quote.open.number)
            before = links.found(place)
            if before is None or new.rank < self._founds(before).rank:
                links.note_found(place, new.passage.thread, self._encode(new))

    def around(self, id: str) -> Around:
        """Return the cross-references of a thread; call it after the search."""
        if id not in self._connected:
            return Around()
        cross_links = self.store.cross_links
        _, links = self.store.about(id)
        return Around(
            sources={f"{at.post} {at.number}": self._founds(blob) for at, blob in cross_links.sources(id)},
            quoters=tuple(
                (found.passage.post, BackQuote(thread=by.thread, post=by.post, quote=by.number, start=start, end=end,
                                               who=found.who, title=found.title))
                for by, blob in cross_links.quoters(id)
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
                there = self.store.cross_links.addressed(key, id)
                if there is not None and there != (id, post):
                    yield post, Reference(tag=tag, url=url, thread=there[0], post=there[1])
