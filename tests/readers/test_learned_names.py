"""Names on copied pages: those that are another's with words of the page, at unusual places, before a colon; titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.doubts.extended_names import extended_names
from rostra.readers.copied.doubts.name_doubts import doubts_of
from rostra.readers.copied.layout import PageLayout, Template, TemplateLine, prepared
from rostra.readers.copied.learning import learn
from rostra.readers.copied.learning.beside_names import are_titles, text_besides
from rostra.readers.copied.learning.learn import learned_layouts
from rostra.readers.copied.learning.profile_lines import lacks_a_line
from rostra.readers.copied.reading import best_reading
from rostra.readers.copied.times.dates import separate
from support.copied_threads import NAMES, read

SAID = (
    "The wheel turns, and it has turned since the flood.", "Nobody asked the brook about it.", "Oil it, then, before the frost.",
    "It squeaks on every third turn.", "Who pays for the oil?", "The parish does, as the deed says it must.",
    "I have read the deed; it says nothing of oil.", "Then read the other side of it.", "The miller left us a can in the loft.", "A can of what, though?",
)  # fmt: skip


def authors(page: list[str], tmp_path: Path) -> list[str | None]:
    """The authors of the posts of a page."""
    (tmp_path / "page.txt").write_text("\n".join(page), encoding="utf-8")
    posts = read(tmp_path / "page.txt").posts
    return [post.author.name if post.author else None for post in posts if post.created_text]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Ada Weir", "Ada Weir made changes"], {"Ada Weir made changes"}),
        (["Ada Weir", "Ada Weir's photo"], {"Ada Weir's photo"}),
        (["Ada", "Ada Weir"], set()),
        (["Ada", "Ada of Hull", "Ada von Weir"], set()),
        (["Ada", "Bede", "Ada Miller", "Bede Miller"], set()),
        (["Ada", "Bede", "Cy", "Ada Miller", "Bede Miller", "Cy Miller"], {"Ada Miller", "Bede Miller", "Cy Miller"}),
        (["bede", "Ada Weir", "bede  Ada Weir"], set()),
        (["Ada", "bede", "Ada bede"], set()),
    ],
)  # fmt: skip
def test_a_name_with_words_of_the_page_is_nobodys(names: list[str], found: set[str]) -> None:
    assert extended_names(names) == found


def test_a_change_is_not_by_somebody_of_that_name(tmp_path: Path) -> None:
    page = ["The gate", ""]
    expected: list[str | None] = []
    for n in range(30):
        name = NAMES[n * 3 % 10]
        page += [f"{name} added a comment - {n + 2} hours ago", f"{SAID[n % 10]} So {n}."]
        expected.append(name)
        if n in (4, 11, 21):
            page += [f"{name} made changes - {n + 2} hours ago", f"Owner {NAMES[n % 10]}"]
            expected.append(None)
    assert authors(page, tmp_path) == expected


@pytest.mark.parametrize(("same", "lacks"), [(6, True), (5, False)])
def test_most_posts_have_the_line_that_the_others_lack(same: int, lacks: bool) -> None:
    keys = {n: "unread," if n < same else NAMES[n].lower() for n in range(10)}
    assert lacks_a_line(keys, {n: f"photo of {NAMES[n].lower()}" for n in range(10)}) is lacks


@pytest.mark.parametrize(("repeated", "lacks"), [(3, True), (2, False)])
def test_what_is_in_place_of_the_line_is_mostly_a_name(repeated: int, lacks: bool) -> None:
    keys = {n: "unread," if n < 15 else NAMES[n - 15].lower() for n in range(19)}
    beyond = {n: f"photo of {NAMES[n - 15].lower() if n - 15 < repeated else 'nobody'}" for n in range(15, 19)}
    assert lacks_a_line(keys, beyond) is lacks


@pytest.mark.parametrize(("alone", "titled"), [(5, True), (4, False)])
def test_titles_differ(alone: int, titled: bool) -> None:
    keys = {n: f"the {NAMES[n]}" if n < alone else "the mill" for n in range(10)}
    assert are_titles(keys, dict.fromkeys(range(10), "reply"), None) is titled


@pytest.mark.parametrize(("length", "titled"), [(150, True), (151, False)])
def test_a_title_is_no_longer_than_its_bound(length: int, titled: bool) -> None:
    keys = {n: f"{n}".ljust(length, "a") for n in range(10)}
    assert are_titles(keys, dict.fromkeys(range(10), "reply"), None) is titled


@pytest.mark.parametrize(("wordings", "titled"), [(3, True), (4, False)])
def test_few_lines_of_the_page_are_above_titles(wordings: int, titled: bool) -> None:
    keys = {n: f"the {n} a" for n in range(10)}
    assert are_titles(keys, {n: f"button {n % wordings}" for n in range(10)}, None) is titled


def test_a_line_that_each_author_always_has_is_no_title() -> None:
    keys = {n: f"of {'abcdefg'[n % 7]}" for n in range(10)}
    assert not are_titles(keys, dict.fromkeys(range(10), "reply"), [NAMES[n % 7] for n in range(10)])


@pytest.mark.parametrize(("spoken", "said"), [(3, True), (2, False)])
def test_a_title_has_text_besides(spoken: int, said: bool) -> None:
    assert text_besides(frozenset(["words"] if n < spoken else ["name"]) for n in range(4)) is said


@pytest.mark.parametrize(("parts", "days"), [(3, True), (2, False)])
def test_lines_of_days_separate_times_of_day(parts: int, days: bool) -> None:
    page = [line for n in range(parts) for line in (f"Mar {n + 1}, 2024", "Ada", "10:21", "Oil it, then.")]
    assert separate(prepared(page)) is days


def test_a_date_that_returns_is_that_of_a_post() -> None:
    page = [line for n in range(4) for line in (f"Mar {n % 3 + 1}, 2024", "Ada", "10:21", "Oil it, then.")]
    assert not separate(prepared(page))


@pytest.mark.parametrize(("places", "doubted"), [(5, True), (6, False)])
def test_places_behind_names_are_few(places: int, doubted: bool) -> None:
    names = [f"{name}, place {'abcdefghij'[n % places]}" for n, name in enumerate(NAMES)]
    assert any("places" in doubt for doubt in doubts_of(names)) is doubted


@pytest.mark.parametrize(("placed", "doubted"), [(5, True), (4, False)])
def test_places_are_behind_a_share_of_the_names(placed: int, doubted: bool) -> None:
    names = [f"{name}, Hull" if n < placed else name for n, name in enumerate(NAMES)]
    assert any("places" in doubt for doubt in doubts_of(names)) is doubted


@pytest.mark.parametrize(("called", "named"), [(9, True), (8, False)])
def test_nearly_all_texts_begin_with_names(called: int, named: bool, tmp_path: Path) -> None:
    page = ["Letters", ""]
    for n, name in enumerate(NAMES):
        page += [f"{name}：{SAID[n]}" if n < called else SAID[n], f"{n + 1} hours ago", "Answer", ""]
    assert (authors(page, tmp_path)[:called] == list(NAMES[:called])) is named


@pytest.mark.parametrize(("words", "spoken"), [(8, False), (9, True)])
def test_words_behind_a_time_are_a_person_s_if_they_are_many(words: int, spoken: bool) -> None:
    assert learn._speaks(prepared(["Ada Weir 1h" + " oil" * words])[0]) is spoken


@pytest.mark.parametrize(("alike", "own"), [(1, 1), (2, 0)])
def test_words_behind_several_times_are_no_person_s(alike: int, own: int) -> None:
    title = "Re: the wheel of the mill turns too slowly again #"
    lines = prepared([f"Ada Weir 1h {title}{n}" for n in range(alike)])
    assert learn._own_words(lines) == own


@pytest.mark.parametrize(("posts", "kept"), [(10, False), (11, True)])
def test_few_heads_have_many_words_behind_their_time(posts: int, kept: bool) -> None:
    page = []
    for n in range(posts):
        rest = " ".join(f"{'abcdefghijk'[n]}{'xyz'[k % 3]}o{k}" for k in range(9 if n == 0 else 2))
        page += [f"{(*NAMES, 'Kit Low')[n]} 1h {rest}", f"{(*SAID, 'So it is.')[n]}", "Answer"]
    assert any(0 in each.times for each in learned_layouts(prepared(page))) is kept


def test_a_head_below_a_whole_foot_may_lack_a_line(tmp_path: Path) -> None:
    page = []
    for n, name in enumerate(NAMES):
        page += [
            name,
            f"{n + 1} hours ago",
            *([f"{n + 12}"] if n != 4 else []),
            SAID[n],
            "",
            "Answer",
            "Share",
            "",
        ]
    assert authors(page, tmp_path) == list(NAMES)


def test_the_foot_of_a_post_names_its_author_and_not_the_next(tmp_path: Path) -> None:
    page = []
    for n, name in enumerate(NAMES):
        page += [
            f"{name} - {n + 1} hours ago",
            SAID[n],
            *([f"Last edited by {name}; 1 hour ago"] if n % 2 else []),
            f"#{n + 1}",
        ]
    (tmp_path / "page.txt").write_text("\n".join(page), encoding="utf-8")
    assert [post.body for post in read(tmp_path / "page.txt").posts if post.author] == [SAID[n] for n in range(10)]


def test_titles_are_read_between_a_name_and_a_line_of_the_page(tmp_path: Path) -> None:
    titles = [" ".join(SAID[-n].split()[:3]).strip(".?,") for n in range(1, 11)]
    page = ["The board", "Home | Letters | Help", ""]
    for n, name in enumerate(NAMES):
        page += [titles[n], f"Submitted by {name} on {n + 1} March 2024", SAID[n], "Answer this", ""]
    (tmp_path / "page.txt").write_text("\n".join(page), encoding="utf-8")
    found = [post for post in read(tmp_path / "page.txt").posts if post.author]
    assert [(post.title, post.body) for post in found] == list(zip(titles, SAID, strict=True))


@pytest.mark.parametrize(("named", "doubted"), [(5, False), (4, True)])
def test_a_known_layout_that_names_few_is_of_another_page(named: int, doubted: bool) -> None:
    from rostra.readers.copied.cut import cut
    from rostra.readers.copied.doubts.layout_doubts import layout_doubts

    items = tuple(TemplateLine(each) for each in ("by {?{author}} since {time}", "{body}"))
    layout = PageLayout(templates=(Template(items=items),), name="mill", is_known=True)
    lines = prepared([line for n in range(10) for line in (f"by {NAMES[n] if n < named else ''} since 1h", SAID[n])])
    found = cut(lines, layout)
    assert found is not None
    assert any("known layout" in doubt for doubt in layout_doubts(found, lines)) is doubted


def test_what_a_text_without_words_of_the_page_omits_is_said(tmp_path: Path) -> None:
    page = [
        line
        for n, name in enumerate(NAMES)
        for line in (SAID[n], f"{name}, {('Hull', 'York')[n % 2]}", f"{n + 1} March 2024", "")
    ]
    (tmp_path / "page.txt").write_text("\n".join(page), encoding="utf-8")
    thread = read(tmp_path / "page.txt")
    assert not any(post.author for post in thread.posts)
    assert "unsure-names" in {problem.code for problem in thread.problems}


def test_a_picture_begins_a_post() -> None:
    page = ["The mill welcomes all who can turn a wheel."]
    for n, name in enumerate(NAMES):
        page += [name[0], name, f"10:{n + 20}", SAID[n]]
    found = best_reading(prepared(page), "\n".join(page))
    assert found is not None
    assert not found.doubts
