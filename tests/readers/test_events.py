"""What people did, as a page tells it among their posts, is nobody's post."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.page.events import LONGEST, WORDINGS, events
from rostra.readers.copied.reading import best_reading

LAYOUT = PageLayout(templates=(template("{author}\n@{handle} {time}\n{body}"),))


def found(*ends: str, head: str = "@{} {}") -> tuple[str, ...]:
    """Return the events of a page of posts that end so."""
    page = []
    for n, end in enumerate(ends):
        page += [f"Ada {'ABCDE'[n % 5]}", head.format(f"ada{n % 5}", f"{n + 1}h"), f"The wheel turns, number {n}.", end]
    lines = prepared([line for each in page for line in each.split("\n")])
    made = cut(lines, LAYOUT)
    assert made is not None
    return events(lines, made.records)


ADDED, MOVED = "Ada B added a label 3h", "@ada2 moved it to the mill 4h"


def test_lines_that_begin_with_a_person_and_end_in_a_time_are_events() -> None:
    assert found(ADDED, MOVED) == ()  # nobody is called "ada2" here
    assert found(ADDED, "Ada C added a gate 4h", MOVED) == (
        "{author} added {?{any}} {time}",
        "{author} moved {?{any}} {time}",
    )


@pytest.mark.parametrize(("ends", "many"), [((ADDED, "So."), 0), ((ADDED, "Ada A left it 2h"), 2)])
def test_a_single_such_line_may_be_somebody_s_words(ends: tuple[str, ...], many: int) -> None:
    assert len(found(*ends)) == many


@pytest.mark.parametrize(
    "end",
    [
        "Ada B added a label.",  # no time
        "Ada B, the label 3h",  # somebody is spoken to
        "Gus added a label 3h",  # nobody who writes
        "Ada B 12 3h",  # no word
        "Ada B added 2h a label 3h",  # two times
        f"{ADDED}\nand so on.",  # within a text
    ],
)
def test_other_lines_are_no_events(end: str) -> None:
    assert found(end, end) == ()


@pytest.mark.parametrize(("length", "many"), [(LONGEST, 1), (LONGEST + 1, 0)])
def test_an_event_is_brief(length: int, many: int) -> None:
    begin = "Ada A added "
    end = f"{begin}{'x' * (length - len(begin) - 1)} 3h"
    assert len(found(end, end)) == many


def test_the_wordings_of_events_are_limited() -> None:
    words = [f"do{'abcdefghijklmnopq'[n]}" for n in range(WORDINGS + 1)]
    assert len(found(*(f"Ada A {word} it 3h" for word in [*words, words[0]]))) == WORDINGS


def test_a_line_worded_as_heads_are_is_no_event() -> None:
    layout = PageLayout(templates=(template("{author} wrote {time}\n{body}"),))
    page = [line for n in range(4) for line in ("Ada wrote 3h", "The wheel turns.", "Ada lit it 2h", "Ada wrote up 1h")]
    lines = prepared(page)
    made = cut(lines, layout)
    assert made is not None
    assert events(lines, made.records) == ("{author} lit {?{any}} {time}",)


def test_a_page_that_tells_events_is_read_without_them() -> None:
    page = ["The gate sticks", ""]
    for n in range(6):
        who = ("Ada Weir", "Bede Ash", "Cy Noor")[n % 3]
        page += [who, f"@{who.split()[0].lower()} · {9 - n} days ago", f"The wheel turns, and it squeaks: {n}.", ""]
        page += [f"{who} added the label {'abc'[n // 2]} {9 - n} days ago", ""] if n % 2 else []
    text = "\n".join(page)
    reading = best_reading(prepared(text.split("\n")), text)
    assert reading is not None
    assert not reading.doubts
    assert [each.held["author"] for each in reading.cut.records] == ["Ada Weir", "Bede Ash", "Cy Noor"] * 2
    assert [end - first for first, end in reading.cut.notices] == [1, 1, 1]
