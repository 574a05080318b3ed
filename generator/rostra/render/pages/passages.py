"""The passages of a debate that several people quote."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from rostra.i18n.catalogue import shortened
from rostra.model import Edited, Edition
from rostra.render.pages.linked_data import EXCERPT
from rostra.render.pages.posts import Posts

FEWEST_WORDS = 6
"""How many words, addresses apart, the most quoted passages have at least."""


class TopPassage(Struct, frozen=True, kw_only=True):
    """One of a thread's most-quoted passages."""

    href: str
    number: int
    text: str
    who: str
    count: int


def most_quoted(edition: Edition, posts: Posts, most: int = 5) -> list[TopPassage]:
    """Return the passages of several words that two people or more quote, the most quoted first."""
    shared: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for each in edition.posts:
        # Nobody knows who wrote unnamed posts: each counts as a person.
        author = each.post.raw.author
        who = author.name if author else each.post.id
        for source in (quoted.source for quoted in each.quotes):
            if source and source.thread == edition.thread.id:
                shared.setdefault((source.post, source.spans[0][0]), []).append((who, source.text))
    ranked = sorted(
        ((place, found) for place, found in shared.items() if len({who for who, _ in found}) > 1),
        key=lambda item: (-len(item[1]), item[0]),
    )
    passages = (
        TopPassage(
            href=f"{posts.href(post, 1)}-s{start}",
            number=posts.context.numbers[post],
            text=shortened(text, EXCERPT),
            who=posts.who(_of(edition, posts, post)),
            count=len(found),
        )
        for (post, start), found in ranked
        for text in [max((text for _, text in found), key=len)]
        if _says_something(_of(edition, posts, post), start, text)
    )
    return list(islice(passages, most))


def _says_something(each: Edited, start: int, text: str) -> bool:
    """Whether a passage is more than an address, a greeting, or a line that a program wrote."""
    words = [word for word in text.split() if "://" not in word]
    by_program = any(
        block.kind in ("attribution", "signature") and block.start <= start < block.end for block in each.body.blocks
    )
    return len(words) >= FEWEST_WORDS and not by_program


def _of(edition: Edition, posts: Posts, post: str) -> Edited:
    return edition.posts[posts.context.numbers[post] - 1]
