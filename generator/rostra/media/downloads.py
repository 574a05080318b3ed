"""The files that ``rostra media --download`` saved, by their digests, and one line about each (``provenance.jsonl``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.media.places import Within
from rostra.system.lazy_regex import late

FOLDER = "media"
PROVENANCE = "provenance.jsonl"
DIGEST = late(r"[0-9a-f]{64}")


class Provenance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The origin of a file: address, time of download (RFC 3339), SHA-256, size in bytes, and media type from the server.

    ``gone`` is the status or reason why there is no file; the address is then not requested again.
    """

    address: str
    time: str
    digest: str = ""
    size: int = 0
    media_type: str = ""
    final: str = ""
    """The address that responded, if the server redirected."""
    gone: str = ""


class Downloads:
    """The saved files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def known(self) -> dict[str, Provenance]:
        """Return the last line about each address; an incomplete line is ignored."""
        return {each.address: each for each in self._lines()}

    def _lines(self) -> Iterator[Provenance]:
        decode = msgspec.json.Decoder(Provenance).decode
        try:
            with (self.folder / PROVENANCE).open("rb") as lines:
                for line in lines:
                    try:
                        yield decode(line)
                    except msgspec.DecodeError:
                        continue
        except OSError:
            return

    def find(self, address: str) -> Path | None:
        """Return the saved file of an address, or None."""
        of = self.known.get(address)
        if of is None or not DIGEST.fullmatch(of.digest):
            return None
        return Within(self.folder).file(relative(of.digest))


def relative(digest: str) -> str:
    """Return the path of a saved file in its folder: it has no extension, since nothing is known of it yet."""
    return f"{digest[:2]}/{digest}"
