"""JSON of strangers: as a library reads it, and beyond."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.errors import UnreadableDump
from rostra.model import Problem
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import objects_of
from rostra.readers.dumps.json_files import json_lines, load
from rostra.readers.dumps.json_values import (
    DIGITS,
    HEAVY,
    LIGHT,
    Mended,
    TooManyValuesError,
    _deep,
    closed,
    value_of,
    value_of_text,
)

Values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(Values)
def test_what_the_library_reads_every_way_reads_alike(value: Any) -> None:
    text = json.dumps(value)
    assert value_of(text.encode(), Mended(), 1) == value
    assert value_of_text(text, Mended()) == value
    assert _deep(text, json.JSONDecoder()) == value


@given(st.text(alphabet='[]{}",:1 a\\tnrue-.', max_size=12))
def test_what_the_library_refuses_the_reading_without_recursion_refuses(text: str) -> None:
    def read(way: Any) -> Any:
        try:
            return way(text)
        except ValueError:
            return ValueError

    assert read(lambda text: _deep(text, json.JSONDecoder())) == read(json.JSONDecoder().decode)


@given(Values, st.integers(0, 60))
def test_the_beginning_of_json_is_closed_to_json(value: Any, at: int) -> None:
    whole = closed(json.dumps([value, value])[: at + 1])
    assert whole is None or json.loads(whole) is not None


@pytest.mark.parametrize(
    ("data", "value", "said"),
    [
        (b'"\\ud83d"', "\ufffd", "a lone surrogate"),
        (b'"\\ud83d\\ude00"', "😀", None),
        (b'{"a\\ud83d": 1}', {"a\ufffd": 1}, "a lone surrogate"),
        (b'"\xff"', "ÿ", "Windows-1252"),
        (b"[1e999, NaN, -Infinity]", [None, None, None], "not a number"),
        (b'"a\nb"', "a\nb", None),
        (b"9" * DIGITS, int("9" * DIGITS), None),
        (b"[NaN," + b"9" * DIGITS + b"]", [None, int("9" * DIGITS)], "not a number"),
        (b"[NaN," + b"9" * (DIGITS + 1) + b"]", [None, "9" * (DIGITS + 1)], "digits"),
        (b"9" * 5_000, "9" * 5_000, "digits"),
    ],
)
def test_what_programs_write_in_place_of_json_is_read_and_said(data: bytes, value: Any, said: str | None) -> None:
    mended = Mended()
    assert value_of(data, mended, 1) == value
    assert (said or "") in " ".join(problem.message for problem in mended.problems())
    assert bool(list(mended.problems())) == bool(said)


def test_depth_is_no_reason_to_refuse() -> None:
    value = value_of(b'{"a":[' * 20_000 + b"]}" * 20_000, Mended(), 1)
    assert list(value) == ["a"]


def test_values_that_would_take_far_more_memory_than_their_size_are_refused() -> None:
    data = b"[" + b"[]," * LIGHT + b"[]]"
    weight = len(data) + 72 * (LIGHT + 2) + 36 * LIGHT
    # White space until it is just as much as a limit allows.
    data += b" " * (-weight % HEAVY)
    most = -(-weight // HEAVY)
    assert len(value_of(data, Mended(), most)) == LIGHT + 1
    with pytest.raises(TooManyValuesError):
        value_of(data + b" ", Mended(), most)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_file_says_how_it_is_encoded(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "x.json").write_bytes('{"a": "é😀"}'.encode(encoding))
    assert load(Dump(tmp_path / "x.json")) == ({"a": "é😀"}, [])


def test_a_cut_file_gives_what_is_whole_and_one_of_which_nothing_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": [{"b": 1}, {"c": "')
    value, problems = load(Dump(tmp_path / "x.json"))
    assert value == {"a": [{"b": 1}]}
    assert [problem.code for problem in problems] == ["truncated"]
    (tmp_path / "x.json").write_text('{"a": "')
    with pytest.raises(UnreadableDump):
        load(Dump(tmp_path / "x.json"))


def test_what_was_replaced_in_lines_is_said_once_with_the_first_of_them(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('1\n"\\ud83d"\n[\n"\\ud83d"\n')
    *found, last = json_lines(Dump(tmp_path / "x.jsonl"))
    assert [each if isinstance(each, tuple) else each.code for each in found] == [
        (1, 1),
        (2, "\ufffd"),
        "bad-line",
        (4, "\ufffd"),
    ]
    assert isinstance(last, Problem)
    assert (last.line, "2 times" in last.message) == (2, True)


@pytest.mark.parametrize(("others", "message"), [(0, None), (1, "a value is not an object"), (2_000, "2,000 values")])
def test_values_that_are_no_objects_are_one_problem(others: int, message: str | None) -> None:
    problems: list[Problem] = []
    assert len(list(objects_of([*[1] * others, {"a": 1}, None], problems))) == 1
    assert [problem.message.startswith(message or "") for problem in problems] == [True] * (message is not None)
