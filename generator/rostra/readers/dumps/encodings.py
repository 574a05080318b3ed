"""Decode bytes in any encoding."""

from __future__ import annotations

import codecs
import re

from rostra.model import Problem
from rostra.system.lazy_regex import late

# The byte order mark of UTF-32 begins like that of UTF-16.
MARKS = (
    (b"\xff\xfe\0\0", "utf-32", 4),
    (b"\0\0\xfe\xff", "utf-32", 4),
    (b"\xff\xfe", "utf-16", 2),
    (b"\xfe\xff", "utf-16", 2),
)
DECLARED = late(
    rb"""\A\s*<\?xml\s[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta\s[^<>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
"""The encoding declaration at the beginning of XML (1.0, 4.3.3) or HTML (HTML Standard, 4.2.5.4)."""
LOOKED = 4096
"""How many bytes are searched for it."""
# Encodings that browsers decode as another one (Encoding Standard, 4.2), which is what pages mean.
MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
OF_TEXT = (
    "utf-8",
    "ascii",
    "iso8859",
    "iso2022",
    "cp",
    "koi8",
    "mac",
    "shift",
    "euc",
    "gb",
    "big5",
    "hz",
    "tis",
    "johab",
    "kz1048",
    "ptcp154",
)
"""Prefixes of the text encodings that a file can declare; Python has others, and codecs that are not text encodings."""
ESCAPES = b"\x1b"
"""The byte that switches alphabets in 7-bit encodings, which are also valid UTF-8."""


def declared(data: bytes) -> str | None:
    """Return the encoding that a page or XML declares, by Python's name; None if it declares no known one."""
    found = DECLARED.search(data[:LOOKED]) if data.lstrip()[:1] == b"<" else None
    return codec_name((found[1] or found[2]).decode("ascii")) if found else None


def codec_name(name: str) -> str | None:
    """Return Python's name of a text encoding, or None if it is unknown."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    if not found.name.startswith(OF_TEXT):
        return None
    return MEANT.get(found.name, found.name)


def decode(data: bytes, said: str | None = None) -> tuple[str, Problem | None]:
    """Decode bytes; a problem says what was repaired.

    The encoding is UTF-8, UTF-16 or UTF-32 by byte order mark, else UTF-8 if the bytes are valid, else ``said`` or the
    one that the text declares, else Windows-1252.
    """
    for mark, encoding, unit in MARKS:
        if data.startswith(mark):
            text = data[: len(data) // unit * unit].decode(encoding, "replace")
            lost = text.count("\ufffd")
            return text, _encoding(
                f"{lost} characters are not {encoding.upper()}; they show as U+FFFD"
            ) if lost else None
    said = said or declared(data)
    if said and said.startswith(("iso2022", "hz")) and (ESCAPES in data or said == "hz"):
        return _as_said(data, said)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        # A head that ends in the middle of a character is still UTF-8.
        if error.end >= len(data) and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8-sig"), None
        line = data.count(b"\n", 0, error.start) + 1
    if said and said != "utf-8":
        return _as_said(data, said)
    if (whole := _with_halves(data)) is not None:
        return whole, _encoding("characters were encoded as surrogate pairs; they were joined", line)
    text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * lost:
        # A single damaged byte does not mean another encoding.
        return text, _encoding(f"{lost} bytes are not UTF-8; they show as U+FFFD", line)
    return data.decode("cp1252", "replace"), _encoding("not UTF-8; read as Windows-1252", line)


def _as_said(data: bytes, encoding: str) -> tuple[str, Problem | None]:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    return text, _encoding(f"{lost} characters are not {encoding}; they show as U+FFFD") if lost else None


def _encoding(message: str, line: int | None = None) -> Problem:
    return Problem(code="encoding", message=message, line=line, hint="convert the dump to UTF-8 if letters look wrong")


def _with_halves(data: bytes) -> str | None:
    """Decode bytes that encode surrogates as if they were characters (Unicode Technical Report 26, CESU-8)."""
    try:
        return joined(data.decode("utf-8-sig", "surrogatepass"))
    except UnicodeDecodeError:
        return None


def joined(text: str) -> str:
    """Join surrogate pairs to one character, and replace lone surrogates by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
