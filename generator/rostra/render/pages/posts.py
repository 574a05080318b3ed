"""The posts of a debate as variables of ``thread.html``, page by page, in one pass, whatever their depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from rostra.editorial.described import author_label, editorial_note, phrase
from rostra.i18n.catalogue import ENGLISH, Catalogue, later, shortened
from rostra.i18n.direction import direction, side
from rostra.i18n.remarks import remark
from rostra.model import Attachment, Corrected, Edited, Edition, LinkedEdition, LinkedPost, ParentBy, PostKind, Reaction
from rostra.people.appearances import author_name, shown_words
from rostra.people.badges import Siglum, siglum
from rostra.people.person_pages import PersonPages
from rostra.readers.mail.subjects import lasting_subject
from rostra.render.context import Context
from rostra.render.pages.below import FileView, NoteView, file_views, note_views
from rostra.render.pages.frame import language_attributes, trusted_html
from rostra.render.pages.gaps import gap_view, hidden_words, is_gap
from rostra.render.pagination import page_name, page_number
from rostra.render.post_html import earlier, published
from rostra.system.web_address import page_address

NESTED = 24
"""How many levels of replies are nested in the page; browsers stop at 512, readers long before.  Deeper ones are not nested."""
SLIGHT, FLAT = 5, 12
"""From which levels on replies are indented slightly, and not at all."""
GONE = {
    "missing": later("Missing post"),
    "deleted": later("Deleted by its author"),
    "removed": later("Removed by a moderator"),
    "redacted": later("Redacted by the publisher"),
}
EXCERPT = 180
"""How many code points of a post's text serve as its excerpt."""
MAP = 60
"""How many code points of a post's subject or text the map shows."""
HINT = 80
"""How many code points of its parent the tooltip of a reply's link shows."""


class Parent(Struct, frozen=True, kw_only=True):
    """The parent of a post, as the reply names it; ``is_above`` if it is the post before it on the page."""

    href: str
    who: str
    named: bool
    is_above: bool
    number: int
    excerpt: str


class PostView(Struct, frozen=True, kw_only=True):
    """A post as the template sees it.

    ``number`` is its position in the debate, ``depth`` the number of its ancestors there, ``level``
    the number of those that it is nested in on its page.  ``closes`` is how many lists of replies end before
    it; ``opens`` how many replies the list that begins after it has on the page (0: none begins);
    ``replies`` is how many of those are posts with a text; if none is, it is ``opens``.
    ``called`` is the author's name in the dump, if a card says who that is.  ``css`` is the class for the indent of its replies.  ``when`` is its time in words; ``day``, whose month is short, and ``clock`` are its parts.  ``href`` is its permanent link.  ``spoken`` are the
    attributes of its text: its language and direction, if they differ from those of the enclosing element.  ``hint`` is what the map says
    of it: its subject where that changes, else its first words.  ``quoted`` is how many posts quote it.  ``joined`` are
    the ids of the missing posts that follow a missing one and are shown with it.
    """

    id: str
    href: str
    number: int
    depth: int
    level: int
    closes: int
    opens: int
    replies: int
    css: str
    spoken: Markup
    kind: PostKind
    gone: str
    who: str | None
    called: str | None
    who_page: str | None
    siglum: Siglum | None
    created: str | None
    when: str | None
    day: str
    clock: str
    edited: str | None
    score: int | None
    reactions: tuple[Reaction, ...]
    stance: str | None
    note: str | None
    title: str | None
    url: str | None
    html: Markup
    revisions: tuple[tuple[str, Markup], ...]
    vanished: str | None
    corrected: tuple[str, ...]
    notes: tuple[NoteView, ...]
    attachments: tuple[Attachment, ...]
    files: tuple[FileView, ...]
    parent: Parent | None
    parent_by: ParentBy
    excerpt: str
    hint: str
    quoted: int
    joined: tuple[str, ...] = ()


class Posts:
    """A debate's posts, divided into pages of ``size`` posts."""

    def __init__(self, edition: LinkedEdition, words: Catalogue, size: int, people: PersonPages) -> None:
        self.edition = edition
        self.words = words
        self.size = size
        self.people = people
        self.context = Context(edition, words, size)
        self.count = len(edition.posts)
        self.pages = max(1, page_number(self.count, size))
        self.unnamed = words.say("unnamed")
        self.sides = [side(each.body.text, each.post.raw.language) for each in edition.posts]
        self.side = thread_side(edition, self.sides)
        self.gone = {kind: words.say(message) for kind, message in GONE.items()}

    def on(self, page: int) -> list[PostView]:
        """Return the posts of a page, counted from 1, in reading order; missing ones in a row are one line."""
        first = (page - 1) * self.size
        posts = self.edition.posts[first : first + self.size]
        levels: list[int] = []
        for each in posts:
            parent = self.context.numbers.get(each.post.parent or "", 0) - 1 - first
            # Posts that their source shows one below the other are not nested.
            levels.append(min(levels[parent] + 1, NESTED, each.post.depth) if 0 <= parent < len(levels) else 0)
        replies = _replies(levels, [True] * len(posts))
        said = _replies(levels, [each.post.raw.kind == "post" for each in posts])
        views: list[PostView] = []
        before = 0
        for n, each in enumerate(posts):
            level = levels[n]
            if (
                n
                and each.post.parent == posts[n - 1].post.parent
                and not replies[n - 1]
                and not replies[n]
                and is_gap(each)
                and is_gap(posts[n - 1])
            ):
                continue
            views.append(self._view(each, first + n + 1, level, max(0, before - level), (replies[n], said[n])))
            before = level
        starts = [view.number - 1 - first for view in views]
        rows = zip(views, starts, [*starts, len(posts)][1:], strict=True)
        return [gap_view(view, posts[start:end], self.words) for view, start, end in rows]

    def href(self, post: str, page: int) -> str:
        """Return the link to a post from one of the pages."""
        to = page_number(self.context.numbers[post], self.size)
        return f"#{post}" if to == page else f"{page_name(to)}#{post}"

    def who(self, each: Edited) -> str:
        """Return a post's author, or its state if the author is unknown."""
        author = each.post.raw.author
        if author:
            return author_label(author, self.words)
        return self.words.say("a missing post") if each.post.raw.kind == "missing" else self.unnamed

    def above(self, number: int) -> Iterator[Edited]:
        """Yield the ancestors of a post, the nearest first."""
        parent = self.edition.posts[number - 1].post.parent
        while parent is not None and (at := self.context.numbers.get(parent)):
            yield self.edition.posts[at - 1]
            parent = self.edition.posts[at - 1].post.parent

    def _view(self, each: LinkedPost, number: int, level: int, closes: int, opens: tuple[int, int]) -> PostView:
        raw, history, id, context = each.post.raw, each.post.history, each.post.id, self.context
        base = raw.url or self.edition.thread.url
        page = page_number(number, self.size)
        name = raw.author.label if raw.author else None
        called = raw.author.given if raw.author else None
        named = Corrected(what="author", was=called) if called else None
        gone = self.gone.get(raw.kind, "")
        if raw.hidden:
            gone = hidden_words(raw.hidden, self.words)
        title = self._new_title(raw.title, number)
        when = self.words.readable(raw.time) if raw.time else raw.created_text
        day, clock = self._day(raw.time, when or "")
        return PostView(
            id=id,
            href=f"#{id}" if page == 1 else f"{page_name(1)}#{id}",
            number=number,
            depth=each.post.depth,
            level=level,
            closes=closes,
            opens=opens[0],
            replies=opens[1] or opens[0],
            css="flat" if level >= FLAT else "slight" if level >= SLIGHT else "",
            spoken=self._spoken(each, self.sides[number - 1]),
            kind=raw.kind,
            gone=gone,
            who=author_label(raw.author, self.words) if raw.author else None,
            called=called,
            who_page=self.people.path(name) if name and raw.kind == "post" and author_name(raw.author) else None,
            siglum=siglum(author_label(raw.author, ENGLISH)) if raw.author and name else None,
            created=raw.time,
            when=when,
            day=day,
            clock=clock,
            edited=self.words.readable(raw.edited) if raw.edited else None,
            score=raw.score,
            reactions=raw.reactions,
            stance=raw.stance,
            note=editorial_note(each.post, self.words, remark(raw.note, self.words) if raw.note else None),
            title=title,
            url=page_address(raw.url),
            html=trusted_html(published(each, context)),  # built from sanitised tags and escaped text
            revisions=tuple(
                (self._dump_name(of.source), trusted_html(earlier(of, each, context))) for of in history.revisions
            ),  # built from sanitised tags and escaped text
            vanished=self._dump_name(history.vanished) if history.vanished else None,
            corrected=tuple(phrase(what, self.words) for what in each.post.corrections.made if what != named),
            notes=note_views(each, base, self.words),
            attachments=tuple(replace(file, url=page_address(file.url, base)) for file in raw.attachments),
            files=tuple(file_views(each, base, self.words)),
            parent=self._parent(each.post.parent, number),
            parent_by=raw.parent_by,
            excerpt=shortened(shown_words(each, self.words), EXCERPT) or gone if number == 1 or not name else "",
            hint=shortened(title or shown_words(each, self.words), MAP),
            quoted=len({quoter.post for quoter in context.quoters.get(id, ()) if quoter.shown}),
        )

    def _new_title(self, title: str | None, number: int) -> str | None:
        """Return a post's title if it is not that of the post above it, ignoring what mail adds to a subject."""
        if title is None or number == 1:
            return None
        titles = (each.post.raw.title for each in self.above(number))
        before = next(filter(None, titles), self.edition.thread.title)
        return None if lasting_subject(title).casefold() == lasting_subject(before).casefold() else title

    def _spoken(self, each: Edited, own: str) -> Markup:
        language = each.post.raw.language or self.edition.thread.language
        return language_attributes(language, self.words.language, own if each.body.text else self.side, self.side)

    def _day(self, time: str | None, when: str) -> tuple[str, str]:
        """Return a time in words in two parts: its day with a short month, and the rest, which narrow screens omit."""
        day = self.words.day(time) if time else ""
        if not time or not when.startswith(day):
            return when, ""
        return foldable(self.words.short_day(time), time[:4]), when.removeprefix(day)

    def _dump_name(self, source: str) -> str:
        """Return the day of a dump in words, or the name of its file: its folder says nothing to a reader."""
        return self.words.readable(source.rpartition("/")[2])

    def _parent(self, id: str | None, child: int) -> Parent | None:
        number = self.context.numbers.get(id or "")
        if id is None or number is None:
            return None
        parent = self.edition.posts[number - 1]
        page = page_number(child, self.size)
        return Parent(
            href=self.href(id, page),
            who=self.who(parent),
            named=parent.post.raw.author is not None,
            is_above=number == child - 1 and page_number(number, self.size) == page,
            number=number,
            excerpt=shortened(shown_words(parent, self.words), HINT),
        )


def foldable(day: str, year: str) -> str:
    """Return a day with one space at most, before a year at its end: without room for both, the year is out of sight."""
    date = day.removesuffix(f" {year}")
    return date.replace(" ", "\N{NO-BREAK SPACE}") + day[len(date) :]


def thread_side(edition: Edition, sides: Sequence[str]) -> str:
    """Return the direction of a debate: that of its language, or else of most of its posts, from ``sides``."""
    if edition.thread.language:
        return direction(edition.thread.language)
    said = [of for each, of in zip(edition.posts, sides, strict=True) if each.body.text]
    return "rtl" if 2 * said.count("rtl") > len(said) else "ltr"


def _replies(levels: list[int], counted: list[bool]) -> list[int]:
    """Return the number of posts in the list that begins after each post, of those that are ``counted``."""
    before = [0, *accumulate(counted)]
    counts = [0] * len(levels)
    stack: list[int] = []
    for n, level in enumerate(levels):
        while stack and levels[stack[-1]] >= level:
            done = stack.pop()
            counts[done] = before[n] - before[done + 1]
        stack.append(n)
    for done in stack:
        counts[done] = before[-1] - before[done + 1]
    return counts
