"""Decode mail in the charset that a message names, or else in a likely one."""

from __future__ import annotations

UTF_8, FALLBACK = "utf-8", "cp1252"
NAMES = {
    "iso-8859-8-i": "iso-8859-8",
    "us-ascii": UTF_8,
    "ascii": UTF_8,
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "iso-8859-1": FALLBACK,
}
"""Codecs by the names that mail uses for charsets."""
ESCAPES = ("iso-2022", "hz", "utf-7")
"""Prefixes of charset names that encode everything in ASCII bytes."""
DOUBLE = ("gb", "big5", "euc", "cp9", "johab")
"""Prefixes of names of two-byte charsets, some texts of which look like UTF-8."""


SHIFT = b"\x1b$"
"""What switches to two-byte letters in ISO 2022, and begins no word in any other charset."""
SHIFTED = ("iso2022_jp_ext", "iso2022_jp_2", "iso2022_kr")


def codec(charset: str | None) -> str:
    """Return the codec for a charset as mail names it; UTF-8 if it names none."""
    name = (charset or UTF_8).strip("\"' ").lower()
    return NAMES.get(name, name)


def decode_charset(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return the text and whether it was in the named charset (or UTF-8); otherwise it is read as Windows-1252.

    ISO 2022 is recognised also where it is not named: programs that wrote it often named nothing, and it is valid UTF-8.
    """
    named = codec(charset)
    candidates: tuple[str, ...] = (named, UTF_8)
    if SHIFT in data and data.isascii():
        candidates = (named, *SHIFTED, UTF_8) if named.startswith(ESCAPES) else (*SHIFTED, named, UTF_8)
    for candidate in candidates:
        try:
            return data.decode(candidate).replace("\0", ""), True
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode(FALLBACK, "replace").replace("\0", ""), False


def decode_headers(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return the text of a header block, which does not name its charset: ``charset`` is that of the body.

    UTF-8 is tried first if the body's charset has one byte per letter, since no such text is UTF-8 by chance.
    """
    if charset is None and data.isascii():
        return data.decode("ascii").replace("\0", ""), True
    named = codec(charset)
    if not named.startswith((*ESCAPES, *DOUBLE)):
        try:
            return data.decode(UTF_8).replace("\0", ""), True
        except UnicodeDecodeError:
            pass
    return decode_charset(data, charset)
