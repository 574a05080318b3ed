"""Find the new addresses of posts that were published elsewhere, or twice: the old addresses lead there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from operator import itemgetter

from msgspec.structs import replace

from rostra.identity.ledger import HASHES, TIMED, Traits, hashes, traits
from rostra.identity.permalinks import digest
from rostra.identity.post_matching import ALIKE, recognised
from rostra.identity.registry import Registry
from rostra.model import Post, Thread


def follow(published: Registry, thread: Callable[[str], Thread]) -> None:
    """Find the new addresses of published posts that are no longer at their addresses; ``thread`` returns a debate by its id.

    First, posts with the same words, author and time are matched; then, if some posts of a debate moved
    to another, the rest with new posts there; then posts that were published twice and are one post now.
    """
    if published.touched:
        _follow(published, thread)
    published.note_missed()


def _follow(published: Registry, thread: Callable[[str], Thread]) -> None:
    posts = published.posts
    went: dict[str, Counter[str]] = {}
    for (debate, post), known in posts.vanished().items():
        if debate in published.unsure:
            continue
        # Within a debate each post was matched already: a post with the same words there is another post.
        now = posts.live_saying((debate, post), known.words, known.moment) if known.words else []
        if not now and known.native:
            # The author and time may be known better now; and two posts with one id may be known to be one.
            now = posts.live_numbered(debate, known.native, known.words)
        if not now and len(known.words) == TIMED:
            # Text copied from a page has no times.
            now = posts.live_untimed(debate, known.words, known.moment)
        if not now and (read := published.reading(known.words)) and read != (debate, post):
            now = [read]
        if now and (len(now) == 1 or len(known.words) == TIMED):
            published.move(debate, post, now[0])
            went.setdefault(debate, Counter())[now[0][0]] += 1
    for debate, places in sorted(went.items()):
        for there in sorted(places, key=lambda place: (-places[place], place)):
            _rest(published, debate, there)
    _twice(published, thread, went)


def _rest(published: Registry, debate: str, there: str) -> None:
    """Match posts that moved together with others and were changed."""
    posts = published.posts
    found = recognised([*posts.new(there).items()], posts.lost(debate, there))
    left = posts.unplaced(debate)
    for post, row in found.items():
        if row in left:
            published.move(debate, row, (there, post))


def _twice(published: Registry, thread: Callable[[str], Thread], went: dict[str, Counter[str]]) -> None:
    """Match posts missing from this build with posts that have, or had, the same words: unrecognised copies of these."""
    lost: dict[str, dict[str, Traits]] = {}
    for (debate, post), known in published.posts.just_vanished().items():
        lost.setdefault(debate, {})[post] = known
    for debate, rows in lost.items():
        if debate in published.unsure:
            continue
        places = went.get(debate, Counter[str]())
        for there in (debate, *sorted(places, key=lambda place: (-places[place], place))):
            if published.debates.is_live(there):
                for row, post in _copies(rows, thread(there)):
                    published.move(debate, row, (there, post))
                    del rows[row]


def _copies(rows: dict[str, Traits], thread: Thread) -> list[tuple[str, str]]:
    """Return which rows are copies of which posts: the same or similar words of the same person."""
    said: dict[str, list[tuple[Post, Traits, bool]]] = {}
    for post in thread.posts:
        for known, earlier in _wordings(post):
            for sign in {known.words, *hashes(known.sketch)} - {""}:
                said.setdefault(sign, []).append((post, known, earlier))
    found = []
    for row, lost in rows.items():
        near = [
            (HASHES if known.words == lost.words else len(hashes(known.sketch) & hashes(lost.sketch)), post.id)
            for sign in (lost.words, *hashes(lost.sketch))
            for post, known, earlier in said.get(sign, ())
            # If both have ids in their source, or both have none, they were already known to be two posts.
            if (earlier or bool(lost.native) != bool(post.raw.native_id)) and _by_same(lost, known, post)
        ]
        alike, post_id = max(near, key=itemgetter(0), default=(0, ""))
        if alike >= ALIKE:
            found.append((row, post_id))
    return found


def _wordings(post: Post) -> Iterator[tuple[Traits, bool]]:
    """Yield the traits of a post without its id in the source, also of its earlier wordings, with whether it is one of these."""
    raw = replace(post.raw, native_id=None)
    yield traits(replace(post, raw=raw)), False
    for each in post.history.revisions:
        yield traits(replace(post, raw=replace(raw, body=each.body))), True


def _by_same(lost: Traits, known: Traits, post: Post) -> bool:
    """Whether the author of a post may be that of the lost one; unsigned posts must be the same word for word."""
    if not lost.moment or not post.raw.author:
        return lost.words == known.words
    return lost.moment in (known.moment, digest(post.raw.author.name)[: len(lost.moment)])
