"""What is wrong in a table is told at its very line."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from rostra.config.toml_tables import TomlFile
from rostra.errors import UsageError


class Inner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    number: int = 0


class Outer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str = ""
    when: str | None = None
    tags: tuple[str, ...] = ()
    inner: tuple[Inner, ...] = ()
    one: Inner | None = None
    own: Inner = Inner(name="x")


TEXT = '''\
# A comment, with title = "not here"
title = """
when = "a line of a text"
[[inner]]
"""

tags = [
  "one",
  # "two" is not yet
  "three", "four",
]
"when" = '2024-03-01'

[[inner]]
name = "a"
[[inner]]
# number = 1
number = 2
name = "b"
inner.x = 1
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 2),
        (("when",), 12),
        (("tags",), 7),
        (("tags", 0), 8),
        (("tags", 1), 10),
        (("tags", 2), 10),
        (("tags", 3), 7),
        (("inner",), 14),
        (("inner", 0), 14),
        (("inner", 0, "name"), 15),
        (("inner", 1), 16),
        (("inner", 1, "number"), 18),
        (("inner", 1, "name"), 19),
        (("inner", 1, "inner", "x"), 20),
        (("inner", 1, "absent"), 16),
        (("inner", 7, "name"), 14),
        (("absent",), 1),
        ((), 1),
    ],
)
def test_the_line_of_a_setting_is_found(place: tuple[str | int, ...], line: int) -> None:
    assert TomlFile("x.toml", TEXT).line(*place) == line


@pytest.mark.parametrize("text", ["", "# nothing", "not toml", "a = 1\nb = [\n"])
def test_a_text_without_the_setting_has_it_on_line_1(text: str) -> None:
    assert TomlFile("x.toml", text).line("z") == 1


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from(["", '"""\na = 1\n[[x]]\n"""', "[\n[1],\n[2]\n]", "{ b = 1 }"]),
)
def test_every_setting_is_found_among_others(before: int, after: int, value: str) -> None:
    lines = [f"k{n} = {n}" for n in range(before)] + [f"here = {value or 1}"] + [f"z{n} = {n}" for n in range(after)]
    assert TomlFile("x", "\n".join(lines)).line("here") == before + 1


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("title = 1", 1, "title: Expected `str`, got `int`", "README"),
        ("titel = 1", 1, "there is no setting 'titel'", "did you mean 'title'?"),
        ("\n[[inner]]\nname = 'a'\n\n[[inner]]\nnmae = 'a'", 6, "there is no setting 'nmae'", "did you mean 'name'?"),
        ("[own]\nname = 'a'\n\nnmae = 'a'", 4, "there is no setting 'nmae'", "did you mean 'name'?"),
        ("title = ''\nown = { name = 'a', nmae = 1 }", 2, "there is no setting 'nmae'", "did you mean 'name'?"),
        ("[one]\nnumber = 1\nname = 'a'\nzz = 1", 4, "there is no setting 'zz'", "one of: name, number"),
        ("own = 1", 1, "own: Expected `object`, got `int`", "README"),
        ("[[inner]]\nname = 'a'\n[[inner]]\nname = 'b'\nnumber = 'x'", 5, "number: Expected `int`, got `str`", "README"),
        ("[[inner]]\nname = 'a'\n[[inner]]\nnumber = 1", 3, "inner: Object missing required field `name`", "README"),
        ("tags = ['a',\n 2]", 2, "tags: Expected `str`, got `int`", "README"),
        ("title = 'x'\nwhen = \"a\\u007fb\"", 2, "when contains the control character U+007F", "remove it"),
        ('title = "a\\u0000"', 1, "title contains the control character U+0000", "remove it"),
        ('tags = ["a",\n"\\u0085"]', 2, "tags contains the control character U+0085", "remove it"),
        ("title = = 1", 1, "not TOML: Invalid value", "toml.io"),
        ("title = 'a'\n\ntags = [\n\n", 3, "not TOML: Invalid value (at end of document)", "toml.io"),
        ("title = " + "9" * 5000, 1, "not TOML: Exceeds the limit", "toml.io"),
        ("title = " + "[" * 9000, 1, "not TOML: it is nested too deep", "lists of tables"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_a_hint(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        TomlFile("x.toml", text).table(Outer)
    assert (raised.value.path, raised.value.line) == ("x.toml", line)
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_text_may_have_lines_and_tabs_and_a_date_is_text() -> None:
    table = TomlFile("x.toml", 'title = "a\\tb\\n"\nwhen = 2024-03-01').table(Outer)
    assert table == Outer(title="a\tb\n", when="2024-03-01")
    for written, read in (
        ("2024-03-01T09:00:00", "2024-03-01T09:00:00"),
        ("2024-03-01T09:00:00Z", "2024-03-01T09:00:00+00:00"),
    ):
        assert TomlFile("x", f"when = {written}").table(Outer).when == read


def test_any_text_is_a_table_or_an_error_of_ours() -> None:
    for text in ("\ufeffx", "[[[", "a.b.c = 1\na.b = 2", "inner = [1]", "inner = [[]]", "inner = {}"):
        with pytest.raises(UsageError):
            TomlFile("x", text).table(Outer)
    assert msgspec.to_builtins(TomlFile("x", "").table(Outer))["title"] == ""
