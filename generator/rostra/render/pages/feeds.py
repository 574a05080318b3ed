"""Feeds of the archive, and with the setting ``extras`` of each debate and each person.

feed.xml, feed.json         debates, the last captured first
debates/ID/feed.xml         posts, the latest first
people/NAME.xml             a person's posts, the latest first
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nlargest

from msgspec.structs import replace

from rostra.config.site import Site
from rostra.editorial.described import author_label
from rostra.i18n.catalogue import Catalogue, shortened
from rostra.markup.links import grounded
from rostra.markup.weave import weave
from rostra.model import Gone, LinkedEdition, LinkedPost, Thread
from rostra.model.timestamps import captured, updated, utc_time
from rostra.output.staging import OutputFile
from rostra.people.appearances import EXCERPT, PostSummary, author_name, shown_words
from rostra.people.index import Person
from rostra.render.folds import spoiler_labels
from rostra.render.media_html import UP, attached, pictured, with_labels
from rostra.render.notes import bare_call, note_list
from rostra.render.pages.beside import FileLinks
from rostra.render.pages.identity import base, href, tag
from rostra.render.pages.syndication import Answer, Feed, FeedEntry, atom, json_feed
from rostra.render.pages.unit import Unit
from rostra.render.redactions import redaction_tags
from rostra.render.templates import Layouts
from rostra.store.archive import Archive, Summary

MOST = 50
"""How many entries a feed has: older ones are on the pages."""
TITLE = 80
"""How many code points of a post's text serve as its title."""


def archive_units(site: Site, archive: Archive, layouts: Layouts) -> Iterator[Unit]:  # noqa: ARG001  # the signature of every kind of page
    """Yield the unit of ``feed.xml`` and ``feed.json``."""
    latest = nlargest(MOST, archive.threads, key=lambda thread: (thread.updated or "", thread.id))

    def files() -> Iterator[OutputFile]:
        feed = Feed(
            id=tag(site, "feed"),
            title=site.settings.title,
            subtitle=site.settings.description,
            href=href(site, "index.html", "feed.xml"),
            itself=href(site, "feed.xml", "feed.xml"),
            entries=tuple(debate(site, thread) for thread in latest),
            **_common(site),
        )
        yield OutputFile("feed.xml", atom(feed))
        yield OutputFile("feed.json", json_feed(replace(feed, itself=href(site, "feed.json", "feed.json"))))

    yield Unit("feed", latest, files)


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile]:
    """Yield ``debates/ID/feed.xml`` if the site has such feeds."""
    if not site.settings.extras:
        return
    thread = edition.thread
    path = f"debates/{thread.id}/feed.xml"
    feed = Feed(
        id=tag(site, f"debates/{thread.id}/feed"),
        title=thread.title,
        subtitle=layouts.words.say("The latest posts of a debate in %(archive)s", archive=site.settings.title),
        href=href(site, f"debates/{thread.id}/index.html", path),
        itself=href(site, path, path),
        entries=tuple(_posts(site, edition, layouts, links)),
        **_common(site) | {"language": thread.language or site.settings.language, "rights": thread.licence or ""},
    )
    yield OutputFile(path, atom(feed))


def gone_files(site: Site, gone: Gone, layouts: Layouts) -> Iterator[OutputFile]:
    """Yield an empty feed at the same address if the debate is no longer published."""
    path = f"debates/{gone.id}/feed.xml"
    feed = Feed(
        id=tag(site, f"debates/{gone.id}/feed"),
        title=gone.id,
        subtitle=gone.reason or layouts.words.say("This debate is no longer published here"),
        href=href(site, f"debates/{gone.id}/index.html", path),
        itself=href(site, path, path),
        entries=(),
        **_common(site),
    )
    yield OutputFile(path, atom(feed))


def debate(site: Site, thread: Summary) -> FeedEntry:
    """Return a debate as an entry of the archive's feed."""
    return FeedEntry(
        id=tag(site, f"debates/{thread.id}"),
        title=thread.title,
        href=href(site, f"debates/{thread.id}/index.html", "feed.xml"),
        published=utc_time(thread.first),
        updated=thread.updated,
        summary=thread.opening or thread.title,
        replies=href(site, f"debates/{thread.id}/feed.xml", "feed.xml") if site.settings.extras else None,
        total=max(0, thread.posts - 1),
        tags=thread.tags,
        language=thread.language,
    )


def _posts(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[FeedEntry]:
    """Yield the latest posts of a debate as entries."""
    thread = edition.thread
    stood = captured(thread)
    path = f"debates/{thread.id}/feed.xml"
    page = f"debates/{thread.id}/index.html"
    times = [(utc_time(each.post.raw.time) or stood or "", n) for n, each in enumerate(edition.posts)]
    said = ((time, n) for time, n in times if edition.posts[n].post.raw.kind == "post")
    replies = Counter(each.post.parent for each in edition.posts if each.post.raw.kind == "post")
    for _, n in nlargest(MOST, said):
        each = edition.posts[n]
        raw, parent = each.post.raw, each.post.parent
        author = author_label(raw.author, layouts.words) if raw.author else None
        yield FeedEntry(
            id=tag(site, f"debates/{thread.id}/{each.post.id}"),
            title=raw.title
            or (thread.title if n == 0 else _title(author, shortened(shown_words(each, layouts.words), EXCERPT))),
            href=href(site, f"{page}#{each.post.id}", path),
            published=utc_time(raw.time),
            updated=updated(each.post, stood),
            author=author or layouts.words.say("unnamed"),
            author_href=href(site, links.people.path(who), path) if (who := author_name(raw.author)) else None,
            html=_html(each, thread, layouts.words, base(site) or UP),
            language=raw.language,
            answers=Answer(tag(site, f"debates/{thread.id}/{parent}"), href(site, f"{page}#{parent}", path))
            if parent
            else None,
            total=replies[each.post.id],
        )


def person_feed(site: Site, person: Person, said: Iterable[PostSummary], layouts: Layouts) -> OutputFile:
    """Return ``people/NAME.xml``: the latest posts in ``said``; made with the person's page."""
    name, stem = person.name, f"people/{person.address}"
    path = f"{stem}.xml"
    page = href(site, f"{stem}.html", path)
    latest = nlargest(
        MOST, said, key=lambda each: (utc_time(each.created) or each.updated or "", each.thread, each.number)
    )

    def entry(each: PostSummary) -> FeedEntry:
        return FeedEntry(
            id=tag(site, f"debates/{each.thread}/{each.post}"),
            title=each.title,
            href=href(site, f"debates/{each.thread}/index.html#{each.post}", path),
            published=utc_time(each.created),
            updated=each.updated,
            author=each.who,
            author_href=page,
            summary=each.excerpt or each.title,
        )

    feed = Feed(
        id=tag(site, f"{stem}/feed"),
        title=name,
        subtitle=layouts.words.say("The latest posts of %(who)s in %(archive)s", who=name, archive=site.settings.title),
        href=page,
        itself=href(site, path, path),
        entries=tuple(entry(each) for each in latest),
        **_common(site),
    )
    return OutputFile(path, atom(feed))


def _common(site: Site) -> dict[str, str]:
    settings = site.settings
    return {
        "language": settings.language,
        "publisher": settings.publisher or settings.title,
        "rights": settings.licence,
    }


def _title(author: str | None, words: str) -> str:
    short = words if len(words) <= TITLE else words[: TITLE - 1] + "…"
    return f"{author}: {short}" if author else short or "…"


def _html(each: LinkedPost, thread: Thread, words: Catalogue, up: str) -> str:
    """Return a post's HTML without links to the rest of its page, with its pictures, and with its notes below."""
    origin = each.post.raw.url or thread.url
    shown, before, after = pictured(each, words, up)
    after.update(spoiler_labels(each.body, words))
    shown.update(redaction_tags(each.body, words))
    tags = ((at, shown.get(n) or (grounded(tag, origin) if tag.startswith("<a ") else tag)) for n, (at, tag) in enumerate(each.body.tags))  # fmt: skip
    body = replace(each.body, tags=tuple(tags))
    html = weave(body, before=before, after=after, call=lambda number: grounded(bare_call(each.body.notes[number - 1]), origin))  # fmt: skip
    return with_labels(html + "".join(attached(each, words, up)) + note_list(each, origin), words)
