"""Missing posts in a row, which a debate's page shows as one line."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.i18n.catalogue import Catalogue
from rostra.model import Edited


def is_gap(each: Edited) -> bool:
    """Whether nothing is known of a post but that it is missing."""
    raw = each.post.raw
    return raw.kind == "missing" and not (raw.author or raw.time or raw.created_text or raw.url or each.body.text)


def gap_words(posts: Sequence[Edited], words: Catalogue) -> str:
    """Return what the line of missing posts says."""
    return words.count("%(num)s post is not in the dump", "%(num)s posts are not in the dump", sum(map(weight, posts)))


def weight(each: Edited) -> int:
    """Return how many posts a post represents: a missing one may represent several."""
    return each.post.raw.hidden or 1
