"""Plain-text mail: ``>`` at any depth, attribution lines, signatures, footers of lists, patches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from rostra.i18n.attribution import ORIGINAL, VERBS
from rostra.markup.code_lines import consoles, is_code
from rostra.markup.line_ends import Wrapping
from rostra.markup.note_forms import begins_note
from rostra.markup.text import inline
from rostra.system.lazy_regex import late

QUOTED = {sign: late(rf"^[ \t]{{0,3}}(?:(?:[A-Za-z]{{0,4}}>|{sign})[ \t]?)+") for sign in (">", r"\|", ":")}
"""The start of a quoted line: ``>``, or another sign if the mail uses one consistently."""
BEGINS = {sign: late(rf"^(?:[ \t]{{0,3}}(?:>[ \t]?)*){sign}") for sign in (r"\|", ":")}
"""The start of a line with one of those other signs."""
LONGEST = 40
"""How many lines a signature has, with the dashes above it."""
FOOT = 12
"""How many lines a list's footer has, with the rule above it."""
FEWEST = 2
"""How many lines below an attribution line must begin with another sign before it counts as a quotation mark."""
EDGE, FEW = 55, 3
"""The least length of a quoted line that pushed words out of itself, and the largest number of those words."""
WROTE = late(rf"\b(?:{VERBS})\b.{{0,60}}[:：]\s*$|^-{{3,}}\s*(?:{ORIGINAL})\s*-{{3,}}$", re.IGNORECASE)
RULES = ("-", "_", "=")
FOOTER = late(r"^(?:_{20,}|-{20,}|={20,})\s*$")
LIST = late(r"mailing list|listinfo|unsubscribe|posting guide|abmelden|googlegroups|lists?\.", re.IGNORECASE)
DIFF = late(r"^(?:[+-](?![+-]{2} )|@@ |diff |index [0-9a-f]|--- |\+\+\+ )")


def to_html(body: str) -> str:
    """Return HTML with quotations, attribution lines and signatures as described in ``markup``."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").expandtabs(8).split("\n")
    lines, signature = _signature(lines)
    out = "".join(_blocks(lines))
    if signature:
        out += '<p data-kind="signature">' + "<br>".join(inline(line) for line in signature) + "</p>"
    return out


def _signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Split off the end of the lines: ``-- `` and the lines after it, or a list's footer below a rule."""
    footers: list[str] = []
    size = len(lines)
    for at in range(size - 1, -1, -1):
        line = lines[at]
        if not line.startswith(RULES):
            continue
        if line in ("-- ", "--"):
            # A reply above its quotation has its signature in the middle; quoted lines are not part of the signature.
            longest = min(size, at + LONGEST + 1)
            end = next((n for n in range(at + 1, longest) if _goes_on(lines[n])), longest)
            if end - at <= LONGEST:
                return lines[:at] + lines[end:size], [*_said(lines[at + 1 : end]), *footers]
        if FOOTER.match(line) and size - at <= FOOT and LIST.search("\n".join(lines[at + 1 : size])):
            footers = [*_said(lines[at + 1 : size]), *footers]
            size = at
    return lines[:size], footers


def _said(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def _goes_on(line: str) -> bool:
    return bool(says_who(line) or QUOTED[">"].match(line))


def _sign(lines: list[str]) -> str:
    """Return the sign that marks quoted lines in this mail besides ``>``."""
    for sign, begins in BEGINS.items():
        if len([line for line in lines if sign[-1] in line and begins.match(line)]) < FEWEST:
            continue
        for at, line in enumerate(lines):
            after = next((each for each in lines[at + 1 : at + 3] if each.strip("> \t")), "")
            if says_who(line) and begins.match(after):
                return sign
    return ">"


def _depth(line: str, sign: str) -> tuple[int, str]:
    found = QUOTED[sign].match(line) if ">" in line or sign[-1] in line else None
    if not found:
        return 0, line
    return min(found[0].count(">") + (found[0].count(sign[-1]) if sign != ">" else 0), 50), line[found.end() :]


def _blocks(lines: list[str]) -> Iterator[str]:
    sign = _sign(lines)
    shown = consoles(lines, says_who)
    marked = list(_returned([(0, line) if n in shown else _depth(line, sign) for n, line in enumerate(lines)]))
    paragraphs = list(_paragraphs(marked, shown))
    levels = {level for level, _, _ in paragraphs}
    wrapping = {
        level: Wrapping([text for at, kind, text in paragraphs if (at, kind) == (level, "paragraph")])
        for level in levels
    }
    depth = 0
    for level, kind, text in paragraphs:
        yield "<blockquote>" * (level - depth) + "</blockquote>" * (depth - level)
        depth = level
        if kind == "attribution":
            yield '<p data-kind="attribution">' + " ".join(inline(each.strip()) for each in text) + "</p>"
        elif kind == "code":
            yield _code(text)
        else:
            yield _paragraph(text, wrapping[level])
    yield "</blockquote>" * depth


def _returned(marked: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
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


def _paragraphs(marked: list[tuple[int, str]], shown: set[int]) -> Iterator[tuple[int, str, list[str]]]:
    """Yield paragraphs, code and attribution lines: their depth, kind and lines; ``shown`` are the lines of consoles."""
    for depth, kind, lines, last in _pieces(marked):
        is_code = kind == "paragraph" and (last in shown or _is_code(lines))
        yield depth, "code" if is_code else kind, lines


def _pieces(marked: list[tuple[int, str]]) -> Iterator[tuple[int, str, list[str], int]]:
    """Yield paragraphs and attribution lines: their depth, kind and lines, and the number of the last."""
    depth = 0
    paragraph: list[str] = []
    for at, (level, line) in enumerate(marked):
        # A blank line between two quoted lines keeps their depth.
        is_blank = not line or line.isspace()
        if paragraph and (is_blank or level != depth):
            yield depth, "paragraph", paragraph, at - 1
            paragraph = []
        if is_blank:
            continue
        depth = level
        if says_who(line) and len(line) < 200 and _following(marked, at) > level:
            # "On Monday, 3 May," may be on the previous line.
            named = [*paragraph[-1:], line] if paragraph and len(paragraph) <= 1 else [line]
            if above := paragraph[: len(paragraph) - len(named) + 1]:
                yield depth, "paragraph", above, at - len(named)
            yield depth, "attribution", named, at
            paragraph = []
            continue
        paragraph.append(line)
    if paragraph:
        yield depth, "paragraph", paragraph, len(marked) - 1


def says_who(line: str) -> bool:
    """Whether a line is an attribution; a quick test of its end avoids the full pattern for most lines."""
    return line.rstrip().endswith((":", "：", "-")) and WROTE.search(line) is not None


def _following(marked: list[tuple[int, str]], at: int) -> int:
    return next((level for level, text in marked[at + 1 : at + 4] if text.strip()), 0)


def _is_code(lines: list[str]) -> bool:
    """Whether a paragraph is set out, part of a patch, or of statements."""
    if len(lines) < 2:
        return False
    return (
        is_code(lines)
        or (all(line.startswith(("    ", "\t")) for line in lines) and not begins_note(lines[0]))
        or _patch(lines) >= max(2, 0.6 * len(lines))
    )


def _patch(lines: list[str]) -> int:
    return len(list(filter(DIFF.match, lines)))


def _code(lines: list[str]) -> str:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    is_patch = _patch(lines) >= 2 and not any(line.startswith(("    ", "\t")) for line in lines)
    language = ' class="language-diff"' if is_patch else ""
    return f"<pre><code{language}>{escape(chr(10).join(line[margin:].rstrip() for line in lines))}</code></pre>"


def _paragraph(lines: list[str], wrapping: Wrapping) -> str:
    groups = wrapping.joined(lines)
    return "<p>" + "<br>".join(inline(" ".join(line.strip() for line in group)) for group in groups) + "</p>"
