"""What is not ours stays as it is, whatever stands in SHA256SUMS, and what is ours is known, whatever became of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.errors import UsageError
from rostra.output import journal
from rostra.output.manifest import MANIFEST, Standing, owned, parse_manifest
from rostra.output.obstacles import Obstacles
from rostra.output.report import Written
from rostra.output.staging import OutputFile, StagedFile
from rostra.output.writer import Writer
from support.changing_site import files

FEED, SAID = "feed.xml", "<feed><generator>Rostra</generator></feed>"


def write(folder: Path, site: dict[str, str], output: str = "public") -> Written:
    with Writer(folder / output, folder / "kept") as writer:
        for path, text in site.items():
            writer.put(OutputFile(path, text.encode()))
    assert writer.written is not None
    return writer.written


def present(folder: Path, output: str = "public") -> dict[str, str]:
    return {path: said.decode() for path, said in files(folder / output).items() if path != MANIFEST}


def listing(site: dict[str, str]) -> str:
    """A list of files as tools make them."""
    return "".join(f"{sha256(text.encode()).hexdigest()}  {path}\n" for path, text in sorted(site.items()))


def manifest(site: dict[str, str]) -> str:
    """One as Rostra writes it."""
    return listing({path: text for path, text in site.items() if path != FEED}) + listing({FEED: site[FEED]})


def lay(folder: Path, site: dict[str, str]) -> None:
    for path, text in site.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def refuse(folder: Path, site: dict[str, str], what: str) -> None:
    """A build is refused that names what is in its way, and nothing is changed by it."""
    before = files(folder)
    with pytest.raises(UsageError) as raised:
        write(folder, site)
    assert f"{folder}/public/{what} is" in raised.value.message
    assert raised.value.hint
    assert files(folder) == before


STRANGE = [
    ("index.html", "index.html", "index.html"),
    ("a", "a/b/index.html", "a"),
    ("a/b", "a/b/c/index.html", "a/b"),
    ("a/b/own.txt", "a/b", "a/b/own.txt"),
    ("a/b/c/d/own.txt", "a", "a/b/c/d/own.txt"),
]


@pytest.mark.parametrize("ours", [{}, {"early.html": "early", "old.html": "old"}])
@pytest.mark.parametrize(("theirs", "path", "named"), STRANGE)
def test_a_stranger_s_file_in_the_way_is_named_before_anything_is_placed(
    tmp_path: Path, ours: dict[str, str], theirs: str, path: str, named: str
) -> None:
    if ours:
        write(tmp_path, ours)
    lay(tmp_path / "public", {theirs: "mine"})
    refuse(tmp_path, {"early.html": "early", "first.html": "first", path: "page"}, named)
    (tmp_path / "public" / theirs).unlink()
    write(tmp_path, {"early.html": "early", "first.html": "first", path: "page"})
    assert present(tmp_path) == {"early.html": "early", "first.html": "first", path: "page"}


@pytest.mark.parametrize(("theirs", "path", "named"), [*STRANGE, ("a", "a", "a")])
def test_a_link_in_the_way_is_named_and_nobody_writes_through_it(
    tmp_path: Path, theirs: str, path: str, named: str
) -> None:
    lay(tmp_path / "elsewhere", {"own.txt": "mine", "b/index.html": "mine", "c/index.html": "mine"})
    write(tmp_path, {"first.html": "first"})
    (tmp_path / "public" / theirs).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "public" / theirs).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    refuse(tmp_path, {"first.html": "first", path: "page"}, named)
    assert (tmp_path / "public" / theirs).is_symlink()


@pytest.mark.parametrize(
    "changes", [{"a/b/c.html": "new"}, {"a/new.html": "new", "a/b/c.html": "old"}, {"index.html": "old"}]
)
@pytest.mark.parametrize("linked", ["a", "a/b"])
def test_nothing_is_written_or_removed_through_a_folder_of_ours_that_became_a_link(
    tmp_path: Path, linked: str, changes: dict[str, str]
) -> None:
    write(tmp_path, {"index.html": "old", "a/b/c.html": "old"})
    (tmp_path / "public" / linked).rename(tmp_path / "elsewhere")
    (tmp_path / "public" / linked).symlink_to(tmp_path / "elsewhere")
    site = {"index.html": "new"} | changes
    if linked == "a/b" and "a/new.html" in changes:
        # Nothing of what is linked changes.
        write(tmp_path, site)
    else:
        refuse(tmp_path, site, linked)
    assert files(tmp_path / "elsewhere") in ({"b/c.html": b"old"}, {"c.html": b"old"})


@pytest.mark.parametrize("site", [{"a.html": "new"}, {"b.html": "b"}])
def test_a_link_in_the_place_of_a_file_of_ours_goes_and_what_it_leads_to_stays(
    tmp_path: Path, site: dict[str, str]
) -> None:
    write(tmp_path, {"a.html": "old", "b.html": "b"})
    (tmp_path / "mine.html").write_text("mine")
    (tmp_path / "public/a.html").unlink()
    (tmp_path / "public/a.html").symlink_to("../mine.html")
    write(tmp_path, site)
    assert present(tmp_path) == site
    assert not (tmp_path / "public/a.html").is_symlink()
    assert (tmp_path / "mine.html").read_text() == "mine"


def test_a_folder_in_the_place_of_a_file_of_ours_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path, {"a": "page", "b": "page"})
    (tmp_path / "public/a").unlink()
    lay(tmp_path / "public", {"a/own.txt": "mine"})
    assert write(tmp_path, {"b": "page"}).removed == ()
    assert present(tmp_path) == {"b": "page", "a/own.txt": "mine"}


def keep_beside(folder: Path, stays: str, path: str) -> None:
    with Writer(folder / "public", folder / "kept") as writer:
        assert writer.keep({stays: sha256(b"page").hexdigest()})
        writer.put(OutputFile(path, b"page"))


@pytest.mark.parametrize(("stays", "path"), [("a", "a/b"), ("a/b", "a")])
def test_a_file_of_the_new_site_gives_way_to_no_other(tmp_path: Path, stays: str, path: str) -> None:
    write(tmp_path, {stays: "page"})
    with pytest.raises(UsageError, match="cannot be both a file and a folder") as raised:
        keep_beside(tmp_path, stays, path)
    assert "another `id` in its card" in (raised.value.hint or "")
    assert present(tmp_path) == {stays: "page"}
    assert not (tmp_path / "kept" / journal.JOURNAL).exists()


def test_what_a_machine_staged_that_does_not_see_the_site_is_not_placed_again(tmp_path: Path) -> None:
    write(tmp_path, {"a": "page"})
    with Writer(tmp_path / "public", tmp_path / "kept") as writer:
        writer.receive([StagedFile("a", sha256(b"page").hexdigest(), is_new=True)])
    assert writer.written == Written(files=2, changed=(), removed=())
    assert present(tmp_path) == {"a": "page"}


def test_what_other_machines_staged_is_fetched_before_it_is_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def fetch(paths: Iterable[str]) -> None:
        asked.extend(paths)
        for path in asked:
            Path(path).write_text("page")

    monkeypatch.setattr("rostra.output.writer.fetch", fetch)
    with Writer(tmp_path / "public", tmp_path / "kept") as writer:
        writer.receive([StagedFile("a", sha256(b"page").hexdigest(), is_new=True)])
        staged = str(writer.staging / "a")
    assert asked == [staged]
    assert present(tmp_path) == {"a": "page"}


def test_folders_without_files_are_nobody_s(tmp_path: Path) -> None:
    (tmp_path / "public/a/b/c").mkdir(parents=True)
    (tmp_path / "public/a/d").mkdir()
    write(tmp_path, {"a": "page"})
    assert present(tmp_path) == {"a": "page"}


def test_a_file_with_the_very_bytes_of_a_build_becomes_ours_and_is_not_written(tmp_path: Path) -> None:
    lay(tmp_path / "public", {"a.html": "page", "b.html": "page"})
    assert write(tmp_path, {"a.html": "page", "b.html": "page"}).changed == ()
    assert write(tmp_path, {"a.html": "new"}).removed == ("b.html",)
    assert present(tmp_path) == {"a.html": "new"}


def test_a_link_to_the_very_bytes_of_a_build_does_not(tmp_path: Path) -> None:
    # As many bytes as the link itself has.
    lay(tmp_path, {"mine.html": "../mine.html"})
    (tmp_path / "public").mkdir()
    (tmp_path / "public/a.html").symlink_to("../mine.html")
    refuse(tmp_path, {"a.html": "../mine.html"}, "a.html")


OURS = {"a/b.html": "old", "c.html": "old", FEED: SAID}
MINE = {"mine.txt": "mine", "zz.txt": "mine"}
DAMAGES = {
    "gone": lambda said: None,
    "empty": lambda said: "",
    "cut": lambda said: said[: len(said) // 2],
    "a stranger's": lambda said: listing(MINE),
    "a stranger's with ours": lambda said: listing(OURS | MINE),
    "with another line": lambda said: said + listing({"zz.txt": "mine"}),
    "other digests": lambda said: listing(dict.fromkeys(OURS, "other")),
    "garbage": lambda said: "\0\xff\n" * 99,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_became_of_the_list_of_files_ours_are_known(tmp_path: Path, damage: str) -> None:
    write(tmp_path, OURS)
    lay(tmp_path / "public", MINE)
    said = DAMAGES[damage]((tmp_path / "public" / MANIFEST).read_text())
    if said is None:
        (tmp_path / "public" / MANIFEST).unlink()
    else:
        (tmp_path / "public" / MANIFEST).write_text(said)
    (tmp_path / "public/c.html").write_text("by hand")
    written = write(tmp_path, {"c.html": "old", FEED: SAID})
    assert (written.changed, written.removed) == (("c.html",), ("a/b.html",))
    assert present(tmp_path) == {"c.html": "old", FEED: SAID} | MINE
    assert (tmp_path / "public" / MANIFEST).read_text() == manifest({"c.html": "old", FEED: SAID})
    assert not any(owned(tmp_path / "public", tmp_path / "kept")[0].keys() & MINE.keys())


def test_where_the_list_of_files_is_not_ours_times_tell_nothing(tmp_path: Path) -> None:
    write(tmp_path, OURS)
    (tmp_path / "public/c.html").write_text("by hand")
    # It is newer than what was changed before it.
    (tmp_path / "public" / MANIFEST).write_text(listing(OURS))
    assert Standing(tmp_path / "public", tmp_path / "kept").touched == {"c.html"}


def test_what_is_ours_is_written_down_though_nothing_changed(tmp_path: Path) -> None:
    write(tmp_path, OURS)
    shutil.rmtree(tmp_path / "kept")
    assert not (done := write(tmp_path, OURS)).changed + done.removed
    (tmp_path / "public" / MANIFEST).unlink()
    assert owned(tmp_path / "public", tmp_path / "kept")[0].keys() == OURS.keys()


NEXT = {"c.html": "new", FEED: SAID}


def test_a_site_that_was_brought_here_is_known_by_its_list_of_files(tmp_path: Path) -> None:
    write(tmp_path, OURS)
    lay(tmp_path / "public", MINE)
    shutil.rmtree(tmp_path / "kept")
    assert write(tmp_path, NEXT).removed == ("a/b.html",)
    assert present(tmp_path) == NEXT | MINE


def test_what_another_machine_built_is_known_beside_what_was_built_here(tmp_path: Path) -> None:
    """As where `public/` is kept in a repository, and pulled."""
    write(tmp_path, OURS)
    theirs = OURS | {"d/e.html": "theirs", "c.html": "theirs"}
    lay(tmp_path / "public", theirs | MINE | {MANIFEST: manifest(theirs)})
    assert write(tmp_path, NEXT).removed == ("a/b.html", "d/e.html")
    assert present(tmp_path) == NEXT | MINE


def test_a_list_of_an_earlier_version_is_known_where_nothing_else_is(tmp_path: Path) -> None:
    lay(tmp_path / "public", OURS | {MANIFEST: listing(OURS)})
    write(tmp_path, NEXT)
    assert present(tmp_path) == NEXT


UNPROVEN = {
    "no feed": lambda site: {path: text for path, text in site.items() if path != FEED},
    "somebody's feed": lambda site: site | {FEED: "<feed><generator>Another</generator></feed>"},
}


@pytest.mark.parametrize("without", UNPROVEN)
def test_a_list_that_no_build_wrote_makes_nothing_ours(tmp_path: Path, without: str) -> None:
    site = UNPROVEN[without](OURS)
    lay(
        tmp_path / "public",
        site | {MANIFEST: manifest(site | {FEED: site.get(FEED, "")}) if FEED in site else listing(site)},
    )
    refuse(tmp_path, NEXT, "c.html")
    (tmp_path / "public/c.html").unlink()
    refuse(tmp_path, {"c.html": "new"}, MANIFEST)


@pytest.mark.parametrize("path", ["feed.xml", "c.html"])
def test_what_somebody_changed_is_theirs_where_only_a_list_tells_that_it_was_ours(tmp_path: Path, path: str) -> None:
    write(tmp_path, OURS)
    shutil.rmtree(tmp_path / "kept")
    (tmp_path / "public" / path).write_text("by hand")
    refuse(tmp_path, NEXT, "c.html")


def test_a_link_is_not_proven_by_what_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path, OURS)
    shutil.rmtree(tmp_path / "kept")
    (tmp_path / "public/c.html").rename(tmp_path / "mine.html")
    (tmp_path / "public/c.html").symlink_to("../mine.html")
    refuse(tmp_path, NEXT, "c.html")
    write(tmp_path, {"a/b.html": "old", FEED: SAID})
    assert (tmp_path / "public/c.html").is_symlink()


def test_what_was_built_into_one_folder_says_nothing_of_another(tmp_path: Path) -> None:
    write(tmp_path, {"c.html": "old"})
    lay(tmp_path / "www", {"c.html": "mine"})
    with pytest.raises(UsageError, match=r"www/c\.html is in the way"):
        write(tmp_path, {"c.html": "new"}, "www")
    assert present(tmp_path, "www") == {"c.html": "mine"}
    (tmp_path / "www/c.html").unlink()
    assert write(tmp_path, {"c.html": "new"}, "www").removed == ()
    assert present(tmp_path) == {"c.html": "old"}


def test_an_empty_list_of_files_is_nobody_s(tmp_path: Path) -> None:
    lay(tmp_path / "public", {MANIFEST: ""})
    write(tmp_path, {"c.html": "new"})
    assert present(tmp_path) == {"c.html": "new"}


@pytest.mark.parametrize("path", ["../x", "a/../x", "./x", "a//x", "a/./x", "/x", "a\\x", "..", "a/.."])
def test_no_path_of_another_spelling_is_ours(path: str) -> None:
    assert parse_manifest(listing({path: "x", ".x": "x", "a/..x": "x", "a/x.": "x", "x./y": "x"})).keys() == {".x", "a/..x", "a/x.", "x./y"}  # fmt: skip


def test_a_site_that_moves_as_a_whole_keeps_what_is_ours(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write(tmp_path / "one", {"a.html": "old", "b.html": "old"})
    (tmp_path / "one").rename(tmp_path / "two")
    assert write(tmp_path / "two", {"a.html": "new"}).removed == ("b.html",)


def test_a_folder_is_the_one_that_the_system_finds(tmp_path: Path) -> None:
    (tmp_path / "elsewhere/deep").mkdir(parents=True)
    (tmp_path / "linked").symlink_to("elsewhere/deep", target_is_directory=True)
    write(tmp_path, {"a.html": "old"}, "linked/../site")
    assert present(tmp_path, "elsewhere/site") == {"a.html": "old"}
    assert write(tmp_path, {"a.html": "new"}, "linked/../site").changed == ("a.html",)
    assert present(tmp_path, "elsewhere/site") == {"a.html": "new"}
    assert not (tmp_path / "site").exists()


def test_a_file_that_differs_only_by_case_goes_where_it_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"Page/index.html": "page"})
    assert write(tmp_path, {"page/index.html": "page"}).removed == ("Page/index.html",)
    assert present(tmp_path) == {"page/index.html": "page"}
    # As on a disk where both are the same file.
    monkeypatch.setattr(Path, "samefile", lambda path, other: str(path).lower() == str(other).lower() and path != other)
    assert write(tmp_path, {"PAGE/index.html": "page"}).removed == ()
    assert present(tmp_path).keys() == {"page/index.html", "PAGE/index.html"}


PATHS = st.sampled_from(["a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/b/a", "c/c/c"])


def clash(path: str, other: str) -> bool:
    """Whether one of both would be a file where the other is, or needs a folder."""
    return f"{path}/".startswith(f"{other}/") or f"{other}/".startswith(f"{path}/")


def tree(paths: set[str]) -> dict[str, str]:
    """Those of the paths that can stand beside each other."""
    return {path: f"of {path}" for path in paths if not any(other.startswith(f"{path}/") for other in paths)}


@given(st.sets(PATHS), st.sets(PATHS), st.sets(PATHS))
@settings(max_examples=100, deadline=None)
def test_whatever_is_there_ours_change_places_and_a_stranger_s_stay(
    before: set[str], theirs: set[str], after: set[str]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        old, new = tree(before), {path: f"new {path}" for path in tree(after)}
        write(folder, old)
        mine = {path: "mine" for path in tree(theirs) if not any(clash(path, other) for other in old)}
        lay(folder / "public", mine)
        if any(clash(path, other) for path in mine for other in new):
            with pytest.raises(UsageError, match="in the way, and no build wrote it"):
                write(folder, new)
            assert present(folder) == old | mine
        else:
            write(folder, new)
            assert present(folder) == new | mine
        assert not (folder / "kept" / journal.JOURNAL).exists()


def test_what_is_not_there_need_not_be_removed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    found = Obstacles(tmp_path, ["file", "folder", "gone", "no/where"], lambda _: False)
    assert [found.removable(path) for path in ("file", "folder", "gone", "no/where")] == [True, False, False, False]
