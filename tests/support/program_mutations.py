"""Small changes of a program, one at a time: what `mutants.py` tries."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
"""Each comparison at its boundary, and its opposite."""
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
KEPT = {"strict", "frozen", "kw_only"}
"""Arguments that only say what must hold: a mutant without them is the same program, or one that may do more."""
SQL = re.compile(r"\b(?:SELECT|UPDATE|DELETE|INSERT)\b")
CLAUSES = [(r" AND ", " OR "), (r" OR (?!IGNORE|REPLACE)", " AND "), (r"\bNOT ", ""), (r" ORDER BY [^)]*?(?= LIMIT|\)|$)", ""), (r"<>", "="), (r"(?<![<>]) = ", " <> "), (r" LIMIT \d+", "")]  # fmt: skip
"""What is changed of a query, once at each place."""


class Mutant(NamedTuple):
    """A changed program: on which line (from 1) of which function, that line before and after, and its code.

    Where what is changed spans lines, they are one here.
    """

    line: int
    where: str
    was: str
    now: str
    code: CodeType

    @property
    def known(self) -> tuple[str, str, str]:
        """What tells it from the other mutants, and does not change with its line's number."""
        return self.where, self.was, self.now


def mutants(source: str, path: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(source)
    for node, field, at, new, where in list(_changes(tree, "")):
        held = getattr(node, field)
        old = held if at is None else held[at]
        _put(node, field, at, new)
        try:
            code = compile(ast.fix_missing_locations(tree), path, "exec")
            yield Mutant(old.lineno, where, *_said(source, old, new), code)
        finally:
            # A list is put back whole: what was taken out of it has no place in it.
            setattr(node, field, held) if at is None or new is None else _put(node, field, at, old)


def keys(source: str) -> Iterator[tuple[str, str, str]]:
    """What tells each mutant of a module from the others (``Mutant.known``), without its code."""
    for node, field, at, new, where in _changes(ast.parse(source), ""):
        held = getattr(node, field)
        yield where, *_said(source, held if at is None else held[at], new)


def statement(source: str, line: int) -> range:
    """The lines of the smallest statement that holds a line: what is measured of it may be its first."""
    around = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    first, last = min(around, key=lambda each: each[1] - each[0], default=(line, line))
    return range(first, last + 1)


def _put(node: ast.AST, field: str, at: int | None, new: ast.AST | None) -> None:
    """Put something in a place of a tree; None takes it out of its list."""
    if at is None:
        setattr(node, field, new)
    elif new is None:
        held = getattr(node, field)
        setattr(node, field, held[:at] + held[at + 1 :])
    else:
        getattr(node, field)[at] = new


def _said(source: str, old: ast.AST, new: ast.AST | None) -> tuple[str, str]:
    """The lines of a node as they stand, and with another one there; what is taken out is a condition, which then holds."""
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and isinstance(old.value, str):
        # A query may be long, and stand in pieces.
        was, now = (" ".join(str(each.value).split()) for each in (old, new))
        same = next(n for n in range(len(was) + 1) if was[: n + 1] != now[: n + 1])
        return was[max(0, same - 60) : same + 60].strip(), now[max(0, same - 60) : same + 60].strip()
    lines = source.encode().split(b"\n")[old.lineno - 1 : old.end_lineno]
    before, after = lines[0][: old.col_offset].decode(), lines[-1][old.end_col_offset :].decode()
    was, now = b"\n".join(lines).decode(), f"{before}{ast.unparse(new) if new else True}{after}"
    return " ".join(was.split()), " ".join(now.split())


def _changes(node: ast.AST, where: str) -> Iterator[tuple[ast.AST, str, int | None, ast.AST | None, str]]:
    """Of a tree: in which field of which node, at which place of a list, what may stand instead, and in which function."""
    if isinstance(node, ast.keyword) and node.arg in KEPT:
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}".strip(".")
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            if field == "test" and isinstance(node, ast.If | ast.While | ast.IfExp):
                yield from (
                    (node, field, at, ast.copy_location(ast.Constant(each), child), where) for each in (True, False)
                )
            if field == "ifs":
                yield node, field, at, None, where
            yield from ((node, field, at, new, where) for new in _instead(child))
            yield from _changes(child, where)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    for new in _others(node):
        # Part of a node may stand in its place, and keeps its own place where it stands.
        yield ast.copy_location(copy.copy(new), node)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for n, operator in enumerate(node.ops):
                for other in COMPARED[type(operator)]:
                    yield ast.Compare(node.left, [*node.ops[:n], other(), *node.ops[n + 1 :]], node.comparators)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            for n in range(len(values)):
                rest = values[:n] + values[n + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.BinOp(left, operator, right) if type(operator) in COMPUTED:
            yield ast.BinOp(left, COMPUTED[type(operator)](), right)
        case ast.Constant(bool() as truth):
            yield ast.Constant(not truth)
        case ast.Constant(int() | float() as number):
            step = 1 if isinstance(number, int) else 0.01
            yield from (ast.Constant(number + step), ast.Constant(number - step))
        case ast.Constant(str() as text) if SQL.search(text):
            for clause, other in CLAUSES:
                for found in re.finditer(clause, text):
                    yield ast.Constant(text[: found.start()] + other + text[found.end() :])
        case ast.Call(function, arguments, keywords):
            for n, keyword in enumerate(keywords):
                if keyword.arg not in KEPT:
                    yield ast.Call(function, arguments, keywords[:n] + keywords[n + 1 :])
            if isinstance(function, ast.Name) and function.id in CALLED:
                yield ast.Call(
                    ast.copy_location(ast.Name(CALLED[function.id], ast.Load()), function), arguments, keywords
                )
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.Expr() | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets) if not all(isinstance(each, ast.Name) for each in targets):
            yield ast.Pass()
