"""The passages of a debate that several people quote, as its page shows them."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from rostra.i18n.catalogue import shortened
from rostra.model import Edition
from rostra.quotations.shared import shared_passages
from rostra.render.pages.linked_data import EXCERPT
from rostra.render.pages.posts import Posts


class TopPassage(Struct, frozen=True, kw_only=True):
    """One of a thread's most-quoted passages."""

    href: str
    number: int
    text: str
    who: str
    count: int


def most_quoted(edition: Edition, posts: Posts, most: int = 5) -> list[TopPassage]:
    """Return the passages of several words that two people or more quote, the most quoted first."""
    numbers = posts.context.numbers
    return [
        TopPassage(
            href=f"{posts.href(each.post, 1)}-s{each.start}",
            number=numbers[each.post],
            text=shortened(each.text, EXCERPT),
            who=posts.who(edition.posts[numbers[each.post] - 1]),
            count=each.count,
        )
        for each in islice(shared_passages(edition), most)
    ]
