"""Publishing to a branch of a real git remote: what arrives, what is left alone, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from rostra import __version__
from rostra.cli import command
from rostra.config.site import Site
from rostra.errors import RostraError, UsageError
from rostra.output.journal import Heading, write_journal
from rostra.publish.branch import PublishedBranch, Wish, publish
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark
from rostra.publish.plan import Plan
from rostra.system.build_lock import alone
from support.called_command import rostra
from support.site_repository import Home, git


def put(home: Home, **wish: object) -> PublishedBranch:
    return publish(home.site, Wish(**wish))  # type: ignore[arg-type]


def snapshot(folder: Path, *, but: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Every file with its time and digest."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).as_posix().startswith(but)
    }


def test_the_branch_holds_what_was_built_and_the_mark_and_nothing_else(home: Home) -> None:
    (home.folder / "public/notes.bak").write_text("mine")
    home.git("add", "-A")
    done = put(home)
    built = {path.relative_to(home.site.output).as_posix() for path in home.site.output.rglob("*") if path.is_file()}
    assert home.files() == (built - {"notes.bak"}) | {MARK}
    assert ".nojekyll" in home.files()
    assert done.commit == home.tip()
    for path in built - {"notes.bak"}:
        content = subprocess.run(
            ["git", "cat-file", "blob", f"gh-pages:{path}"], cwd=home.remote, capture_output=True, check=True
        )
        assert content.stdout == (home.site.output / path).read_bytes()
    home.there("fsck", "--strict")


def test_no_build_begins_while_a_site_is_published(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Plan] = []

    def published(site: Site, wish: Wish) -> PublishedBranch:
        with pytest.raises(UsageError, match="another build is running"), alone(site.cache, 0):
            pass
        seen.append((done := publish(site, wish)).plan)
        return done

    monkeypatch.setattr("rostra.publish.branch.publish", published)
    command.main(["publish", "--site", str(home.folder)], standalone_mode=False)
    assert len(seen) == 1
    with alone(home.site.cache, 0):
        pass


def test_the_commit_has_no_parent_and_names_source_and_version(home: Home) -> None:
    put(home)
    home.write("content/more.md", "# More\n")
    put(home)
    assert home.there("rev-list", "--count", "gh-pages") == "1"
    message = home.there("log", "-1", "--format=%B", "gh-pages")
    assert message.startswith("Publish Letters\n")
    assert f"Source-Commit: {home.git('rev-parse', 'HEAD')}" in message
    assert f"Published-By: Rostra {__version__}" in message
    mark = decode_mark(home.there("cat-file", "blob", f"gh-pages:{MARK}").encode())
    assert (mark.version, mark.source) == (__version__, home.git("rev-parse", "HEAD"))


def test_history_is_kept_where_it_is_asked_for(home: Home) -> None:
    first = put(home).commit
    home.write("content/more.md", "# More\n")
    put(home, history=True)
    assert home.there("rev-parse", "gh-pages^") == first
    assert home.there("rev-list", "--count", "gh-pages") == "2"


def test_only_what_changed_is_sent(home: Home) -> None:
    put(home)
    home.write("content/more.md", "# More\n\nOne page.\n")
    home.write("content/more.md", "# More\n\nOne page, changed.\n")
    put(home)
    home.write("content/more.md", "# More\n\nOne page, changed again.\n")
    done = put(home)
    assert done.plan.sent == ("SHA256SUMS", "more.html")
    assert done.plan.removed == ()
    assert "more.html" in home.files()


def test_what_is_gone_goes_and_pages_that_go_are_counted(home: Home) -> None:
    home.write("content/more.md", "# More\n")
    put(home)
    (home.folder / "content/more.md").unlink()
    home.settle()
    done = put(home)
    assert done.plan.pages(done.plan.removed) == ["more.html"]
    assert "more.html" not in home.files()


def test_nothing_is_pushed_where_nothing_changed(home: Home) -> None:
    put(home)
    before = home.tip()
    home.git("commit", "-q", "--allow-empty", "-m", "Nothing of the site")
    assert put(home).commit is None
    assert home.tip() == before


def test_a_dry_run_tells_and_changes_nothing(home: Home) -> None:
    done = put(home, dry_run=True)
    assert done.commit is None
    assert done.plan.added
    assert done.plan.size == sum((home.site.output / path).stat().st_size for path in done.plan.added)
    assert home.tip() == ""
    put(home)
    before = home.tip()
    home.write("content/more.md", "# More\n")
    done = put(home, dry_run=True)
    assert done.plan.added == ("more.html",)
    assert home.tip() == before


def test_the_work_tree_the_index_other_branches_hooks_and_settings_are_not_touched(home: Home) -> None:
    home.git("branch", "drafts")
    home.there("fetch", "-q", str(home.folder), "main:main", "drafts:drafts")
    ran = home.folder / "ran"
    for repository in (home.folder / ".git", home.remote):
        for name in ("pre-push", "pre-commit", "post-commit", "reference-transaction", "post-rewrite"):
            if repository == home.remote and name == "reference-transaction":
                continue
            hook = repository / "hooks" / name
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
            hook.chmod(0o755)
    (home.folder / "content/staged.md").write_text("# Staged\n")
    home.git("add", "content/staged.md")
    (home.folder / "loose.txt").write_text("loose")
    home.build()
    before = snapshot(home.folder, but=(".rostra",))
    put(home, dirty=True)
    assert snapshot(home.folder, but=(".rostra",)) == before
    assert not ran.exists()
    refs = home.there("for-each-ref", "--format=%(refname)").split()
    assert refs == ["refs/heads/drafts", "refs/heads/gh-pages", "refs/heads/main"]
    assert home.there("rev-parse", "main") == home.git("rev-parse", "main")


def test_what_was_redacted_lingers_neither_on_the_branch_nor_in_the_repository_of_the_site(home: Home) -> None:
    put(home)
    (home.folder / "redactions.toml").write_text('[[redact]]\nperson = "Bede"\nreason = "asked"\n')
    home.settle()
    put(home)
    assert home.there("rev-list", "--count", "gh-pages") == "1"
    assert "Bede" not in home.there("show", "gh-pages:debates/well/index.html")
    assert home.git("count-objects").startswith(home.git("count-objects").split()[0])
    assert subprocess.run(
        ["git", "cat-file", "-e", "origin/gh-pages"], cwd=home.folder, check=False, capture_output=True
    ).returncode


def test_another_machine_goes_on_from_what_was_published(home: Home, tmp_path: Path) -> None:
    put(home)
    git("-C", str(home.folder), "push", "-q", "origin", "main", at=tmp_path)
    git("clone", "-q", "-b", "main", str(home.remote), "other", at=tmp_path)
    other = Home(tmp_path / "other", home.remote)
    other.write("content/more.md", "# More\n")
    done = put(other)
    assert "debates/well/well.txt" not in done.plan.sent
    assert done.plan.added == ("more.html",)
    assert {"more.html", "debates/well/well.txt"} <= home.files()
    home.there("fsck", "--strict")


def test_a_domain_of_ones_own_is_named_where_the_host_reads_it(home: Home) -> None:
    settings = (home.folder / "rostra.toml").read_text()
    home.write("rostra.toml", settings + 'address = "https://debates.example.org/"\nhost = "github-branch"\n')
    put(home)
    assert home.there("show", "gh-pages:CNAME") == "debates.example.org"
    home.write("rostra.toml", settings + 'address = "https://ada.github.io/debates/"\nhost = "codeberg"\n')
    put(home)
    assert "CNAME" in home.files()
    assert home.tip("pages")
    assert ".domains" not in home.files("pages")


def test_names_that_need_quoting_arrive(home: Home) -> None:
    (home.folder / 'content/a "b" \\ é.txt').write_text("Shall we?\n\n    1 year ago\n\n    Yes.\n")
    home.settle()
    put(home, dirty=True)
    assert home.files() - {MARK} == {
        p.relative_to(home.site.output).as_posix() for p in home.site.output.rglob("*") if p.is_file()
    }


def foreign_commit(home: Home, branch: str = "gh-pages", path: str = "index.html") -> str:
    """A commit that somebody else made on the remote, on top of whatever is there."""
    place = home.remote.parent / f"theirs-{len(list(home.remote.parent.iterdir()))}"
    git("init", "-q", str(place), at=home.remote.parent)
    if home.tip(branch):
        git("pull", "-q", str(home.remote), branch, at=place)
    (place / path).write_text("theirs")
    git("add", "-A", at=place)
    git("commit", "-q", "-m", "Theirs", at=place)
    git("push", "-q", str(home.remote), f"HEAD:refs/heads/{branch}", at=place)
    return home.tip(branch)


def published_by(home: Home, version: str, source: str | None) -> None:
    """The branch as another Rostra would have left it."""
    place = home.remote.parent / "rewritten"
    git("clone", "-q", "-b", "gh-pages", str(home.remote), str(place), at=home.remote.parent)
    (place / MARK).write_bytes(encode_mark(PublishMark(version=version, source=source)))
    git("commit", "-q", "-a", "-m", f"Publish\n\nPublished-By: Rostra {version}", at=place)
    git("push", "-q", "origin", "gh-pages", at=place)


def without_rights(home: Home) -> None:
    hook = home.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
    hook.chmod(0o755)


def spoil(path: str, text: str) -> Callable[[Home], None]:
    def act(home: Home) -> None:
        (home.folder / path).write_text(text)

    return act


def lost_address(home: Home) -> None:
    put(home)
    for name in ("content/well.txt", "content/well.toml", "rostra.ledger"):
        (home.folder / name).unlink()
    home.write("content/pond.txt", "Shall we?\n\n    1 year ago\n\n    Yes.\n")


def vanished_source(home: Home) -> None:
    put(home)
    published_by(home, __version__, "1234567890123456789012345678901234567890")


def on_its_branch(home: Home) -> None:
    home.git("switch", "-q", "-c", "gh-pages")


def in_a_worktree(home: Home) -> None:
    home.git("worktree", "add", "-q", "-b", "gh-pages", str(home.folder.parent / "tree"))


def unbuilt(home: Home) -> None:
    (home.folder / "public/SHA256SUMS").unlink()


def unfinished(home: Home) -> None:
    write_journal(home.site.cache, Heading("../public", whole=True), [])


def no_remote(home: Home) -> None:
    home.git("remote", "remove", "origin")


def remote_gone(home: Home) -> None:
    home.remote.rename(home.remote.with_name("elsewhere.git"))


def nobody_known(home: Home) -> None:
    home.git("config", "user.useConfigOnly", "true")
    (home.folder.parent / "gitconfig").write_text("")


def too_large(home: Home) -> None:
    settings = home.folder / "rostra.toml"
    settings.write_text(settings.read_text() + 'host = "cloudflare"\n')
    # Spaces are no words that a page lacks, and JSON is read faster than text is learned.
    post = {"parent": None, "title": "Gate", "body": "Words.", "pad": " " * 2**20}
    home.write("content/large.jsonl", "\n".join(json.dumps({"id": n} | post) for n in range(26)))


def unknown_host(home: Home) -> None:
    home.write("rostra.toml", (home.folder / "rostra.toml").read_text() + 'host = "github"\n')
    (home.folder / "rostra.toml").write_text((home.folder / "rostra.toml").read_text().replace('"github"', '"gihtub"'))


def hidden(home: Home) -> None:
    home.write("redactions.toml", '[[redact]]\naddress = "12 Mill Lane"\n')


def damaged_mark(home: Home) -> None:
    put(home)
    foreign_commit(home, path=MARK)


def no_git(home: Home) -> None:
    os.environ["PATH"] = str(home.folder.parent)


def old_git(home: Home) -> None:
    fake = home.folder.parent / "git"
    fake.write_text("#!/bin/sh\necho git version 2.20.1\n")
    fake.chmod(0o755)
    os.environ["PATH"] = f"{home.folder.parent}:{os.environ['PATH']}"


def no_repository(home: Home) -> None:
    (home.folder / ".git").rename(home.folder.parent / "was-git")


def published_then(act: Callable[[Home], object]) -> Callable[[Home], None]:
    def acts(home: Home) -> None:
        put(home)
        act(home)

    return acts


REFUSED: list[tuple[str, Callable[[Home], object], dict[str, object], str, str]] = [
    ("unbuilt", unbuilt, {}, "the site is not built", "rostra build"),
    ("unfinished", unfinished, {}, "a build did not finish placing files", "rostra build"),
    ("stale", spoil("content/late.md", "# Late\n"), {"dirty": True}, "changed after the site was built", "rostra build"),
    ("uncommitted", spoil("content/late.md", "# Late\n"), {}, "content/late.md is not committed", "--dirty"),
    ("check fails", spoil("public/index.html", "<p>"), {}, "public/", "rostra check"),
    ("host's limit", too_large, {}, "Cloudflare Pages allows", ".zst"),
    ("unknown host", unknown_host, {"dirty": True}, "there is no host 'gihtub'", "did you mean"),
    ("not ours", foreign_commit, {}, "Rostra did not make the branch 'gh-pages'", "--replace"),
    ("committed on top", published_then(foreign_commit), {}, "somebody else committed 'Theirs'", "--replace"),
    ("damaged mark", damaged_mark, {}, "is not as Rostra writes it", "find out who"),
    ("own branch", on_its_branch, {}, "you work on 'gh-pages'", "--branch"),
    ("own worktree", in_a_worktree, {}, "you work on 'gh-pages'", "--branch"),
    ("older Rostra", published_then(lambda home: published_by(home, "99.0", None)), {}, "Rostra 99.0 published last", "install"),
    ("later source", vanished_source, {}, "which is not among the commits here", "git pull"),
    ("lost address", lost_address, {}, "debates/well/index.html was published and would be missing", "ledger"),
    ("no such remote", no_remote, {}, "there is no remote 'origin'", "git remote add"),
    ("remote gone", remote_gone, {}, "the remote cannot be reached", "git ls-remote"),
    ("no repository", no_repository, {}, "in no git repository", "address"),
    ("bad branch", lambda home: None, {"branch": "a..b"}, "is no name of a branch", "--branch"),
    ("option for a branch", lambda home: None, {"branch": "--all"}, "is no name of a branch", "--branch"),
    ("protected", without_rights, {}, "the remote refuses", "protected"),
    ("nobody", nobody_known, {}, "git does not know who you are", "git config"),
    ("history of what is hidden", hidden, {"history": True}, "history would keep", "without `--history`"),
    ("no git", no_git, {}, "git is not installed", "2.31"),
    ("old git", old_git, {}, "too old", "2.31"),
    ("short name to replace", foreign_commit, {"replace": "ab"}, "Rostra did not make", "--replace"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "wish", "said", "remedy"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_it_refuses_with_the_remedy_and_leaves_the_branch_as_it_was(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Home], object],
    wish: dict[str, object],
    said: str,
    remedy: str,
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    path = os.environ["PATH"]
    act(home)
    branch = str(wish.get("branch", "gh-pages")) if wish.get("branch") in (None, "gh-pages") else "gh-pages"
    with pytest.MonkeyPatch.context() as now:
        now.setenv("PATH", path)
        before = home.tip(branch) if home.remote.exists() else ""
    with pytest.raises(RostraError) as refused:
        put(home, **wish)
    monkeypatch.setenv("PATH", path)
    assert said in str(refused.value)
    assert remedy in (refused.value.hint or "")
    assert (home.tip(branch) if home.remote.exists() else "") == before


def test_at_least_twenty_refusals_are_tested() -> None:
    assert len(REFUSED) >= 20


def test_a_remote_that_moved_meanwhile_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home)
    home.write("content/more.md", "# More\n")
    import rostra.publish.branch as module

    commit = module._commit

    def late(*arguments: object) -> str:
        foreign_commit(home)
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_commit", late)
    with pytest.raises(RostraError, match="moved on the remote") as refused:
        put(home)
    assert "again" in (refused.value.hint or "")
    assert home.there("log", "-1", "--format=%s", "gh-pages") == "Theirs"


def test_a_branch_that_appeared_meanwhile_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import rostra.publish.branch as module

    commit = module._commit
    monkeypatch.setattr(module, "_commit", lambda *arguments: (foreign_commit(home), commit(*arguments))[1])
    with pytest.raises(RostraError, match="moved on the remote"):
        put(home)
    assert home.files() == {"index.html"}


def test_a_push_that_breaks_off_leaves_the_branch_and_the_next_one_succeeds(home: Home) -> None:
    put(home)
    before = home.tip()
    home.write("content/more.md", "# More\n")
    hook = home.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n")
    hook.chmod(0o755)
    with pytest.raises(RostraError) as refused:
        put(home)
    assert "again" in (refused.value.hint or "") or "protected" in (refused.value.hint or "")
    assert home.tip() == before
    hook.unlink()
    assert put(home).commit == home.tip() != before
    home.there("fsck", "--strict")


def test_a_file_that_changes_while_it_is_published_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import rostra.publish.branch as module

    plan = module.make_plan

    def spoiling(*arguments: object) -> object:
        made = plan(*arguments)  # type: ignore[arg-type]
        page = home.site.output / "about.html"
        page.write_text(page.read_text().replace("archive", "ARCHIVE"))
        return made

    monkeypatch.setattr(module, "make_plan", spoiling)
    with pytest.raises(RostraError, match="changed while it was published"):
        put(home)
    assert home.tip() == ""


def test_replace_names_the_commit_that_was_looked_at(home: Home) -> None:
    theirs = foreign_commit(home)
    with pytest.raises(RostraError, match="did not make"):
        put(home, replace="0123456789ab")
    put(home, replace=theirs[:12])
    assert MARK in home.files()
    assert home.there("rev-list", "--count", "gh-pages") == "1"


def test_settings_by_which_the_site_reaches_its_remote_are_used(home: Home) -> None:
    home.git("remote", "set-url", "origin", "short:remote.git")
    home.git("config", f"url.{home.remote.parent}/.insteadOf", "short:")
    put(home)
    assert home.tip()


def test_run_by_a_hook_it_still_finds_its_own_repository(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(home.folder.parent / "nowhere"))
    put(home)


def test_the_command_says_what_it_did_and_what_it_would_do(home: Home) -> None:
    dry = rostra("publish", "--dry-run", cwd=home.folder)
    assert dry.returncode == 0
    assert "+ debates/well/index.html" in dry.stdout.splitlines()
    assert "files to send" in dry.stderr
    assert "pages added, 0 pages gone" in dry.stderr
    assert "files sent" in rostra("publish", cwd=home.folder).stderr
    assert "is up to date" in rostra("publish", cwd=home.folder).stderr
    (home.folder / "content/late.md").write_text("# Late\n")
    refused = rostra("publish", cwd=home.folder)
    assert refused.returncode == 1
    assert "hint: " in refused.stderr
    assert "Traceback" not in refused.stderr
