"""The last look at what is published: a file that would hold what is hidden is refused, whatever wrote it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from rostra.errors import UsageError
from rostra.privacy.name_patterns import NameMatch, Names
from rostra.readers.packed import MAGIC, is_packed, unpacked
from rostra.system.lazy_regex import late

PAGEFIND = b"pagefind_dcd"
"""How a part of a search index begins."""
LARGEST = 1 << 30
"""Bytes that a compressed file may hold: far more than any file that a build makes."""
CUT = "annotations.jsonld"
"""What holds nothing but stretches of a debate's texts, cut anywhere, all of which stand in its ``thread.json``."""
AROUND = 30
"""Characters before and after what is found that a message shows."""
SPACE = late(r"\s+")

Source = tuple[str, int | None, str, str]
"""Where it is said that a name is hidden: the file, its line, how that is called, and what to do."""


class Guard:
    """Refuses files in which names are found, but for those that stand among Rostra's ``own`` words.

    ``source`` says of a finding where it is told that the name is hidden.  ``ignored`` are stretches that hold letters
    by chance.
    """

    def __init__(
        self, names: Names, own: str, source: Callable[[NameMatch], Source], ignored: re.Pattern[str] | None = None
    ) -> None:
        self._find = names.guard(own + " ".join(calendar.month_name))
        self._source = source
        self._ignored = ignored

    def __call__(self, path: str, content: bytes) -> None:
        """Raise UsageError where a file may not be published; what somebody wrote has been changed before."""
        for text in (path, text_of_file(path, content)):
            if self._ignored:
                text = self._ignored.sub("", text)
            if (found := self._find(text)) is not None:
                said = text[found.start : found.end]
                around = SPACE.sub(" ", text[max(0, found.start - AROUND) : found.end + AROUND])
                where, line, why, hint = self._source(found)
                raise UsageError(f"{path} would hold {said!r}, {why}: …{around}…", path=where, line=line, hint=hint)


def text_of_file(path: str, content: bytes) -> str:
    """A file's text, decompressed; empty for pictures, fonts and programs, where chance writes any short name.

    The text of a search index is in the files of its results too.  Raises UnreadableDump for a compressed file that
    holds more than ``LARGEST``.
    """
    if is_packed(content[:MAGIC]):
        with suppress(OSError), unpacked(BytesIO(content), LARGEST, path) as stream:
            content = stream.read()
    binary = path.endswith((".png", CUT)) or content.startswith(PAGEFIND) or b"\0" in content[:1024]
    return "" if binary else content.decode("utf-8", "replace")
