"""Decode bytes in any encoding."""

from __future__ import annotations

from rostra.model import Problem

# The byte order mark of UTF-32 begins like that of UTF-16.
MARKS = (
    (b"\xff\xfe\0\0", "utf-32", 4),
    (b"\0\0\xfe\xff", "utf-32", 4),
    (b"\xff\xfe", "utf-16", 2),
    (b"\xfe\xff", "utf-16", 2),
)


def decode(data: bytes) -> tuple[str, Problem | None]:
    """Decode bytes: UTF-8, UTF-16 or UTF-32 by byte order mark, else Windows-1252; a problem says what was repaired."""
    for mark, encoding, unit in MARKS:
        if data.startswith(mark):
            text = data[: len(data) // unit * unit].decode(encoding, "replace")
            lost = text.count("\ufffd")
            return text, _encoding(
                f"{lost} characters are not {encoding.upper()}; they show as U+FFFD"
            ) if lost else None
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        # A head that ends in the middle of a character is still UTF-8.
        if error.end >= len(data) and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8-sig"), None
        line = data.count(b"\n", 0, error.start) + 1
    if (whole := _with_halves(data)) is not None:
        return whole, _encoding("characters were encoded as surrogate pairs; they were joined", line)
    text = data.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * lost:
        # A single damaged byte does not mean another encoding.
        return text, _encoding(f"{lost} bytes are not UTF-8; they show as U+FFFD", line)
    return data.decode("cp1252", "replace"), _encoding("not UTF-8; read as Windows-1252", line)


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
