"""The front page: what the archive contains, its highlights, and links to all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import ClassVar

from markupsafe import Markup
from msgspec import Struct

from rostra.config.site import Site
from rostra.i18n.catalogue import Catalogue
from rostra.model.timestamps import sortable_time
from rostra.people.appearances import PostSummary, spoken_posts
from rostra.people.index import People
from rostra.render.pages.frame import NOTHING, Frame, frame, page_task
from rostra.render.pages.prose import ProseNote, prose_html
from rostra.render.pages.rows import ListRow, debate_row, place_names, row_key, span, subject_address, tag_page
from rostra.render.pages.unit import Task, Unit
from rostra.render.pages.years import Years, years
from rostra.render.templates import Layouts
from rostra.store.archive import FRONT, Archive, Summary, TopQuoted

FEW = 12
"""The largest number of debates that the front page lists completely."""
SHOWN = 6
"""How many debates of a larger archive are listed as its newest, and as its largest."""
BEGINNING = 5
"""How many posts the front page shows of an archive of one debate."""
LATEST = 8
"""How many of the latest posts are listed, one of a debate."""
EXAMINED, LAST, TELLING = 20 * LATEST, 3, 40
"""How many of the latest posts are examined, how many of a debate, and how many code points say something."""
SUBJECTS = 24
"""How many years, tags or places are named: those with the most debates."""


class Latest(Struct, frozen=True):
    """One of the latest posts."""

    href: str
    title: str
    who: str | None
    who_href: str | None
    created: str | None
    when: str
    excerpt: str


class QuotedLine(Struct, frozen=True, kw_only=True):
    """A passage that several people quote, with its debate's title."""

    href: str
    title: str
    text: str
    who: str | None
    who_href: str | None
    count: int


class BrowseLink(Struct, frozen=True):
    """A list of the archive, and those of its pages that are named: label, address, number of debates."""

    label: str
    href: str
    links: list[tuple[str, str, int]]


class FrontPage(Frame, frozen=True, kw_only=True):
    """The front page.

    A small archive is listed completely: ``all_of_them``; a larger one by its ``newest`` and ``largest``.  An archive of one
    debate shows its ``beginning``: the first posts.  ``quoted`` are the passages that are quoted most, one of a debate.
    ``introduction`` is the publisher's own text (``index.md``) with its ``notes``.  ``facts`` are counts, ``ways`` are lists; ``tag_page`` returns the address of a tag's debates.
    ``years`` is the chart of posts by year.
    """

    TEMPLATE: ClassVar[str] = "front.html"

    introduction: Markup
    notes: tuple[ProseNote, ...]
    facts: list[str]
    beginning: list[Latest]
    all_of_them: list[ListRow]
    newest: list[ListRow]
    largest: list[ListRow]
    quoted: list[QuotedLine]
    latest: list[Latest]
    ways: list[BrowseLink]
    tag_page: Callable[[str], str]
    years: Years | None


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:
    """Yield the unit of ``index.html``."""
    only = archive.threads[0].id if len(archive.threads) == 1 else None
    beginning = [*islice(spoken_posts(next(iter(archive.editions([only])))), BEGINNING)] if only else []
    latest = [] if only else _latest_posts(archive)
    quoted = _most_quoted(archive.threads)
    text = next((page for page in archive.pages if page.slug == FRONT), None)
    named = archive.people.pages(
        who for who in (*(said.who for said in (*beginning, *latest)), *(each.who for _, each in quoted)) if who
    )

    def files() -> Iterator[Task]:
        words, threads = layouts.words, archive.threads
        begun = sorted(threads, key=lambda thread: sortable_time(thread.first) if thread.first else "", reverse=True)
        newest = sorted((thread for thread in begun if thread.first), key=_is_unanswered)
        introduction, notes = prose_html(text, words) if text else (NOTHING, ())
        largest = sorted(threads, key=lambda thread: (_is_unanswered(thread), -thread.posts))
        whole = len(threads) <= FEW
        values = FrontPage(
            **frame(site, layouts, "index.html"),
            introduction=introduction,
            notes=notes,
            facts=_facts(threads, words),
            beginning=[_latest(said, words, archive.people) for said in beginning],
            all_of_them=[debate_row(thread, words) for thread in begun] if whole else [],
            newest=[] if whole else [debate_row(thread, words) for thread in newest[:SHOWN]],
            largest=[] if whole else [debate_row(thread, words) for thread in largest[:SHOWN]],
            quoted=[_quoted_line(thread, each, archive.people) for thread, each in quoted],
            latest=[_latest(said, words, archive.people) for said in latest],
            ways=_ways(threads, words),
            tag_page=tag_page,
            years=years(threads, words),
        )
        yield page_task(layouts, "index.html", values)

    facts = [(row_key(each), each.origin, each.place, each.quoting, each.years) for each in archive.threads]
    yield Unit("front", (facts, text, beginning, latest, quoted, named), files)


def _facts(threads: Sequence[Summary], words: Catalogue) -> list[str]:
    times = sorted((time for each in threads for time in (each.first, each.last) if time), key=sortable_time)
    quotations = sum(thread.quotations for thread in threads)
    facts = (
        words.count("%(num)s debate", "%(num)s debates", len(threads)),
        words.count("%(num)s post", "%(num)s posts", sum(thread.posts for thread in threads)),
        words.count(
            "%(num)s quotation linked to its source",
            "%(num)s quotations linked to their sources",
            quotations,
        ),
        span(times[0], times[-1], words) if times else "",
    )
    return [fact for fact in facts if fact]


def _is_unanswered(thread: Summary) -> bool:
    """Whether one person speaks: bounces, announcements and calls for papers come after debates."""
    return (thread.named + thread.unnamed or thread.posts) < 2


def _latest_posts(archive: Archive) -> list[PostSummary]:
    """Return the latest posts, one of a debate, if possible one that says something in a debate that somebody answered."""
    unanswered = {thread.id for thread in archive.threads if _is_unanswered(thread)}
    chosen: dict[str, PostSummary] = {}
    for post in archive.recent(EXAMINED, LAST):
        if post.thread not in chosen or len(post.excerpt) >= TELLING > len(chosen[post.thread].excerpt):
            chosen[post.thread] = post
    best = sorted(chosen.values(), key=lambda post: post.thread in unanswered)[:LATEST]
    return sorted(best, key=lambda post: sortable_time(post.created) if post.created else "", reverse=True)


def _most_quoted(threads: Sequence[Summary]) -> list[tuple[Summary, TopQuoted]]:
    found = [(thread, thread.quoted) for thread in threads if thread.quoted]
    return sorted(found, key=lambda each: (-each[1].count, each[0].id))[:SHOWN]


def _quoted_line(thread: Summary, quoted: TopQuoted, people: People) -> QuotedLine:
    return QuotedLine(
        href=f"debates/{thread.id}/index.html#{quoted.post}-s{quoted.start}",
        title=thread.title,
        text=quoted.text,
        who=quoted.who,
        who_href=people.page(quoted.who) if quoted.who else None,
        count=quoted.count,
    )


def _latest(said: PostSummary, words: Catalogue, people: People) -> Latest:
    return Latest(
        href=f"debates/{said.thread}/index.html#{said.post}",
        title=said.title,
        who=said.who if said.named or not said.who else words.say("Unnamed %(letter)s", letter=said.who),
        who_href=people.page(said.who) if said.who and said.named else None,
        created=said.created,
        when=words.day(said.created) if said.created else said.created_text or "",
        excerpt=said.excerpt,
    )


def _ways(threads: Sequence[Summary], words: Catalogue) -> list[BrowseLink]:
    years = Counter((thread.first or "")[:4] for thread in threads if thread.first)
    tags = Counter(tag for thread in threads for tag in dict.fromkeys(thread.tags) if tag.strip())
    places = Counter(thread.origin for thread in threads)
    ways = [
        BrowseLink(words.say("All debates"), "debates/index.html", []),
        BrowseLink(words.say("Years"), "years/index.html", _most(years, "years", str)),
        BrowseLink(words.say("Tags"), "tags/index.html", _most(tags, "tags", str)),
        BrowseLink(words.say("Places"), "places/index.html", _most(places, "places", place_names(threads, words))),
        BrowseLink(words.say("People"), "people/index.html", []),
    ]
    if any(thread.quoting for thread in threads):
        ways.append(BrowseLink(words.say("Who quotes whom"), "quotations.html", []))
    return [
        way for way in ways if way.links or way.href in ("debates/index.html", "people/index.html", "quotations.html")
    ]


def _most(counts: Counter[str], folder: str, called: Callable[[str], str]) -> list[tuple[str, str, int]]:
    most = sorted(counts, key=lambda label: (-counts[label], label))[:SUBJECTS]
    return [(called(label), f"{folder}/{subject_address(label)}.html", counts[label]) for label in sorted(most)]
