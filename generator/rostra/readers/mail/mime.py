"""Parse the parts of a message (RFC 2045, RFC 2046), with tolerance for all violations.

Boundaries are compared as bytes, whatever surrounds them; if none is named, the first line that can be one is used.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from typing import NamedTuple

from rostra.readers.dumps.encodings import declared
from rostra.readers.mail.mail_headers import Headers, parse_headers
from rostra.system.lazy_regex import late

DEEPEST = 100
"""The deepest nesting of parts."""
FIELDS = {"content-type", "content-disposition", "content-transfer-encoding", "content-id"}
STEP = late(r"/|\.\d{1,6}")
"""A step to a part: into a message, or to a part of a multipart by its number."""
KIND = late(r"\s*([\w.+-]+)/([\w.+-]+)")
CHARSET = late(r'charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)
BOUNDARY = late(r'boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE)
FIRST = late(
    rb"(?:\A|\n)--([^\s-][^\n]{0,200}?|-[^\n]{0,200}?[^\s-][^\n]{0,200}?)[ \t]*\n(?:content-[a-z-]+:|\n)", re.IGNORECASE
)
UNNAMED = late(
    rb"\A\s*+(?:[^\n]{0,80}\bMIME\b[^\n]{0,80}\n(?:[^\n]{1,100}\n){0,3}?\s*+)?--(\S[^\n]{0,70}?)[ \t]*\ncontent-[a-z-]{1,30}:",
    re.IGNORECASE,
)
"""The start of a multipart body, with at most the usual lines for people whose programs do not know MIME."""
ALTERNATIVES = ["text/plain", "text/html"]
BASE64 = late(rb"(?:[ \t]*+(?:[A-Za-z0-9+/]++={0,2}+)?[ \t\r]*+(?:\n|\Z))*+")
"""Lines that may be base64."""
UUENCODED = late(rb"^begin [0-7]{3,4} [^\n]*\n(.*?)^end", re.DOTALL | re.MULTILINE)


class Part(NamedTuple):
    """A message or a part of one: its headers about the content, and its body as sent.

    ``place`` leads to it from the whole: ``.2`` is the second part of a multipart, ``/`` the message that a part holds.
    """

    headers: Headers
    body: bytes
    default: str = "text/plain"
    place: str = ""

    @property
    def kind(self) -> str:
        """Its media type, in lower case; text if it names no valid one (RFC 2045, 5.2)."""
        found = KIND.match(field) if (field := self.headers.get("content-type")) else None
        return f"{found[1]}/{found[2]}".lower() if found else self.default

    @property
    def disposition(self) -> str:
        """``inline``, ``attachment`` or empty, in lower case."""
        return self.headers.get("content-disposition").partition(";")[0].strip().lower()

    @property
    def name(self) -> str | None:
        """Its file name."""
        fields = {name: self.headers.get(name) for name in ("content-disposition", "content-type")}
        if not any("name" in value.lower() for value in fields.values()):
            return None
        from email.message import Message

        holder = Message()
        for name, value in fields.items():
            holder[name] = " ".join(value.split())
        try:
            return holder.get_filename()
        except (LookupError, ValueError, TypeError):
            return None

    @property
    def charset(self) -> str | None:
        """The charset that it names, or else that its HTML declares."""
        if found := CHARSET.search(self.headers.get("content-type")):
            return found[1]
        return declared(self.content) if self.kind == "text/html" else None

    @property
    def id(self) -> str | None:
        """The name by which other parts refer to it (RFC 2392)."""
        return self.headers.get("content-id").strip().strip("<>") or None

    def _from_base64(self) -> bytes:
        """Return the decoded lines, and words that a mailing list wrote below them as they are."""
        end = coded.end() if (coded := BASE64.match(self.body)) else 0
        below = self.body[end:].strip()
        if not end or not below or not self.kind.startswith("text/"):
            return a2b_base64(self.body + b"==")
        return a2b_base64(self.body[:end] + b"==") + b"\n\n" + below

    @property
    def content(self) -> bytes:
        """Its decoded body; unchanged if it cannot be decoded."""
        encoding = self.headers.get("content-transfer-encoding").strip().lower()
        try:
            if encoding == "base64":
                return self._from_base64()
            if encoding == "quoted-printable":
                return a2b_qp(self.body)
            # Without an end marker there is nothing to search.
            end = self.body.rfind(b"\nend") + len(b"\nend")
            if encoding in ("x-uuencode", "uuencode", "x-uue", "uue") and (found := UUENCODED.search(self.body[:end])):
                return b"".join(map(a2b_uu, found[1].splitlines()))
        except Error:
            pass
        return self.body


def part_of(data: bytes, default: str = "text/plain", place: str = "") -> Part:
    """Parse a part from its bytes, with newlines as line ends."""
    if data.startswith(b"\n"):
        return Part(Headers({}), data[1:], default, place)
    block, _, body = data.partition(b"\n\n")
    return Part(parse_headers(block, FIELDS), body, default, place)


def undeclared(body: bytes) -> Part | None:
    """Return the multipart whose header is lost, as trackers send on the body alone; None if it certainly is not one."""
    found = UNNAMED.match(body)
    if found is None or body.find(b"\n--" + found[1], found.end()) < 0:
        return None
    mixed = Part(Headers({"content-type": "multipart/mixed"}), body)
    parts = inner(mixed)
    if parts and [part.kind for part in parts[0]] == ALTERNATIVES:
        return Part(Headers({"content-type": "multipart/alternative"}), body)
    return mixed if parts else None


def held_message(part: Part) -> Part:
    """Parse the message that a part holds."""
    return part_of(part.content.lstrip(b"\n"), place=f"{part.place}/")


def part_at(whole: bytes, place: str) -> Part | None:
    """Return the part of a message at a place; None if it has none there."""
    part: Part | None = part_of(whole)
    for step in STEP.findall(place):
        if part is None:
            return None
        if step == "/":
            part = held_message(part)
        else:
            within, number = inner(part), int(step[1:])
            part = within[0][number - 1] if within and 0 < number <= len(within[0]) else None
    return part


def inner(part: Part) -> tuple[list[Part], bytes] | None:
    """Return the parts of a multipart, and what follows the last; None if they cannot be separated."""
    default = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    named = BOUNDARY.search(part.headers.get("content-type"))
    data = b"\n" + part.body
    tried = [(named[1] or named[2] or "").rstrip().encode("utf-8", "surrogatepass")] if named else []
    if guessed := FIRST.search(part.body):
        tried.append(guessed[1])
    for boundary in filter(None, tried):
        pieces, after = _cut(data, boundary)
        if pieces:
            return [part_of(piece, default, f"{part.place}.{n}") for n, piece in enumerate(pieces, 1)], after
    return None


def _cut(data: bytes, boundary: bytes) -> tuple[list[bytes], bytes]:
    """Return the contents between boundary lines; the newline before such a line belongs to the boundary."""
    pieces: list[bytes] = []
    begun: int | None = None
    mark, at = b"\n--" + boundary, 0
    while (at := data.find(mark, at)) >= 0:
        end = data.find(b"\n", at + 1)
        end = len(data) if end < 0 else end
        rest = data[at + len(mark) : end].strip()
        if rest in (b"", b"--"):
            if begun is not None:
                pieces.append(data[begun:at])
            if rest:
                return pieces, data[end + 1 :]
            begun = end + 1
        at = end
    if begun is not None:
        pieces.append(data[begun:])
    return pieces, b""
