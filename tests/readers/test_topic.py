"""Which post opens a thread that was copied from a forum or a chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.copied_threads import read

SAID = [
    "The gate of the mill leaks.",
    "It was oiled on Monday, I think.",
    "Nobody oils a gate here.",
    "Then who has the key?",
]


def kinds(path: Path, page: str) -> list[tuple[str, str | None]]:
    path.write_text(page)
    found = read(path)
    keys = {post.key: post.body for post in found.posts}
    return [(post.body, keys.get(post.parent or "")) for post in found.posts]


def numbered(first: int) -> str:
    posts = zip(["Ada", "Bede", "Cy", "Ada"], SAID, strict=True)
    return "".join(
        f"Comment {n}\n{who}\n{n} days ago\n\n{said}\n\nReply\n\n" for n, (who, said) in enumerate(posts, first)
    )


@pytest.mark.parametrize(("first", "opens"), [(1, True), (2, False)])
def test_the_post_with_number_one_opens_the_thread(tmp_path: Path, first: int, opens: bool) -> None:
    found = kinds(tmp_path / "dump.txt", numbered(first).replace("Comment ", "#"))
    assert [body for body, _ in found] == SAID
    assert [parent for _, parent in found] == [None, *([SAID[0]] * 3 if opens else [None] * 3)]


@pytest.mark.parametrize(("page", "opens"), [("", True), ("Page 1 of 2\n\n", True), ("Page 2 of 2\n\n", False)])
def test_the_first_post_of_a_topic_is_on_its_first_page(tmp_path: Path, page: str, opens: bool) -> None:
    posts = zip(["ada", "bede", "cy", "ada"], SAID, strict=True)
    told = "".join(f"[09:0{n}] <{who}> {said}\n" for n, (who, said) in enumerate(posts, 1))
    found = [each for each in kinds(tmp_path / "dump.txt", page + told) if each[0] in SAID]
    assert [parent for _, parent in found] == [None, *([SAID[0]] * 3 if opens else [None] * 3)]


FORUM = "Forum\n\n{first}{name}\n4 Mar 2024, 09:00\nThe key is lost.\n\nReport this\n\n" + "".join(
    f"{who}\nMember since 201{n}\n{n} posts\n{n} Mar 2024, 10:0{n}\n{said}\n\nReport this\n\n"
    for n, (who, said) in enumerate(zip(["Bede", "Cy", "Dot", "Em"], SAID, strict=True), 5)
)


def test_words_below_a_head_that_cannot_be_read_open_the_thread(tmp_path: Path) -> None:
    found = kinds(
        tmp_path / "dump.txt", FORUM.format(first="", name="Ada\nA line that no other head has\nAnd one more, too")
    )
    assert "The key is lost." in [body for body, _ in found]
