"""Read the pages that Telegram exports (``messages.html``, ``messages2.html``, …) as the chat of ``result.json`` that they show.

A page names the author above the first of several messages by one person.  The words in a ``forwarded body`` are those of the
person who is named there.  No page says who could read the chat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any, cast

from rostra.markup.forum import put_words
from rostra.model import Problem
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.html_trees import page_of
from rostra.readers.dumps.saved_pages import page_in, shows
from rostra.readers.guards.page_numbers import ABSENT
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TYPE = "page"
"""The type of a chat that was read from pages."""
NOT_SAVED = "(File not included)"
NAMES = late(r"messages(\d*)\.html")
SIGN = late(r"<div class=\"?(?:page_body )?chat_page\b")
DATE = late(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: UTC([+-]\d{2}:\d{2}))?")
TARGET = late(r"#go_to_message(\d+)")
VOTES = late(r"\d{1,9}")
WITH_WORDS = {"media_contact", "media_location", "media_live_location", "media_venue", "media_call", "media_game", "media_invoice"}  # fmt: skip
"""Kinds of media that consist of words."""


def are_pages(dump: Dump) -> bool:
    """Whether a file is a page of an exported chat, or a folder begins with one."""
    if dump.is_folder:
        return any(map(are_pages, dump.files("messages.html".__eq__)))
    return not dump.begins_json and shows(dump, lambda html: SIGN.search(html) is not None)


def exported_chat(dump: Dump, problems: list[Problem]) -> dict[str, Any]:
    """Return the chat that the pages of a dump show, in the form of ``result.json``."""
    chat: dict[str, Any] = {"type": TYPE, "messages": []}
    files = sorted(
        dump.files(None if not dump.is_folder else lambda name: NAMES.fullmatch(name) is not None), key=_number
    )
    read = {file.path.name for file in files}
    for file in files:
        saved = page_in(file)
        problems += saved.problems
        page, whole = page_of(saved.html)
        if page is None or not whole:
            message = f"{file.path.name} is no whole page; what it lacks is left out"
            problems.append(Problem(code="truncated", message=message, hint="export the chat again"))
        if page is None:
            continue
        chat.setdefault("name", _words(_first(page, "page_header", "text")))
        chat["messages"] += _messages(page)
        for link in page.iter("a"):
            other = link.get("href") or ""
            if "pagination" in _css(link) and other not in read:
                message = f"the page {other[:60]!r} of this chat is not in the dump"
                problems.append(Problem(code=ABSENT, message=message, hint="put the pages of a chat into one folder"))
    return chat


def _number(file: Dump) -> tuple[int, str]:
    found = NAMES.fullmatch(file.path.name)
    return int(found[1] or 1) if found else 0, file.path.as_posix()


def _messages(page: HtmlElement) -> list[dict[str, Any]]:
    """Return the messages of a page, each with its author's name."""
    found = []
    # A damaged page may nest messages: the inner ones are taken out first, so that each element is searched once.
    for element in reversed([each for each in page.iter("div") if "message" in _css(each)]):
        if said := _message(element):
            found.append((said, "joined" in _css(element)))
        put_words(element)
    author: str | None = None
    messages = []
    for said, joined in reversed(found):
        if said["type"] == "message":
            author = said["from"] = said["from"] or (author if joined else None)
        messages.append(said)
    return messages


def _message(element: HtmlElement) -> dict[str, Any] | None:
    id = (element.get("id") or "").removeprefix("message")
    body = _first(element, "body")
    if body is None:
        body = element
    if "service" in _css(element):
        # The program writes the days between messages as events with negative numbers.
        return None if id.startswith("-") else {"id": id, "type": "service", "text": _words(body)}
    name = _taken(body, "from_name", above="forwarded")
    return {"id": id, "type": "message", "from": _words(name)} | _content(body)


def _content(body: HtmlElement) -> dict[str, Any]:
    """Return what a message says, as fields of ``result.json``, with its text as ``html``; takes all of it out of the page."""
    said: dict[str, Any] = {}
    if (date := _taken(body, "date", above="forwarded")) is not None:
        said["date"] = _date(date.get("title") or _words(date) or "")
    if (reply := _taken(body, "reply_to")) is not None:
        targets = (TARGET.search(link.get("href") or "") for link in reply.iter("a"))
        if found := next(filter(None, targets), None):
            said["reply_to_message_id"] = found[1]
    if (forwarded := _taken(body, "forwarded", "body")) is not None:
        if (name := _taken(forwarded, "from_name")) is not None:
            _taken(name, "date")
        said["forwarded_from"] = _words(name)
    html: list[str] = []
    for part in (forwarded, body):
        if part is not None:
            _read(part, said, html)
    said["html"] = "".join(html)
    return said


def _read(part: HtmlElement, said: dict[str, Any], html: list[str]) -> None:
    """Add the text, files, poll and reactions of a part of a message; other words of it are text."""
    _taken(part, "userpic_wrap")
    if signed := _words(_taken(part, "signature")):
        said["author"] = signed
    if (given := _taken(part, "reactions")) is not None:
        said["reactions"] = list(_reactions(given))
    if (poll := _taken(part, "media_poll")) is not None:
        said["poll"] = _poll(poll)
    if (media := _taken(part, "media_wrap")) is not None:
        html += _media(media, said)
    if (text := _taken(part, "text")) is not None:
        html.append(_inner(text))
    if rest := _words(part):
        html.append(f"<p>{escape(rest, quote=False)}</p>")


def _media(wrap: HtmlElement, said: dict[str, Any]) -> Iterator[str]:
    """Add the file of a message; yield the words of what is no file."""
    css = {name for each in wrap.iter() for name in _css(each)}
    title, about = _words(_first(wrap, "title")), _words(_first(wrap, "description"))
    paths = (link.get("href") or "" for link in wrap.iter("a"))
    path = next((path for path in paths if path and "://" not in path and not path.startswith("#")), None)
    if path is None and css & WITH_WORDS:
        yield from (f"<p>{escape(each)}</p>" for each in (title, about) if each)
        return
    kind = next((name.removeprefix("media_") for name in sorted(css) if name.startswith("media_")), "photo")
    said["file"] = path or NOT_SAVED
    said["media_type"] = "file" if kind == "wrap" else kind
    if kind == "file" and title:
        said["file_name"] = title


def _poll(poll: HtmlElement) -> dict[str, Any]:
    answers = []
    while (answer := _taken(poll, "answer")) is not None:
        votes = VOTES.search(_words(_taken(answer, "details")) or "")
        answers.append(
            {"text": (_words(answer) or "").removeprefix("- ")} | ({"voters": int(votes[0])} if votes else {})
        )
    return {"question": _words(_first(poll, "question")), "answers": answers}


def _reactions(given: HtmlElement) -> Iterator[dict[str, Any]]:
    while (each := _taken(given, "reaction")) is not None:
        count = _words(_taken(each, "count")) or ""
        people = sum("initials" in _css(one) for one in each.iter())
        yield {"emoji": _words(_first(each, "emoji")), "count": int(count[:9]) if count.isdecimal() else max(people, 1)}


def _date(shown: str) -> str:
    """Return a time as ISO 8601, if it is written as the program does in most languages; else as shown."""
    if (found := DATE.fullmatch(shown.strip())) is None:
        return shown
    day, month, year, clock, zone = found.groups()
    return f"{year}-{month}-{day}T{clock}{zone or ''}"


def _inner(element: HtmlElement) -> str:
    from lxml.html import tostring

    parts = (str(tostring(child, encoding="unicode")) for child in element)
    return f"{escape(element.text or '', quote=False)}{''.join(parts)}".strip()


def _words(element: HtmlElement | None) -> str | None:
    return (" ".join(element.text_content().split()) or None) if element is not None else None


def _css(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split() if isinstance(element.tag, str) else []


def _all(element: HtmlElement, css: Iterable[str]) -> Iterator[HtmlElement]:
    wanted = set(css)
    return (each for each in element.iterdescendants() if wanted.issubset(_css(each)))


def _first(element: HtmlElement, *css: str) -> HtmlElement | None:
    """Return the first element within another that has one class, then within that the first with the next."""
    found: HtmlElement | None = element
    for each in css:
        found = next(_all(found, [each]), None) if found is not None else None
    return found


def _taken(element: HtmlElement, *css: str, above: str | None = None) -> HtmlElement | None:
    """Take the first element with all these classes out of another, unless it is below one with the class ``above``."""
    found = next(_all(element, css), None)
    if found is None or (above and any(above in _css(each) for each in _between(found, element))):
        return None
    put_words(found)
    return found


def _between(inner: HtmlElement, outer: HtmlElement) -> Iterator[HtmlElement]:
    for each in inner.iterancestors():
        if each is outer:
            return
        yield cast("HtmlElement", each)
