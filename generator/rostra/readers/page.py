"""Any other HTML: posts where the page teaches its layout, as copied text does; else the page whole as one post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import language_of
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.copied import page_thread, reading
from rostra.readers.copied.description import layout_description
from rostra.readers.copied.html_lines import page_lines
from rostra.readers.copied.layout import prepared
from rostra.readers.dump import Dump
from rostra.readers.html_trees import page_of
from rostra.readers.saved_pages import is_archive, page_in
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "html"
ABOUT = "any other HTML: posts where the page shows how it writes them, else the page as one post"
CARRIES = ("titles", "quotations set apart as such")
MANY = False

SHAPE = late(
    r"(?>\ufeff|\s+|<!--.*?-->|<\?xml[^<>]*>)*+<(?:!doctype html|html|head|body|div|p|table|blockquote|span|article|meta|style|title|br|font|base|a|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)


def recognise(dump: Dump) -> float:
    """As sure as a tag at the beginning makes; a reader that knows the page is surer."""
    if dump.is_folder or dump.begins_json:
        return 0
    # An archive of a page begins as mail does, of which that reader is all but sure.
    return 0.95 if is_archive(dump.head) else 0.6 if SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The one post of a page."""
    from lxml.html import tostring

    text, url, repaired = page_in(dump)
    page, whole = page_of(text)
    if page is None:
        raise UnreadableDump("there is nothing on this page", path=dump.name, hint="save it again, whole")
    title = " ".join((page.findtext(".//title") or "").split())
    lines, found = _copied(dump, page)
    if found and reading.is_sure(found) and (dump.layout or not found.doubts):
        # How far a line is set in is the depth of its element, and no part of it.
        thread = page_thread.thread([line.strip() for line in lines], found.cut, repaired, titled=bool(title))
        yield replace(thread, title=title or thread.title, language=language_of(page.get("lang")))
        return
    body = page.find("body")
    # What is nested too deeply for its tree is still shown.
    html = str(tostring(page if body is None else body, encoding="unicode")) if whole else text
    problem = Problem(
        code="no-structure",
        message="this page shows no structure that is known; it is kept whole as one post",
        line=1,
        hint="dump the debate in one of the formats of `rostra formats`",
    )
    yield RawThread(
        title=title or None,
        url=url,
        language=language_of(page.get("lang")),
        posts=(RawPost(key="page", line=1, body=html, dialect="html"),),
        problems=(*repaired, problem),
    )


def layout(dump: Dump) -> Iterator[str]:
    """Lines for people that say by which layout a page is read."""
    page, _ = page_of(dump.text()[0])
    lines, found = _copied(dump, page) if page is not None else ([], None)
    return layout_description(dump.name, prepared(lines), found)


def _copied(dump: Dump, page: HtmlElement) -> tuple[list[str], reading.LayoutReading | None]:
    """The lines of a page, and how they are read."""
    lines = page_lines(page)
    return lines, reading.of_dump(dump, prepared(lines), "\n".join(lines))
