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
                is_new = thread in self.store.changed or (thread, each.post, each.number) in self.store.lost
                (fresh if is_new else known).add((thread, n), each)
        jobs = chain(self._sought(fresh, self.store.ids()), self._sought(known, sorted(self.store.changed)))
        for thread, found in workers.map(attempt, jobs):
            if isinstance(found, Failed):
                found.error.path = self.store.dump(thread)
                failures.append(found.error)
                self.store.last.note_unsearched(thread)
            else:
                self._merge(found)
        connected = (
            "SELECT thread FROM found UNION SELECT source FROM found UNION SELECT thread FROM linked WHERE key = '#' "
            "UNION SELECT linked.thread FROM linked JOIN addresses USING (key)"
        )
        self._connected = {id for (id,) in self.store.base.execute(connected)}

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
        base = self.store.base
        for quote, new in found:
            key = (quote.thread, quote.open.post, quote.open.number)
            before = base.execute(
                "SELECT found FROM found WHERE thread = ? AND post = ? AND number = ?", key
            ).fetchone()
            if before is None or new.rank < self._founds(before[0]).rank:
                row = (*key, new.passage.thread, self._encode(new))
                base.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?)", row)

    def around(self, id: str) -> Around:
        """Return the cross-references of a thread; call it after the search."""
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
                    # If two dumps hold a post, the first by name wins; the thread's own comes before others.
                    "SELECT thread, post FROM addresses WHERE key = ? ORDER BY thread <> ?, thread LIMIT 1", (key, id)
                ).fetchone()  # fmt: skip
                if row is not None and row != (id, post):
                    yield post, Reference(tag=tag, url=url, thread=row[0], post=row[1])
