"""Make the edition of a thread and put it in the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.build.making import ToEdit, edited
from rostra.config.cards import Card, withholds
from rostra.config.site import Site
from rostra.editorial.corrections import applying, corrected
from rostra.errors import RostraError
from rostra.ingest.failures import Failing, Version
from rostra.ingest.privacy_policy import OURS, Hiding
from rostra.ingest.sources import NO_CARD
from rostra.model import Thread
from rostra.store.store import Store
from rostra.system.attempts import Failed, attempting
from rostra.system.batches import Work, in_batches
from rostra.system.workers import Workers
from rostra.threads.merge import apart, merge_dumps, order, unpublished

LONGER = 3
"""How many times larger an edition is than the text of its posts."""


class Desk(NamedTuple):
    """The context in which editions are made; ``stands`` tells whether files of the site are as the last build wrote them."""

    site: Site
    store: Store
    hiding: Hiding
    workers: Workers
    failing: Failing
    stands: Callable[[Mapping[str, str]], bool]


class Pending(NamedTuple):
    """A thread whose edition is being made: its first dump, the keys that it is stored with, and its ``versions``.

    ``versions`` are the threads of dumps that it is made from, each with whether it is a last good version.
    """

    dump: str
    versions: Mapping[Version, bool]
    key: str = ""
    rules: str = ""


Edits = Iterator[Work[Pending] | None]
"""The editions to make; None waits until those before are in the store."""


def store_editions(desk: Desk, workers: Workers, edits: Edits) -> None:
    """Make editions and put them in the store."""
    for of, made in in_batches(workers, edited, (desk.store.texts.folder,), edits):
        if isinstance(made, Failed):
            _fail(of, desk, made.error)
        else:
            desk.store.add(of.dump, of.key, of.rules, made)


def keep(dump: str, card: Card, thread: Thread, desk: Desk, versions: Mapping[Version, bool]) -> Edits:
    """Yield the edition of a thread to make; an unchanged one is not made again.

    It is made from ``versions``, as in ``Pending``.  If it fails, they fail.
    """
    work: Work[Pending] | None = None
    with attempting("correcting a thread of it", partial(_fail, Pending(dump, versions), desk), *OURS):
        work = _prepared(dump, card, thread, desk, versions)
    if work:
        yield work


def _fail(of: Pending, desk: Desk, error: RostraError) -> None:
    """Record the failure of a thread."""
    error.path = of.dump
    for version, is_last in of.versions.items():
        desk.failing.fail(version, error, is_last=is_last)


def _prepared(
    dump: str, card: Card, thread: Thread, desk: Desk, versions: Mapping[Version, bool]
) -> Work[Pending] | None:
    """Return the work left for a thread; None if its edition is in the store."""
    is_last = all(versions.values())
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
    store.published.add(replace(source, id=thread.id), *(dump for dump, _ in versions), is_last=is_last)
    store.formers.add(replace(source, id=thread.id))
    # An edition does not contain hidden text; it records decisions, which would appear twice if it were made from itself.
    before = source if hiding.masks or source is not thread or card.quotation else None
    size = LONGER * sum(len(post.raw.body) for post in thread.posts)
    to_edit = ToEdit(thread, hiding.addresses, card.quotation, hiding.masks, known, before)
    return Work(Pending(dump, versions, key, rules), size, to_edit)


def keep_joint(
    debate: str, taken: Collection[str], cards: Mapping[str, Card], desk: Desk, last: Collection[Version]
) -> Generator[Work[Pending] | None, None, str | None]:
    """Yield the edition of a debate of several dumps to make; return its id, or None if it revealed more to hide.

    ``last`` are the threads that are last good versions.
    """
    store, hiding = desk.store, desk.hiding
    parts = store.parts.of(debate)
    versions = {(dump, part.id): (dump, part.id) in last for dump, part in parts.items()}
    first, *_ = ordered = sorted(parts, key=lambda dump: order(parts[dump]))
    chosen = [parts[dump].id for dump in reversed(ordered) if cards[dump].id and not parts[dump].source.several]
    posts, ids = [post for part in parts.values() for post in part.posts], [parts[dump].id for dump in ordered]
    name = chosen[0] if chosen else store.published.named(posts, parts.keys(), ids, taken)
    parts = apart(parts, name, debate)
    card, whole = NO_CARD, None
    with attempting("joining a debate of several dumps", partial(_fail, Pending(first, versions), desk), *OURS):
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
        yield from keep(first, card, whole, desk, versions)
    return name


def _digest(thread: Thread, *more: object) -> str:
    """Hash all text of a thread, post by post, since a huge thread must not be in memory twice."""
    total = sha256(encode((replace(thread, posts=()), more)))
    for post in thread.posts:
        total.update(encode(post))
    return total.hexdigest()
