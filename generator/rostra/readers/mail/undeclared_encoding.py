"""Decode quoted-printable text whose message no longer says that it is encoded (RFC 2045, 6.7).

Trackers and archives that drop the headers of a message leave ``=E4`` and ``=20`` in its text, and replies quote them.
An encoder writes each equals sign as ``=3D``, so a text with any other one is not encoded: ``x=20`` in a program stays.
"""

from __future__ import annotations

from binascii import a2b_qp
from collections.abc import Iterable, Sequence
from operator import itemgetter

from rostra.readers.mail.charsets import decode_charset
from rostra.system.lazy_regex import late

QUOTE = late(r">[ \t]?")
SIGN = late(r"=(?:3D|(?:20|09)?$|[89A-F][0-9A-F])|^=(?:46|2D|2E)")
"""What an encoder writes: an equals sign, a space before the end of a line, the end of a line that continues, a byte
beyond ASCII, and what programs must not see at the start of a line."""
CERTAIN = late(r"=3D|=(?:20|09)$|=[C-F][0-9A-F]=[89AB][0-9A-F]")
"""Of these, what no person writes; the last is a letter in UTF-8."""
CAPITALS = late(r"=[A-F][0-9A-F][A-Z0-9]")
"""A word in capitals or a number, such as ``=FALSE``, which only looks like a byte."""
CONTROL = late(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LEAST = 2
"""How many signs that no person writes make an encoding certain."""
LONG = range(60, 80)
"""Code points of a line that continues; an encoder writes at most 76, and archives lengthen addresses."""
LEVELS = 5
"""How many levels of quotation may be around the encoded message."""


def decode_undeclared(text: str, charset: str | None) -> str:
    """Return a text in which the message, or the quoted message, that certainly is quoted-printable is decoded."""
    if text.count("=") < LEAST:
        return text
    lines = text.split("\n")
    bare: list[str | None] = [*lines]
    found: list[tuple[int, int, list[str | None]]] = []
    for level in range(LEVELS):
        # A reply quotes an encoded message with all that this one quotes.
        if _is_encoded(line for line in bare if line):
            found.append((sum("=" in line for line in bare if line), level, bare))
        marks = [QUOTE.match(line) if line else None for line in bare]
        bare = [mark.string[mark.end() :] if mark else None for mark in marks]
    # Of levels with the same encoded lines, the marks of the outer ones are no part of them.
    for *_, bare in sorted(found, key=itemgetter(0, 1), reverse=True):
        if decoded := _decoded(lines, bare, charset):
            return "\n".join(decoded)
    return text


def _is_encoded(lines: Iterable[str]) -> bool:
    """Whether an encoder may have written all lines, and certainly wrote some."""
    certain = 0
    for line in lines:
        if not line.isascii():
            return False
        if "=" not in line:
            continue
        continues = line.endswith("=")
        if len(SIGN.findall(line)) < line.count("=") or CAPITALS.search(line) or (continues and len(line) not in LONG):
            return False
        certain += len(CERTAIN.findall(line)) + continues
    return certain >= LEAST


def _decoded(lines: Sequence[str], bare: Sequence[str | None], charset: str | None) -> list[str] | None:
    """Return the lines with those decoded that are in ``bare``, without their quotation marks; None if any is no text."""
    out: list[str] = []
    held = ""
    for line, said in zip(lines, bare, strict=True):
        if said is None:
            if held:
                return None
            out.append(line)
            continue
        if not held:
            out.append(line.removesuffix(said))
        held += f"{said}\n"
        if not said.endswith("="):
            words, _ = decode_charset(a2b_qp(held.removesuffix("\n").encode("ascii")), charset)
            if CONTROL.search(words) or "\ufffd" in words:
                return None
            out[-1] += words
            held = ""
    return None if held else out
