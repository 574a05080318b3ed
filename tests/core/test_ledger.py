"""An address that was published once leads to its post, or says that it is gone, whatever happens to the dumps."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site
from rostra.identity import permalinks
from rostra.identity.ledger import Traits
from rostra.identity.post_matching import recognised
from rostra.new_site import FILES
from support.archive_year import Year
from support.changing_site import files

OWN = permalinks._own


@pytest.mark.parametrize(("seed", "page"), [(1, 1000), (2, 10)])
def test_in_a_year_of_changes_no_address_is_lost_on_any_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, page: int
) -> None:
    year = Year(tmp_path, seed, debates=28, page=page)
    for month in range(12):
        if month == 4:
            # A later version of Rostra makes ids by another recipe.
            monkeypatch.setattr(permalinks, "_own", lambda *about: OWN(*about)[::-1])
        if month == 8:
            # A later reader finds other ids in the same dumps.
            year.prefix = "post-"
        year.round()
        assert not year.lost(), (seed, month)
        year.note()
    assert len(year.posts) > 250
    assert len(year.dumps) > 20
    assert {"edit", "rewrite", "rename", "title", "id", "less", "split", "merge", "name", "correct", "withdraw", "again", "tool", "parts"} <= year.done.keys()  # fmt: skip


@pytest.mark.parametrize("seed", range(3, 7))
def test_what_was_built_month_by_month_is_what_a_clean_build_makes(tmp_path: Path, seed: int) -> None:
    year = Year(tmp_path / "year", seed, debates=4)
    for month in range(3):
        year.round()
        # With the ledger, which is all that another machine has.
        clean = shutil.copytree(
            year.root, tmp_path / f"clean{month}", ignore=shutil.ignore_patterns(".rostra", "public")
        )
        build(load_site(clean))
        assert files(clean / "public") == files(year.public)
        assert (clean / LEDGER).read_bytes() == (year.root / LEDGER).read_bytes()


def test_without_its_ledger_everything_builds_and_most_addresses_hold(tmp_path: Path) -> None:
    year = Year(tmp_path, 7, debates=28)
    for month in range(12):
        if month == 6:
            (tmp_path / LEDGER).unlink()
        year.round()
        year.note()
    lost = {address for kind, address in year.lost() if kind == "post" and "index.html" in address}
    assert 0 < len(lost) < len(year.posts) / 2


def test_a_rebuild_leaves_the_ledger_as_it_is_and_so_does_one_without_what_was_kept(tmp_path: Path) -> None:
    year = Year(tmp_path, 8, debates=10)
    for _ in range(4):
        year.round()
    ledger = (tmp_path / LEDGER).read_bytes()
    assert sorted(ledger.splitlines()[1:]) != []
    for _ in range(2):
        build(load_site(tmp_path))
        assert (tmp_path / LEDGER).read_bytes() == ledger
        for path in (tmp_path / ".rostra").glob("*.sqlite"):
            path.unlink()


def test_ledgers_of_two_branches_are_simply_put_together(tmp_path: Path) -> None:
    year = Year(tmp_path, 9, debates=6)
    year.round()
    year.note()
    base = (tmp_path / LEDGER).read_text()
    lines = base.splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    (tmp_path / LEDGER).write_text(
        "<<<<<<< ours\n" + "".join(lines) + "=======\n" + "".join(lines[:20]) + ">>>>>>> theirs\n"
    )
    build(load_site(tmp_path))
    assert (tmp_path / LEDGER).read_text() == base
    assert not year.lost()


def test_what_was_only_looked_at_is_not_noted(tmp_path: Path) -> None:
    year = Year(tmp_path, 10, debates=3)
    year.round()
    ledger = (tmp_path / LEDGER).read_bytes()
    year.add("txt")
    year.debates[-1].write(tmp_path / "content", "")
    build(load_site(tmp_path, previewed=True))
    assert (tmp_path / LEDGER).read_bytes() == ledger
    (tmp_path / f"content/{year.debates[-1].name}.txt").unlink()
    build(load_site(tmp_path, previewed=True))
    assert not (tmp_path / f"public/debates/{year.debates[-1].name}").exists()


def test_a_debate_that_is_gone_says_so_at_its_address(tmp_path: Path) -> None:
    year = Year(tmp_path, 11, debates=2)
    year.round()
    name = year.debates[0].name
    (tmp_path / f"content/{name}.jsonl").unlink()
    build(load_site(tmp_path))
    page = (tmp_path / f"public/debates/{name}/index.html").read_text()
    assert "no longer here" in page
    assert "refresh" not in page
    document = json.loads((tmp_path / f"public/debates/{name}/thread.json").read_bytes())
    assert document["posts"] == []
    assert len(document["kept"]) == len(year.debates[0].posts)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_no_two_posts_are_recognised_as_one_and_what_did_not_change_is_itself(
    kinds: list[int], chance: random.Random
) -> None:
    known = {
        f"p-{n}": Traits(
            native=str(n) if kind else "", words=f"words{kind:05}", moment=f"who{kind % 2}", parent="", sketch=""
        )
        for n, kind in enumerate(kinds)
    }
    posts = list(known.items())
    assert recognised(posts, known) == {id: id for id in known}
    chance.shuffle(posts)
    found = recognised([(f"x-{id}", traits) for id, traits in posts], known)
    assert len(set(found.values())) == len(found)


def test_two_posts_of_one_source_with_the_same_words_are_two() -> None:
    same = Traits(native="a", words="samewords0", moment="ada-monday", parent="", sketch="")
    other = Traits(native="b", words="samewords0", moment="ada-sunday", parent="", sketch="")
    third = Traits(native="c", words="elsewhere0", moment="bede-today", parent="", sketch="")
    assert recognised([("p-b", other), ("p-c", third)], {"p-a": same, "p-c": third}) == {"p-c": "p-c"}


DAMAGE = [
    "gate p-1 abc",
    "gate p-1 > ../../../etc p-1",
    "../../escaped @ content/gate.txt",
    '"><script> p-1 - - - - -',
    "gate p-<b> - - - - -",
    "gate p-1 ! ! - - - - -",
    "gate",
    "\x00\x01\x02",
    "gate p-1 > weir p-1 p-2",
    "gate p-1 a b c d " + "x" * 10_000 + "!",
]


@pytest.mark.parametrize("damage", [line.encode() for line in DAMAGE] + [b"gate p-1 \xff\xfe - - - -"])
def test_a_damaged_line_is_a_problem_that_names_it_and_stays_to_be_mended(tmp_path: Path, damage: bytes) -> None:
    year = Year(tmp_path, 12, debates=4)
    year.round()
    year.note()
    lines = (tmp_path / LEDGER).read_bytes().splitlines()
    (tmp_path / LEDGER).write_bytes(b"\n".join([*lines[:5], damage, *lines[5:]]) + b"\r\n")
    for _ in range(2):
        report = build(load_site(tmp_path))
        (problem,) = [problem for path, problem in report.problems if path == LEDGER]
        after = (tmp_path / LEDGER).read_bytes().splitlines()
        assert problem.line is not None
        assert after[problem.line - 1] == damage
        assert sorted(after) == sorted([*lines, damage])
    assert not year.lost()
    assert not (tmp_path / "escaped").exists()
    (tmp_path / LEDGER).write_bytes(b"\n".join(lines) + b"\n")
    assert not [path for path, _ in build(load_site(tmp_path)).problems if path == LEDGER]


def test_two_people_add_dumps_on_two_branches_and_merge_without_a_conflict(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words], cwd=tmp_path, check=True, capture_output=True)  # fmt: skip

    year = Year(tmp_path, 13, debates=8)
    (tmp_path / ".gitattributes").write_text(FILES[".gitattributes"])
    (tmp_path / ".gitignore").write_text(FILES[".gitignore"])
    git("init", "-b", "main")
    year.round()
    year.note()
    git("add", ".")
    git("commit", "-m", "The first dumps.")
    base = dict.fromkeys(year.debates)
    for branch, edited in (("ada", 0), ("bede", 1)):
        git("checkout", "-b", branch, "main")
        theirs = list(base)[edited]
        # Each adds debates, and one edits what the other leaves alone; both rename the third.
        for kind in ("txt", "jsonl"):
            year.add(kind)
        post = next(iter(theirs.posts.values()))
        post.words[3] = f"edited by {branch}"
        for debate in (theirs, *year.debates[-2:]):
            debate.write(tmp_path / "content", "")
        assert not build(load_site(tmp_path)).failures
        year.note()
        git("add", ".")
        git("commit", "-m", f"What {branch} found.")
    git("merge", "--no-edit", "ada")
    assert "<<<" not in (tmp_path / LEDGER).read_text()
    report = build(load_site(tmp_path))
    assert not [path for path, _ in report.problems if path == LEDGER]
    assert len(year.debates) == 12
    assert {debate.name for debate in year.debates} <= {debate for debate, _ in year.posts}
    assert not year.lost()
    first = (tmp_path / LEDGER).read_bytes()
    (tmp_path / ".rostra/editions.sqlite").unlink()
    build(load_site(tmp_path))
    assert (tmp_path / LEDGER).read_bytes() == first
