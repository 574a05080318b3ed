"""Find which post each post of a copied page answers: by indentation, otherwise by references, otherwise none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rostra.readers.copied.learning.beside_names import ANSWERING
from rostra.readers.copied.names import WORDS, folded_name
from rostra.readers.copied.records import PostRecord
from rostra.readers.text.levels import level_step
from rostra.system.lazy_regex import late

REGULAR = 0.9
"""The least share of the steps to the right with the same width at which indentation is depth."""
ABOVE = 2
"""The fewest answers to posts above the previous one from which it is clear that a page is not in order of time."""
ATTRIBUTION = 120
"""The most code points of a first line that says which post is answered."""
ADDRESSED = 120
"""The most code points in which the name behind "@" ends."""
_ADDRESSED = late(r"@([^\s:,;!?]{1,60})|>>(\d{1,12})\b|#(\d{1,12})\b")
"""The beginning of a post that names whom it answers."""

How = Literal["indentation", "page", "none"]


class Reply(NamedTuple):
    """The record that one answers, None if there is none or it is not known; ``gaps`` counts the missing levels between."""

    parent: int | None
    by: How
    gaps: int = 0


class Voice(NamedTuple):
    """The author of a record, the person whom it answers, and how it begins."""

    author: str | None
    answers: str | None
    words: str


def replies(
    records: Sequence[PostRecord], voices: Sequence[Voice], opening: frozenset[str] = frozenset()
) -> list[Reply]:
    """Return for each record which one it answers; ``opening`` are names, folded, of those who may have opened the thread."""
    # The indentation between the opening post and the replies is not the width of a level.
    first = [Reply(None, "none") for record in records[:1] if record.template.role == "opening"]
    columns = [record.column for record in records[len(first) :]]
    if step := indentation(columns):
        return first + [_deeper(each, len(first)) for each in _indented(columns, step)]
    linked = _linked([record.held.get("links") for record in records])
    return linked or _named(records, voices, opening)


def _deeper(reply: Reply, by: int) -> Reply:
    return reply._replace(parent=reply.parent + by) if reply.parent is not None else reply


def indentation(columns: Sequence[int]) -> int:
    """Return the width of one level; 0 if all columns are equal, or too irregular."""
    if not (step := level_step(columns)):
        return 0
    increases = [b - a for a, b in pairwise(columns) if b > a]
    return step if sum(width % step == 0 for width in increases) >= REGULAR * len(increases) else 0


def _indented(columns: Sequence[int], step: int) -> list[Reply]:
    stack: list[int] = []
    found = []
    for n, column in enumerate(columns):
        while stack and columns[stack[-1]] >= column:
            stack.pop()
        deeper = column - columns[stack[-1]] if stack else step
        found.append(
            Reply(stack[-1] if stack else None, "indentation", deeper // step - 1 if deeper % step == 0 else 0)
        )
        stack.append(n)
    return found


def _linked(links: Sequence[str | None]) -> list[Reply] | None:
    """Return replies by links to the root, the parent and the posts before and after on the same level; None without links.

    If a page also links the previous posts, a post without such a link is the first answer to the post above it, and one
    with it follows the nearest post above that has a link to the next.  Otherwise only the first two levels are known.
    """
    words = [set(re.findall(r"\w+", (each or "").casefold())) for each in links]
    if not any("parent" in each for each in words):
        return None
    exact = any("prev" in each for each in words)
    found: list[Reply] = []
    chain: list[int] = []
    for n, said in enumerate(words):
        if "parent" not in said:
            chain = []
        elif "root" not in said:
            chain = chain[:1]
        elif exact and "prev" in said:
            while len(chain) > 2 and "next" not in words[chain[-1]]:
                chain.pop()
            chain.pop()
        if "root" in said and (not exact or len(chain) < 2):
            found.append(Reply(None, "none"))
            continue
        found.append(Reply(chain[-1] if chain else None, "page"))
        chain.append(n)
    return found


def _named(records: Sequence[PostRecord], voices: Sequence[Voice], opening: frozenset[str]) -> list[Reply]:
    """Return replies by numbers and names that posts mention, if only one post can be meant."""
    found = _resolved(records, voices, opening, threaded=False)
    return _resolved(records, voices, opening, threaded=True) if _is_threaded(found) else found


class _Chain:
    """The previous post and its ancestors, from the top; posts between them whose parents are not known stay."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.named: dict[str, list[int]] = {}
        """The posts of each name."""
        self._names: dict[int, tuple[str, ...]] = {}

    def __contains__(self, post: int) -> bool:
        at = bisect_left(self.posts, post)
        return at < len(self.posts) and self.posts[at] == post

    def add(self, post: int, parent: int | None, names: tuple[str, ...] = ()) -> None:
        """Add a post; what is below its parent is removed."""
        while parent is not None and self.posts and self.posts[-1] != parent:
            for each in self._names[self.posts.pop()]:
                self.named[each].pop()
        self.posts.append(post)
        self._names[post] = names
        for each in names:
            self.named.setdefault(each, []).append(post)


def _is_threaded(found: Sequence[Reply]) -> bool:
    """Whether each post follows the one that it answers, or other answers to that one: posts are not in order of time."""
    chain = _Chain()
    above = 0
    for n, (parent, *_) in enumerate(found):
        if parent is not None and parent not in chain:
            return False
        above += parent is not None and parent != n - 1
        chain.add(n, parent)
    return above >= ABOVE


def _resolved(
    records: Sequence[PostRecord], voices: Sequence[Voice], opening: frozenset[str], *, threaded: bool
) -> list[Reply]:
    """Return the replies; if the page is ``threaded``, the ancestors of the previous post decide between posts of one person."""
    numbers = {record.held["id"]: n for n, record in enumerate(records) if "id" in record.held}
    called = [_called(record, voice) for record, voice in zip(records, voices, strict=True)]
    spoken: dict[str, list[int]] = {}
    people: dict[str, set[str]] = {}
    unseen = set(opening)
    """People who wrote something that is no record, such as the opening post: others answer it."""
    chain = _Chain()
    found: list[Reply] = []
    last_post: int | None = None
    for n, (record, voice) in enumerate(zip(records, voices, strict=True)):
        parent = _mentioned(record, voice, numbers, n)
        if parent is None and record.template.role == "comment":
            parent = last_post
        if parent is None and (name := voice.answers or _addressed(voice.words, spoken)):
            name = folded_name(name)
            if name not in spoken:
                unseen.add(name)
            # A name that several people have identifies none of them.
            elif name not in unseen and len(people[name]) == 1:
                parent = _one(chain.named.get(name, ()) if threaded else (), spoken[name])
        found.append(Reply(parent, "page" if parent is not None else "none"))
        if record.template.role != "comment":
            last_post = n
        for each in called[n]:
            spoken.setdefault(each, []).append(n)
            people.setdefault(each, set()).add(called[n][0])
        chain.add(n, parent, called[n])
    return found


def _called(record: PostRecord, voice: Voice) -> tuple[str, ...]:
    """Return the names of a record's author, the most certain first: the name, the account with its host, and without."""
    if not voice.author:
        return ()
    account = folded_name(record.held.get("handle", "").removeprefix("u/")) or voice.author
    return tuple(dict.fromkeys((account, voice.author, account.partition("@")[0] or account)))


def _mentioned(record: PostRecord, voice: Voice, numbers: dict[str, int], own: int) -> int | None:
    """Return the post with the number that a post answers."""
    addressed = _ADDRESSED.match(voice.words)
    number = record.held.get("answered") or (addressed and (addressed[2] or addressed[3])) or _attributed(voice.words)
    found = numbers.get(number or "")
    return found if found is not None and found < own else None


def _attributed(words: str) -> str | None:
    """Return the number in a first line such as "(In reply to Ada from comment #3)"."""
    line = words[:ATTRIBUTION].partition("\n")[0].lstrip("( ")
    numbers = re.findall(r"#(\d{1,12})\b", line)
    answering = ANSWERING.match(line[3:] if line[:3].casefold() == "in " else line)
    return numbers[0] if answering and len(numbers) == 1 else None


def _addressed(words: str, people: Collection[str]) -> str | None:
    """Return the name behind "@" at the beginning of a post: the longest one of ``people``, otherwise one word."""
    found = _ADDRESSED.match(words)
    if not found or not found[1]:
        return None
    said = words[1:ADDRESSED].partition("\n")[0].split()[:WORDS]
    names = (" ".join(said[:many]).rstrip(".,:;!?") for many in range(len(said), 1, -1))
    return next((name for name in names if folded_name(name) in people), found[1].rstrip("."))


def _one(above: Sequence[int], all_of_them: Sequence[int]) -> int | None:
    """Return the post of a person who is answered: the only one among the ancestors, otherwise the only one at all."""
    found = above or all_of_them
    return found[0] if len(found) == 1 else None
