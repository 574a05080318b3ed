"""Parse the header fields of a message (RFC 5322, RFC 2047, RFC 6532), even with bytes that no standard allows."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from rostra.readers.mail.charsets import codec, decode_charset, decode_headers
from rostra.system.lazy_regex import late

LONGEST = 10_000
"""The most code points of a field that is parsed; no genuine field is longer."""
FOLD = late(r"\r?\n[ \t]+")
CHARSET = late(rb"charset\*?\s*=\s*\"?(?:[\w-]*'[\w-]*')?([\w.:-]+)", re.IGNORECASE)
ENCODED = late(r"=\?([^?\s]*)\?([bq])\?([^?]*)\?=", re.IGNORECASE)


class Headers(Struct, frozen=True):
    """A message's decoded headers; ``certain`` is False if their charset was guessed."""

    fields: dict[str, str]
    certain: bool = True

    def get(self, name: str) -> str:
        """Return a field's text, empty if it is missing."""
        return self.fields.get(name, "")


def parse_headers(block: bytes, only: Collection[str] = ()) -> Headers:
    """Return the unfolded fields of a header block by lower-case name, or ``only`` some; the first of a name counts."""
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
    """Return a field's text with encoded words decoded; an undecodable word stays unchanged."""
    if len(value) > LONGEST:
        return value
    out: list[str] = []
    data, charset, at = b"", "", 0
    for word in ENCODED.finditer(value):
        between, name = value[at : word.start()], codec(word[1].partition("*")[0])
        # White space between encoded words is not part of the text; a letter may be split between them.
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
    return decode_charset(data, charset)[0] if data else ""
