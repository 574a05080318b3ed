"""Read compressed files (gzip, Zstandard), which may be truncated, and long lines as streams with limits."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, cast

from rostra.errors import UnreadableDump

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
MAGIC = len(ZSTANDARD)
"""The number of bytes that show whether a file is compressed."""
BUFFER = 1 << 17
WINDOWS = 8
"""The window of a Zstandard frame may be the limit divided by this number, or 128 MiB if that is more."""
LEAST_WINDOW = 27


def is_packed(magic: bytes) -> bool:
    """Whether the first bytes of a file are those of a compressed one."""
    return magic.startswith((GZIP, ZSTANDARD))


def unpacked(file: IO[bytes], limit: int, name: str) -> io.BufferedReader:
    """Return the decompressed contents of a file as a stream; closing it closes the file.

    Reading raises UnreadableDump, with ``name`` as its path, after ``limit`` bytes or if a frame needs too much memory,
    and OSError if the file is truncated or damaged, after all data before the damage was read.
    """
    magic = file.read(MAGIC)
    file.seek(0)
    damage: type[Exception]
    if magic.startswith(GZIP):
        stream, damage = cast("io.BufferedIOBase", gzip.GzipFile(fileobj=file)), zlib.error
    else:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        log = zstd.DecompressionParameter.window_log_max
        window = min(max((limit // WINDOWS).bit_length() - 1, LEAST_WINDOW), log.bounds()[1])
        stream, damage = cast("io.BufferedIOBase", zstd.ZstdFile(file, options={log: window})), zstd.ZstdError
    return io.BufferedReader(_Limited(file, stream, limit, name, (EOFError, damage)), BUFFER)


def limited(stream: io.BufferedIOBase, limit: int, name: str, damage: tuple[type[Exception], ...]) -> io.RawIOBase:
    """Return a decompressing stream with the limit and the errors of ``unpacked``."""
    return _Limited(stream, stream, limit, name, damage)


class _Limited(io.RawIOBase):
    def __init__(
        self,
        file: IO[bytes] | io.BufferedIOBase,
        stream: io.BufferedIOBase,
        limit: int,
        name: str,
        damage: tuple[type[Exception], ...],
    ) -> None:
        self._file = file
        self._stream = stream
        self._limit = limit
        self._name = name
        self._damage = damage
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            size = self._stream.readinto1(buffer)  # returns no more than the intact data before the damage
        except self._damage as error:
            if "too much memory" in str(error):
                raise self._refused("asks for more memory than its size explains") from error
            raise OSError(str(error)) from error
        self._given += size
        if self._given > self._limit:
            raise self._refused(f"holds more than {self._limit >> 20} MiB")
        return size

    def _refused(self, what: str) -> UnreadableDump:
        hint = "if you trust the file, raise `unpacked` under `[limits]` in rostra.toml, or decompress it yourself"
        return UnreadableDump(f"this compressed file {what}", path=self._name, hint=hint)

    def close(self) -> None:
        self._stream.close()
        self._file.close()
        super().close()


def bounded_lines(stream: IO[bytes], most: int) -> Iterator[tuple[bytes, int]]:
    """Yield the lines of a stream with their sizes; a longer line is cut after ``most`` bytes."""
    for line in iter(partial(stream.readline, most), b""):
        size = len(line)
        if size == most and not line.endswith(b"\n"):
            for rest in iter(partial(stream.readline, BUFFER), b""):
                size += len(rest)
                if rest.endswith(b"\n"):
                    break
        yield line, size
