"""Records to posts: who wrote them, whom they answer, and what of the page is left over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.copied.cut import Cut, Record
from rostra.readers.copied.layout import Layout
from rostra.readers.text_furniture import COUNT, FURNITURE, MORE, NOTICE, SORTED, number
from rostra.readers.times import certain

TWO_NAMES = late(r"\s{2,}|\s*(?:[>▶►→↪➜]|\bin reply to\b|\breplying to\b|\breplied to\b)\s*", re.IGNORECASE)
"""What stands between an author and whoever is answered, in one line."""
BUTTONS = late(r"(?:permalink|embed|save|parent|report|reply|share|context|full comments|give award|hide|source|edit|delete|unsave)+", re.IGNORECASE)
"""Buttons that a copy puts into one word."""
PROSE = 80
"""Code points of a line above the posts from which on it is somebody's words and no title."""
ADDRESSED = late(r"@(\S+)|>>(\d+)|#(\d+)\b")
"""How a post begins that names whom it answers."""


def thread(lines: list[str], cut: Cut, layout: Layout, repaired: tuple[Problem, ...]) -> RawThread:
    """The thread of a copied page that was cut into records; offsets of problems are lines of the dump, 1-based."""
    title, opening, left = _above(lines[: cut.above])
    problems = list(repaired)
    posts = list(opening)
    columns = [record.column for record in cut.records]
    step = _step(columns)
    speakers = _speakers(cut.records)
    spoken: dict[str, list[str]] = {}
    chain: list[tuple[str, str]] = []
    """The post before and those above it, from the top, with their authors."""
    stack: list[tuple[int, str]] = []
    for record in cut.records:
        key = f"line-{record.first + 1}"
        author, answers = _names(record, speakers)
        while stack and stack[-1][0] >= record.column:
            stack.pop()
        body, hidden, score = _body(lines, record)
        parent = stack[-1][1] if stack and step else None
        if parent is None and not step:
            parent = _answered(answers or _addressed(body, spoken), chain, spoken)
        if parent is None and opening:
            parent = opening[0].key
        posts.append(
            RawPost(
                key=key,
                parent=parent,
                author=Author(name=author) if author else None,
                created=certain(when) if (when := record.held.get("time")) else None,
                created_text=when,
                score=_number(record.held.get("score")) if "score" in record.held else score,
                line=record.first + 1,
                title=record.held.get("title"),
                body=body,
                note=f"in answer to {answers}" if answers else None,
            )
        )
        if author:
            spoken.setdefault(_folded(author), []).append(key)
        while parent and chain and chain[-1][0] != parent:
            chain.pop()
        chain.append((key, _folded(author or "")))
        stack.append((record.column, key))
        for line in hidden:
            more = MORE.match(lines[line].strip())
            if more is None:
                continue
            count = int(more["a"] or more["b"] or more["c"] or 0)
            posts.append(RawPost(key=f"more-{line + 1}", parent=key, kind="missing", hidden=count, line=line + 1))
            message = f"{count or 'some'} replies were not loaded when the page was copied"
            problems.append(Problem(code="more-replies", message=message, post=f"more-{line + 1}", line=line + 1))
    below = [n for n in range(cut.below, len(lines)) if lines[n].strip()]
    if cut_off := [*left, *below]:
        message = f"{len(cut_off)} lines of the page around the posts are left out, such as {lines[cut_off[0]].strip()[:60]!r}"
        problems.append(Problem(code="page-around", message=message, line=cut_off[0] + 1))
    return RawThread(posts=tuple(posts), title=title, problems=tuple(problems))


def _speakers(records: Sequence[Record]) -> set[str]:
    """Everybody who is surely an author: where two names stand in one line, the first."""
    return {TWO_NAMES.split(name)[0] for record in records if (name := record.held.get("author"))}


def _names(record: Record, speakers: set[str]) -> tuple[str | None, str | None]:
    """The author of a record, and whom they answer, who speaks too."""
    name, answers = record.held.get("author"), record.held.get("answers")
    if name and answers is None:
        first, _, second = TWO_NAMES.sub("\n", name, count=1).partition("\n")
        if first and second in speakers:
            return first, second
    return name, answers


def _folded(name: str) -> str:
    return name.lstrip("@").casefold()


def _answered(name: str | None, chain: list[tuple[str, str]], spoken: dict[str, list[str]]) -> str | None:
    """The post of somebody who is answered, where only one can be meant: no page says which of several it is.

    Most pages show a post below the one that it answers, so that one is the post before or above it (``chain``).
    """
    if not name:
        return None
    above = [key for key, author in chain if author == _folded(name)]
    own = above or spoken.get(_folded(name), [])
    return own[0] if len(own) == 1 else None


def _addressed(body: str, spoken: dict[str, list[str]]) -> str | None:
    found = ADDRESSED.match(body.lstrip())
    name = found[1].rstrip(":,;.!?").casefold() if found and found[1] else ""
    return name if name in spoken else None


def _body(lines: list[str], record: Record) -> tuple[str, tuple[int, ...], int | None]:
    """The words of a record, without what the page put below them."""
    first, last = record.body
    hidden = list(record.hidden)
    while last > first:
        text = lines[last - 1].strip()
        if MORE.match(text):
            hidden.insert(0, last - 1)
        elif text and not BUTTONS.fullmatch(text) and not (len(text.split()) >= 3 and FURNITURE.match(text)):
            break
        last -= 1
    kept = [line.expandtabs(4) for line in lines[first:last]]
    margin = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
    margin = min(margin, record.column) if record.column else 0
    body = "\n".join(line[margin:].rstrip() for line in kept).strip("\n")
    return re.sub(r"[\u200b\ufeff]", "", body).strip("\n"), tuple(hidden), None


def _above(lines: list[str]) -> tuple[str | None, list[RawPost], list[int]]:
    """The title of the page, what was said above the posts, and the lines of the page that are left over."""
    title, said, left = None, list[int](), list[int]()
    for n, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if COUNT.match(text) or NOTICE.match(text) or SORTED.match(text) or FURNITURE.match(text) or text.count("|") >= 2:
            left.append(n)
        elif len(text) > PROSE or said:
            said.append(n)
        elif title is None and len(text.split()) > 1:
            title = text
        else:
            left.append(n)
    if not said:
        return title, [], left
    first = said[0]
    body = "\n".join(line.rstrip() for n, line in enumerate(lines) if n >= first and n not in left).strip("\n")
    return title, [RawPost(key=f"line-{first + 1}", line=first + 1, body=body)], left


def _step(columns: Sequence[int]) -> int:
    """The indentation of one level; 0 where all heads begin alike, or too irregularly to mean anything."""
    increases = Counter(b - a for a, b in pairwise(columns) if b > a)
    return min(increases, key=lambda step: (-increases[step], step)) if increases else 0


def _number(text: str | None) -> int | None:
    try:
        return number(text) if text else None
    except ValueError:
        return None
