"""Where space alone shows which post a line with a time belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.copied_threads import read

WHO = ("Ada", "Bede", "Cy", "Ada", "Dora")


@pytest.mark.parametrize(("within", "first"), [(1, "It leaks."), (2, "The mill")])
def test_the_first_post_begins_below_more_space_than_is_within_posts(tmp_path: Path, within: int, first: str) -> None:
    path = tmp_path / "dump.txt"
    gap = "\n" * within
    path.write_text(
        "The mill\n\n\n"
        + "\n\n\n".join(f"It leaks.\n{gap}Oil it, {n}.\nposted by {who} {n + 2} days ago" for n, who in enumerate(WHO))
    )
    posts = [post for post in read(path).posts if post.author]
    assert [post.author and post.author.name for post in posts] == list(WHO)
    assert posts[0].body.startswith(first)


@pytest.mark.parametrize("changed", [3, 4, 5])
def test_times_of_changes_are_those_of_posts_only_if_there_are_no_others(tmp_path: Path, changed: int) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "".join(
            f"{who}\n{n + 2} May 2021\nIt leaks, {n}.\n"
            + (f"Edited by Hob on {n + 3} May 2021\n" if n < changed else "")
            + "\n"
            for n, who in enumerate(WHO)
        )
    )
    assert "Hob" not in {post.author.name for post in read(path).posts if post.author}
