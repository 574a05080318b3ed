"""Words that pages write beside posts are data, by language; times that they write in other words than the CLDR are found."""

from __future__ import annotations

import pytest

from rostra.readers.copied.page.page_thread import TWO_NAMES
from rostra.readers.copied.page_words import any_of, as_pages_write, page_words, words_for
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.copied.times.time_spans import LANGUAGES, times


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in times(text)]


def test_each_language_is_one_whose_times_are_read() -> None:
    assert set(page_words()) <= set(LANGUAGES)
    assert len([words for words in page_words().values() if words.edited]) >= 30


def test_words_of_all_languages_count_and_the_longest_first() -> None:
    assert {"edited", "bearbeitet", "已编辑"} <= words_for("edited")
    pattern = any_of("answers")
    assert pattern.index(r"\bответил\b") > pattern.index(r"\bответил\s+на\b")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Message édité le 5 mars", "édité"),
        ("unedited", None),
        ("3時間前編集済み", "編集済み"),
        ("(Bewerkt)", "Bewerkt"),
    ],
)
def test_a_word_counts_whole_where_a_script_has_spaces(text: str, word: str | None) -> None:
    match = EDITED.search(text)
    assert (match and match[0]) == word


@pytest.mark.parametrize(
    "text",
    ["Ada > Bede", "Ada replied to Bede", "Ада ответила на Bede", "Ada@Bede", "小明回复Bede", "Ada antwortet Bede"],
)
def test_a_word_or_a_mark_divides_an_author_from_the_answered_person(text: str) -> None:
    assert TWO_NAMES.split(text)[-1] == "Bede"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 weeks", ["3 weeks"]),
        ("2 semanas  Editado", ["2 semanas"]),  # the page's word behind it
        ("3 weeks of rain", []),  # a person's
        ("about 3 weeks", []),
        ("godzinę temu", ["godzinę temu"]),  # without the number one
        ("rok temu", ["rok temu"]),
        ("T-T", []),
        ("Jan 3 hours ago", ["3 hours ago"]),  # Jan wrote
        ("Lis 12 days ago", ["12 days ago"]),
        ("Jan 3, 2024", ["Jan 3, 2024"]),
    ],
)
def test_pages_write_times_in_other_words(text: str, said: list[str]) -> None:
    assert found(text) == said


def test_phrases_have_other_forms() -> None:
    assert list(as_pages_write("en", ["{0} hours ago"]))[4:] == [
        "a few hours ago", "a couple of hours ago", *["{0} hours ago"] * 4,
    ]  # fmt: skip
    assert "منذ {0} ساعة" in as_pages_write("ar", ["قبل {0} ساعة"])
