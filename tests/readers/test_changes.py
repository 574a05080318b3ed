"""What trackers write below posts about changes that have no time of their own."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.page import changes as module
from rostra.readers.copied.page.changes import LONGEST, WORDINGS, changes
from rostra.readers.copied.page.events import events

LAYOUT = PageLayout(templates=(template("{author}\n{time}\n{body}"),))
STATUS = "status:\tNew → Open"


def found(*ends: str, people: int = 5) -> tuple[str, ...]:
    """Return the changes of a page of posts that end so."""
    page = [f"Ada {'ABCDE'[n % people]}\n{n + 1} hours ago\nThe wheel turns, number {n}.\n{end}\n" for n, end in enumerate(ends)]  # fmt: skip
    lines = prepared("\n".join(page).split("\n"))
    made = cut(lines, LAYOUT)
    assert made is not None
    return changes(lines, made.records)


def test_changes_below_several_people_s_posts_are_the_page_s() -> None:
    assert found(f"\n{STATUS}", f"\n{STATUS}") == ("status: {?{any}} → {any}",)
    assert found(f"\n{STATUS}", "So.") == ()
    assert found(f"\n{STATUS}", f"\n{STATUS}", people=1) == ()


@pytest.mark.parametrize("arrow", ["→", "⇒", "->", "=>"])
def test_pages_write_several_arrows(arrow: str) -> None:
    assert found(*[f"\nSeverity: {arrow} S3"] * 2) == (f"severity: {{?{{any}}}} {arrow} {{any}}",)


@pytest.mark.parametrize(
    ("heading", "many"),
    [
        ("\nChanged in the gate:", 2), ("\nChanged in the gate", 0), ("Changed in the gate:", 0), ("\nSo, I changed:", 0),
        (f"\n{'a' * (LONGEST - 1)}:", 2), (f"\n{'a' * LONGEST}:", 0),
    ],
)  # fmt: skip
def test_a_heading_above_changes_belongs_to_them(heading: str, many: int) -> None:
    assert len(found(*[f"{heading}\n{STATUS}"] * 2)) == many


def test_a_heading_of_one_post_may_be_its_author_s() -> None:
    assert found(f"\nI changed it:\n{STATUS}", f"\nSee here:\n{STATUS}") == ("status: {?{any}} → {any}",)
    assert module.FEWEST == 2


@pytest.mark.parametrize(
    "end",
    [STATUS, f"\n{STATUS}\nThat is all.", "\nstatus → Open", "\nstatus: New → Open → Shut", f"\n{'a' * 40}: New → Open", f"\na: → {'b' * (LONGEST - 4)}"],
)  # fmt: skip
def test_other_lines_are_no_changes(end: str) -> None:
    assert found(end, end) == ()


def test_a_change_is_brief_and_labels_are_counted() -> None:
    assert len(found(*[f"\na: → {'b' * (LONGEST - 5)}"] * 2)) == 1
    many = "".join(f"\n{chr(97 + n) * 2}: → b" for n in range(WORDINGS + 1))
    assert len(found(*[f"\n{many}"] * 2)) == WORDINGS


def test_the_number_of_a_request_ends_no_sentence() -> None:
    layout = PageLayout(templates=(template("{author}\n{time}\n{body}"),))
    page = [f"Ada {'AB'[n]}\n{n + 1}h\nIt turns.\nAda A named it in !12 {n + 3}h\n" for n in range(2)]
    lines = prepared("\n".join(page).split("\n"))
    made = cut(lines, layout)
    assert made is not None
    assert events(lines, made.records) == ("{author} named {?{any}} {time}",)
