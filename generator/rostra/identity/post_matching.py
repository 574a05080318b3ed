"""Match each post of a dump with a published post, by the most reliable traits first, even if it was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from rostra.identity.file_names import moved_beside
from rostra.identity.ledger import TIMED, Traits, hashes, published_signs, signs, traits
from rostra.model import Post, Thread
from rostra.model.thread import renamed

ALIKE = 3
"""How many hashes of a sketch must agree for two replies to the same post to be one corrected text."""


def settled(thread: Thread, id: str, known: Mapping[str, Traits]) -> Thread:
    """Return the thread under ``id``; each recognised post has the id that it was published with.

    ``known`` are the posts published under ``id``.  A new post never takes the id of one that is gone.
    """
    published = moved_beside(thread.source.published, thread.id, id)
    thread = replace(thread, source=replace(thread.source, published=published))
    if not known:
        return replace(thread, id=id)
    found = recognised([(post.id, traits(post)) for post in thread.posts], known)
    names: dict[str, str] = dict(found)
    taken = set(known)
    for post in thread.posts:
        if post.id not in names:
            names[post.id] = _free(post.id, taken)
            taken.add(names[post.id])
    return renamed(replace(thread, id=id), names)


def _free(id: str, taken: set[str]) -> str:
    candidate, count = id, 1
    while candidate in taken:
        count += 1
        candidate = f"{id}-{count}"
    return candidate


def recognised(posts: list[tuple[str, Traits]], known: Mapping[str, Traits]) -> dict[str, str]:
    """Match each post with one of the ``known``, by the most reliable traits first; each is used once.

    ``posts`` are in reading order, so that a parent is recognised before its replies.
    """
    return _Recognition(posts, known).found


class _Recognition:
    def __init__(self, posts: list[tuple[str, Traits]], known: Mapping[str, Traits]) -> None:
        self.posts = dict(posts)
        self.known = known
        self.left = dict(known)
        self.found: dict[str, str] = {}
        here = {t.native for t in self.posts.values()}
        there = {t.native for t in known.values()}
        self.shared = (here & there) - {""}
        self._pair(lambda t: t.native, alone=True)
        self._pair(lambda t: t.words and t.words + t.moment)
        self._pair(lambda t: t.words if len(t.words) == TIMED else "", alone=True)
        self._by_reading()
        self._pair(lambda t: t.moment if len(t.moment) == TIMED else "", alone=True)
        self._by_place()
        self._missing()
        self._by_name()

    def _take(self, post: str, row: str) -> None:
        self.found[post] = row
        del self.left[row]

    def _may_be(self, here: Traits, there: Traits) -> bool:
        """Two ids of one source are two posts, unless all else is the same: then the post was renumbered."""
        if not here.native or not there.native or here.native == there.native:
            return True
        if here.native in self.shared or there.native in self.shared:
            return False
        same = (here.words, here.moment) == (there.words, there.moment)
        return not self.shared or (same and len(here.words) == len(here.moment) == TIMED)

    def _pair(self, key: Callable[[Traits], str], *, alone: bool = False) -> None:
        """Match posts with the same key, in order; with ``alone``, only if the key is unique on both sides."""
        rows: dict[str, list[str]] = {}
        for row, there in self.left.items():
            if sign := key(there):
                rows.setdefault(sign, []).append(row)
        heres: dict[str, list[str]] = {}
        for post, here in self.posts.items():
            if post not in self.found and (sign := key(here)) in rows:
                heres.setdefault(sign, []).append(post)
        for sign, group in heres.items():
            others = rows[sign]
            if alone and (len(group) > 1 or len(others) > 1):
                continue
            # A post that kept its id is matched first, even if others have the same key.
            for post in [post for post in group if post in others]:
                if self._may_be(self.posts[post], self.known[post]):
                    group.remove(post)
                    others.remove(post)
                    self._take(post, post)
            for post in group:
                rest = (row for row in others if self._may_be(self.posts[post], self.known[row]))
                if match := next(rest, None):
                    others.remove(match)
                    self._take(post, match)

    def _by_reading(self) -> None:
        """Match by what an earlier version of Rostra read in a post's place."""
        rows: dict[str, list[str]] = {}
        for row, there in self.left.items():
            rows.setdefault(there.words, []).append(row)
        for post, here in self.posts.items():
            places = (row for reading in here.readings for row in rows.get(reading, ()))
            match = next((row for row in places if row in self.left and self._may_be(here, self.known[row])), None)
            if match and post not in self.found:
                self._take(post, match)

    def _by_place(self) -> None:
        """Match corrected texts: replies to the same post, similar or the only one of their author."""
        below: dict[str, list[str]] = {}
        for row, there in self.left.items():
            if there.words:
                below.setdefault(there.parent, []).append(row)
        for post, here in self.posts.items():
            if post in self.found or not here.words:
                continue
            parent = self.found.get(here.parent, "")
            if here.parent and not parent:
                continue
            rows = [row for row in below.get(parent, ()) if row in self.left and self._may_be(here, self.known[row])]
            alike = max(rows, key=lambda row: self._alike(here, row), default=None)
            if alike is not None and self._alike(here, alike) >= ALIKE:
                self._take(post, alike)
                continue
            same = [row for row in rows if self.known[row].moment == here.moment and not self.known[row].gone]
            rivals = [
                other
                for other, there in self.posts.items()
                if other not in self.found and there.parent == here.parent and there.moment == here.moment
            ]
            if here.moment and len(same) == 1 and len(rivals) == 1:
                self._take(post, same[0])

    def _alike(self, here: Traits, row: str) -> int:
        return len(hashes(here.sketch) & hashes(self.known[row].sketch))

    def _missing(self) -> None:
        """Match a missing post with the common parent of its replies."""
        answered: dict[str, set[str]] = {}
        for post, here in self.posts.items():
            above = self.posts.get(here.parent)
            if post in self.found and above and here.parent not in self.found and not above.words:
                answered.setdefault(here.parent, set()).add(self.known[self.found[post]].parent)
        for post, rows in answered.items():
            if len(rows) == 1 and (row := rows.pop()) in self.left:
                self._take(post, row)

    def _by_name(self) -> None:
        """Match posts that nothing else distinguishes: for example two posts with one id in the source, or without words."""
        for post, here in self.posts.items():
            there = self.left.get(post)
            if (
                post not in self.found
                and there
                and here.native == there.native
                and (here.native or here.words == there.words)
            ):
                self._take(post, post)


def voted(posts: Iterable[Post], candidates: Iterable[tuple[str, Traits]], *, half: bool = True) -> str | None:
    """Return the debate in which most of the posts were published, with ``half`` only if at least half of them were.

    ``candidates`` are debates with traits.
    """
    own = [known for known in map(traits, posts) if known.words]
    all_signs = {sign for known in own for sign in signs(known)}
    said = {known.words for known in own}
    met = [
        (debate, known.words in said) for debate, known in candidates if all_signs.intersection(published_signs(known))
    ]
    votes, words = Counter(debate for debate, _ in met), Counter(debate for debate, same in met if same)
    # Two debates may have the same ids by the same people, if ids count from one; then the words decide.
    best = min(votes, key=lambda debate: (-votes[debate], -words[debate], debate), default=None)
    return best if best is not None and not (half and votes[best] * 2 < len(own)) else None
