"""What the head of the first post has in place of lines that all others have."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rostra.readers.copied.layout import Template, prepared, template
from rostra.readers.copied.learning.first_heads import with_first_head
from support.copied_threads import read

OWN = template("{author}\nMember\n{time}\n{body}")


def learned(*above: str, people: Counter[str] | None = None, own: Template = OWN) -> list[str]:
    lines = prepared([*above, "2 hours ago", "It rains."])
    return list(map(str, with_first_head(lines, len(above), own, people or Counter({"ada": 1})).items))


def test_a_rank_of_the_first_post_is_optional_as_that_of_the_others_is() -> None:
    assert learned("Ada", "Keeper") == ["{author}", "? keeper", "? Member", "{time}", "{body}"]


def test_lines_of_the_first_head_keep_their_order() -> None:
    own = template("{author}\nMember\n{number} posts\n{time}\n{body}")
    for above, added in (
        (("Member", "3 posts", "Starter"), 3),
        (("Member", "Starter", "3 posts"), 2),
        (("Starter", "Member", "3 posts"), 1),
    ):
        found = ["{author}", "? Member", "? {number} posts", "{time}", "{body}"]
        assert learned("Ada", *above, own=own) == [*found[:added], "? starter", *found[added:]]


@pytest.mark.parametrize(("lines", "found"), [(3, True), (4, False)])
def test_the_name_is_near_the_time(lines: int, found: bool) -> None:
    said = ["Keeper", "Reporter", "Guest", "Friend"][:lines]
    assert ("? keeper" in learned("Ada", *said)) is found


@pytest.mark.parametrize(("length", "found"), [(60, True), (61, False)])
def test_such_a_line_is_brief(length: int, found: bool) -> None:
    assert (len(learned("Ada", "k" * length)) == 5) is found


@pytest.mark.parametrize(
    "above",
    [
        ("Bede", "Keeper"),
        ("Ada", "It rains. So what?"),
        ("Ada", "Keeper", "It rains. So what?"),
        ("Ada", "3 hours ago"),
        ("Ada", "Member"),
        ("Ada",),
    ],
)
def test_nothing_else_is_a_rank(above: tuple[str, ...]) -> None:
    assert learned(*above) == ["{author}", "Member", "{time}", "{body}"]


def test_the_commonest_name_is_the_name() -> None:
    assert "? keeper" in learned("Ada", "Keeper", people=Counter({"ada": 2, "keeper": 1}))
    assert "? keeper" in learned("Ada", "Keeper", people=Counter({"ada": 1, "keeper": 1}))
    assert learned("Ada", "Keeper", people=Counter({"ada": 1, "keeper": 2}))[1] == "Member"


def test_a_name_below_the_time_or_none_changes_nothing() -> None:
    for own in (
        "{time}\n{author}\nMember\n{body}",
        "Member\nsince\n{time}\n{body}",
        "{author}\n{time}\n{body}",
        "{author}\nMember\n{body}\n{time}",
    ):
        made = template(own)
        assert learned("Ada", "Keeper", own=made) == list(map(str, made.items))


def test_the_last_line_of_a_page_is_not_above_the_first() -> None:
    lines = prepared(["Keeper", "2 hours ago", "It rains.", "Ada"])
    assert with_first_head(lines, 1, OWN, Counter({"ada": 1})) == OWN


@pytest.mark.parametrize("first", [1, 2])
def test_first_posts_of_another_rank_are_posts(tmp_path: Path, first: int) -> None:
    people = ["Ada", "Bede", "Cy", "Ada", "Bede", "Cy", "Ada", "Bede"]
    ranks = ["Keeper"] * first + ["Member"] * 8
    posts = zip(people, ranks, strict=False)
    page = "".join(
        f"{who}\n{rank}\n{n + 2} hours ago\n\nIt rains {'a lot ' * n}here.\n\n{n}\nLike\n\n"
        for n, (who, rank) in enumerate(posts)
    )
    (tmp_path / "dump.txt").write_text(page, encoding="utf-8")
    found = [post for post in read(tmp_path / "dump.txt").posts if post.kind == "post"]
    assert [post.author.name if post.author else None for post in found] == people
