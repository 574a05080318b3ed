"""What the threads of an archive know of each other, small enough to keep when they are a hundred thousand."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from rostra.corrections import UNNAMED
from rostra.model import Edition


class Person(Struct, frozen=True, kw_only=True):
    """A named author and how many posts of a thread are theirs."""

    name: str
    posts: int


class Quoting(Struct, frozen=True, kw_only=True):
    """How often, in one thread, a named author quotes another."""

    who: str
    whom: str
    count: int


class Summary(Struct, frozen=True, kw_only=True):
    """What lists say of a thread.  Times are RFC 3339, None where no post carries one."""

    id: str
    title: str
    url: str | None
    format: str
    captured: str | None
    tags: tuple[str, ...]
    opening: str
    posts: int
    missing: int
    depth: int
    people: tuple[Person, ...]
    unnamed: int
    quotations: int
    quoting: tuple[Quoting, ...]
    first: str | None
    last: str | None
    problems: int
    old: tuple[tuple[str, str], ...] = ()
    """Addresses in the source, the debate's own first, each with where it now leads."""


class ProsePage(Struct, frozen=True, kw_only=True):
    """A page that the publisher wrote, in Markdown; ``slug`` is its address without ``.html``."""

    slug: str
    title: str
    body_markdown: str


class Archive(Struct, frozen=True, kw_only=True):
    """The threads of a site, sorted by title and then id, and the publisher's own pages."""

    threads: tuple[Summary, ...]
    pages: tuple[ProsePage, ...] = ()


OPENING = 280
"""Code points of the opening post that lists may show."""


def summarise(edition: Edition, *, old: bool = False) -> Summary:
    """What lists say of this thread; with its ``old`` addresses where the site takes them over."""
    thread = edition.thread
    said = [each for each in edition.posts if each.post.raw.kind == "post"]
    known = [each.post.raw.author for each in said if each.post.raw.author]
    names = Counter(author.name for author in known if not (author.id or "").startswith(UNNAMED))
    times = sorted(each.post.raw.created for each in said if each.post.raw.created)
    return Summary(
        id=thread.id,
        title=thread.title,
        url=thread.url,
        format=thread.source.format,
        captured=thread.source.captured,
        tags=thread.tags,
        opening=" ".join(said[0].body.text.split())[:OPENING] if said else "",
        posts=len(said),
        missing=len(thread.posts) - len(said),
        depth=max((post.depth for post in thread.posts), default=0),
        people=tuple(
            Person(name=name, posts=count)
            for name, count in sorted(names.items(), key=lambda item: (-item[1], item[0]))
        ),
        unnamed=len(said) - names.total(),
        quotations=sum(1 for each in edition.posts for quote in each.quotes if quote.source),
        quoting=_quoting(edition),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        problems=len(edition.problems),
        old=_old(edition) if old else (),
    )


def _old(edition: Edition) -> tuple[tuple[str, str], ...]:
    page = f"debates/{edition.thread.id}/index.html"
    posts = [(each.post.raw.url, f"{page}#{each.post.id}") for each in edition.posts if each.post.raw.url]
    whole = edition.thread.url or (posts[0][0] if posts else None)
    return ((whole, page), *((url, href) for url, href in posts if url)) if whole else ()


def _quoting(edition: Edition) -> tuple[Quoting, ...]:
    names = {each.post.id: each.post.raw.author.name for each in edition.posts if each.post.raw.author}
    pairs: Counter[tuple[str, str]] = Counter()
    for each in edition.posts:
        for source in (quote.source for quote in each.quotes if quote.source):
            who = names.get(each.post.id)
            whom = names.get(source.post) if source.thread == edition.thread.id else source.who
            if who and whom and who != whom:
                pairs[who, whom] += 1
    return tuple(Quoting(who=who, whom=whom, count=count) for (who, whom), count in sorted(pairs.items()))
