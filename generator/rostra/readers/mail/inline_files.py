"""Find files that are encoded between the lines of a text, as mail and news had them before MIME: uuencode and yEnc.

yEnc writes bytes that no charset has, so they are taken out before the text is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rostra.system.lazy_regex import late

BEGIN = late(rb"^(?:begin [0-7]{3,4} (\S[^\n]{0,200})|=ybegin [^\n]{0,200}?\bname=([^\n]{1,200}))$", re.MULTILINE)
YENC_END = late(rb"^=yend\b[^\n]*$", re.MULTILINE)
UUENCODED = late(rb"[ -`]{1,64}\s*")
"""A line of uuencode: a letter for its length, and the code; its end may be lost with the spaces there."""


def without_files(data: bytes) -> tuple[bytes, list[str]]:
    """Return a text without complete files in it, and their names."""
    if b"begin " not in data:
        return data, []
    kept: list[bytes] = []
    names: list[str] = []
    at = 0
    for begin, end, name in _files(data):
        kept.append(data[at:begin])
        names.append(name.decode("utf-8", "replace").strip())
        at = end
    return (b"".join((*kept, data[at:])), names) if names else (data, names)


def _files(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where each file begins and ends, and its name."""
    at = 0
    while found := BEGIN.search(data, at):
        at = found.end()
        end = _end_of_yenc(data, at) if found[2] else _end_of_uuencode(data, at)
        if end is not None:
            yield found.start(), end, found[1] or found[2]
            at = end


def _end_of_yenc(data: bytes, at: int) -> int | None:
    end = YENC_END.search(data, at)
    return end.end() if end else None


def _end_of_uuencode(data: bytes, at: int) -> int | None:
    """Return the end of the line that closes the code; None if another line comes first, or there is no code."""
    coded = False
    while (begun := at + 1) < len(data):
        at = data.find(b"\n", begun)
        at = len(data) if at < 0 else at
        line = data[begun:at].rstrip()
        if line == b"end":
            return at if coded else None
        size = (line[0] - 32) % 64 if line else 0
        if not UUENCODED.fullmatch(line or b"`") or len(line) > 2 + (size + 2) // 3 * 4:
            return None
        coded = coded or size > 0
    return None
