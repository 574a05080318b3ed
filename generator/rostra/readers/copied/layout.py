"""A layout: how a page writes one post, as lines with slots, and how lines are matched with it.

A layout is written as the page writes a post, a line each::

    u/{author} avatar
    {author}
    •
    {time}
    ? Edited {edited}
    {body}
    Upvote
    ? {score}
    Reply

``?`` before a line says that it may be absent, ``{? … }`` within a line that a part of it may be.  Blank lines count for
nothing outside a body, nor do case and runs of spaces.  The slots are:

    {author} {time} {edited} {score} {title}   what they say
    {answers}                                  the author who is answered
    {number}                                   a number that is no score
    {id} {answered}                            the number of the post, and of the post that it answers
    {any}                                      words of the page that are nobody's
    {body}                                     the lines of the post, on a line of its own
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Any, NamedTuple

from msgspec import Struct

from rostra.late import late
from rostra.readers.copied.times import times

TIME = "\ue000"
"""What stands for a time in a masked line: a private character, which no page shows."""
INVISIBLE = late(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\ue000-\uf8ff]*")
UNSEEN = late(r"[\u200b-\u200f\u2060\ufeff\u00ad\ue000-\uf8ff]")
"""Characters that show nothing, and those of icon fonts."""
SEPARATORS = late(r"\s*[|·•∙](?:\s*[|·•∙])*\s*")
"""Marks between the parts of a line: which of them are there depends on which parts are."""
NUMBER = r"[-–−+]?\d[\d.,'’ ]*\s?[KkMm]?"
NAME = 60
"""Code points of a name at most."""
SLOTS = {
    "author": rf"(?P<author{{n}}>\S(?:.{{{{0,{NAME - 2}}}}}?\S)??)",
    "answers": rf"(?P<answers{{n}}>\S(?:.{{{{0,{NAME - 2}}}}}?\S)??)",
    "time": rf"(?P<time{{n}}>{TIME})",
    "edited": rf"(?P<edited{{n}}>{TIME})",
    "score": rf"(?P<score{{n}}>{NUMBER})",
    "number": rf"(?:{NUMBER})",
    "id": r"(?P<id{n}>\d+)",
    "answered": r"(?P<answered{n}>\d+)",
    "title": r"(?P<title{n}>\S.*?)",
    "any": r"(?:.*?)",
}
_PART = late(r"\{(\w+)\}|\{\?((?:[^{}]|\{\w+\})*)\}|\s+|[^\s{]+|.")


class Line(NamedTuple):
    """A line that shows something: its number in the dump (0-based), its text, and the text with its times masked."""

    number: int
    text: str
    masked: str
    times: tuple[str, ...]
    column: int
    """Where the text begins, tabs as four columns."""


class Item(Struct, frozen=True):
    """A line of a layout as it is written, and whether it may be absent."""

    pattern: str
    optional: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of its slots."""
        return tuple(re.findall(r"\{(\w+)\}", self.pattern))

    @property
    def is_open(self) -> bool:
        """Whether any short line would match, so that only its place tells."""
        return not re.sub(r"\{\?(?:[^{}]|\{\w+\})*\}|\{\w+\}|[\s\W_]", "", self.pattern)

    def match(self, line: Line, author: str | None = None) -> dict[str, str] | None:
        """What its slots hold in a line; None where the line does not match."""
        found = _compiled(self.pattern).fullmatch(line.masked)
        if found is None:
            return None
        held: dict[str, str] = {}
        for name, value in found.groupdict().items():
            if value is None:
                continue
            slot = name.rstrip("0123456789")
            if slot in ("time", "edited"):
                value = line.times[line.masked.count(TIME, 0, found.start(name))]
            elif TIME in value:
                # A name may hold what reads as a time.
                first = line.masked.count(TIME, 0, found.start(name))
                for said in line.times[first : first + value.count(TIME)]:
                    value = value.replace(TIME, said, 1)
            if slot == "author" and held.get("author", value) != value:
                return None
            held.setdefault(slot, value)
        if author is not None and "author" in held and held["author"] != author:
            return None
        return held


class Layout(Struct, frozen=True, kw_only=True):
    """The lines of one post, in order; one item is the body."""

    items: tuple[Item, ...]
    name: str = ""
    """What it is called in messages; empty where it was learned."""
    place: str | None = None
    dialect: str = "text"

    @property
    def body(self) -> int:
        """Which item is the body."""
        return next(n for n, item in enumerate(self.items) if item.pattern == "{body}")

    @property
    def head(self) -> tuple[Item, ...]:
        """The lines above the body."""
        return self.items[: self.body]

    @property
    def foot(self) -> tuple[Item, ...]:
        """The lines below the body."""
        return self.items[self.body + 1 :]

    @property
    def is_page(self) -> bool:
        """Whether it names authors, and some line, or words of a line, that the page writes with every post."""
        named = any("author" in item.slots for item in self.items)
        return named and any(not item.optional and not item.is_open for item in self.items)

    def __str__(self) -> str:
        return "\n".join(("? " if item.optional else "") + item.pattern for item in self.items)


def parse(text: str) -> tuple[Item, ...]:
    """The items of a layout as it is written."""
    items = []
    for line in text.strip("\n").split("\n"):
        line = line.strip()
        if line:
            optional = line.startswith("? ")
            items.append(Item(line[2:].strip() if optional else line, optional))
    return tuple(items)


def prepared(lines: list[str]) -> list[Line]:
    """The lines that show something."""
    found = []
    for number, line in enumerate(lines):
        if INVISIBLE.fullmatch(line):
            continue
        text = UNSEEN.sub(" ", line).strip()
        masked, said = mask(text)
        wide = line.expandtabs(4)
        found.append(Line(number, text, masked, said, len(wide) - len(wide.lstrip())))
    return found


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """A text with a mark in the place of each time, and the times."""
    out, said, at = [], [], 0
    for start, end, _ in times(text):
        out += [text[at:start], TIME]
        said.append(text[start:end])
        at = end
    masked = "".join(out) + text[at:] if said else text
    # A line that is nothing but such a mark stays what it is.
    return SEPARATORS.sub(" ", masked).strip() or masked, tuple(said)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    counts: dict[str, int] = {}
    return re.compile(r"\s*" + _regex(pattern, counts) + r"\s*", re.IGNORECASE)


def _regex(pattern: str, counts: dict[str, int]) -> str:
    out = []
    for part in _PART.finditer(pattern):
        if part[1]:
            counts[part[1]] = counts.get(part[1], 0) + 1
            out.append(SLOTS[part[1]].replace("{n}", str(counts[part[1]])).replace("{{", "{").replace("}}", "}"))
        elif part[2] is not None:
            out.append(rf"(?:\s*{_regex(part[2], counts)})?")
        elif part[0].isspace():
            # No space is needed beside a mark, but a word ends where it ends.
            out.append(r"(?:\s+|(?<!\w)|(?!\w))")
        else:
            out.append(re.escape(part[0]))
    return "".join(out)
