"""What tells a name from words of the page and from sentences."""

from __future__ import annotations

import pytest

from rostra.readers.copied.layout import prepared
from rostra.readers.copied.learning.anchors import anchor_groups
from rostra.readers.copied.learning.wording import worded
from rostra.readers.copied.names import is_name


@pytest.mark.parametrize(
    ("text", "name"),
    [("Prof. Ada Weir", True), ("Mag. Weir", True), ("Dr. Weir", True), ("Done. Weir", False), ("Weir Prof.", False)],
)
def test_a_title_ends_no_sentence(text: str, name: bool) -> None:
    assert is_name(text) is name


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (("Priya Lal", "Priya Lal"), "Priya Lal"),  # the second word is always behind the first
        (("Priya Lal", "Priya Lal", "Priya Lal"), "Priya Lal"),
    ],
)
def test_a_name_of_two_words_that_recurs_is_whole(others: tuple[str, ...], found: str) -> None:
    people = ("Ada Weir", "Bede Ash", "Cy Noor", "Dora Lock", "Esk Ford", "Fenn Hill", "Gil Pond")
    rests = ("[4 stars]", "[best answer]", "[3 stars]")
    lines = [f"posted by {name} at 9:{n + 10} AM [{n + 1} stars]" for n, name in enumerate(people)]
    lines += [f"posted by {name} at 9:{n + 40} AM {rests[n]}" for n, name in enumerate(others)]
    wording = worded(prepared(lines))
    assert wording is not None
    assert wording.names == [*people, *[found] * len(others)]


@pytest.mark.parametrize(("accounts", "grouped"), [(3, True), (2, False)])
def test_lines_that_begin_with_accounts_are_a_group(accounts: int, grouped: bool) -> None:
    page = [line for n in range(3) for line in (f"Ada {n} lit a lamp 2h", f"Bede {n} put it out 3h")]
    lines = prepared([*page, *(f"@ada{n} · 4h" for n in range(accounts))])
    assert (list(range(6, 6 + accounts)) in anchor_groups(lines)) is grouped
