"""What really stands in object storage, told without downloading it, and a record of what was published there from here.

A file is known to hold what it should where the storage tells of it what it told after it was sent from here, or where
its ETag is the MD5 of the file here, as it is for most objects of S3.  Nothing else is believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.elsewhere import Elsewhere, version
from rostra.publish.mark import MARK
from rostra.site import Site


class Object(Struct, frozen=True):
    """What a storage tells of a file: its bytes (None: nothing), what changes when it does, and its ETag."""

    size: int | None
    version: str
    etag: str


class Sent(Struct, frozen=True, array_like=True):
    """A file that was sent from here: its SHA-256, and what the storage then told of it."""

    digest: str
    version: str


def objects(place: Elsewhere) -> dict[str, Object]:
    """The files at a place, without the mark, and without objects that only stand for a folder."""
    return {
        path: Object(about.get("size"), version(about), str(about.get("ETag") or "").strip('"'))
        for path, about in place.files_below().items()
        if path != MARK and path and not path.endswith("/")
    }


class Record:
    """What was published from here to one place; where there is no record, none of it."""

    def __init__(self, site: Site, place: Elsewhere, endpoint: str | None) -> None:
        named = hashlib.sha256(f"{place.shown}\0{endpoint or ''}".encode()).hexdigest()
        self._output = site.output
        self._path = site.cache / "published" / f"{named[:20]}.json"
        self.sent = self._read()

    def _read(self) -> dict[str, Sent]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Sent])
        except (OSError, msgspec.DecodeError):
            return {}

    def digest(self, path: str, there: Object, wanted: Mapping[str, str]) -> str:
        """The digest of a file that stands there, where it can be told; else empty.

        ``wanted`` are the files here with their digests.
        """
        sent = self.sent.get(path)
        if sent and there.version and sent.version == there.version:
            return sent.digest
        return wanted[path] if path in wanted and there.etag == _md5(self._output / path) else ""

    def note(
        self,
        wanted: Mapping[str, str],
        before: Mapping[str, Object],
        after: Mapping[str, Object],
        sent: Collection[str] = (),
    ) -> None:
        """Record what stands there ``after`` some files were sent; ``before`` that the others were as they are wanted.

        A file that changed meanwhile is left out, so that it is sent again.
        """
        held = {
            path: Sent(wanted[path], there.version)
            for path, there in after.items()
            if path in wanted
            and (
                there.size in (None, (self._output / path).stat().st_size)
                if path in sent
                else before.get(path) == there
            )
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(msgspec.json.encode(held))


def _md5(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError:
        return ""
