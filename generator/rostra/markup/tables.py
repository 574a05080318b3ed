"""Tables with rows of equal width whose cells end within the table, as HTML requires ("forming a table")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from rostra.system.lazy_regex import late

Token = tuple[str, str, str, str]
"""A slash if it is an end tag, the tag's name and attributes, or text."""
WIDEST = 1000
"""The most columns of a cell that HTML counts."""
SPREAD = 100
"""How many times as many slots (rows times columns) as cells a table may have: beyond that, all spans are removed."""
SPAN = late(r' (col|row)span="(\d+)"')
GROUPS = {"thead", "tbody", "tfoot"}


class TableRow(Struct):
    """A row: for each cell its index among the tokens, its columns and rows; the index of the row's end; its group."""

    group: int
    cells: list[tuple[int, int, int]] = []
    end: int = 0


def squared(tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens with rows filled up by an empty cell; if cells reach beyond their table, all spans are removed.

    A row that lacks more than ``WIDEST`` columns stays shorter, so that no row adds more than one cell.
    """
    out = list[Token]()
    fill: dict[int, int] = {}
    opened: list[list[TableRow]] = []
    groups = 0
    for slash, name, attributes, text in tokens:
        at = len(out)
        out.append((slash, name, attributes, text))
        if name == "table" and not slash:
            opened.append([])
        elif name in GROUPS:
            groups += 1
        elif name == "tr" and not slash:
            opened[-1].append(TableRow(groups))
        elif name == "tr":
            opened[-1][-1].end = at
        elif name in ("td", "th") and not slash:
            spans = {key: int(value) for key, value in SPAN.findall(attributes)}
            opened[-1][-1].cells.append((at, spans.get("col", 1), spans.get("row", 1)))
        elif name == "table":
            rows = opened.pop()
            widths = _widths(rows)
            if not widths:
                for place, *_ in (cell for row in rows for cell in row.cells):
                    out[place] = ("", out[place][1], SPAN.sub("", out[place][2]), "")
                widths = [len(row.cells) for row in rows]
            widest = max(widths, default=0)
            fill |= {row.end: widest - width for row, width in zip(rows, widths, strict=True) if width < widest}
    return [each for n, token in enumerate(out) for each in (*_empty(fill.get(n, 0)), token)] if fill else out


def _empty(columns: int) -> Iterator[Token]:
    if columns:
        yield "", "td", f' colspan="{min(columns, WIDEST)}"' if columns > 1 else "", ""
        yield "/", "td", "", ""


def _widths(rows: Sequence[TableRow]) -> list[int]:
    """Return the columns of each row; empty if a cell leaves its group, overlaps another, or is alone in its columns."""
    cells = [cell for row in rows for cell in row.cells]
    if sum(wide * high for _, wide, high in cells) > SPREAD * len(cells):
        return []
    widths = list[int]()
    begun = set[int]()
    reaching: dict[int, int] = {}  # by column, how many rows a cell from above still covers
    for n, row in enumerate(rows):
        if n and row.group != rows[n - 1].group and reaching:
            return []
        taken, below, column = set(reaching), dict[int, int](), 0
        for _, wide, high in row.cells:
            while column in taken:
                column += 1
            columns = range(column, column + wide)
            if not taken.isdisjoint(columns):
                return []
            begun.add(column)
            taken.update(columns)
            below |= dict.fromkeys(columns, high - 1) if high > 1 else {}
        widths.append(len(taken))
        if taken != set(range(len(taken))):
            return []
        reaching = {column: left - 1 for column, left in reaching.items() if left > 1} | below
    return [] if reaching or len(begun) < max(widths, default=0) else widths
