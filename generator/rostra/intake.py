"""Dumps into the store: which changed, which debate each thread is, and what a publisher makes of it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.cards import Card, withdrawn, withholds
from rostra.concordance import Concordance
from rostra.corrections import corrected
from rostra.disk import Look, moment
from rostra.edition import edit, rendered
from rostra.errors import RostraError, UsageError
from rostra.hiding import Hiding, learned, withhold
from rostra.model import Problem, Thread
from rostra.progress import Progress
from rostra.readers import choose, holds_addresses
from rostra.redumps import apart, by_nature, joined, order, unpublished
from rostra.site import Site
from rostra.sources import Entry
from rostra.store import Store
from rostra.tails import Reading
from rostra.threads import threads


def read(
    site: Site, entries: tuple[Entry, ...], concordance: Concordance, failures: list[RostraError], progress: Progress
) -> Hiding:
    """Bring every dump into the store; what cannot be read, or has another's address, joins ``failures``.

    What hides that which is not published is made on the way, and returned.
    """
    hiding = learned(site, entries, concordance.store)
    if (pseudonyms := hiding.pseudonyms) is not None:
        entries = tuple(replace(entry, card=pseudonyms.card(entry.card)) for entry in entries)
    while True:
        wrong: list[RostraError] = []
        withhold(entries, concordance.store, hiding)
        if _read(site, entries, concordance, wrong, progress, hiding):
            failures += wrong
            concordance.store.note_hidden(hiding.stamp)
            return hiding


def _read(
    site: Site, entries: tuple[Entry, ...], concordance: Concordance, failures: list[RostraError], progress: Progress,
    hiding: Hiding,
) -> bool:  # fmt: skip
    """Read all once; False where a debate of several dumps told of more to hide, so that all is to be read again."""
    store = concordance.store
    keys = _keys(site, entries, store, hiding)
    growths = dict(_growths(site, entries, store, hiding, keys))
    taken: dict[str, str] = {}
    # Whichever of two dumps of a debate comes first by name, the other may be the one that was there.
    present = {id: dump for dump, key in keys.items() for id in store.held(dump, key) or ()}
    hidden = {id: dump for id, dump in store.published.withdrawn() if store.held(dump, keys.get(dump, "")) is not None}
    present |= {id: dump for dump, (_, kept) in growths.items() for id in kept}
    known = ChainMap(present, hidden) if len(entries) > 1 else {}
    joint: dict[str, str] = {}
    reasons: dict[str, str] = {}
    cards = {entry.dump.name: entry.card for entry in entries}
    same_id: dict[str | None, set[str]] = {}
    for dump, card in cards.items():
        same_id.setdefault(card.id, set()).add(dump)
    for entry in progress.each("reading dumps", entries, len(entries)):
        dump = entry.dump.name
        held = store.held(dump, keys[dump])
        if held is not None and held.isdisjoint(taken):
            taken |= dict.fromkeys(held, dump)
            continue
        seen: set[str] = set()
        debates: dict[int, list[str]] = {}
        whole = True
        try:
            reading, seen = _reading(entry, store, growths, taken)
            taken |= dict.fromkeys(seen, dump)
            for natural in _threads(site, entry, hiding, reading):
                piece = reading.piece() if reading else 0
                chosen = bool(entry.card.id)
                thread = store.published.settle(natural, chosen=chosen, dump=dump, dumps=keys.keys(), taken=taken)
                if hiding.redactor:
                    # A name in an address is published too.
                    thread = replace(thread, id=hiding.redactor.address(thread.id))
                others = same_id[entry.card.id] - {dump} if chosen else ()
                same = store.parts.same(thread, dump, known, natural.id, others)
                if any(each not in present for each in same):
                    # Another dump of a debate that is withdrawn, until that is taken back.
                    whole = False
                    continue
                other = same[0] if same else None
                if other is not None:
                    _join(store, same, present, thread, dump, natural.id, joint)
                elif chosen and thread.id in taken:
                    message = f"its address {thread.id!r} is taken by {taken[thread.id]}"
                    failures.append(UsageError(message, path=dump, hint="give one of them another `id` in a card"))
                    whole = False
                    continue
                else:
                    if thread.id in taken or (not chosen and store.published.is_anothers(thread, dump, keys.keys())):
                        thread = store.published.aside(replace(natural, id=thread.id), dump, taken)
                    taken[thread.id] = present[thread.id] = dump
                    seen.add(thread.id)
                    debates.setdefault(piece, []).append(thread.id)
                    _keep(site, dump, entry.card, thread, concordance, hiding)
                    store.published.call(thread.id, natural.id)
                if (reason := withdrawn(entry.card, thread.id)) is not None:
                    reasons[other or thread.id] = reason
        except RostraError as error:
            failures.append(error)
            whole = False
        for id in store.known(dump).keys() - seen:
            store.drop(id)
        if whole:
            store.hold(dump, keys[dump])
            if reading:
                store.tails.note(reading, _context(site, entry, hiding), debates)
        else:
            store.tails.forget(dump)
    for debate, into in joint.items():
        if debate != into:
            store.drop(debate)
            if debate in reasons:
                reasons[into] = reasons.pop(debate)
    for debate in sorted(set(joint.values())):
        name = _keep_joint(site, debate, present.keys() - {debate}, cards, concordance, hiding)
        if name is None:
            return False
        if debate in reasons:
            reasons[name] = reasons.pop(debate)
        present[name] = present.pop(debate)
    for debate, reason in sorted(reasons.items()):
        store.withdraw(debate, reason)
    for dump in sorted(hiding.withdrawals.touched):
        store.unpublish(dump)
    # A debate that stands in several dumps is made again from all of them, and they are read whole.
    for dump in store.parts.dumps():
        store.tails.forget(dump)
    return True


def _growths(
    site: Site, entries: tuple[Entry, ...], store: Store, hiding: Hiding, keys: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Reading, set[str]]]]:
    """Of each dump that grew, what is to be read of it, and the debates that stand as they were."""
    for entry in entries:
        dump = entry.dump
        if store.held(dump.name, keys[dump.name]) is None and not withholds(entry.card):
            # A dump that cannot be opened is told when it is read.
            with suppress(RostraError, OSError):
                if reading := store.tails.grown(dump, _context(site, entry, hiding), entry.card.format):
                    yield dump.name, (reading, store.known(dump.name).keys() - reading.stale())


def _reading(
    entry: Entry, store: Store, growths: Mapping[str, tuple[Reading, set[str]]], taken: Mapping[str, str]
) -> tuple[Reading | None, set[str]]:
    """How a dump is read, and the debates that stand as they were."""
    dump = entry.dump
    if dump.name in growths:
        reading, kept = growths[dump.name]
        # Of what now may hold one debate alone it is said otherwise where it comes from.
        if kept.isdisjoint(taken) and len(kept) > 1:
            return reading, set(kept)
        reading.close()
    return store.tails.whole(dump, choose(dump, entry.card.format)), set()


def _threads(site: Site, entry: Entry, hiding: Hiding, reading: Reading | None) -> Iterator[Thread]:
    shown, withheld = site.settings.publish_addresses, hiding.withholds(entry.dump.name)
    return threads(entry.dump, entry.card, reading, addresses=shown, pseudonyms=hiding.pseudonyms, withheld=withheld)


def _keys(site: Site, entries: tuple[Entry, ...], store: Store, hiding: Hiding) -> dict[str, str]:
    """What each dump's editions depend on; dumps that share a debate with one that changed are read again too."""
    keys = {}
    now = moment(site.cache)
    for entry in entries:
        # A dump that cannot be opened is told when it is read.
        with suppress(RostraError, OSError):
            _take_digest(entry, store, now)
            keys[entry.dump.name] = repr((entry.dump.sha256, _context(site, entry, hiding)))
        keys.setdefault(entry.dump.name, "")
    changed = [dump for dump in store.parts.dumps() if store.held(dump, keys.get(dump, "")) is None]
    for dump in changed:
        store.unhold(dump)
        for debate in store.parts.shared(dump):
            changed += store.parts.forget(debate)
            store.drop(debate)
    store.forget_others(keys)
    return keys


def _context(site: Site, entry: Entry, hiding: Hiding) -> str:
    """What a dump's editions depend on beside the dump."""
    hidden = (hiding.stamp, sorted(hiding.redactor.withheld) if hiding.redactor else None)
    withdrawn = [each.get(entry.dump.name) for each in (hiding.withdrawals.dumps, hiding.withdrawals.near)]
    return repr((entry.card, site.settings.publish_addresses, hidden, withdrawn))


def _take_digest(entry: Entry, store: Store, begun: int) -> None:
    """Take a dump's digest, where the disk does not describe it as it did; ``begun`` is the moment before."""
    dump = entry.dump
    described = Look([str(dump.path), *(str(file.path) for file in dump.files())])
    if (known := store.tails.digest(dump.name, described.digest)) is not None:
        dump.is_known(known)
    elif described.settled(begun):
        store.tails.note_digest(dump.name, described.digest, dump.sha256)


def _join(
    store: Store, same: list[str], present: dict[str, str], thread: Thread, dump: str, called: str, joint: dict[str, str]
) -> None:  # fmt: skip
    """Note that a thread is another dump of a debate; of several, which are thereby one. ``joint`` is what each is part of."""
    debate, *others = same
    for each in same:
        joint.setdefault(each, each)
        if not store.parts.of(each):
            store.parts.add(each, present[each], by_nature(store.thread(each)), store.published.called(each))
    store.parts.add(debate, dump, by_nature(thread), called)
    for other in others:
        store.parts.absorb(debate, other)
        del present[other]
        joint.update((each, debate) for each, into in joint.items() if into == other)


def _keep_joint(site: Site, debate: str, taken: Collection[str], cards: Mapping[str, Card], concordance: Concordance, hiding: Hiding) -> str | None:  # fmt: skip
    """Bring a debate that stands in several dumps into the store, whole; its id, or None where it told of more to hide."""
    store = concordance.store
    parts = apart(store.parts.of(debate))
    first, *_ = ordered = sorted(parts, key=lambda dump: order(parts[dump]))
    chosen = [parts[dump].id for dump in reversed(ordered) if cards[dump].id]
    name = chosen[0] if chosen else store.parts.named([parts[dump] for dump in ordered], taken)
    whole = replace(joined([parts[dump] for dump in ordered]), id=name)
    whole = store.published.settle(whole, chosen=True, dump=first, dumps=(), taken=())
    card = Card(
        quotation=tuple(each for dump in ordered for each in cards[dump].quotation),
        correction=tuple(each for dump in ordered for each in cards[dump].correction),
    )
    store.drop(debate)
    store.parts.rename(debate, name, parts)
    if any(withholds(cards[dump]) for dump in parts) or hiding.withdrawals.of(whole, card):
        # What one dump's card takes out stands in the others too.
        whole = unpublished(whole)
        hiding.withdrawals.touched.update(parts)
    # A rule names a post as the whole has it.
    if hiding.redactor and hiding.redactor.learn(corrected(whole, card.correction), parts):
        return None
    _keep(site, first, card, whole, concordance, hiding)
    return name


def _keep(site: Site, dump: str, card: Card, thread: Thread, concordance: Concordance, hiding: Hiding) -> None:
    """Bring a thread into the store; one that says what it said is not resolved again."""
    store = concordance.store
    source = thread
    more = hiding.withdrawals.of(thread, card)
    thread = corrected(unpublished(thread) if more else thread, (*card.correction, *more))
    if hiding.redactor:
        thread, card = hiding.redactor.thread(thread), hiding.redactor.card(card)
    same = replace(thread, source=replace(thread.source, sha256="", captured=None, archived=None))
    key = sha256(encode((same, card.quotation, site.settings.publish_addresses, hiding.stamp))).hexdigest()
    last = store.key(dump, thread.id)
    if last == key:
        store.renew(thread)
        return
    # What was hidden then, or is now, is in no body as it was written.
    known = store.edition(thread.id) if last and store.hidden == hiding.stamp == () else None
    store.drop(thread.id)
    # What came as mail is full of addresses that nobody meant to publish.
    shown = site.settings.publish_addresses or not holds_addresses(thread.source.format)
    bodies = rendered(known) if known else {}
    edition = edit(thread, addresses=shown, decisions=card.quotation, veils=hiding.veils, known=bodies)
    concordance.add(dump, key, edition)
    store.note_thread(thread.id, source, dump, changed=source is not thread)
    if more:
        hiding.withdrawals.touched.add(dump)


def unknown_threads(entries: tuple[Entry, ...], store: Store) -> Iterator[tuple[str, Problem]]:
    """Of each dump, what its card says of debates that it does not hold."""
    withdrawn = dict(store.published.withdrawn())
    for entry in entries:
        dump = entry.dump.name
        named = entry.card.threads - {None}
        held = store.known(dump).keys() | set(store.parts.shared(dump)) if named else ()
        for thread in sorted(filter(None, named.difference(held))):
            if withdrawn.get(thread) != dump:
                message = f"the card speaks of {thread!r}, which is no debate of this dump"
                yield dump, Problem(code="unused-correction", message=message, hint="change or remove it")
