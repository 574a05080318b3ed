"""Of several layouts that a text may have, the one with the better evidence is used; without evidence, nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.doubts import layout_doubts
from rostra.readers.copied.doubts.name_doubts import doubts_of
from rostra.readers.copied.layout import Template, template
from rostra.readers.copied.learning.beside_names import answered_gaps
from rostra.readers.copied.learning.profile_lines import are_descriptions
from rostra.readers.copied.records import PostRecord
from support.copied_threads import NAMES, read

SAID = "The wheel was set too high last spring, and it squeaks."


def authors(page: list[str], tmp_path: Path) -> list[str | None]:
    dump = tmp_path / "dump.txt"
    dump.write_text("\n".join(page) + "\n", encoding="utf-8")
    return [each.author.name if each.author else None for each in read(dump).posts if each.kind == "post"]


def test_letters_in_place_of_pictures_are_nobody() -> None:
    assert list(doubts_of(["A", "BM", "C"])) == ["the names are letters, as pages have in place of pictures"]
    assert not list(doubts_of(["A", "BM", "Cyd"]))
    assert not list(doubts_of(["阿达", "小明"]))


def titled(*pairs: tuple[str, str]) -> list[PostRecord]:
    own: Template = template("{title}\n{author}\n{time}\n{body}")
    return [
        PostRecord(template=own, first=n, column=0, held={"title": title, "author": author}, body=(n, n + 1))
        for n, (title, author) in enumerate(pairs)
    ]


@pytest.mark.parametrize(
    ("pairs", "recur"),
    [
        ([("Ada Weir", "Fits well"), ("Ada Weir", "Broken"), ("Cy Ash", "Good")], True),
        ([("Fits well", "Ada Weir"), ("Broken", "Ada Weir"), ("Good", "Cy Ash")], False),
        ([("The gate", "Ada Weir"), ("The gate", "Bede Ash"), ("The gate", "Cy Ash")], False),  # the thread's title
        ([("It fits, mostly.", "Ada Weir"), ("It fits, mostly.", "Bede"), ("No, it does not.", "Cy")], False),
    ],
)
def test_titles_that_recur_more_than_names_may_be_names(pairs: list[tuple[str, str]], recur: bool) -> None:
    assert layout_doubts._titles_recur(titled(*pairs)) is recur


@pytest.mark.parametrize(
    ("titles", "are"),
    [
        (["ada", "bede_2", "Cy Ash", "Old Elm"], True),
        (["ada", "The gate", "Cy Ash", "Old Elm"], False),
        (["ada", "ada", "ada"], False),  # a thread's title
        (["水门自己打开了", "没有人看见", "阿桥", "不"], True),
        (["水门自己打开了", "没有人看见", "谁也没看见", "不"], False),
    ],
)
def test_titles_of_single_words_may_be_names(titles: list[str], are: bool) -> None:
    pairs = titled(*((title, f"Place {n}") for n, title in enumerate(titles)))
    assert layout_doubts._titles_are_words(pairs) is are


def test_a_state_above_several_names_answers_nobody() -> None:
    names = dict(enumerate([*NAMES[:6], *NAMES[:4]]))
    assert answered_gaps(names, {6: "Online", 7: "Online", 8: "Online"}) == []
    assert answered_gaps(names, {6: NAMES[5], 7: NAMES[5], 8: NAMES[5]}) == [6, 7, 8]


@pytest.mark.parametrize(
    ("keys", "above", "described"),
    [
        (["keeper", "carpenter", "keeper", "keeper", "carpenter"], [], True),
        (["keeper", "carpenter", "keeper", "keeper", "teacher"], [], False),  # Bede has two
        (["@ada", "@bede", "@ada", "@ada", "@bede"], [], False),  # accounts
        (["ada", "bede", "ada", "ada", "bede"], [], False),  # the names again
    ],
)
def test_lines_below_names_that_depend_on_them_describe_people(
    keys: list[str], above: list[str], described: bool
) -> None:
    names = dict(enumerate(["Ada", "Bede", "Ada", "Ada", "Bede"]))
    assert are_descriptions(dict(enumerate(keys)), names, above, frozenset()) is described


@pytest.mark.parametrize(("above", "described"), [(["reply", "#", "reply"], True), (["reply", "no", "so"], False)])
def test_a_short_thread_needs_a_line_of_the_page_above_names(above: list[str], described: bool) -> None:
    keys, names = {0: "keeper", 1: "teacher", 2: "keeper"}, {0: "Ada", 1: "Cy", 2: "Ada"}
    assert are_descriptions(keys, names, above, frozenset({"reply"})) is described


@pytest.mark.parametrize(("words", "kept"), [("Hull", True), ("Changed on", False)])
def test_a_line_with_the_authors_own_name_and_a_time_is_the_pages_if_it_has_two_words(
    words: str, kept: bool, tmp_path: Path
) -> None:
    page: list[str] = ["The gate", ""]
    for n, name in enumerate(NAMES):
        own = [f"{words} {name} 5 March 2024"] if n in (3, 6) else []
        page += [name, f"{n + 2} hours ago", SAID, f"So it is {n}.", *own, "Reply", ""]
    dump = tmp_path / "dump.txt"
    dump.write_text("\n".join(page), encoding="utf-8")
    assert (words in read(dump).posts[-7].body) is kept


@pytest.mark.parametrize(("many", "kept"), [(1, True), (2, False)])
def test_two_people_hardly_end_with_the_same_two_lines(many: int, kept: bool, tmp_path: Path) -> None:
    page: list[str] = ["The gate", ""]
    for n, name in enumerate(NAMES):
        page += [
            name,
            f"{n + 2} hours ago",
            SAID,
            f"So it is {n}.",
            *(["👍", str(n)] if 3 <= n < 3 + many else []),
            "Reply",
            "",
        ]
    dump = tmp_path / "dump.txt"
    dump.write_text("\n".join(page), encoding="utf-8")
    assert any("👍" in post.body for post in read(dump).posts) is kept


@pytest.mark.parametrize(("many", "posts"), [(1, 12), (2, 11)])
def test_heads_with_changes_instead_of_texts_are_no_posts(many: int, posts: int, tmp_path: Path) -> None:
    page: list[str] = ["The gate", ""]
    for n, name in enumerate(NAMES):
        page += [f"{name} wrote on 2024-03-{n + 2:02}:", SAID, ""]
        page += [f"{name} wrote on 2024-03-{n + 2:02}:", "tags: added: brass", ""] if 3 <= n < 3 + many else []
    assert len(authors(page, tmp_path)) == posts


def test_a_copy_that_begins_in_a_text_and_ends_in_a_head_names_nobody(tmp_path: Path) -> None:
    page = [SAID]
    for n, name in enumerate(NAMES):
        page += [f"comment:{n + 1} by {name}, {n + 2} days ago", SAID]
    assert authors([SAID, *page[1:-1]], tmp_path) == [None] * len(NAMES)
    assert None not in authors(page[1:], tmp_path)
