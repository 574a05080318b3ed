"""Dumps into the store: which changed, which debate each thread is, and what a publisher makes of it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.cards import Card, withdrawn, withholds
from rostra.changes import context, growths_of, keys_of, reading_of
from rostra.corrections import applying, corrected
from rostra.errors import RostraError, UsageError
from rostra.hiding import Hiding, learned, with_pseudonyms, withhold
from rostra.making import edited
from rostra.model import Thread
from rostra.progress import Progress
from rostra.readings import marked, runs
from rostra.redumps import apart, by_nature, joined, order, unpublished
from rostra.site import Site
from rostra.sources import Entry
from rostra.store import Store
from rostra.tails import Reading
from rostra.threads import threads
from rostra.workers import Workers

LONGER = 3
"""How many times as long an edition is as what was written."""


class Desk(NamedTuple):
    """What dumps are read with."""

    site: Site
    store: Store
    hiding: Hiding
    workers: Workers


def read(
    site: Site, entries: tuple[Entry, ...], store: Store, failures: list[RostraError], progress: Progress, workers: Workers
) -> Hiding:  # fmt: skip
    """Bring every dump into the store; what cannot be read, or has another's address, joins ``failures``.

    What hides that which is not published is made on the way, and returned.
    """
    hiding = learned(site, entries, store)
    entries = with_pseudonyms(entries, hiding.pseudonyms)
    if not store.kept:
        workers.expect(_sizes(entries))
    while True:
        wrong: list[RostraError] = []
        withhold(entries, store, hiding)
        # What hides is known here alone.
        if _read(entries, Desk(site, store, hiding, Workers() if hiding.masks else workers), wrong, progress):
            failures += wrong
            store.note_hidden(hiding.stamp)
            return hiding


def _read(entries: tuple[Entry, ...], desk: Desk, failures: list[RostraError], progress: Progress) -> bool:
    """Read all once; False where a debate of several dumps told of more to hide, so that all is to be read again."""
    site, store, hiding, workers = desk
    keys = keys_of(site, entries, store, hiding)
    growths = dict(growths_of(site, entries, store, hiding, keys))
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
        progress.within(entry.dump.portion)
        seen: set[str] = set()
        debates: dict[int, list[str]] = {}
        whole = True
        wrong: list[RostraError] = []
        reading: Reading | None = None
        try:
            reading, seen = reading_of(entry, store, growths, taken)
        except RostraError as error:
            wrong.append(error)
        taken |= dict.fromkeys(seen, dump)
        for natural in () if wrong else _threads(desk, entry, reading, wrong):
            progress.within(entry.dump.portion)
            piece = reading.piece() if reading else 0
            chosen = bool(entry.card.id) and not natural.source.several
            thread = store.published.settle(natural, chosen=chosen, dump=dump, dumps=keys.keys(), taken=taken)
            # A name in an address is published too.
            thread = replace(thread, id=hiding.address(thread))
            others = same_id[entry.card.id] - {dump} if chosen else ()
            if not known.keys().isdisjoint(store.parts.called(natural.id)):
                # It is held against them, so they must be there.
                workers.finish()
            same = store.parts.same(thread, dump, known, natural.id, others)
            if any(each not in present for each in same):
                # Another dump of a debate that is withdrawn, until that is taken back.
                whole = False
                continue
            other = same[0] if same else None
            if other is not None:
                workers.finish()
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
                _keep(dump, applying(entry.card, thread), thread, desk)
                store.published.call(thread.id, natural.id)
            if (reason := withdrawn(entry.card, thread.id)) is not None:
                reasons[other or thread.id] = reason
        failures += wrong
        for id in store.known(dump).keys() - seen:
            store.drop(id)
        if whole and not wrong:
            store.hold(dump, keys[dump])
            if reading:
                store.tails.note(reading, context(site, entry, hiding), debates)
        else:
            store.tails.forget(dump)
        entry.dump.let_go()
    workers.finish()
    for debate, into in joint.items():
        if debate != into:
            store.drop(debate)
            if debate in reasons:
                reasons[into] = reasons.pop(debate)
    for debate in sorted(set(joint.values())):
        name = _keep_joint(debate, present.keys() - {debate}, cards, desk)
        if name is None:
            return False
        if debate in reasons:
            reasons[name] = reasons.pop(debate)
        present[name] = present.pop(debate)
    workers.finish()
    for debate, reason in sorted(reasons.items()):
        store.withdraw(debate, reason)
    for dump in sorted(hiding.withdrawals.touched):
        store.unpublish(dump)
    # A debate that stands in several dumps is made again from all of them, and they are read whole.
    for dump in store.parts.dumps():
        store.tails.forget(dump)
    return True


def _sizes(entries: Iterable[Entry]) -> Iterator[int]:
    """The bytes of the files of dumps, of those that can be had."""
    for entry in entries:
        with suppress(OSError):
            yield from (file.path.stat().st_size for file in entry.dump.files())


def _threads(desk: Desk, entry: Entry, reading: Reading | None, wrong: list[RostraError]) -> Iterator[Thread]:
    """The threads of a dump, as far as it can be read; what is ``wrong`` with it ends them.

    Whatever goes wrong with a thread once it is given is no fault of the dump, and ends the build.
    """
    shown, withheld = desk.site.settings.publish_addresses, desk.hiding.withholds(entry.dump.name)
    pseudonyms = desk.hiding.pseudonyms
    try:
        earlier = runs(entry.dump, desk.store.published.earlier())
        for thread in threads(
            entry.dump, entry.card, reading,
            addresses=shown, pseudonyms=pseudonyms, withheld=withheld, distinct=entry.distinct,
        ):  # fmt: skip
            yield marked(thread, earlier)
    except RostraError as error:
        desk.store.published.whole = False
        wrong.append(error)


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


def _keep_joint(debate: str, taken: Collection[str], cards: Mapping[str, Card], desk: Desk) -> str | None:
    """Bring a debate that stands in several dumps into the store, whole; its id, or None where it told of more to hide."""
    store, hiding = desk.store, desk.hiding
    parts = apart(store.parts.of(debate))
    first, *_ = ordered = sorted(parts, key=lambda dump: order(parts[dump]))
    chosen = [parts[dump].id for dump in reversed(ordered) if cards[dump].id and not parts[dump].source.several]
    name = chosen[0] if chosen else store.parts.named([parts[dump] for dump in ordered], taken)
    whole = replace(joined([parts[dump] for dump in ordered]), id=name)
    whole = store.published.settle(whole, chosen=True, dump=first, dumps=(), taken=())
    apply = [applying(cards[dump], replace(whole, source=parts[dump].source)) for dump in ordered]
    card = Card(
        quotation=tuple(each for card in apply for each in card.quotation),
        correction=tuple(each for card in apply for each in card.correction),
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
    _keep(first, card, whole, desk)
    return name


def _keep(dump: str, card: Card, thread: Thread, desk: Desk) -> None:
    """Bring a thread into the store; one that says what it said is not resolved again."""
    site, store, hiding, workers = desk
    source = thread
    more = hiding.withdrawals.of(thread, card)
    thread = corrected(unpublished(thread) if more else thread, (*card.correction, *more))
    card = hiding.card(card)
    same = replace(thread, source=replace(thread.source, sha256="", captured=None, archived=None))
    key = _digest(same, card.quotation, site.settings.publish_addresses, hiding.stamp)
    last = store.key(dump, thread.id)
    if last == key:
        store.renew(thread)
        return
    # What was hidden then, or is now, is in no body as it was written.
    known = store.encoded(thread.id) if last and store.hidden == hiding.stamp and not hiding.masks else None
    store.drop(thread.id)
    store.published.add(replace(source, id=thread.id), dump)
    # What is hidden is not in the edition.
    add = partial(store.add, dump, key, source if hiding.masks or source is not thread else None)
    size = LONGER * sum(len(post.raw.body) for post in thread.posts)
    workers.ask(size, add, edited, thread, hiding.addresses, card.quotation, hiding.masks, known)
    if more:
        hiding.withdrawals.touched.add(dump)


def _digest(thread: Thread, *more: object) -> str:
    """What changes with anything that a thread says: a post at a time, since a huge thread is not to be held twice."""
    total = sha256(encode((replace(thread, posts=()), more)))
    for post in thread.posts:
        total.update(encode(post))
    return total.hexdigest()
