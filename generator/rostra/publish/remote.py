"""The branch on the remote, seen through our own repository, which also records what was published.

Our objects are in ``.rostra/publish.git``, never in the site's repository: redacted text does not stay there, and its
index, branches, hooks and settings are not touched.  A ref there, named after the remote's address and the branch,
records the commit that was last published from here.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from rostra.config.site import Site
from rostra.errors import RostraError, UsageError
from rostra.publish.difference import Difference
from rostra.publish.git import Git, GitError
from rostra.publish.mark import MARK, PublishMark, decode_mark

TRAILER = "Published-By"
SEEN = "refs/rostra/seen"
MADE = "refs/rostra/made"
"""The commit that was made here last, for any remote."""
THERE = "there"
"""The name of the remote in our repository."""


class Tip(Struct, frozen=True, kw_only=True):
    """The commit of a branch of the remote.

    ``mark`` is None if Rostra never published there.  ``signed``: the commit message ends with Rostra's trailer, which
    anybody can write.
    """

    commit: str
    subject: str
    signed: bool
    mark: PublishMark | None


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
        # With our own remote name, git records a password in the address nowhere; the user's hooks are for the user's
        # own commits.
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
        """Raise UsageError if the branch is checked out in a repository of this remote."""
        names = (source.line("remote") or "").split()
        if self.address not in {source.line("remote", "get-url", "--push", name) for name in names}:
            return
        listed = source.line("worktree", "list", "--porcelain") or ""
        if f"branch refs/heads/{self.branch}" in listed.splitlines():
            raise UsageError(
                f"you work on {self.branch!r}: the built site would replace your files on the remote",
                hint="name another with `--branch`, or switch to the branch that holds the dumps",
            )

    @property
    def shown(self) -> str:
        """The address without user name and password."""
        return re.sub(r"(?<=://)[^/@]+@", "", self.address)

    def look(self) -> Tip | None:
        """Return the current commit of the branch, None if it does not exist; raises RostraError if the remote fails."""
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
                hint="check its address and your permission to read it; `git ls-remote` reports the same error",
            ) from error
        said = self.git.run("log", "-1", f"--format=%s%x00%(trailers:key={TRAILER},valueonly)", commit)
        subject, _, by = said.decode("utf-8", "replace").partition("\0")
        return Tip(commit=commit, subject=subject, signed=by.startswith("Rostra "), mark=self.mark(commit))

    def mark(self, commit: str) -> PublishMark | None:
        """Return the mark in a commit; raises RostraError if it is damaged."""
        paths = self.git.run("ls-tree", "--full-tree", "--name-only", commit, MARK)
        return decode_mark(self.git.run("cat-file", "blob", f"{commit}:{MARK}")) if paths else None

    @cached_property
    def _record(self) -> str:
        named = sha256(f"{self.shown}\0{self.branch}".encode("utf-8", "surrogateescape")).hexdigest()
        return f"refs/rostra/published/{named[:20]}"

    def published(self, tip: Tip) -> str | None:
        """Return the commit that was published from here to this branch; None if there is no record."""
        # A push succeeded, but its record could not be written any more.
        if tip.commit == self.git.line("rev-parse", "--verify", "--quiet", MADE):
            return tip.commit
        return self.git.line("rev-parse", "--verify", "--quiet", f"{self._record}^{{commit}}")

    def record(self, commit: str) -> None:
        """Record the branch's commit as published from here."""
        self.git.run("update-ref", self._record, commit)

    def changes(self, old: str, new: str) -> Difference:
        """Return the difference between the files of two commits."""
        fields = self.git.run("diff-tree", "-r", "-z", "--no-renames", "--name-status", old, new).split(b"\0")
        found: dict[str, list[str]] = {}
        for kind, path in zip(fields[:-1:2], fields[1::2], strict=True):
            found.setdefault(kind.decode(), []).append(path.decode("utf-8", "surrogateescape"))
        changed = sorted(path for kind in found.keys() - {"A", "D"} for path in found[kind])
        return Difference(added=tuple(found.get("A", ())), changed=tuple(changed), removed=tuple(found.get("D", ())))
