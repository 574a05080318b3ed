"""Files in web archives: WARC (ISO 28500), and WACZ, a zip archive of WARC files with an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from rostra.model import Problem
from rostra.system.file_state import file_stamp
from rostra.system.web_address import web_address

CHUNK = 1 << 20
LARGEST = 1 << 30
"""The most bytes of a file, decompressed."""
ENDINGS = (".warc", ".warc.gz")
KEPT = {"response", "resource"}
TABLES = """
CREATE TABLE IF NOT EXISTS web_archives (path TEXT PRIMARY KEY, stamp TEXT, wrong TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS captures (path TEXT, address TEXT, inner TEXT, PRIMARY KEY (path, address)) WITHOUT ROWID;
"""


class WebArchive:
    """The files in a web archive; its index is kept in ``base`` while the archive does not change."""

    def __init__(self, path: Path, base: sqlite3.Connection) -> None:
        self.path = path
        self._base = base
        self._key = str(path)
        stamp = file_stamp(path)
        row = base.execute("SELECT stamp FROM web_archives WHERE path = ?", (self._key,)).fetchone()
        if row is None or row[0] != stamp:
            self._index(stamp)

    def _index(self, stamp: str | None) -> None:
        self._base.execute("DELETE FROM captures WHERE path = ?", (self._key,))
        wrong: str | None = None
        try:
            # Of several captures of an address, the last counts.
            rows = ((self._key, address, inner) for address, inner in _captures(self.path))
            self._base.executemany("INSERT OR REPLACE INTO captures VALUES (?, ?, ?)", rows)
        except Exception as error:  # noqa: BLE001  # the library raises anything on damaged data; what was found counts
            wrong = f"{type(error).__name__}: {str(error)[:200]}"
        query = "SELECT 1 FROM captures WHERE path = ? LIMIT 1"
        if wrong is None and not self._base.execute(query, (self._key,)).fetchone():
            wrong = "there is no file in it"
        self._base.execute("INSERT OR REPLACE INTO web_archives VALUES (?, ?, ?)", (self._key, stamp, wrong))

    def find(self, address: str) -> str | None:
        """Return the place of the file of an address in the archive, with http or https; None if it has none."""
        other = address.replace("https://", "http://", 1) if address.startswith("https://") else address.replace("http://", "https://", 1)  # fmt: skip
        for each in (address, other):
            query = "SELECT inner FROM captures WHERE path = ? AND address = ?"
            if row := self._base.execute(query, (self._key, each.partition("#")[0])).fetchone():
                return str(row[0])
        return None

    @property
    def problem(self) -> Problem | None:
        """The problem of reading it, if only a part of it could be read."""
        query = "SELECT wrong FROM web_archives WHERE path = ?"
        (wrong,) = self._base.execute(query, (self._key,)).fetchone()
        message = f"this web archive cannot be read to its end: {wrong}"
        return Problem(code="web-archive", message=message, hint="fetch it again") if wrong else None

    def content(self, inner: str) -> Iterator[bytes]:
        """Yield the content of a file, decoded, chunk by chunk; raise OSError if it cannot be read."""
        member, _, offset = inner.partition("\n")
        try:
            with _opened(self.path, member) as stream:
                stream.seek(int(offset))
                record = next(_records(stream), None)
                yield from _content(record) if record else ()
        except OSError:
            raise
        except Exception as error:
            raise OSError(f"{self.path.name} is damaged: {error}") from error


def _content(record: Any) -> Iterator[bytes]:
    stream, left = record.content_stream(), LARGEST
    while left > 0 and (chunk := stream.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _captures(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the address of each file that a server sent, and where it is."""
    for member in _members(path):
        with _opened(path, member) as stream:
            records = _records(stream)
            for record in records:
                status = record.http_headers.get_statuscode() if record.http_headers else "200"
                given = record.rec_headers.get_header("WARC-Target-URI") or ""
                address = web_address(given.strip("<>"))
                if record.rec_type in KEPT and status == "200" and address:
                    yield address.partition("#")[0], f"{member}\n{records.get_record_offset()}"


def _records(stream: IO[bytes]) -> Any:  # the library has no types
    from warcio.archiveiterator import ArchiveIterator

    return ArchiveIterator(stream)


def _members(path: Path) -> list[str]:
    if path.suffix.lower() != ".wacz":
        return [""]
    with ZipFile(path) as archive:
        return sorted(name for name in archive.namelist() if name.lower().endswith(ENDINGS))


@contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes]]:
    if not member:
        with path.open("rb") as stream:
            yield stream
        return
    try:
        with ZipFile(path) as archive, archive.open(member) as stream:
            yield stream
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise OSError(f"{path.name} is damaged: {error}") from error
