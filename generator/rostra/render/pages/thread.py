"""A debate: its page, or pages if it is long, and the same thread as JSON.

``index.html`` has an anchor for every post, so it is the target of every post's permanent link; later pages contain
only posts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, ClassVar

from markupsafe import Markup
from msgspec import Struct

from rostra.config.site import Site
from rostra.editorial.described import UNNAMED, phrase
from rostra.i18n.direction import side
from rostra.markup.quoted_notes import called_notes
from rostra.model import Kept, LinkedEdition, Shown, Source, Thread
from rostra.model.timestamps import sortable_time
from rostra.output.staging import OutputFile
from rostra.render.notes import note_anchor
from rostra.render.pages.beside import FileLinks, has_files_beside
from rostra.render.pages.frame import Frame, frame, language_attributes, trusted_html
from rostra.render.pages.gaps import weight
from rostra.render.pages.identity import base, href, seen_from
from rostra.render.pages.linked_data import LinkedData
from rostra.render.pages.passages import TopPassage, most_quoted
from rostra.render.pages.pictures import Pictures, pictures
from rostra.render.pages.posts import Posts, PostView
from rostra.render.pages.problems import ProblemView, problem_view
from rostra.render.pages.rows import tag_page
from rostra.render.pagination import page_name
from rostra.render.templates import Layouts
from rostra.render.thread_json import encode_document
from rostra.system.web_address import page_address

MAPPED = 8
"""How many posts a debate has at least that needs a map."""
ABOVE = 4
"""How many ancestors of a page's first post are named at its beginning, besides the opening."""


class PathStep(Struct, frozen=True, kw_only=True):
    """A post on the path from the opening to a page's first post; ``skipped`` tells whether posts before it are omitted."""

    href: str
    number: int
    who: str
    skipped: bool


class Sheet(Struct, frozen=True, kw_only=True):
    """One of a debate's pages: its number, its file, and the numbers of its first and last post."""

    number: int
    href: str
    first: int
    last: int


class Anchor(Struct, frozen=True, kw_only=True):
    """A post of a later page, whose address the first page keeps; ``ids`` are those that other debates link to."""

    id: str
    href: str
    number: int
    who: str
    ids: tuple[str, ...]


class Pictured(Struct, frozen=True, kw_only=True):
    """A picture of the opening post, for previews of links."""

    href: str
    media_type: str
    width: int
    height: int


class ThreadPage(Frame, frozen=True, kw_only=True):
    """A page of a debate.

    ``posts`` are those of this page, a flat list in reading order; ``ending`` is how many lists of replies are open
    after the last.  ``sheet`` is the page, ``sheets`` are all pages; ``above`` leads from the opening to a later page's
    first post.  ``side`` is the debate's direction, ``spoken`` the attributes of its title.  ``total`` counts
    all posts, ``said`` those with text, ``missing`` those that the dump lacks, ``withheld`` those that were deleted, removed or
    redacted, ``named`` the people with a name, ``unnamed`` the posts without one.
    ``mapped`` tells whether there is a map.
    ``tag_page`` returns the address of a tag's debates.  The fields after ``numbers`` are for the first page, and empty on the others.
    """

    TEMPLATE: ClassVar[str] = "thread.html"

    thread: Thread
    tag_page: Callable[[str], str]
    side: str
    spoken: Markup
    total: int
    said: int
    missing: int
    withheld: int
    named: int
    unnamed: int
    origin: str | None
    captured: str | None
    archived: str | None
    posts: list[PostView]
    ending: int
    in_time: list[tuple[str, PostView]]
    mapped: bool
    sheet: Sheet
    sheets: list[Sheet]
    above: list[PathStep]
    numbers: dict[str, int]
    address: str
    feed: bool
    citations: bool
    image: str
    image_text: str
    opened_by: str | None
    opened: str
    description: str
    linked_data: Markup
    passages: Sequence[TopPassage] = ()
    problems: Sequence[ProblemView] = ()
    thread_kept: tuple[Kept, ...] = ()
    corrections: int = 0
    corrected: tuple[str, ...] = ()
    later: Sequence[tuple[Sheet, list[Anchor]]] = ()
    dump: str | None = None
    dump_href: str | None = None
    record: str | None = None
    others: Sequence[tuple[Source, str | None, str | None]] = ()
    pictures: Pictures | None = None
    pictured: Sequence[Pictured] = ()


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile]:
    """Yield ``debates/ID/index.html``, ``2.html`` and so on if it is long, and ``thread.json`` beside them."""
    folder = f"debates/{edition.thread.id}"
    posts = Posts(edition, layouts.words, site.settings.posts_a_page, links.people)
    sheets = [
        Sheet(number=n, href=page_name(n), first=(n - 1) * posts.size + 1, last=min(n * posts.size, posts.count))
        for n in range(1, posts.pages + 1)
    ]
    opening = posts.on(1)
    about = _about(site, edition, posts, layouts) | {
        "opened_by": opening[0].who if opening and not opening[0].gone else None,
        "opened": next((view.created[:10] for view in opening if view.created), ""),
    }
    linked = LinkedData(site, edition, links.people, layouts.words)
    for sheet in sheets:
        path = f"{folder}/{sheet.href}"
        views = opening if sheet.number == 1 else posts.on(sheet.number)
        data = linked.on(sheet.href, edition.posts[sheet.first - 1 : sheet.last])
        values = ThreadPage(
            **frame(site, layouts, path),
            **about,
            **(_opening(site, edition, posts, sheets, layouts, links) if sheet.number == 1 else {}),
            posts=views,
            description=views[0].excerpt if views else "",
            linked_data=trusted_html(data),  # `LinkedData` leaves no "<" in it
            ending=views[-1].level if views else 0,
            in_time=in_time(views),
            mapped=posts.count >= MAPPED,
            sheet=sheet,
            sheets=sheets,
            above=list(_above(posts, sheet)),
        )
        yield OutputFile(path, layouts.render("thread.html", values))
    yield OutputFile(f"{folder}/thread.json", encode_document(edition, posts.context, links.records))


def _about(site: Site, edition: LinkedEdition, posts: Posts, layouts: Layouts) -> dict[str, Any]:
    """Return the values for every page of a debate."""
    thread, source = edition.thread, edition.thread.source
    said = [each.post.raw.author for each in edition.posts if each.post.raw.kind == "post"]
    gaps = [each for each in edition.posts if each.post.raw.kind == "missing"]
    return {
        "thread": thread,
        "side": posts.side,
        "spoken": language_attributes(
            thread.language, posts.words.language, side(thread.title, thread.language), posts.side
        ),
        "tag_page": tag_page,
        "total": posts.count,
        "numbers": posts.context.numbers,
        "said": len(said),
        "missing": sum(map(weight, gaps)),
        "withheld": posts.count - len(said) - len(gaps),
        "named": len({author.label for author in said if author and not (author.id or "").startswith(UNNAMED)}),
        "unnamed": sum(1 for author in said if not author),
        "origin": page_address(thread.url),
        "captured": layouts.words.day(source.captured) if source.captured else None,
        "archived": layouts.words.day(source.archived) if source.archived else None,
        "address": href(site, f"debates/{thread.id}/index.html", "") if base(site) else "",
        "feed": site.settings.extras,
        "citations": has_files_beside(site, edition),
        "image": href(site, f"debates/{thread.id}/preview.png", "") if base(site) else "",
        "image_text": layouts.words.say("Who posted when in “%(title)s”", title=thread.title),
    }


def _opening(
    site: Site,
    edition: LinkedEdition,
    posts: Posts,
    sheets: list[Sheet],
    layouts: Layouts,
    links: FileLinks,
) -> dict[str, Any]:
    """Return the additional values for the first page."""
    thread, source = edition.thread, edition.thread.source
    return {
        "passages": most_quoted(edition, posts),
        "problems": [problem_view(problem, layouts.words) for problem in edition.problems],
        "thread_kept": edition.kept,
        "corrections": sum(1 for each in edition.posts if each.post.corrections.made),
        "corrected": tuple(phrase(each, layouts.words) for each in thread.corrected),
        "later": [(sheet, [_anchor(posts, n, sheet) for n in range(sheet.first, sheet.last + 1)]) for sheet in sheets[1:]],
        "dump": PurePosixPath(source.published).name if source.published else None,
        "dump_href": _dump_href(source.published, thread.id),
        "record": links.records.get(source.path),
        "others": [(other, _dump_href(other.published, thread.id), links.records.get(other.path)) for other in thread.others],
        "pictures": pictures(edition, layouts),
        "pictured": [*_pictured(site, edition)][:4],
    }  # fmt: skip


def _pictured(site: Site, edition: LinkedEdition) -> Iterator[Pictured]:
    """Yield the pictures of the opening post."""
    of = edition.posts[0].media if edition.posts else Shown()
    files = {file.path: file for file in (*dict(of.pictures).values(), *of.files) if file}
    for path, file in files.items():
        if path and file.family == "image":
            at = href(site, path, f"debates/{edition.thread.id}/index.html")
            yield Pictured(href=at, media_type=file.media_type, width=file.width, height=file.height)


def _anchor(posts: Posts, number: int, sheet: Sheet) -> Anchor:
    each = posts.edition.posts[number - 1]
    id = each.post.id
    quoting = (n for n, q in enumerate(each.quotes, 1) if q.source and q.source.thread != posts.edition.thread.id)
    away = [q for q in posts.context.quoters.get(id, ()) if q.number is None]
    quoted = {q.spans[0][0] for q in away}
    noted = {number for q in away for number in called_notes(each.body, q.spans).values()} if each.body.notes else set()
    return Anchor(
        id=id,
        href=f"{sheet.href}#{id}",
        number=number,
        who=posts.who(each),
        ids=(
            *(f"{id}-q{n}" for n in quoting),
            *(f"{id}-s{start}" for start in sorted(quoted)),
            *(note_anchor(id, n) for n in sorted(noted)),
        ),
    )


def _above(posts: Posts, sheet: Sheet) -> Iterator[PathStep]:
    """Yield the path from the opening to a later page's first post."""
    if sheet.number == 1:
        return
    way = list(posts.above(sheet.first))[::-1]
    named = way if len(way) <= ABOVE + 1 else [way[0], *way[-ABOVE:]]
    for n, each in enumerate(named):
        yield PathStep(
            href=posts.href(each.post.id, sheet.number),
            number=posts.context.numbers[each.post.id],
            who=posts.who(each),
            skipped=n == 1 and len(named) < len(way),
        )


def in_time(views: list[PostView]) -> list[tuple[str, PostView]]:
    """Return the posts in the order in which they were written, each with its day if it differs from the previous one's.

    A post without a time follows the one before it in reading order.  Empty if the order is that of the page.
    """
    moments: list[str] = []
    for view in views:
        moments.append(sortable_time(view.created) if view.created else moments[-1] if moments else "")
    order = sorted(range(len(views)), key=moments.__getitem__)
    if order == list(range(len(views))):
        return []
    listed, last = [], ""
    for n in order:
        day = (views[n].when or "").partition(",")[0] if views[n].created else ""
        listed.append((day if day != last else "", views[n]))
        last = day or last
    return listed


def _dump_href(published: str | None, id: str) -> str | None:
    return None if published is None else seen_from(f"debates/{id}/", published)
