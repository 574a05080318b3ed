"""The repository that the site stands in, if it stands in one: only looked at."""

from __future__ import annotations

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.publish.git import Git
from rostra.system.lazy_regex import late

COMMIT = late(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""What may be asked of git: no option, and no name of a branch."""


def head(site: Site) -> str | None:
    """The commit that the site is built from; None where it is in no repository, or nothing is committed."""
    return Git(site.root).line("rev-parse", "--verify", "--quiet", "HEAD")


def refuse_uncommitted(site: Site) -> None:
    """Raises RostraError where files of the site have changes that are not committed."""
    here = Git(site.root)
    if not here.line("rev-parse", "--show-toplevel"):
        return
    output = site.output.relative_to(site.root).as_posix() if site.output.is_relative_to(site.root) else ""
    but = [f":(exclude){name}" for name in (output, ".rostra") if name]
    said = here.run("status", "--porcelain=v1", "-z", "--", ".", *but).decode("utf-8", "surrogateescape")
    changes = [line[3:] for line in said.split("\0") if line]
    if changes:
        raise RostraError(
            f"{changes[0]} is not committed" + (f", and {len(changes) - 1} more" if len(changes) > 1 else ""),
            hint="commit it, so that what is published can be built again; `--dirty` publishes all the same",
        )


def follows(site: Site, commit: str, later: str | None = None) -> bool:
    """Whether a commit is another one, or came before it; by default before what is here.  Anybody may have named both."""
    if not all(COMMIT.fullmatch(each) for each in (commit, later) if each is not None):
        return False
    return Git(site.root).process("merge-base", "--is-ancestor", commit, later or "HEAD").returncode == 0
