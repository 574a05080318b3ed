"""Pages of forums as a browser saves them: phpBB, SMF, vBulletin 3 to 5, XenForo; one page or a folder of them.

A forum shows a topic as it grew; a post that begins by quoting another answers it, every other
post answers the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.markup import forum as dialect
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import instant
from rostra.readers.grouping import Grouping
from rostra.readers.html_trees import page_of
from rostra.readers.saved_pages import ENDINGS, page_in, shows
from rostra.readers.times import certain
from rostra.system.lazy_regex import late
from rostra.system.web_address import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "forum"
ABOUT = "saved pages of forums: phpBB, SMF, vBulletin, XenForo; one page or a folder"
CARRIES = ("authors", "times", "quotations with their posts", "attachments' names", "addresses")
MANY = True


def _css(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


class Engine(Struct, frozen=True):
    """Where a forum program puts what; XPath, relative to a post but for ``post`` itself."""

    posts: str
    id: str
    author: str
    time: str
    body: str
    sign: re.Pattern[str]


ENGINES = (
    Engine(  # phpBB 3 with prosilver
        posts=f"//div[{_css('post')} and (starts-with(@id, 'p') and number(substring(@id, 2)) = number(substring(@id, 2)) or not(@id) and .//div[{_css('content')}])]",
        id="string(@id)",
        author=f".//p[{_css('author')}]//*[{_css('username')} or {_css('username-coloured')}] | .//p[{_css('author')}]//strong",
        time=f".//p[{_css('author')}]",
        body=f".//div[{_css('content')}]",
        sign=late(r"<div\b(?=[^<>]{0,300}?\sid=[\"']?p\d+\b)[^<>]{0,300}?\sclass=[\"']?post\b"),
    ),
    Engine(  # SMF 2
        posts=f"//div[{_css('post_wrapper')}]",
        id="string(.//div[starts-with(@id, 'msg_')]/@id)",
        author=f".//div[{_css('poster')}]//h4//a[last()] | .//div[{_css('poster')}]//h4",
        time=f".//div[{_css('keyinfo')}]//div[{_css('smalltext')}] | .//*[{_css('postinfo')}]//a[{_css('smalltext')}]",
        body=f".//div[{_css('inner')}]",
        sign=late(r"class=[\"']?post_wrapper\b"),
    ),
    Engine(  # vBulletin 5
        posts=f"//li[{_css('b-post')} and @data-node-id]",
        id="string(@data-node-id)",
        author=f".//*[{_css('author')}]//a | .//*[{_css('author')}]//strong",
        time=".//time",
        body=f".//div[{_css('js-post__content-text')}]",
        sign=late(r"js-post__content-text"),
    ),
    Engine(  # vBulletin 4
        posts="//li[starts-with(@id, 'post_') and .//*[starts-with(@id, 'post_message_')]]",
        id="string(@id)",
        author=f".//*[{_css('username')}]",
        time=f".//*[{_css('postdate')}]",
        body=f".//blockquote[{_css('postcontent')}]",
        sign=late(r"<li\b[^<>]{0,300}?\sid=[\"']?post_\d+\b"),
    ),
    Engine(  # vBulletin 3
        posts="//table[starts-with(@id, 'post') and .//*[starts-with(@id, 'post_message_')]]",
        id="string(@id)",
        author=f".//*[{_css('bigusername')}]",
        time=f".//td[{_css('thead')}][1]",
        body=".//*[starts-with(@id, 'post_message_')]",
        sign=late(r"\sid=[\"']?post_message_\d+\b"),
    ),
    Engine(  # XenForo 2
        posts="//article[@data-author and starts-with(@data-content, 'post-')]",
        id="string(@data-content)",
        author=f".//*[{_css('message-name')}]",
        time=".//time",
        body=f".//*[{_css('bbWrapper')}]",
        sign=late(r"\sdata-content=[\"']?post-\d+\b"),
    ),
)
TOPIC = late(r"[?&;]t=(\d+)|topic[=,](\d+)|showthread\.php\?(\d+)|/threads/(?:[^/]*\.)?(\d+)|/(\d+)-[^/]+/?$|-t(\d+)")
CLOCK = late(r"(?:\d{1,2}[:.]\d{2}|\d{4}|ago|yesterday|today)", re.IGNORECASE)
EDITED = late(r"(?:Last edited by|Last Edit:|« Last Edit).*", re.IGNORECASE | re.DOTALL)
BEGINS = late(r'^(?:\s|<(?:div|p|span)[^>]*>|<br\s*/?>)*<blockquote[^>]*data-post="(\d+)"')
BESIDE = "_files"
"""How the folder ends that a browser puts beside a page, with its pictures and frames."""


def recognise(dump: Dump) -> float:
    """Sure of the marks that a forum program leaves around its posts."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _pages(dump), strict=False)]
        return min(heads, default=0)
    return SURELY if shows(dump, lambda html: any(engine.sign.search(html) for engine in ENGINES)) else 0


SURELY = 0.96
"""More than mail is of an archive of a page."""


def read(dump: Dump) -> Iterator[RawThread]:
    """The topics of the saved pages."""
    about: dict[str, tuple[str | None, str | None]] = {}
    problems: list[Problem] = []
    with Grouping() as grouping:
        for file in _pages(dump):
            saved = page_in(file)
            problems += saved.problems
            page, whole = page_of(saved.html)
            if page is None:
                problems.append(Problem(code="not-html", message=f"{file.path.name} is no page"))
                continue
            if not whole:
                message = f"{file.path.name} is nested too deeply; what stands below is left out"
                problems.append(Problem(code="too-deep", message=message, hint="save the page again"))
            engine = next((each for each in ENGINES if page.xpath(each.posts)), None)
            if engine is None:
                problems.append(Problem(code="no-posts", message=f"{file.path.name} holds no post that is known"))
                continue
            topic, title, url = _about(page, saved.url)
            about.setdefault(topic, (title, url))
            elements = cast("list[HtmlElement]", page.xpath(engine.posts))
            for element in elements:
                grouping.add(topic, *_post(element, engine, url))
            problems += _strays(page, engine, elements, file.path.name)
        if not about:
            raise UnreadableDump("there is no forum's post on this page", path=dump.name, hint="save a topic, whole")
        for topic, posts, wrong in grouping.threads():
            yield _thread(topic, about[topic], list(dict.fromkeys(posts)), [*problems, *wrong])
            problems = []


def _strays(page: HtmlElement, engine: Engine, posts: list[HtmlElement], name: str) -> Iterator[Problem]:
    """What looks like a post's body, and is in none of the posts."""
    within = set(posts)
    for body in cast("list[HtmlElement]", page.xpath(engine.body)):
        if within.isdisjoint(body.iterancestors()):
            message = f"a text of {name} stands in no post; it is left out"
            yield Problem(code="left-out", message=message, line=body.sourceline, hint="look at it in the dump")


def _pages(dump: Dump) -> Iterator[Dump]:
    for file in dump.files():
        if not dump.is_folder:
            yield file
        elif file.path.suffix.lower() in ENDINGS:
            within = file.path.relative_to(dump.path).parts[:-1]
            if not any(part.endswith(BESIDE) for part in within):
                yield file


def _about(page: HtmlElement, saved_from: str | None) -> tuple[str, str | None, str | None]:
    links = page.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    url = str(links[0]) if links else saved_from
    found = TOPIC.search(url or "")
    titles = page.xpath(
        f"//*[{_css('topic-title')}] | //*[{_css('threadtitle')}] | //h1[{_css('p-title-value')}] | //h1[{_css('b-post__title')}]"
    )
    shown = titles[0].text_content() if titles else page.findtext(".//title") or ""
    title = re.sub(r"\s+[-–|•]\s+[^-–|•]*$", "", " ".join(shown.split())) if not titles else " ".join(shown.split())
    topic = next((part for part in found.groups() if part), None) if found else None
    return topic or title or "topic", title or None, url


def _thread(
    topic: str, about: tuple[str | None, str | None], posts: list[RawPost], problems: list[Problem]
) -> RawThread:
    keys = {post.key for post in posts}
    posts.sort(key=lambda post: (len(post.key), post.key))
    opening = posts[0].key
    return RawThread(
        native_id=topic,
        title=about[0],
        url=about[1],
        posts=tuple(
            replace(post, parent=None if post.key == opening else post.parent if post.parent in keys else opening)
            for post in posts
        ),
        problems=tuple(problems),
    )


def _post(element: HtmlElement, engine: Engine, page: str | None) -> tuple[RawPost, tuple[Problem, ...]]:
    number = re.search(r"\d+", str(element.xpath(engine.id)))
    key = number[0] if number else f"line-{element.sourceline}"
    bodies = cast("list[HtmlElement]", element.xpath(engine.body))
    body = dialect.to_html(_inner(bodies[0])) if bodies else ""
    answered = BEGINS.match(body.removeprefix("<div>"))
    names = [" ".join(each.text_content().split()) for each in element.xpath(engine.author)]
    name = next((each for each in names if each), None)
    created, shown = _time(cast("list[HtmlElement]", element.xpath(engine.time)), name)
    links = element.xpath(f".//a[{_css('hidelink')} or contains(@href, '#p{key}') or contains(@href, '#post{key}') or contains(@href, '#msg{key}')]/@href")  # fmt: skip
    post = RawPost(
        key=key,
        native_id=number[0] if number else None,
        parent=answered[1] if answered and answered[1] != key else None,
        author=Author(name=name) if name else None,
        created=created,
        created_text=None if created else shown,
        url=web_address(str(links[0]), page) if links else None,
        body=body,
        dialect="html",
        note=_edited(element),
        attachments=tuple(_attachments(element, page)),
    )
    return post, tuple(_unshown(element, bodies, key))


def _unshown(element: HtmlElement, bodies: list[HtmlElement], key: str) -> Iterator[Problem]:
    """What a post holds beside its body."""
    signatures = element.xpath(f".//*[{_css('signature')} or {_css('message-signature')}]")
    if any(each.text_content().strip() for each in signatures):
        yield Problem(code="signature", message="the signature below this post is not shown", post=key)
    if any(bodies[0] not in body.iterancestors() and body.text_content().strip() for body in bodies[1:]):
        yield Problem(code="left-out", message="this post has a second body, which is left out", post=key)


def _inner(element: HtmlElement) -> str:
    from lxml.html import tostring

    first = (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
    return first + "".join(str(tostring(child, encoding="unicode")) for child in element)


def _time(elements: list[HtmlElement], name: str | None) -> tuple[str | None, str | None]:
    for element in elements:
        for stamped in (element, *element.iter("time", "abbr")):
            if found := instant(stamped.get("datetime")):
                return found, None
        text = " ".join(element.text_content().split())
        text = re.sub(r"^.*?(?:»|on:|\bby\b.*?»)\s*", "", text.replace(name or "\0", "", 1)).strip(" «»|#:")
        if CLOCK.search(text):
            return certain(text), text
    return None, None


def _edited(element: HtmlElement) -> str | None:
    for note in element.xpath(f".//*[{_css('notice')} or {_css('modified')} or {_css('lastedited')}]"):
        if found := EDITED.search(" ".join(note.text_content().split())):
            return found[0].strip(" «»")
    return None


def _attachments(element: HtmlElement, page: str | None) -> Iterator[Attachment]:
    for link in element.xpath(f".//*[{_css('attachbox')} or {_css('attachments')} or {_css('attachment')}]//a[@href]"):
        name = " ".join(link.text_content().split())
        if name:
            yield Attachment(name=name, url=web_address(link.get("href"), page))
