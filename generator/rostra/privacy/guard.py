"""The last check of published files: a file that would contain something hidden is rejected, whatever wrote it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from rostra.errors import UsageError
from rostra.privacy.name_patterns import NameMatch, Names
from rostra.readers.dumps.packed import MAGIC, is_packed, unpacked
from rostra.system.lazy_regex import late

BINARY = (".bin", ".png", ".wasm")
"""Suffixes of files without text of their own: the text of a search index is also in each ``thread.json``."""
PROGRAM = "assets/search-"
"""The prefix of the path of the search program: it contains no text of a site, but many English words."""
LARGEST = 1 << 30
"""The most bytes of a decompressed file: far more than any file that a build makes."""
CUT = "annotations.jsonld"
"""A file that contains only stretches of a debate's texts, cut anywhere; all of them are in its ``thread.json``."""
AROUND = 30
"""How many characters before and after a match a message shows."""
SPACE = late(r"\s+")

NameSource = tuple[str, int | None, str, str]
"""The source of a rule that hides a name: its file, its line, the reason for a message, and the hint."""


class Guard:
    """Rejects files that contain names, except names that are among Rostra's ``own`` words.

    ``source`` returns the rule's source for a match.  ``ignored`` matches stretches of random letters.
    """

    def __init__(
        self, names: Names, own: str, source: Callable[[NameMatch], NameSource], ignored: re.Pattern[str] | None = None
    ) -> None:
        self._find = names.guard(own + " ".join(calendar.month_name))
        self._source = source
        self._ignored = ignored

    def __call__(self, path: str, content: bytes) -> None:
        """Raise UsageError if a file must not be published; people's texts have been masked before."""
        for text in (path, text_of_file(path, content)):
            found = self._find(text)
            if found is not None and self._ignored:
                # Random letters are rarely a name, and removing them from every file takes time.
                found = self._find(text := self._ignored.sub("", text))
            if found is not None:
                said = text[found.start : found.end]
                around = SPACE.sub(" ", text[max(0, found.start - AROUND) : found.end + AROUND])
                where, line, why, hint = self._source(found)
                raise UsageError(f"{path} would contain {said!r}, {why}: …{around}…", path=where, line=line, hint=hint)


def text_of_file(path: str, content: bytes) -> str:
    """Return a file's text, decompressed; empty for images, fonts and programs, where short names occur by chance.

    Raise UnreadableDump if a compressed file has more than
    ``LARGEST`` bytes when decompressed.
    """
    if is_packed(content[:MAGIC]):
        with suppress(OSError), unpacked(BytesIO(content), LARGEST, path) as stream:
            content = stream.read()
    binary = path.endswith((*BINARY, CUT)) or path.startswith(PROGRAM) or b"\0" in content[:1024]
    return "" if binary else content.decode("utf-8", "replace")
