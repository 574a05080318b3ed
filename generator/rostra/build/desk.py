"""Make the edition of a thread and put it in the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.build.making import ToEdit
from rostra.config.cards import Card, withholds
from rostra.config.site import Site
from rostra.editorial.corrections import applying, corrected
from rostra.errors import RostraError
from rostra.ingest.failures import Failing, Version
from rostra.ingest.privacy_policy import OURS, Hiding
from rostra.ingest.sources import NO_CARD
from rostra.model import Thread
from rostra.store.partitions import Row
from rostra.store.store import Store
from rostra.store.stored_edition import Stored
from rostra.system.attempts import attempting
from rostra.system.batches import Batches
from rostra.system.workers import Workers
from rostra.threads.merge import apart, merge_dumps, order, unpublished

LONGER = 3
"""How many times larger an edition is than the text of its posts."""


Editing = Batches[ToEdit, tuple[Stored, Row]]
"""Threads on their way to their editions."""


class Desk(NamedTuple):
    """What editions are made with; ``stands`` tells whether files of the site are as the last build wrote them."""

    site: Site
    store: Store
    hiding: Hiding
    editing: Editing
    workers: Workers
    failing: Failing
    stands: Callable[[Mapping[str, str]], bool]


def keep(dump: str, card: Card, thread: Thread, desk: Desk, versions: Mapping[Version, bool]) -> None:
    """Put a thread in the store; an unchanged one is not resolved again.

    It is made from ``versions``: threads of dumps, each with whether it is a last good version.  If it fails, they fail.
    """
    failed = _failed(dump, desk, versions)
    work: _Work | None = None
    with attempting("correcting a thread of it", failed, *OURS):
        work = _prepared(dump, card, thread, desk, is_last=all(versions.values()))
    if work:
        size = LONGER * sum(len(post.raw.body) for post in thread.posts)
        desk.editing.add(size, work.thread, work.add, failed)


def _failed(dump: str, desk: Desk, versions: Mapping[Version, bool]) -> Callable[[RostraError], object]:
    """Return a function that records the failure of a thread."""

    def failed(error: RostraError) -> None:
        error.path = dump
        for version, is_last in versions.items():
            desk.failing.fail(version, error, is_last=is_last)

    return failed


class _Work(NamedTuple):
    """A thread whose edition is to be made, and the function that adds it to the store."""

    add: Callable[[tuple[Stored, Row]], object]
    thread: ToEdit


def _prepared(dump: str, card: Card, thread: Thread, desk: Desk, *, is_last: bool) -> _Work | None:
    """Return the work left for a thread; None if its edition is in the store."""
    site, store, hiding, *_ = desk
    source, shown = thread, site.settings.publish_addresses
    more = hiding.withdrawals.of(thread, card)
    if more:
        hiding.withdrawals.touched.add(dump)
    own = tuple(each for each in card.correction if each.thread in (None, thread.id))
    rules = sha256(encode((own, card.quotation, more, shown, hiding.stamp))).hexdigest()
    if is_last and store.rules(dump, thread.id) == rules:
        return None
    thread = corrected(unpublished(thread) if more else thread, (*card.correction, *more))
    card = hiding.card(card)
    same = replace(thread, source=replace(thread.source, sha256="", captured=None, archived=None))
    key = _digest(same, card.quotation, shown, hiding.stamp)
    last = store.key(dump, thread.id)
    if last == key:
        store.renew(thread)
        return None
    # The bodies of the last edition do not show the original text if something was or is hidden.
    known = store.texts.row(thread.id) if last and store.hidden == hiding.stamp and not hiding.masks else None
    store.drop(thread.id)
    store.published.add(replace(source, id=thread.id), dump, is_last=is_last)
    store.formers.add(replace(source, id=thread.id))
    # An edition does not contain hidden text; it records decisions, which would appear twice if it were made from itself.
    before = source if hiding.masks or source is not thread or card.quotation else None
    work = ToEdit(thread, hiding.addresses, card.quotation, hiding.masks, known, before)
    return _Work(partial(store.add, dump, key, rules), work)


def keep_joint(
    debate: str, taken: Collection[str], cards: Mapping[str, Card], desk: Desk, last: Collection[Version]
) -> str | None:
    """Put a debate of several dumps in the store; return its id, or None if it revealed more to hide.

    ``last`` are the threads that are last good versions.
    """
    store, hiding = desk.store, desk.hiding
    parts = store.parts.of(debate)
    versions = {(dump, part.id): (dump, part.id) in last for dump, part in parts.items()}
    first, *_ = ordered = sorted(parts, key=lambda dump: order(parts[dump]))
    chosen = [parts[dump].id for dump in reversed(ordered) if cards[dump].id and not parts[dump].source.several]
    name = chosen[0] if chosen else store.parts.named([parts[dump] for dump in ordered], taken)
    parts = apart(parts, name, debate)
    card, whole = NO_CARD, None
    with attempting("joining a debate of several dumps", _failed(first, desk, versions), *OURS):
        whole = replace(merge_dumps([parts[dump] for dump in ordered]), id=name)
        whole = store.published.settle(whole, chosen=True, dump=first, dumps=(), taken=())
        whole = store.formers.attached(first, whole)
        apply = [applying(cards[dump], replace(whole, source=parts[dump].source)) for dump in ordered]
        card = Card(
            quotation=tuple(each for one in apply for each in one.quotation),
            correction=tuple(each for one in apply for each in one.correction),
        )
        store.drop(debate)
        store.parts.rename(debate, name, parts)
        if any(withholds(cards[dump]) for dump in parts) or hiding.withdrawals.of(whole, card):
            # Text that one dump's card removes is in the other dumps too.
            whole = unpublished(whole)
            hiding.withdrawals.touched.update(parts)
        # A rule names a post by its id in the joined debate.
        if hiding.redactor and hiding.redactor.learn(corrected(whole, card.correction), parts):
            return None
    if whole:
        keep(first, card, whole, desk, versions)
    return name


def _digest(thread: Thread, *more: object) -> str:
    """Hash all text of a thread, post by post, since a huge thread must not be in memory twice."""
    total = sha256(encode((replace(thread, posts=()), more)))
    for post in thread.posts:
        total.update(encode(post))
    return total.hexdigest()
