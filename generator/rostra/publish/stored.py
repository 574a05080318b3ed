"""List the content of object storage without downloading it, and record what was published there from here.

A file is known to be right if its metadata equal those after it was sent from here, or if its ETag is the MD5 of the
local file, as for most objects of S3.  Nothing else is trusted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.config.site import Site
from rostra.publish.mark import MARK
from rostra.system.remote_files import Elsewhere, object_version


class Object(Struct, frozen=True):
    """The metadata of a file: its size in bytes (None: unknown), its version, and its ETag."""

    size: int | None
    version: str
    etag: str


class Sent(Struct, frozen=True, array_like=True):
    """A file that was sent from here: its SHA-256, and its metadata after that."""

    digest: str
    version: str


def stored_objects(place: Elsewhere) -> dict[str, Object]:
    """Return the files at a place, without objects that only represent a folder."""
    return {
        path: Object(about.get("size"), object_version(about), str(about.get("ETag") or "").strip('"'))
        for path, about in place.files_below().items()
        if path and not path.endswith("/")
    }


class PublishRecord:
    """What was published from here to one place, including the mark; empty without a record."""

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

    def claimed(self, there: Mapping[str, Object]) -> dict[str, str] | None:
        """Return the files that were published last, with their digests; None if that was not done from here."""
        if not self._is_as_sent(MARK, there):
            return None
        return {path: sent.digest for path, sent in self.sent.items() if path != MARK}

    def digest(self, path: str, there: Mapping[str, Object], wanted: Mapping[str, str]) -> str:
        """Return the digest of a remote file if it is known, else an empty string.

        ``wanted`` are the local files with their digests.
        """
        if self._is_as_sent(path, there):
            return self.sent[path].digest
        return wanted[path] if path in wanted and there[path].etag == _md5(self._output / path) else ""

    def _is_as_sent(self, path: str, there: Mapping[str, Object]) -> bool:
        return path in self.sent and path in there and there[path].version == self.sent[path].version != ""

    def note(self, wanted: Mapping[str, str], there: Mapping[str, Object]) -> None:
        """Record what was published, with the metadata of the mark and of the files that are ``there`` as wanted."""
        versions = {path: there[path].version if path in there else "" for path in (*wanted, MARK)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(
            msgspec.json.encode({path: Sent(wanted.get(path, ""), versions[path]) for path in sorted(versions)})
        )


def _md5(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError:
        return ""
