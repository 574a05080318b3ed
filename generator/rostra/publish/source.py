"""The repository that contains the site, if there is one; it is only read."""

from __future__ import annotations

import os
from pathlib import Path

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.publish.git import Git
from rostra.system.lazy_regex import late

COMMIT = late(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""A commit id, which is neither an option nor the name of a branch."""


def head(site: Site) -> str | None:
    """Return the source commit of the site; None without a repository or commit."""
    return Git(site.root).line("rev-parse", "--verify", "--quiet", "HEAD")


def refuse_uncommitted(site: Site) -> None:
    """Raise RostraError if files of the site have uncommitted changes."""
    here = Git(site.root)
    if not here.line("rev-parse", "--show-toplevel"):
        return
    # Git refuses to exclude what is outside of its repository.
    output, root = Path(os.path.normpath(site.output)), os.path.normpath(site.root)
    made = [".rostra", *([output.relative_to(root).as_posix()] if output.is_relative_to(root) else [])]
    but = [f":(exclude,literal){name}" for name in made]
    said = here.run("status", "--porcelain=v1", "-z", "--", ".", *but).decode("utf-8", "surrogateescape")
    changes = [line[3:] for line in said.split("\0") if line]
    if changes:
        raise RostraError(
            f"{changes[0]} is not committed" + (f", and {len(changes) - 1} more" if len(changes) > 1 else ""),
            hint="commit it, so that what is published can be built again; `--dirty` publishes anyway",
        )


def follows(site: Site, commit: str, later: str | None = None) -> bool:
    """Whether a commit equals or precedes another one, by default the current commit; both ids may be a stranger's."""
    if not all(COMMIT.fullmatch(each) for each in (commit, later) if each is not None):
        return False
    return Git(site.root).process("merge-base", "--is-ancestor", commit, later or "HEAD").returncode == 0
