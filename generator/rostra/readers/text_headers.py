"""Where posts begin in copied text: the lines that say who and when, as pages of every kind write them."""

from __future__ import annotations

import re

from msgspec import Struct

from rostra.readers.times import RELATIVE, TIME

RELATIVE_TIME = re.compile(RELATIVE, re.IGNORECASE)
BULLET = re.compile(r"[•◦‣▪▫●○■□∙·*+–—-]\s+(?=\S)|o\s{1,3}(?=\S)|\[[–—+-]\]\s*|[▲▼△▽]\s*")
RAIL = re.compile(r"^(?:[ \t]*[|│┃║▏▎](?=\s|$))+")
SCORE = r"(?:\(?[-–−]?\d[\d,.]*k?\s*(?:points?|votes?|upvotes?|likes?|pts?)\)?|score hidden|\[score hidden\])"
EDITED = r"(?:\s*[·•|,-]?\s*\(?(?:last\s+)?edited(?:\s+(?:[^()]{0,40}))?\)?|\s*\*)?"
TAIL = r"(?:\s*(?:\(?\d+ (?:children|replies|reply|child)\)?|\[[-–+]\]|#\d+|[·•|]?\s*(?:permalink|link|reply|report|share)))*"
_WHEN = re.compile(
    rf"^[(\[]?\s*(?:[·•|]\s*)?(?:posted|said|wrote|replied|commented|on|submitted)?\s*(?P<time>{TIME})\s*[)\]]?(?P<edited>{EDITED}){TAIL}\s*:?$",
    re.IGNORECASE,
)
_WHO_WHEN = re.compile(
    rf"^(?P<name>\S.{{0,60}}?)(?:\s+|\s*[·•|,(\[]\s*|\s+[–—-]\s+|:\s+)(?:(?P<score>{SCORE})(?:\s+|\s*[·•|,–-]\s*))?"
    rf"(?:(?:said|wrote|posted|replied|commented|on|at)\s*,?\s*(?:on\s+)?)?[(\[]?(?P<time>{TIME})[)\]]?(?P<edited>{EDITED}){TAIL}\s*:?$",
    re.IGNORECASE,
)
_POSTED_BY = re.compile(
    rf"^(?:posted|submitted|written)\s+(?P<time>{TIME})\s+by\s+(?P<name>\S.{{0,60}}?)$|^(?:posted|submitted|written)\s+by\s+(?P<name2>\S.{{0,60}}?)[\s,·•|–-]+(?:on\s+)?(?P<time2>{TIME})$",
    re.IGNORECASE,
)
FURNITURE = re.compile(
    rf"^(?:(?:permalink|embed|save|parent|report|reply|give award|share|unsave|hide|source|context|full comments|edit|delete|follow|award|"
    rf"link|fedilink|arrow-up|arrow-down|arrow-upvote|message-square|more|quote|flag|like|dislike|bookmark|copy link|mod|op|english|deutsch|"
    rf"français|español|undetermined|{SCORE}|[·•]|[-–−]?\d[\d,.]*k?|[▲▼↑↓⬆⬇])(?:\s+|$))+$",
    re.IGNORECASE,
)
MORE = re.compile(
    r"^(?:load|show|view|see)?\s*(?:more comments?|more replies|continue this thread|(?P<a>\d+) more (?:replies|reply|comments?))\s*(?:\((?P<b>\d+)\s*(?:replies|reply|comments?)?\))?\s*(?:→|…|\.\.\.|>)?$",
    re.IGNORECASE,
)
COUNT = re.compile(r"^(?:all\s+)?[\d,]+\s+(?:comments?|replies|answers|posts|responses)$", re.IGNORECASE)
PAGE = re.compile(
    r"^(?:you['’]re viewing a single thread\.?|you['’]ve viewed [\d,]+ \w+\.?|view (?:all|full) comments?|sort(?:ed)? by:?.*|best|top|new|hot|old|controversial)$",
    re.IGNORECASE,
)


class Header(Struct, frozen=True, kw_only=True):
    """A post's beginning: lines ``first`` to ``last`` (0-based) say who and when; ``column`` is where its body stands."""

    first: int
    last: int
    column: int
    name: str | None
    when: str | None
    score: int | None
    edited: bool


def columns(line: str) -> int:
    """Where a line's text begins, tabs as four columns."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def when(text: str) -> re.Match[str] | None:
    """A line that says when and nothing else."""
    return _WHEN.match(text) if len(text) <= 120 else None


def headers(lines: list[str]) -> list[Header]:
    """Every header of the dump, in order."""
    found: list[Header] = []
    floor = -1
    for number, line in enumerate(lines):
        text = line.strip()
        if not text or len(text) > 160:
            continue
        header = _alone(lines, number, text, floor) or _in_one_line(line, number, text)
        if header:
            found.append(header)
            floor = header.last
    return _trusted(found)


def _alone(lines: list[str], number: int, text: str, floor: int) -> Header | None:
    said = when(text)
    if not said:
        return None
    column = columns(lines[number])
    first, name, score = number, None, None
    at = number - 1
    # Between the name and the time a page puts its buttons, a line each.
    while at > floor and FURNITURE.match(lines[at].strip()) and not _bulleted(lines[at]):
        if re.fullmatch(r"[-–−]?\d[\d,]*", lines[at].strip()):
            score = int(re.sub(r"[–−]", "-", lines[at].strip()).replace(",", ""))
        at -= 1
    if at > floor and (found := _name(lines, at, column, buttons=at < number - 1)):
        first, name = at, found
    elif at < number - 1:
        first = at + 1
    return Header(
        first=first, last=number, column=column, name=name, when=said["time"], score=score, edited=bool(said["edited"])
    )


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


def _in_one_line(line: str, number: int, text: str) -> Header | None:
    bullet = BULLET.match(text)
    rest = text[bullet.end() :] if bullet else text
    said = _POSTED_BY.match(rest)
    if said:
        return Header(
            first=number,
            last=number,
            column=columns(line),
            name=said["name"] or said["name2"],
            when=said["time"] or said["time2"],
            score=None,
            edited=False,
        )
    said = _WHO_WHEN.match(rest)
    if not said or re.search(r"[.!?]\s", said["name"]) or len(said["name"].split()) > 5:
        return None
    name = re.sub(r"^(?:posted by|by|u/|from)\s*", "", said["name"], flags=re.IGNORECASE).strip(" ·•|,:")
    if not name or re.fullmatch(r"(?:edit(?:ed)?|posted|on|since|until|about|almost)", name, re.IGNORECASE):
        return None
    score = re.search(r"[-–−]?\d[\d,]*", said["score"] or "")
    return Header(
        first=number,
        last=number,
        column=columns(line) + (0 if not bullet or text.startswith("[") else bullet.end()),
        name=name,
        when=said["time"],
        score=int(re.sub(r"[–−]", "-", score[0]).replace(",", "")) if score else None,
        edited=bool(said["edited"]),
    )


def _trusted(found: list[Header]) -> list[Header]:
    """The headers that the dump's own habit bears out.

    A date alone on a line, where the dump's times are relative, is a line of somebody's text; so is
    a sentence that ends in a time, where times stand on lines of their own.
    """
    relative = sum(RELATIVE_TIME.fullmatch(header.when or "") is not None for header in found)
    if relative > 0.5 * len(found):
        found = [header for header in found if header.name or RELATIVE_TIME.fullmatch(header.when or "")]
    alone = [header for header in found if header.name is None or header.last > header.first]
    if len(alone) > len(found) - len(alone):
        return alone
    return found
