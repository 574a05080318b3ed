"""Which tables of databases a module declares and names, as its source says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

DECLARED = re.compile(r"\bCREATE (?:TEMP )?(?:VIRTUAL )?(?:TABLE|VIEW) (?:IF NOT EXISTS )?(?:\w+\.)?(\w+)")
NAMED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE(?: OR \w+)?|(?<!CREATE )TABLE|INDEX \w+ ON) (?:\w+\.)?(\w+|\{\w*\})")
SQL = re.compile(r"\b(?:SELECT|INSERT|REPLACE INTO|UPDATE|DELETE FROM|CREATE|DROP)\b")
NO_TABLES = {"SET", "json_each"}
"""Words in the place of a table: of `DO UPDATE SET`, and a function of SQLite."""
RUNS = {"execute", "executemany", "executescript"}


class Tables(NamedTuple):
    """The tables that a module declares, and those that its queries name."""

    declared: frozenset[str]
    named: frozenset[str]


def tables(source: str) -> Tables:
    """Return the tables of a module; a placeholder that no loop over constant names fills is itself a name."""
    tree = ast.parse(source)
    texts = [text for text in _texts(tree) if SQL.search(text)]
    loops = _loops(tree)
    named = {name for text in texts for found in NAMED.findall(text) for name in loops.get(found, {found})}
    return Tables(frozenset(name for text in texts for name in DECLARED.findall(text)), frozenset(named - NO_TABLES))


def _texts(tree: ast.AST) -> Iterator[str]:
    """Yield all texts, with `{name}` for what is filled in; of an f-string, not its parts."""
    parts = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts.update(map(id, node.values))
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{_name(part)}}}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def _name(part: ast.expr) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    return value.id if isinstance(value, ast.Name) else ""


def _loops(tree: ast.AST) -> dict[str, set[str]]:
    """Return the names that placeholders stand for: those of loops over constants, and defaults of parameters."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple):
            found.setdefault(f"{{{node.target.id}}}", set()).update(map(_constant, node.iter.elts))
        elif isinstance(node, ast.FunctionDef):
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
                if argument.arg == "table" and default is not None:
                    found.setdefault("{table}", set()).add(_constant(default))
        elif isinstance(node, ast.keyword) and node.arg == "table":
            found.setdefault("{table}", set()).add(_constant(node.value))
    return found


def _constant(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "{}"


def connections(source: str) -> set[str]:
    """Return the public attributes on which a module runs SQL, or that it sets to a connection, outside private classes."""
    tree, found = ast.parse(source), set[str]()
    private = {id(inner) for node in ast.walk(tree) if _is_private(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and "self." in ast.unparse(node)
        if isinstance(node, ast.Attribute) and node.attr in RUNS and not (own and id(node) in private):
            found.update([node.value.attr] if isinstance(node.value, ast.Attribute) else [])
        elif isinstance(node, ast.FunctionDef) and id(node) not in private:
            found |= _kept(node)
    return {name for name in found if not name.startswith("_")}


def _is_private(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and node.name.startswith("_")


def _kept(method: ast.FunctionDef) -> set[str]:
    """Return the attributes that a method sets to a parameter that is a connection."""
    arguments = [each for each in method.args.args if each.annotation is not None]
    given = {each.arg for each in arguments if "Connection" in ast.unparse(each.annotation or each)}
    found = set[str]()
    for node in (node for node in ast.walk(method) if isinstance(node, ast.Assign)):
        targets, values = (
            each.elts if isinstance(each, ast.Tuple) else [each] for each in (node.targets[0], node.value)
        )
        for left, right in zip(targets, values, strict=False):
            if isinstance(left, ast.Attribute) and isinstance(right, ast.Name) and right.id in given:
                found.add(left.attr)
    return found
