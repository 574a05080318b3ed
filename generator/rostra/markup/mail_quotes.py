"""Which lines of a plain-text mail are quoted, how deep, and which lines say by whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rostra.i18n.attribution import ORIGINAL, VERBS
from rostra.markup.code_lines import WORDS
from rostra.system.lazy_regex import late

MarkedLine = tuple[int, str]
"""How deep a line is quoted, and its text without the signs of that."""
QUOTED = {sign: late(rf"^[ \t]{{0,3}}(?:(?:[A-Za-z]{{0,4}}>|{sign})[ \t]?)+") for sign in (">", r"\|", ":")}
"""The start of a quoted line: ``>``, or another sign if the mail uses one consistently."""
BAR = r"\|"
BEGINS = {sign: late(rf"^(?:[ \t]{{0,3}}(?:>[ \t]?)*){sign}") for sign in (BAR, ":")}
"""The start of a line with one of those other signs."""
NAMED = late(r"^((?:[ \t]{0,3}>)*+)[ \t]{0,8}([A-Za-z]{2,12})>[ \t]?")
"""The start of a line that is quoted with the name of its author ("Ada> The gate")."""
APART = late(r"^((?:[ \t]?>)*+)[ \t]{2,8}(>+)[ \t]?")
"""The start of a line with signs that spaces set apart from others, or from the margin."""
WITHIN = late(r"^(?:[ \t]{0,3}>)+[ \t]{0,3}\|[^|]*$")
"""A quoted line that begins with ``|`` and is no row of a table."""
CITES = ">>>>>"
CITED = late(rf"^((?:[ \t]{{0,3}}>)*?[ \t]?){CITES}[ \t]?\"[^\"\n]{{1,60}}\" ==")
"""The attribution of Emacs' Supercite ("> " before it is that of a reply), whose five signs quote nothing."""
CITED_LINES = 3
"""The most lines of such an attribution; the last ends with a colon."""
RUN = 3
"""How many lines of a quotation, one below the other, begin with ``|`` where it is a quotation mark."""
FEWEST = 2
"""How many lines have a name, or begin with ``:`` below an attribution line, before it counts as a quotation mark."""
EDGE, FEW = 55, 3
"""The least length of a quoted line that pushed words out of itself, and the largest number of those words."""
DEEPEST = 50
WROTE = late(rf"\b(?:{VERBS})\b.{{0,60}}[:：]\s*$|^-{{3,}}\s*(?:{ORIGINAL})\s*-{{3,}}$", re.IGNORECASE)

ADDRESSED = late(r"<[^<>\s]{1,80}(?:@| at )[^<>\s]{1,80}>(?: ?\[[\d :]{4,20}\])?:$")
"""The end of an attribution in any language: an address, after which some programs write the time."""


def says_who(line: str) -> bool:
    """Whether a line is an attribution; a quick test of its end avoids the full pattern for most lines."""
    line = line.rstrip()
    return line.endswith((":", "：", "-")) and (
        WROTE.search(line) is not None or (line.endswith((">:", "]:")) and ADDRESSED.search(line) is not None)
    )


def cites(line: str) -> bool:
    """Whether a line, without its signs, begins an attribution of Supercite, whatever is below it."""
    return '" ==' in line and CITED.match(f"{CITES}{line}") is not None


def is_quoted(line: str) -> bool:
    """Whether a line begins with ``>``."""
    return QUOTED[">"].match(line) is not None


def quoted_lines(lines: Sequence[str], shown: set[int]) -> list[MarkedLine]:
    """Return the lines with their depths; those of a console, ``shown``, are nobody's quotation."""
    plain = _with_plain_signs(list(_without_cited_signs(lines)))
    sign = _sign(plain)
    return list(_returned([(0, lines[n]) if n in shown else _depth(line, sign) for n, line in enumerate(plain)]))


def _without_cited_signs(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines without the signs before the attributions of Supercite."""
    sign, left = "", 0
    for line in lines:
        if found := CITED.match(line) if '" ==' in line else None:
            sign, left = found[1], CITED_LINES
        if left and line.startswith(f"{sign}{CITES}"):
            left = 0 if line.rstrip().endswith(":") else left - 1
            yield f"{sign}{line[len(sign) + len(CITES) :].lstrip()}"
        else:
            left = 0
            yield line


def _with_plain_signs(lines: Sequence[str]) -> list[str]:
    """Return the lines with ``>`` in place of a name and ``>``, and with signs that are set apart beside the others."""
    found = [NAMED.match(line) if ">" in line else None for line in lines]
    names = Counter(each[2] for each in found if each)
    by_name = any(count >= FEWEST for count in names.values())
    out = [
        f"{each[1]}> {line[each.end() :]}" if each and names[each[2]] >= FEWEST else line
        for line, each in zip(lines, found, strict=True)
    ]
    apart = [APART.match(line) if ">" in line else None for line in out]
    for is_apart, run in groupby(range(len(out)), lambda n: apart[n] is not None):
        numbers = list(run) if is_apart else []
        # A console may be set in, with one ``>`` as its prompt and no sentences behind it.
        says = 2 * sum(WORDS.search(out[n]) is not None for n in numbers) >= len(numbers)
        for n in numbers:
            if (each := apart[n]) and (each[1] or by_name) and (says or len(each[2]) > 1):
                out[n] = f"{each[1]}{each[2]} {out[n][each.end() :]}"
    return out


def _sign(lines: Sequence[str]) -> str:
    """Return the sign that marks quoted lines in this mail besides ``>``."""
    within = [WITHIN.match(line) is not None for line in lines]
    if any(all(within[at : at + RUN]) for at in range(len(lines) - RUN + 1) if within[at]):
        return BAR
    for sign, begins in BEGINS.items():
        fewest = 1 if sign == BAR else FEWEST
        if len([line for line in lines if sign[-1] in line and begins.match(line) and not _is_row(line)]) < fewest:
            continue
        for at, line in enumerate(lines):
            after = next((each for each in lines[at + 1 : at + 3] if each.strip("> \t")), "")
            if says_who(line) and begins.match(after) and not _is_row(after):
                return sign
    return ">"


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.rstrip().endswith("|") and line.count("|") > FEWEST


def _depth(line: str, sign: str) -> MarkedLine:
    found = QUOTED[sign].match(line) if ">" in line or sign[-1] in line else None
    if not found:
        return 0, line
    depth = found[0].count(">") + (found[0].count(sign[-1]) if sign != ">" else 0)
    return min(depth, DEEPEST), line[found.end() :]


def _returned(marked: Sequence[MarkedLine]) -> Iterator[MarkedLine]:
    """Yield the lines with their depths; words that wrapping pushed out of a quoted line return to it."""
    around = zip([(0, ""), *marked], marked, [*marked[1:], (0, "")], strict=False)
    for before, (level, line), after in around:
        pushed = (
            before[0] == after[0] > level
            and len(before[1].rstrip()) >= EDGE
            and 0 < len(line.split()) <= FEW
            and line[:1].islower()
            and line.rstrip()[-1:] not in ".!?:"
            and after[1].strip() != ""
        )
        yield (before[0] if pushed else level), line
