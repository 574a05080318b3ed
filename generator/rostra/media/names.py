"""Paths of media in the site, and the names under which they are saved."""

from __future__ import annotations

from unicodedata import category

from rostra.media.kinds import AVIF, GIF, JPEG, M4A, MP3, MP4, OGG, OGV, PDF, PNG, TEXT, WEBM, WEBP, ZIP, Kind
from rostra.system.lazy_regex import late

FOLDER = "media"
LONGEST = 120
"""The most code points of a file's name."""
PLACES = late(r"[/\\]")
FORBIDDEN = late(r'[<>:"|?*]')
"""Characters that a name cannot have on some system."""
LOST = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of invisible characters: controls, marks of direction, surrogates, line ends."""
DEVICE = late(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Names of devices on Windows, with any extension."""
ALIKE: dict[Kind, frozenset[str]] = {
    JPEG: frozenset(("jpg", "jpeg", "jpe", "jfif")),
    PNG: frozenset(("png", "apng")),
    GIF: frozenset(("gif",)),
    WEBP: frozenset(("webp",)),
    AVIF: frozenset(("avif", "avifs")),
    MP4: frozenset(("mp4", "m4v")),
    M4A: frozenset(("m4a", "m4b")),
    WEBM: frozenset(("webm",)),
    OGG: frozenset(("ogg", "oga", "opus", "spx")),
    OGV: frozenset(("ogv", "ogg")),
    MP3: frozenset(("mp3",)),
    PDF: frozenset(("pdf",)),
    TEXT: frozenset(("txt", "text", "log", "csv", "tsv", "md", "diff", "patch", "tex", "bib")),
    ZIP: frozenset(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub")),
}
"""The extensions that a saved file may keep: no system runs them as a program."""


def media_path(digest: str, extension: str, width: int = 0) -> str:
    """Return the path in the site: ``media/ab/abcdef….jpg``; for a smaller copy ``media/ab/abcdef…-720.webp``."""
    return f"{FOLDER}/{digest[:2]}/{digest}{f'-{width}' * bool(width)}.{extension}"


def saved_name(name: str, kind: Kind, digest: str) -> str:
    """Return the name under which a browser saves a file: the name in the post, with the extension of the file's kind.

    Without folders, controls, and marks that reverse how a name reads ("gnp.exe" that is shown as "exe.png").
    """
    last = PLACES.split(name.strip())[-1]
    kept = (sign for sign in last if category(sign) not in LOST)
    plain = "".join(" " if category(sign) == "Zs" else sign for sign in kept)
    plain = FORBIDDEN.sub("_", plain).strip(" .")
    if not plain or DEVICE.fullmatch(plain):
        plain = digest[:12]
    stem, dot, extension = plain.rpartition(".")
    if dot and stem and extension.lower() in ALIKE[kind]:
        return f"{stem[:LONGEST]}.{extension}"
    return f"{plain[:LONGEST]}.{kind.extension}"
