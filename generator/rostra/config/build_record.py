"""What the last build failed on, kept until one is good: what it made is not to be published by accident."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.system.file_state import discard

ANYTHING = RostraError("the record of the last build cannot be read", hint="run `rostra build`")


class Failure(Struct, frozen=True):
    """A failure as it was told."""

    message: str
    path: str | None
    line: int | None
    hint: str | None


class BuildRecord(Struct, frozen=True):
    """A build that failed on some of what it was given, or as a whole, and then made nothing.

    ``begun`` is when it began, by the clock of the cache's disk, in nanoseconds; None where it made nothing.
    """

    failures: tuple[Failure, ...]
    begun: int | None


def note(site: Site, failures: tuple[RostraError, ...], begun: int | None) -> None:
    """Note what a build failed on; without failures it was good."""
    if not failures:
        discard(_place(site))
        return
    record = BuildRecord(tuple(Failure(each.message, each.path, each.line, each.hint) for each in failures), begun)
    _place(site).write_bytes(msgspec.json.encode(record))


def last(site: Site) -> tuple[tuple[RostraError, ...], int | None]:
    """What the last build of a site failed on, and when it began; nothing where it was good, or made on another machine."""
    place = _place(site)
    try:
        record = msgspec.json.decode(place.read_bytes(), type=BuildRecord)
    except FileNotFoundError:
        return (), None
    except (OSError, msgspec.MsgspecError):
        return (ANYTHING,), None
    told = (RostraError(each.message, path=each.path, line=each.line, hint=each.hint) for each in record.failures)
    return tuple(told), record.begun


def _place(site: Site) -> Path:
    return site.cache / "failed"
