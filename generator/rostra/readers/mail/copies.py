"""Copies of one message: one that was sent to somebody, and one that went through a list, which wrote below it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from rostra.identity.ledger import body_words
from rostra.model import Problem, RawPost
from rostra.system.lazy_regex import late

RULE = late(r"[-_=*~]{10,}")
LIST = late(
    r"mailing list|listinfo|unsubscribe|posting guide|abmelden|groups?\.|lists?\.|to post|subscription", re.IGNORECASE
)
FOOT = 15
"""Lines of words that a list writes below a message."""


DIFFERENT = 8
"""Messages of one id that are different, with which another is compared."""


def uncopied(posts: Iterable[tuple[RawPost, list[Problem]]]) -> tuple[list[RawPost], list[Problem]]:
    """The posts with their problems, of which those that are copies of one message are one: the one that says least."""
    kept: list[RawPost] = []
    problems: list[Problem] = []
    places: dict[str, list[int]] = {}
    for post, found in posts:
        same = next((n for n in places.get(post.key, ())[:DIFFERENT] if _is_copy(kept[n], post)), None)
        if same is None:
            places.setdefault(post.key, []).append(len(kept))
            kept.append(post)
            problems += found
            continue
        alike = "word for word" if post.body == kept[same].body else "once with what a list wrote below it"
        problems.append(
            Problem(
                code="repeated-post",
                message=f"the dump holds {post.key} twice, {alike}; it is shown once",
                post=post.key,
                line=post.line,
            )
        )
        first = kept[same]
        copies = first.copies + (replace(post, line=first.line, copies=first.copies) != first)
        kept[same] = replace(post if len(post.body) < len(first.body) else first, line=first.line, copies=copies)
    return kept, problems


def _is_copy(one: RawPost, other: RawPost) -> bool:
    """Whether two posts of one id are one message, but for what a list writes below it and into its subject."""
    if one.author != other.author or one.time != other.time:
        return False
    short, long = sorted((one, other), key=lambda post: len(post.body))
    if short.body == long.body:
        return True
    here, there = body_words(short.body), body_words(long.body)
    if here == there:
        return True
    if not here or there[: len(here)] != here:
        return False
    below = _below(long.body, len(here))
    return len(below) <= FOOT and bool(below) and (RULE.match(below[0]) or LIST.search("\n".join(below))) is not None


def _below(body: str, words: int) -> list[str]:
    """The lines of a body that say something below its first words."""
    lines = body.split("\n")
    for n, line in enumerate(lines):
        words -= len(body_words(line))
        if words <= 0:
            return [each.strip() for each in lines[n + 1 :] if each.strip()]
    return []
