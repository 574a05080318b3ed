"""Why a passage is tied to nothing, in words: the nearest source, how near it is, and the next."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from rostra.model import Thread
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.match import Match

NEAR = 0.4
"""Of an unmarked stretch that a post must account for before it is worth saying that it is no quotation."""


class Refusal(Struct, frozen=True):
    """An unmarked stretch of a post (by its place in reading order) that was not taken for a quotation, and why."""

    post: int
    text: str
    reason: str


def refusal_reason(
    post: int, chosen: Match | None, options: Sequence[Match], named: int | None, place: ThreadPositions, thread: Thread
) -> str:
    """The reason in one line."""
    if chosen is None:
        return "no words in common with an earlier post"
    tier = place.tier(post, chosen.post, named)
    id = thread.posts[chosen.post].id
    said = f"too little: {id} ({tier}) has {chosen.coverage:.2f} of it, {chosen.weight:.0f} bits"
    others = [option for option in options if option.post != chosen.post]
    after = max(others, key=lambda option: (option.coverage, -option.post), default=None)
    return said + (f"; then {thread.posts[after.post].id}, {after.coverage:.2f}" if after else "")
