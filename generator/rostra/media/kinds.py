"""The kind of a file, by its first bytes, and whether it may be published (WHATWG MIME Sniffing Standard, where it applies)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rostra.i18n import reasons
from rostra.system.lazy_regex import late

HEAD = 4096
"""How many bytes of a file are needed to determine its kind."""

Family = Literal["image", "video", "audio", "document", "text", "archive"]


class Kind(NamedTuple):
    """A kind of file that is published: its extension, its media type, and how a page shows it."""

    extension: str
    media_type: str
    family: Family


class NotPublished(NamedTuple):
    """A file that is not published: its kind, in words that follow "it is"."""

    what: str

    @property
    def why(self) -> str:
        """The reason, a sentence."""
        return reasons.OF_KIND % {"kind": self.what}


JPEG = Kind("jpg", "image/jpeg", "image")
PNG = Kind("png", "image/png", "image")
GIF = Kind("gif", "image/gif", "image")
WEBP = Kind("webp", "image/webp", "image")
AVIF = Kind("avif", "image/avif", "image")
MP4 = Kind("mp4", "video/mp4", "video")
M4A = Kind("m4a", "audio/mp4", "audio")
WEBM = Kind("webm", "video/webm", "video")
OGG = Kind("ogg", "audio/ogg", "audio")
OGV = Kind("ogv", "video/ogg", "video")
MP3 = Kind("mp3", "audio/mpeg", "audio")
PDF = Kind("pdf", "application/pdf", "document")
TEXT = Kind("txt", "text/plain", "text")
ZIP = Kind("zip", "application/zip", "archive")
KINDS = (JPEG, PNG, GIF, WEBP, AVIF, MP4, M4A, WEBM, OGG, OGV, MP3, PDF, TEXT, ZIP)

SIGNS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"ID3", MP3),
)
OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"II*\0", reasons.TIFF),
    (0, b"MM\0*", reasons.TIFF),
    (0, b"BM", reasons.BMP),
    (0, b"\0\0\1\0", reasons.ICON),
    (0, b"8BPS", reasons.PHOTOSHOP),
    (0, b"\x1aE\xdf\xa3", reasons.MATROSKA),
    (0, b"RIFF", reasons.RIFF),
    (0, b"MZ", reasons.PROGRAM),
    (0, b"\x7fELF", reasons.PROGRAM),
    (0, b"\xca\xfe\xba\xbe", reasons.PROGRAM),
    (0, b"\0asm", reasons.PROGRAM),
    (0, b"#!", reasons.SCRIPT),
    (0, b"{\\rtf", reasons.RTF),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", reasons.OFFICE),
    (0, b"Rar!\x1a\x07", reasons.RAR),
    (0, b"7z\xbc\xaf\x27\x1c", reasons.SEVEN_ZIP),
    (0, b"\x1f\x8b", reasons.COMPRESSED),
    (0, b"\x28\xb5\x2f\xfd", reasons.COMPRESSED),
    (0, b"SQLite format 3\0", reasons.DATABASE),
    (257, b"ustar", reasons.TAR),
)
VIDEO = frozenset((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"))
AUDIO = frozenset((b"M4A ", b"M4B "))
STILL = frozenset((b"avif", b"avis"))

MARKUP = late(
    rb"(?i)<(?:!doctype|!--|\?xml|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|meta|link|img|form"
    rb"|object|embed|frameset|xml|rss|feed|x:xmpmeta)(?=[\s>/]|--|\Z)"
)
"""The beginnings of files that a browser may run as a page: the standard's table for HTML, XML and SVG."""
CONTROL = late(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that text does not contain (MIME Sniffing, "binary data byte")."""
BLANK = b"\xef\xbb\xbf \t\n\r\f"
BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second of a frame of MPEG audio layer III, of version 1 and of versions 2 and 2.5 (ISO 11172-3, 2.4.2.3)."""
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sniff(head: bytes) -> Kind | NotPublished:
    """Return the kind of a file from its first ``HEAD`` bytes, or why it is not published; its text must still be checked."""
    if not head:
        return NotPublished(reasons.EMPTY)
    for sign, kind in SIGNS:
        if head.startswith(sign):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return WEBM
    if head.startswith(b"OggS"):
        return OGV if b"\x80theora" in head[:200] else OGG
    if _is_mp3(head):
        return MP3
    for at, sign, what in OTHERS:
        if head.startswith(sign, at):
            return NotPublished(what)
    return _of_text(head)


def _of_brand(brand: bytes) -> Kind | NotPublished:
    """Return the kind of an ISO base media file by its major brand (ISO 14496-12, 4.3)."""
    if brand in STILL:
        return AVIF
    if brand in AUDIO:
        return M4A
    if brand in VIDEO:
        return MP4
    return NotPublished(reasons.OF_BRAND % {"brand": repr(brand.decode("ascii", "backslashreplace").strip())})


def _is_mp3(head: bytes) -> bool:
    """Whether two frames of MPEG audio layer III follow each other: one alone may be chance (MIME Sniffing, 6.2.3)."""
    size = _frame(head)
    return bool(size) and bool(_frame(head[size:]))


def _frame(data: bytes) -> int:
    """Return the bytes of the frame that begins here; 0 if none does."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return 0
    version, rate, frequency = data[1] >> 3 & 3, data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or frequency == 3:
        return 0
    kilobits = BITRATES[3 if version == 3 else 2][rate]
    return (144_000 if version == 3 else 72_000) * kilobits // RATES[version][frequency] + (data[2] >> 1 & 1)


def _of_text(head: bytes) -> Kind | NotPublished:
    if MARKUP.match(head.lstrip(BLANK)):
        return NotPublished(reasons.MARKUP)
    if CONTROL.search(head):
        return NotPublished(reasons.UNKNOWN)
    return TEXT


def is_text(chunk: bytes) -> bool:
    """Whether bytes from within a file may be text."""
    return CONTROL.search(chunk) is None
