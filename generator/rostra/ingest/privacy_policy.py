"""What is not published as it stands in the dumps: pseudonyms and redaction, with all that they must know."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.redaction_rules import RULES, Learnt, Rule, read_rules, rule_lines
from rostra.config.secret_keys import LOST, REDACTIONS, load_key
from rostra.config.site import SETTINGS, Site
from rostra.editorial.corrections import applying, corrected
from rostra.errors import RostraError
from rostra.ingest.dump_threads import threads
from rostra.ingest.failures import Failing
from rostra.ingest.sources import Entry
from rostra.ingest.withdrawals import Withdrawals, withdrawals
from rostra.model import Gone, Kept, Problem, Thread
from rostra.privacy.guard import Guard, Source
from rostra.privacy.masking import Mask
from rostra.privacy.name_patterns import Found
from rostra.privacy.pseudonyms import ID, Pseudonyms
from rostra.privacy.redactor import Redactor
from rostra.readers import choose
from rostra.readers.normalise import normalised
from rostra.store.store import Store
from rostra.system.attempts import attempting

OURS = (sqlite3.Error, msgspec.DecodeError)
"""What is raised where the cache is damaged."""
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
    authors: Mapping[str, set[str]] = {}
    """Who wrote in each dump, where they have pseudonyms."""

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


def learned(site: Site, entries: tuple[Entry, ...], store: Store, failing: Failing) -> Hiding:
    """What hides, with all that it must know; reads every dump, where there is anything to hide.

    Of a dump that fails, what was last good is learned too.
    """
    settings = site.settings
    pseudonyms, authors = None, dict[str, set[str]]()
    if settings.pseudonyms:
        key = load_key(site, "pseudonyms.key", "every pseudonym changes")
        pseudonyms = Pseudonyms(key, settings.pseudonyms_keep)
        for entry in entries:
            authors[entry.dump.name] = _authors(entry, store, failing, Pseudonyms(key))
            pseudonyms.people |= authors[entry.dump.name]
            pseudonyms.learn_card(entry.card)
        entries = with_pseudonyms(entries, pseudonyms)
    rules = read_rules(site)
    if not rules:
        return Hiding(None, pseudonyms, withdrawals(entries, store), (), settings.publish_addresses, authors)
    redactor = _redactor(site, rules, pseudonyms)
    failed = [entry for entry in entries if _learn(redactor, entry, entries, store, pseudonyms, failing)]
    last = (_carded(entry, thread) for entry in failed for _, _, thread in store.last.threads(entry.dump.name))
    for thread in chain((each for each, _ in all_threads(entries, store, pseudonyms)), last) if redactor.asks else ():
        # What is not claimed is hidden.
        with attempting("finding whose words are whose in it", lambda _: None, *OURS):
            redactor.claim(thread)
    lines = rule_lines(site, len(rules))
    return Hiding(redactor, pseudonyms, withdrawals(entries, store), lines, settings.publish_addresses, authors)


def _authors(entry: Entry, store: Store, failing: Failing, own: Pseudonyms) -> set[str]:
    """Who wrote in a dump; where it fails, those too who did when it was last read well."""
    dump = entry.dump

    def learn() -> None:
        dump.failures.clear()
        dump.layout = entry.card.layout
        for raw in choose(dump, entry.card.format).read(dump):
            # As it will be published.
            own.learn(normalised(raw, dump))

    if _fails(entry, store, failing, learn):
        own.people |= {each.text for each in store.last.learnt(dump.name) if each.kind == "name"}
    return own.people


def _learn(
    redactor: Redactor, entry: Entry, entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None, failing: Failing
) -> bool:  # fmt: skip
    """Learn the words of a dump that are hidden; where it fails, those too that were there when it was last read well."""
    dump = entry.dump.name

    def learn() -> None:
        for thread in _settled(entry, entries, store, pseudonyms):
            _learn_thread(redactor, thread, entry)

    if fails := _fails(entry, store, failing, learn):
        # What cannot be read whole may hold anything.
        redactor.withheld.add(dump)
        redactor.relearn(dump, store.last.learnt(dump))
        for _, _, thread in store.last.threads(dump):
            _learn_thread(redactor, thread, entry)
    return fails


def _fails(entry: Entry, store: Store, failing: Failing, learn: Callable[[], object]) -> bool:
    """Learn from a dump; whether any of it fails, so that something last good may be published, which is then set apart."""
    dump, failures = entry.dump, list[RostraError]()
    if not entry.broken:
        # It is told when it is read to be published.
        with attempting("reading it", failures.append, *OURS):
            learn()
        if not failures and not dump.failures and dump.name not in failing.partly:
            return False
    if dump.name not in failing.doubted:
        # Nothing of it was forgotten yet.
        failing.doubted.add(dump.name)
        store.last.set_apart(dump.name)
    return True


def _learn_thread(redactor: Redactor, thread: Thread, entry: Entry) -> None:
    def plain(error: RostraError) -> None:
        entry.dump.failures.append(error)
        posts = tuple(replace(post, raw=replace(post.raw, dialect="text")) for post in thread.posts)
        redactor.learn(replace(thread, posts=posts), [entry.dump.name])

    # The words of one that cannot be rendered are hidden where others repeat them.
    with attempting("finding what is redacted in a thread of it", plain, *OURS):
        redactor.learn(_carded(entry, thread), [entry.dump.name])


def note_learnt(hiding: Hiding, entries: tuple[Entry, ...], store: Store, failing: Failing) -> None:
    """Note what of each dump is hidden, for a build in which it fails."""
    texts = hiding.redactor.learnt if hiding.redactor else {}
    for entry in entries if hiding.masks else ():
        dump = entry.dump.name
        if dump not in failing.dumps:
            names = {Learnt("", "name", name, "") for name in hiding.authors.get(dump, ())}
            store.last.note_learnt(dump, names | texts.get(dump, set()))
    store.last.note_pseudonyms(hiding.pseudonyms.key_digest if hiding.pseudonyms else "")


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
    redactor = Redactor(rules, load_key(site, REDACTIONS, LOST))
    if pseudonyms:
        redactor.meet(pseudonyms.people)
    return redactor


def all_threads(
    entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None
) -> Iterator[tuple[Thread, str]]:
    """Every thread of every dump that can be read, as its card has it; with the dump's name."""
    for entry in entries:
        threads = () if entry.broken else _settled(entry, entries, store, pseudonyms)
        with attempting("reading it", lambda _: None, *OURS):
            for thread in threads:
                yield _carded(entry, thread), entry.dump.name


def _carded(entry: Entry, thread: Thread) -> Thread:
    # A card may name the author whom a dump lost.
    return corrected(thread, applying(entry.card, thread).correction)


def _settled(entry: Entry, entries: tuple[Entry, ...], store: Store, pseudonyms: Pseudonyms | None) -> Iterator[Thread]:
    """The threads of a dump as they were published, before anything is hidden."""
    names, dump = [each.dump.name for each in entries], entry.dump.name
    for natural in threads(entry.dump, entry.card, pseudonyms=pseudonyms):
        chosen = bool(entry.card.id) and not natural.source.several
        yield store.published.settle(natural, chosen=chosen, dump=dump, dumps=names, taken=())


def withhold(entries: tuple[Entry, ...], store: Store, hiding: Hiding) -> None:
    """Find the dumps that may not be published as they are: what cannot be looked at whole is one."""
    if hiding.redactor is None:
        return
    hiding.redactor.settle()
    for entry in entries:
        dump, failures = entry.dump, list[RostraError]()
        with attempting("reading it", failures.append, *OURS):
            content = None if dump.is_folder else dump.text()[0]
            hiding.redactor.learn_dump(dump.name, _settled(entry, entries, store, hiding.pseudonyms), content)
        if failures or dump.failures:
            hiding.redactor.withheld.add(dump.name)
