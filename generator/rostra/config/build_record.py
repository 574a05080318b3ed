"""What the last build says to commands that run later: its failures, so that its output is not published by accident."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.system.file_state import discard

ANYTHING = RostraError("the record of the last build cannot be read", hint="run `rostra build`")


class Failure(Struct, frozen=True):
    """A failure as it was reported."""

    message: str
    path: str | None
    line: int | None
    hint: str | None


class BuildRecord(Struct, frozen=True):
    """A build that failed on some of its input, or failed as a whole and wrote nothing.

    ``begun`` is its start time by the clock of the cache's disk, in nanoseconds; None if it wrote nothing.
    """

    failures: tuple[Failure, ...]
    begun: int | None


def note(site: Site, failures: tuple[RostraError, ...], begun: int | None) -> None:
    """Record the failures of a build; without failures it succeeded."""
    if not failures:
        discard(_place(site))
        return
    record = BuildRecord(tuple(Failure(each.message, each.path, each.line, each.hint) for each in failures), begun)
    _place(site).write_bytes(msgspec.json.encode(record))


def last(site: Site) -> tuple[tuple[RostraError, ...], int | None]:
    """Return the failures and start time of a site's last build; none and None if it succeeded or ran elsewhere."""
    place = _place(site)
    try:
        record = msgspec.json.decode(place.read_bytes(), type=BuildRecord)
    except FileNotFoundError:
        return (), None
    except (OSError, msgspec.MsgspecError):
        return (ANYTHING,), None
    told = (RostraError(each.message, path=each.path, line=each.line, hint=each.hint) for each in record.failures)
    return tuple(told), record.begun


def note_private(site: Site, posts: int) -> None:
    """Record how many private posts a build left out of dumps of which it shows nothing."""
    if posts:
        _private(site).write_text(str(posts))
    else:
        discard(_private(site))


def private_posts(site: Site) -> int:
    """Return how many private posts the last build left out of dumps of which it shows nothing."""
    try:
        return int(_private(site).read_text())
    except (OSError, ValueError):
        return 0


def _private(site: Site) -> Path:
    return site.cache / "private"


def _place(site: Site) -> Path:
    return site.cache / "failed"
