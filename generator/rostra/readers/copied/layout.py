"""Layouts: how a page writes its posts, as templates of lines with slots.

A template is written as the page writes one post, with a line for each line that is not blank::

    u/{author} avatar
    {author}
    •
    {time}
    ? Edited {edited}
    {body}
    Upvote
    ? {score}
    {=Reply|Antworten}

Lines above ``{body}`` are the head of the post, lines below it its foot.  ``?`` before a line makes it
optional, ``*`` allows it any number of times; ``{? … }`` within a line is a part that may be absent,
``{=a|b}`` one of several wordings.  Case, runs of spaces, blank lines and the marks ``|``, ``·``, ``•`` between parts of
a line are ignored.  ``SLOTS`` lists the slots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Literal, NamedTuple

from msgspec import Struct

from rostra.model import Dialect
from rostra.readers.copied.names import is_divided, is_name
from rostra.readers.copied.separators import SEPARATORS, as_written, plain
from rostra.readers.copied.slots import CLOCK, COUNTED, KEPT, NAMED, SLOTS, TIME, slot_expression
from rostra.readers.copied.times.edited import matched_unedited
from rostra.readers.copied.times.time_spans import times
from rostra.readers.copied.times.weekdays import with_weekday
from rostra.system.lazy_regex import late

UNSEEN = late(r"[\u200b\u200e\u200f\u2060-\u2064\ufeff\u00ad\ue000-\uf8ff]")
"""Invisible characters, and those of icon fonts; those that join letters or pictures are parts of names."""
LONGEST = 300
"""The most code points of a line of the page; only a line with text of a body may be longer."""
_PART = late(r"\{(\w+)\}|\{\?((?:[^{}]|\{[^{}]*\})*)\}|\{=([^{}]*)\}|\s+|[^\s{]+|.")
_SLOT = late(r"\{\?(?:[^{}]|\{[^{}]*\})*\}|\{\w+\}")
_BETWEEN = late(rf"(\{{=[^{{}}]*\}})|{SEPARATORS.pattern}")

Role = Literal["post", "opening", "comment", "same"]


class DumpLine(NamedTuple):
    """A line that is not blank: its number in the dump (0-based), its text, and the text with its times masked."""

    number: int
    text: str
    masked: str
    times: tuple[str, ...]
    column: int
    """The column where the text begins; a tab is four columns."""
    space: int
    """How many blank lines are above it."""


class TemplateLine(Struct, frozen=True, dict=True):
    """A line of a template as written; whether it is optional, or may be repeated, or has blank lines above it (None: either)."""

    pattern: str
    optional: bool = False
    many: bool = False
    spaced: bool | None = None

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The names of its slots."""
        return tuple(NAMED.get(slot, slot) for slot in re.findall(r"\{(\w+)\}", self.pattern))

    @cached_property
    def is_open(self) -> bool:
        """Whether it has no words or marks, so that only its position identifies it."""
        return not _SLOT.sub("", self.pattern).strip() and not {"buttons", "more", "letter"} & set(self.slots)

    def match(self, line: DumpLine) -> dict[str, str] | None:
        """Return the values of its slots in a line; None if the line does not match."""
        if len(line.masked) > LONGEST and "{body}" not in self.pattern:
            return None
        found = matched_unedited(compiled(self.pattern), line.masked)
        if found is None:
            return None
        held: dict[str, str] = {}
        for slot, value in found.groupdict().items():
            if value is not None:
                first = line.masked.count(TIME, 0, found.start(slot))
                for said in line.times[first : first + value.count(TIME)]:
                    value = value.replace(TIME, said, 1)
                held[slot] = as_written(slot, value.strip(), line.text)
        if "{clock}" in self.pattern and not CLOCK.fullmatch(held.get("time", "")):
            return None
        name = held.get("author") if self.is_open else None
        if name is not None and (is_divided(line.text, line.times) or TIME in found["author"] or not is_name(name)):
            return None
        return held

    def __str__(self) -> str:
        return ("* " if self.many else "? " if self.optional else "") + self.pattern


class Template(Struct, frozen=True, kw_only=True, dict=True):
    """The lines of one kind of post, in order; one item holds the body.

    An ``opening`` is above all others; a ``comment`` answers the last post above it that is not a comment; ``same`` has
    the author of the post above it.
    """

    items: tuple[TemplateLine, ...]
    role: Role = "post"

    @cached_property
    def body(self) -> int:
        """The index of the item with the body."""
        return next(n for n, item in enumerate(self.items) if "{body}" in item.pattern)

    @cached_property
    def anchor(self) -> int:
        """The index of the item by which records are found: one with a time, preferably above the body; else the longest wording."""
        timed = [n for n, item in enumerate(self.items) if "time" in item.slots]
        if timed:
            return min(timed, key=lambda n: (n > self.body, abs(n - self.body)))
        wordings = {n: len(_SLOT.sub("", item.pattern)) for n, item in enumerate(self.items) if not item.optional}
        return max(wordings, key=lambda n: (wordings[n], -n))

    @cached_property
    def head(self) -> tuple[TemplateLine, ...]:
        """The items above the body, and the item of the body if it has words before the body."""
        begins = self.items[self.body].pattern.endswith(" {body}")
        return self.items[: self.body + begins]

    @cached_property
    def foot(self) -> tuple[TemplateLine, ...]:
        """The items below the body, and the item of the body if it has words after the body."""
        ends = self.items[self.body].pattern.startswith("{body} ")
        return self.items[self.body + (not ends) :]

    @property
    def names_authors(self) -> bool:
        """Whether it has the author of a post."""
        return any("author" in item.slots for item in self.items)

    @property
    def has_timed_head(self) -> bool:
        """Whether its anchor is in its head."""
        return self.anchor < len(self.head)

    @property
    def has_clock(self) -> bool:
        """Whether it has a time of day without a date."""
        return any("{clock}" in item.pattern for item in self.items)

    @property
    def is_signed(self) -> bool:
        """Whether the name is after the text, in one line, with no mark between them."""
        return self.items[self.body].pattern.startswith("{body} {author}")

    @property
    def is_page(self) -> bool:
        """Whether it names authors and has words or numbers that the page writes in every post."""
        shown = (item for item in self.items if not item.optional)
        return self.names_authors and any(not item.is_open or set(item.slots) & COUNTED for item in shown)

    def __str__(self) -> str:
        return "\n".join(map(str, self.items))


class PageLayout(Struct, frozen=True, kw_only=True):
    """A page's layout: the templates of its posts; ``name`` is empty if it was learned, ``place`` if it is not that of one site."""

    templates: tuple[Template, ...]
    name: str = ""
    place: str | None = None
    is_known: bool = False
    """Whether a file of the package describes it."""
    dialect: Dialect = "text"
    topic: bool = False
    """Whether the first post of a thread opens it, as in forums and chats, and no article above it."""
    ends: tuple[str, ...] = ()
    """Patterns of lines below the thread: the first match ends it."""
    days: tuple[str, ...] = ()
    """Patterns of lines between posts that give the date of the posts below, if those have a ``{clock}``."""
    notices: tuple[str, ...] = ()
    """Patterns of one or more lines that the page writes between posts, and that belong to no post."""


class NoTemplate(ValueError):
    """A text is not a template; the message says why."""


def template_lines(text: str) -> Iterator[TemplateLine]:
    """Yield the lines of a template given as text."""
    for line in text.split("\n"):
        written = line.strip()
        if written:
            sign = written[0] if written[:2] in ("? ", "* ") else ""
            yield TemplateLine(written[len(sign) :].strip(), bool(sign), sign == "*")


def template(text: str, role: Role = "post") -> Template:
    """Return the template given as text; raise NoTemplate if it is not one."""
    made = Template(items=tuple(template_lines(text)), role=role)
    problem = _wrong(made)
    if problem:
        raise NoTemplate(problem)
    return made


def _wrong(made: Template) -> str | None:
    """Return what is wrong with a template, or None."""
    if wrong := wrong_line(made.items):
        return wrong
    bodies = [n for n, item in enumerate(made.items) if "{body}" in item.pattern]
    if len(bodies) != 1 or made.items[bodies[0]].optional:
        return "it needs one line with {body} that is not optional"
    pattern = made.items[bodies[0]].pattern
    if pattern != "{body}" and pattern.startswith("{body} ") == pattern.endswith(" {body}"):
        return "{body} must be at the beginning or the end of its line, separated by a space"
    anchor = made.items[made.anchor]
    if anchor.optional or ("time" not in anchor.slots and anchor.is_open):
        return "it needs a line with {time} that is not optional, or one with words of the page"
    return None


def wrong_line(items: Iterable[TemplateLine]) -> str | None:
    """Return what is wrong with the first wrong line, or None."""
    for item in items:
        if unknown := set(item.slots) - set(SLOTS):
            return f"there is no slot {{{min(unknown)}}}; there are {', '.join(sorted(SLOTS))}"
        if re.search(r"[{}]", re.sub(r"\{\w+\}|\{=[^{}]*\}", "", _SLOT.sub("", item.pattern))):
            return f"braces in {item.pattern!r} are not closed, or nested"
    return None


def prepared(lines: list[str]) -> list[DumpLine]:
    """Return the lines that are not blank."""
    found: list[DumpLine] = []
    for number, line in enumerate(lines):
        text = (line if line.isascii() else UNSEEN.sub(" ", line)).strip()
        if text:
            masked, said = mask(text)
            wide = line.expandtabs(4)
            space = number - (found[-1].number + 1 if found else 0)
            found.append(DumpLine(number, text, masked, said, len(wide) - len(wide.lstrip()), space))
    return found


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text with a placeholder for each time and without marks between its parts; and the times."""
    out, said, at = [], [], 0
    for start, end in times(text):
        out += [text[at:start], TIME]
        said.append(text[start:end])
        at = with_weekday(text, end)
    masked = "".join(out) + text[at:] if said else text
    return plain(masked), tuple(said)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the regular expression that a whole masked line matches."""
    bare = _BETWEEN.sub(lambda found: found[1] or " ", pattern).strip() or pattern
    if bare.startswith("{body} {author}"):
        # The line does not show where the name begins: `signatures` decides it from other posts.
        rest = _expression(bare.removeprefix("{body} {author}"), {"author"})
        return re.compile(rf"(?:(?P<body>.*)\s)?\s*(?P<author>\S+?){rest}\s*", re.IGNORECASE)
    return re.compile(rf"\s*{_expression(bare, set())}\s*", re.IGNORECASE)


def _expression(pattern: str, seen: set[str]) -> str:
    out = []
    for part in _PART.finditer(pattern):
        word, absent, wordings = part.groups()
        slot = NAMED.get(word, word)
        if slot in seen:
            # A slot that is twice in a line has the same value.
            out.append(f"(?P={slot})")
        elif slot in KEPT:
            seen.add(slot)
            out.append(f"(?P<{slot}>{slot_expression(word)})")
        elif slot:
            out.append(f"(?:{slot_expression(slot)})")
        elif absent is not None:
            out.append(rf"(?:\s*{_expression(absent.strip(), seen)})?")
        elif wordings is not None:
            out.append("(?:" + "|".join(_expression(plain(each), seen) for each in wordings.split("|")) + ")")
        elif part[0].isspace():
            # A mark needs no space beside it, a word must match as a whole.  Atomic, so that absent parts do not divide space.
            out.append(r"(?>\s+|(?<!\w)|(?!\w))")
        else:
            out.append(re.escape(part[0]) + "\ufe0f?" * (not part[0].isascii()))  # U+FE0F may follow an emoji
    return "".join(out)
