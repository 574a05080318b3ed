"""What git is told of a site, and what is made of its answers, without git: each in no time."""

from __future__ import annotations

import io
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

from rostra import __version__
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import branch
from rostra.publish.branch import Wish
from rostra.publish.git import GitError
from rostra.publish.mark import MARK, PublishMark
from rostra.publish.plan import Plan
from rostra.publish.remote import MADE, SEEN, THERE, Remote, Tip
from support.plain_site import PlainHome, sha

SITE = {"index.html": b"index", 'a/"b.html': b""}
DONE = "0" * 40


class Sent(io.BytesIO):
    """What is written to git, kept after its end; git may end before."""

    def __init__(self, log: list[str], *, broken: bool) -> None:
        super().__init__()
        self.log, self.broken, self.all = log, broken, b""

    def write(self, some: Any) -> int:
        if self.broken:
            raise BrokenPipeError
        return super().write(some)

    def close(self) -> None:
        if not self.closed:
            self.all = self.getvalue()
            self.log.append("close")
        super().close()


class Git:
    """Git as ``branch`` calls it: ``ran`` are its commands, ``answers`` its output by the first word of each."""

    def __init__(self, **answers: bytes) -> None:
        self.folder, self.environment = Path("git"), {"GIT_DIR": "ours"}
        self.answers, self.ran = answers, list[tuple[str, ...]]()
        self.pushed: CompletedProcess[bytes] = CompletedProcess((), 0, b"", b"")

    def line(self, *arguments: str) -> str:
        assert arguments[0] == "var"
        return {"GIT_AUTHOR_IDENT": "Ada <a> 1 +0000", "GIT_COMMITTER_IDENT": "Bede <b> 2 +0000"}[arguments[1]]

    def run(self, *arguments: str) -> bytes:
        self.ran.append(arguments)
        return self.answers.get(arguments[0], b"")

    def process(self, *arguments: str) -> CompletedProcess[bytes]:
        self.ran.append(arguments)
        return self.pushed


class Importer:
    """``git fast-import``: what it was told, and what happened to it in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, status: int = 0, says: bytes = b"", broken: bool = False):
        self.log = list[str]()
        self.stdin = Sent(self.log, broken=broken)
        self.status, self.says = status, says
        self.started: tuple[Any, ...] = ()
        monkeypatch.setattr(branch.subprocess, "Popen", self._start)

    def _start(self, command: list[str], **how: Any) -> Importer:
        self.started = command, how["cwd"], how["env"], how["stdin"], how["stdout"] is how["stderr"]
        how["stderr"].write(self.says)
        return self

    def kill(self) -> None:
        self.log.append("kill")

    def wait(self) -> int:
        self.log.append("wait")
        return self.status


def remote(git: Git, source: Git | None = None, recorded: list[str] | None = None) -> Remote:
    noted: list[str] = [] if recorded is None else recorded
    return SimpleNamespace(git=git, source=source, branch="pages", record=noted.append)  # type: ignore[return-value]  # all that is asked of it


def plan(**of: tuple[str, ...]) -> Plan:
    return Plan(**{"files": 3, "added": (), "changed": (), "removed": (), "size": 0} | of)  # type: ignore[arg-type]


TIP = Tip(commit="f" * 40, subject="Publish", signed=True, mark=PublishMark(version=__version__))


def message(*lines: str) -> bytes:
    said = "\n".join(("Publish Mill", "", *lines, f"Published-By: Rostra {__version__}", "")).encode()
    return b"data %d\n%s" % (len(said), said)


@pytest.mark.parametrize(
    ("base", "wish", "source", "said", "begins"),
    [
        (None, Wish(), None, (), b""),
        (None, Wish(history=True, dirty=True), "abc", ("Source-Commit: abc", "Source-State: with changes that are not committed"), b""),
        (TIP, Wish(), "abc", ("Source-Commit: abc",), b'M 040000 tree ""\n'),
        (TIP, Wish(history=True), None, (), b'from %b\nM 040000 tree ""\n' % TIP.commit.encode()),
    ],
)  # fmt: skip
def test_a_commit_is_told_file_by_file(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch, base: Tip | None, wish: Wish, source: str | None,
    said: tuple[str, ...], begins: bytes,
) -> None:  # fmt: skip
    plain.show(SITE)
    monkeypatch.setattr(branch, "PIECE", 2)
    git, importer = Git(**{"rev-parse": b" tree\n"}), Importer(monkeypatch)
    planned = plan(added=("CNAME", 'a/"b.html'), changed=("index.html",), removed=("old.html", "z\udcff"))
    extra = {"CNAME": b"mill.example\n", MARK: b"mark"}
    made = branch._commit(plain.site, remote(git, Git()), base, planned, extra, wish, source)
    assert made == "tree"  # as `git rev-parse` answers here
    assert git.ran == [("rev-parse", f"{TIP.commit}^{{tree}}")] * bool(base) + [("rev-parse", MADE)]
    assert importer.stdin.all == (
        b"feature done\ncommit %b\nauthor Ada <a> 1 +0000\ncommitter Bede <b> 2 +0000\n" % MADE.encode()
        + message(*said)
        + begins
        + b'D "old.html"\nD "z\xff"\n'
        + b'M 100644 inline "a/\\"b.html"\ndata 0\n'
        + b'M 100644 inline "index.html"\ndata 5\nindex'
        + b'M 100644 inline "CNAME"\ndata 13\nmill.example\n'
        + b'M 100644 inline "%b"\ndata 4\nmark' % MARK.encode()
        + b"done\n"
    )
    assert importer.log == ["close", "wait"]
    command = ["git", "fast-import", "--quiet", "--force", "--done", "--depth=0", "--date-format=raw"]
    assert importer.started == (command, Path("git"), {"GIT_DIR": "ours"}, -1, True)


def test_a_file_that_changed_stops_the_import(plain: PlainHome, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.show(SITE)
    (plain.folder / "public/index.html").write_bytes(b"Index")
    importer = Importer(monkeypatch)
    with pytest.raises(RostraError, match="it changed while it was published") as raised:
        branch._commit(plain.site, remote(Git()), None, plan(added=("index.html",)), {}, Wish(), None)
    assert (raised.value.path, raised.value.hint) == ("public/index.html", "publish again")
    assert importer.log == ["kill", "wait", "close"]
    assert list(branch._file(plain.site, "index.html", sha(b"Index")))[1:] == [b"Index"]


@pytest.mark.parametrize("broken", [False, True])
def test_why_git_ended_is_told_in_its_first_line(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    importer = Importer(monkeypatch, status=1, says=b"\nfatal: no \xff\nmore\n", broken=broken)
    with pytest.raises(GitError, match="fatal: no \ufffd"), branch._importing(remote(Git())) as out:
        out.write(b"done\n")
    assert importer.log == ["close", "wait"]


def told(git: Git, tip: Tip | None = TIP) -> tuple[str | None, str | None, list[str]]:
    """The message and hint of a push that fails, and what is recorded."""
    recorded = list[str]()
    try:
        branch._push(remote(git, recorded=recorded), tip, DONE)
    except RostraError as error:
        return error.message, error.hint, recorded
    return None, None, recorded


@pytest.mark.parametrize("tip", [TIP, None])
def test_a_branch_moves_if_it_is_where_it_was_seen(tip: Tip | None) -> None:
    git = Git()
    assert told(git, tip) == (None, None, [DONE])
    lease = f"--force-with-lease=refs/heads/pages:{tip.commit if tip else ''}"
    assert git.ran == [
        ("-c", "pack.window=0", "push", "--porcelain", "--no-verify", lease, THERE, f"{DONE}:refs/heads/pages"),
        ("update-ref", SEEN, DONE),
        ("-c", "gc.auto=6700", "-c", "gc.autoDetach=false", "gc", "--quiet", "--auto", "--prune=now"),
    ]


LINE = b"To there\n \tx:y\tok\n!\tx:refs/heads/pages\t[%b] (%b)\nDone\n"


@pytest.mark.parametrize(
    ("status", "out", "err", "message", "hint"),
    [
        (1, LINE % (b"rejected", b"stale info"), b"", "'pages' moved on the remote while this was published", "publish again: its new content"),
        (1, LINE % (b"rejected", b"fetch first"), b"", "'pages' moved on the remote while this was published", "publish again: its new content"),
        (
            1, LINE % (b"remote rejected", b"hook declined"), b"remote: too large\n\nerror: failed to push some refs\nTo there\n",
            "the remote refuses: hook declined: remote: too large", "protected",
        ),
        (0, LINE % (b"remote rejected", b"no"), b"", "the remote refuses: no: [remote rejected] (no)", "a limit is exceeded"),
        (128, b"", b"fatal: first\nfatal: the end \xff\n", "the push was interrupted: fatal: the end \ufffd", "the branch is unchanged"),
        (1, b"", b"", "the push was interrupted: ", "you may write to it"),
    ],
)  # fmt: skip
def test_a_push_that_fails_is_told_and_recorded_nowhere(
    status: int, out: bytes, err: bytes, message: str, hint: str
) -> None:
    git = Git()
    git.pushed = CompletedProcess((), status, out, err)
    said, advice, recorded = told(git)
    assert (said, recorded, len(git.ran)) == (message, [], 1)
    assert hint in (advice or "")


@pytest.mark.parametrize(
    ("host", "address", "named"),
    [
        ("github-branch", "https://mill.example/", {"CNAME": b"mill.example\n"}),
        ("github-branch", "https://mill.example", {"CNAME": b"mill.example\n"}),
        ("codeberg", "https://mill.example/", {".domains": b"mill.example\n"}),
        ("github-branch", "https://mill.example/a/", {}),
        ("github-branch", "https://ada.github.io/", {}),
        ("codeberg", "https://ada.codeberg.page/", {}),
        ("github-branch", "https://ada.gitlab.io/", {}),
        ("netlify", "https://mill.example/", {}),
        ("github-branch", "", {}),
        (None, "https://mill.example/", {}),
    ],
)
def test_a_host_is_told_the_domain_of_a_site(
    plain: PlainHome, host: str | None, address: str, named: dict[str, bytes]
) -> None:
    plain.settings(*([f'address = "{address}"'] if address else []), *([f'host = "{host}"'] if host else []))
    assert branch._extra(plain.site, branch.host_of(plain.site)) == named


def test_a_name_of_any_signs_is_quoted() -> None:
    assert branch._quoted('a "b" \\ \n ü') == '"a \\"b\\" \\\\ \\n ü"'


def test_a_manifest_is_sent_as_any_file(plain: PlainHome) -> None:
    plain.show(SITE)
    listed = (plain.folder / "public" / MANIFEST).read_bytes()
    assert b"".join(branch._file(plain.site, MANIFEST, sha(listed))).endswith(listed)
