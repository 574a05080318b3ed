"""Imports run one way: a room imports only from the rooms before it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import rooms
from support.tables_of_modules import connections, tables

LONGEST = 300
"""Lines past which a module is two."""
LONGEST_FUNCTION = 60
"""Lines past which a function does more than one thing; a longer one says why in a comment that begins `# Long:`."""
PLUG_INS = {
    "readers": {"recognise", "read", "layout"},  # each format has them: ``readers.Reader``
    "markup": {"to_html"},  # each dialect
    "render": {"thread_files", "archive_units", "gone_files"},  # each kind of page
    "cli": {"command"},  # each command
}
"""The functions that every module of a kind has, by their room."""
ENTRY_POINTS = {"main"}
"""What starts a process."""
IN_THE_PACKAGE = 6
"""Modules that may lie outside a room."""


def named(path: Path) -> str:
    return path.relative_to(rooms.PACKAGE).as_posix()


def test_every_room_has_a_place_in_the_order() -> None:
    assert {rooms.room(path) for path in rooms.modules()} == set(rooms.ORDER)


def test_a_room_imports_only_from_rooms_before_it() -> None:
    assert rooms.back_edges() == []


def test_few_modules_lie_outside_a_room() -> None:
    assert len([path for path in rooms.modules() if path.parent == rooms.PACKAGE]) <= IN_THE_PACKAGE


@pytest.mark.parametrize("room", [name for name in rooms.ORDER if (rooms.PACKAGE / name).is_dir()])
def test_a_room_says_what_lives_there_and_what_may_not(room: str) -> None:
    text = (rooms.PACKAGE / room / "__init__.py").read_text(encoding="utf-8")
    assert len((ast.get_docstring(ast.parse(text)) or "").split(".")) > 2


@pytest.mark.parametrize("path", rooms.modules(), ids=named)
def test_a_module_is_small_enough_to_hold_in_the_mind(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def defined(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> dict[str, list[str]]:
    """The public functions or the classes at the top of modules, outside of what plug-ins are asked for, by name."""
    found: dict[str, list[str]] = {}
    for path in rooms.modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            own = PLUG_INS.get(rooms.room(path), set()) | ENTRY_POINTS
            if isinstance(node, kind) and not node.name.startswith("_") and node.name not in own:
                found.setdefault(node.name, []).append(named(path))
    return found


def types(source: str) -> dict[str, str]:
    """The classes, type variables and aliases at the top of a module by name, without `_`: an alias by its value."""
    found: dict[str, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            found[node.name.lstrip("_")] = f"line {node.lineno}"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id.lstrip("_")
            if name[:1].isupper() and not name.isupper():
                value = ast.unparse(node.value)
                found[name] = f"line {node.lineno}" if value.startswith(("TypeVar(", "ParamSpec(")) else value
    return found


def test_a_type_has_a_name_of_its_own() -> None:
    """Private ones too; two modules may give the same alias one name."""
    found: dict[str, dict[str, str]] = {}
    for path in rooms.modules():
        for name, meaning in types(path.read_text(encoding="utf-8")).items():
            # The place of a class or type variable is no meaning that another module can share.
            found.setdefault(name, {})[f"{named(path)} {meaning}" if meaning.startswith("line ") else meaning] = named(
                path
            )
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_types_are_found() -> None:
    source = "class _Row: ...\nName = TypeVar('Name')\nSaid = tuple[str, str]\nLIMIT = 3\nlower = 4\n_x = Row()\n"
    assert types(source) == {"Row": "line 1", "Name": "line 2", "Said": "tuple[str, str]"}


def test_a_public_function_has_a_name_of_its_own() -> None:
    functions = defined((ast.FunctionDef, ast.AsyncFunctionDef))
    assert {name: paths for name, paths in functions.items() if len(paths) > 1} == {}


def test_no_function_is_long_without_a_reason() -> None:
    def gives_a_reason(function: rooms.Function) -> bool:
        lines = function.path.read_text(encoding="utf-8").splitlines()
        begin = function.line - 1
        return any("# Long: " in line for line in lines[max(0, begin - 1) : begin + function.lines])

    long = [each for each in rooms.functions() if each.lines > LONGEST_FUNCTION]
    assert [f"{named(each.path)}: {each.name} ({each.lines})" for each in long if not gives_a_reason(each)] == []


@pytest.mark.parametrize("path", rooms.modules(), ids=named)
def test_a_module_runs_queries_only_on_tables_that_it_declares(path: Path) -> None:
    of = tables(path.read_text(encoding="utf-8"))
    assert of.named - of.declared == set()


@pytest.mark.parametrize(
    ("query", "declared", "foreign"),
    [
        ('"CREATE TABLE a (b)"; "SELECT * FROM a"', {"a"}, set()),
        ('"SELECT x FROM a JOIN b USING (x)"', set(), {"a", "b"}),
        ('"INSERT OR REPLACE INTO a SELECT * FROM c"', set(), {"a", "c"}),
        ('"UPDATE OR IGNORE a SET b = 1"; "DELETE FROM b"', set(), {"a", "b"}),
        ('"INSERT INTO a VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1"', set(), {"a"}),
        ('"CREATE TEMP TABLE a (b)"; "DROP TABLE a"; "DROP TABLE b"', {"a"}, {"b"}),
        ('"CREATE INDEX i ON a (b)"', set(), {"a"}),
        ('for table in ("a", "b"): f"DELETE FROM {table} WHERE c"', set(), {"a", "b"}),
        ('f"DELETE FROM {table} WHERE c"', set(), {"{table}"}),
        ('f"SELECT {x} FROM a WHERE {y}"', set(), {"a"}),
        ('"He took it from the mill"', set(), set()),
    ],
)
def test_the_tables_of_a_module_are_found(query: str, declared: set[str], foreign: set[str]) -> None:
    of = tables(query)
    assert (of.declared, of.named - of.declared) == (declared, foreign)


@pytest.mark.parametrize("path", rooms.modules(), ids=named)
def test_no_connection_is_public(path: Path) -> None:
    assert connections(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("store.base.execute(1)", {"base"}),
        ("class A:\n  def f(self): self.base.execute(1)", {"base"}),
        ("class _A:\n  def f(self): self.base.execute(1)", set()),
        ("class _A:\n  def f(self, it): it.base.execute(1)", {"base"}),
        ("self._base.execute(1)", set()),
        ("base.execute(1)", set()),
        ("class A:\n  def __init__(self, base: sqlite3.Connection): self.base = base", {"base"}),
        ("class A:\n  def __init__(self, b: sqlite3.Connection | None, c): self.c, self.it = c, b", {"it"}),
        ("class A:\n  def __init__(self, base: sqlite3.Connection): self._base = base", set()),
    ],
)
def test_a_public_connection_is_found(source: str, found: set[str]) -> None:
    assert connections(source) == found


def test_a_table_has_one_owner() -> None:
    """Tables of the same database: a shard of the search index and the memory of `check` are others."""
    owners: dict[str, set[str]] = {}
    for path in rooms.modules():
        if rooms.room(path) not in {"search", "check"}:
            for table in tables(path.read_text(encoding="utf-8")).declared:
                owners.setdefault(table, set()).add(named(path))
    assert {table: paths for table, paths in owners.items() if len(paths) > 1} == {}


def test_no_helper_of_tests_has_the_name_of_a_module() -> None:
    tests = rooms.ROOT / "tests"
    helpers = [*(tests / "support").glob("*.py"), *tests.glob("*.py"), *(tests / "benchmarks").glob("*.py")]
    assert {path.stem for path in helpers} & {path.stem for path in rooms.modules()} <= {"__init__"}


def test_helpers_of_tests_have_a_room() -> None:
    beside = {path for path in (rooms.ROOT / "tests").glob("*.py") if not path.stem.startswith(("test_", "conftest"))}
    assert {path.name for path in beside if "__main__" not in path.read_text(encoding="utf-8")} == set()


def test_only_the_command_line_prints() -> None:
    printing = [
        path
        for path in rooms.modules()
        if re.search(r"(?m)^\s*(print|click\.echo)\(", path.read_text(encoding="utf-8"))
    ]
    assert {rooms.room(path) for path in printing} <= {"cli"}


def test_nothing_is_called_utils() -> None:
    assert not [path for path in rooms.modules() if re.search(r"util|helper|common|misc", path.stem)]


def test_the_architecture_names_every_room() -> None:
    text = (rooms.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert not [name for name in rooms.ORDER if not name.startswith("__") and f"`{name}" not in text]
