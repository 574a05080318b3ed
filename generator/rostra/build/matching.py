"""Find the debate of a thread: the addresses that it was published under, and the threads of other dumps that it is joined with."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from rostra.build.desk import Desk
from rostra.config.cards import Card
from rostra.ingest.failures import Taken
from rostra.model import Thread
from rostra.threads.same_thread import MESSAGE_ID


class Matched(NamedTuple):
    """A thread under the addresses that it was published under, and the debates that it is ``joined`` with, best match first."""

    thread: Thread
    joined: list[str]


class Matching:
    """Compares the threads of one pass over all dumps with the debates placed before, and with those it does not read.

    ``present`` are the debates to publish, each with its dump, and grow as threads are placed; ``hidden`` are those that
    no dump publishes.  ``whole`` are the dumps that the pass reads though they are unchanged.
    """

    def __init__(
        self, desk: Desk, cards: Mapping[str, Card], present: dict[str, str], hidden: dict[str, str], whole: set[str]
    ) -> None:  # fmt: skip
        self._desk, self._cards, self._whole = desk, cards, whole
        self.known = ChainMap(present, hidden) if len(cards) > 1 else {}
        self._early = frozenset(self.known)
        """The debates of dumps that this pass does not read, or only what grew of them."""
        self.connected: set[str] = set()
        """The dumps to be read whole in another pass: a thread that was read is like one of a dump that was not."""
        self._same_id = defaultdict[str | None, set[str]](set)
        for dump, card in cards.items():
            self._same_id[card.id].add(dump)

    def find(self, of: Taken, natural: Thread, called: str, taken: Collection[str]) -> Matched:
        """Match a thread of a dump; ``called`` is its natural id, ``taken`` are the debates placed before."""
        store = self._desk.store
        chosen = of.chose(natural)
        thread = store.published.settle(natural, chosen=chosen, dump=of.dump, dumps=self._cards.keys(), taken=taken)
        # A name in an address is published too.
        thread = store.formers.attached(of.dump, replace(thread, id=self._desk.hiding.address(thread)))
        others = self._same_id[of.entry.card.id] - {of.dump} if chosen else ()
        found = store.parts.alike(thread, of.dump, self.known, called, others)
        alike = [each for each in found if not self._apart(of.dump, each, thread)]
        for each in self._early.intersection(alike):
            dumps = self._dumps(each) | {of.dump}
            if len(dumps) > 1 and not dumps <= self._whole:
                # Of threads that are alike, those that are joined are chosen in the order of the dumps.
                self.connected |= dumps
        return Matched(thread, store.parts.joinable(alike, of.dump, self.known))

    def _dumps(self, debate: str) -> set[str]:
        return self._desk.store.parts.dumps_of(debate) or {self.known[debate]}

    def _apart(self, dump: str, debate: str, thread: Thread) -> bool:
        """Whether a dump's threads are not joined with those of a debate's dumps."""
        apart = any(self._cards[each].apart for each in (dump, *self._dumps(debate)) if each in self._cards)
        return apart or not (self._desk.site.settings.join_dumps or not MESSAGE_ID.fullmatch(thread.native_id or ""))
