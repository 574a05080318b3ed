"""Read a topic's data from a forum page: its id, its title, the number of the page, its poll."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from rostra.readers.forum.engines import Engine, css
from rostra.readers.guards.page_numbers import PageNumbers, stated_in
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TOPIC = late(
    r"[?&;]t(?:id)?=(\d+)|/thread-(\d+)|/t/(?:[^/?#]*[^/?#\d][^/?#]*/)?(\d+)|topic[=,](\d+)|showthread\.php\?(\d+)|/threads/(?:[^/]*\.)?(\d+)|/(\d+)-[^/?#]+(?:/page-?\d+)?/?(?:[?#]|$)|-t(\d+)"
)
LATER = late(
    r"[?&;](?:page=(?!1\b)\d|start=[1-9])|(?:/|-\d+-)page-?(?!1\b)\d++(?!-)|topic[=,]\d+\.[1-9]|-t\d+-[1-9]",
    re.IGNORECASE,
)
"""The part of an address that shows that it is not a topic's first page."""
PAGE = late(r"(?:[?&;]page=|(?:/|-\d+-)page-?)(\d{1,6})\b(?!-)", re.IGNORECASE)
NAVIGATION = " | ".join(
    f"//*[{css(name)}]" for name in ("pagination", "pageNav", "pagenav", "pagelinks", "pagination_top")
)
"""The elements with links to the other pages of a topic, in every program."""
HERE = f".//*[{css('active')} or {css('current_page')} or {css('pageNav-page--current')} or {css('selected')} or self::strong]"
"""The number of the page itself among them."""
PART = late(
    r"\s*[-–—|•(]\s*(?:page|seite|página|pagina|strona|sida|side|sivu|stránka|страница)\s+(\d+)(?:\s+\S{1,6}\s+\d+)?\)?\s*$",
    re.IGNORECASE,
)
"""The page number after a title."""


class PageTopic(Struct, frozen=True):
    """The data of a topic on one page; ``later`` says whether the topic begins on another page."""

    key: str
    named: bool
    title: str | None
    url: str | None
    later: bool
    poll: str = ""
    pages: PageNumbers = PageNumbers()


def about(page: HtmlElement, engine: Engine, saved_from: str | None) -> PageTopic:
    """Return the topic of a page; ``saved_from`` is its address if the page does not name one itself."""
    links = page.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    url = str(links[0]) if links else saved_from
    found = TOPIC.search(url or "")
    titles = page.xpath(
        f"//*[{css('topic-title')}] | //*[{css('threadtitle')}] | //h1[{css('p-title-value')}] | //h1[{css('b-post__title')}] | //h1[{css('ipsType_pageTitle')}] | //*[@id='topic-title']//h1"
        f" | //*[{css('titleBar')}]//h1 | //*[@id='page-body']//h2/a[contains(@href, 'viewtopic')]"
        f" | //table[.//*[@id='posts_container']]//td[{css('thead')}]/div[not({css('float_right')})]/strong"
    )
    own = " ".join((page.findtext(".//title") or "").split())
    title, number = _without_part(own)
    if titles:
        title = " ".join(titles[0].text_content().split())
    id = next((group for group in found.groups() if group), None) if found else None
    return PageTopic(
        key=id or title or "topic",
        named=id is not None,
        title=title or None,
        url=url,
        poll=_poll(page, engine),
        pages=_pages(page, own, url or ""),
        later=bool(LATER.search(url or "")) if found else number not in (None, "1"),
    )


def _without_part(title: str) -> tuple[str, str | None]:
    """Return a page's title without the forum's name and the page number; and that number."""
    bare = re.sub(r"\s+[-–|•]\s+[^-–|•]*$", "", title)
    for each in (title, bare):
        if part := PART.search(each):
            return each[: part.start()], part[1]
    return bare, None


def both(one: PageTopic | None, other: PageTopic) -> PageTopic:
    """Return the data of one topic from two pages; the topic's first page takes precedence."""
    if one is None:
        return other
    best, more = (other, one) if one.later and not other.later else (one, other)
    return replace(best, poll=best.poll or more.poll, pages=best.pages.and_those(more.pages))


def same(known: dict[str, PageTopic]) -> dict[str, str]:
    """Map topics without an id to the topic with the same title and an id, if there is exactly one."""
    ids: dict[str | None, list[str]] = {}
    for key, topic in known.items():
        if topic.named:
            ids.setdefault(topic.title, []).append(key)
    roots: dict[str, str] = {}
    for key, topic in list(known.items()):
        found = ids.get(topic.title, [])
        if not topic.named and topic.title and len(found) == 1:
            roots[key] = found[0]
            known[found[0]] = both(known[found[0]], replace(topic, key=found[0], url=known[found[0]].url))
    return roots


def _pages(page: HtmlElement, title: str, address: str) -> PageNumbers:
    """Return the number of a page and of the topic's last page, from the links to its other pages, or its title."""
    current = PAGE.search(address)
    for links in cast("list[HtmlElement]", page.xpath(NAVIGATION)):
        if found := stated_in(" ".join(" ".join(map(str, links.itertext())).split())):
            return PageNumbers().with_page(*found)
        here, all = _numbers(links, HERE), _numbers(links, f".//a | {HERE}")
        if all:
            at = int(current[1]) if current else here[0] if here else 1
            return PageNumbers().with_page(at, max(all))
    found = stated_in(title)
    return PageNumbers().with_page(*found) if found else PageNumbers()


def _numbers(element: HtmlElement, path: str) -> list[int]:
    """Return the elements of a path whose whole text is a number, such as "3" or "[3]"."""
    found = (_plain(each).strip("[]") for each in cast("list[HtmlElement]", element.xpath(path)))
    return [int(each) for each in found if each.isascii() and each.isdigit() and len(each) < 7]


def _poll(page: HtmlElement, engine: Engine) -> str:
    """Return the topic's poll on the saved page as HTML; empty if there is none."""
    if engine.poll is None or not (polls := cast("list[HtmlElement]", page.xpath(engine.poll.poll))):
        return ""
    question = _text(polls[0], engine.poll.question)
    options = "".join(
        f"<li>{_plain(each)}</li>" for each in cast("list[HtmlElement]", polls[0].xpath(engine.poll.options))
    )
    return f"<p><strong>{question}</strong></p><ul>{options}</ul>" if options else ""


def _text(element: HtmlElement, path: str) -> str:
    return next(map(_plain, cast("list[HtmlElement]", element.xpath(path))), "")


def _plain(element: HtmlElement) -> str:
    return escape(" ".join(" ".join(map(str, element.itertext())).split()), quote=False)
