"""Find where posts begin in copied text: the header lines with name and time, in the styles of many sites."""

from __future__ import annotations

import re
from collections import Counter

import msgspec
from msgspec import Struct

from rostra.readers.copied.page_words import without_verb
from rostra.readers.dumps.times import RELATIVE, SHORT, TIME
from rostra.readers.text.before_times import names_somebody, tells_other_time, without_slashes
from rostra.readers.text.furniture import FURNITURE, NUMBER, SCORE, number
from rostra.system.lazy_regex import late

RELATIVE_TIME = late(rf"{RELATIVE}|{SHORT}", re.IGNORECASE)
BULLET = late(r"[•◦‣▪▫●○■□∙·*+–—-]\s+(?=\S)|o\s{1,3}(?=\S)|\[[–—+-]\]\s*|[▲▼△▽]\s*")
BUTTON = r"(?:permalink|link|reply|report|share|parent|root|next|prev|past|context|hide|flag|favorite|save|on: .{1,60}|\d+ comments?)"
EDITED = r"(?:\s*[·•|,-]?\s*\(?(?:last\s+)?edited(?:\s+(?:[^()|]{0,40}))?\)?|\s*\*)?"
TAIL = rf"(?:\s*(?:\(?\d+ (?:children|replies|reply|child)\)?|\[[-–+]\]|#\d+|[·•|]?\s*{BUTTON}(?=\s|$)))*"
SEPARATOR = r"(?:\s+[–—-]\s+|\s*[·•|,(\[»›]\s*|:\s+|\s+)"
_WHEN = late(
    rf"^[(\[]?\s*(?:[·•|]\s*)?(?:posted|said|wrote|replied|commented|on|submitted)?\s*(?P<time>{TIME})\s*[)\]]?(?P<edited>{EDITED}){TAIL}\s*:?$",
    re.IGNORECASE,
)
_CHANGED = late(rf"^[(\[]?\s*(?:[·•|]\s*)?(?:last\s+)?edited:?\s+(?:on\s+)?(?P<time>{TIME})\s*[)\]]?$", re.IGNORECASE)
_BRIEF = late(rf"^(?:[·•|]\s*)?(?P<time>{SHORT})(?P<edited>{EDITED}){TAIL}$", re.IGNORECASE)
_WHO_WHEN = late(
    rf"^(?P<name>\S.{{0,60}}?)(?P<separator>{SEPARATOR})(?:(?P<score>{SCORE})(?:\s+|\s*[·•|,–-]\s*))?"
    rf"(?:(?P<said>said|wrote|posted|replied|commented|on|at)\s*,?\s*(?:on\s+)?)?[(\[]?(?P<time>{TIME}|(?<=[·•|]\s){SHORT})[)\]]?(?P<edited>{EDITED}){TAIL}\s*:?$",
    re.IGNORECASE,
)
_POSTED_BY = late(
    rf"^(?:posted|submitted|written)\s+(?P<time>{TIME})\s+by\s+(?P<name>\S.{{0,60}}?)$"
    rf"|^(?:(?:posted|submitted|written)\s+)?by:?\s+(?P<name2>\S.{{0,60}}?)[\s,·•|»›–-]+(?:on\s+)?(?P<time2>{TIME})$",
    re.IGNORECASE,
)
_POSTED = late(r"^(?:posted|submitted|written)?\s*by\s+(?=\S+\s)|^(?:posted by|from|u/)\s*", re.IGNORECASE)
ANSWERS = late(r"^(?P<name>\S.*?)\s+(?:>|▶|►|→|↪|➜|in reply to|replying to|replied to)\s+(?P<other>\S.*)$")
SUBJECT = late(r"^(?:re|aw|sv|antw|fwd?)\s*:\s*\S", re.IGNORECASE)


LABELLED_TIMES = 3
"""The fewest times with the same words and a colon before them, which are then no name: a page of one author names it once."""
_LABEL = late(rf":\s+{TIME}\W*$", re.IGNORECASE)


class Header(Struct, frozen=True, kw_only=True):
    """A post's header: lines ``first`` to ``last`` (0-based) have name and time; ``column`` is the column of its body.

    ``style`` is the notation: a time on a line of its own ("alone"), a time after the name and a separator ("marked"),
    a time after the name and spaces ("bare"), or "posted by" somebody ("by").  ``inline`` is the column of body text
    on line ``last`` itself.  ``who`` are the words that name people, as the page has them.  ``marked`` says that a bullet
    is before a name above the time.
    """

    first: int
    last: int
    column: int
    name: str | None = None
    when: str | None = None
    score: int | None = None
    edited: str | None = None
    title: str | None = None
    answers: str | None = None
    who: str | None = None
    style: str = "alone"
    inline: int | None = None
    marked: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether nothing but its place, above a time, tells its name from other lines."""
        return self.style == "alone" and not self.marked


def columns(line: str) -> int:
    """Return the column of a line's first character; a tab is four columns."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def says_when(line: str) -> bool:
    """Whether a line alone looks like a header with a time."""
    text = line.strip()
    return bool(text) and (_WHEN.match(text) is not None or _in_one_line(line, 0, text) is not None)


def headers(lines: list[str]) -> list[Header]:
    """Return all headers of the dump, in order."""
    found = _found(lines, apart=False)
    if len(found) > 1 and not any(header.name for header in found):
        apart = _found(lines, apart=True)
        # If nearly every time has a short bulleted line above it, after a blank line, that is the name.
        if len(apart) == len(found) and sum(1 for header in apart if header.name) >= 0.8 * len(found):
            found = apart
    trusted = _without_label(lines, _trusted(lines, found))
    names = without_verb([header.name for header in trusted])
    return [
        _with_subject(lines, msgspec.structs.replace(header, name=name))
        for header, name in zip(trusted, names, strict=True)
    ]


def _without_label(lines: list[str], found: list[Header]) -> list[Header]:
    """Return the headers without a name that is the label of all times: "Date: 4 March 2024"."""
    named = [header for header in found if header.name]
    names = {header.name for header in named}
    if len(named) < LABELLED_TIMES or len(names) > 1 or not all(_LABEL.search(lines[header.last]) for header in named):
        return found
    return [msgspec.structs.replace(header, name=None, who=None) for header in found]


def _found(lines: list[str], *, apart: bool) -> list[Header]:
    found: list[Header] = []
    floor = -1
    for at, line in enumerate(lines):
        text = line.strip()
        if not text or len(text) > 160:
            continue
        changed = _CHANGED.match(text)
        if changed and found and floor == at - 1:
            found[-1] = msgspec.structs.replace(found[-1], last=at, edited=text.strip("()[]·•| "))
            floor = at
            continue
        header = _alone(lines, at, text, floor, apart=apart) or _in_one_line(line, at, text)
        if header:
            found.append(header)
            floor = header.last
    return found


def _alone(lines: list[str], at: int, text: str, floor: int, *, apart: bool) -> Header | None:
    said = _WHEN.match(text) or _CHANGED.match(text) if len(text) <= 120 else None
    brief = None if said else _BRIEF.match(text)
    if not said and not brief:
        return None
    column = columns(lines[at])
    first, name, score = at, None, None
    above = at - 1
    # A page may have buttons between the name and the time, one per line.
    while above > floor and FURNITURE.match(lines[above].strip()) and not _bulleted(lines[above]):
        if NUMBER.fullmatch(lines[above].strip()):
            score = number(lines[above].strip())
        above -= 1
    buttons = above < at - 1
    if apart and above > floor + 1 and not lines[above].strip() and _bulleted(lines[above - 1]):
        above -= 1
    if above > floor and (found := _name(lines, above, column, buttons=buttons)):
        first, name = above, found
    elif buttons:
        # Buttons without a name above them belong to the post before.
        first, score = (at, None) if brief else (above + 1, score)
    if brief and not (name and (buttons or _bulleted(lines[first]))):
        return None
    match = said or brief
    assert match is not None
    edited = match["edited"] if "edited" in match.re.groupindex else text
    return Header(
        first=first,
        last=at,
        column=column,
        name=name,
        who=name,
        when=match["time"],
        score=score,
        edited=_edit(edited),
        marked=name is not None and _bulleted(lines[first]),
    )


def _edit(marker: str | None) -> str | None:
    text = (marker or "").strip(" ·•|,()-[]")
    return "edited" if text == "*" else text or None


def _bulleted(line: str) -> bool:
    text = line.strip()
    return bool(BULLET.match(text)) and len(text) > 1


def _name(lines: list[str], at: int, column: int, *, buttons: bool) -> str | None:
    line = lines[at]
    text = line.strip()
    if not text or columns(line) > column:
        return None
    bullet = BULLET.match(text)
    name = text[bullet.end() :] if bullet else text
    if not name or len(name) > 80:
        return None
    alone = at == 0 or not lines[at - 1].strip() or FURNITURE.match(lines[at - 1].strip())
    if bullet or buttons or (alone and not re.search(r"[.!?…:;,]$", name) and len(name.split()) <= 5):
        return name.strip()
    return None


def _in_one_line(line: str, at: int, text: str) -> Header | None:
    bullet = BULLET.match(text)
    # Long runs of spaces, which no name has, would make the patterns below backtrack.
    rest = re.sub(r"\s{9,}", " " * 8, text[bullet.end() :] if bullet else text)
    column = columns(line) + (0 if not bullet or text.startswith("[") else bullet.end())
    said = _POSTED_BY.match(rest)
    if said:
        name, when = said["name"] or said["name2"], said["time"] or said["time2"]
        return Header(
            first=at,
            last=at,
            column=column,
            name=name,
            who=name,
            when=when,
            style="by" if said["name"] or not rest.lower().startswith("by") else "marked",
        )
    said = _WHO_WHEN.match(rest)
    if not said or re.search(r"[.!?]\s", said["name"]) or len(said["name"].split()) > 5:
        return None
    words = without_slashes(_POSTED.sub("", said["name"]).strip(" ·•|,:»›"))
    if not words or tells_other_time(words):
        return None
    name = words if names_somebody(words) else None
    answers = ANSWERS.match(words) if name else None
    score = NUMBER.search(said["score"] or "")
    return Header(
        first=at,
        last=at,
        column=column,
        name=answers["name"] if answers else name,
        when=said["time"],
        score=number(score[0]) if score and not re.search(r"\d[.k]", said["score"]) else None,
        edited=_edit(said["edited"]),
        answers=answers["other"] if answers else None,
        who=name,
        style="marked" if said["separator"].strip() or said["score"] or said["said"] or bullet else "bare",
    )


def _with_subject(lines: list[str], header: Header) -> Header:
    """Return the header with a subject that a forum repeats above each post as its title."""
    above = lines[header.first - 1].strip() if header.first else ""
    if not SUBJECT.match(above) or len(above) > 200:
        return header
    return msgspec.structs.replace(header, first=header.first - 1, title=above)


def _trusted(lines: list[str], found: list[Header]) -> list[Header]:
    """Return the headers that agree with the dump's usual style.

    A date alone on a line is text of a post if the dump's times are relative; so is a sentence that ends in a time if
    times are on lines of their own, and a time within a paragraph, or indented deeper than the text below it, if no
    other time is.
    """
    relative = [header for header in found if RELATIVE_TIME.fullmatch(header.when or "")]
    if len(relative) > 0.5 * len(found):
        written = {header.style for header in relative}
        found = [
            header
            for header in found
            if RELATIVE_TIME.fullmatch(header.when or "") or (header.name and header.style in written)
        ]
    styles = Counter(header.style for header in found)
    if len(styles) > 1:
        usual = max(styles, key=lambda style: (styles[style], style != "bare"))
        if styles[usual] > 0.6 * sum(styles.values()):
            # The opening post often has another style than its replies.
            found = [
                header for n, header in enumerate(found) if header.style == usual or (not n and header.style == "by")
            ]
    found = _kept(found, [_begins(lines, header) for header in found])
    follows = [*(header.first for header in found[1:]), len(lines)][: len(found)]
    return _kept(found, [_holds(lines, header, end) for header, end in zip(found, follows, strict=True)])


def _kept(found: list[Header], good: list[bool]) -> list[Header]:
    """Return the headers marked ``good`` if most are; otherwise all of them."""
    if sum(good) < 0.6 * len(found):
        return found
    return [header for header, each in zip(found, good, strict=True) if each]


def _begins(lines: list[str], header: Header) -> bool:
    """Whether a header is separate from the text above it."""
    above = lines[header.first - 1] if header.first else ""
    return not above.strip() or bool(FURNITURE.match(above.strip())) or columns(above) != columns(lines[header.first])


def _holds(lines: list[str], header: Header, end: int) -> bool:
    """Whether the text below a header is indented at least as far as the header."""
    outer = columns(lines[header.first]) if _bulleted(lines[header.first]) else header.column
    below = next((line for line in lines[header.last + 1 : end] if line.strip()), None)
    return below is None or columns(below) >= outer
