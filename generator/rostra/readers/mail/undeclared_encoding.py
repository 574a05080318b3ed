"""Decode quoted-printable text and base64 whose message no longer says that it is encoded (RFC 2045, 6.7 and 6.8).

Trackers and archives that drop the headers of a message leave ``=E4`` and ``=20`` in its text, and replies quote them.
An encoder writes each equals sign as ``=3D``, so a text with any other one is not encoded: ``x=20`` in a program stays.
Base64 is decoded if the message begins with it, in lines as an encoder breaks them, and it is the code of words.
"""

from __future__ import annotations

from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter

from rostra.readers.mail.charsets import codec, decode_charset
from rostra.system.lazy_regex import late

QUOTE = late(r">[ \t]?")
SIGN = late(r"=(?:3D|(?:20|09)?$|[89A-F][0-9A-F])|^=(?:46|2D|2E|20|09)")
"""What an encoder writes: an equals sign, a space before the end of a line, the end of a line that continues, a byte
beyond ASCII, and what programs must not see at the start of a line, or may drop there."""
CERTAIN = late(r"=3D|=(?:20|09)$|=[C-F][0-9A-F]=[89AB][0-9A-F]")
"""Of these, what no person writes; the last is a letter in UTF-8."""
CAPITALS = late(r"=[A-F][0-9A-F][A-Z0-9]")
"""A word in capitals or a number, such as ``=FALSE``, which only looks like a byte."""
CONTROL = late(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LEAST = 2
"""How many signs that no person writes make an encoding certain."""
LONG = range(60, 80)
"""Code points of a line that continues; an encoder writes at most 76, and archives lengthen addresses."""
FULL = 72
"""Some encoders break a line between words: then a shorter line continues if the next word makes it as long as this."""
LEVELS = 5
"""How many levels of quotation may be around the encoded message."""

BASE64 = late(r"\s*((?:[A-Za-z0-9+/]{24,76}\n)*[A-Za-z0-9+/]{2,76}={0,2})(?=\s*\Z|\n+[^A-Za-z0-9+/=\s])")
"""Lines of base64 at the beginning of a text, with nothing after them but a footer below a line of signs."""
LEAST_BASE64 = 24
"""The least digits of base64 that no word has, and that are not the code of words by chance."""


def decode_undeclared(text: str, charset: str | None) -> str:
    """Return a text in which the message, or the quoted message, that certainly is encoded is decoded."""
    if block := BASE64.match(text):
        words = _words_of(block[1].split("\n"), charset)
        return words + text[block.end() :] if words else text
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


def _words_of(lines: Sequence[str], charset: str | None) -> str | None:
    """Return the words of which lines certainly are the base64, else None: an encoder breaks it at one width."""
    width = len(lines[0])
    if any(len(line) != width for line in lines[:-1]) or len(lines[-1]) > width or sum(map(len, lines)) < LEAST_BASE64:
        return None
    try:
        words = a2b_base64("".join(lines), strict_mode=True).decode(codec(charset)).replace("\r\n", "\n")
    except (Error, UnicodeDecodeError, LookupError):
        return None
    return words if not CONTROL.search(words) and len(words.split()) > 1 else None


def _is_encoded(lines: Iterable[str]) -> bool:
    """Whether an encoder may have written all lines, and certainly wrote some."""
    certain = 0
    for line, after in pairwise((*lines, "")):
        if not line.isascii():
            return False
        if "=" not in line:
            continue
        continues = line.endswith("=")
        if len(SIGN.findall(line)) < line.count("=") or CAPITALS.search(line):
            return False
        if continues and len(line) not in LONG and not len(line) < FULL <= len(line) + len(after.partition(" ")[0]):
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
