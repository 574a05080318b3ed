"""Test which line of a copied page is certainly the thread's title, and what the page writes at the first post alone."""

from __future__ import annotations

import pytest

from rostra.readers.copied.layout import PageLayout, mask, prepared, template
from rostra.readers.copied.page import first_post, reply_titles
from rostra.readers.copied.page.around import UNSURE, above
from rostra.readers.copied.page.first_post import first_record
from rostra.readers.copied.page.reply_titles import repeated_titles, without_reply_marks
from rostra.readers.copied.page.titles import BRIEF, COUNTED, CRUMB, MENU, PHRASE, is_count, is_menu, without_crumbs
from rostra.readers.copied.records import PostRecord

PLACED = PageLayout(templates=(template("{author}\n{time}\n{body}"),)).templates[0]
LINKS = ("Home", "Log in", "Sign up", "Law")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ([*LINKS, "The gate"], None), ([*LINKS, "", "The gate"], "The gate"), ([*LINKS, "", "The gate", "Rivers"], None),
        ([*LINKS, "", "The gate sticks", "Rivers"], "The gate sticks"), ([*LINKS, "The gate sticks here"], "The gate sticks here"),
        ([*LINKS, "The gate", "9 posts"], "The gate"), (["9 posts", *LINKS, "The gate sticks here"], None), (["The gate", *LINKS, "The gate"], "The gate"),
        (["The old town mills", *LINKS, "", "The gate sticks here"], "The gate sticks here"), (["The old town mills", *LINKS, "The gate sticks here"], "The old town mills"), ([*LINKS, "Rivers > The gate sticks here"], "The gate sticks here"), ([*LINKS, "", "Rivers > The gate"], None),
        ([*LINKS, "News Guides Reviews Art Maps"], None), ([*LINKS, "", "About cookies", "9 posts"], None), ([*LINKS, "Terms of the gate"], None), ([*LINKS, "Terms of the old gate"], "Terms of the old gate"), ([*LINKS, "", "The gate", "Sort: new | old"], "The gate"),
    ],
)  # fmt: skip
def test_a_title_among_navigation_is_certain_or_there_is_none(lines: list[str], title: str | None) -> None:
    assert above(lines, whole=False, posts=9).title == title


@pytest.mark.parametrize(("many", "title"), [(UNSURE - 1, "Home"), (UNSURE, None)])
def test_the_first_of_few_lines_is_the_title(many: int, title: str | None) -> None:
    assert above(["Home", "Law", "Art", "Mill"][:many], whole=False).title == title


def test_a_sentence_below_the_count_of_the_posts_is_no_title() -> None:
    said = "The deed names the wheel and not the water, so nobody knows."
    found = above(["Sort: new | old", "12 comments", "9 posts", said], whole=True, posts=9)
    assert (found.title, found.opening) == (None, (0, 0))
    # A text of several sentences there is the opening post.
    found = above(
        ["Sort: new | old", "12 comments", "9 posts", said, "So ask the miller, not the council."], whole=True, posts=9
    )
    assert (found.title, found.opening) == (None, (3, 5))


def test_what_the_page_repeats_at_its_posts_is_the_title() -> None:
    lines = ["The town of the old mill", "The gate", *LINKS]
    assert above(lines, whole=False, repeated={"the gate"}).title == "The gate"
    found = above(lines, whole=False, headed="Of the gate")
    assert (found.title, found.left) == ("Of the gate", tuple(range(len(lines))))


@pytest.mark.parametrize(
    ("line", "own"),
    [
        (f"Law > {'mill ' * PHRASE}".strip(), ("mill " * PHRASE).strip()), (f"Law > {'mill ' * (PHRASE - 1)}".strip(), None),
        (f"{'law ' * CRUMB}> The gate sticks here", "The gate sticks here"), (f"{'law ' * (CRUMB + 1)}> The gate sticks here", None),
    ],
)  # fmt: skip
def test_a_title_may_have_its_place_in_the_site_before_it(line: str, own: str | None) -> None:
    assert without_crumbs(line) == (own or line)


@pytest.mark.parametrize(("many", "menu"), [(MENU - 1, False), (MENU, True)])
def test_many_words_with_capitals_are_links(many: int, menu: bool) -> None:
    assert is_menu(" ".join(["News"] * many)) is menu
    assert not is_menu(" ".join(["News"] * many) + " of")


@pytest.mark.parametrize(
    ("line", "posts", "counts"),
    [
        ("10 Postings", 10, True), ("10 Postings", 11, True), ("10 Postings", 9, False), ("10 Postings", 12, False), ("回答（7件）", 8, True),
        (f"10{' a' * (COUNTED - 1)}", 10, True), (f"10{' a' * COUNTED}", 10, False), (f"1-10{' a' * COUNTED}", 10, True),
        ("10 posts!", 10, False), ("10.5 posts", 10, False), ("1 post", 1, False), ("10 " + "a" * (BRIEF - 3), 10, True), ("10 " + "a" * (BRIEF - 2), 10, False),
    ],
)  # fmt: skip
def test_a_line_may_count_the_posts(line: str, posts: int, counts: bool) -> None:
    assert is_count(line, posts) is counts


@pytest.mark.parametrize(
    ("lines", "posts", "titles"),
    [
        (["Re: The gate"], 9, {"the gate"}), (["Ada wrote on Monday: Re: The gate  #3"], 9, {"the gate"}), (["More: the gate"], 9, set()),
        (["Of the gate"] * 3, 5, {"of the gate"}), (["Of the gate"] * 3, 6, set()), (["Of the gate"] * 2, 3, set()), (["The gate"] * 9, 9, set()),
        ([f"Re: {'a' * (reply_titles.LONGEST - 4)}"], 9, {"a" * (reply_titles.LONGEST - 4)}), ([f"Re: {'a' * (reply_titles.LONGEST - 3)}"], 9, set()),
    ],
)  # fmt: skip
def test_answers_and_most_posts_repeat_the_title(lines: list[str], posts: int, titles: set[str]) -> None:
    assert repeated_titles(lines, posts) == titles


def test_a_title_of_an_answer_is_worded_as_the_title() -> None:
    lines = prepared(
        ["The gate", "Re: The gate", "Re: The brook", "On Re: The gate", "Re: 4 March 2024", "4 March 2024"]
    )
    changed = [line.masked for line in without_reply_marks(lines)]
    assert changed[:4] == ["The gate", "The gate", "Re: The brook", "On Re: The gate"]
    assert changed[4] == lines[4].masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [("4 March 2024 9:21 (Mon) by Ada", "\ue000 by Ada"), ("4 March 2024 9:21 (mill) by Ada", "\ue000 (mill) by Ada")],
)
def test_a_weekday_in_brackets_belongs_to_the_time_before_it(text: str, masked: str) -> None:
    assert mask(text) == (masked, ("4 March 2024 9:21",))


def records(text: str, *, author: str | None = None) -> tuple[list[str], list[PostRecord]]:
    lines = text.split("\n")
    held = {"author": author} if author else {}
    first = PostRecord(template=PLACED, first=0, column=0, held=held, body=(2, len(lines)))
    return lines, [first, *(PostRecord(template=PLACED, first=99, column=0, held={}, body=(99, 99)) for _ in range(8))]


COUNT = "\n\nShowing 1-8 of 8 comments"


@pytest.mark.parametrize(
    ("body", "title", "end"),
    [
        ("Who owns the gate?\nI do." + COUNT, "Who owns the gate?", 4), ("Who owns the gate?\n\nI do." + COUNT, None, 5), ("Who owns the gate?" + COUNT, None, 3),
        ("Who owns it.\nI do." + COUNT, None, 4), ("Who owns\nI do." + COUNT, None, 4), ("Who owns it\nI do." + COUNT, "Who owns it", 4),
        ("Who owns it\nI do.", None, 4), ("Who owns it\nI do.\nShowing 1-8 of 8 comments", None, 5), ("Who owns it\nI do." + COUNT + "\nWho asks, and why?", None, 7),
        ("Who owns it\nI do." + COUNT + "\nNew" * (first_post.BELOW - 1), "Who owns it", 4), ("Who owns it\nI do." + COUNT + "\nNew" * first_post.BELOW, None, 10),
        ("Who owns " + "a" * (BRIEF - 9) + "\nI do." + COUNT, "Who owns " + "a" * (BRIEF - 9), 4), ("Who owns " + "a" * (BRIEF - 8) + "\nI do." + COUNT, None, 4),
    ],
)  # fmt: skip
def test_a_count_of_the_answers_ends_the_first_post_and_its_first_line_is_the_title(
    body: str, title: str | None, end: int
) -> None:
    lines, found = records(f"Ada Weir\n3 hours ago\n{body}", author="Ada Weir")
    begun = first_record(lines, found, ())
    assert begun.title == title
    shown = [n for n in range(end, len(lines)) if lines[n].strip()]
    assert begun.left == tuple(shown)
    assert [n for n in range(*begun.record.body) if lines[n].strip()] == [n for n in range(2, end) if lines[n].strip()]


@pytest.mark.parametrize(
    ("line", "author", "repeated", "title"),
    [
        ("Of the gate", None, (), "Of the gate"), ("The gate", None, (), None), ("Of the gate", "Ada Weir", (), None),
        ("Of the gate", "Ada Weir", ("of the gate",), "Of the gate"), ("Of the gate", "of the gate", ("of the gate",), None),
    ],
)  # fmt: skip
def test_a_title_may_be_above_the_time_of_the_first_post(
    line: str, author: str | None, repeated: tuple[str, ...], title: str | None
) -> None:
    lines, found = records(f"{line}\n3 hours ago\nI do.", author=author)
    assert first_record(lines, found, repeated).title == title
