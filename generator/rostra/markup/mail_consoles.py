"""Find consoles below an attribution or within a quotation, whose prompts look like deeper quotations.

A mail program that quotes a console puts its sign before all lines of it; so a statement, or a name alone, that is one sign
deeper than the output directly below it was typed at a prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rostra.markup.code_lines import OUTPUT, WORDS, is_statement
from rostra.markup.mail_quotes import MarkedLine, says_who
from rostra.markup.plain_tables import is_row_of_figures
from rostra.system.lazy_regex import late

NAME = late(r"[\w.$]++(?<!\.)(?:\[[^\[\]\n]{0,80}+\]){0,3}+ *+(?:#.*)?$")
"""A name, or elements of it, which a console prints if nothing else is typed; a comment may follow it.  A sentence ends in a dot."""


def unprompted(marked: Sequence[MarkedLine]) -> tuple[list[MarkedLine], set[int]]:
    """Return the lines with the prompts of such consoles as text, and the indexes of the lines of the consoles."""
    lines, found = list(marked), set[int]()
    for run in _consoles(marked):
        outer = marked[run[0]][0] - 1
        found.update(run)
        for n in run:
            level, text = marked[n]
            lines[n] = (outer, f"> {text}" if level > outer else text)
    return lines, found


def _consoles(marked: Sequence[MarkedLine]) -> Iterator[range]:
    """Yield the lines of each console: statements, and what was printed below them.

    Other lines as deep as the statements, directly above or below, are a quotation, and so are the statements.
    """
    at, above = 0, 0
    while at < len(marked):
        depth, text = marked[at]
        end = at + 1
        if above < depth and _is_typed(text):
            while end < len(marked) and _is_shown(marked[end], depth):
                end += 1
            below = marked[end][0] if end < len(marked) and marked[end][1].strip() else 0
            shown = [*marked[at:end], (depth, "")]
            printed = (
                a[0] == depth > b[0] and _is_output(b, c) for a, b, c in zip(shown, shown[1:], shown[2:], strict=False)
            )
            if below < depth and any(printed):
                yield range(at, end)
        depth, text = marked[end - 1]
        above = depth if text.strip() else 0
        at = end


def _is_shown(line: MarkedLine, depth: int) -> bool:
    """Whether a console may have a line whose statements are so deep."""
    level, text = line
    return bool(text.strip()) and ((level == depth and _is_typed(text)) or (level == depth - 1 and _may_print(text)))


def _is_output(line: MarkedLine, next: MarkedLine) -> bool:
    """Whether a line is surely printed by a console, or has the names of the figures below it."""
    return _prints(line[1]) or (next[0] == line[0] and is_row_of_figures(next[1]))


def _is_typed(text: str) -> bool:
    return is_statement(text) or NAME.match(text.strip()) is not None


def _prints(text: str) -> bool:
    """Whether a line is surely printed by a console."""
    return OUTPUT.match(text) is not None or is_row_of_figures(text)


def _may_print(text: str) -> bool:
    return _prints(text) or (WORDS.search(text) is None and not says_who(text))
