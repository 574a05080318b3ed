"""The commit that is pushed holds what was built and nothing else, and a push that is refused moves nothing."""

from __future__ import annotations

import shutil
import subprocess
from typing import IO, Any

import pytest

from rostra import __version__
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import branch
from rostra.publish.branch import PublishedBranch, Wish, publish
from rostra.publish.git import Git, GitError
from rostra.publish.mark import MARK, PublishMark, decode_mark
from rostra.publish.remote import MADE, SEEN, Remote
from support.plain_site import PlainHome, fill, listing, sha
from support.site_repository import git

SITE = {"index.html": b"index", "a/b.html": b"page", "feed.xml": b"feed"}


def put(home: PlainHome, **wish: Any) -> PublishedBranch:
    return publish(home.site, Wish(**wish))


def there(home: PlainHome, name: str = "gh-pages") -> dict[str, bytes]:
    """What a branch holds, but for the mark."""
    return {
        path: subprocess.run(["git", "cat-file", "blob", f"{name}:{path}"], cwd=home.remote, capture_output=True, check=True).stdout
        for path in home.files(name)
        if path != MARK
    }  # fmt: skip


def as_sent(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {MANIFEST: listing(files)}


def test_what_is_published_is_told_and_is_there(plain: PlainHome) -> None:
    plain.show(SITE)
    source = plain.commit()
    done = put(plain)
    assert there(plain) == as_sent(SITE)
    assert (done.address, done.branch, done.commit) == (str(plain.remote), "gh-pages", plain.tip())
    assert done.plan.added == tuple(sorted(as_sent(SITE)))
    assert (done.plan.changed, done.plan.removed, done.plan.files) == ((), (), 4)
    mark = plain.remote.parent / "mark"
    mark.write_bytes(subprocess.run(["git", "cat-file", "blob", f"gh-pages:{MARK}"], cwd=plain.remote, capture_output=True, check=True).stdout)  # fmt: skip
    assert decode_mark(mark.read_bytes()) == PublishMark(version=__version__, source=source)
    said = plain.there("log", "-1", "--format=%an <%ae> %cn%n%B%P", "gh-pages")
    assert (
        said
        == f"Ada <ada@example.org> Ada\nPublish Mill\n\nSource-Commit: {source}\nPublished-By: Rostra {__version__}"
    )


def test_an_author_may_differ_from_the_committer(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bede")
    plain.show(SITE)
    put(plain)
    assert plain.there("log", "-1", "--format=%an %cn", "gh-pages") == "Bede Ada"


@pytest.mark.parametrize("who", ["AUTHOR", "COMMITTER"])
def test_without_a_name_nothing_is_published(plain: PlainHome, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    plain.show(SITE)
    monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
    monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    (plain.folder.parent / "gitconfig").write_text("[user]\n useConfigOnly = true\n")
    with pytest.raises(RostraError, match="git does not know who you are") as raised:
        put(plain)
    assert "user.email" in (raised.value.hint or "")
    assert plain.tip() == ""


def test_who_publishes_is_known_where_there_is_no_repository_too(plain: PlainHome) -> None:
    plain.show(SITE)
    shutil.rmtree(plain.folder / ".git")
    put(plain, remote=str(plain.remote))
    assert "Source-Commit" not in plain.there("log", "-1", "--format=%B", "gh-pages")
    assert there(plain) == as_sent(SITE)


def test_the_repository_s_own_name_signs(plain: PlainHome) -> None:
    plain.git("config", "user.name", "The archive")
    plain.show(SITE)
    put(plain)
    assert plain.there("log", "-1", "--format=%an %cn", "gh-pages") == "The archive The archive"


def test_changes_that_are_not_committed_are_refused_or_said(plain: PlainHome) -> None:
    plain.show(SITE)
    plain.settings('description = "x"')
    with pytest.raises(RostraError, match=r"rostra\.toml is not committed"):
        put(plain)
    put(plain, dirty=True)
    assert "Source-State: with changes" in plain.there("log", "-1", "--format=%B", "gh-pages")


@pytest.mark.parametrize("history", [False, True])
def test_what_changed_is_sent_and_what_is_gone_goes_with_history_or_without(plain: PlainHome, history: bool) -> None:
    plain.show(SITE | {"old/deep.html": b"old", 'quo"te.html': b"x"})
    first = put(plain, history=history)
    after = {
        "index.html": b"other",
        "a/b.html": b"page",
        "a/b": b"",
        "old": b"file",
        "ü.html": b"new",
        "feed.xml": b"feed",
    }
    plain.show(after)
    second = put(plain, history=history)
    assert there(plain) == as_sent(after)
    assert second.plan.added == ("a/b", "old", "ü.html")
    assert second.plan.changed == (MANIFEST, "index.html")
    assert second.plan.removed == ("old/deep.html", 'quo"te.html')
    assert plain.there("log", "--format=%P", "-1", "gh-pages") == (first.commit if history else "")


def test_only_what_changed_is_read(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.show(SITE)
    put(plain)
    plain.show(SITE | {"index.html": b"other"})
    read: list[str] = []
    file = branch._file

    def note(site: Any, path: str, digest: str) -> Any:
        read.append(path)
        return file(site, path, digest)

    monkeypatch.setattr(branch, "_file", note)
    put(plain)
    assert read == [MANIFEST, "index.html"]


def test_nothing_is_pushed_where_nothing_changed_unless_a_commit_is_to_be_replaced(plain: PlainHome) -> None:
    plain.show(SITE)
    first = put(plain).commit
    assert put(plain).commit is None
    assert plain.tip() == first
    again = put(plain, replace=first)
    assert again.plan.nothing
    assert again.commit == plain.tip()


def test_what_was_found_as_it_should_be_is_recorded_as_published(plain: PlainHome) -> None:
    plain.show(SITE)
    first = put(plain).commit
    shutil.rmtree(plain.folder / ".rostra")
    assert put(plain).commit is None
    remote = Remote(plain.site, "origin", "gh-pages")
    tip = remote.look()
    assert tip
    assert remote.published(tip) == first


def test_a_dry_run_tells_what_would_happen_and_makes_nothing(plain: PlainHome) -> None:
    plain.show(SITE)
    done = put(plain, dry_run=True)
    assert (done.commit, done.address, done.branch) == (None, str(plain.remote), "gh-pages")
    assert done.plan.added == tuple(sorted(as_sent(SITE)))
    assert plain.tip() == ""
    assert Git(plain.folder, plain.folder / ".rostra/publish.git").line("rev-parse", "--verify", MADE) is None


def test_a_record_is_left_of_what_was_pushed_and_seen(plain: PlainHome) -> None:
    plain.show(SITE)
    done = put(plain)
    remote = Remote(plain.site, "origin", "gh-pages")
    assert remote.git.line("rev-parse", SEEN) == done.commit
    remote.git.run("update-ref", "-d", MADE)
    tip = remote.look()
    assert tip
    assert remote.published(tip) == done.commit


def test_a_site_without_files_is_published_as_one(plain: PlainHome) -> None:
    plain.show({})
    assert put(plain).commit == plain.tip()
    assert plain.files() == {MARK}


# Who may publish where.


def test_a_commit_that_may_be_replaced_need_not_be_there(plain: PlainHome) -> None:
    plain.show(SITE)
    put(plain, replace="abcdef0")
    assert there(plain) == as_sent(SITE)


def test_a_branch_of_somebody_else_s_is_refused_or_replaced_whole(plain: PlainHome) -> None:
    plain.show(SITE)
    commit = plain.push({"theirs.html": b"x", "debates/a/index.html": b"x"})
    with pytest.raises(RostraError, match="Rostra did not make the branch"):
        put(plain)
    assert plain.tip() == commit
    done = put(plain, replace=commit)
    assert there(plain) == as_sent(SITE)
    assert done.plan.removed == ()


def debates(*ids: str) -> dict[str, bytes]:
    """The files of debates."""
    return SITE | {f"debates/{id}/{name}": id.encode() for id in ids for name in ("index.html", "citations.bib")}


def test_debates_are_lost_only_on_purpose(plain: PlainHome) -> None:
    plain.show(debates("a", "b", "c"))
    commit = put(plain).commit
    plain.show(debates("c"))
    with pytest.raises(
        RostraError, match=r"debates/a/index\.html was published and would be missing, and 1 more"
    ) as raised:
        put(plain, accept_removals=True)
    assert "or see `--replace`" in (raised.value.hint or "")
    with pytest.raises(RostraError, match="2 of 3 debates would be removed at once"):
        put(plain, replace=commit)
    gone = {f"debates/{id}/{name}": b"gone" for id in "ab" for name in ("index.html", "feed.xml")}
    plain.show(debates("c") | gone)
    with pytest.raises(RostraError, match="2 of 3 debates would be removed at once"):
        put(plain)
    assert plain.tip() == commit
    put(plain, accept_removals=True)
    assert there(plain) == as_sent(debates("c") | gone)


@pytest.mark.parametrize(
    ("settings", "rules", "refused"),
    [((), "", False), (("pseudonyms = true",), "", True), ((), '[[redact]]\nperson = "Ada"\nreason = "asked"\n', True)],
)
def test_what_is_hidden_is_not_kept_in_history(
    plain: PlainHome, settings: tuple[str, ...], rules: str, refused: bool
) -> None:
    plain.show(SITE)
    plain.settings(*settings)
    if rules:
        (plain.folder / "redactions.toml").write_text(rules)
    plain.git("add", "-A")
    plain.git("commit", "-q", "--allow-empty", "-m", "More")
    if not refused:
        put(plain, history=True)
        return
    with pytest.raises(RostraError, match="history would keep what was published") as raised:
        put(plain, history=True)
    assert "`--history`" in (raised.value.hint or "")
    put(plain)


def test_a_site_that_is_not_ready_is_refused(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.show(SITE)
    asked: list[bool] = []

    def refuse(_: object, *, despite_failures: bool = False) -> None:
        asked.append(despite_failures)
        if not despite_failures:
            raise RostraError("not ready")

    monkeypatch.setattr(branch, "refuse_unready", refuse)
    with pytest.raises(RostraError, match="not ready"):
        put(plain)
    put(plain, despite_failures=True)
    assert asked == [False, True]


@pytest.mark.parametrize(
    ("host", "wish", "name"),
    [
        ("", None, "gh-pages"),
        ("codeberg", None, "pages"),
        ("netlify", None, "gh-pages"),
        ("codeberg", "mine", "mine"),
        ("", "mine", "mine"),
    ],
)
def test_the_branch_is_the_one_that_is_named_or_that_the_host_serves(
    plain: PlainHome, host: str, wish: str | None, name: str
) -> None:
    plain.settings(f'host = "{host}"')
    plain.commit()
    plain.show(SITE)
    assert put(plain, branch=wish).branch == name
    assert plain.tip(name)


@pytest.mark.parametrize(
    ("host", "address", "domain"),
    [
        ("github-branch", "https://mill.example/", "CNAME"), ("codeberg", "https://mill.example/", ".domains"),
        ("github-branch", "https://mill.example/archive/", None), ("github-branch", "https://mill.github.io/", None),
        ("codeberg", "https://mill.codeberg.page/", None), ("github-branch", "", None), ("netlify", "https://mill.example/", None),
        ("", "https://mill.example/", None), ("github-branch", "https://mill.gitlab.io/", None), ("github-branch", "https://mill.example", "CNAME"),
    ],
)  # fmt: skip
def test_a_domain_of_one_s_own_is_published_where_the_host_reads_it(
    plain: PlainHome, host: str, address: str, domain: str | None
) -> None:
    plain.settings(f'host = "{host}"', f'address = "{address}"')
    plain.commit()
    plain.show(SITE)
    done = put(plain)
    found = there(plain, done.branch)
    beside = {domain: b"mill.example\n"} if domain else {}
    assert found == as_sent(SITE) | beside
    assert done.plan.files == len(found)
    assert put(plain).plan.nothing
    if domain:
        plain.settings(f'host = "{host}"')
        plain.commit()
        assert put(plain).plan.removed == (domain,)
        assert there(plain, done.branch) == as_sent(SITE)


# What may happen on the way.


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 16, 17])
def test_a_file_of_any_size_is_sent_in_pieces(plain: PlainHome, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    assert branch.PIECE == 1 << 20
    monkeypatch.setattr(branch, "PIECE", 8)
    site = {"a.html": b"x" * size, "b.html": b"y" * size}
    plain.show(site)
    put(plain)
    assert there(plain) == as_sent(site)
    longest = max(map(len, branch._file(plain.site, "a.html", sha(site["a.html"]))))
    assert longest <= max(8, len(b'M 100644 inline "a.html"\ndata 17\n'))


@pytest.mark.parametrize("said", [b"other", b"longer than it was", b"cut"])
def test_a_file_that_is_not_what_was_built_is_not_published(plain: PlainHome, said: bytes) -> None:
    plain.show(SITE)
    put(plain)
    before = plain.tip()
    plain.show(SITE | {"new.html": b"right"})
    (plain.folder / "public/new.html").write_bytes(said)
    with pytest.raises(RostraError, match="it changed while it was published") as raised:
        put(plain)
    assert (raised.value.path, raised.value.hint) == ("public/new.html", "publish again")
    assert plain.tip() == before
    (plain.folder / "public/new.html").write_bytes(b"right")
    put(plain)
    assert there(plain) == as_sent(SITE | {"new.html": b"right"})


def interrupt(out: IO[bytes]) -> None:
    out.write(b"commit refs/rostra/made\n")
    raise KeyboardInterrupt


def test_an_import_that_is_broken_off_leaves_no_process(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def note(*arguments: Any, **named: Any) -> Any:
        process = popen(*arguments, **named)
        if "fast-import" in arguments[0]:
            begun.append(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", note)
    remote = Remote(plain.site, "origin", "gh-pages")
    with pytest.raises(KeyboardInterrupt), branch._importing(remote) as out:
        interrupt(out)
    assert [process.returncode for process in begun] == [-9]
    assert begun[0].stdin
    assert begun[0].stdin.closed


def test_what_git_cannot_import_is_told_in_its_words(plain: PlainHome) -> None:
    remote = Remote(plain.site, "origin", "gh-pages")
    with (
        pytest.raises(GitError, match="fatal: Unsupported command: nonsense") as raised,
        branch._importing(remote) as out,
    ):
        out.write(b"nonsense\n")
    assert "\n" not in raised.value.said
    # Also where git is gone before all is written.
    with pytest.raises(GitError, match="fatal: Unsupported command"), branch._importing(remote) as out:
        out.writelines(b"nonsense\n" * 10_000 for _ in range(200))


def test_an_import_writes_into_our_repository_only(plain: PlainHome, capfd: pytest.CaptureFixture[str]) -> None:
    remote = Remote(plain.site, "origin", "gh-pages")
    before = git("count-objects", at=plain.folder)
    with branch._importing(remote) as out:
        out.write(b"feature done\nblob\nmark :1\ndata 1\nx\ndone\n")
    with pytest.raises(GitError), branch._importing(remote) as out:
        out.write(b"nonsense\n")
    assert git("count-objects", at=plain.folder) == before
    assert tuple(capfd.readouterr()) == ("", "")


def answer(monkeypatch: pytest.MonkeyPatch, said: str, errors: str, status: int) -> None:
    """Have a push answer so."""
    process = Git.process

    def answered(self: Git, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        if "push" in arguments:
            return subprocess.CompletedProcess(arguments, status, said.encode(), errors.encode())
        return process(self, *arguments, given=given)

    monkeypatch.setattr(Git, "process", answered)


@pytest.mark.parametrize(
    ("said", "errors", "status", "message"),
    [
        ("To x\n!\tabc:refs/heads/gh-pages\t[rejected] (stale info)\nDone", "error: failed to push some refs", 1, "'gh-pages' moved on the remote while this was published"),
        ("!\tabc:refs/heads/gh-pages\t[rejected] (fetch first)", "", 1, "'gh-pages' moved on the remote while this was published"),
        ("To x\n!\tabc:refs/heads/gh-pages\t[remote rejected] (pre-receive hook declined)\nDone", "remote: too large\nTo x\nerror: failed to push some refs to 'x'\n\n", 1, "the remote refuses: pre-receive hook declined: remote: too large"),
        ("!\tabc:d\t[remote rejected] (protected)", "", 1, "the remote refuses: protected: [remote rejected] (protected)"),
        ("", "fatal: lost\nTo x\n\n", 128, "the push was interrupted: fatal: lost"),
        ("To stale info\n", "", 1, "the push was interrupted: "),
    ],
)  # fmt: skip
def test_a_push_that_fails_is_told_and_recorded_nowhere(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch, said: str, errors: str, status: int, message: str
) -> None:
    plain.show(SITE)
    answer(monkeypatch, said, errors, status)
    with pytest.raises(RostraError) as raised:
        put(plain)
    assert raised.value.message == message
    assert raised.value.hint
    remote = Remote(plain.site, "origin", "gh-pages")
    assert remote.git.line("for-each-ref", "refs/rostra/published", SEEN) == ""


def test_a_push_that_succeeds_says_so_on_lines_of_another_kind(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.show(SITE)
    answer(monkeypatch, "To x\n*\tabc:refs/heads/gh-pages\t[new branch]\nDone\n", "remote: thanks\n", 0)
    assert put(plain).commit


@pytest.mark.parametrize("before", ["nothing", "ours"])
def test_a_branch_that_moved_meanwhile_is_not_overwritten(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    plain.show(SITE)
    if before == "ours":
        put(plain)
        plain.show(SITE | {"new.html": b"new"})
    commit, theirs = branch._commit, ""

    def slow(*arguments: Any) -> str:
        nonlocal theirs
        made = commit(*arguments)
        theirs = plain.push({"theirs.html": b"theirs"})
        return made

    monkeypatch.setattr(branch, "_commit", slow)
    with pytest.raises(RostraError, match="'gh-pages' moved on the remote while this was published") as raised:
        put(plain)
    assert "publish again" in (raised.value.hint or "")
    assert plain.tip() == theirs


def test_old_objects_are_collected_in_our_repository(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.show(SITE)
    collected: list[tuple[str, ...]] = []
    process = Git.process

    def note(self: Git, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        if "gc" in arguments:
            collected.append(arguments)
            assert self.environment["GIT_DIR"].endswith("publish.git")
        return process(self, *arguments, given=given)

    monkeypatch.setattr(Git, "process", note)
    put(plain)
    assert len(collected) == 1


def test_names_and_files_of_any_bytes_arrive(plain: PlainHome) -> None:
    site = {"a b.html": b"\0\xff\n", "tab\t.html": b"x", "'.html": b"\r\n", "back\\slash": b""}
    plain.show({path: content for path, content in site.items() if "\\" not in path})
    put(plain)
    assert there(plain).keys() >= site.keys() - {"back\\slash"}
    assert branch._quoted('a"b\\c\nd') == '"a\\"b\\\\c\\nd"'


def test_what_is_not_listed_is_not_published(plain: PlainHome) -> None:
    plain.show(SITE)
    fill(plain.folder / "public", {"mine.html": b"mine"})
    put(plain)
    assert there(plain) == as_sent(SITE)
    assert (plain.folder / "public/mine.html").read_bytes() == b"mine"
