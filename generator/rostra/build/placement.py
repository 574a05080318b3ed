"""Assign threads to debates, and choose a replacement for those that fail."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from rostra.build.desk import Desk, Edits, keep, keep_joint
from rostra.build.matching import Matched, Matching
from rostra.build.overwritten import unless_overwritten
from rostra.config.cards import withdrawn, withholds
from rostra.editorial.corrections import applying
from rostra.errors import RostraError, UsageError
from rostra.ingest.assembling import to_look
from rostra.ingest.changes import context, dump_keys, growths_of, reading_of, unhold_connected
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.failures import Taken, Version
from rostra.ingest.privacy_policy import OURS
from rostra.ingest.sources import DumpEntry
from rostra.model import Thread
from rostra.readers.guards.completeness import HELD_BACK
from rostra.system.attempts import attempting
from rostra.system.progress import Progress
from rostra.threads.merge import by_nature


class Placing:
    """One pass over all dumps: which debates are taken, and by which dump.

    ``whole`` are the dumps that it reads though they are unchanged; it adds those that the next pass must read.
    """

    def __init__(self, entries: tuple[DumpEntry, ...], desk: Desk, whole: set[str]) -> None:
        self.desk, self.entries, self._whole = desk, entries, whole
        site, store, hiding, *_ = desk
        self._held = store.last.held()
        whole |= desk.failing.partly
        for dump in whole:
            store.unhold(dump)
        self.keys = dump_keys(site, entries, hiding)
        connected = unhold_connected(store, self.keys)
        store.forget_others(self.keys)
        sound = tuple(entry for entry in entries if entry.dump.name not in whole | connected)
        self.growths = dict(growths_of(site, sound, store, hiding, self.keys))
        self.cards = {entry.dump.name: entry.card for entry in entries}
        self.taken: dict[str, str] = {}
        # Of two dumps of a debate, the first by name need not be the one that had it before.
        self.present = {id: dump for dump, key in self.keys.items() for id in store.held(dump, key) or ()}
        self.present |= {id: dump for dump, (_, kept) in self.growths.items() for id in kept}
        self.hidden = self._hidden()
        self.matching = Matching(desk, self.cards, self.present, self.hidden, whole)
        self.joint: dict[str, str] = {}
        """The debate that each debate of several dumps is merged into."""
        self.reasons: dict[str, str] = {}
        self.well: list[str] = []
        """The dumps that were read without a failure."""
        self.is_final = True
        """Whether no other pass is needed: no debate of several dumps revealed more to hide, and no thread that was read
        is like one of a dump that was not."""
        self._last: set[Version] = set()
        """The threads that are last good versions."""
        self._failed: list[Taken] = []

    def _hidden(self) -> dict[str, str]:
        """Return the debates that no dump publishes, each with the dump whose card hides it, or may hide it."""
        store, doubted = self.desk.store, self.desk.failing.doubted
        found = {
            id: dump
            for id in store.published.debates.withdrawn()
            for dump in reversed(store.published.dumps_of(id))
            if dump in self.keys and (dump in doubted or store.holds(dump, self.keys[dump]))
        }
        for dump in (entry.dump.name for entry in self.entries if entry.out):
            found |= dict.fromkeys((*store.published.debates.of_dump(dump), *store.last.debates(dump)), dump)
        for id, dump in found.items():
            if dump in doubted:
                store.published.hide(id)
        return found

    def edits(self, progress: Progress) -> Edits:
        """Read every dump, and yield the editions to make; if this pass is not final, another one must follow."""
        store, hiding = self.desk.store, self.desk.hiding
        changed = [e for e in self.entries if not store.holds(e.dump.name, self.keys[e.dump.name])]
        whole = (e for e in changed if e.dump.name not in self.growths and not e.broken)
        pseudonyms = hiding.pseudonyms is not None
        store.tails.look_ahead((to_look(e.dump, e.card, pseudonyms=pseudonyms) for e in whole), self.desk.workers)
        for entry in progress.each("reading dumps", self.entries, len(self.entries)):
            yield from self._take(entry, progress)
            entry.dump.let_go()
        yield None
        if self.matching.connected:
            # What this pass read is neither merged nor withdrawn yet.
            self._whole.update(self.matching.connected, (entry.dump.name for entry in changed))
            self.is_final = False
            return
        for debate, into in self.joint.items():
            if debate != into:
                store.drop(debate)
                self._moved(debate, into)
        for debate in sorted(set(self.joint.values())):
            taken = self.present.keys() - {debate}
            name = yield from keep_joint(debate, taken, self.cards, self.desk, self._last)
            if name is None:
                self.is_final = False
                return
            self._moved(debate, name)
            self.present[name] = self.present.pop(debate)
        yield None
        for debate, reason in sorted(self.reasons.items()):
            store.withdraw(debate, reason)
        for dump in sorted(hiding.withdrawals.touched):
            store.unpublish(dump)
        for of in self._failed:
            self._settle_copy(of)
        # A debate of several dumps is made again from all of them, and they are read completely.
        store.tails.settle(store.parts.dumps())

    def _moved(self, debate: str, into: str) -> None:
        if debate in self.reasons:
            self.reasons[into] = self.reasons.pop(debate)
        self.desk.failing.move(debate, into)

    def _take(self, entry: DumpEntry, progress: Progress) -> Edits:
        dump, store = entry.dump.name, self.desk.store
        held = store.held(dump, self.keys[dump])
        if held is not None and held.isdisjoint(self.taken):
            self.taken |= dict.fromkeys(held, dump)
            return
        progress.within(entry.dump.portion)
        of = Taken(entry, self.desk.failing)
        # What hides words may be in the part of a dump that is not read again.
        was_hidden, hides = not store.dumps_published(dump), False
        for thread in self._threads(of):
            hides = hides or any(problem.code in HELD_BACK for problem in thread.problems)
            progress.within(entry.dump.portion)
            yield from self._place(of, thread, thread.id)
        for error in entry.dump.failures if not entry.broken else ():
            of.fail(error)
        is_growth = of.reading is not None and of.reading.is_growth
        if entry.dump.withheld or hides or (was_hidden and is_growth):
            # The original dump contains the withheld text.
            self.desk.hiding.withdrawals.touched.add(dump)
        if of.failed or entry.broken:
            yield from self._fall_back(of)
        for id in store.known(dump).keys() - of.seen:
            store.drop(id)
            if self.hidden.get(id) == dump:
                store.published.hide(id)
        if not entry.broken and self.desk.failing.tell_of(entry.dump, shown=bool(of.seen)):
            # It is read and reported in every build.
            of.whole = False
        if of.whole and not entry.broken:
            store.hold(dump, self.keys[dump])
            if of.reading:
                store.tails.note(of.reading, context(self.desk.site, entry, self.desk.hiding), of.debates)
            self.well.append(dump)
        else:
            store.tails.forget(dump)

    def _threads(self, of: Taken) -> Iterator[Thread]:
        """Yield the threads of a dump until reading fails.

        An error in handling a yielded thread is not a failure of the dump.
        """
        site, store, hiding, *_ = self.desk
        entry = of.entry
        if entry.broken:
            return
        shown, withheld = site.settings.publish_addresses, hiding.withholds(of.dump)
        try:
            of.reading, of.seen = reading_of(entry, store, self.growths, self.taken)
            self.taken |= dict.fromkeys(of.seen, of.dump)
            threads = read_threads(
                entry.dump, entry.card, of.reading,
                addresses=shown, pseudonyms=hiding.pseudonyms, withheld=withheld, distinct=entry.distinct,
                ahead=store.tails.ahead, workers=self.desk.workers,
            )  # fmt: skip
            if not (of.reading and of.reading.is_growth):
                threads = unless_overwritten(threads, entry, self.entries, store)
            for thread in threads:
                yield store.formers.marked(entry.dump, thread)
        except RostraError as error:
            of.broke_off = True
            of.fail(error)

    def _fall_back(self, of: Taken) -> Edits:
        """For the failed threads of a dump, use the last good versions, if the current rules can be applied to them."""
        store, hiding, failing, dump = self.desk.store, self.desk.hiding, self.desk.failing, of.dump
        failing.dumps.add(dump)
        self._failed.append(of)
        # Threads read by an earlier version of Rostra may still be known by that id only.
        store.published.whole = False
        if dump not in failing.doubted:
            # What the card withdrew stays withdrawn.
            if dump in self._held or dump in store.published.debates.dumps():
                failing.doubt(dump)
            return
        if of.entry.out:
            failing.reasons[dump] = of.entry.out
            return
        if hiding.pseudonyms and store.last.pseudonyms != hiding.pseudonyms.key_digest:
            failing.reasons[dump] = "pseudonyms are assigned when it is read"
            return
        for debate, called, thread in store.last.threads(dump):
            if debate not in of.read:
                yield from self._place(of, thread, called, is_last=True)

    def _place(self, of: Taken, natural: Thread, called: str, *, is_last: bool = False) -> Edits:
        """Find the debate of a thread, and yield the edition to make; ``called`` is its natural id."""
        store, dump, chosen = self.desk.store, of.dump, of.chose(natural)
        piece = of.reading.piece() if of.reading and not is_last else 0
        if not self.matching.known.keys().isdisjoint(store.parts.called(called)):
            # The thread is compared with them, so they must be in the store.
            yield None
        found: Matched | None = None
        with attempting("matching a thread of it with known debates", lambda error: of.fail(error, natural), *OURS):
            found = self.matching.find(of, natural, called, self.taken)
        if found is None or self._fails(of, found.thread, is_last=is_last):
            return
        thread, same = found
        if not is_last:
            of.read.update((thread.id, *same))
        if any(each not in self.present for each in same) or self._is_hidden(thread, dump):
            of.whole = False  # another dump of a withdrawn debate stays withdrawn with it
            return
        other = same[0] if same else None
        if other is not None:
            yield None
            self._join(same, thread, dump, called)
        elif chosen and thread.id in self.taken:
            message = f"its address {thread.id!r} is already used by {self.taken[thread.id]}"
            of.read.discard(thread.id)
            of.fail(UsageError(message, path=dump, hint="set another `id` in the card of one of them"))
            return
        else:
            # The dump that the id belongs to may not have been read yet.
            others = not chosen and store.published.is_anothers(thread, dump, self.keys.keys(), half=True)
            if others or thread.id in self.taken:
                aside = store.published.aside(replace(natural, id=thread.id), dump, self.taken)
                thread = store.formers.attached(dump, aside)
                if self._fails(of, thread, is_last=is_last):
                    return
            self.taken[thread.id] = self.present[thread.id] = dump
            of.seen.add(thread.id)
            of.debates.setdefault(piece, []).append(thread.id)
            yield from keep(dump, applying(of.entry.card, thread), thread, self.desk, {(dump, thread.id): is_last})
            store.published.call(thread.id, called)
        if is_last:
            self._last.add((dump, thread.id))
            self.desk.failing.keep(other or thread.id, dump)
        held = (former.debate for post in thread.posts for former in post.history.holds)
        if (reason := withdrawn(of.entry.card, thread.id, *held)) is not None:
            self.reasons[other or thread.id] = reason

    def _fails(self, of: Taken, thread: Thread, *, is_last: bool) -> bool:
        """Whether a thread fails, as it was read today or as its last good version."""
        failing, version = self.desk.failing, (of.dump, thread.id)
        error = (failing.last if is_last else failing.today).get(version)
        if error and not (is_last and version in failing.today):
            of.fail(error)
        return error is not None

    def _is_hidden(self, thread: Thread, dump: str) -> bool:
        by = self.hidden.get(thread.id)
        return (
            by not in (None, dump)
            and by in self.desk.failing.doubted
            and not self.desk.store.published.is_anothers(thread, dump, self.keys.keys())
        )

    def _join(self, same: list[str], thread: Thread, dump: str, called: str) -> None:
        """Record that a thread is another dump of a debate; this may merge several debates into one."""
        store, present, joint = self.desk.store, self.present, self.joint
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

    def _settle_copy(self, of: Taken) -> None:
        """Decide whether a failed dump is published: in its last state, if all of it is last good versions."""
        store, hiding, failing, card = self.desk.store, self.desk.hiding, self.desk.failing, of.entry.card
        stays = card.publish_dump and not withholds(card) and not hiding.withholds(of.dump)
        last = store.last.reading(of.dump)
        # Text hidden in a short dump could be guessed from its digest, and no digest is that of two versions.
        told = last is not None and not hiding.withholds(of.dump) and not (of.broke_off and of.read)
        failing.digests[of.dump] = digest = last.digest if last and told else ""
        if of.broke_off or not of.read:
            failing.unread.add(of.dump)
            stays = stays and not hiding.redactor and not of.read
            stays = stays and self.desk.stands(dict.fromkeys(store.dumps_published(of.dump), digest))
        if not stays:
            store.unpublish(of.dump)
