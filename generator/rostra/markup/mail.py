"""Plain-text mail: ``>`` at any depth, attribution lines, signatures, what programs add, patches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from rostra.markup.code_lines import consoles, is_code, prose_above
from rostra.markup.line_ends import Wrapping
from rostra.markup.mail_consoles import unprompted
from rostra.markup.mail_furniture import furniture, signature_lines, without_escapes
from rostra.markup.mail_quotes import MarkedLine, cites, quoted_lines, says_who
from rostra.markup.note_forms import begins_note
from rostra.markup.plain_tables import is_table
from rostra.markup.text import inline
from rostra.system.lazy_regex import late

HUNK = late(r"^@@ -\d+(?:,\d+)? \+\d")
"""The line of a patch that says where it applies."""
DIFF = late(r"^(?:[+-](?![+-]{2} )|@@ |diff |index [0-9a-f]|--- |\+\+\+ )")

SHOWN = 3
"""The fewest lines of code below a line of prose that ends without a sign."""
BELOW = 5
"""How many lines below an attribution, blank ones included, are examined for a quotation."""


class Paragraph(NamedTuple):
    """Lines that belong together: how deep they are quoted, what they are, and the number of the last."""

    depth: int
    kind: str
    lines: list[str]
    last: int


def to_html(body: str) -> str:
    """Return HTML with quotations, attribution lines, signatures and what programs add as described in ``markup``."""
    lines = without_escapes(body.replace("\r\n", "\n").replace("\r", "\n").expandtabs(8).split("\n"))
    ends = signature_lines(lines)
    signature = [lines[n].strip() for each in ends for n in each[1:] if lines[n].strip()]
    for each in reversed(ends):
        del lines[each.start : each.stop]
    out = "".join(_blocks(lines))
    if signature:
        out += _said("signature", signature)
    return out


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    shown = consoles(lines, says_who)
    marked, typed = unprompted(quoted_lines(lines, shown))
    paragraphs = list(_paragraphs(marked, shown, typed))
    levels = {each.depth for each in paragraphs}
    wrapping = {
        level: Wrapping(
            [each.lines for each in paragraphs if (each.depth, each.kind) == (level, "paragraph")], is_excerpt=level > 0
        )
        for level in levels
    }
    depth = 0
    for level, kind, text, _ in paragraphs:
        yield "<blockquote>" * (level - depth) + "</blockquote>" * (depth - level)
        depth = level
        if kind == "attribution":
            yield '<p data-kind="attribution">' + " ".join(inline(each.strip()) for each in text) + "</p>"
        elif kind == "code":
            yield _code(text)
        elif kind == "paragraph":
            yield _paragraph(text, wrapping[level])
        else:
            # The dashes above a signature are no part of it.
            yield _said(kind, [each.strip() for each in text[kind == "signature" :]])
    yield "</blockquote>" * depth


def _paragraphs(marked: Sequence[MarkedLine], shown: set[int], typed: set[int]) -> Iterator[Paragraph]:
    """Yield paragraphs, code, attribution lines and what programs add; ``shown`` and ``typed`` are the lines of consoles."""
    for each in _pieces(marked, {**furniture(marked), **dict.fromkeys(typed, "code")}):
        if each.kind != "paragraph":
            yield each
        elif each.last in shown:
            # A line may announce it.
            said = int(each.last - len(each.lines) + 1 not in shown)
            if said:
                yield each._replace(lines=each.lines[:said])
            yield each._replace(lines=each.lines[said:], kind="code")
        else:
            said = _announced(each.lines)
            if said:
                yield each._replace(lines=each.lines[:said])
            rest = each.lines[said:]
            yield each._replace(lines=rest, kind="code" if said or _is_code(rest) else "paragraph")


def _announced(lines: list[str]) -> int:
    """Return how many lines of prose at the beginning of a paragraph are above code; none if there is no code."""
    said = prose_above(lines)
    if not said:
        return 0
    below, end = lines[said:], lines[said - 1].rstrip()[-1:]
    # A sentence that goes on may name functions at the beginnings of two lines.
    shown = _is_code(below) if end == ":" else is_code(below) and (end in ".?!" or len(below) >= SHOWN)
    return said if shown else 0


def _pieces(marked: Sequence[MarkedLine], added: Mapping[int, str]) -> Iterator[Paragraph]:
    """Yield paragraphs, attribution lines, and the lines that were ``added`` or are of a console."""
    depth, of = 0, "paragraph"
    paragraph: list[str] = []
    for at, (level, line) in enumerate(marked):
        # A blank line between two quoted lines keeps their depth.
        is_blank, kind = not line or line.isspace(), added.get(at, "paragraph")
        if paragraph and ((is_blank and kind == "paragraph") or kind != of or level != depth):
            yield Paragraph(depth, of, paragraph, at - 1)
            paragraph = []
        if is_blank:
            continue
        depth, of = level, kind
        # "On Monday, 3 May," may be on the previous line.
        named = [*paragraph, line] if len(paragraph) == 1 else [line]
        is_said = kind == "paragraph" and says_who(line) and len(line) < 200
        if is_said and (_following(marked, at) > level or cites(named[0])):
            if above := paragraph[: len(paragraph) - len(named) + 1]:
                yield Paragraph(depth, "paragraph", above, at - len(named))
            yield Paragraph(depth, "attribution", named, at)
            paragraph = []
            continue
        paragraph.append(line)
    if paragraph:
        yield Paragraph(depth, of, paragraph, len(marked) - 1)


def _following(marked: Sequence[MarkedLine], at: int) -> int:
    return next((level for level, text in marked[at + 1 : at + 1 + BELOW] if text.strip()), 0)


def _is_code(lines: list[str]) -> bool:
    """Whether a paragraph is set out, part of a patch, or of statements."""
    if len(lines) < 2:
        return False
    return (
        (all(line.startswith(("    ", "\t")) for line in lines) and not begins_note(lines[0]))
        or is_code(lines)
        or is_table(lines)
        or _patch(lines) >= max(2, 0.6 * len(lines))
        or any(map(HUNK.match, lines))
    )


def _patch(lines: list[str]) -> int:
    """Return how many lines are of a patch; none if they only look like the items of a list."""
    found = list(filter(DIFF.match, lines))
    items = [line for line in found if line[1:2] == " "]
    return 0 if len(items) == len(found) and len({line[0] for line in found}) == 1 else len(found)


def _code(lines: list[str]) -> str:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    # The options of a compiler begin with a sign too: other lines of a patch are its context, a space before each.
    is_patch = _patch(lines) >= 2 and all(DIFF.match(line) or line.startswith((" ", "Index: ", "\\")) for line in lines)
    language = ' class="language-diff"' if is_patch else ""
    return f"<pre><code{language}>{escape(chr(10).join(line[margin:].rstrip() for line in lines))}</code></pre>"


def _said(kind: str, lines: Sequence[str]) -> str:
    return f'<p data-kind="{kind}">' + "<br>".join(map(inline, lines)) + "</p>"


def _paragraph(lines: list[str], wrapping: Wrapping) -> str:
    groups = wrapping.joined(lines)
    return "<p>" + "<br>".join(inline(" ".join(line.strip() for line in group)) for group in groups) + "</p>"
