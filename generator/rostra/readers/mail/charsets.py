"""Bytes of mail as text, in the charset that a message names or, failing that, a likely one."""

from __future__ import annotations

UTF_8, FALLBACK = "utf-8", "cp1252"
NAMES = {
    "unknown-8bit": "latin-1",
    "x-unknown": "latin-1",
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
"""Charsets by the names that mail gives them, and what they are read as."""
ESCAPES = ("iso-2022", "hz", "utf-7")
"""How the names of charsets begin that write everything with bytes of ASCII."""
DOUBLE = ("gb", "big5", "euc", "cp9", "johab")
"""How the names of charsets begin that write a letter with two bytes, some of which look like UTF-8."""


def codec(charset: str | None) -> str:
    """The codec for a charset as mail names it; UTF-8 where it names none."""
    name = (charset or UTF_8).strip("\"' ").lower()
    return NAMES.get(name, name)


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text, and whether it was in the charset that is named (or UTF-8); otherwise it is read as Windows-1252."""
    for candidate in (codec(charset), UTF_8):
        try:
            return data.decode(candidate).replace("\0", ""), True
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode(FALLBACK, "replace").replace("\0", ""), False


def decode_headers(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text of a header block, which names no charset of its own: ``charset`` is that of the body.

    UTF-8 is tried first where the body's charset writes a letter with one byte, since no such text is UTF-8 by chance.
    """
    if charset is None and data.isascii():
        return data.decode("ascii").replace("\0", ""), True
    named = codec(charset)
    if not named.startswith((*ESCAPES, *DOUBLE)):
        try:
            return data.decode(UTF_8).replace("\0", ""), True
        except UnicodeDecodeError:
            pass
    return decode(data, charset)
