"""A post within whose text the foot of a post is names nobody: its text may be of two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.inner_feet import inner_feet
from rostra.readers.copied.layout import PageLayout, prepared, template
from support.copied_threads import read

WHO = ("Ada Weir", "Bede", "Cy Noor", "Dora", "Bede", "Ada Weir", "Dora", "Cy Noor", "Bede", "Dora")


def feet(foot: str, words: str) -> list[int]:
    layout = PageLayout(templates=(template("{author}\n{time}\n{body}\n" + foot),))
    text = "".join(
        f"{who}\n{n + 2} days ago\n{words if n == 3 else f'So {who} said.'}\nAnswer it\n7\n"
        for n, who in enumerate(WHO)
    )
    lines = prepared(text.split("\n"))
    found = cut(lines, layout)
    assert found is not None
    return list(inner_feet(lines, found.records))


@pytest.mark.parametrize(
    ("foot", "words", "found"),
    [
        ("Answer it\n{number}", "Yes.\nAnswer it\n7\nEsk\nlong ago\nNo.", [18]),
        ("Answer it\n{number}", "Yes.\nAnswer it\n7\nEsk\nlong ago\nNo.\nAnswer it\nAnd more.", [18]),
        ("Answer it\n{number}", "Yes.\n7\nNo.", []),
        ("Answer it\n{number}", "Answer it\nNo.", []),
        ("? Answer it\n{number}", "Yes.\nAnswer it\n7\nNo.", []),
    ],
)
def test_a_foot_within_a_text_is_a_required_line_with_words_below_its_first(
    foot: str, words: str, found: list[int]
) -> None:
    assert feet(foot, words) == found


def test_who_is_above_an_unknown_time_is_not_merged_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    when = [f"{n + 2} days ago" if n != 4 else "at the second bell" for n in range(10)]
    path.write_text("".join(f"{who}\n{when[n]}\nSo {who} said {n}.\nAnswer it\n\n" for n, who in enumerate(WHO)))
    thread = read(path)
    assert [post.author and post.author.name for post in thread.posts] == [*WHO[:3], None, *WHO[5:]]
    assert "Bede\nat the second bell\nSo Bede said 4." in thread.posts[3].body
    assert [each.line for each in thread.problems if each.code == "unexplained-lines"] == [19]
    assert [each.line for each in thread.problems if each.code == "unsure-names"] == [16]
