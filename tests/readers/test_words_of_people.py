"""Lines of posts that look like those of a page, and are people's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.page.around import end, repeated_end
from support.copied_threads import NAMES, read

SAID = "The wheel was set too high last spring, and it squeaks."


def bodies(folder: Path, *said: list[str], above: tuple[str, ...] = ()) -> list[str]:
    """The texts of a page whose first posts end as given; others have one sentence."""
    page = [*above]
    for n, name in enumerate(NAMES):
        own = said[n] if n < len(said) else []
        page += [name, f"{n + 2} hours ago", *(own or [SAID]), "Reply", ""]
    (folder / "page.txt").write_text("\n".join(page), encoding="utf-8")
    return [post.body for post in read(folder / "page.txt").posts if post.kind == "post"]


def test_a_word_above_a_number_is_the_page_s_only_with_the_number(tmp_path: Path) -> None:
    said = [[SAID, "Thanks", "2"], [SAID, "Thanks", "3"], [SAID, "Thanks"], [SAID, "Lamps", "4"]]
    assert bodies(tmp_path, *said)[2:4] == [f"{SAID}\nThanks", f"{SAID}\nLamps\n4"]


@pytest.mark.parametrize("below", [True, False])
def test_a_form_within_a_post_ends_it_only_where_no_sentence_is_below(below: bool) -> None:
    form = ["", "Steps:", "open it", "Expected:", "water", "Actual:", "none"]
    lines = [SAID, *form, *(["", SAID] if below else [])]
    assert end(lines, 0, len(lines)) == (len(lines) if below else 2)


@pytest.mark.parametrize("below", [True, False])
def test_a_word_of_the_navigation_above_sentences_ends_no_post(below: bool) -> None:
    navigation = ["Help", "Home", "Forum", "Search"]
    lines = [*navigation, "", SAID, "", "Help", "", *([SAID, ""] if below else []), "Home", "Forum", "Search"]
    assert repeated_end(lines, 4, 5, len(lines)) == (lines.index("Home", 5) if below else 7)
