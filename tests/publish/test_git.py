"""Git is run where it should be, as it should be, and says why it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rostra.errors import RostraError
from rostra.publish.git import WHERE, Git, GitError
from support.site_repository import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    git("init", "-q", str(folder), at=tmp_path)
    return folder


def test_a_hook_s_own_repository_is_never_taken_for_the_site_s(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q", str(tmp_path / "other"), at=tmp_path)
    for name in WHERE:
        monkeypatch.setenv(name, str(tmp_path / "other/.git"))
    monkeypatch.setenv("PATH_OF_MINE", "kept")
    made = Git(repository)
    assert not set(WHERE) & made.environment.keys()
    assert made.environment["PATH_OF_MINE"] == "kept"
    assert Path(made.line("rev-parse", "--show-toplevel") or "") == repository.resolve()
    assert Git(repository, tmp_path / "other/.git").line("rev-parse", "--git-dir") == str(tmp_path / "other/.git")


def test_git_speaks_english_and_does_not_touch_the_index(repository: Path) -> None:
    made = Git(repository)
    assert (made.environment["LC_ALL"], made.environment["GIT_OPTIONAL_LOCKS"]) == ("C", "0")


@pytest.mark.parametrize(
    ("terminal", "asks"),
    [(SimpleNamespace(isatty=lambda: True), True), (SimpleNamespace(isatty=lambda: False), False), (None, False)],
)
def test_a_password_is_asked_for_only_where_somebody_can_answer(
    repository: Path, monkeypatch: pytest.MonkeyPatch, terminal: object, asks: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", terminal)
    assert (Git(repository).environment.get("GIT_TERMINAL_PROMPT") == "0") == (not asks)


def test_settings_are_added_to_those_of_the_environment(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COUNT", "1"), ("KEY_0", "mill.one"), ("VALUE_0", "first")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    made = Git(repository, settings=[("mill.two", "second"), ("mill.three", "third")])
    assert [made.line("config", f"mill.{name}") for name in ("one", "two", "three", "four")] == [
        "first",
        "second",
        "third",
        None,
    ]
    monkeypatch.delenv("GIT_CONFIG_COUNT")
    made = Git(repository, settings=[("mill.two", "second")])
    assert [made.line("config", f"mill.{name}") for name in ("one", "two")] == [None, "second"]
    assert Git(repository).environment["GIT_CONFIG_COUNT"] == "0"


def test_what_fails_is_told_in_git_s_own_words(repository: Path) -> None:
    made = Git(repository)
    with pytest.raises(GitError) as raised:
        made.run("cat-file", "blob", "HEAD:nothing")
    assert raised.value.message == f"git: {raised.value.said}"
    assert "HEAD" in raised.value.said
    assert raised.value.hint == "the message is git's own"
    with pytest.raises(GitError) as raised:
        made.run("config", "mill.nothing")
    assert raised.value.said == "config failed"
    assert made.line("config", "mill.nothing") is None
    assert made.process("config", "mill.nothing").returncode == 1


def test_a_command_reads_what_it_is_given_and_else_nothing(repository: Path) -> None:
    made = Git(repository)
    empty = made.line("hash-object", "--stdin")
    assert empty == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert made.run("hash-object", "-w", "--stdin", given=b"said").strip() != empty.encode()
    with made.talking("cat-file", "--batch") as (asked, told):
        asked.write(f"{made.run('hash-object', '--stdin', given=b'said').decode()}".encode())
        asked.flush()
        assert told.readline().endswith(b" blob 4\n")
        assert told.read(5) == b"said\n"


def test_a_command_that_is_given_nothing_does_not_read_what_the_person_types(repository: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"typed")
    os.close(writing)
    kept = os.dup(0)
    try:
        os.dup2(reading, 0)
        found = Git(repository).line("hash-object", "--stdin")
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)
    assert found == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def test_it_talks_in_the_folder_and_the_repository_that_were_named(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-q", "--bare", str(tmp_path / "other.git"), at=tmp_path)
    monkeypatch.chdir(tmp_path)
    made = Git(repository, tmp_path / "other.git")
    id = made.run("hash-object", "-w", "--stdin", given=b"said").strip()
    with made.talking("cat-file", "--batch-check") as (asked, told):
        asked.write(id + b"\n")
        asked.flush()
        assert told.readline() == id + b" blob 4\n"
    with Git(repository).talking("rev-parse", "--show-toplevel") as (_, told):
        assert told.readline().strip() == os.fsencode(repository.resolve())
    assert Git(repository).line("cat-file", "-t", id.decode()) is None


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_the_ids_of_a_repository_have_a_known_form(tmp_path: Path, kind: str) -> None:
    git("init", "-q", f"--object-format={kind}", "here", at=tmp_path)
    assert Git(tmp_path / "here").object_format == kind


def test_where_git_is_missing_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(subprocess, "run", missing)
    with pytest.raises(RostraError, match="git is not installed") as raised:
        Git(tmp_path).run("--version")
    assert "2.31" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("git version 2.31.0", False), ("git version 2.31", False), ("git version 2.30.9", True), ("git version 3.0", False),
        ("git version 1.99.1", True), ("git version 2.100.1 (Apple Git-1)", False), ("no version", True), ("", True),
    ],
)  # fmt: skip
def test_a_git_that_reads_no_settings_from_the_environment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, refused: bool
) -> None:
    made = Git(tmp_path)
    monkeypatch.setattr(Git, "run", lambda *_: said.encode() + b"\n")
    if not refused:
        made.refuse_old()
        return
    with pytest.raises(RostraError, match=f"^{said} is too old\n") as raised:
        made.refuse_old()
    assert raised.value.hint == "install Git 2.31 or later"


def test_only_the_repository_s_own_settings_of_how_a_remote_is_reached_are_carried(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "gitconfig").write_text('[http]\n proxy = of-the-user\n[user]\n name = "Ada"\n')
    for key, value in (
        ("http.proxy", "mill"), ("url.https://mill/.insteadOf", "mill:"), ("core.sshCommand", "ssh -4"), ("core.sshCommandX", "no"),
        ("core.editor", "no"), ("user.name", "Bede"), ("credential.helper", "two\nlines"), ("httpx.proxy", "no"), ("protocol.allow", "never"),
    ):  # fmt: skip
        git("config", key, value, at=repository)
    assert sorted(Git(repository).carried()) == [
        ("core.sshcommand", "ssh -4"),
        ("credential.helper", "two\nlines"),
        ("http.proxy", "mill"),
        ("protocol.allow", "never"),
        ("url.https://mill/.insteadof", "mill:"),
    ]


def test_settings_of_a_work_tree_are_its_own(repository: Path) -> None:
    git("config", "extensions.worktreeConfig", "true", at=repository)
    git("config", "--worktree", "http.proxy", "mill", at=repository)
    assert Git(repository).carried() == [("http.proxy", "mill")]
