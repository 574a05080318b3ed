"""Where nobody is named, since names are not certain, what may be a name stays as words: no word vanishes silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers import Dump, choose
from rostra.readers.copied.layout import template
from rostra.readers.copied.records import PostRecord, unnamed

TIMED = """\
{head}, 3 hours ago

The wheel turned well until it stopped, and that was 2 hours ago
We all went down to look at the beam that broke 2 hours ago
Nobody has been there since the miller left 1 hour ago

Bede · 2 hours ago
It was greased.
"""


def posts(text: str, folder: Path) -> list[tuple[str | None, str]]:
    path = folder / "mill.txt"
    path.write_text(text)
    dump = Dump(path, path.name)
    (thread,) = choose(dump).read(dump)
    assert any(problem.code == "unsure-names" for problem in thread.problems)
    return [(post.author.name if post.author else None, post.body) for post in thread.posts]


@pytest.mark.parametrize("head", ["Ada", "Ada > Bede", "Ada Weir replied to Bede", "• Ada"])
def test_the_names_of_doubtful_headers_are_words(head: str, tmp_path: Path) -> None:
    first, second = posts(TIMED.format(head=head), tmp_path)
    assert first[0] is second[0] is None
    assert first[1].startswith(f"{head.removeprefix('• ')}\n\nThe wheel turned well")
    assert second[1] == "Bede\nIt was greased."


def record(text: str, held: dict[str, str], role: str = "post", **more: str) -> PostRecord:
    made = template(text, role)  # type: ignore[arg-type]  # a role of the parameters
    return PostRecord(template=made, first=0, column=0, held=held, body=(0, 0), **more)  # type: ignore[arg-type]


def test_all_that_names_people_is_kept_above_what_the_head_says() -> None:
    held = {"author": "Ada", "handle": "@ada", "answers": "Bede", "time": "3h"}
    made = unnamed(record("{author}\n{handle}\n{answers}\n{time}\n{body}", held, lead="So."))
    assert made.held == {"time": "3h"}
    assert made.lead == "Ada\n@ada\nBede\nSo."
    assert made.tail is None


def test_the_name_behind_the_words_stays_behind_them() -> None:
    made = unnamed(record("{body} {author} {time}", {"author": "Ada", "time": "3h"}, tail="So it is."))
    assert (made.lead, made.tail) == (None, "So it is. Ada")


def test_the_name_of_the_post_above_is_no_words_of_this_one() -> None:
    made = unnamed(record("{time}\n{body}", {"author": "Ada", "handle": "@ada", "time": "3h"}, role="same"))
    assert made.lead == "@ada"
    assert made.held == {"time": "3h"}
