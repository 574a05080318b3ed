"""Overwrite the metadata of recordings: places, names, devices.

No byte is moved, since other parts of a file refer to offsets.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rostra.media.kinds import MP3, Kind

HOLDERS = {b"moov", b"trak", b"mdia", b"minf"}
"""Boxes that contain boxes (ISO 14496-12, table 1)."""
TELLING = {b"udta", b"meta", b"uuid", b"XMP_", b"skip", b"free"}
"""Boxes of metadata; ``free`` may contain data that another program left."""
MANY = 10_000
"""The most boxes that are examined."""
BLANK = b"\0" * 65_536


def without_tags(path: Path, kind: Kind) -> None:
    """Overwrite tags in a file of MPEG-4 (ISO 14496-12) or MP3 (ID3)."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        for start, length, name in (_id3 if kind is MP3 else _boxes)(file, size):
            if name:
                file.seek(start - 4)
                file.write(name)
            _blank(file, start, length)


def _blank(file: IO[bytes], start: int, length: int) -> None:
    file.seek(start)
    while length > 0:
        length -= file.write(BLANK[:length])


def _boxes(file: IO[bytes], size: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the content of each box of metadata: offset, length, and the new name of the box, which programs skip."""
    stack, seen = [(0, size)], 0
    while stack:
        at, end = stack.pop()
        while at + 8 <= end and (seen := seen + 1) <= MANY:
            file.seek(at)
            head = file.read(16)
            length, name, begin = int.from_bytes(head[:4]), head[4:8], at + 8
            if length == 1:
                length, begin = int.from_bytes(head[8:16]), at + 16
            length = end - at if length == 0 else length
            if length < begin - at or at + length > end:
                break
            if name in HOLDERS:
                stack.append((begin, at + length))
            elif name in TELLING:
                # The name precedes the 64-bit size, if there is one.
                if begin == at + 8:
                    yield begin, at + length - begin, b"free"
                else:
                    yield begin, at + length - begin, b""
            at += length


def _id3(file: IO[bytes], size: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the content of ID3 tags: version 2 at the beginning (id3.org, ID3v2.4, 3.1), version 1 at the end."""
    file.seek(0)
    head = file.read(10)
    if head[:3] == b"ID3" and len(head) == 10:
        length = sum((byte & 0x7F) << 7 * n for n, byte in enumerate(reversed(head[6:10])))
        # Zeros are padding, which the standard allows.
        yield 10, min(length, size - 10), b""
    if size >= 128:
        file.seek(size - 128)
        if file.read(3) == b"TAG":
            yield size - 125, 125, b""
