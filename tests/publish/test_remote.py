"""Where a site is published, what is there, and what was published there from here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rostra.errors import RostraError, UsageError
from rostra.publish.difference import Difference
from rostra.publish.git import Git
from rostra.publish.mark import MARK, PublishMark, encode_mark
from rostra.publish.remote import MADE, SEEN, Remote, Tip
from support.plain_site import PlainHome
from support.site_repository import git


def remote(home: PlainHome, name: str = "origin", branch: str = "gh-pages") -> Remote:
    return Remote(home.site, name, branch)


def test_a_remote_is_named_or_told_by_its_address(plain: PlainHome) -> None:
    assert remote(plain).address == str(plain.remote)
    for address in ("../remote.git", "host:archive.git", "https://mill.example/archive"):
        assert remote(plain, address).address == address
    plain.git("remote", "set-url", "--push", "origin", "https://mill.example/push.git")
    assert remote(plain).address == "https://mill.example/push.git"
    with pytest.raises(UsageError, match="there is no remote 'other'") as raised:
        remote(plain, "other")
    assert "`git remote add other ADDRESS`" in (raised.value.hint or "")


def test_outside_of_a_repository_only_an_address_will_do(plain: PlainHome) -> None:
    shutil.rmtree(plain.folder / ".git")
    with pytest.raises(UsageError, match="in no git repository, so there is no remote 'origin'") as raised:
        remote(plain)
    assert "by its address" in (raised.value.hint or "")
    assert remote(plain, str(plain.remote)).look() is None


@pytest.mark.parametrize("branch", ["", "a b", "-x", "a..b", "@{-1}", "refs/heads/x.lock"])
def test_what_can_be_no_branch_is_refused(plain: PlainHome, branch: str) -> None:
    with pytest.raises(UsageError, match="is no name of a branch") as raised:
        remote(plain, branch=branch)
    assert "--branch" in (raised.value.hint or "")


def test_an_old_git_is_refused(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.publish.git.OLDEST", (99, 0))
    with pytest.raises(RostraError, match="is too old"):
        remote(plain)


def test_the_branch_that_holds_the_sources_is_never_published_to_where_they_are(
    plain: PlainHome, tmp_path: Path
) -> None:
    plain.git("branch", "aside")
    plain.git("worktree", "add", "-q", str(tmp_path / "aside"), "aside")
    git("init", "-q", "--bare", str(tmp_path / "another.git"), at=tmp_path)
    for branch in ("main", "aside"):
        with pytest.raises(UsageError, match=f"you work on '{branch}'") as raised:
            remote(plain, branch=branch)
        assert "--branch" in (raised.value.hint or "")
        with pytest.raises(UsageError, match="you work on"):
            remote(plain, str(plain.remote), branch)
        # Nothing of the sources is there.
        assert remote(plain, str(tmp_path / "another.git"), branch).branch == branch
    for branch in ("mai", "main2", "side"):
        remote(plain, branch=branch)
    plain.git("remote", "remove", "origin")
    assert remote(plain, str(plain.remote), "main").branch == "main"


def test_objects_are_in_a_repository_of_ours_that_is_made_once(plain: PlainHome) -> None:
    ours = remote(plain)
    where = plain.folder / ".rostra/publish.git"
    assert ours.git.line("rev-parse", "--git-dir") == str(where)
    assert git("rev-parse", "--is-bare-repository", at=where) == "true"
    assert not (where / "hooks").exists()
    ours.git.run("update-ref", MADE, ours.git.run("hash-object", "-w", "--stdin", given=b"x").decode().strip())
    (where / "HEAD").write_text("ref: refs/heads/touched\n")
    remote(plain)
    assert (where / "HEAD").read_text() == "ref: refs/heads/touched\n"
    # One that a dead build began is finished.
    (where / "HEAD").unlink()
    assert remote(plain).look() is None


def test_relative_addresses_and_settings_are_the_repository_s_wherever_its_site_is(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain.git("remote", "set-url", "origin", "mill:remote.git")
    plain.git("config", "url.../.insteadOf", "mill:")
    deep = PlainHome(plain.folder / "deep/site", plain.remote)
    deep.folder.mkdir(parents=True)
    deep.settings()
    monkeypatch.chdir(tmp_path)
    made = remote(deep, "mill:remote.git")
    assert made.git.folder == plain.folder.resolve()
    assert made.look() is None
    assert remote(deep).look() is None
    assert made.git.line("config", "core.hooksPath") == "/dev/null"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:secret@mill.example/a.git", "https://mill.example/a.git"),
        ("https://token@mill.example/a@b.git", "https://mill.example/a@b.git"),
        ("https://mill.example/a@b.git", "https://mill.example/a@b.git"),
        ("git@mill.example:a.git", "git@mill.example:a.git"),
    ],
)
def test_no_password_is_shown(plain: PlainHome, address: str, shown: str) -> None:
    assert remote(plain, address).shown == shown


def test_what_is_there_is_told_with_its_mark_and_who_signed_it(plain: PlainHome) -> None:
    made = remote(plain)
    assert made.look() is None
    commit = plain.push({"a.html": b"a"}, "Theirs\n\nPublished-By: Rostra 0.1")
    assert made.look() == Tip(commit=commit, subject="Theirs", signed=True, mark=None)
    mark = PublishMark(version="0.1", source="abc")
    for message, signed in (
        ("Ours", False),
        ("Ours\n\nPublished-By: Rostrata", False),
        ("Ours\n\nPublished-By: Another", False),
        ("Published-By: Rostra 0.1", False),
        ("Ours\n\nPublished-By: Rostra 0.1\n\nMore", False),
    ):
        commit = plain.push({"a.html": b"a", MARK: encode_mark(mark)}, message)
        assert made.look() == Tip(commit=commit, subject=message.partition("\n")[0], signed=signed, mark=mark)
    plain.push({MARK: b"[]"})
    with pytest.raises(RostraError, match="not as Rostra writes it"):
        made.look()


def test_what_was_seen_is_not_fetched_again_and_what_was_not_is(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = remote(plain)
    first = plain.push({"a.html": b"a"})
    fetched: list[str] = []
    run = Git.run

    def note(self: Git, *arguments: str, given: bytes | None = None) -> bytes:
        fetched.extend(each for each in arguments if each == "fetch")
        return run(self, *arguments, given=given)

    monkeypatch.setattr(Git, "run", note)
    for times in (1, 1, 2):
        commit = first if times == 1 else plain.push({"b.html": b"b"})
        tip = made.look()
        assert tip
        assert (tip.commit, len(fetched)) == (commit, times)
        assert made.git.line("rev-parse", SEEN) == commit


def test_a_remote_that_cannot_be_reached_is_told(plain: PlainHome) -> None:
    with pytest.raises(RostraError, match="the remote cannot be reached: ") as raised:
        remote(plain, str(plain.remote.parent / "nowhere.git")).look()
    assert "`git ls-remote`" in (raised.value.hint or "")


def test_what_was_published_is_recorded_by_address_and_branch(plain: PlainHome) -> None:
    made, other = remote(plain), remote(plain, branch="other")
    commit = plain.push({"a.html": b"a"})
    tip = made.look()
    assert tip
    assert made.published(tip) is None
    made.record(commit)
    assert made.published(tip) == commit
    assert other.published(tip) is None
    assert remote(plain, f"{plain.remote}/").published(tip) is None
    assert remote(plain, str(plain.remote)).published(tip) == commit
    refs = made.git.run("for-each-ref", "--format=%(refname)", "refs/rostra/published").decode().split()
    assert [len(ref.rpartition("/")[2]) for ref in refs] == [20]


def test_a_commit_that_was_made_here_is_published_whatever_was_recorded(plain: PlainHome) -> None:
    made = remote(plain)
    first = plain.push({"a.html": b"a"})
    tip = made.look()
    assert tip
    made.record(first)
    second = plain.push({"a.html": b"b"})
    newer = made.look()
    assert newer
    assert made.published(newer) == first
    made.git.run("update-ref", MADE, second)
    assert made.published(newer) == second
    assert made.published(tip) == first


def test_the_changes_between_two_commits_are_named_by_kind(plain: PlainHome) -> None:
    made = remote(plain)
    old = {"gone": b"1", "same": b"2", "z": b"3", "y/z": b"4", "x": b"5", "mode": b"6"}
    first = plain.push(old)
    assert made.look()
    place = plain.remote.parent / "theirs"
    for path in ("gone", "x"):
        (place / path).unlink()
    (place / "x").symlink_to("same")
    (place / "mode").chmod(0o755)
    for path, content in {"z": b"other", "y/z": b"other", "new \n": b"7", "a": b"1"}.items():
        (place / path).write_bytes(content)
    git("add", "-A", at=place)
    git("commit", "-q", "-m", "More", at=place)
    git("push", "-q", str(plain.remote), "HEAD:gh-pages", at=place)
    tip = made.look()
    assert tip
    assert made.changes(first, tip.commit) == Difference(
        added=("a", "new \n"), changed=("mode", "x", "y/z", "z"), removed=("gone",)
    )
    assert made.changes(first, first) == Difference()
    only = plain.push(old | {"new": b"x"})
    assert made.look()
    assert made.changes(first, only) == Difference(added=("new",))
