"""A post of a copied page gets a parent only if one post alone can be meant: a wrong parent is worse than none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.page.replies import ABOVE
from support.copied_threads import read

WORDS = ("The gate leaks.", "Who oils it?", "Nobody has for years.", "The wheel squeaks.", "Ask the council.", "It is shut.",
         "Then open it.", "By whose leave?")  # fmt: skip


def parents(tmp_path: Path, said: list[tuple[str, str]], above: str = "The mill") -> list[str | None]:
    """Return the words of the post that each post answers; ``said`` are the authors and the people whom they answer."""
    path = tmp_path / "dump.txt"
    posts = [
        "\n".join([who, f"{n + 1} days ago", *([f"In response to {whom}"] if whom else []), WORDS[n], "Report", ""])
        for n, (who, whom) in enumerate(said)
    ]
    path.write_text(f"{above}\n\n" + "\n".join(posts))
    found = {post.key: post for post in read(path).posts if post.kind == "post" and post.author}
    assert [post.author and post.author.name for post in found.values()] == [who for who, _ in said]
    return [found[post.parent].body if post.parent in found else None for post in found.values()]


ONCE = [("Ada", ""), ("Bede", "Ada"), ("Cy", ""), ("Dora", "Bede"), ("Esk", "Cy"), ("Cy", "Dora")]


def test_somebody_who_posted_once_is_answered_there(tmp_path: Path) -> None:
    assert parents(tmp_path, ONCE) == [None, WORDS[0], None, WORDS[1], WORDS[2], WORDS[3]]


def test_of_several_posts_of_one_person_none_is_chosen(tmp_path: Path) -> None:
    assert parents(tmp_path, [*ONCE, ("Hob", "Cy")])[-1] is None


@pytest.mark.parametrize("back", [ABOVE - 1, ABOVE])
def test_an_ancestor_is_chosen_if_enough_answers_to_earlier_posts_show_a_tree(tmp_path: Path, back: int) -> None:
    other = [("Dora", "Ada"), ("Esk", "Ada")][:back]
    said = [("Ada", ""), ("Bede", "Ada"), *other, ("Bede", "Esk" if back == ABOVE else "Dora"), ("Hob", "Bede")]
    assert parents(tmp_path, said)[-1] == (WORDS[len(said) - 2] if back == ABOVE else None)


@pytest.mark.parametrize("above", ["The mill\nAda\nShall it close?", "The mill\nPosted by Ada 3 years ago"])
def test_who_may_have_opened_the_thread_is_answered_in_no_certain_post(tmp_path: Path, above: str) -> None:
    assert parents(tmp_path, ONCE, above)[1] is None


def test_who_is_answered_before_any_post_of_theirs_wrote_something_else(tmp_path: Path) -> None:
    said = [("Bede", "Ada"), ("Ada", ""), ("Cy", "Ada"), ("Dora", "Bede"), ("Esk", "Cy")]
    assert parents(tmp_path, said) == [None, None, None, WORDS[0], WORDS[2]]


@pytest.mark.parametrize(("number", "parent", "by"), [(2, 1, "page"), (9, 0, "source")])
def test_a_first_line_names_the_number_of_the_answered_post(tmp_path: Path, number: int, parent: int, by: str) -> None:
    path = tmp_path / "dump.txt"
    who = ["Ada", "Bede", "Cy", "Dora", "Esk"]
    said = [*WORDS[:4], f"(In reply to Bede from comment #{number})\n{WORDS[4]}"]
    path.write_text("".join(f"Comment {n} {who[n - 1]} {n} days ago\n\n{said[n - 1]}\n\n" for n in range(1, 6)))
    posts = [post for post in read(path).posts if post.kind == "post" and post.author]
    assert (posts[-1].parent, posts[-1].parent_by) == (posts[parent].key, by)


def test_a_line_about_what_somebody_did_names_nobody_who_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    who = ["Ada", "Bede", "Cy", "Dora", "Ada", "Bede", "Cy", "Dora"]
    liked = ["", "Ada", "Bede", "", "Cy", "Dora", "", ""]
    path.write_text(
        "".join(
            f"{a}\n{n + 1} days ago\n{WORDS[n]} It is so.\n{f'Starred by {b}' + chr(10) if b else ''}\n"
            for n, (a, b) in enumerate(zip(who, liked, strict=True))
        )
    )
    assert not any(post.parent_by == "page" for post in read(path).posts)


@pytest.mark.parametrize(("other", "name"), [("Cy", "z  z"), ("z", "z")])
def test_a_name_with_two_spaces_in_it_shows_nobody_who_is_answered(tmp_path: Path, other: str, name: str) -> None:
    path = tmp_path / "dump.txt"
    said = [("Ada", 1), ("z  z", 2), (other, 3), ("z  z", 4), ("Ada", 5), ("Bede", 6)]
    path.write_text("".join(f"{who}\n{WORDS[n]}\nLike\nReply\n{n}h\n" for who, n in said))
    assert [post.author and post.author.name for post in read(path).posts if post.body == WORDS[4]] == [name]
