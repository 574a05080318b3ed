"""Merge copies of a message, such as one sent directly and one sent through a list, which added a footer."""

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
"""The most lines of a list's footer."""


DIFFERENT = 8
"""The most different messages of one id with which another is compared."""


def uncopied(posts: Iterable[tuple[RawPost, list[Problem]]]) -> tuple[list[RawPost], list[Problem]]:
    """Return the posts with their problems; of copies of one message only the shortest."""
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
        alike = "word for word" if post.body == kept[same].body else "once with a list's footer"
        problems.append(
            Problem(
                code="repeated-post",
                message=f"the dump holds {post.key} twice, {alike}; it is shown once",
                post=post.key,
                line=post.line,
            )
        )
        first = kept[same]
        # The position of a copy in the dump does not make it another message.
        files = tuple(replace(each, at=None) for each in first.attachments)
        again = tuple(replace(each, at=None) for each in post.attachments)
        alone = replace(post, line=first.line, copies=first.copies, attachments=again)
        copies = first.copies + (alone != replace(first, attachments=files))
        kept[same] = replace(post if len(post.body) < len(first.body) else first, line=first.line, copies=copies)
    return kept, problems


def _is_copy(one: RawPost, other: RawPost) -> bool:
    """Whether two posts of one id are one message, apart from a list's footer and subject tag."""
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
    """Return the non-empty lines of a body below its first words."""
    lines = body.split("\n")
    for n, line in enumerate(lines):
        words -= len(body_words(line))
        if words <= 0:
            return [each.strip() for each in lines[n + 1 :] if each.strip()]
    return []
