"""Recognise tables in plain text: rows of figures, and lines whose columns spaces align."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rostra.markup.code_lines import WORDS
from rostra.system.lazy_regex import late

FIGURE = late(r"(?<!\S)[-+(\[]{0,2}\d[\d.,:e+-]*[%)\],]{0,3}(?!\S)")
TELEPHONE = late(r"(?<!\S)\(?\+[1-9]\d{0,2}\)?(?:[ -]\(?\d{1,5}\)?){2,}+(?!\S)")
"""A telephone number: the sign and the code of a country, and groups of digits."""
LABEL = late(r"\s*[^\W\d_]+[.]?: ")
"""The beginning of a line such as ``Tel: 12 34 56``, which is no row."""
FIGURES = 3
"""The fewest figures in a row of a table; they are at least half of its words."""
GAP = late(r"(?<=[^\s.!?:;,]) {2,}(?=\S)")
"""The space between two columns; a sentence may end with two spaces."""
NARROW, WIDE = 2, 3
"""The least width, in spaces, of a gap in a line without a sentence, and with one: justified text has narrower ones."""
ROWS = 2
"""The fewest rows of a table."""
ALIGNED = 0.6
"""The least share of the lines that have a cell with the same beginning, or the same end, as others."""


def is_row_of_figures(line: str) -> bool:
    """Whether a line has several figures, and they are at least half of its words.

    The groups of a telephone number are no figures, and neither are those before a comma, as in verse that counts.
    """
    if LABEL.match(line):
        return False
    line = TELEPHONE.sub("", line) if "+" in line else line
    figures = [each for each in FIGURE.findall(line) if each[-1] != "," or each[0] in "[("]
    return len(figures) >= max(FIGURES, len(line.split()) / 2)


def is_table(lines: Sequence[str]) -> bool:
    """Whether a paragraph is a table: most of its lines are rows of figures, or have cells that are aligned.

    Cells are aligned at their first column (text) or their last one (figures).
    """
    fewest = max(ROWS, ALIGNED * len(lines))
    if len(lines) < ROWS:
        return False
    if _are_rows_of_figures(lines, fewest):
        return True
    if sum("  " in line for line in lines) < fewest:
        return False
    edges = Counter[tuple[bool, int]]()
    for line in lines:
        edges.update(_edges(line))
    return bool(edges) and max(edges.values()) >= fewest


def _are_rows_of_figures(lines: Sequence[str], fewest: float) -> bool:
    """Whether enough lines are rows of figures; the check ends once too many are not."""
    others = 0
    for line in lines:
        others += not is_row_of_figures(line)
        if len(lines) - others < fewest:
            return False
    return True


def _edges(line: str) -> set[tuple[bool, int]]:
    """Return where the cells of a line begin (False) and, unless it holds a sentence, end (True); not the first cell."""
    is_said = WORDS.search(line) is not None
    gaps = [gap for gap in GAP.finditer(line) if gap.end() - gap.start() >= (WIDE if is_said else NARROW)]
    if is_said or not gaps:
        return {(False, gap.end()) for gap in gaps}
    return {(False, gap.end()) for gap in gaps} | {
        (True, end) for end in (len(line.rstrip()), *(gap.start() for gap in gaps[1:]))
    }
