"""Find which post each post of a copied page answers: by indentation, otherwise by references, otherwise none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rostra.readers.copied.names import folded_name
from rostra.readers.copied.records import PostRecord
from rostra.system.lazy_regex import late

REGULAR = 0.9
"""The least share of the steps to the right with the same width at which indentation is depth."""
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


def replies(records: Sequence[PostRecord], voices: Sequence[Voice]) -> list[Reply]:
    """Return for each record which one it answers."""
    # The indentation between the opening post and the replies is not the width of a level.
    opening = [Reply(None, "none") for record in records[:1] if record.template.role == "opening"]
    columns = [record.column for record in records[len(opening) :]]
    if step := indentation(columns):
        return opening + [_deeper(each, len(opening)) for each in _indented(columns, step)]
    linked = _linked([record.held.get("links") for record in records])
    return linked or _named(records, voices)


def _deeper(reply: Reply, by: int) -> Reply:
    return reply._replace(parent=reply.parent + by) if reply.parent is not None else reply


def indentation(columns: Sequence[int]) -> int:
    """Return the width of one level; 0 if all columns are equal, or too irregular."""
    increases = Counter(b - a for a, b in pairwise(columns) if b > a)
    if not increases:
        return 0
    commonest = min(increases, key=lambda step: (-increases[step], step))
    least = min(b - a for a, b in pairwise(sorted(set(columns))))
    step = least if least > 1 and commonest % least == 0 else commonest
    regular = sum(count for width, count in increases.items() if width % step == 0)
    return step if regular >= REGULAR * sum(increases.values()) else 0


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


def _named(records: Sequence[PostRecord], voices: Sequence[Voice]) -> list[Reply]:
    """Return replies by numbers and names that posts mention, if only one post can be meant."""
    numbers = {record.held["id"]: n for n, record in enumerate(records) if "id" in record.held}
    called = [_called(record, voice) for record, voice in zip(records, voices, strict=True)]
    spoken: dict[str, list[int]] = {}
    people: dict[str, set[str]] = {}
    chain: list[int] = []
    """The previous post and its ancestors, from the top."""
    found: list[Reply] = []
    last_post: int | None = None
    for n, (record, voice) in enumerate(zip(records, voices, strict=True)):
        parent = _mentioned(record, voice, numbers, n)
        if parent is None and record.template.role == "comment":
            parent = last_post
        if parent is None and (name := voice.answers or _addressed(voice.words)):
            name = folded_name(name)
            # A name that several people have identifies none of them.
            if len(people.get(name, ())) == 1:
                parent = _one([each for each in chain if name in called[each]], spoken[name])
        found.append(Reply(parent, "page" if parent is not None else "none"))
        if record.template.role != "comment":
            last_post = n
        for each in called[n]:
            spoken.setdefault(each, []).append(n)
            people.setdefault(each, set()).add(called[n][0])
        while parent is not None and chain and chain[-1] != parent:
            chain.pop()
        chain.append(n)
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
    number = record.held.get("answered") or (addressed and (addressed[2] or addressed[3]))
    found = numbers.get(number or "")
    return found if found is not None and found < own else None


def _addressed(words: str) -> str | None:
    found = _ADDRESSED.match(words)
    return found[1].rstrip(".") if found and found[1] else None


def _one(above: Sequence[int], all_of_them: Sequence[int]) -> int | None:
    """Return the post of a person who is answered: the only one among the ancestors, otherwise the only one at all."""
    found = above or all_of_them
    return found[0] if len(found) == 1 else None
