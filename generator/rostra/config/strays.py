"""Recognise files in content folders that are not dumps: editor leftovers, files about a repository, binary files."""

from __future__ import annotations

from rostra.system.lazy_regex import late

LEFTOVER = late(
    r"(?is).*~|~\$.*|#.*#|thumbs\.db|desktop\.ini"
    r"|.*\.(?:bak|orig|rej|sw[op]|temp|tmp|part|partial|crdownload|download)"
)
"""Names of files that editors, systems and downloads leave behind."""
DOCUMENT = late(
    r"(?is)(?:readme|licen[cs]e|unlicense|copying|changelog|contributing|code_of_conduct)"
    r"(?:\.(?:md|markdown|txt|rst|adoc|org|html?))?"
)
"""Names of files that describe a repository."""

SIGNS = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"PK\x03\x04", "a zip archive, or an office document"),
    (0, b"Rar!\x1a\x07", "a rar archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (257, b"ustar", "a tar archive"),
    (4, b"1AY&SY", "compressed by bzip2"),
    (0, b"\xfd7zXZ\0", "compressed by xz"),
    (0, b"\x1f\x8b", "compressed twice"),
    (0, b"\x28\xb5\x2f\xfd", "compressed twice"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"\0asm", "a program"),
)  # fmt: skip
"""The offset and the bytes that identify kinds of files."""
MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16, where half of all bytes may be NUL."""
CONTROLS = bytes((*range(8), *range(14, 27), *range(28, 32)))
"""Bytes that text does not contain."""
MOST_CONTROLS = 0.01
"""The largest share of such bytes in a file that still counts as text."""


def is_leftover(name: str) -> bool:
    """Whether a file's name is that of a leftover of an editor or a download."""
    return LEFTOVER.fullmatch(name) is not None


def is_document(name: str) -> bool:
    """Whether a file's name is that of a description of its repository: a README, a licence."""
    return DOCUMENT.fullmatch(name) is not None


def binary_kind(head: bytes) -> str | None:
    """Return what kind of binary file this is, by its first bytes; None if it may be text."""
    for at, sign, kind in SIGNS:
        if head.startswith(sign, at):
            return f"a binary file ({kind})"
    if head.startswith(MARKS):
        return None
    controls = len(head) - len(head.translate(None, CONTROLS))
    return "a binary file" if b"\0" in head or controls > MOST_CONTROLS * len(head) else None
