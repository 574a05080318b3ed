"""Test lines of the page at the edges of bodies, and the dependencies by which the column of names is found."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.learning import edges
from rostra.readers.copied.learning.candidates import Learned, determines, with_names, with_post_times
from rostra.readers.copied.learning.profile_lines import status_line, worded_line

WORDS = ("ada", "bede", "cy", "dee", "esk", "flo", "gus", "hal", "ivo", "jo")
LAYOUT = PageLayout(templates=(template("{author}\n{time}\n{body}\nAnswer it"),))


def page(bodies: list[list[str]], *, people: int = 10) -> list[str]:
    return [line for n, body in enumerate(bodies) for line in (WORDS[n % people], f"{n + 1} hours ago", *body, "Answer it", "")]  # fmt: skip


def learned(text: list[str]) -> list[str]:
    """Return the items that edges add to the layout of a text."""
    lines = prepared(text)
    found = cut(lines, LAYOUT)
    assert found is not None
    own = set(LAYOUT.templates[0].items)
    return [str(item) for item in edges.with_edges(lines, found).layout.templates[0].items if item not in own]


@pytest.mark.parametrize(("many", "total", "found"), [(3, 20, True), (2, 20, False), (6, 40, True), (5, 40, False)])
def test_a_line_that_several_begin_with_is_the_page_s(many: int, total: int, found: bool) -> None:
    bodies = [[*(["Pinned here"] if n < many else []), f"So {n} said.", "And more."] for n in range(total)]
    assert learned(page(bodies)) == (["? pinned here"] if found else [])


@pytest.mark.parametrize(
    ("line", "many", "found"),
    [
        ("Yours truly", 4, "yours truly"),
        ("Yours truly", 3, None),
        ("7 of us", 3, "{number} of us"),
        ("7 of us", 2, None),
    ],
)
def test_a_line_that_several_end_with_is_the_page_s(line: str, many: int, found: str | None) -> None:
    bodies = [[f"So {n} said.", "And more.", *([line] if n < many else [])] for n in range(20)]
    assert learned(page(bodies)) == ([f"? {found}"] if found else [])


@pytest.mark.parametrize(("people", "found"), [(3, True), (2, False)])
def test_two_people_may_begin_alike(people: int, found: bool) -> None:
    bodies = [
        ["Dear friends", f"So {n} said.", "And more."] if n % 5 < people else [f"{WORDS[n % 10]} said.", "No."]
        for n in range(20)
    ]
    assert bool(learned(page(bodies, people=5))) is found


@pytest.mark.parametrize(("open_", "found"), [(9, True), (8, False)])
def test_an_empty_line_sets_a_line_of_the_page_apart(open_: int, found: bool) -> None:
    others = [["", f"So {n} said.", "And more."] if n < open_ else [f"So {n} said.", "And more."] for n in range(10)]
    assert learned(page([["Pick", "", "One.", "Two."]] * 2 + others)) == (["? pick"] if found else [])


@pytest.mark.parametrize(("many", "found"), [(3, True), (2, False)])
def test_an_answered_person_is_named_in_several_posts(many: int, found: bool) -> None:
    bodies = [[*([f"Answering {WORDS[n + 3]}"] if n < many else []), f"So {n} said.", "More."] for n in range(10)]
    assert learned(page(bodies)) == (["? answering {answers}"] if found else [])


def test_the_same_sentence_of_several_people_stays_theirs() -> None:
    bodies = [
        ["It squeaks on every third turn.", f"So {n} said."] if n < 6 else [f"No {n}.", "Yes."] for n in range(10)
    ]
    assert learned(page(bodies)) == []


@pytest.mark.parametrize(("others", "dropped"), [(5, True), (4, False)])
def test_a_first_record_without_words_that_lacks_a_foot_is_the_page_s(others: int, dropped: bool) -> None:
    lines = prepared(["reading", "12 min", "18K", "", *page([[f"So {n} said."] for n in range(others)])])
    found = cut(lines, LAYOUT)
    assert found is not None
    assert len(edges.without_page_above(lines, found).records) == others + (not dropped)


def test_a_column_determines_another() -> None:
    assert determines([("ada", "York"), ("bede", "York"), ("ada", "York")])
    assert not determines([("York", "ada"), ("York", "bede")])


def candidate(names: dict[int, str], times: dict[int, tuple[str, ...]] | None = None) -> Learned:
    return Learned(LAYOUT, 1.0, True, names, times or {})


def test_names_are_the_column_that_determines_the_other() -> None:
    places, people = candidate({0: "York", 1: "York", 2: "Ely"}), candidate({0: "ada", 1: "bede", 2: "cy"})
    assert list(with_names(places, people)) == [people]
    assert list(with_names(people, places)) == [people]
    assert [each.is_certain for each in with_names(people, candidate({0: "York", 1: "Ely", 2: "Ripon"}))] == [False]


@pytest.mark.parametrize(("posts", "left"), [(5, 1), (4, 2)])
def test_a_time_that_each_author_has_one_of_is_no_post_s(posts: int, left: int) -> None:
    names = {n: WORDS[n % 2] for n in range(posts)}
    since = candidate(names, {n: (f"May 201{n % 2}",) for n in range(posts)})
    own = candidate(names, {n: (f"{n} May 2020",) for n in range(posts)})
    assert len(with_post_times([since, own])) == left


@pytest.mark.parametrize(("many", "found"), [(10, "{=away|here}"), (9, None)])
def test_few_wordings_beside_names_are_the_page_s(many: int, found: str | None) -> None:
    keys = {n: "away" if n % 2 or n == 4 else "here" for n in range(many)}
    item = status_line(keys, [WORDS[n % 9] for n in range(many)])
    assert (item and item.pattern) == found


@pytest.mark.parametrize(("posts", "found"), [(6, "{any}"), (5, None)])
def test_what_each_author_has_one_of_is_the_page_s(posts: int, found: str | None) -> None:
    item = status_line({n: f"ward {'xyz'[n % 3]}" for n in range(posts)}, [WORDS[n % 3] for n in range(posts)])
    assert (item and item.pattern) == found


@pytest.mark.parametrize(("many", "found"), [(9, True), (8, False)])
def test_brief_lines_that_begin_with_a_word_of_the_page(many: int, found: bool) -> None:
    lines = prepared([f"to {WORDS[n]}, all" if n < many else f"to {WORDS[n]}, all." for n in range(10)])
    assert (worded_line(lines, 10) is not None) is found


@pytest.mark.parametrize(("lines", "found"), [(edges.ROUNDS, edges.ROUNDS), (edges.ROUNDS + 1, edges.ROUNDS)])
def test_a_page_has_a_bounded_number_of_lines_at_one_edge(lines: int, found: int) -> None:
    bodies = [[*(f"Pinned {chr(107 + k)}" for k in range(lines)), f"So {n} said.", "And more."] for n in range(10)]
    assert len(learned(page(bodies))) == found


@pytest.mark.parametrize(("beside", "found"), [(edges.BLOCK - 1, True), (edges.BLOCK, False)])
def test_a_line_that_an_empty_line_sets_apart_is_near_it(beside: int, found: bool) -> None:
    own = [["Pick", *(f"{word} {n}." for word in WORDS[:beside]), "", "Two."] for n in range(2)]
    others = [["", f"So {n} said.", "And more."] for n in range(10)]
    assert ("? pick" in learned(page(own + others))) is found


def test_a_line_that_stays_at_an_edge_is_learned_once() -> None:
    bodies = [[f"So {n} said.", "And more.", *(["Pinned here", "Pinned here"] if n < 6 else [])] for n in range(10)]
    assert learned(page(bodies)) == ["? pinned here"]


@pytest.mark.parametrize(("foot", "found"), [("Agree 2 Not", ["? agree {number} not"]), ("Agree 2 Or not", []), ("Agree 2", [])])  # fmt: skip
def test_a_row_of_buttons_may_have_numbers(foot: str, found: list[str]) -> None:
    lines = prepared(page([["Agree.", "So."], ["No.", foot], ["Well.", "Or."]] * 2))
    rows = PageLayout(templates=(template("{author}\n{time}\n{body}\n? Agree Not\n? Agree\n? Agree 2\nAnswer it"),))
    cut_text = cut(lines, rows)
    assert cut_text is not None
    own = set(rows.templates[0].items)
    layout = edges.with_edges(lines, cut_text).layout
    assert [str(item) for item in layout.templates[0].items if item not in own] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (["(edited)", "It goes."], ["? (edited)"]), (["Edited", "It goes."], ["? edited"]), (["It goes.", "[bearbeitet]"], ["? [bearbeitet]"]),
        (["It goes.", "Edited"], []), (["Edited by me", "It goes."], []), (["(of old)", "It goes."], []),
    ],
)  # fmt: skip
def test_a_word_about_a_change_alone_is_the_page_s_in_one_post_too(body: list[str], found: list[str]) -> None:
    assert learned(page([body, *([f"So {n} said.", "More."] for n in range(9))])) == found


def test_what_is_said_of_a_change_is_directly_below_the_time() -> None:
    answering = PageLayout(templates=(template("{author}\n{time}\n? In reply to {answers}\n{body}\nAnswer it"),))
    lines = prepared(page([["(edited)", "In reply to bede", "So.", "More."], *([f"{n}.", "So."] for n in range(9))]))
    found = cut(lines, answering)
    assert found is not None
    found = edges.with_edges(lines, found)
    assert found.records[0].held["answers"] == "bede"
    assert str(found.layout.templates[0]).split("\n")[1:4] == ["{time}", "? (edited)", "? In reply to {answers}"]
