"""Disqus: the export of a site's comments as XML; a page with comments is a debate.

The author is the comment's own ``author``; without a name it has none.  The page itself is not in the export, so the
opening is missing unless whoever set up the thread wrote a text.  Spam, comments that nobody approved, and threads that
moderators deleted are left out; e-mail and IP addresses are not read, and the export itself is never published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import instant
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.xml_exports import (
    BEGIN,
    child,
    ending,
    exported,
    kept_out,
    local_name,
    said,
    same_id,
    says_no,
    says_yes,
    told,
    unread,
)
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME = "disqus"
ABOUT = "Disqus: the export of a site's comments as XML"
CARRIES = ("tree", "authors", "absolute times", "deleted posts", "addresses of pages")
MANY = True
PUBLISHED = False

SHAPE = late(BEGIN + r"<disqus\s", re.DOTALL)
KNOWN = frozenset({
    "author", "category", "createdAt", "forum", "id", "ipAddress", "isApproved", "isClosed", "isDeleted", "isFlagged", "isHighlighted",
    "isSpam", "link", "message", "parent", "thread", "title",
})  # fmt: skip


class DisqusPage(Struct):
    """A page with comments: its title, its address, and its opening."""

    title: str | None
    url: str | None
    opening: RawPost
    gone: bool


def recognise(dump: Dump) -> float:
    """Return a high confidence for the root of an export."""
    return 0.95 if not dump.is_folder and SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the pages that have comments, by their numbers."""
    problems: list[Problem] = []
    yield from ending(_threads(dump, problems), problems, dump)


def _threads(dump: Dump, problems: list[Problem]) -> Iterator[RawThread]:
    pages: dict[str, DisqusPage] = {}
    spam = waiting = taken_out = 0
    others = Counter[str]()
    with Grouping() as grouping:
        for number, element in enumerate(exported(dump, SHAPE, problems), 1):
            name = local_name(element)
            key = same_id(element) or f"element-{number}"
            if name == "thread":
                pages[key] = page = _page(element, key)
                problems += told(element, page.opening, KNOWN, None)
            elif name == "post" and says_yes(element, "isSpam"):
                spam += 1
            elif name == "post" and says_no(element, "isApproved"):
                waiting += 1
            elif name == "post":
                post = _post(element, key)
                own = told(element, post, KNOWN, said(element, "message"))
                grouping.add(same_id(child(element, "thread")) or "0", post, own)
            elif name != "category":
                others[name] += 1
        problems += (*unread(others), *kept_out(spam, "spam", "not-approved"))
        problems += kept_out(waiting, "not approved by a moderator", "not-approved")
        for thread, posts, wrong in grouping.threads():
            if (page := pages.get(thread, NOWHERE)).gone:
                taken_out += len(posts)
            else:
                yield _thread(thread, page, posts, wrong)
        problems += kept_out(taken_out, "removed by a moderator with the page's thread", "taken-out")


def _thread(thread: str, page: DisqusPage, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    opening = replace(page.opening, key=f"page-{thread}")
    members = [replace(post, parent=post.parent or opening.key) for post in posts]
    if opening.kind == "missing":
        message = "the page with these comments is not in the export"
        problems = [*problems, Problem(code="missing-post", message=message, post=opening.key)]
    return RawThread(
        native_id=thread, title=page.title, url=page.url, posts=(opening, *members), problems=tuple(problems)
    )


def _page(element: _Element, key: str) -> DisqusPage:
    title, url, text = said(element, "title"), said(element, "link"), said(element, "message")
    opening = RawPost(
        key=f"page-{key}",
        kind="post" if text else "missing",
        author=_author(child(element, "author")) if text else None,
        created=instant(said(element, "createdAt")) if text else None,
        url=url,
        title=title,
        body=text or "",
        dialect="html",
    )
    return DisqusPage(title, url, opening, says_yes(element, "isDeleted"))


def _post(element: _Element, key: str) -> RawPost:
    gone = says_yes(element, "isDeleted")
    at = said(element, "createdAt")
    return RawPost(
        key=key,
        native_id=same_id(element),
        parent=same_id(child(element, "parent")),
        kind="deleted" if gone else "post",
        author=_author(child(element, "author")),
        created=(created := instant(at)),
        created_text=None if created else at,
        body="" if gone else said(element, "message") or "",
        dialect="html",
    )


def _author(element: _Element | None) -> Author | None:
    name, account = said(element, "name"), said(element, "username")
    if element is not None and says_yes(element, "isAnonymous"):
        account = None
    shown = name or account
    return Author(name=shown, id=account) if shown else None


NOWHERE = DisqusPage(None, None, RawPost(key="", kind="missing"), gone=False)
"""The page of comments whose thread is not in the export."""
