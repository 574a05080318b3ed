"""Files of a site as anybody may read them."""

from __future__ import annotations

import gzip
from pathlib import Path


def unpacked(path: Path) -> bytes:
    """What a file holds, also where it is compressed, as Pagefind's are."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def as_text(path: Path) -> str:
    """The same as text, whatever else it holds."""
    return unpacked(path).decode("utf-8", "replace")
