"""Bytes as text, in whichever encoding they are."""

from __future__ import annotations

import codecs
import re

from rostra.model import Problem
from rostra.system.lazy_regex import late

# The mark of UTF-32 begins as that of UTF-16 does.
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
"""What XML (1.0, 4.3.3) or HTML (HTML Standard, 4.2.5.4) say of their encoding at their beginning."""
LOOKED = 4096
"""Bytes in which they say it."""
# Encodings that a browser reads by another's table (Encoding Standard, 4.2), since pages mean that.
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
"""How encodings of text begin in which a file can say so; Python has others, and codecs that are none."""
ESCAPES = b"\x1b"
"""What switches alphabets in encodings of seven bits, which are UTF-8 too."""


def declared(data: bytes) -> str | None:
    """The encoding that a page or XML says it is in, as Python calls it; None where it says none that is known."""
    found = DECLARED.search(data[:LOOKED]) if data.lstrip()[:1] == b"<" else None
    return known((found[1] or found[2]).decode("ascii")) if found else None


def known(name: str) -> str | None:
    """What Python calls an encoding of text that others call so; None where there is none."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    if not found.name.startswith(OF_TEXT):
        return None
    return MEANT.get(found.name, found.name)


def decode(data: bytes, said: str | None = None) -> tuple[str, Problem | None]:
    """Text of bytes; a problem says what had to be repaired.

    By its mark UTF-8, UTF-16 or UTF-32, else UTF-8 where it is that, else what ``said``, or the text itself, says it is in,
    else Windows-1252.
    """
    for mark, encoding, unit in MARKS:
        if data.startswith(mark):
            text = data[: len(data) // unit * unit].decode(encoding, "replace")
            lost = text.count("\ufffd")
            return text, _encoding(
                f"{lost} characters are no {encoding.upper()}; they show as U+FFFD"
            ) if lost else None
    said = said or declared(data)
    if said and said.startswith(("iso2022", "hz")) and (ESCAPES in data or said == "hz"):
        return _as_said(data, said)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        # A head that was cut in the middle of a character is still UTF-8.
        if error.end >= len(data) and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8-sig"), None
        line = data.count(b"\n", 0, error.start) + 1
    if said and said != "utf-8":
        return _as_said(data, said)
    if (whole := _with_halves(data)) is not None:
        return whole, _encoding("characters stand in it as two halves; they were joined", line)
    text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * lost:
        # One byte that was damaged does not make another encoding.
        return text, _encoding(f"{lost} bytes are no UTF-8; they show as U+FFFD", line)
    return data.decode("cp1252", "replace"), _encoding("not UTF-8; read as Windows-1252", line)


def _as_said(data: bytes, encoding: str) -> tuple[str, Problem | None]:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    return text, _encoding(f"{lost} characters are no {encoding}; they show as U+FFFD") if lost else None


def _encoding(message: str, line: int | None = None) -> Problem:
    return Problem(code="encoding", message=message, line=line, hint="convert the dump to UTF-8 if letters look wrong")


def _with_halves(data: bytes) -> str | None:
    """Text of bytes that hold surrogates as if they were characters (Unicode Technical Report 26, CESU-8)."""
    try:
        return joined(data.decode("utf-8-sig", "surrogatepass"))
    except UnicodeDecodeError:
        return None


def joined(text: str) -> str:
    """Text in which two surrogates that are a pair are one character, and any other is U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
