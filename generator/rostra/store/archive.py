"""The data about all threads of an archive that pages need: a summary of each in memory, the rest in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from rostra.i18n.catalogue import shortened
from rostra.model import Edition
from rostra.model.timestamps import captured, sortable_time
from rostra.people.appearances import EXCERPT, PostSummary, author_name, excerpt
from rostra.people.index import People, SaidIn
from rostra.people.said import decode_said
from rostra.quotations.shared import shared_passages
from rostra.store.partitions import Slice, read_slices
from rostra.store.store import Store
from rostra.system.web_address import host, page_address

FIRST = 60
"""How many code points of an opening post tell a debate from others of its title."""


class TopQuoted(Struct, frozen=True, kw_only=True):
    """The passage of a thread that is quoted most: its beginning, its post and author, how often it is quoted."""

    post: str
    start: int
    who: str | None
    text: str
    count: int


class Summary(Struct, frozen=True, kw_only=True):
    """The summary of a thread for lists.  Times are RFC 3339, some without a zone, and None if no post has one."""

    id: str
    title: str
    url: str | None
    place: str
    """The place of the debate: the host of its address, or the site it was copied from; empty if neither is known."""
    format: str
    captured: str | None
    language: str | None
    tags: tuple[str, ...]
    opening: str
    posts: int
    missing: int
    depth: int
    named: int
    """How many named people post in it."""
    unnamed: int
    """How many posts have no known author."""
    quotations: int
    quoting: bool
    """Whether a named person quotes a named person."""
    first: str | None
    last: str | None
    problems: int
    updated: str | None = None
    """The time since which its text is known to be unchanged, in UTC."""
    years: tuple[tuple[int, int], ...] = ()
    """How many posts were written in each year; posts without a time are not counted."""
    quoted: TopQuoted | None = None
    """The passage that is quoted most, if two people or more quote it."""
    old: tuple[tuple[str, str], ...] = ()
    """Addresses in the source, the debate's own first, each with the page that it now leads to."""
    opened_by: str | None = None
    """Who wrote its first post, if that is in the dump; in an archive only if another of its debates has the same title."""
    opened_with: str = ""
    """The first words of ``opening``; only in an archive, if the same person, or nobody known, opened another of its debates with the same title."""

    @property
    def origin(self) -> str:
        """The place, or else the dump's format."""
        return self.place or self.format


FRONT = "index"
"""The address of the page whose text is at the top of the front page."""


class PageLink(Struct, frozen=True, kw_only=True):
    """A link to one of the publisher's own pages; ``slug`` is its address without ``.html``.

    ``folder`` is the folder below the content folder that holds it; empty for a page of the content folder itself.
    """

    slug: str
    title: str
    folder: str = ""


class ProsePage(PageLink, frozen=True, kw_only=True):
    """The same with its content."""

    body_markdown: str

    @property
    def link(self) -> PageLink:
        """The link to it."""
        return PageLink(slug=self.slug, title=self.title, folder=self.folder)


class Archive:
    """The threads of a site, sorted by title and id, and the publisher's own pages.

    Data that grows with the number of posts is read from the store, not kept in memory: ``people``, ``edition``.
    """

    def __init__(
        self,
        threads: Iterable[Summary],
        pages: tuple[ProsePage, ...],
        store: Store,
        renamed_dumps: Sequence[tuple[str, str]] = (),
    ) -> None:
        summaries = sorted(threads, key=lambda summary: (summary.title, summary.id))
        titles = Counter(summary.title.casefold() for summary in summaries)
        alike = Counter((summary.title.casefold(), summary.opened_by) for summary in summaries)
        self.threads = tuple(
            replace(summary, opened_by=None)
            if titles[summary.title.casefold()] == 1
            else replace(summary, opened_with=shortened(summary.opening, FIRST))
            if alike[summary.title.casefold(), summary.opened_by] > 1
            else summary
            for summary in summaries
        )
        self.pages = pages
        self.renamed_dumps = renamed_dumps
        """Former paths of published dumps, each with the current path."""
        self._store = store

    @property
    def people(self) -> People:
        """The index of people."""
        return self._store.people

    @property
    def partitions(self) -> str:
        """The folder of the partitions."""
        return self._store.texts.folder

    def place(self, said: SaidIn) -> Slice:
        """Return where posts are in the partitions."""
        file, start = self._said[said.thread]
        return Slice(file, start + said.at, said.size)

    @cached_property
    def _said(self) -> dict[str, tuple[str, int]]:
        return self._store.texts.starts("said")

    def recent(self, most: int, each: int) -> list[PostSummary]:
        """Return the latest posts with a time, the latest first, at most ``each`` of a debate."""
        places = list(map(self.place, self.people.recent(most, each)))
        return [post for encoded in read_slices(self.partitions, places) for post in decode_said(encoded, 1)]

    def digest(self, id: str) -> str:
        """Return a hash that changes with any text of a debate."""
        return self._store.about(id)[0]

    def editions(self, ids: Iterable[str]) -> Iterator[Edition]:
        """Yield the debates with these ids, without the links from other debates."""
        return (self._store.edition(id) for id in ids)


def summarise(edition: Edition, *, old: bool = False) -> Summary:
    """Return the summary of this thread; with its ``old`` addresses if the site redirects them."""
    thread = edition.thread
    said = [each for each in edition.posts if each.post.raw.kind == "post"]
    names = [name for each in said if (name := author_name(each.post.raw.author))]
    times = sorted((time for each in said if (time := each.post.raw.time)), key=sortable_time)
    return Summary(
        id=thread.id,
        title=thread.title,
        url=thread.url,
        place=host(page_address(thread.url)) or thread.source.place or "",
        format=thread.source.format,
        captured=thread.source.captured,
        language=thread.language,
        tags=thread.tags,
        opening=excerpt(said[0]) if said else "",
        posts=len(said),
        missing=len(thread.posts) - len(said),
        depth=max((post.depth for post in thread.posts), default=0),
        named=len(set(names)),
        unnamed=len(said) - len(names),
        quotations=sum(1 for each in edition.posts for quote in each.quotes if quote.source),
        quoting=_quoting(edition),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        problems=len(edition.problems),
        updated=captured(thread),
        years=tuple(sorted(Counter(int(time[:4]) for time in times).items())),
        quoted=_quoted(edition),
        old=_old(edition) if old else (),
        opened_by=author_name(said[0].post.raw.author) if said and said[0] is edition.posts[0] else None,
    )


def _quoted(edition: Edition) -> TopQuoted | None:
    first = next(shared_passages(edition), None)
    if first is None:
        return None
    author = next(each.post.raw.author for each in edition.posts if each.post.id == first.post)
    text = shortened(first.text, EXCERPT)
    return TopQuoted(post=first.post, start=first.start, who=author_name(author), text=text, count=first.count)


def _old(edition: Edition) -> tuple[tuple[str, str], ...]:
    page = f"debates/{edition.thread.id}/index.html"
    posts = [(each.post.raw.url, f"{page}#{each.post.id}") for each in edition.posts if each.post.raw.url]
    whole = edition.thread.url or (posts[0][0] if posts else None)
    return ((whole, page), *((url, href) for url, href in posts if url)) if whole else ()


def _quoting(edition: Edition) -> bool:
    names = {each.post.id: author_name(each.post.raw.author) for each in edition.posts}
    for each in edition.posts:
        who = names[each.post.id]
        for source in (quote.source for quote in each.quotes if quote.source):
            whom = names.get(source.post) if source.thread == edition.thread.id else source.who
            if who and whom and who != whom:
                return True
    return False
