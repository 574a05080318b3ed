"""The rooms of the package and what imports what.

    python tests/rooms.py

prints the figures of the package's structure: modules, rooms, layers, import edges, the longest module and function.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator" / "rostra"

ORDER = (
    "__init__",
    "errors",
    "system",
    "i18n",
    "model",
    "output",
    "identity",
    "config",
    "hosts",
    "markup",
    "readers",
    "threads",
    "quotations",
    "privacy",
    "editorial",
    "people",
    "search",
    "store",
    "crossrefs",
    "media",
    "render",
    "ingest",
    "build",
    "check",
    "publish",
    "serve",
    "new_site",
    "cli",
    "__main__",
)
"""The rooms and the modules outside them: each imports only from those before it."""


class Function(NamedTuple):
    """A function or method: its module's path, its name, its first line (from 1) and its length in lines."""

    path: Path
    name: str
    line: int
    lines: int


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The room that a module lives in, or its own name where it lies directly in the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def imported(path: Path) -> frozenset[str]:
    """The full names of the modules that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "rostra" or (node.module or "").startswith("rostra."):
                found |= {_module(f"{node.module}.{name.name}") for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("rostra.")}
    return frozenset(found)


def _module(name: str) -> str:
    """A name that is imported, or the module that holds it."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    return name if path.is_dir() or path.with_suffix(".py").exists() else name.rpartition(".")[0]


def rooms_of(path: Path) -> set[str]:
    """The rooms that a module imports from."""
    parts = (name.split(".") for name in imported(path))
    return {each[1] if len(each) > 1 else "__init__" for each in parts}


def back_edges() -> list[tuple[str, str]]:
    """Each import from a room that comes later: the module and that room."""
    return [
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in modules()
        for name in sorted(rooms_of(path))
        if ORDER.index(name) > ORDER.index(room(path))
    ]


def functions() -> list[Function]:
    """Every function, longest first."""
    found = [
        Function(path, node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return sorted(found, key=lambda function: -function.lines)


def layers() -> int:
    """The length of the longest chain of rooms that import one another."""
    depth: dict[str, int] = {}
    for name in ORDER:
        uses = set().union(*(rooms_of(path) for path in modules() if room(path) == name)) - {name}
        depth[name] = 1 + max((depth.get(each, 0) for each in uses), default=0)
    return max(depth.values())


def main() -> None:
    """Print the figures."""
    every = modules()
    directly = [path for path in every if path.parent == PACKAGE]
    longest = max(every, key=lambda path: len(path.read_text(encoding="utf-8").splitlines()))
    function = functions()[0]
    for name, figure in (
        ("modules", len(every)),
        ("modules directly in the package", f"{len(directly)}: {', '.join(path.stem for path in directly)}"),
        ("rooms", sum((PACKAGE / name).is_dir() for name in ORDER)),
        ("layers of rooms", layers()),
        ("import edges between modules", sum(len(imported(path)) for path in every)),
        ("import edges between rooms", len({(room(path), name) for path in every for name in rooms_of(path)})),
        ("back edges", len(back_edges())),
        ("longest module", f"{longest.relative_to(PACKAGE)} ({len(longest.read_text(encoding='utf-8').splitlines())})"),
        ("longest function", f"{function.path.relative_to(PACKAGE)}: {function.name} ({function.lines})"),
    ):
        print(f"{name:34} {figure}")


if __name__ == "__main__":
    main()
