"""Read lines of any length without holding more than their beginning."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import IO

from rostra.readers.dump import CHUNK


def lines_of(stream: IO[bytes], most: int) -> Iterator[tuple[bytes, int]]:
    """Yield the lines of a stream with their sizes; only the first ``most`` bytes of a longer line."""
    for line in iter(partial(stream.readline, most), b""):
        size = len(line)
        if size == most and not line.endswith(b"\n"):
            for rest in iter(partial(stream.readline, CHUNK), b""):
                size += len(rest)
                if rest.endswith(b"\n"):
                    break
        yield line, size
