"""Missing posts in a row, which a debate's page shows as one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from rostra.i18n.catalogue import Catalogue
from rostra.model import Edited, RawPost
from rostra.model.history import UNCORRECTED

if TYPE_CHECKING:
    from rostra.render.pages.posts import PostView

NOT_SHOWN: dict[str, Any] = {
    "key": "", "id": None, "parent": None, "parent_by": "source", "native_id": None, "line": None, "body": "", "dialect": "text",
    "language": None, "hidden": 0, "copies": 0, "declared": None, "private": None, "headers": (),
}  # fmt: skip
"""What a page does not show of a missing post, or shows also of several."""


def is_gap(each: Edited) -> bool:
    """Whether a page shows nothing of a post but that it is missing."""
    post = each.post
    if post.raw.kind != "missing" or each.body.text or post.history.revisions or post.history.vanished:
        return False
    return post.corrections == UNCORRECTED and replace(post.raw, **NOT_SHOWN) == RawPost(**NOT_SHOWN, kind="missing")


def gap_view(view: PostView, posts: Sequence[Edited], words: Catalogue) -> PostView:
    """Return the view of a post; for the first of several missing ones, with a line that says how many they are."""
    if len(posts) == 1:
        return view
    count = sum(map(weight, posts))
    gone = words.count("%(num)s post is not in the dump", "%(num)s posts are not in the dump", count)
    return replace(view, gone=gone, joined=tuple(each.post.id for each in posts[1:]))


def hidden_words(count: int, words: Catalogue) -> str:
    """Return what a missing post says that represents several."""
    return words.count("%(num)s more reply is not in the dump", "%(num)s more replies are not in the dump", count)


def weight(each: Edited) -> int:
    """Return how many posts a post represents: a missing one may represent several."""
    return each.post.raw.hidden or 1
