"""The posts of a debate as variables of ``thread.html``, page by page, in one pass, whatever their depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from rostra.editorial.corrections import author_label, editorial_note, phrase
from rostra.i18n.catalogue import ENGLISH, Catalogue, later, shortened
from rostra.i18n.direction import direction, side
from rostra.i18n.remarks import remark
from rostra.model import Attachment, Edited, Edition, LinkedEdition, LinkedPost, ParentBy, PostKind
from rostra.people import appearances
from rostra.people.badges import Siglum, siglum
from rostra.render.media_html import UP, image, readable_size
from rostra.render.notes import call_anchor, note_anchor, note_html
from rostra.render.pages.frame import language_attributes, trusted_html
from rostra.render.pagination import page_name, page_number
from rostra.render.post_html import Context, earlier, published
from rostra.system.lazy_regex import late
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
MARKS = late(r"(?:\s*(?:\w[\w ]{0,20}(?:\[\d+\])?\s*[:：]|\[[^\]]*\]))*\s*")
"""The prefixes that mail adds to a subject: the list's name, and the mark of a reply."""
EXCERPT = 180
"""How many code points of a post's text serve as its excerpt."""
HINT = 80
"""How many code points of its parent the tooltip of a reply's link shows."""


class NoteView(Struct, frozen=True, kw_only=True):
    """A footnote below its post; ``back`` is None if it has no call."""

    id: str
    label: str
    html: Markup
    back: str | None


class FileView(Struct, frozen=True, kw_only=True):
    """A file of a post, below its text.

    ``image`` is the element of a picture, ``href`` leads to the file, which is saved as ``saved`` unless it is shown;
    ``url`` is where it was, if it is not archived.  ``size`` is its bytes as people read them, ``why`` the reason for
    which it is not published.
    """

    name: str
    href: str | None = None
    saved: str | None = None
    url: str | None = None
    media_type: str | None
    image: Markup | None = None
    size: str = ""
    why: str | None = None


class Parent(Struct, frozen=True, kw_only=True):
    """The parent of a post, as the reply names it."""

    href: str
    who: str
    number: int
    excerpt: str


class PostView(Struct, frozen=True, kw_only=True):
    """A post as the template sees it.

    ``number`` is its position in the debate, ``depth`` the number of its ancestors there, ``level``
    the number of those that it is nested in on its page.  ``closes`` is how many lists of replies end before
    it; ``opens`` how many replies the list that begins after it has on the page (0: none begins);
    ``css`` is the class for the indent of its replies.  ``href`` is its permanent link.  ``spoken`` are the
    attributes of its text: its language and direction, if they differ from those of the enclosing element.
    """

    id: str
    href: str
    number: int
    depth: int
    level: int
    closes: int
    opens: int
    css: str
    spoken: Markup
    kind: PostKind
    gone: str
    who: str | None
    who_page: str | None
    siglum: Siglum | None
    created: str | None
    when: str | None
    edited: str | None
    score: int | None
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
    quoted: int


class Posts:
    """A debate's posts, divided into pages of ``size`` posts."""

    def __init__(self, edition: LinkedEdition, words: Catalogue, size: int) -> None:
        self.edition = edition
        self.words = words
        self.size = size
        self.context = Context(edition, words, size)
        self.count = len(edition.posts)
        self.pages = max(1, page_number(self.count, size))
        self.unnamed = words.say("unnamed")
        self.sides = [side(each.body.text, each.post.raw.language) for each in edition.posts]
        self.side = thread_side(edition, self.sides)
        self.gone = {kind: words.say(message) for kind, message in GONE.items()}

    def on(self, page: int) -> list[PostView]:
        """Return the posts of a page, counted from 1, in reading order."""
        first = (page - 1) * self.size
        posts = self.edition.posts[first : first + self.size]
        levels: list[int] = []
        for each in posts:
            parent = self.context.numbers.get(each.post.parent or "", 0) - 1 - first
            # Posts that their source shows one below the other are not nested.
            levels.append(min(levels[parent] + 1, NESTED, each.post.depth) if 0 <= parent < len(levels) else 0)
        replies = _replies(levels)
        views = []
        before = 0
        for n, each in enumerate(posts):
            level = levels[n]
            views.append(self._view(each, first + n + 1, level, max(0, before - level), replies[n]))
            before = level
        return views

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

    def _view(self, each: LinkedPost, number: int, level: int, closes: int, opens: int) -> PostView:
        raw, history, id, context = each.post.raw, each.post.history, each.post.id, self.context
        base = raw.url or self.edition.thread.url
        page = page_number(number, self.size)
        name = raw.author.label if raw.author else None
        gone = self.gone.get(raw.kind, "")
        if raw.hidden:
            gone = self.words.count(
                "%(num)s more reply that the dump does not hold",
                "%(num)s more replies that the dump does not hold",
                raw.hidden,
            )
        return PostView(
            id=id,
            href=f"#{id}" if page == 1 else f"{page_name(1)}#{id}",
            number=number,
            depth=each.post.depth,
            level=level,
            closes=closes,
            opens=opens,
            css="flat" if level >= FLAT else "slight" if level >= SLIGHT else "",
            spoken=self._spoken(each, self.sides[number - 1]),
            kind=raw.kind,
            gone=gone,
            who=author_label(raw.author, self.words) if raw.author else None,
            who_page=appearances.person_path(name)
            if name and raw.kind == "post" and appearances.author_name(raw.author)
            else None,
            siglum=siglum(author_label(raw.author, ENGLISH)) if raw.author and name else None,
            created=raw.time,
            when=self.words.readable(raw.time) if raw.time else raw.created_text,
            edited=self.words.readable(raw.edited) if raw.edited else None,
            score=raw.score,
            stance=raw.stance,
            note=editorial_note(each.post, self.words, remark(raw.note, self.words) if raw.note else None),
            title=raw.title if number == 1 or not self._repeats(raw.title) else None,
            url=page_address(raw.url),
            html=trusted_html(published(each, context)),  # built from sanitised tags and escaped text
            revisions=tuple(
                (self.words.readable(of.source), trusted_html(earlier(of, each, context))) for of in history.revisions
            ),  # built from sanitised tags and escaped text
            vanished=self.words.readable(history.vanished) if history.vanished else None,
            corrected=tuple(phrase(what, self.words) for what in each.post.corrections.made),
            notes=tuple(
                NoteView(
                    id=note_anchor(id, n),
                    label=note.label,
                    html=trusted_html(note_html(each, n, base)),  # built from sanitised tags and escaped text
                    back=call_anchor(id, n) if note.marker is not None else None,
                )
                for n, note in enumerate(each.body.notes, 1)
            ),
            attachments=tuple(replace(file, url=page_address(file.url, base)) for file in raw.attachments),
            files=tuple(self._files(each, base)),
            parent=self._parent(each.post.parent, page),
            parent_by=raw.parent_by,
            excerpt=shortened(each.body.text, EXCERPT) or gone if number == 1 or not name else "",
            quoted=len(context.quoters.get(id, ())),
        )

    def _files(self, each: LinkedPost, base: str | None) -> Iterator[FileView]:
        """Yield the attachments of a post that its body does not show."""
        shown = {file.path for _, file in each.media.pictures if file.path}
        files = each.media.files
        for n, of in enumerate(each.post.raw.attachments):
            file = files[n] if n < len(files) else None
            if file is None:
                yield FileView(name=of.name, url=page_address(of.url, base), media_type=of.media_type)
            elif file.why:
                yield FileView(name=of.name, media_type=of.media_type, why=file.why)
            elif file.path not in shown:
                alt = self.words.say("The file %(name)s", name=of.name)
                is_image = file.family == "image"
                yield FileView(
                    name=of.name,
                    href=UP + file.path,
                    saved=None if is_image else file.name,
                    media_type=file.media_type,
                    image=trusted_html(image(file, alt)) if is_image else None,  # its text is escaped
                    size=readable_size(file.size),
                )

    def _repeats(self, title: str | None) -> bool:
        """Whether a post has the title of its debate, ignoring the prefixes that mail adds to a subject."""
        debate = self.edition.thread.title
        return bool(title and title.endswith(debate) and MARKS.fullmatch(title[: -len(debate)]))

    def _spoken(self, each: Edited, own: str) -> Markup:
        language = each.post.raw.language or self.edition.thread.language
        return language_attributes(language, self.words.language, own if each.body.text else self.side, self.side)

    def _parent(self, id: str | None, page: int) -> Parent | None:
        number = self.context.numbers.get(id or "")
        if id is None or number is None:
            return None
        parent = self.edition.posts[number - 1]
        return Parent(
            href=self.href(id, page), who=self.who(parent), number=number, excerpt=shortened(parent.body.text, HINT)
        )


def thread_side(edition: Edition, sides: Sequence[str]) -> str:
    """Return the direction of a debate: that of its language, or else of most of its posts, from ``sides``."""
    if edition.thread.language:
        return direction(edition.thread.language)
    said = [of for each, of in zip(edition.posts, sides, strict=True) if each.body.text]
    return "rtl" if 2 * said.count("rtl") > len(said) else "ltr"


def _replies(levels: list[int]) -> list[int]:
    """Return the number of posts in the list that begins after each post."""
    counts = [0] * len(levels)
    stack: list[int] = []
    for n, level in enumerate(levels):
        while stack and levels[stack[-1]] >= level:
            done = stack.pop()
            counts[done] = n - done - 1
        stack.append(n)
    for done in stack:
        counts[done] = len(levels) - done - 1
    return counts
