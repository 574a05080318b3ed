"""Pages of forums as a browser saves them: phpBB, SMF, vBulletin 3 to 5, XenForo; one page or a folder of them.

A forum shows the posts of a topic in order of time.  A post that begins with a quotation is a reply to the quoted post;
every other post is a reply to the first.  The author is the name in the post's element, and the author of a quotation
the name in its head; without a name there is no author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.markup import forum as dialect
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import instant
from rostra.readers.dumps.html_trees import page_of
from rostra.readers.dumps.saved_pages import ENDINGS, page_in, shows
from rostra.readers.dumps.times import certain
from rostra.readers.forum.engines import ENGINES, Engine, css
from rostra.readers.forum.topics import PageTopic, about, both, same
from rostra.readers.guards.private_pages import marked, private_kind
from rostra.readers.guards.words_shown import shortfall
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late
from rostra.system.web_address import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "forum"
ABOUT = "saved pages of forums: phpBB, SMF, MyBB, vBulletin, XenForo, Invision, Discourse; one page or a folder"
CARRIES = ("authors", "times", "quotations with their posts", "attachments' names", "addresses")
MANY = True


OPENING = "opening"
"""The key of the placeholder for an opening post on another page."""
CLOCK = late(r"(?:\d{1,2}[:.]\d{2}|\d{4}|ago|yesterday|today)", re.IGNORECASE)
EDITED = late(r"(?:Last edited by|Last Edit:|« Last Edit|This post was last modified).*", re.IGNORECASE | re.DOTALL)
BEGINS = late(r'^(?:\s|<(?:div|p|span)[^>]*>|<br\s*/?>)*<blockquote[^>]*data-post="(\d+)"')
BESIDE = "_files"
"""The suffix of the folder that a browser saves next to a page, with its pictures and frames."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for the markup that a forum program writes around posts."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _pages(dump), strict=False)]
        return min(heads, default=0)
    return (
        SURELY
        if not dump.begins_json and shows(dump, lambda html: any(engine.sign.search(html) for engine in ENGINES))
        else 0
    )


SURELY = 0.96
"""The confidence for a page archive; higher than the mail reader's."""


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the topics of the saved pages."""
    topics: dict[str, PageTopic] = {}
    problems: list[Problem] = []
    with Grouping() as grouping:
        for file in _pages(dump):
            saved = page_in(file)
            problems += saved.problems
            page, whole = page_of(saved.html)
            if page is None:
                problems.append(Problem(code="not-html", message=f"{file.path.name} is not a page"))
                continue
            if not whole:
                message = f"{file.path.name} is nested too deeply; the deeper elements are left out"
                problems.append(Problem(code="too-deep", message=message, hint="save the page again"))
            engine = next((each for each in ENGINES if page.xpath(each.posts)), None)
            if engine is None:
                problems.append(Problem(code="no-posts", message=f"{file.path.name} has no recognised post"))
                continue
            topic = about(page, engine, saved.url)
            topics[topic.key] = both(topics.get(topic.key), topic)
            elements = cast("list[HtmlElement]", page.xpath(engine.posts))
            private = private_kind(saved)
            for element in elements:
                post, lost = _post(element, engine, topic.url)
                (post,) = marked([post], private)
                grouping.add(topic.key, post, lost)
            problems += _strays(page, engine, elements, file.path.name)
        if not topics:
            raise UnreadableDump("there is no forum post on this page", path=dump.name, hint="save a complete topic")
        grouping.gather(same(topics))
        for key, posts, wrong in grouping.threads():
            yield _thread(topics[key], list(dict.fromkeys(posts)), [*problems, *wrong])
            problems = []


def _strays(page: HtmlElement, engine: Engine, posts: list[HtmlElement], name: str) -> Iterator[Problem]:
    """Yield a problem for each text that looks like a post's body and is in no post."""
    within = set(posts)
    if engine.poll:
        within.update(cast("list[HtmlElement]", page.xpath(engine.poll.poll)))
    for body in cast("list[HtmlElement]", page.xpath(engine.body)):
        if within.isdisjoint(body.iterancestors()):
            message = f"a text of {name} is in no post; it is left out"
            yield Problem(code="left-out", message=message, line=body.sourceline, hint="look at it in the dump")


def _pages(dump: Dump) -> Iterator[Dump]:
    for file in dump.files():
        if not dump.is_folder:
            yield file
        elif file.path.suffix.lower() in ENDINGS:
            within = file.path.relative_to(dump.path).parts[:-1]
            if not any(part.endswith(BESIDE) for part in within):
                yield file


def _thread(topic: PageTopic, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    problems += topic.pages.problems()
    keys = {post.key for post in posts}
    posts.sort(key=lambda post: (len(post.key), post.key))
    opening = OPENING if topic.later else posts[0].key
    first = posts[0].key
    # The opening on an earlier page gets a placeholder, since another dump may have it.
    earlier = {key for post in posts if topic.later and (key := post.parent) and (len(key), key) < (len(first), first)}
    placed = [
        replace(post, parent=None if post.key == opening else post.parent if post.parent in keys | earlier else opening)
        for post in posts
    ]
    if topic.later:
        message = "the topic's first page is not in the dump"
        problems.append(Problem(code="missing-opening", message=message, post=OPENING, hint="save that page too"))
        placed.insert(0, RawPost(key=OPENING, kind="missing"))
        if topic.poll:
            problems.append(
                Problem(code="left-out", message="the topic's poll belongs to its first page", post=OPENING)
            )
    elif topic.poll:
        placed = [replace(each, body=each.body + topic.poll) if each.key == opening else each for each in placed]
    return RawThread(
        native_id=topic.key,
        title=topic.title,
        url=topic.url,
        posts=tuple(placed),
        problems=tuple(problems),
        flat=True,
    )


def _post(element: HtmlElement, engine: Engine, page: str | None) -> tuple[RawPost, tuple[Problem, ...]]:
    number = re.search(r"\d+", str(element.xpath(engine.id)))
    key = number[0] if number else f"line-{element.sourceline}"
    gone = bool(element.xpath(f"boolean(self::*[{engine.gone}])"))
    bodies = [] if gone else cast("list[HtmlElement]", element.xpath(engine.body))
    body = dialect.to_html(_inner(bodies[0])) if bodies else ""
    answered = BEGINS.match(body.removeprefix("<div>"))
    names = [_words(each) for each in element.xpath(engine.author)]
    name = next((each for each in names if each), None)
    created, shown = _time(cast("list[HtmlElement]", element.xpath(engine.time)), name)
    links = element.xpath(f".//a[{css('hidelink')} or contains(@href, '#p{key}') or contains(@href, '#post{key}') or contains(@href, '#msg{key}')]/@href")  # fmt: skip
    post = RawPost(
        key=key,
        native_id=number[0] if number else None,
        kind="removed" if gone else "post",
        parent=answered[1] if answered and answered[1] != key else None,
        author=Author(name=name) if name else None,
        created=created,
        created_text=None if created else shown,
        line=element.sourceline if isinstance(element.sourceline, int) else None,
        url=web_address(str(links[0]), page) if links else None,
        body=body,
        dialect="html",
        note=_edited(element),
        attachments=tuple(_attachments(element, page)),
    )
    lost = shortfall(_said(bodies[0]), post) if bodies else None
    return post, (*_unshown(element, bodies, key), *([lost] if lost else ()))


def _said(body: HtmlElement) -> list[tuple[str, str]]:
    """Return the pieces of a body that somebody wrote, without heads of quotations and controls."""
    parts: list[list[str]] = [[]]
    stack: list[HtmlElement | str] = [body]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            parts[-1].append(each)
        elif not isinstance(each.tag, str) or dialect.is_program_text(each):
            parts.append([])
        else:
            for child in reversed(each):
                stack += [child.tail, child] if child.tail else [child]
            stack += [each.text] if each.text else []
    return [("body", " ".join(part)) for part in parts]


def _unshown(element: HtmlElement, bodies: list[HtmlElement], key: str) -> Iterator[Problem]:
    """Yield a problem for each text of a post outside its body."""
    signatures = element.xpath(f".//*[{css('signature')} or {css('message-signature')}]")
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
            if found := instant(stamped.get("datetime")) or instant(stamped.get("data-time")):
                return found, None
        # XenForo 1 shows the day of older posts, and the whole time as its title.
        whole = element.get("title") if element.tag == "span" else None
        text = " ".join((whole or element.text_content()).split())
        for edit in element.xpath(f".//*[{css('post_edit')}]"):
            text = text.replace(_words(edit), "").strip()
        text = re.sub(r"^.*?(?:»|on:|\bby\b.*?»)\s*", "", text.replace(name or "\0", "", 1)).strip(" «»|#:")
        if CLOCK.search(text):
            return certain(text), text
    return None, None


def _edited(element: HtmlElement) -> str | None:
    for note in element.xpath(
        f".//*[{css('notice')} or {css('modified')} or {css('lastedited')} or {css('post_edit')}]"
    ):
        if found := EDITED.search(_words(note)):
            return found[0].strip(" «»()")
    return None


def _attachments(element: HtmlElement, page: str | None) -> Iterator[Attachment]:
    for link in element.xpath(f".//*[{css('attachbox')} or {css('attachments')} or {css('attachment')}]//a[@href]"):
        if name := _words(link):
            yield Attachment(name=_captioned(name, link), url=web_address(link.get("href"), page))
    # XenForo writes a file's name next to its link, phpBB a picture's name in `alt`.
    for file in element.xpath(f".//*[{css('message-attachments')}]//li[.//*[{css('file-name')}]]"):
        links = file.xpath(".//a/@href")
        name = _words(file.xpath(f".//*[{css('file-name')}]")[0])
        yield Attachment(name=name, url=web_address(str(links[0]), page) if links else None)
    for picture in element.xpath(f".//*[{css('attachbox')}]//img[@alt and not(ancestor::a)]"):
        if name := " ".join(str(picture.get("alt")).split()):
            yield Attachment(name=_captioned(name, picture), url=web_address(picture.get("src"), page))


def _captioned(name: str, file: HtmlElement) -> str:
    """Return the name of a file with its caption in phpBB."""
    captions = file.xpath(f"ancestor::dl[{css('file')}][1]/dd/em")
    return f"{name}: {_words(captions[0])}" if captions else name


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
