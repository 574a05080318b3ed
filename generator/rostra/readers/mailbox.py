"""Where messages stand in a mailbox: mbox and its kin, Pipermail's monthly text, one message a file, maildir."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import IO

from msgspec import Struct

from rostra.readers.dump import Dump

SEPARATOR = re.compile(rb"From .*\d{4}(?:\s+\S{1,8})?\s*$")
HEADER = re.compile(rb"[!-9;-~]+:")
KNOWN = re.compile(
    rb"(?:^|\n)(from|to|date|subject|message-id|received|return-path|in-reply-to|mime-version|newsgroups|delivered-to|content-type):",
    re.IGNORECASE,
)
UNQUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Place(Struct, frozen=True):
    """A message's bytes: ``size`` of them from ``offset`` of file number ``file``; it begins at ``line`` there."""

    file: int
    offset: int
    size: int
    line: int


class Mailbox:
    """The messages of a dump, by place, so that none is held longer than it is looked at."""

    def __init__(self, dump: Dump) -> None:
        self._files = [each for each in dump.files() if _may_be_mail(each)]
        self._streams: dict[int, IO[bytes]] = {}

    def places(self) -> Iterator[tuple[Place, bytes]]:
        """Every message's place and header block, in order."""
        for number in range(len(self._files)):
            yield from self._places_in(number)

    def message(self, place: Place) -> bytes:
        """A message as it was sent: mbox's quoting of ``From `` undone, its separator gone."""
        stream = self._stream(place.file)
        stream.seek(place.offset)
        data = stream.read(place.size)
        if data.startswith(b"From "):
            data = data.partition(b"\n")[2]
            data = UNQUOTED.sub(rb"\1", data)
        return data

    def close(self) -> None:
        """Close every file."""
        for stream in self._streams.values():
            stream.close()

    def _stream(self, number: int) -> IO[bytes]:
        if number not in self._streams:
            if len(self._streams) > 64:
                self._streams.pop(next(iter(self._streams))).close()
            source = self._files[number].open()
            if source.seekable() and type(source).__name__ == "BufferedReader":
                self._streams[number] = source
            else:
                # Seeking back in a compressed stream reads it from its start; a copy on disk does not.
                copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the others, by `close`
                shutil.copyfileobj(source, copy)
                source.close()
                self._streams[number] = copy
        return self._streams[number]

    def _places_in(self, number: int) -> Iterator[tuple[Place, bytes]]:
        stream = self._stream(number)
        stream.seek(0)
        start = offset = 0
        start_line = line_number = 1
        headers: list[bytes] = []
        in_headers, separated = True, False
        pending: bytes | None = None
        for line in stream:
            if pending is not None:
                # A line that begins "From " separates only where a header follows it.
                if HEADER.match(line) or line.startswith(b">From "):
                    at = offset - len(pending)
                    if at > start:
                        yield Place(number, start, at - start, start_line), b"".join(headers)
                    start, start_line, headers, in_headers, separated = at, line_number - 1, [], True, True
                elif in_headers:
                    headers.append(pending)
                pending = None
            # Some archives leave out the blank line before a separator; the header after it decides.
            if line.startswith(b"From ") and SEPARATOR.match(line):
                pending = line
            elif in_headers:
                if line.strip():
                    headers.append(line)
                elif headers:
                    in_headers = False
            offset += len(line)
            line_number += 1
        if offset > start and (separated or headers):
            yield Place(number, start, offset - start, start_line), b"".join(headers)


def looks_like_mail(head: bytes) -> float:
    """How sure one is that bytes begin a mailbox or a message."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n")
    first, _, rest = text.partition(b"\n")
    if SEPARATOR.match(first) and (HEADER.match(rest) or rest.startswith(b">From ")):
        return 0.95
    block = text.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if not HEADER.match(block) or b"\0" in block:
        return 0
    known = {found.lower() for found in KNOWN.findall(block)}
    if len(known) >= 3 or (len(known) == 2 and known & {b"message-id", b"from"}):
        return 0.9
    return 0


def _may_be_mail(file: Dump) -> bool:
    return looks_like_mail(file.head) > 0
