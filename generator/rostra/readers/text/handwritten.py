"""A debate written by hand, in Markdown.

::

    # The title of the debate
    url: https://…            (lines like these are optional: url, tags)

    ## [1] ada, 2024-03-04 09:00 UTC

    What she wrote, in Markdown.

    ## [2] bede, 2024-03-04 10:30 UTC, answers 1, con

A post begins with its heading: an id in brackets, then in any order the author, the time, ``answers ID``,
``score N``, ``pro`` or ``con``, ``deleted`` or ``removed``.  A post without ``answers`` is a reply to the first.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import zip_longest

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import language_of
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.times import ABSOLUTE, certain
from rostra.system.lazy_regex import late

NAME = "handwritten"
ABOUT = "a debate written by hand in Markdown: `## [1] ada, 2024-03-04 09:00 UTC` begins a post"
CARRIES = ("tree", "authors", "times", "scores", "stances", "footnotes", "languages")
MANY = False

HEADING = late(r"^## \[([\w.-]{1,40})\](.*)$", re.MULTILINE)
TITLE = late(r"\s*# +(\S.*)$", re.MULTILINE)
FIELD = late(r"^(url|tags|language): *(\S.*)$", re.MULTILINE)
FENCE = late(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)


def recognise(dump: Dump) -> float:
    """Return a high confidence for a title with a post's heading below it."""
    if dump.is_folder or dump.begins_json:
        return 0
    title = TITLE.match(dump.head_text.replace("\r\n", "\n"))
    return 0.95 if title and HEADING.search(dump.head_text.replace("\r\n", "\n"), title.end()) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the single debate of a file."""
    text, repaired = dump.text()
    text = text.replace("\r\n", "\n")
    headings = list(_headings(text))
    if not headings:
        raise UnreadableDump(
            "there is no post in this file", path=dump.name, hint="a post begins with `## [1] author, time`"
        )
    problems = list(repaired)
    front = text[: headings[0].start()]
    title = TITLE.match(front)
    fields = {name: value.strip() for name, value in FIELD.findall(front)}
    posts: list[RawPost] = []
    line, counted = 1, 0
    for heading, after in zip_longest(headings, headings[1:]):
        line, counted = line + text.count("\n", counted, heading.start()), heading.start()
        body = text[heading.end() : after.start() if after else len(text)].strip("\n")
        posts.append(_post(heading, body, line, posts[0].key if posts else None, problems))
    begun = title.end() if title else 0
    for stray in re.finditer(r"^.*\S.*$", front[begun:], re.MULTILINE):
        if FIELD.fullmatch(stray[0]):
            continue
        line = text.count("\n", 0, begun + stray.start()) + 1
        problems.append(
            Problem(code="stray-text", message="text before the first post belongs to no post", line=line, hint="give it a heading")
        )  # fmt: skip
        break
    yield RawThread(
        title=(title[1].rstrip(" \t#") or "#") if title else None,
        url=fields.get("url"),
        language=language_of(fields.get("language")),
        tags=tuple(tag.strip() for tag in fields.get("tags", "").split(",") if tag.strip()),
        posts=tuple(posts),
        problems=tuple(problems),
    )


def _headings(text: str) -> Iterator[re.Match[str]]:
    """Yield the headings of posts; a heading within a fenced code block is code."""
    fences = list(FENCE.finditer(text))
    closes = _closes([found[1] for found in fences])
    inside: deque[tuple[int, int]] = deque()
    at = 0
    while at < len(fences) and (close := closes[at]) is not None:
        inside.append((fences[at].start(), fences[close].end()))
        at = close + 1
    for found in HEADING.finditer(text):
        while inside and inside[0][1] <= found.start():
            inside.popleft()
        if not inside or found.start() <= inside[0][0]:
            yield found


def _closes(marks: list[str]) -> list[int | None]:
    """Return for each fence mark the later mark that closes it: the next with the same character that is not shorter."""
    closes: list[int | None] = [None] * len(marks)
    waiting: dict[str, list[int]] = {}
    for number, mark in enumerate(marks):
        # Open marks get shorter towards the end: a mark that closes one also closes those after it.
        opened = waiting.setdefault(mark[0], [])
        while opened and len(marks[opened[-1]]) <= len(mark):
            closes[opened.pop()] = number
        opened.append(number)
    return closes


def _post(heading: re.Match[str], body: str, line: int, opening: str | None, problems: list[Problem]) -> RawPost:
    key = heading[1]
    parent, kind, stance, score, name, when = opening, "post", None, None, None, None
    language = None
    rest = heading[2].strip(" \t")
    if time := re.search(rf"(?:^|,\s*)({ABSOLUTE})(?=\s*(?:,|$))", rest, re.IGNORECASE):
        when = time[1]
        rest = rest[: time.start()] + "," + rest[time.end() :]
    for part in (part.strip() for part in rest.split(",")):
        if found := re.fullmatch(r"answers \[?([\w.-]+)\]?", part):
            parent = found[1]
        elif found := re.fullmatch(r"score ([+-]?\d{1,9})", part):
            score = int(found[1])
        elif (found := re.fullmatch(r"language ([\w-]+)", part)) and language_of(found[1]):
            language = language_of(found[1])
        elif part in ("pro", "con"):
            stance = part
        elif part in ("deleted", "removed"):
            kind = part
        elif part and name is None:
            name = part
        elif part and when is None:
            when = part
        elif part:
            problems.append(
                Problem(code="bad-heading", message=f"{part!r} is not known in a heading", post=key, line=line,
                        hint="write author, time, `answers ID`, `score N`, `language TAG`, pro, con, deleted or removed")
            )  # fmt: skip
    created = certain(when) if when else None
    return RawPost(
        key=key,
        native_id=key,
        parent=None if opening is None else parent,
        kind=kind,  # type: ignore[arg-type]  # one of the words above
        author=Author(name=name) if name else None,
        created=created,
        created_text=None if created else when,
        score=score,
        line=line,
        body=body,
        dialect="markdown",
        language=language,
        stance=stance,  # type: ignore[arg-type]  # one of the words above
    )
