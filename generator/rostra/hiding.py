"""What is not published as it stands in the dumps: pseudonyms and redaction, with all that they must know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import NamedTuple

from msgspec.structs import replace

from rostra.cards import Card
from rostra.corrections import applying, corrected
from rostra.errors import RostraError
from rostra.guard import Guard, Source
from rostra.masking import Mask
from rostra.model import Gone, Kept, Problem, Thread
from rostra.names import Found
from rostra.pseudonyms import ID, Pseudonyms
from rostra.readers import choose
from rostra.redaction import Redactor
from rostra.rules import RULES, Rule, read_rules, rule_lines
from rostra.secret_keys import load_key
from rostra.site import SETTINGS, Site
from rostra.sources import Entry
from rostra.store import Store
from rostra.threads import threads
from rostra.withdrawals import Withdrawals, withdrawals

PLACES = "look for it in rostra.toml, in cards, in layouts and in pages of your own"


class Hiding(NamedTuple):
    """What is not published as it stands in the dumps.

    ``lines`` are those of the rules in their file; ``addresses`` says whether e-mail addresses are published.
    """

    redactor: Redactor | None
    pseudonyms: Pseudonyms | None
    withdrawals: Withdrawals
    lines: tuple[int | None, ...] = ()
    addresses: bool = False

    @property
    def masks(self) -> tuple[Mask, ...]:
        """What is done to debates, in this order."""
        return tuple(each for each in (self.redactor, self.pseudonyms) if each)

    @property
    def stamp(self) -> tuple[str, ...]:
        """What every edition depends on."""
        stamps = [each.stamp for each in (self.redactor, self.pseudonyms) if each]
        return (*stamps, *("addresses" for _ in range(self.addresses)))

    def withholds(self, dump: str) -> bool:
        """Whether a dump holds what is not published, so that it is not published itself."""
        withheld = self.redactor.withheld if self.redactor else ()
        return self.pseudonyms is not None or dump in withheld or dump in self.withdrawals.dumps

    def address(self, thread: Thread) -> str:
        """A debate's id as it is published: it may be made of a name, of the source's id or of the dump's own."""
        id = thread.id
        for mask in self.masks:
            id = mask.address(id, thread.native_id, PurePosixPath(thread.source.path).stem)
        return id

    def card(self, card: Card) -> Card:
        """A card's decisions, which quote what people wrote, without what is hidden of that."""
        return self.redactor.card(card) if self.redactor else card

    def kept(self, kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
        """What is said of posts that stood elsewhere, as far as that may be told."""
        for mask in self.masks:
            kept = mask.kept(kept)
        return kept

    def gone(self, gone: Gone | None) -> Gone | None:
        """The page at an address that is no more, where that may be told."""
        for mask in self.masks:
            gone = mask.gone(gone) if gone else None
        return gone

    def guards(self, own: str) -> tuple[Guard, ...]:
        """What refuses a file that would hold a hidden name, unless that stands among Rostra's ``own`` words."""
        found = list[Guard]()
        if self.redactor:
            found.append(Guard(self.redactor.names, own, self._rule))
        if self.pseudonyms:
            found.append(Guard(self.pseudonyms.names, own, _author, ID))
        return tuple(found)

    def _rule(self, found: Found) -> Source:
        number = found.label if isinstance(found.label, int) else 1
        return RULES, self.lines[number - 1], f"which rule {number} hides", PLACES

    def problems(self) -> Iterator[Problem]:
        """Rules of posts and passages that hide nothing."""
        for number, rule in self.redactor.rules.items() if self.redactor else ():
            assert self.redactor
            hidden, line = self.redactor.hidden, self.lines[number - 1]
            if rule.post and not hidden.met[number]:
                message = f"rule {number} names {rule.post}, which is in no debate of that id"
                yield Problem(
                    code="unused-rule", message=message, line=line, hint=f"`rostra redact --undo {number}` removes it"
                )
            elif rule.passage and number not in hidden.said:
                message = f"{rule.post} does not hold the words that rule {number} hides"
                yield Problem(code="unused-rule", message=message, line=line, hint="copy them from the dump")


def _author(found: Found) -> Source:  # noqa: ARG001  # whoever it is, the remedy is the same
    hint = f"{PLACES}; if it names nobody there, add it to `pseudonyms_keep`"
    return SETTINGS, None, "which is an author's name or part of one", hint


def learned(site: Site, entries: tuple[Entry, ...], store: Store) -> Hiding:
    """What hides, with all that it must know; reads every dump, where there is anything to hide."""
    settings = site.settings
    pseudonyms = None
    if settings.pseudonyms:
        key = load_key(site, "pseudonyms.key", "every pseudonym changes")
        pseudonyms = Pseudonyms(key, settings.pseudonyms_keep)
        for entry in entries:
            # A dump that cannot be read is told when it is read to be published.
            with suppress(RostraError):
                for raw in choose(entry.dump, entry.card.format).read(entry.dump):
                    pseudonyms.learn(raw)
            pseudonyms.learn_card(entry.card)
        entries = with_pseudonyms(entries, pseudonyms)
    rules = read_rules(site)
    if not rules:
        return Hiding(None, pseudonyms, withdrawals(entries, store), (), settings.publish_addresses)
    redactor = _redactor(site, rules, pseudonyms)
    for thread, dump in all_threads(entries, store, pseudonyms):
        redactor.learn(thread, [dump])
    if redactor.asks:
        for thread, _ in all_threads(entries, store, pseudonyms):
            redactor.claim(thread)
    lines = rule_lines(site, len(rules))
    return Hiding(redactor, pseudonyms, withdrawals(entries, store), lines, settings.publish_addresses)


def with_pseudonyms(entries: tuple[Entry, ...], pseudonyms: Pseudonyms | None) -> tuple[Entry, ...]:
    """The entries, of whose cards nothing leads back to a person."""
    return tuple(replace(entry, card=pseudonyms.card(entry.card)) for entry in entries) if pseudonyms else entries


def _redactor(site: Site, rules: tuple[Rule, ...], pseudonyms: Pseudonyms | None) -> Redactor:
    """The rules of a site, with the pseudonyms of those whom they name."""
    if pseudonyms:
        rules = tuple(
            replace(
                rule,
                also=(*rule.also, *(each for name in (rule.person, *rule.also) for each in pseudonyms.called(name))),
            )
            if rule.person
            else rule
            for rule in rules
        )
    redactor = Redactor(
        rules, load_key(site, "redactions.key", "the addresses of debates and posts that would tell a name change")
    )
    if pseudonyms:
        redactor.meet(pseudonyms.people)
    return redactor


def all_threads(
    entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None
) -> Iterator[tuple[Thread, str]]:
    """Every thread of every dump that can be read, as its card has it; with the dump's name."""
    for entry in entries:
        with suppress(RostraError):
            for thread in _settled(entry, entries, store, pseudonyms):
                # A card may name the author whom a dump lost.
                card = applying(entry.card, thread)
                yield corrected(thread, card.correction), entry.dump.name


def _settled(entry: Entry, entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None) -> Iterator[Thread]:
    """The threads of a dump as they were published, before anything is hidden."""
    names, dump = [each.dump.name for each in entries], entry.dump.name
    for natural in threads(entry.dump, entry.card, pseudonyms=pseudonyms):
        chosen = bool(entry.card.id) and not natural.source.several
        yield store.published.settle(natural, chosen=chosen, dump=dump, dumps=names, taken=())


def withhold(entries: tuple[Entry, ...], store: Store, hiding: Hiding) -> None:
    """Find the dumps that may not be published as they are."""
    if hiding.redactor is None:
        return
    hiding.redactor.settle()
    for entry in entries:
        with suppress(RostraError):
            content = None if entry.dump.is_folder else entry.dump.text()[0]
            hiding.redactor.learn_dump(entry.dump.name, _settled(entry, entries, store, hiding.pseudonyms), content)
