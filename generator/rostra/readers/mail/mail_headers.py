"""The header fields of a message (RFC 5322, RFC 2047, RFC 6532), also where they hold bytes that no standard allows."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from rostra.readers.mail.charsets import codec, decode, decode_headers
from rostra.system.lazy_regex import late

LONGEST = 10_000
"""Code points of a field that is taken apart; none that anybody wrote is longer."""
FOLD = late(r"\r?\n[ \t]+")
CHARSET = late(rb"charset\*?\s*=\s*\"?(?:[\w-]*'[\w-]*')?([\w.:-]+)", re.IGNORECASE)
ENCODED = late(r"=\?([^?\s]*)\?([bq])\?([^?]*)\?=", re.IGNORECASE)


class Headers(Struct, frozen=True):
    """What a message's headers say, decoded; ``certain`` is False where their charset had to be guessed."""

    fields: dict[str, str]
    certain: bool = True

    def get(self, name: str) -> str:
        """A field's text, empty where there is none."""
        return self.fields.get(name, "")


def parse_headers(block: bytes, only: Collection[str] = ()) -> Headers:
    """The fields of a header block by their lower-case names, unfolded, or ``only`` some; the first of each name counts."""
    fields: dict[str, str] = {}
    named = None if block.isascii() and b"\x1b" not in block else CHARSET.search(block)
    text, certain = decode_headers(block, named[1].decode("ascii", "replace") if named else None)
    if "\n " in text or "\n\t" in text:
        text = FOLD.sub(" ", text)
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        name = name.lower()
        if (name in only if only else colon and name and " " not in name) and colon and name not in fields:
            value = value.strip()
            fields[name] = _decoded(value) if "=?" in value else value
    return Headers(fields, certain)


def _decoded(value: str) -> str:
    """A field's text with its encoded words decoded; a word that cannot be decoded stays as it is."""
    if len(value) > LONGEST:
        return value
    out: list[str] = []
    data, charset, at = b"", "", 0
    for word in ENCODED.finditer(value):
        between, name = value[at : word.start()], codec(word[1].partition("*")[0])
        # White space between two words is no part of the text; a letter may be cut between them.
        if (between and not between.isspace()) or not at or name != charset:
            out += (_text(data, charset), "" if at and between.isspace() else between)
            data, charset = b"", name
        data += _bytes(word)
        at = word.end()
    return "".join((*out, _text(data, charset), value[at:]))


def _bytes(word: re.Match[str]) -> bytes:
    from binascii import Error, a2b_base64, a2b_qp

    try:
        encoded = word[3].encode("ascii")
        return a2b_qp(encoded, header=True) if word[2] in "qQ" else a2b_base64(encoded + b"==")
    except (Error, UnicodeEncodeError):
        return word[0].encode()


def _text(data: bytes, charset: str) -> str:
    return decode(data, charset)[0] if data else ""
