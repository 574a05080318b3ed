"""The forms of typed footnotes: how a line with a definition begins, and what calls a note in a sentence.

Nothing is decided here: a line that looks like a definition may be console output, and what looks like a call an
index.  All offsets are code points of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from msgspec import Struct

from rostra.system.lazy_regex import late

CallForm = Literal["bracket", "figure", "caret", "sign", "paren", "half", "dot", "colon", "item"]
"""``[1]``, ``[^1]`` or ``[Weir 1990]``, ``¹`` (or raised by a tag), ``^1``, ``*``, ``(1)``, ``1)``, ``1.``, ``1:``, an item of a numbered list."""

FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
DIGITS = str.maketrans(FIGURES, "0123456789")
SIGN = r"(?:\*{1,3}|†{1,3}|‡{1,3}|§{1,3})"
# [x] is a ticked checkbox.
LABEL = rf"(?:[0-9]{{1,3}}|[A-WYZa-wyz]|{SIGN})"
GROUP = rf"\[\^?{LABEL}(?:[ ]?[,;–-][ ]?{LABEL})*+\]"
NAME = r"[^\W\d_][\w.+'’-]{1,29}"
WORD = rf"{NAME}(?:[ ]et[ ]al\.?|[ ](?:&|and|und|et|y|e|en)[ ]{NAME})?(?:,?[ ][12][0-9]{{3}}[a-z]?)?"
"""A label that is made of words: ``Smith05``, ``RFC2822``, ``Weir et al. 1990``."""
ROMAN = late(r"x{0,2}(?:ix|iv|v?i{0,3})")
"""A label that is a Roman number of at most 29, as people number notes: ``[ii]``, ``[xiv]``."""
WORDS = rf"\[\^?{WORD}(?:[ ]?[,;][ ]?{WORD})*\]"
ADDRESSED = r"\[[0-9]{1,3}\]:?[ ]?<?(?:https?|ftp)://\S"
ONE_LINE = late(rf"^[ \t]*+{ADDRESSED}\S*+(?:[ ]+{ADDRESSED}\S*+)+", re.MULTILINE)
"""Several notes on one line, each an address."""
ANOTHER = late(rf"[ ](?={ADDRESSED})")
DEFINITION = late(
    rf"""[ \t]*+(?:
      \[\^?(?P<bracket>{LABEL})\](?: [ ]?:(?!:)[ ]?(?![^\W\d_]\w*=) | [ ]+[-–—][ ]+ | [ ]+ | \Z | (?=[^\W\d_]) )
    | \[\^?(?P<word>{WORD})\](?: [ ]?:(?!:)[ ]?(?![^\W\d_]\w*=) | [ ]+[-–—][ ]+ | [ ]+ )(?=\S)
    | \^?(?P<figure>[{FIGURES}]{{1,3}}|(?<=\^)[0-9]{{1,3}})[ ]?[:.)]?[ ]?(?=\S)
    | \((?P<paren>[0-9]{{1,3}}|[a-z])\)[ ]?:?[ ](?=\S)
    | (?P<half>[0-9]{{1,3}})\)[ ](?=\S)
    | (?P<dot>[0-9]{{1,3}})\.[ ](?=\S)
    | (?P<colon>[0-9]{{1,3}}):[ ](?=\S)
    | (?:\((?={SIGN}\)))?(?P<sign>{SIGN})(?![*†‡§])\)?[ ]?(?=[^\s*])
    )[ ]*""",
    re.VERBOSE,
)
AFTER_LABEL = late(r"[ ]?[:.)]?[ ]*")
"""What may be between a label raised by a tag and the words."""
CALL = late(
    rf"""
      (?P<bracket>(?<!\[)\^?(?:{GROUP}(?:[ ]?[–-][ ]?\[{LABEL}\])?+|{WORDS})(?![\](]))
    | (?P<figure>(?:(?<=\S)|(?<=\S[ ]))[{FIGURES}]{{1,3}}+)
    | (?P<caret>(?<=[\w.,;:!?)\]"”’»…])\^[0-9]{{1,3}}+(?![\w^]))
    | (?P<paren>(?:(?<![\w(])|\^)\((?:[0-9]{{1,3}}|[a-z])\))
    | (?P<half>(?<=[^\W\d_]|\])[0-9]{{1,2}}\)|(?<=[\w.,;:!?\])][ ])[0-9]{{1,2}}\))
    | (?P<opens>(?<![\w*])\*{{1,3}}(?=[^\s*]))
    | (?P<sign>(?<=[\w.,;:!?)\]"”’»…]){SIGN}(?![\w*†‡§])|(?<![\w(])\({SIGN}\))
    """,
    re.VERBOSE,
)
MAY_CALL = late(rf"[\[(*^†‡§{FIGURES}]|[0-9]{{1,2}}\)")
"""How every typed call begins: a search for it is much faster than one for the whole."""
RAISED = late(rf"\[?(?P<labels>{LABEL}(?:[ ]?[,;–-][ ]?{LABEL})*+)\]?|\((?P<one>{LABEL})\)")
"""The raised text that calls notes."""
PART = late(rf"{LABEL}|[–-]")
BETWEEN = late(r"[ ]?[,;][ ]?(?=[^\W\d_])")
"""What separates the labels of words in one call."""
CLOSES = late(r"[ ]?(?:[.,;:!?)\]\"”’»…]|\n|\Z)")
"""What follows a call that ends a part of a sentence; the number of a list item is followed by words."""
WIDEST = 20
"""How many notes a range such as ``[1]-[3]`` may call."""
UNIT = 2
"""How many letters a unit of measure or a variable has: ``km²`` and ``n^2`` call no note."""

IDENTIFIER = late(r"[\w$@]+\Z")
NAMES = {
    "arg", "args", "argv", "arr", "array", "bar", "buf", "df", "dict", "elem", "foo", "idx", "list", "lst", "mat", "params", "ptr",
    "str", "tmp", "tuple", "vec", "vector", "cron", "gmake", "kernel", "make", "sshd", "systemd",
}  # fmt: skip
"""Names that programmers index, and that logs number, which are seldom the last word before a note."""
SET_APART = late(r"([^\W_]{2,}|[).!?\"”’])[ ]+\Z")
KEYWORDS = {"return", "in", "yield", "print", "echo", "cat", "not", "and", "or", "is"}
PROMPT = late(r"\b(?:In|Out) ?\Z")
BROKEN = late(r"(?:^|\n)[ \t\xa0]*[?\ufffd][ \t\xa0?\ufffd]*\Z")
"""What is left of the spaces before a line that a program printed, if their encoding was lost."""
OPERATOR = late(r"[ ]?(?:<-|[-+*/%&|^]?=|\+\+|--)|>|\.[^\W\d_]|\.\d")
ASSIGNED = late(r"\w\([^()\s]*\)\Z")
EDITORIAL = {
    "addendum", "crop", "cropped", "cut", "delete", "deleted", "edit", "edited", "fixed", "nsfw", "offtopic", "omitted", "patch",
    "quote", "redacted", "removed", "rfc", "sic", "snip", "snipped", "snippet", "spoiler", "trimmed", "unquote", "update", "updated",
}  # fmt: skip
"""What people write in brackets about a text itself; it labels nothing."""
ELSEWHERE = late(
    r"[ ]+(?:(?:of|from|in)[ ]+(?:my|your|his|her|their|our|the)[ ]+(?:(?:own|last|first|second|previous|earlier|other|original|above)[ ]+)*"
    r"(?:e-?mail|mail|post|message|comment|reply|answer|letter)s?"
    r"|(?:aus|von|in)[ ]+(?:mein|dein|sein|ihr|unser|eur|d)\w*[ ]+(?:\w+[ ]+)?(?:E-?Mail|Mail|Beitrag|Post|Nachricht|Kommentar|Antwort|Brief))\b",
    re.IGNORECASE,
)
LOOK = 40
"""How many code points before and after a call are examined."""

LETTERS = 2
"""The least number of letters of a note: text with fewer is program output."""
LONGEST = 2000
"""The most code points of a note; longer text is the post itself."""
LETTER = late(r"[^\W\d_]")
CONSOLE = late(
    r"""(?: "[^"\s]*+" | (?:"[^"]*+"\s++)++"[^"]*+" | (?:(?:TRUE|FALSE|NA|NULL|NaN|-?Inf|-?\d[\w.+:-]*+)(?:\s++|\Z))++
      | (?:character|numeric|integer|logical)\(0\) | [+-]?[ \t]*(?:\d+[ \t]+)?(?:running|done|suspended|stopped|exit|terminated|killed)\b.*
      | .*\bLevels:\s.* )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What R and shells print after a number in brackets: strings, values, factors, jobs."""
RETURN = r"\[?(?:[↩↵⏎⤴⤶⬏↑⮐⮌🔙]|\^(?!\w))[\ufe0e\ufe0f]?\]?\d{0,2}"
RETURNS = late(rf"(?<!\s)(?:\s*{RETURN})++\s*\Z")
"""The end of copied notes that had a link back to their call."""
JUMPS = late(r"(?:[\^↑](?:\s+[a-z](?=\s))*|(?:jump\s+(?:up|back)|back\s+up)\b\s*\^?)\s*", re.IGNORECASE)
"""Their start, if the link came first."""
MANY = 100
ONLY_LINK = late(r"<?(?:https?|ftp)://\S+\Z", re.IGNORECASE)
BEGINS_NOTE = late(r"<?(?:https?|ftp)://|[\"\d+-]", re.IGNORECASE)
"""What seldom continues a sentence after a call: an address, or program output."""
HEADING = late(
    r"\W*(?:references?|refs?|(?:foot|end)?notes?|links?|sources?|citations?|bibliography|anmerkung(?:en)?|fu(?:ß|ss)noten?|quellen?|verweise"
    r"|literatur|références|notes? de bas de page|notas?|fuentes|enlaces|riferimenti|bronnen|przypisy|źródła|примечания|сноски|ссылки)\W*",
    re.IGNORECASE,
)
RULE = late(r"[-_=*~–—]{3,}\s*")


class Call(Struct, frozen=True):
    """What calls notes in ``text[start:end]``; ``closes`` if it ends a part of a sentence.

    ``doubt`` says why it may not be a call.
    """

    start: int
    end: int
    form: CallForm
    labels: tuple[str, ...]
    closes: bool = True
    doubt: str | None = None


def calls_in(text: str) -> Iterator[Call]:
    """Yield everything that looks like a call, in order."""
    opened = -1
    for found in _candidates(text):
        form, (start, end) = found.lastgroup, found.span()
        if form == "opens":
            opened = start
            continue
        if form == "sign":
            emphasised = opened >= 0 and found[0][0] == "*" and text.find("\n", opened, start) < 0
            opened = -1
            if emphasised:
                continue
            if found[0][0] != "(" and text.startswith(")", end) and not _is_open(text, start):
                end += 1  # ``*)``
        closes = CLOSES.match(text, end) is not None
        yield Call(start, end, cast("CallForm", form), labels_of(found[0]), closes, doubt(text, start, end, form))


def _is_open(text: str, at: int) -> bool:
    """Whether a parenthesis just before an offset is not closed."""
    before = text[max(0, at - LOOK) : at]
    return before.rfind("(") > before.rfind(")")


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of ``CALL``, in order."""
    end = 0
    for begun in MAY_CALL.finditer(text):
        if begun.start() >= end and (found := CALL.match(text, begun.start())):
            end = found.end()
            yield found


def labels_of(said: str) -> tuple[str, ...]:
    """Return the labels in a call, with ranges expanded; empty if it cannot be a range."""
    said = said.replace("^", "")
    if is_word(said[1:3]):
        return tuple(BETWEEN.split(said[1:-1]))
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


def is_word(label: str) -> bool:
    """Whether a label is made of words rather than a number, a letter or a sign."""
    return len(label) > 1 and label[0].isalpha() and label[1] not in "],;–- "


def begins_definition(text: str, start: int, end: int) -> tuple[CallForm, str, int] | None:
    """Return the form and label of the definition that the line ``text[start:end]`` begins, and where its words begin.

    A label of words must have a caret, or a figure, as a year or the number of a standard, or be a Roman number, or
    its note begins with an address; and a sentence that begins with a call goes on in lower case.
    """
    found = DEFINITION.match(text, start, end)
    if not found or not found.lastgroup:
        return None
    label, low = found[found.lastgroup].translate(DIGITS), found.end()
    if found.lastgroup != "word":
        return cast("CallForm", found.lastgroup), label, low
    if label.casefold() in EDITORIAL:
        return None
    sentence = text[low].islower() and ":" not in text[found.end("word") : low]
    figured = (any(map(str.isdigit, label)) or ROMAN.fullmatch(label) is not None) and not sentence
    marked = text[found.start("word") - 1] == "^"
    return ("bracket", label, low) if figured or marked or ONLY_LINK.match(text[low:end].strip()) else None


def doubt(text: str, start: int, end: int, form: str | None) -> str | None:
    """Return why what looks like a call may not be one, or None."""
    before = text[max(0, start - LOOK) : start]
    after = text[end : end + 2 * LOOK]
    raised = text[start] == "^"
    if form == "figure" or raised:
        before = before.rstrip(" ")
        word = IDENTIFIER.search(before)
        power = raised or text[start:end].translate(DIGITS) in ("2", "3")
        units = word is not None and power and (len(word[0]) <= UNIT or (raised and word[0].isupper()))
        bracketed = raised and before[-1:] in (")", "]", "}")
        return "it is an exponent" if units or bracketed or before[-1:].isdigit() else None
    if ELSEWHERE.match(after):
        return "it speaks of another post"
    if form == "bracket":
        if after.startswith(":") and PROMPT.search(before):
            return "it is a prompt"
        if BROKEN.search(before):
            return "it begins a line of program output"
        word = IDENTIFIER.search(before)
        name = word[0] if word else ""
        if len(name) == 1 or name in NAMES or "_" in name or "$" in name or ASSIGNED.search(before):
            return "it is an index"
        if name and OPERATOR.match(after):
            return "it is an index"
        if text[start + 1].isalpha() and not is_word(text[start + 1 : start + 3]) and after[:1].isalpha():
            return "it is a letter inserted by the quoting author"
    return None


def starts_within(text: str) -> Iterator[int]:
    """Yield the spaces before notes that follow others on one line, each an address."""
    for line in ONE_LINE.finditer(text):
        yield from (found.start() for found in ANOTHER.finditer(text, *line.span()))


def has_prose(text: str) -> bool:
    """Whether a definition, or a line of one, has words, unlike program output."""
    return len(LETTER.findall(text)) >= LETTERS and not CONSOLE.fullmatch(text)


def begins_note(line: str) -> bool:
    """Whether an indented line begins a note with words, and is not code."""
    found = begins_definition(line, 0, len(line))
    return found is not None and found[0] in ("bracket", "figure") and has_prose(line[found[2] :].strip())


def is_set_in_code(text: str, call: Call) -> bool:
    """Whether a call ends a line that only looks like code because it is indented."""
    at_end = text[call.end : call.end + 1] in ("", "\n")
    before = text[max(0, call.start - LOOK) : call.start]
    word = SET_APART.search(before)
    return call.form == "bracket" and at_end and word is not None and word[1] not in KEYWORDS


def definition_span(text: str) -> tuple[int, int, bool]:
    """Return the span of a definition's words in its text, and whether it has a sign that linked back to its call."""
    jumps = JUMPS.match(text)
    low = jumps.end() if jumps else len(text) - len(text.lstrip())
    tail = max(low, len(text) - LOOK)
    returns = RETURNS.search(text[tail:])
    high = tail + returns.start() if returns else len(text.rstrip())
    return low, max(low, high), bool(jumps or returns)
