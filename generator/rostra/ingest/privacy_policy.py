"""Decide what is not published as in the dumps: prepare pseudonyms and redaction with the data they need."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.redaction_rules import RULES, Learnt, RedactionRule, read_rules, rule_lines
from rostra.config.secret_keys import LOST, REDACTIONS, load_key
from rostra.config.site import SETTINGS, Site
from rostra.editorial.corrections import applying, corrected
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.failures import Failing
from rostra.ingest.sources import DumpEntry
from rostra.ingest.withdrawals import Withdrawals, followed, look, withdrawals
from rostra.model import Former, Gone, Kept, Problem, Thread
from rostra.privacy.guard import Guard, NameSource
from rostra.privacy.masking import Mask
from rostra.privacy.name_patterns import NameMatch
from rostra.privacy.pseudonyms import ID, Pseudonyms
from rostra.privacy.redactor import Redactor
from rostra.readers import choose
from rostra.readers.guards.normalise import normalised
from rostra.store.store import Store
from rostra.system.attempts import attempting

OURS = (sqlite3.Error, msgspec.DecodeError)
"""The exceptions of a damaged cache."""
PLACES = "look for it in rostra.toml, in cards, in layouts and in pages of your own"


class Hiding(NamedTuple):
    """What is not published as in the dumps.

    ``lines`` are the rules' lines in their file; ``addresses`` says whether e-mail addresses are published.
    """

    redactor: Redactor | None
    pseudonyms: Pseudonyms | None
    withdrawals: Withdrawals
    lines: tuple[int | None, ...] = ()
    addresses: bool = False
    authors: Mapping[str, set[str]] = {}
    """The authors in each dump, if they have pseudonyms."""

    @property
    def masks(self) -> tuple[Mask, ...]:
        """Return the masks, in the order in which they are applied."""
        return tuple(each for each in (self.redactor, self.pseudonyms) if each)

    @property
    def stamp(self) -> tuple[str, ...]:
        """Return a fingerprint of everything that editions depend on."""
        stamps = [each.stamp for each in (self.redactor, self.pseudonyms) if each]
        return (*stamps, *("addresses" for _ in range(self.addresses)))

    def withholds(self, dump: str) -> bool:
        """Whether a dump contains something that is not published, so that the dump is not published."""
        withheld = self.redactor.withheld if self.redactor else ()
        return self.pseudonyms is not None or dump in withheld or dump in self.withdrawals.dumps

    def address(self, thread: Thread) -> str:
        """Return a debate's published id; its own may be made from a name, from the source's id or from the dump's name."""
        id = thread.id
        for mask in self.masks:
            id = mask.address(id, thread.native_id, PurePosixPath(thread.source.path).stem)
        return id

    def card(self, card: Card) -> Card:
        """Return a card without what is hidden in its decisions, which quote posts."""
        return self.redactor.card(card) if self.redactor else card

    def kept(self, debate: str, kept: tuple[Kept, ...], store: Store) -> tuple[Kept, ...]:
        """Return the entries of moved posts that reveal nothing hidden, with published ids."""
        for mask in self.masks:
            kept = mask.kept(kept)
        if not self.redactor or not kept:
            return kept
        shown = {
            each.thread: {post.id for post in store.edition(each.thread).thread.posts} for each in kept if each.thread
        }
        return tuple(self.redactor.hidden.kept(debate, kept, store.published.way, shown))

    def gone(self, gone: Gone | None, store: Store) -> Gone | None:
        """Return the content of the page at a former address; None if it would reveal something hidden."""
        for mask in self.masks:
            gone = mask.gone(gone) if gone else None
        return gone and replace(gone, kept=self.kept(gone.id, gone.kept, store))

    def guards(self, own: str) -> tuple[Guard, ...]:
        """Return guards that reject files with a hidden name, unless it is among Rostra's ``own`` words."""
        found = list[Guard]()
        if self.redactor:
            found.append(Guard(self.redactor.names, own, self._rule))
        if self.pseudonyms:
            found.append(Guard(self.pseudonyms.names, own, _author, ID))
        return tuple(found)

    def _rule(self, found: NameMatch) -> NameSource:
        number = self.redactor.number(found) if self.redactor else 1
        return RULES, self.lines[number - 1], f"which rule {number} hides", PLACES

    def hides(self, former: Former) -> bool:
        """Whether a post of an earlier version of Rostra is hidden, and with it the posts that now contain its words."""
        return self.names(former) or (self.redactor is not None and former in self.redactor.hidden.formers)

    def names(self, former: Former) -> bool:
        """Whether a rule or a card names a former post by its address."""
        by_rule = self.redactor and self.redactor.hidden.by_id(former.debate, former.post)
        return bool(by_rule) or (former.debate, former.post) in self.withdrawals.places

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each rule of a post or passage that hides nothing."""
        yield from self.redactor.hidden.problems(self.lines) if self.redactor else ()


def _author(found: NameMatch) -> NameSource:  # noqa: ARG001  # the hint is the same for all names
    hint = f"{PLACES}; if it names nobody there, add it to `pseudonyms_keep`"
    return SETTINGS, None, "which is an author's name or part of one", hint


def learned_hiding(
    site: Site, entries: tuple[DumpEntry, ...], store: Store, failing: Failing, lacked: tuple[DumpEntry, ...] = ()
) -> Hiding:
    """Return the masks with the data they need; read every dump if there is anything to hide.

    If a dump fails, its last good version is learned too.  What the cards of ``lacked`` dumps withdraw is withdrawn
    where it is now.
    """
    settings = site.settings
    rules = read_rules(site)
    pseudonyms, authors = None, dict[str, set[str]]()
    if settings.pseudonyms:
        key = load_key(site, "pseudonyms.key", "every pseudonym changes")
        pseudonyms = Pseudonyms(key, settings.pseudonyms_keep)
        for entry in entries:
            authors[entry.dump.name] = _authors(entry, store, failing, Pseudonyms(key))
            pseudonyms.people |= authors[entry.dump.name]
            pseudonyms.learn_card(entry.card)
        entries = with_pseudonyms(entries, pseudonyms)
    redactor = _redactor(site, rules, pseudonyms) if rules else None
    told = (*entries, *lacked)
    look(told, store, pseudonyms, redactor.hidden if redactor else None)
    if not redactor:
        return Hiding(None, pseudonyms, withdrawals(told, store), (), settings.publish_addresses, authors)
    redactor.hidden.follow(followed(dict(enumerate(rules, 1)), store))
    failed = [entry for entry in entries if _learn(redactor, entry, entries, store, pseudonyms, failing)]
    last = (_carded(entry, thread) for entry in failed for _, _, thread in store.last.threads(entry.dump.name))
    for thread in chain((each for each, _ in all_threads(entries, store, pseudonyms)), last) if redactor.asks else ():
        # Words that are not claimed are hidden.
        with attempting("finding whose words are whose in it", lambda _: None, *OURS):
            redactor.claim(thread)
    lines = rule_lines(site, len(rules))
    return Hiding(redactor, pseudonyms, withdrawals(told, store), lines, settings.publish_addresses, authors)


def _authors(entry: DumpEntry, store: Store, failing: Failing, own: Pseudonyms) -> set[str]:
    """Return the authors in a dump; if it fails, also those of its last good version."""
    dump = entry.dump

    def learn() -> None:
        dump.failures.clear()
        dump.layout = entry.card.layout
        for raw in choose(dump, entry.card.format).read(dump):
            # Names in the form in which they would be published.
            own.learn(normalised(raw, dump))

    if _fails(entry, store, failing, learn):
        own.people |= {each.text for each in store.last.learnt(dump.name) if each.kind == "name"}
    return own.people


def _learn(
    redactor: Redactor, entry: DumpEntry, entries: tuple[DumpEntry, ...], store: Store, pseudonyms: Pseudonyms | None, failing: Failing
) -> bool:  # fmt: skip
    """Learn the hidden words of a dump; if it fails, also those of its last good version."""
    dump = entry.dump.name

    def learn() -> None:
        for thread in _settled(entry, entries, store, pseudonyms):
            _learn_thread(redactor, thread, entry)

    if fails := _fails(entry, store, failing, learn):
        # A dump that cannot be read completely may contain anything.
        redactor.withheld.add(dump)
        redactor.relearn(dump, store.last.learnt(dump))
        for _, _, thread in store.last.threads(dump):
            _learn_thread(redactor, thread, entry)
    return fails


def _fails(entry: DumpEntry, store: Store, failing: Failing, learn: Callable[[], object]) -> bool:
    """Learn from a dump; return whether any of it fails, in which case its last good version is set apart for publication."""
    dump, failures = entry.dump, list[RostraError]()
    if not entry.broken:
        # The failure is reported when the dump is read for publication.
        with attempting("reading it", failures.append, *OURS):
            learn()
        if not failures and not dump.failures and dump.name not in failing.partly:
            return False
    if dump.name not in failing.doubted:
        # Nothing of the dump has been deleted from the store yet.
        failing.doubted.add(dump.name)
        store.last.set_apart(dump.name)
    return True


def _learn_thread(redactor: Redactor, thread: Thread, entry: DumpEntry) -> None:
    def plain(error: RostraError) -> None:
        entry.dump.failures.append(error)
        posts = tuple(replace(post, raw=replace(post.raw, dialect="text")) for post in thread.posts)
        redactor.learn(replace(thread, posts=posts), [entry.dump.name])

    # The words of a thread that cannot be rendered are still hidden if others repeat them.
    with attempting("finding what is redacted in a thread of it", plain, *OURS):
        redactor.learn(_carded(entry, thread), [entry.dump.name])


def note_learnt(hiding: Hiding, entries: tuple[DumpEntry, ...], store: Store, failing: Failing) -> None:
    """Store what is hidden of each dump, for a build in which the dump fails."""
    texts = hiding.redactor.learnt if hiding.redactor else {}
    for entry in entries if hiding.masks else ():
        dump = entry.dump.name
        if dump not in failing.dumps:
            names = {Learnt("", "name", name, "") for name in hiding.authors.get(dump, ())}
            store.last.note_learnt(dump, names | texts.get(dump, set()))
    store.last.note_pseudonyms(hiding.pseudonyms.key_digest if hiding.pseudonyms else "")


def with_pseudonyms(entries: tuple[DumpEntry, ...], pseudonyms: Pseudonyms | None) -> tuple[DumpEntry, ...]:
    """Return the entries with cards that do not lead to a person."""
    return tuple(replace(entry, card=pseudonyms.card(entry.card)) for entry in entries) if pseudonyms else entries


def _redactor(site: Site, rules: tuple[RedactionRule, ...], pseudonyms: Pseudonyms | None) -> Redactor:
    """Return the redactor of a site's rules, with the pseudonyms of the people that they name."""
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
    entries: tuple[DumpEntry, ...], store: Store, pseudonyms: Pseudonyms | None
) -> Iterator[tuple[Thread, str]]:
    """Yield every thread of every readable dump, corrected by its card, with the dump's name."""
    for entry in entries:
        threads = () if entry.broken else _settled(entry, entries, store, pseudonyms)
        with attempting("reading it", lambda _: None, *OURS):
            for thread in threads:
                yield _carded(entry, thread), entry.dump.name


def _carded(entry: DumpEntry, thread: Thread) -> Thread:
    # A card may name an author that the dump has lost.
    return corrected(thread, applying(entry.card, thread).correction)


def _settled(
    entry: DumpEntry, entries: tuple[DumpEntry, ...], store: Store, pseudonyms: Pseudonyms | None
) -> Iterator[Thread]:
    """Yield the threads of a dump with their published ids, before anything is hidden."""
    names, dump = [each.dump.name for each in entries], entry.dump.name
    for natural in read_threads(entry.dump, entry.card, pseudonyms=pseudonyms):
        chosen = bool(entry.card.id) and not natural.source.several
        marked = store.formers.marked(entry.dump, natural)
        thread = store.published.settle(marked, chosen=chosen, dump=dump, dumps=names, taken=())
        yield store.formers.attached(dump, thread)


def withhold(entries: tuple[DumpEntry, ...], store: Store, hiding: Hiding) -> None:
    """Find the dumps that must not be published; a dump that cannot be read completely is one."""
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
