"""Cut a body into runs of lines by author, for joining: lines of the post's author, or quoted at some depth.

Not only quotation marks count.  Mail programs do not mark everything: the text after "X wrote:" or after the header of a
message at the same depth is also quoted.  Here it is enough to be right for most lines, and fast.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rostra.i18n.attribution import ORIGINAL, VERBS
from rostra.system.lazy_regex import late

MOST = 4000
"""The most words of a post that are compared."""
DEEPEST = 4
"""The deepest quotation that is compared."""
ATTRIBUTION = 3
"""The most lines of an attribution."""
HEADED = 6
"""The most lines of a header that mail programs write above the answered message."""
NAMED = 300
"""The most code points of either."""
WORD = late(r"\w+")
SIGN = late(r"[ \t]{0,8}(?:[a-z]{0,3}>|\|(?=[ \t>|]))")
"""A quotation mark: also with the initials of the author, or indented."""
SUPERCITED = late(
    r"""((?:[ \t]*>(?=[ \t])|>(?=>{5}))*)[ \t]*>{1,5}\s*(?:"([^"]{1,20})"\s*==\s|(?<=>{5})\s+[^"<>]{2,60}<[^<>\s][^<>]{2,60}>\s*$)"""
)
"""The attribution line of Supercite, which itself looks like a quotation; its name marks the lines that are quoted."""
CITED = late(r"\s{0,8}([^\s>]{1,20})>")
_SAID = rf"\b(?:{VERBS.casefold()})\b"
SAID = late(_SAID)
ATTRIBUTED = late(_SAID + r".{0,60}[:：]\s*$")
DATE = late(r"\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[/.-]\d{1,2}[/.-]\d\d")
COLONS = (":", "：")
BELOW = late(rf"\s*-{{2,}}\s*(?:{ORIGINAL})\s*-{{2,}}\s*$")
"""A line below which everything is another message."""
FIELD = late(r"\s*\W{0,2}(?:from|von|de|da|van|från|fra|od|от)\W{0,2}:\s*\S")
SENT = late(
    r"\s*\W{0,2}(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden|skickat|sendt|data|отправлено|to|cc|subject)\W{0,2}:"
)
FOOT = late(r"--\s?$|_{20,}\s*$")
"""The line above a signature or a list's footer, which end where a quotation begins."""


class Line(NamedTuple):
    """A line in lower case, without its quotation marks; ``depth`` counts them."""

    depth: int
    text: str


class Run:
    """Consecutive lines of one depth; ``named`` is the text that names their author, itself at depth ``said_at``."""

    def __init__(self, depth: int, named: str, said_at: int) -> None:
        self.depth, self.named, self.said_at = depth, named, said_at
        self.words: list[str] = []
        self.lines: list[str] = []


def mail_lines(body: str) -> Iterator[Line]:
    """Yield the lines of plain mail that are not blank."""
    names: set[str] = set()
    outer = ""
    """The marks before what Supercite writes above a quotation."""
    heading = False
    for line in body.casefold().split("\n"):
        depth = at = 0
        if ">" in line or "|" in line:
            if cited := SUPERCITED.match(line):
                outer = cited[1]
                names.add(cited[2] or "")
            # The attribution that Supercite writes above a quotation may have two lines.
            heading = cited is not None or (heading and line.startswith(outer) and _says(line))
            if heading:
                depth, at = outer.count(">"), len(outer)
            while not heading and (mark := _mark(line, at, names)):
                depth, at = depth + 1, mark.end()
        if text := line[at:].strip():
            yield Line(depth, text)


def _mark(line: str, at: int, names: Collection[str]) -> re.Match[str] | None:
    """Return the quotation mark at an offset of a line, which may be a name that Supercite gave."""
    if names and (cited := CITED.match(line, at)) and cited[1] in names:
        return cited
    return SIGN.match(line, at)


def runs(lines: Sequence[Line]) -> list[Run]:
    """Return the runs of lines of one depth, in order, without signatures and lists' footers."""
    found: list[Run] = []
    count = 0
    for depth, line in _levels(lines):
        if not (words := WORD.findall(line)):
            continue
        if not found or found[-1].depth != depth:
            above = found[-1] if found and found[-1].depth < depth else None
            named = _attribution(above.lines) if above else ""
            found.append(Run(depth, named, above.depth if above and named else 0))
        found[-1].words += words
        found[-1].lines.append(line)
        count += len(words)
        if count > MOST:
            break
    return found


def _levels(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with their depth, which the lines above determine."""
    below: list[int] = []
    """The marked depths at which somebody else's words begin."""
    heading = signed = False
    for n, line in enumerate(lines):
        depth, text = line
        while below and below[-1] > depth:
            below.pop()
        if heading and not (FIELD.match(text) or SENT.match(text)):
            heading = False
            below += [depth] * (len(below) < DEEPEST)
        if not heading and text[0] not in "-_" and ":" not in text and "：" not in text:
            # Only lines with one of these signs begin a message, an attribution or a signature; most lines have none.
            signed = depth == 0 and signed
            if not signed:
                yield Line(depth + len(below), text) if below else line
            continue
        begins = _begins_message(lines, n)
        goes_on = _is_attribution(lines, n) and n + 1 < len(lines) and lines[n + 1].depth == depth
        signed = depth == 0 and not (begins or goes_on) and (signed or _is_foot(text))
        within = goes_on and _is_within(lines, n)
        if not signed:
            yield Line(depth + len(below) - within, text)
        heading = heading or begins
        if goes_on and not within and len(below) < DEEPEST:
            below.append(depth)


def _is_foot(text: str) -> bool:
    return text[0] in "-_" and FOOT.match(text) is not None


def _begins_message(lines: Sequence[Line], n: int) -> bool:
    """Whether a line begins the header of a message, as mail programs write it above the answered message."""
    depth, text = lines[n]
    if text[0] == "-":
        return BELOW.match(text) is not None
    return (
        ":" in text[:16]
        and FIELD.match(text) is not None
        and any(each.depth == depth and SENT.match(each.text) for each in lines[n + 1 : n + 3])
    )


def _is_attribution(lines: Sequence[Line], n: int) -> bool:
    """Whether a line ends an attribution, which names who wrote the following text, and when; it may be wrapped."""
    depth, text = lines[n]
    if not text.endswith(COLONS) or not ATTRIBUTED.search(text):
        return False
    above = lines[n - 1] if n else None
    return DATE.search(text) is not None or bool(above and above.depth == depth and DATE.search(above.text))


def _is_within(lines: Sequence[Line], n: int) -> bool:
    """Whether an attribution is itself marked as quoted, without another attribution above it."""
    depth = lines[n].depth
    first = n - 1 if n and lines[n - 1].depth == depth else n
    above = lines[first - 1] if first else None
    return depth > 0 and (above is None or (above.depth < depth and not _says(above.text)))


def _attribution(lines: Sequence[str]) -> str:
    """Return the last of the lines above a quotation, if they name its author."""
    if _says(lines[-1]):
        return " ".join(lines[-ATTRIBUTION:])[-NAMED:]
    tail = lines[-HEADED:]
    headed = next((n for n, line in enumerate(tail) if FIELD.match(line)), None)
    return " ".join(tail[headed:])[:NAMED] if headed is not None else ""


def _says(text: str) -> bool:
    return text.endswith(COLONS) or SAID.search(text) is not None
