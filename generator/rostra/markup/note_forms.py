"""How people type footnotes: how a line begins that defines one, and what calls one in a sentence.

Nothing here decides: a line that looks like a definition may be what a console printed, and what looks like a call an
index.  All offsets are code points of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from msgspec import Struct

from rostra.system.lazy_regex import late

Form = Literal["bracket", "figure", "sign", "paren", "half", "dot", "colon", "item"]
"""``[1]``, ``¹`` (or raised by a tag), ``*``, ``(1)``, ``1)``, ``1.``, ``1:``, an item of a numbered list."""

FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
DIGITS = str.maketrans(FIGURES, "0123456789")
SIGN = r"(?:\*{1,3}|†{1,3}|‡{1,3}|§{1,3})"
# [x] is a box that somebody ticked.
LABEL = rf"(?:[0-9]{{1,3}}|[A-WYZa-wyz]|{SIGN})"
GROUP = rf"\[{LABEL}(?:[ ]?[,;–-][ ]?{LABEL})*+\]"
DEFINITION = late(
    rf"""[ \t]*+(?:
      \[(?P<bracket>{LABEL})\](?: [ ]?:(?!:)[ ]?(?![^\W\d_]\w*=) | [ ]+[-–—][ ]+ | [ ]+ | \Z | (?=[^\W\d_]) )
    | (?P<figure>[{FIGURES}]{{1,3}})[ ]?[:.)]?[ ]?(?=\S)
    | \((?P<paren>[0-9]{{1,3}}|[a-z])\)[ ]?:?[ ](?=\S)
    | (?P<half>[0-9]{{1,3}})\)[ ](?=\S)
    | (?P<dot>[0-9]{{1,3}})\.[ ](?=\S)
    | (?P<colon>[0-9]{{1,3}}):[ ](?=\S)
    | (?P<sign>{SIGN})(?![*†‡§])[ ]?(?=[^\s*])
    )[ ]*""",
    re.VERBOSE,
)
AFTER_LABEL = late(r"[ ]?[:.)]?[ ]*")
"""What may stand between a label that a tag raises and the words."""
CALL = late(
    rf"""
      (?P<bracket>(?<!\[){GROUP}(?:[ ]?[–-][ ]?\[{LABEL}\])?+(?![\](]))
    | (?P<figure>(?:(?<=\S)|(?<=\S[ ]))[{FIGURES}]{{1,3}}+)
    | (?P<paren>(?<![\w(])\((?:[0-9]{{1,3}}|[a-z])\))
    | (?P<half>(?<=[^\W\d_]|\])[0-9]{{1,2}}\)|(?<=[\w.,;:!?\])][ ])[0-9]{{1,2}}\))
    | (?P<opens>(?<![\w*])\*{{1,3}}(?=[^\s*]))
    | (?P<sign>(?<=[\w.,;:!?)\]"”’»…]){SIGN}(?![\w*†‡§]))
    """,
    re.VERBOSE,
)
RAISED = late(rf"\[?(?P<labels>{LABEL}(?:[ ]?[,;–-][ ]?{LABEL})*+)\]?|\((?P<one>{LABEL})\)")
"""What a tag raises that calls notes."""
PART = late(rf"{LABEL}|[–-]")
CLOSES = late(r"[ ]?(?:[.,;:!?)\]\"”’»…]|\n|\Z)")
"""What follows a call that ends a part of a sentence; what follows the number of a list's item is words."""
WIDEST = 20
"""Notes that a range such as ``[1]-[3]`` calls."""
UNIT = 2
"""Letters of a unit of measure at most: ``km²`` calls no note."""

IDENTIFIER = late(r"[\w$@]+\Z")
NAMES = {
    "arg", "args", "argv", "arr", "array", "bar", "buf", "df", "dict", "elem", "foo", "idx", "list", "lst", "mat", "params", "ptr",
    "str", "tmp", "tuple", "vec", "vector",
}  # fmt: skip
"""What programmers index, and what is seldom the last word before a note."""
SET_APART = late(r"([^\W_]{2,}|[).!?\"”’])[ ]+\Z")
KEYWORDS = {"return", "in", "yield", "print", "echo", "cat", "not", "and", "or", "is"}
PROMPT = late(r"\b(?:In|Out) ?\Z")
OPERATOR = late(r"[ ]?(?:<-|[-+*/%&|^]?=|\+\+|--)|>|\.[^\W\d_]|\.\d")
ASSIGNED = late(r"\w\([^()\s]*\)\Z")
ELSEWHERE = late(
    r"[ ]+(?:(?:of|from|in)[ ]+(?:my|your|his|her|their|our|the)[ ]+(?:(?:own|last|first|second|previous|earlier|other|original|above)[ ]+)*"
    r"(?:e-?mail|mail|post|message|comment|reply|answer|letter)s?"
    r"|(?:aus|von|in)[ ]+(?:mein|dein|sein|ihr|unser|eur|d)\w*[ ]+(?:\w+[ ]+)?(?:E-?Mail|Mail|Beitrag|Post|Nachricht|Kommentar|Antwort|Brief))\b",
    re.IGNORECASE,
)
LOOK = 40
"""Code points before and after a call that tell what it is."""

LETTERS = 2
"""Letters of a note at least: what has fewer is what a program printed."""
LONGEST = 2000
"""Code points of a note; what is longer is the post itself."""
LETTER = late(r"[^\W\d_]")
CONSOLE = late(
    r"""(?: "[^"\s]*+" | (?:"[^"]*+"\s++)++"[^"]*+" | (?:(?:TRUE|FALSE|NA|NULL|NaN|-?Inf|-?\d[\w.+:-]*+)(?:\s++|\Z))++
      | (?:character|numeric|integer|logical)\(0\) | [+-]?[ \t]*(?:\d+[ \t]+)?(?:running|done|suspended|stopped|exit|terminated|killed)\b.*
      | .*\bLevels:\s.* )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What R and shells print behind a number in brackets: strings, values, factors, jobs."""
RETURN = r"\[?(?:[↩↵⏎⤴⤶⬏↑⮐⮌🔙]|\^(?!\w))[\ufe0e\ufe0f]?\]?\d{0,2}"
RETURNS = late(rf"(?<!\s)(?:\s*{RETURN})++\s*\Z")
"""How copied notes end that had a link back to their call."""
JUMPS = late(r"(?:[\^↑](?:\s+[a-z](?=\s))*|(?:jump\s+(?:up|back)|back\s+up)\b\s*\^?)\s*", re.IGNORECASE)
"""How they begin, where the link stood first."""
MANY = 100
ONLY_LINK = late(r"<?(?:https?|ftp)://\S+\Z", re.IGNORECASE)
BEGINS_NOTE = late(r"<?(?:https?|ftp)://|[\"\d+-]", re.IGNORECASE)
"""With what a sentence hardly goes on behind a call: an address, or what a program prints."""
HEADING = late(
    r"\W*(?:references?|refs?|(?:foot|end)?notes?|links?|sources?|citations?|bibliography|anmerkung(?:en)?|fu(?:ß|ss)noten?|quellen?|verweise"
    r"|literatur|références|notes? de bas de page|notas?|fuentes|enlaces|riferimenti|bronnen|przypisy|źródła|примечания|сноски|ссылки)\W*",
    re.IGNORECASE,
)
RULE = late(r"[-_=*~–—]{3,}\s*")


class Call(Struct, frozen=True):
    """What calls notes in ``text[start:end]``; ``closes`` where a part of a sentence ends there.

    ``doubt`` says why it may call none.
    """

    start: int
    end: int
    form: Form
    labels: tuple[str, ...]
    closes: bool = True
    doubt: str | None = None


def calls_in(text: str) -> Iterator[Call]:
    """All that looks like a call, in order."""
    opened = -1
    for found in CALL.finditer(text):
        form, (start, end) = found.lastgroup, found.span()
        if form == "opens":
            opened = start
            continue
        if form == "sign" and opened >= 0:
            emphasised, opened = found[0][0] == "*" and text.find("\n", opened, start) < 0, -1
            if emphasised:
                continue
        closes = CLOSES.match(text, end) is not None
        yield Call(start, end, cast("Form", form), labels_of(found[0]), closes, doubt(text, start, end, form))


def labels_of(said: str) -> tuple[str, ...]:
    """The labels in a call, a range spelt out; none where it cannot be a range."""
    labels: list[str] = []
    reaches = False
    for part in PART.findall(said.translate(DIGITS)):
        if part in "–-":
            reaches = True
        elif reaches:
            first, last = labels[-1], part
            if not (first.isdigit() and last.isdigit() and 0 < int(last) - int(first) < WIDEST):
                return ()
            labels += (str(n) for n in range(int(first) + 1, int(last) + 1))
            reaches = False
        else:
            labels.append(part)
    return tuple(labels)


def doubt(text: str, start: int, end: int, form: str | None) -> str | None:
    """Why what looks like a call may be none; None where nothing speaks against it."""
    before = text[max(0, start - LOOK) : start]
    after = text[end : end + 2 * LOOK]
    if form == "figure":
        before = before.rstrip(" ")
        word = IDENTIFIER.search(before)
        units = word is not None and len(word[0]) <= UNIT and text[start:end].translate(DIGITS) in ("2", "3")
        return "it is an exponent" if units or before[-1:].isdigit() else None
    if ELSEWHERE.match(after):
        return "it speaks of another post"
    if form == "bracket":
        if after.startswith(":") and PROMPT.search(before):
            return "it is a prompt"
        word = IDENTIFIER.search(before)
        name = word[0] if word else ""
        if len(name) == 1 or name in NAMES or "_" in name or "$" in name or ASSIGNED.search(before):
            return "it is an index"
        if name and OPERATOR.match(after):
            return "it is an index"
        if text[start + 1].isalpha() and after[:1].isalpha():
            return "it is a letter put in by who quotes"
    return None


def has_words(text: str) -> bool:
    """Whether a definition, or a line of one, says something in words rather than what a program printed."""
    return len(LETTER.findall(text)) >= LETTERS and not CONSOLE.fullmatch(text)


def begins_note(line: str) -> bool:
    """Whether a line that is indented begins a note in words, and is no code."""
    found = DEFINITION.match(line)
    return found is not None and found.lastgroup in ("bracket", "figure") and has_words(line[found.end() :].strip())


def is_set_in_code(text: str, call: Call) -> bool:
    """Whether a call stands at the end of a line that only looks like code since it is indented."""
    at_end = text[call.end : call.end + 1] in ("", "\n")
    before = text[max(0, call.start - LOOK) : call.start]
    word = SET_APART.search(before)
    return call.form == "bracket" and at_end and word is not None and word[1] not in KEYWORDS


def trimmed(text: str) -> tuple[int, int, bool]:
    """Where a definition's words begin and end in its text, and whether a sign stands there that led back to its call."""
    jumps = JUMPS.match(text)
    low = jumps.end() if jumps else len(text) - len(text.lstrip())
    tail = max(low, len(text) - LOOK)
    returns = RETURNS.search(text[tail:])
    high = tail + returns.start() if returns else len(text.rstrip())
    return low, max(low, high), bool(jumps or returns)
