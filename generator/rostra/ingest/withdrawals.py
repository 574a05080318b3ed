"""A post that a card withdraws stays withdrawn wherever it is recognised, in whichever dump or debate it now stands."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from rostra.config.cards import Card, Correction
from rostra.identity.ledger import TIMED, Traits, signs, traits
from rostra.ingest.sources import DumpEntry
from rostra.model import Post, Thread
from rostra.store.store import Store


class Withdrawals(Struct, frozen=True):
    """The addresses at which withdrawn posts stood and stand, what those posts are known by, and which dumps hold them."""

    places: dict[tuple[str, str], Correction]
    signs: dict[str, Correction]
    dumps: dict[str, list[tuple[str, str]]]
    touched: set[str]
    """The dumps in which this build found any, which are not published as they are."""
    near: dict[str, list[tuple[str, str]]]
    """The dumps that hold the same words, and are read again to see."""

    def of(self, thread: Thread, card: Card) -> tuple[Correction, ...]:
        """The corrections that withdraw what cards of other debates withdrew."""
        named = {id for each in card.correction if each.withdrawn is not None for id in each.named}
        here = {post.id for post in thread.posts}
        found = []
        for post in thread.posts if self.places else ():
            correction = self.places.get((thread.id, post.id))
            for sign in () if correction else _signs(post):
                correction = correction or self.signs.get(sign)
            # Where the post itself still stands, who says the same is another.
            own = correction and any((thread.id, each) in self.places and each in here for each in correction.named)
            if correction and post.id not in named and not (own and post.id not in correction.named):
                found.append(Correction(post=post.id, withdrawn=correction.withdrawn))
        return tuple(found)


def withdrawals(entries: Iterable[DumpEntry], store: Store) -> Withdrawals:
    """What the cards withdraw, followed by the ledger from where it stood to where it stands."""
    found = Withdrawals({}, {}, {}, set(), {})
    for entry in entries:
        for correction in entry.card.correction:
            for post in correction.named if correction.withdrawn is not None else ():
                for debate in _meant(store, post, correction.thread, entry.dump.name):
                    _follow(found, store, debate, post, correction)
    return found


def _meant(store: Store, post: str, debate: str | None, dump: str) -> list[str]:
    """The debates whose post a card of a dump may mean: the one it names, those of the dump, else those of the only post.

    A post is called by any address that it had.
    """
    rows = store.base.execute("SELECT debate FROM published WHERE post = ? AND old", (post,)).fetchall()
    debates = sorted(each for (each,) in rows)
    if debate:
        return [each for each in debates if each == debate]
    ways = {each: [place for place, _ in store.published.way(each, post)] for each in debates}
    own = [each for each, way in ways.items() if any(dump in _dumps(store, there) for there, _ in way)]
    return own or (debates if len({way[-1] for way in ways.values()}) == 1 else [])


def _dumps(store: Store, debate: str) -> set[str]:
    return {*store.parts.dumps_of(debate), store.published.home(debate)}


def _follow(found: Withdrawals, store: Store, debate: str, post: str, correction: Correction) -> None:
    for place, known in store.published.way(debate, post):
        found.places.setdefault(place, correction)
        for sign in (*(signs(known) if _tells(known) else ()), *_untimed(known)):
            found.signs.setdefault(sign, correction)
        query = "SELECT DISTINCT debate FROM published WHERE words = ? AND old AND there = '' ORDER BY debate"
        for (near,) in store.base.execute(query, (known.words,)) if len(known.words) == TIMED else ():
            for dump in sorted(_dumps(store, near)):
                found.near.setdefault(dump, []).append(place)
        for dump in _dumps(store, place[0]):
            found.dumps.setdefault(dump, []).append(place)


def _signs(post: Post) -> set[str]:
    """What a post is known by, in its earlier wordings too."""
    raw = post.raw
    wordings = [raw, *(replace(raw, body=each.body) for each in raw.revisions)]
    known = [traits(replace(post, raw=each)) for each in wordings]
    found = {sign for each in known if _tells(each) for sign in signs(each)}
    for each in wordings:
        bare = traits(replace(post, raw=replace(each, native_id=None)))
        # Of two dumps of which one tells no times, a long text is known by its words.
        if bare.sketch:
            found.add(("=" if len(bare.moment) == TIMED else "~") + bare.words)
    return found


def _untimed(known: Traits) -> set[str]:
    """By what a post is known in a dump that tells no times, and in any other if its own dump told none."""
    if len(known.words) != TIMED:
        return set()
    return {f"~{known.words}"} if len(known.moment) == TIMED else {f"~{known.words}", f"={known.words}"}


def _tells(known: Traits) -> bool:
    """Whether its words and who wrote it when, or its words alone, tell a post in any debate; "I agree" is said in many."""
    return len(known.words) == TIMED and (len(known.moment) == TIMED or bool(known.sketch))
