"""Debates go one by one, or with a word: more than a tenth of all at once is refused, by a branch and by object storage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rostra.errors import RostraError
from rostra.publish.branch import Wish, publish
from rostra.publish.difference import SHOWN, Difference, compare, listing
from rostra.publish.removals import refuse_lost_addresses, refuse_removals
from rostra.publish.storage import put, upload
from support.site_repository import Home


def debates(count: int, *, gone: int = 0) -> list[str]:
    """The files of so many debates, of which the first ones are gone."""
    live = [f"debates/d{number:03}/citations.bib" for number in range(gone, count)]
    return ["index.html", *(f"debates/d{number:03}/index.html" for number in range(count)), *live]


@pytest.mark.parametrize(
    ("count", "gone", "refused"),
    [
        (20, 2, False), (20, 3, True), (19, 2, True), (21, 2, False), (100, 10, False), (100, 11, True), (10, 1, False), (9, 1, False),
        (1, 1, False), (2, 1, False), (2, 2, True), (3, 2, True), (2, 0, False), (0, 0, False), (1000, 100, False), (1000, 101, True),
    ],
)  # fmt: skip
def test_more_than_a_tenth_and_more_than_one_is_refused(tmp_path: Path, count: int, gone: int, refused: bool) -> None:
    old, new = debates(count), debates(count, gone=gone)
    if not refused:
        refuse_removals(tmp_path, old, new)
        return
    with pytest.raises(
        RostraError, match=f"^{gone} of {count:,} debates would be removed at once: d000, d001"
    ) as error:
        refuse_removals(tmp_path, old, new)
    assert "--accept-removals" in (error.value.hint or "")


def test_new_debates_are_no_amends_for_those_that_go(tmp_path: Path) -> None:
    new = [path.replace("/d", "/e") for path in debates(50)]
    with pytest.raises(RostraError, match="2 of 2 debates"):
        refuse_removals(tmp_path, debates(2), [*new, *debates(2, gone=2)])


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (json.dumps({"moved_to": "elsewhere"}), False), (json.dumps({"moved_to": None}), True), (json.dumps({"moved_to": ""}), True),
        (json.dumps({}), True), ("[]", True), ("", True), (None, True),
    ],
)  # fmt: skip
def test_a_debate_that_moved_is_not_gone(tmp_path: Path, said: str | None, refused: bool) -> None:
    for name in ("d000", "d001"):
        (tmp_path / "debates" / name).mkdir(parents=True)
        if said is not None:
            (tmp_path / f"debates/{name}/thread.json").write_text(said)
    if refused:
        with pytest.raises(RostraError, match="d000, d001"):
            refuse_removals(tmp_path, debates(4), debates(4, gone=2))
    else:
        refuse_removals(tmp_path, debates(4), debates(4, gone=2))


@pytest.mark.parametrize("path", ["debates/d000/citations.bib/x", "debates/citations.bib", "other/d000/citations.bib", "debates/d000/x.bib"])  # fmt: skip
def test_only_what_stands_beside_a_debate_tells_of_one(tmp_path: Path, path: str) -> None:
    refuse_removals(tmp_path, [path, path.replace("d000", "d001"), path.replace("other", "another")], [])


def test_an_address_that_would_lead_nowhere_is_refused_and_one_is_enough() -> None:
    refuse_lost_addresses(debates(3), debates(3), "or so")
    refuse_lost_addresses(["debates/index.html", "debates/a/2.html", "people/a/index.html"], [], "or so")
    with pytest.raises(RostraError, match=r"^debates/d002/index\.html was published and would be missing\n") as refused:
        refuse_lost_addresses(debates(3), debates(2), "or so")
    assert (refused.value.hint or "").endswith("; or so")
    with pytest.raises(RostraError, match=r"^debates/d001/index\.html was .* missing, and 1 more\n"):
        refuse_lost_addresses(debates(3), debates(1), "or so")
    with pytest.raises(RostraError, match=r"^debates/d000/index\.html was .* missing, and 299 more\n"):
        refuse_lost_addresses(debates(300), [], "or so")


def test_names_are_listed_as_far_as_a_reader_reads() -> None:
    names = [f"n{number}" for number in range(SHOWN + 2)]
    assert listing(names[:SHOWN]) == "n0, n1, n2, n3, n4"
    assert listing(names[: SHOWN + 1]) == "n0, n1, n2, n3, n4 and 1 more"
    assert listing(names) == "n0, n1, n2, n3, n4 and 2 more"
    assert listing(["é", "a\nb", "\u202e"]) == r"é, a\nb, \u202e"


def test_a_difference_says_what_differs_and_is_none_where_nothing_does() -> None:
    assert not compare({"a": "1"}, {"a": "1"})
    for old, new, said in (({}, {"a": "1"}, "1 added (a)"), ({"a": "1"}, {"a": "2"}, "1 changed (a)"), ({"a": "1"}, {}, "1 removed (a)")):  # fmt: skip
        found = compare(old, new)
        assert found
        assert str(found) == said
    many = Difference(added=("b", "c"), changed=("d",), removed=("e",))
    assert str(many) == "2 added (b, c), 1 changed (d), 1 removed (e)"


def archive(home: Home, count: int) -> None:
    """So many debates besides the one that is there."""
    for number in range(count):
        (home.folder / f"content/d{number}.txt").write_text(
            f"Shall we open gate {number}?\n\n    1 year ago\n\n    It is gate {number}.\n"
        )
    home.settle()


Publish = Callable[..., object]


def branch(home: Home, **how: bool) -> object:
    return publish(home.site, Wish(**how))  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["branch", "storage", "output"])
def test_debates_whose_dumps_are_gone_are_named_before_they_go(home: Home, tmp_path: Path, where: str) -> None:
    target = f"memory://{tmp_path.name}"

    def send(**how: bool) -> object:
        if where == "branch":
            return branch(home, **how)
        return (upload if where == "storage" else put)(home.site, target, **how)

    archive(home, 3)
    send()
    # One may go, however few there are.
    (home.folder / "content/d0.txt").unlink()
    home.settle()
    send()
    for number in (1, 2):
        (home.folder / f"content/d{number}.txt").unlink()
    home.settle()
    for dry_run in (True, False):
        with pytest.raises(RostraError, match="2 of 3 debates would be removed at once: d1, d2"):
            send(dry_run=dry_run)
    send(accept_removals=True)
    # What is gone is gone, and no longer of any count.
    home.write("content/more.md", "# More\n")
    send()


def test_debates_that_are_given_other_addresses_do_not_go(home: Home) -> None:
    archive(home, 3)
    branch(home)
    for number in range(3):
        (home.folder / f"content/d{number}.toml").write_text(f'id = "gate-{number}"\n')
    home.settle()
    branch(home)
    assert {"debates/gate-2/thread.json", "debates/d2/thread.json", "debates/d2/feed.xml"} <= home.files()
    assert "debates/gate-2/feed.xml" not in home.files()
