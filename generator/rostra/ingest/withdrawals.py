"""Withdraw posts that cards name in every dump and debate where they are recognised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from rostra.config.cards import Card, Correction, withdraws
from rostra.config.redaction_rules import RedactionRule
from rostra.identity.ledger import TIMED, Traits, signs, traits
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.sources import DumpEntry
from rostra.model import Former, Post, Thread
from rostra.privacy.hidden_posts import HiddenPosts
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.store.store import Store


class Withdrawals(Struct):
    """The former and present addresses of withdrawn posts, the keys that identify them, and the dumps that contain them.

    It is completed while a build finds such posts.
    """

    places: dict[tuple[str, str], Correction]
    signs: dict[str, Correction]
    dumps: dict[str, list[tuple[str, str]]]
    touched: set[str]
    """The dumps in which this build found withdrawn posts; they are not published."""
    near: dict[str, list[tuple[str, str]]]
    """The dumps with the same words; they are read again and checked."""

    def of(self, thread: Thread, card: Card) -> tuple[Correction, ...]:
        """Return corrections that withdraw posts which cards of other debates withdrew."""
        named = {id for each in card.correction if each.withdrawn is not None for id in each.named}
        here = {post.id for post in thread.posts}
        found = []
        for post in thread.posts if self.places else ():
            held = ((each.debate, each.post) for each in post.history.holds)
            correction = next((c for place in held if (c := self.places.get(place))), None)
            if correction and post.id not in named:
                found.append(Correction(post=post.id, withdrawn=correction.withdrawn))
                continue
            correction = self.places.get((thread.id, post.id))
            for sign in () if correction else _signs(post):
                correction = correction or self.signs.get(sign)
            # If the post is still in its place, a post with the same words is another one.
            own = correction and any((thread.id, each) in self.places and each in here for each in correction.named)
            if correction and post.id not in named and not (own and post.id not in correction.named):
                found.append(Correction(post=post.id, withdrawn=correction.withdrawn))
        return tuple(found)


def withdrawals(entries: Iterable[DumpEntry], store: Store) -> Withdrawals:
    """Return the posts that cards withdraw, followed in the ledger from their former to their present addresses."""
    found = Withdrawals({}, {}, {}, set(), {})
    for entry in entries:
        for correction in entry.card.correction:
            for post in correction.named if correction.withdrawn is not None else ():
                # Also in the first build of a dump, of which nothing is known.
                found.dumps.setdefault(entry.dump.name, [])
                for debate in _meant(store, post, correction.thread, entry.dump.name):
                    _follow(found, store, debate, post, correction)
    return found


def look(
    entries: tuple[DumpEntry, ...], store: Store, pseudonyms: Pseudonyms | None, hidden: HiddenPosts | None
) -> None:
    """Search every dump for what an earlier version of Rostra read, before anything of it is hidden."""
    cards = [each.card for each in entries if any(one.withdrawn is not None for one in each.card.correction)]

    def hides(former: Former, times: Iterable[str]) -> bool:
        by_card = any(withdraws(card, former.debate, former.post) for card in cards)
        return by_card or (hidden is not None and any(hidden.former(former, times)))

    sound = (entry for entry in entries if not entry.broken)
    dumps = ((entry.dump, read_threads(entry.dump, entry.card, pseudonyms=pseudonyms)) for entry in sound)
    store.formers.begin(hides if cards or hidden else None, dumps)


def followed(rules: Mapping[int, RedactionRule], store: Store) -> Iterator[tuple[int, tuple[str, str], set[str]]]:
    """Yield the former and present addresses of the posts that rules name, rule by rule, with the keys that identify each."""
    for number, rule in rules.items():
        for debate in _meant(store, rule.post, rule.thread, "") if rule.post else ():
            for place, known in store.published.way(debate, rule.post or ""):
                yield number, place, {*signs(known)} if _tells(known) else set()


def _meant(store: Store, post: str, debate: str | None, dump: str) -> list[str]:
    """Return the debates whose post a card may mean: the one it names, those of the dump, else those of the only such post.

    A post may be named by any address that it had.
    """
    debates = store.published.posts.named(post)
    if debate:
        return [each for each in debates if each == debate]
    ways = {each: [place for place, _ in store.published.way(each, post)] for each in debates}
    own = [each for each, way in ways.items() if any(dump in _dumps(store, there) for there, _ in way)]
    return own or (debates if len({way[-1] for way in ways.values()}) == 1 else [])


def _dumps(store: Store, debate: str) -> set[str]:
    return {*store.parts.dumps_of(debate), *store.published.dumps_of(debate)}


def _follow(found: Withdrawals, store: Store, debate: str, post: str, correction: Correction) -> None:
    for place, known in store.published.way(debate, post):
        found.places.setdefault(place, correction)
        for sign in (*(signs(known) if _tells(known) else ()), *_untimed(known)):
            found.signs.setdefault(sign, correction)
        alike = store.published.posts.saying(known.words) if len(known.words) == TIMED else {}
        for near in dict.fromkeys(debate for debate, _ in alike):
            for dump in _dumps(store, near):
                found.near.setdefault(dump, []).append(place)
        for there in (place[0], *store.published.formers.debates(place)):
            for dump in _dumps(store, there):
                found.dumps.setdefault(dump, []).append(place)


def _signs(post: Post) -> set[str]:
    """Return the keys that identify a post, also those of its earlier wordings."""
    raw = post.raw
    wordings = [raw, *(replace(raw, body=each.body) for each in post.history.revisions)]
    known = [traits(replace(post, raw=each)) for each in wordings]
    found = {sign for each in known if _tells(each) for sign in signs(each)}
    for each in wordings:
        bare = traits(replace(post, raw=replace(each, native_id=None)))
        # If one of two dumps has no times, the words identify a long text.
        if bare.sketch:
            found.add(("=" if len(bare.moment) == TIMED else "~") + bare.words)
    return found


def _untimed(known: Traits) -> set[str]:
    """Return the keys that identify a post in a dump without times, and in any other if its own dump has none."""
    if len(known.words) != TIMED:
        return set()
    return {f"~{known.words}"} if len(known.moment) == TIMED else {f"~{known.words}", f"={known.words}"}


def _tells(known: Traits) -> bool:
    """Whether its words, author and time, or its words alone, identify a post in any debate; many contain "I agree"."""
    return len(known.words) == TIMED and (len(known.moment) == TIMED or bool(known.sketch))
