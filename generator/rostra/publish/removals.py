"""Refuse to publish if debates or their addresses would disappear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.errors import RostraError
from rostra.publish.difference import listing

MOST = 10
"""At most one in this many debates may disappear at once without consent."""


def refuse_lost_addresses(old: Iterable[str], new: Iterable[str], otherwise: str) -> None:
    """Raise RostraError if debates would vanish from their addresses; ``otherwise`` is the hint to override it.

    ``old`` and ``new`` are the published paths and the paths to publish.
    """
    lost = sorted(_debates(old, "index.html") - _debates(new, "index.html"))
    if lost:
        raise RostraError(
            f"debates/{lost[0]}/index.html was published and would be missing"
            + (f", and {len(lost) - 1} more" if len(lost) > 1 else ""),
            hint=f"build with the ledger as it was committed last, so that the addresses lead on; {otherwise}",
        )


def refuse_removals(
    output: Path, old: Iterable[str], new: Iterable[str], otherwise: str = "publish with `--accept-removals`"
) -> None:
    """Raise RostraError if more than a tenth of all published debates, and more than one, would disappear at once.

    ``otherwise`` is the hint to override it.
    """
    before = _live(old)
    going = sorted(id for id in before - _live(new) if not _has_moved(output, id))
    if len(going) > 1 and len(going) * MOST > len(before):
        raise RostraError(
            f"{len(going):,} of {len(before):,} debates would be removed at once: {listing(going)}",
            hint=f"restore their dumps and cards, and build; to remove them, {otherwise}",
        )


def _live(paths: Iterable[str]) -> set[str]:
    """Return the ids of the debates that are published: a debate that is gone has a feed, and nothing to cite."""
    named: dict[str, set[str]] = {name: set() for name in ("thread.json", "feed.xml", "citations.bib")}
    for path in paths:
        match path.split("/"):
            case ["debates", id, file] if file in named:
                named[file].add(id)
    return named["thread.json"] - named["feed.xml"] | named["citations.bib"]


def _debates(paths: Iterable[str], name: str) -> set[str]:
    """Return the ids of the debates that have a file of this name."""
    return set(_ids(paths, name))


def _ids(paths: Iterable[str], name: str) -> Iterator[str]:
    for path in paths:
        match path.split("/"):
            case ["debates", id, file] if file == name:
                yield id


class _NamedPosts(Struct):
    """The fields of a thread document that are needed here."""

    moved_to: str | None = None


def _has_moved(output: Path, id: str) -> bool:
    """Whether the address of a debate redirects to where its posts are now."""
    try:
        document = msgspec.json.decode((output / "debates" / id / "thread.json").read_bytes(), type=_NamedPosts)
    except (OSError, msgspec.DecodeError):
        return False
    return bool(document.moved_to)
