"""Decide whether the content of the branch may be replaced: published from here, or by Rostra from a commit known here.

With a record of what was published from here, the branch must contain that, or what was published elsewhere from a
later commit that is known here.  Without a record, its files must match its ``SHA256SUMS``.
"""

from __future__ import annotations

from collections.abc import Mapping

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish.contents import Contents, trusted, verified
from rostra.publish.difference import terminal_text
from rostra.publish.mark import PublishMark, refuse_older
from rostra.publish.remote import THERE, Remote, Tip
from rostra.publish.source import follows


def replaces(tip: Tip, replace: str | None) -> bool:
    """Whether the user named exactly this commit as one that may be replaced."""
    return replace is not None and len(replace) >= 7 and tip.commit.startswith(replace)


def refuse_strange(site: Site, remote: Remote, tip: Tip, replace: str | None) -> None:
    """Raise RostraError if Rostra did not publish the branch's content, or if it is later than the local source."""
    if tip.mark:
        refuse_older(tip.mark)
    if replaces(tip, replace):
        return
    published = remote.published(tip)
    since = remote.changes(published, tip.commit) if published else None
    if tip.mark is None and since is None:
        raise RostraError(
            f"Rostra did not make the branch {remote.branch!r}: its last commit is {tip.subject!r}",
            hint=f"name another with `--branch`; {_way(tip)}",
        )
    if tip.mark is None or (not tip.signed and (since or since is None)):
        raise RostraError(
            f"somebody else committed {tip.subject!r} to {remote.branch!r} after it was published"
            + (f": {since}" if since else ""),
            hint=f"copy that change into the dumps, cards or layouts; {_way(tip)}",
        )
    if tip.mark.source and remote.source and not follows(site, tip.mark.source):
        raise RostraError(
            f"what is published was built from {terminal_text(tip.mark.source[:12])}, which is not among the commits here",
            hint=f"`git pull`, and build again; {_way(tip)}",
        )
    if published and since and not _is_later(site, remote.mark(published), tip.mark):
        raise RostraError(
            f"{remote.branch!r} is not as it was published from here: {since}",
            hint=f"copy that change into the dumps, cards or layouts; {_way(tip)}",
        )


def _way(tip: Tip) -> str:
    """Return the hint to override a refusal."""
    return f"if nothing of it is needed: `rostra publish --replace {tip.commit[:12]}`"


def _is_later(site: Site, published: PublishMark | None, mark: PublishMark) -> bool:
    """Whether a site was published elsewhere from a later commit than the one ``published`` from here."""
    before = published.source if published else None
    return bool(before and mark.source and before != mark.source and follows(site, before, mark.source))


def contents(site: Site, remote: Remote, tip: Tip, built: Mapping[str, str], replace: str | None) -> Contents:
    """Return the branch's content; raises RostraError if it is neither what was published from here nor what it lists."""
    published = remote.published(tip)
    if published and not remote.changes(published, tip.commit):
        return trusted(remote.git, tip.commit)
    found = verified(remote.git, tip.commit, THERE, site.output, built)
    if found.differs and not replaces(tip, replace):
        raise RostraError(
            f"{remote.branch!r} does not hold what its {MANIFEST} lists: {found.differs}",
            hint=f"copy that change into the dumps, cards or layouts; {_way(tip)}",
        )
    return found
