"""The shape of a debate: who spoke when, and who quotes whom, small enough to draw for a debate of any length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from rostra.i18n.text_folding import person_key
from rostra.model import Edition, Post
from rostra.model.timestamps import sortable_time, utc_time
from rostra.people.appearances import author_name

LANES = 10
"""How many people have a lane of their own."""
STEPS = 100
"""How many positions a lane has: posts at the same position are drawn as one."""
PAIRS = 16
"""How many pairs of people who quote each other are drawn."""


class Lane(Struct, frozen=True, kw_only=True):
    """The posts of one person, of all other people (``others``), or of all posts without a name.

    ``places`` are steps from the debate's beginning, 0 to ``STEPS``; ``first`` and ``last`` are times as the
    dump gives them, with their zone or without one.
    """

    name: str | None
    others: int = 0
    posts: int
    places: tuple[int, ...]
    first: str | None
    last: str | None
    quotes: tuple[tuple[str, int], ...] = ()
    quoted: tuple[tuple[str, int], ...] = ()


class QuotingPair(Struct, frozen=True):
    """In how many posts one person quotes another."""

    who: str
    whom: str
    count: int


class ThreadShape(Struct, frozen=True, kw_only=True):
    """A debate's lanes, the longest first, and its pairs, the most frequent first.

    ``begin`` and ``end`` are None if a post has no time: the steps then count posts in reading order.
    """

    posts: int
    lanes: tuple[Lane, ...]
    pairs: tuple[QuotingPair, ...]
    more: int
    """How many pairs are not drawn."""
    begin: str | None
    end: str | None


class _Moment(NamedTuple):
    """A post's time: in UTC, so that it sorts, and as the dump gives it, so that it is shown in its own zone or in none."""

    instant: str
    written: str


def shape(edition: Edition) -> ThreadShape:
    """Return the shape of a thread, in one pass over its posts."""
    said = [each.post for each in edition.posts if each.post.raw.kind == "post"]
    times = [_Moment(sortable_time(at) + "Z", at) if utc_time(at := post.raw.time or "") else None for post in said]
    known = [time for time in times if time]
    timed = len(known) == len(said) and len({time.instant for time in known}) > 1
    places = list(_by_time([time.instant for time in known]) if timed else _by_order(len(said)))
    names: dict[str, str] = {}
    spoken: dict[str | None, list[int]] = {}
    for n, post in enumerate(said):
        name = author_name(post.raw.author)
        who = person_key(name) if name else None
        if name and who:
            names.setdefault(who, name)
        spoken.setdefault(who, []).append(n)
    pairs = _pairs(edition, names)
    ranked = sorted((who for who in spoken if who is not None), key=lambda who: (-len(spoken[who]), spoken[who][0]))
    shown, rest = ranked[:LANES], ranked[LANES:]
    groups: list[tuple[str | None, int, list[int]]] = [(who, 0, spoken[who]) for who in shown]
    if rest:
        groups.append((None, len(rest), sorted(n for who in rest for n in spoken[who])))
    if None in spoken:
        groups.append((None, 0, spoken[None]))
    return ThreadShape(
        posts=len(said),
        lanes=tuple(_lane(who, others, mine, names, times, places, pairs) for who, others, mine in groups),
        pairs=tuple(QuotingPair(names[who], names[whom], count) for (who, whom), count in pairs.most_common(PAIRS)),
        more=max(0, len(pairs) - PAIRS),
        begin=min(known).written if timed else None,
        end=max(known).written if timed else None,
    )


def _lane(
    who: str | None,
    others: int,
    mine: list[int],
    names: dict[str, str],
    times: list[_Moment | None],
    places: list[int],
    pairs: Counter[tuple[str, str]],
) -> Lane:
    known = [time for n in mine if (time := times[n])]
    return Lane(
        name=names[who] if who else None,
        others=others,
        posts=len(mine),
        places=tuple(sorted({places[n] for n in mine})),
        first=min(known).written if known else None,
        last=max(known).written if known else None,
        quotes=tuple((names[whom], count) for (by, whom), count in pairs.items() if who and by == who),
        quoted=tuple((names[by], count) for (by, whom), count in pairs.items() if who and whom == who),
    )


def _by_order(posts: int) -> Iterator[int]:
    return (round(n / max(1, posts - 1) * STEPS) for n in range(posts))


def _by_time(times: list[str]) -> Iterator[int]:
    from datetime import datetime

    seconds = [datetime.fromisoformat(time).timestamp() for time in times]
    begin, end = min(seconds), max(seconds)
    return (round((at - begin) / (end - begin) * STEPS) for at in seconds)


def _pairs(edition: Edition, names: dict[str, str]) -> Counter[tuple[str, str]]:
    """Return in how many posts one person quotes another, by ``key``; the most frequent first, then in reading order."""
    posts: dict[str, Post] = {each.post.id: each.post for each in edition.posts}
    found: Counter[tuple[str, str]] = Counter()
    for each in edition.posts:
        sources = (quote.source for quote in each.quotes if quote.source and quote.source.thread == edition.thread.id)
        authors = (author_name(posts[source.post].raw.author) for source in sources if source.post in posts)
        who = author_name(each.post.raw.author)
        keys = dict.fromkeys(person_key(whom) for whom in authors if whom)
        if who and person_key(who) in names:
            found.update((person_key(who), whom) for whom in keys if whom in names and whom != person_key(who))
    return Counter(dict(found.most_common()))
