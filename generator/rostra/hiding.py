"""What is not published as it stands in the dumps: pseudonyms and redaction, with all that they must know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec.structs import replace

from rostra.corrections import applying, corrected
from rostra.edition import Veil
from rostra.errors import RostraError
from rostra.model import Thread
from rostra.pseudonyms import Pseudonyms, load_key
from rostra.readers import choose
from rostra.redaction import Redactor
from rostra.rules import read_rules
from rostra.site import Site
from rostra.sources import Entry
from rostra.store import Store
from rostra.threads import threads
from rostra.withdrawals import Withdrawals, withdrawals


class Hiding(NamedTuple):
    """What is not published as it stands in the dumps."""

    redactor: Redactor | None
    pseudonyms: Pseudonyms | None
    withdrawals: Withdrawals

    @property
    def stamp(self) -> tuple[str, ...]:
        """What every edition depends on."""
        return tuple(each.stamp for each in self[:2] if each)

    def withholds(self, dump: str) -> bool:
        """Whether a dump holds what is not published, so that it is not published itself."""
        return dump in self.withdrawals.dumps or (self.redactor is not None and dump in self.redactor.withheld)

    @property
    def veils(self) -> tuple[Veil, ...]:
        """What is done to bodies."""
        return tuple(each.body for each in self[:2] if each)


def learned(site: Site, entries: tuple[Entry, ...], store: Store) -> Hiding:
    """What hides, with all that it must know; reads every dump, where there is anything to hide."""
    pseudonyms = Pseudonyms(load_key(site)) if site.settings.pseudonyms else None
    for entry in entries if pseudonyms else ():
        # A dump that cannot be read is told when it is read to be published.
        with suppress(RostraError):
            for raw in choose(entry.dump, entry.card.format).read(entry.dump):
                assert pseudonyms is not None
                pseudonyms.learn(raw)
    if pseudonyms:
        for entry in entries:
            pseudonyms.learn_card(entry.card)
        entries = tuple(replace(entry, card=pseudonyms.card(entry.card)) for entry in entries)
    rules = read_rules(site)
    if not rules:
        return Hiding(None, pseudonyms, withdrawals(entries, store))
    if pseudonyms:
        rules = tuple(
            replace(rule, also=(*rule.also, *map(pseudonyms.of, (rule.person, *rule.also)))) if rule.person else rule
            for rule in rules
        )
    redactor = Redactor(rules)
    for entry in entries:
        with suppress(RostraError):
            for thread in _settled(entry, entries, store, pseudonyms):
                # A card may name the author whom a dump lost.
                card = applying(entry.card, thread)
                redactor.learn(corrected(thread, card.correction), [entry.dump.name])
    return Hiding(redactor, pseudonyms, withdrawals(entries, store))


def _settled(entry: Entry, entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None) -> Iterator[Thread]:
    """The threads of a dump as they were published, before anything is hidden."""
    names, dump = [each.dump.name for each in entries], entry.dump.name
    for natural in threads(entry.dump, entry.card, pseudonyms=pseudonyms):
        chosen = bool(entry.card.id) and not natural.source.several
        yield store.published.settle(natural, chosen=chosen, dump=dump, dumps=names, taken=())


def withhold(entries: tuple[Entry, ...], store: Store, hiding: Hiding) -> None:
    """Find the dumps that may not be published as they are."""
    for entry in entries if hiding.redactor else ():
        assert hiding.redactor is not None
        with suppress(RostraError):
            content = None if entry.dump.is_folder else entry.dump.text()[0].encode("utf-8", "surrogatepass")
            hiding.redactor.learn_dump(entry.dump.name, _settled(entry, entries, store, hiding.pseudonyms), content)
