"""Imports run one way: a room imports only from the rooms before it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import rooms

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
REWRITTEN = {"build"}
"""Rooms whose functions are not measured, since a design that replaces them is under way."""
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


def test_a_class_has_a_name_of_its_own() -> None:
    assert {name: paths for name, paths in defined(ast.ClassDef).items() if len(paths) > 1} == {}


def test_a_public_function_has_a_name_of_its_own() -> None:
    functions = defined((ast.FunctionDef, ast.AsyncFunctionDef))
    assert {name: paths for name, paths in functions.items() if len(paths) > 1} == {}


def test_no_function_is_long_without_a_reason() -> None:
    def gives_a_reason(function: rooms.Function) -> bool:
        lines = function.path.read_text(encoding="utf-8").splitlines()
        begin = function.line - 1
        return any("# Long: " in line for line in lines[max(0, begin - 1) : begin + function.lines])

    long = [
        each for each in rooms.functions() if each.lines > LONGEST_FUNCTION and rooms.room(each.path) not in REWRITTEN
    ]
    assert [f"{named(each.path)}: {each.name} ({each.lines})" for each in long if not gives_a_reason(each)] == []


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
