"""Several JSON values in one file, as programs write them that put pages of answers one after another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.config.cards import Card
from rostra.config.site import Limits
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.model import Problem
from rostra.readers import Dump
from rostra.readers.dumps.json_series import in_lines, series

VALUES = st.one_of(
    st.lists(st.one_of(st.integers(0, 9), st.text('ab"\\[]{} \n', max_size=6)), max_size=3),
    st.dictionaries(st.text('ab"]}', max_size=3), st.lists(st.text('x"]', max_size=3), max_size=2), max_size=3),
)


def read(folder: Path, text: str, limits: Limits | None = None) -> tuple[list[Any], list[Problem]]:
    path = folder / "dump.json"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    dump = Dump(path, "dump.json", limits) if limits else Dump(path, "dump.json")
    return [value for _, value in series(dump, problems)], problems


@given(
    st.lists(VALUES, min_size=1, max_size=4),
    st.sampled_from(["", "\n", "\r\n", " ", "\x1e", "\n\x1e\n", ","]),
    st.booleans(),
)
def test_values_in_a_row_are_those_that_were_written(tmp_path_factory: pytest.TempPathFactory, values: list[Any], between: str, pretty: bool) -> None:  # fmt: skip
    text = between.join(json.dumps(value, indent=1 if pretty else None) for value in values)
    assert read(tmp_path_factory.mktemp("series"), text) == (values, [])


def test_of_the_last_value_as_much_as_is_whole_is_read(tmp_path: Path) -> None:
    values, problems = read(tmp_path, '[{"a": 1}]\n[{"b": 2},\n{"c": "')
    assert values == [[{"a": 1}], [{"b": 2}]]
    assert [(problem.code, problem.line) for problem in problems] == [("truncated", 3)]


@pytest.mark.parametrize("text", ["[1] x [2]", '[1] "text" [2]', "[1] 2", "[1]]", '{"a": 1} {"b": }', "[1", "[1}[2]"])
def test_what_is_no_row_of_values_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableDump) as caught:
        read(tmp_path, text)
    assert "not JSON" in str(caught.value)


def test_a_file_that_holds_too_many_values_is_not_taken_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="too many values"):
        read(tmp_path, "[" + "{}," * 700_000 + "{}]" + "[1]", Limits(json=16))


def test_each_line_is_a_value_where_the_first_two_are(tmp_path: Path) -> None:
    values, problems = read(tmp_path, '{"a": 1}\n{"b": 2}\nno JSON\n{"c": 3}\n')
    assert values == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert [(problem.code, problem.line) for problem in problems] == [("bad-line", 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"a": 1}\n{"b": 2}', True), ("[1]\n[2]", True), ('\ufeff\n {"a": 1} \n\n {"b"', True), ('{"a": 1}', False), ("[1,\n[2]", False), ('{"a": 1}\n[2]', False),
        ("[1]\n[2,\n3]", False), ("[\n[1]", False), ("", False)],
)  # fmt: skip
def test_lines_are_told_by_the_first_two(tmp_path: Path, text: str, expected: bool) -> None:
    path = tmp_path / "dump.json"
    path.write_text(text, encoding="utf-8")
    assert in_lines(Dump(path)) is expected


def test_a_line_has_its_number(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text("[1]\n\n[2]\n")
    assert list(series(Dump(path), [])) == [(1, [1]), (3, [2])]


@pytest.mark.parametrize("line", ["null", "true", "-7", "0.5", '"a text of \\" words"', '""'])
@pytest.mark.parametrize("end", ["", "\n", " \r\n{}"])
def test_a_second_line_of_another_kind_makes_a_file_of_lines(line: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    for first in ('{"a": 1}', "[1, 2]"):
        path.write_text(f"{first}\n{line}{end}", encoding="utf-8")
        assert in_lines(Dump(path))
        path.write_text(f"{first}\n{line}x{end}", encoding="utf-8")
        assert not in_lines(Dump(path))


@pytest.mark.parametrize(("format", "id"), [("hackernews", "time"), ("reddit", "created_utc")])
def test_lines_without_a_post_are_skipped_wherever_they_are(format: str, id: str, tmp_path: Path) -> None:
    rows = [{"id": n, "by": "ada", "author": "ada", id: 1709542800 + n, "title": f"Gate {n}", "selftext": "", "type": "story"} for n in (1, 2)]  # fmt: skip
    for place in (1, 2):
        lines = [json.dumps(each) for each in rows]
        lines.insert(place, "null")
        (tmp_path / "dump.json").write_text("\n".join(lines), encoding="utf-8")
        threads = list(read_threads(Dump(tmp_path / "dump.json"), Card(format=format)))
        assert [thread.posts[0].raw.title for thread in threads] == ["Gate 1", "Gate 2"]
