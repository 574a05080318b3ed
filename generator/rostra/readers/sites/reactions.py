"""How often people reacted to a post with which emoji; who they are is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from rostra.i18n.emoji import emoji
from rostra.model import Reaction

MOST = 50
"""The most kinds of reactions of a post; a post of a busy channel has some twenty."""
LONGEST = 60
"""The most code points of a reaction's name."""
GITHUB = {
    "laugh": "😄", "hooray": "🎉", "confused": "😕", "THUMBS_UP": "👍", "THUMBS_DOWN": "👎", "LAUGH": "😄", "HOORAY": "🎉",
    "CONFUSED": "😕", "HEART": "❤️", "ROCKET": "🚀", "EYES": "👀",
}  # fmt: skip
"""GitHub's own names that are no codes of these emoji."""
NAMES = ("sign", "emoji", "emoji_name", "name", "id", "content")
"""Fields that say which emoji it is, in the order in which they count."""
PEOPLE = ("users", "reactors")


def reactions(value: Any) -> tuple[Reaction, ...]:
    """Return the reactions of a post in the order of the dump.

    ``value`` is a list of objects, each an emoji with a count or one person's reaction, or GitHub's object of counts.
    """
    if not value:
        return ()
    counts: dict[str, int] = {}
    for name, count in _told(value):
        sign = GITHUB.get(name) or emoji(name.strip(":")) or name
        if 0 < count < 2**31 and 0 < len(sign) <= LONGEST and (sign in counts or len(counts) < MOST):
            counts[sign] = counts.get(sign, 0) + count
    return tuple(Reaction(sign=sign, count=count) for sign, count in counts.items())


def _told(value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        # Most of GitHub's counts are 0.
        yield from ((n, c) for n, c in value.items() if c and _is_count(c) and n != "total_count")
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict) and (name := _name(each)):
            yield name, _count(each)


def _name(said: dict[str, Any]) -> str | None:
    for field in NAMES:
        value = said.get(field)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _count(said: dict[str, Any]) -> int:
    for value in (
        said.get("count"),
        *(each.get("totalCount") for each in map(said.get, PEOPLE) if isinstance(each, dict)),
    ):
        if _is_count(value):
            return value
    people = said.get("users")
    return len(people) if isinstance(people, list) else 1


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
