"""Missing posts in a row, which a debate's page shows as one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rostra.i18n.catalogue import Catalogue
from rostra.model import Edited

if TYPE_CHECKING:
    from rostra.render.pages.posts import PostView


def is_gap(each: Edited) -> bool:
    """Whether nothing is known of a post but that it is missing."""
    raw = each.post.raw
    return raw.kind == "missing" and not (raw.author or raw.time or raw.created_text or raw.url or each.body.text)


def gap_view(view: PostView, posts: Sequence[Edited], words: Catalogue) -> PostView:
    """Return the view of the first of some posts; for a row of missing ones, with a line that says how many they are."""
    if not view.joined:
        return view
    count = sum(map(weight, posts[: 1 + len(view.joined)]))
    return replace(
        view, gone=words.count("%(num)s post is not in the dump", "%(num)s posts are not in the dump", count)
    )


def hidden_words(count: int, words: Catalogue) -> str:
    """Return what a missing post says that represents several."""
    return words.count("%(num)s more reply is not in the dump", "%(num)s more replies are not in the dump", count)


def weight(each: Edited) -> int:
    """Return how many posts a post represents: a missing one may represent several."""
    return each.post.raw.hidden or 1
