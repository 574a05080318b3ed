"""The branch as it stands on the remote, seen through a repository of our own.

Objects of ours are kept in ``.rostra/publish.git``, never in the site's repository: what was redacted does not
linger there, and its index, branches, hooks and settings are not touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from rostra.errors import RostraError, UsageError
from rostra.manifest import MANIFEST
from rostra.publish.git import Git, GitError
from rostra.publish.mark import MARK, Mark, decode
from rostra.publish.plan import listed
from rostra.site import Site

TRAILER = "Published-By: Rostra"
SEEN = "refs/rostra/seen"
THERE = "there"
"""What git calls the remote in our repository."""


class Tip(Struct, frozen=True, kw_only=True):
    """The commit that a branch of the remote leads to.

    ``mark`` and ``files`` (with their digests) are those of the site that was published there; the mark is None where the
    branch is not ours.  ``ours`` says that Rostra made this very commit.
    """

    commit: str
    subject: str
    ours: bool
    mark: Mark | None
    files: Mapping[str, str]


class Remote:
    """A remote of the site's repository, or the address of one."""

    def __init__(self, site: Site, remote: str, branch: str) -> None:
        self.branch = branch
        here = Git(site.root)
        here.refuse_old()
        top = here.line("rev-parse", "--show-toplevel")
        self.source: Git | None = Git(Path(top)) if top else None
        self.address = self._address(remote)
        if here.line("check-ref-format", "--branch", branch) != branch:
            raise UsageError(f"{branch!r} is no name of a branch", hint="name another with `--branch`")
        if self.source:
            self._refuse_own_branch(self.source)
        repository = site.cache / "publish.git"
        carried = self.source.carried() if self.source else []
        # By a name of ours, so that git notes nowhere what the address may hold besides; and the person's hooks are for
        # what the person commits.
        settings = [*carried, (f"remote.{THERE}.url", self.address), ("core.hooksPath", os.devnull), ("gc.auto", "0")]
        self.git = Git(self.source.folder if self.source else site.root, repository, settings)
        if not (repository / "HEAD").is_file():
            repository.mkdir(parents=True, exist_ok=True)
            Git(site.root, repository).run("init", "--bare", "--quiet", "--template=")

    def _address(self, remote: str) -> str:
        if "/" in remote or ":" in remote:
            return remote
        if self.source is None:
            raise UsageError(
                f"the site is in no git repository, so there is no remote {remote!r}",
                hint="name the remote by its address: `rostra publish https://host.example/archive.git`",
            )
        address = self.source.line("remote", "get-url", "--push", remote)
        if not address:
            raise UsageError(
                f"there is no remote {remote!r}", hint=f"`git remote add {remote} ADDRESS`, or name it by its address"
            )
        return address

    def _refuse_own_branch(self, source: Git) -> None:
        """Raises UsageError for a branch that is checked out in a repository which the remote is one of."""
        names = (source.line("remote") or "").split()
        if self.address not in {source.line("remote", "get-url", "--push", name) for name in names}:
            return
        listed = source.line("worktree", "list", "--porcelain") or ""
        if f"branch refs/heads/{self.branch}" in listed.splitlines():
            raise UsageError(
                f"you work on {self.branch!r}: the built site would take the place of your files on the remote",
                hint="name another with `--branch`, or switch to the branch that holds the dumps",
            )

    @property
    def shown(self) -> str:
        """The address without a name or password."""
        return re.sub(r"(?<=://)[^/@]+@", "", self.address)

    def look(self) -> Tip | None:
        """The branch now; None where there is none.  Raises RostraError where the remote does not answer."""
        try:
            answer = self.git.run("ls-remote", THERE, f"refs/heads/{self.branch}").decode()
            commit = answer.partition("\t")[0]
            if not commit:
                return None
            if self.git.line("rev-parse", "--verify", "--quiet", SEEN) != commit:
                self.git.run("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "--no-write-fetch-head",
                             THERE, f"+refs/heads/{self.branch}:{SEEN}")  # fmt: skip
                commit = self.git.run("rev-parse", SEEN).decode().strip()
        except GitError as error:
            raise RostraError(
                f"the remote cannot be reached: {error.said}",
                hint="is its address right, and may you read it? `git ls-remote` says the same",
            ) from error
        body = self.git.run("log", "-1", "--format=%B", commit).decode("utf-8", "replace")
        paths = self.git.run("ls-tree", "--name-only", commit).decode().split("\n")
        mark = decode(self.git.run("cat-file", "blob", f"{commit}:{MARK}")) if MARK in paths else None
        manifest = self.git.run("cat-file", "blob", f"{commit}:{MANIFEST}") if mark and MANIFEST in paths else b""
        return Tip(
            commit=commit,
            subject=body.partition("\n")[0],
            ours=any(line.startswith(TRAILER) for line in body.splitlines()),
            mark=mark,
            files=listed(manifest),
        )
