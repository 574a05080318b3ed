"""WordPress: the export of a site (WXR); an article or page is a debate, and its comments are replies.

The author of an article is its ``creator``, by the name that the export's list of authors shows; that of a comment is
its own ``comment_author``.  Comments that were not approved, and pingbacks, are left out; articles that were not published,
and files of these, are private.  E-mail and IP addresses are not read, and the export itself is never published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import instant
from rostra.readers.sites.xml_exports import BEGIN, ending, exported, kept_out, listed, local_name, said, told, unread
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME = "wordpress"
ABOUT = "WordPress: the export of a site with its comments (WXR)"
CARRIES = ("tree", "authors", "absolute times", "tags", "addresses of articles")
MANY = True
PUBLISHED = False

SHAPE = late(BEGIN + r"<rss\s[^<>]*wordpress\.org/export/", re.DOTALL)
ARTICLES = {"post", "page"}
PUBLIC = {"publish", "inherit", "closed", None}
PRIVATE = {"private", "draft", "pending", "future"}
COMMENTS = {None, "comment", "review"}
"""The types of comments that people wrote for everybody; plug-ins keep notes of their own."""
KNOWN = frozenset({
    "attachment_url", "category", "comment", "comment_status", "content", "creator", "description", "encoded", "guid", "is_sticky", "link",
    "menu_order", "ping_status", "post_date", "post_date_gmt", "post_id", "post_modified", "post_modified_gmt", "post_name", "post_parent",
    "post_password", "post_type", "postmeta", "pubDate", "status", "title",
})  # fmt: skip
OF_SITES = frozenset({
    "author", "base_blog_url", "base_site_url", "category", "cloud", "description", "generator", "image", "language", "link", "pubDate",
    "site", "tag", "term", "title", "wxr_version",
})  # fmt: skip
OF_COMMENTS = frozenset({
    "comment_approved", "comment_author", "comment_author_email", "comment_author_IP", "comment_author_url", "comment_content",
    "comment_date", "comment_date_gmt", "comment_id", "comment_parent", "comment_type", "comment_user_id", "commentmeta",
})  # fmt: skip
CONTENT, EXCERPT = "{http://purl.org/rss/1.0/modules/content/}encoded", "excerpt/}encoded"
PRE = late(r"(</?pre\b[^<>]*>)", re.IGNORECASE)
BLOCK = late(
    r"</?(?:address|blockquote|details|div|dl|figure|form|h[1-6]|hr|ol|p|pre|section|table|ul)\b", re.IGNORECASE
)
BLANK = late(r"\n[ \t]*\n\s*")
EDITOR = "<!-- wp:"
"""The beginning of a block of the editor, whose text is complete HTML."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for the root of an export."""
    return 0.95 if not dump.is_folder and SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield articles and pages, and whatever else has comments, by their numbers."""
    problems: list[Problem] = []
    yield from ending(_threads(dump, problems), problems, dump)


def _threads(dump: Dump, problems: list[Problem]) -> Iterator[RawThread]:
    names: dict[str, str] = {}
    out, others, gone, items = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    public = {"0"}
    for element in exported(dump, SHAPE, problems):
        if (login := said(element, "author_login")) and (name := said(element, "author_display_name")):
            names[login] = name
        if (name := local_name(element)) != "item":
            others[name] += name not in OF_SITES
            continue
        comments = [each for each in element.iterchildren("*") if local_name(each) == "comment"]
        if (status := said(element, "status")) not in PUBLIC | PRIVATE:
            gone[status or ""] += 1
            continue
        if (private := _privacy(element, public)) is None:
            public.add(said(element, "post_id") or "0")
        if said(element, "post_type") in ARTICLES or comments:
            yield _thread(element, comments, names, out, private)
        else:
            items[said(element, "post_type") or ""] += 1
    if items:
        message = f"items that are no articles are not read: {listed(items)}"
        problems.append(Problem(code="other-rows", message=message))
    if pings := out["ping"]:
        problems.append(Problem(code="events", message=f"{pings} pingbacks, trackbacks and notes are left out"))
    problems += (*unread(+others), *kept_out(out["waiting"], "not approved by a moderator", "not-approved"))
    if gone:
        message = f"articles are left out because of their states: {listed(gone)}"
        problems.append(Problem(code="left-out", message=message))


def _privacy(element: _Element, public: set[str]) -> str | None:
    """Return what an article is, if it is not public, as a file is whose article is not among the ``public`` ones."""
    status = said(element, "status")
    if status in PRIVATE:
        return "drafts and private articles"
    if said(element, "post_password"):
        return "articles with a password"
    is_below = status == "inherit" and (said(element, "post_parent") or "0") not in public
    return "files of articles that are not public" if is_below else None


def _thread(
    element: _Element, comments: list[_Element], names: dict[str, str], out: Counter[str], private: str | None
) -> RawThread:
    number = said(element, "post_id") or "0"
    opening = _article(element, number, names)
    posts = [opening]
    problems = list(told(element, opening, KNOWN, None))
    for each in comments:
        if said(each, "comment_type") not in COMMENTS:
            out["ping"] += 1
        elif said(each, "comment_approved") != "1":
            out["waiting"] += 1
        else:
            posts.append(post := _comment(each, opening.key))
            problems += told(each, post, OF_COMMENTS, None)
    return RawThread(
        native_id=number,
        title=opening.title,
        url=opening.url,
        tags=tuple(
            dict.fromkeys(
                text
                for each in element.iterchildren("*")
                if local_name(each) == "category" and (text := "".join(map(str, each.itertext())).strip())
            )
        ),
        posts=tuple(replace(post, private=private) for post in posts) if private else tuple(posts),
        problems=tuple(problems),
    )


def _article(element: _Element, number: str, names: dict[str, str]) -> RawPost:
    who = said(element, "creator")
    title, content = said(element, "title"), element.findtext(CONTENT) or ""
    excerpt = next(
        (
            "".join(map(str, each.itertext())).strip()
            for each in element.iterchildren("*")
            if str(each.tag).endswith(EXCERPT)
        ),
        "",
    )
    created, local_time, shown = _times(element, "post_date")
    return RawPost(
        key=f"article-{number}",
        native_id=number,
        author=Author(name=names.get(who, who), id=who) if who else None,
        created=created,
        created_local=local_time,
        created_text=shown,
        url=said(element, "link"),
        title=unescape(title) if title else None,
        body=paragraphs(content),
        note=excerpt if excerpt not in content else None,
        dialect="html",
    )


def _comment(element: _Element, opening: str) -> RawPost:
    number, above = said(element, "comment_id") or "0", said(element, "comment_parent") or "0"
    name = said(element, "comment_author")
    created, local_time, shown = _times(element, "comment_date")
    return RawPost(
        key=f"comment-{number}",
        native_id=f"comment-{number}",
        parent=f"comment-{above}" if above not in ("0", number) else opening,
        author=Author(name=unescape(name), url=said(element, "comment_author_url")) if name else None,
        created=created,
        created_local=local_time,
        created_text=shown,
        body=paragraphs(said(element, "comment_content") or ""),
        dialect="html",
    )


def _times(element: _Element, name: str) -> tuple[str | None, str | None, str | None]:
    """Return a time in UTC, else the time at the site, else the time as written."""
    written = said(element, name)
    if at := instant(f"{(said(element, f'{name}_gmt') or '').replace(' ', 'T')}Z"):
        return at, None, None
    here = (written or "").replace(" ", "T")
    return (None, here, None) if instant(f"{here}Z") else (None, None, written)


def paragraphs(text: str) -> str:
    """Return a text with a paragraph for each blank line and a break for each line, as WordPress shows it."""
    if EDITOR in text:
        return text
    parts: list[str] = []
    is_code = False
    for part in PRE.split(text.replace("\r\n", "\n")):
        if PRE.fullmatch(part):
            is_code = not part.startswith("</")
            parts.append(part)
        else:
            parts += [part] if is_code else map(_paragraph, BLANK.split(part.strip()))
    return "".join(parts)


def _paragraph(text: str) -> str:
    if not text or BLOCK.match(text):
        return text
    return f"<p>{text.replace(chr(10), '<br>')}</p>"
