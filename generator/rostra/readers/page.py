"""Any other HTML: posts if the layout can be learned from the page, as with copied text; else the page as one post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import language_of
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.copied import reading
from rostra.readers.copied.description import layout_description
from rostra.readers.copied.html_lines import page_lines
from rostra.readers.copied.layout import prepared
from rostra.readers.copied.page import page_thread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.html_trees import page_of
from rostra.readers.dumps.saved_pages import is_archive, page_in
from rostra.readers.guards.private_pages import marked, private_kind
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "html"
ABOUT = "any other HTML: posts if the page's layout can be learned, else the page as one post"
CARRIES = ("titles", "marked quotations")
MANY = False

SHAPE = late(
    r"(?>\ufeff|\s+|<!--.*?-->|<\?xml[^<>]*>)*+<(?:!doctype html|html|head|body|div|p|table|blockquote|span|article|meta|style|title|br|font|base|a|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)


def recognise(dump: Dump) -> float:
    """Return a medium confidence for a tag at the beginning, so that a reader for the particular page takes precedence."""
    if dump.is_folder or dump.begins_json:
        return 0
    # A page archive begins like mail, for which the mail reader returns a high confidence.
    return 0.95 if is_archive(dump.head) else 0.6 if SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the single thread of a page."""
    from lxml.html import tostring

    saved = page_in(dump)
    text, url, repaired = saved
    page, whole = page_of(text)
    if page is None:
        raise UnreadableDump("this page is empty", path=dump.name, hint="save the complete page again")
    title = " ".join((page.findtext(".//title") or "").split())
    lines, found = _copied(dump, page)
    if found and reading.is_sure(found) and (dump.layout or not found.doubts):
        # The indentation of a line is the depth of its element, not part of its text.
        thread = page_thread.thread([line.strip() for line in lines], found.cut, repaired, titled=bool(title))
        yield replace(
            thread,
            title=title or thread.title,
            language=language_of(page.get("lang")),
            posts=marked(thread.posts, private_kind(saved)),
        )
        return
    body = page.find("body")
    # Text that is nested too deeply for the tree is still shown.
    html = str(tostring(page if body is None else body, encoding="unicode")) if whole else text
    problem = Problem(
        code="no-structure",
        message="this page has no recognised structure; it is kept as one post",
        line=1,
        hint="save the debate in one of the formats that `rostra formats` lists",
    )
    yield RawThread(
        title=title or None,
        url=url,
        language=language_of(page.get("lang")),
        posts=marked([RawPost(key="page", line=1, body=html, dialect="html")], private_kind(saved)),
        problems=(*repaired, problem),
    )


def layout(dump: Dump) -> Iterator[str]:
    """Yield a description of the layout by which a page is read."""
    page, _ = page_of(dump.text()[0])
    lines, found = _copied(dump, page) if page is not None else ([], None)
    return layout_description(dump.name, prepared(lines), found)


def _copied(dump: Dump, page: HtmlElement) -> tuple[list[str], reading.LayoutReading | None]:
    """Return the lines of a page, and their layout reading."""
    lines = page_lines(page)
    return lines, reading.of_dump(dump, prepared(lines), "\n".join(lines))
