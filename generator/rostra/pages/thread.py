"""A debate: its page, and the same thread for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from rostra.apparatus import Context, call_anchor, earlier, note_anchor, note_html, published
from rostra.corrections import UNNAMED, phrase
from rostra.layouts import Layouts
from rostra.markup.links import outward, web
from rostra.model import Attachment, Edited, Edition
from rostra.output import OutputFile
from rostra.pages.frame import frame, ready
from rostra.pages.identity import href
from rostra.pages.linked_data import EXCERPT, linked_data, shortened
from rostra.pages.pictures import pictures
from rostra.pages.problems import shown
from rostra.pages.shape import mark
from rostra.site import Site
from rostra.thread_document import encode
from rostra.words import Words, later

NESTED = 24
"""Levels of replies that are nested in the page; browsers stop at 512, readers long before. Deeper ones follow on."""

GONE = {
    "missing": later("A post that the dump lacks"),
    "deleted": later("Deleted by its author"),
    "removed": later("Removed by a moderator"),
    "redacted": later("Redacted by the publisher"),
}


class NoteView(Struct, frozen=True, kw_only=True):
    """A footnote below its post; ``back`` is None where nothing calls it."""

    id: str
    label: str
    html: Markup
    back: str | None


class Parent(Struct, frozen=True, kw_only=True):
    """The post that is answered, as the answer names it."""

    id: str
    who: str
    number: int
    excerpt: str


class PostView(Struct, frozen=True, kw_only=True):
    """What the template sees of a post.

    ``closes`` is how many lists of replies end before it; ``opens`` how many replies the list that
    begins after it holds in the page (0: none begins); ``css`` says how its replies are indented.
    """

    id: str
    number: int
    depth: int
    level: int
    closes: int
    opens: int
    css: str
    kind: str
    gone: str
    who: str | None
    author_url: str | None
    glyph: str
    colour: int
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
    parent: Parent | None
    excerpt: str
    quoted: int


class Passage(Struct, frozen=True, kw_only=True):
    """One of a thread's most-quoted passages."""

    href: str
    text: str
    who: str
    count: int


def thread_files(site: Site, edition: Edition, layouts: Layouts) -> Iterator[OutputFile]:
    """``debates/ID/index.html`` and ``thread.json`` beside it."""
    thread = edition.thread
    folder = f"debates/{thread.id}"
    words = layouts.words
    posts = views(edition, words)
    said = [view for view in posts if view.kind == "post"]
    authors = {each.post.raw.author for each in edition.posts if each.post.raw.kind == "post" and each.post.raw.author}
    names = {author.name for author in authors if not (author.id or "").startswith(UNNAMED)}
    source = thread.source
    values = frame(site, layouts, f"{folder}/index.html") | {
        "thread": thread,
        "posts": posts,
        "said": len(said),
        "named": len(names),
        "unnamed": sum(1 for view in said if not view.who),
        "depth": max((view.depth for view in posts), default=0),
        "ending": posts[-1].level if posts else 0,
        "passages": most_quoted(edition, words),
        "problems": [shown(problem, words) for problem in edition.problems],
        "thread_kept": edition.kept,
        "corrections": sum(1 for view in posts if view.corrected),
        "corrected": tuple(phrase(each, layouts.words) for each in thread.corrected),
        "numbers": {view.id: view.number for view in posts},
        "origin": web(thread.url),
        "captured": words.day(source.captured) if source.captured else None,
        "dump": PurePosixPath(source.published).name if source.published else None,
        "dump_href": _dump_href(source.published, thread.id),
        "others": [(other, _dump_href(other.published, thread.id)) for other in thread.others],
        "description": posts[0].excerpt if posts else "",
        "pictures": pictures(edition, layouts),
        "image": href(site, f"{folder}/preview.png", f"{folder}/index.html"),
        "image_text": layouts.words.say("Who spoke when in “%(title)s”", title=thread.title),
        "linked_data": ready(linked_data(site, edition)),  # `linked_data` leaves no "<" in it
    }
    yield OutputFile(f"{folder}/index.html", layouts.render("thread.html", values))
    yield OutputFile(f"{folder}/thread.json", encode(edition, words) + b"\n")


def views(edition: Edition, words: Words) -> list[PostView]:
    """The posts of the page in reading order, one pass, whatever their depth."""
    context = Context(edition, words)
    numbers = context.numbers
    levels = [min(each.post.depth, NESTED) for each in edition.posts]
    replies = _replies(levels)
    out: list[PostView] = []
    by_id: dict[str, PostView] = {}
    for n, each in enumerate(edition.posts):
        after = levels[n + 1] if n + 1 < len(levels) else 0
        before = levels[n - 1] if n else 0
        parent = by_id.get(each.post.parent or "")
        view = _view(
            each,
            context,
            number=numbers[each.post.id],
            level=levels[n],
            closes=max(0, before - levels[n]),
            opens=replies[n] if after > levels[n] else 0,
            parent=parent,
        )
        by_id[view.id] = view
        out.append(view)
    return out


def _replies(levels: list[int]) -> list[int]:
    """How many posts stand in the list that begins after each post."""
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


def _view(
    each: Edited, context: Context, *, number: int, level: int, closes: int, opens: int, parent: PostView | None
) -> PostView:
    raw, id, words = each.post.raw, each.post.id, context.words
    who = raw.author.name if raw.author else None
    glyph, colour = mark(who)
    text = " ".join(each.body.text.split())
    gone = words.say(GONE[raw.kind]) if raw.kind in GONE else ""
    if raw.hidden:
        gone = words.count(
            "%(num)s more reply that the dump does not hold",
            "%(num)s more replies that the dump does not hold",
            raw.hidden,
        )
    return PostView(
        id=id,
        number=number,
        depth=each.post.depth,
        level=level,
        closes=closes,
        opens=opens,
        css="flat" if level >= 12 else "slight" if level >= 5 else "",
        kind=raw.kind,
        gone=gone,
        who=who,
        author_url=web(raw.author.url) if raw.author else None,
        glyph=glyph,
        colour=colour,
        created=raw.created,
        when=words.readable(raw.created) if raw.created else raw.created_text,
        edited=words.readable(raw.edited) if raw.edited else None,
        score=raw.score,
        stance=raw.stance,
        note=raw.note,
        title=raw.title,
        url=web(raw.url),
        html=ready(published(each, context)),  # woven from sanitised tags and escaped text
        revisions=tuple(
            (words.readable(of.source), ready(earlier(of, each, context))) for of in raw.revisions
        ),  # likewise
        vanished=words.readable(raw.vanished) if raw.vanished else None,
        corrected=tuple(phrase(each, words) for each in raw.corrected),
        notes=tuple(
            NoteView(
                id=note_anchor(id, n),
                label=note.label,
                html=ready(note_html(each, n, context)),  # likewise
                back=call_anchor(id, n) if note.marker is not None else None,
            )
            for n, note in enumerate(each.body.notes, 1)
        ),
        attachments=tuple(replace(file, url=web(outward(file.url, raw.url))) for file in raw.attachments),
        parent=Parent(
            id=parent.id,
            who=parent.who or (words.say("a missing post") if parent.gone else words.say("unnamed")),
            number=parent.number,
            excerpt=parent.excerpt,
        )
        if parent
        else None,
        excerpt=(text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…") or gone,
        quoted=len(context.quoters.get(id, ())),
    )


def most_quoted(edition: Edition, words: Words, most: int = 5) -> list[Passage]:
    """The passages that two and more quotations share, the most quoted first."""
    counts: dict[tuple[str, int], list[str]] = {}
    authors = {each.post.id: each.post.raw.author for each in edition.posts}
    for each in edition.posts:
        for quote in each.quotes:
            if quote.source and quote.source.thread == edition.thread.id:
                counts.setdefault((quote.source.post, quote.source.spans[0][0]), []).append(quote.source.text)
    ranked = sorted(
        ((key, texts) for key, texts in counts.items() if len(texts) > 1), key=lambda item: (-len(item[1]), item[0])
    )
    return [
        Passage(
            href=f"#{post}-s{start}",
            text=shortened(max(texts, key=len)),
            who=author.name if (author := authors[post]) else words.say("unnamed"),
            count=len(texts),
        )
        for (post, start), texts in ranked[:most]
    ]


def _dump_href(published: str | None, id: str) -> str | None:
    if published is None:
        return None
    from urllib.parse import quote

    beside = f"debates/{id}/"
    return quote(published.removeprefix(beside)) if published.startswith(beside) else "../../" + quote(published)
