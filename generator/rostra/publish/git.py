"""Run git: in the repository of the site, which is only read, or in our own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO

from rostra.errors import RostraError

OLDEST = (2, 31)
"""Git reads settings from the environment since version 2.31."""
WHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX")  # fmt: skip
"""Variables that would select another repository, for example when a hook runs Rostra."""
CARRIED = re.compile(r"(?:credential|http|url|ssh|protocol|core\.(?:sshcommand|gitproxy|askpass))\b", re.IGNORECASE)
"""Settings of the site's repository about how a remote is reached."""


class GitError(RostraError):
    """A git command failed; ``said`` is its message."""

    def __init__(self, said: str) -> None:
        super().__init__(f"git: {said}", hint="the message is git's own")
        self.said = said


class Git:
    """Runs git in a folder; ``repository`` is another git directory than the folder's own."""

    def __init__(self, folder: Path, repository: Path | None = None, settings: Sequence[tuple[str, str]] = ()) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in WHERE} | {
            "LC_ALL": "C",
            # Reading the work tree must not update its index.
            "GIT_OPTIONAL_LOCKS": "0",
        }
        if not sys.stdin or not sys.stdin.isatty():
            self.environment["GIT_TERMINAL_PROMPT"] = "0"
        if repository:
            self.environment["GIT_DIR"] = str(repository)
        count = int(self.environment.get("GIT_CONFIG_COUNT", "0"))
        for number, (key, value) in enumerate(settings, count):
            self.environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        self.environment["GIT_CONFIG_COUNT"] = str(count + len(settings))

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """Return the output of a command with the input ``given``; raises GitError if it fails."""
        done = self.process(*arguments, given=given)
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"{arguments[0]} failed")
        return done.stdout

    def line(self, *arguments: str) -> str | None:
        """Return the single line of output of a command; None if it fails."""
        done = self.process(*arguments)
        return None if done.returncode else done.stdout.decode("utf-8", "replace").strip()

    @cached_property
    def object_format(self) -> str:
        """The hash of the repository's object ids: ``sha1`` or ``sha256``."""
        return self.run("rev-parse", "--show-object-format").decode().strip()

    @contextmanager
    def talking(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Start an interactive command; return its input and its output."""
        with subprocess.Popen(  # noqa: S603  # git is named by the user's own path; no shell
            ["git", *arguments],  # noqa: S607  # git is found as the shell finds it
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin
            assert process.stdout
            yield process.stdin, process.stdout

    def process(self, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        try:
            return subprocess.run(  # noqa: S603  # arguments are a list: no shell reads them
                ["git", *arguments],  # noqa: S607  # the git that the person uses
                cwd=self.folder,
                env=self.environment,
                input=given or b"",
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise RostraError("git is not installed", hint="install Git 2.31 or later") from error

    def refuse_old(self) -> None:
        """Raise RostraError if git is too old."""
        said = self.run("--version").decode("utf-8", "replace")
        found = re.search(r"(\d+)\.(\d+)", said)
        if not found or (int(found[1]), int(found[2])) < OLDEST:
            raise RostraError(f"{said.strip()} is too old", hint="install Git 2.31 or later")

    def carried(self) -> list[tuple[str, str]]:
        """Return the settings of this repository only about how a remote is reached."""
        done = self.process("config", "--list", "--includes", "--show-scope", "-z")
        fields = done.stdout.decode("utf-8", "surrogateescape").split("\0")
        pairs = zip(fields[::2], fields[1::2], strict=False)
        settings = [setting.partition("\n") for scope, setting in pairs if scope in ("local", "worktree")]
        return [(key, value) for key, _, value in settings if CARRIED.match(key)]
