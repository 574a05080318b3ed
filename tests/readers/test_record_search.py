"""Which objects of JSON are records, and which of their texts are compared with a post."""

from __future__ import annotations

from typing import Any

import pytest

from rostra.readers.records import record_search
from rostra.readers.records.record_search import RecordSearch, holds_text

TIME, WORDS = "2024-03-04T09:00:00Z", "nobody opened it"


def found(value: Any, *hidden: str) -> list[tuple[str, list[tuple[str, str]], bool]]:
    """The place of each record of a value, its texts, and whether it is optional."""
    records = RecordSearch(dict.fromkeys(hidden, "")).records(value)
    return [(each.place, each.leaves, each.optional) for each in records]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"author": "ada", "created": 7}, [("", [], False)]),
        ({"author": "ada", "created": 7, "pid": "a bc def"}, [("", [], False)]),
        ({"author": "ada"}, []),
        ({"created": 7}, []),
        ({"id": 7, "body": "ab"}, [("", [], False)]),
        ({"created": 7, "body": "ab"}, [("", [], False)]),
        ({"body": "ab"}, []),
        ({"id": 7, "body": " "}, []),
        ({"id": 7, "body": ""}, []),
        ({"id": 7, "body": 7}, []),
        ({"id": 7, "created": 7}, []),
        ({"id": 7, "created": 7, "name": "ada of w"}, [("", [("name", "ada of w")], True)]),
        ({"name": "ada of w"}, [("", [("name", "ada of w")], True)]),
        ({"name": "ada weir"}, []),
        ({"name": "ada\nweir"}, [("", [("name", "ada\nweir")], True)]),
        ({"name": "ada_weiß"}, [("", [("name", "ada_weiß")], True)]),
        ({"name": "ada weir", "about": "ada of w"}, [("", [("name", "ada weir"), ("about", "ada of w")], True)]),
    ],
)
def test_what_an_object_says_of_itself_makes_it_a_record(value: Any, expected: Any) -> None:
    assert found(value) == expected


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("note", "a bc def", True),
        ("note", "a bc de", False),
        ("note", "abcdefgh", False),
        ("note", "abcd\nefg", True),
        ("note", "abcdefgü", True),
        ("author_id", "a bc def", False),
        ("made_url", "a bc def", False),
        ("made_at", "a bc def", False),
        ("made_utc", "a bc def", False),
        ("hidden", "a bc def", False),
    ],
)
def test_texts_of_eight_letters_that_may_be_words_are_compared(name: str, text: str, *, kept: bool) -> None:
    leaves = [(name, text)] if kept else []
    record = {"author": "ada", "created": 7}
    assert found([record | {name: text}], "hidden") == [("", leaves, False)]
    line = RecordSearch({"hidden": ""}).flat({name: text})
    assert line is not None
    assert line.leaves == leaves or name.startswith(("author", "made"))


def test_an_object_with_others_in_it_is_no_line() -> None:
    assert RecordSearch({}).flat({"a": [WORDS]}) is None
    assert RecordSearch({}).flat({"a": {}}) is None
    assert RecordSearch({}).flat({"a": None}) is not None


def test_texts_of_nested_objects_are_those_of_the_record_around_them() -> None:
    record = {"author": "ada", "created": 7, "parts": [{"said": WORDS}, "eight chars", "7 chars"]}
    assert found(record) == [("", [("parts", "eight chars"), ("said", WORDS)], False)]
    dated = {"id": 7, "created": 7, "parts": {"said": WORDS}}
    assert found(dated) == [("", [("said", WORDS)], True)]
    assert found({"parts": {"said": WORDS}}) == [("parts", [("said", WORDS)], True)]


def test_a_record_in_another_knows_it() -> None:
    inner = {"id": 8, "body": WORDS}
    outer, nested = RecordSearch({}).records({"id": 7, "body": WORDS, "replies": [inner]})
    assert (nested.value, nested.above, nested.place) == (inner, outer, "replies")


@pytest.mark.parametrize(
    ("post", "is_one"),
    [
        ({"author": "ada", "created": 7, "body": WORDS}, True),
        ({"author": "ada", "created": 7, "body": "two words"}, False),
        ({"author": "ada", "created": 7, "body": 7}, False),
        ({"author": "ada", "created": 7, "said": WORDS}, False),
        ({"id": 7, "body": WORDS}, False),
    ],
)
def test_in_a_field_that_is_not_shown_only_a_certain_post_is_a_record(post: Any, *, is_one: bool) -> None:
    for held, place in (([[post]], "hidden"), ({"deep": [post]}, "deep"), (post, "hidden")):
        assert found({"hidden": held}, "hidden") == ([(place, [], False)] if is_one else [])
    assert found({"hidden": WORDS, "also": None}, "hidden", "also") == []


def test_shapes_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_search, "SHAPES", 2)
    search = RecordSearch({})
    for names, kept in (("a", 1), ("b", 2), ("a", 2), ("c", 1)):
        search.records({names: 7})
        assert len(search._shapes) == kept


def test_an_object_holds_a_text_only_in_fields_for_texts() -> None:
    assert holds_text({"body": "a"})
    assert not holds_text({"body": " ", "text": 7, "said": WORDS})
    assert RecordSearch({}).looks_like_a_post({"id": 7, "body": "a"})
    assert RecordSearch({}).looks_like_a_post({"author": "ada", "created": 7})
    assert not RecordSearch({}).looks_like_a_post({"id": 7, "created": 7})
