"""What stands on the branch is replaced where Rostra published it, and refused, with what differs, where it did not."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from hashlib import sha1, sha256
from pathlib import Path

import pytest

from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import contents
from rostra.publish.branch import PublishedBranch, Wish, publish
from rostra.publish.git import GitError
from rostra.publish.mark import MARK, PublishMark, encode_mark
from rostra.publish.remote import Remote
from rostra.publish.source import follows
from support.site_repository import Home, git

Edit = Callable[[Path], object]
DOMAIN = 'address = "https://debates.example.org/"\nhost = "github-branch"\n'


@pytest.fixture(scope="session")
def published(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was published once, beside its remote, whose address is the same wherever both are copied to."""
    place = tmp_path_factory.mktemp("published")
    shutil.copytree(made, place / "site")
    home = Home(place / "site", place / "remote.git")
    git("init", "-q", "--bare", str(home.remote), at=place)
    home.git("init", "-q", "-b", "main")
    home.git("remote", "add", "origin", "../remote.git")
    for name, value in (("name", "Ada"), ("email", "ada@example.org")):
        home.git("config", f"user.{name}", value)
    home.git("add", "-A")
    home.git("commit", "-q", "-m", "Begin")
    put(home)
    return place


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Home:
    for name in ("site", "remote.git"):
        shutil.copytree(published / name, tmp_path / name, symlinks=True)
    return Home(tmp_path / "site", tmp_path / "remote.git")


def put(home: Home, **wish: object) -> PublishedBranch:
    return publish(home.site, Wish(**wish))  # type: ignore[arg-type]


def forget(home: Home) -> None:
    """The site as on a machine that never published it."""
    shutil.rmtree(home.folder / ".rostra/publish.git")


def tamper(home: Home, edit: Edit, *commit: str, branch: str = "gh-pages") -> str:
    """Change the branch on the remote, with the message that Rostra gave its commit unless told otherwise."""
    place = home.remote.parent / f"theirs-{len(list(home.remote.parent.iterdir()))}"
    git("clone", "-q", "-b", branch, str(home.remote), str(place), at=home.remote.parent)
    edit(place)
    git("add", "-A", at=place)
    git("commit", "-q", *(commit or ("--amend", "--no-edit", "--allow-empty")), at=place)
    git("push", "-q", "--force", "origin", f"HEAD:{branch}", at=place)
    return home.tip(branch)


def list_anew(place: Path) -> None:
    """Have SHA256SUMS say what stands there."""
    paths = sorted(path for path in place.rglob("*") if path.is_file() and ".git" not in path.parts)
    names = [(path, path.relative_to(place).as_posix()) for path in paths]
    lines = [f"{sha256(p.read_bytes()).hexdigest()}  {name}\n" for p, name in names if name not in (MARK, MANIFEST)]
    (place / MANIFEST).write_text("".join(lines))


def edit_page(place: Path) -> None:
    (place / "about.html").write_text("theirs")


def edit_page_and_list(place: Path) -> None:
    edit_page(place)
    list_anew(place)


def add_file(place: Path) -> None:
    (place / "theirs.txt").write_text("theirs")


def take_file(place: Path) -> None:
    (place / "about.html").unlink()


def make_program(place: Path) -> None:
    (place / "about.html").chmod(0o755)


def make_link(place: Path) -> None:
    (place / "about.html").unlink()
    (place / "about.html").symlink_to("index.html")


def empty_list(place: Path) -> None:
    (place / MANIFEST).write_text("")


def take_list(place: Path) -> None:
    (place / MANIFEST).unlink()


def drop_line(place: Path) -> None:
    said = (place / MANIFEST).read_text()
    (place / MANIFEST).write_text(re.sub(r"(?m)^.*  about\.html\n", "", said))


TAMPERED: dict[str, tuple[Edit, str]] = {
    "page": (edit_page, "1 changed (about.html)"),
    "added": (add_file, "1 added (theirs.txt)"),
    "taken": (take_file, "1 removed (about.html)"),
    "program": (make_program, "1 changed (about.html)"),
    "link": (make_link, "1 changed (about.html)"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_is_not_as_it_was_published_is_refused_with_a_record_and_without(home: Home, case: str) -> None:
    edit, said = TAMPERED[case]
    theirs = tamper(home, edit)
    for what in ("is not as it was published from here", "does not hold what its SHA256SUMS lists"):
        with pytest.raises(RostraError, match=what) as refused:
            put(home)
        assert said in refused.value.message
        assert f"--replace {theirs[:12]}" in (refused.value.hint or "")
        assert home.tip() == theirs
        forget(home)
    done = put(home, replace=theirs[:12])
    assert_whole(home)
    # What is up to date is not sent, what is not listed goes.
    assert done.plan.sent == (() if case == "added" else ("about.html",))
    assert done.plan.removed == (("theirs.txt",) if case == "added" else ())


def test_a_list_that_was_changed_along_with_the_page_is_refused_where_there_is_a_record(home: Home) -> None:
    theirs = tamper(home, edit_page_and_list)
    with pytest.raises(RostraError, match=r"as it was published from here: 2 changed \(SHA256SUMS, about.html\)"):
        put(home)
    put(home, replace=theirs)
    assert_whole(home)


@pytest.mark.parametrize(
    ("edit", "said"),
    [(empty_list, "added (.nojekyll, 404.html"), (take_list, "added (.nojekyll, 404.html"), (drop_line, "1 added (about.html)")],
)  # fmt: skip
def test_without_a_record_a_damaged_list_proves_nothing(home: Home, edit: Edit, said: str) -> None:
    tamper(home, edit)
    forget(home)
    with pytest.raises(RostraError, match="does not hold what its SHA256SUMS lists") as refused:
        put(home)
    assert said in refused.value.message


def test_a_tampered_page_never_stays_published(home: Home) -> None:
    """A list that was changed along with the page proves the page's bytes, which are not those that were built."""
    put(home)
    tamper(home, edit_page_and_list)
    forget(home)
    assert put(home).plan.sent == (MANIFEST, "about.html")
    assert_whole(home)


def assert_whole(home: Home, branch: str = "gh-pages", *, beside: tuple[str, ...] = ()) -> None:
    """The branch holds each file of the build, plain and byte for byte, and nothing else."""
    listed = home.there("ls-tree", "-r", "-z", branch).split("\0")[:-1]
    assert {line.split()[0] for line in listed} == {"100644"}
    paths = {path.relative_to(home.site.output).as_posix(): path for path in home.site.output.rglob("*") if path.is_file()}  # fmt: skip
    assert home.files(branch) == {*paths, MARK, *beside}
    ids = {line.partition("\t")[2]: line.split()[2] for line in listed}
    for path, file in paths.items():
        said = file.read_bytes()
        assert ids[path] == sha1(b"blob %d\0" % len(said) + said).hexdigest(), path


@pytest.mark.parametrize(
    "commit", [("--amend", "-m", "Theirs"), ("--allow-empty", "-m", "Theirs")], ids=["amended", "on top"]
)
def test_a_commit_that_changes_nothing_of_what_was_published_is_replaced(home: Home, commit: tuple[str, ...]) -> None:
    tamper(home, lambda place: None, *commit)
    home.write("content/more.md", "# More\n")
    put(home)
    assert_whole(home)
    assert home.there("rev-list", "--count", "gh-pages") == "1"


@pytest.mark.parametrize("message", ["Theirs", "Revert\n\n> Published-By: Rostra 0.1.0\n\nIt was wrong.", "Published-By: Rostra 0.1.0"])  # fmt: skip
def test_without_a_record_a_commit_that_only_quotes_rostra_s_message_is_refused(home: Home, message: str) -> None:
    theirs = tamper(home, lambda place: None, "--allow-empty", "-m", message)
    forget(home)
    with pytest.raises(RostraError, match="somebody else committed"):
        put(home)
    assert home.tip() == theirs


def test_somebody_else_s_commit_is_named_with_what_it_changed(home: Home) -> None:
    tamper(home, edit_page, "-m", "Theirs")
    with pytest.raises(
        RostraError, match=r"somebody else committed 'Theirs' to 'gh-pages' .*: 1 changed \(about.html\)"
    ):
        put(home)


def test_a_mark_that_is_taken_away_leaves_no_doubt_that_the_branch_was_ours(home: Home) -> None:
    tamper(home, lambda place: (place / MARK).unlink())
    with pytest.raises(RostraError, match=r"somebody else committed .*: 1 removed \(\.rostra-published\)"):
        put(home)
    forget(home)
    with pytest.raises(RostraError, match="Rostra did not make the branch"):
        put(home)


def other_machine(home: Home) -> Home:
    """The site as another machine has it, built there."""
    git("-C", str(home.folder), "push", "-q", "origin", "main", at=home.folder)
    folder = home.remote.parent / "other"
    git("clone", "-q", "-b", "main", str(home.remote), str(folder), at=home.folder.parent)
    other = Home(folder, home.remote)
    other.settle()
    return other


def test_two_machines_publish_in_turn_as_long_as_each_knows_what_the_other_built_from(home: Home) -> None:
    other = other_machine(home)
    other.write("content/more.md", "# More\n")
    put(other)
    other.git("push", "-q", "origin", "main")
    with pytest.raises(RostraError, match="not among the commits here"):
        put(home)
    home.git("pull", "-q", "--no-rebase", "origin", "main")
    home.build()
    assert put(home).commit is None
    home.write("content/more.md", "# More\n\nWords.\n")
    assert put(home).plan.sent == (MANIFEST, "more.html")
    assert_whole(home)


def test_what_was_published_elsewhere_from_the_same_commit_is_refused_where_it_differs(home: Home) -> None:
    other = other_machine(home)
    (other.folder / "content/more.md").write_text("# Unseen\n")
    other.build()
    put(other, dirty=True)
    # The other's own commit was never pushed: what its site was built from is a commit that is not known here.
    with pytest.raises(RostraError, match="not among the commits here"):
        put(home)
    other.git("reset", "-q", "--hard", home.git("rev-parse", "HEAD"))
    (other.folder / "content/late.md").write_text("# Late\n")
    other.build()
    put(other, dirty=True, replace=home.tip())
    with pytest.raises(RostraError, match=r"is not as it was published from here: .*late\.html"):
        put(home)


@pytest.mark.parametrize("case", ["earlier", "none"])
def test_what_was_published_elsewhere_from_no_later_commit_is_refused(home: Home, case: str) -> None:
    home.write("content/more.md", "# More\n")
    put(home)
    earlier = home.git("rev-parse", "HEAD^") if case == "earlier" else None

    def edit(place: Path) -> None:
        edit_page_and_list(place)
        said = (place / MARK).read_text()
        (place / MARK).write_text(re.sub(r'"source": "\w+"', f'"source": "{earlier}"' if earlier else '"source": null', said))  # fmt: skip

    tamper(home, edit)
    with pytest.raises(RostraError, match="is not as it was published from here"):
        put(home)


def test_a_push_whose_record_could_not_be_written_is_known_all_the_same(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(remote: Remote, commit: str) -> None:
        raise KeyboardInterrupt

    (home.folder / "content/more.md").write_text("# More\n")
    home.build()
    with monkeypatch.context() as broken:
        broken.setattr(Remote, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            put(home, dirty=True)
    assert "more.html" in home.files()
    assert records(home) != [home.tip()]
    (home.folder / "content/more.md").unlink()
    home.build()
    put(home, dirty=True)
    assert_whole(home)


def test_each_branch_and_remote_has_a_record_of_its_own(home: Home) -> None:
    git("init", "-q", "--bare", str(home.remote.parent / "second.git"), at=home.folder)
    home.git("remote", "add", "second", "../second.git")
    elsewhere: tuple[dict[str, object], ...] = ({"branch": "other"}, {"remote": "second"})
    for wish in elsewhere:
        put(home, **wish)
    assert len(records(home)) == 3
    tamper(home, edit_page_and_list)
    home.write("content/more.md", "# More\n")
    with pytest.raises(RostraError, match="is not as it was published from here"):
        put(home)
    for wish in elsewhere:
        assert put(home, **wish).plan.added == ("more.html",)


def test_a_record_is_of_an_address_whoever_goes_there(home: Home) -> None:
    def named(address: str) -> str:
        return Remote(home.site, address, "gh-pages")._record

    assert named("https://ada:secret@host.example/a.git") == named("https://host.example/a.git")
    assert named("https://host.example/b.git") != named("https://host.example/a.git")


def test_a_named_commit_is_replaced_also_where_its_files_are_as_they_should_be(home: Home) -> None:
    theirs = tamper(home, lambda place: None, "--allow-empty", "-m", "Theirs")
    forget(home)
    put(home, replace=theirs)
    assert home.tip() != theirs
    assert home.there("rev-list", "--count", "gh-pages") == "1"


def test_what_was_found_as_it_should_be_is_recorded(home: Home) -> None:
    forget(home)
    assert put(home, dry_run=True).plan.nothing
    assert not records(home)
    assert put(home).commit is None
    assert records(home) == [home.tip()]


def records(home: Home) -> list[str]:
    said = git("--git-dir", str(home.folder / ".rostra/publish.git"), "for-each-ref", "--format=%(objectname)", "refs/rostra/published", at=home.folder)  # fmt: skip
    return said.split()


def test_a_domain_of_one_s_own_is_what_a_list_need_not_name(home: Home) -> None:
    settings = (home.folder / "rostra.toml").read_text()
    home.write("rostra.toml", settings + DOMAIN)
    put(home)
    forget(home)
    assert put(home).commit is None
    home.write("content/more.md", "# More\n")
    put(home)
    assert_whole(home, beside=("CNAME",))
    theirs = tamper(home, lambda place: (place / "CNAMES").write_text("theirs"))
    forget(home)
    with pytest.raises(RostraError, match=r"1 added \(CNAMES\)"):
        put(home)
    put(home, replace=theirs)
    assert_whole(home, beside=("CNAME",))


@pytest.mark.parametrize("recorded", [True, False])
def test_a_domain_is_written_anew_where_it_is_another_and_goes_where_it_is_none(home: Home, recorded: bool) -> None:
    settings = (home.folder / "rostra.toml").read_text()
    home.write("rostra.toml", settings + DOMAIN)
    put(home)
    for address in ("other.example.org", "ada.github.io"):
        home.write("rostra.toml", settings + DOMAIN.replace("debates.example.org", address))
        if not recorded:
            forget(home)
        done = put(home)
        assert done.plan.size == sum(len(home.there("show", f"gh-pages:{path}")) + 1 for path in done.plan.sent if path == "CNAME") + sum((home.site.output / path).stat().st_size for path in done.plan.sent if path != "CNAME")  # fmt: skip
        if address == "other.example.org":
            assert home.there("show", "gh-pages:CNAME") == "other.example.org"
    assert_whole(home)


def test_only_what_cannot_be_told_from_the_files_here_is_downloaded(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.there("config", "uploadpack.allowFilter", "true")
    home.git("remote", "set-url", "origin", f"file://{home.remote}")
    put(home)
    home.write("content/more.md", "# More\n")
    fetched: list[str] = []
    download = contents._download
    monkeypatch.setattr(
        contents, "_download", lambda *about: (fetched.extend(blobs := list(about[-1])), download(*about[:-1], blobs))
    )
    forget(home)
    put(home)
    repository = str(home.folder / ".rostra/publish.git")
    ids = {line.partition("\t")[2]: line.split()[2] for line in home.there("ls-tree", "-r", "gh-pages").splitlines()}
    assert "about.html" in home.files()
    assert ids["about.html"] not in fetched
    assert 0 < len(fetched) < len(ids) / 2
    # A clone without blobs is a clone that knows where the others are.
    assert git("--git-dir", repository, "config", "remote.there.promisor", at=home.folder) == "true"
    # What somebody changed is found there too, and looked at.
    tamper(home, edit_page)
    forget(home)
    with pytest.raises(RostraError, match=r"lists: 1 changed \(about.html\)"):
        put(home)


def test_a_file_here_proves_only_what_it_is(home: Home, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"words\n")
    git_of = Remote(home.site, "origin", "gh-pages").git
    blob, digest = git("hash-object", str(place), at=home.folder), sha256(b"words\n").hexdigest()
    assert contents._is_file(git_of, place, digest, blob)
    assert not contents._is_file(git_of, place, digest, blob[::-1])
    assert not contents._is_file(git_of, place, digest[::-1], blob)
    assert not contents._is_file(git_of, place.with_name("none"), digest, blob)


def test_files_of_every_size_are_digested(home: Home, tmp_path: Path) -> None:
    git_of = Remote(home.site, "origin", "gh-pages").git
    blobs, digests = {}, {}
    for size in (0, 1, contents.PIECE - 1, contents.PIECE, contents.PIECE + 1):
        path = tmp_path / f"file-{size}"
        path.write_bytes(b"a" * size)
        blobs[path.name] = git_of.run("hash-object", "-w", str(path)).decode().strip()
        digests[path.name] = sha256(b"a" * size).hexdigest()
    assert dict(contents._digests(git_of, blobs)) == digests
    with pytest.raises(GitError, match="'none' cannot be read"):
        dict(contents._digests(git_of, blobs | {"none": "0" * 40}))


def test_names_that_strangers_chose_are_told_without_what_a_terminal_acts_on(home: Home) -> None:

    def edit(place: Path) -> None:
        (place / "a\x1b[2Jb").write_text("theirs")
        Path(os.fsdecode(os.fsencode(place) + b"/c\xff")).write_text("theirs")

    theirs = tamper(home, edit)
    for again in (False, True):
        if again:
            forget(home)
        with pytest.raises(RostraError) as refused:
            put(home)
        assert r"2 added (a\x1b[2Jb, c\udcff)" in refused.value.message
        refused.value.message.encode()
    put(home, replace=theirs)
    assert_whole(home)


@pytest.mark.parametrize("source", ["--octopus", "HEAD", "main", "\x1b[2J", "0" * 39, "0" * 40])
def test_what_a_mark_names_is_asked_of_git_only_where_it_is_a_commit(home: Home, source: str) -> None:
    here = home.git("rev-parse", "HEAD")
    assert follows(home.site, here)
    assert follows(home.site, here, here)
    assert not follows(home.site, here, source)
    tamper(home, lambda place: (place / MARK).write_bytes(encode_mark(PublishMark(version="0.1.0", source=source))))
    with pytest.raises(RostraError) as refused:
        put(home)
    assert refused.value.message.isprintable()
    assert "which is not among the commits here" in refused.value.message


def test_a_record_whose_commit_is_lost_is_none(home: Home) -> None:
    (ref,) = (home.folder / ".rostra/publish.git/refs/rostra/published").iterdir()
    ref.write_text(f"{'1' * 40}\n")
    (home.folder / ".rostra/publish.git/refs/rostra/made").unlink()
    assert put(home).commit is None
    assert ref.read_text().strip() == home.tip()


def test_a_folder_where_a_page_should_be_gives_way(home: Home) -> None:

    def edit(place: Path) -> None:
        (place / "about.html").unlink()
        (place / "about.html").mkdir()
        (place / "about.html/x").write_text("theirs")

    theirs = tamper(home, edit)
    forget(home)
    with pytest.raises(RostraError, match=r"1 added \(about.html/x\), 1 removed \(about.html\)"):
        put(home)
    put(home, replace=theirs)
    assert_whole(home)
