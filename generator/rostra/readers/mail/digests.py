"""Split digests: one message that a list made of many, each of which belongs to its own author.

A digest consists of parts (``multipart/digest``, RFC 2046, 5.1.5), or of text between rules (RFC 1153; Mailman's plain
digests).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rostra.readers.mail.charsets import decode_charset
from rostra.readers.mail.mail_headers import Headers
from rostra.readers.mail.mime import DEEPEST, Part, inner, part_of
from rostra.system.lazy_regex import late

TOP = late(rb"(?:\A|\n)-{60,80}[ \t]*\n(?:[ \t]*\n)*(?=[A-Za-z][\w-]*:)")
"""The rule below the editor's preamble; in RFC 1153 it has 70 hyphens."""
BREAK = late(rb"\n[ \t]*\n-{28,32}[ \t]*\n(?:[ \t]*\n)*(?=([^\n]*))")
"""The rule between messages, of 30 hyphens, with the line below it."""
FIELD = late(
    rb"^(from|date|subject|message-id|message|to|sender|reply-to|newsgroups|organization):",
    re.IGNORECASE | re.MULTILINE,
)
NEEDED = {b"from", b"subject"}
CONTENT = late(rb"^content-[a-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


class Digest(NamedTuple):
    """A split digest: the editor's text above and below (all of it for a digest of parts), and the messages."""

    said: bytes
    messages: list[bytes]


def may_be_digest(headers: Headers) -> bool:
    """Whether a message may be a digest, so that it must be searched completely."""
    kind = headers.fields.get("content-type")
    return (kind is not None and kind[:10].lower() == "multipart/") or "digest" in headers.get("subject").lower()


def is_bare_digest(head: bytes) -> bool:
    """Whether bytes begin a digest without its own headers."""
    text = head.replace(b"\r\n", b"\n")
    found = TOP.search(text)
    return found is not None and b"\0" not in text and _is_message(text[found.end() :])


def taken_apart(headers: Headers, data: bytes, rest: bytes) -> Digest | None:
    """Split a digest; None if the message is not one: ``data`` is all of it, ``rest`` what follows its headers."""
    if headers.get("content-type").lower().startswith("multipart/"):
        if b"multipart/digest" not in data.lower():
            return None
        found = list(_parts(part_of(data), 0))
        return Digest(rest, found) if found else None
    whole = part_of(data) if rest is not data else Part(headers, rest)
    content = whole.content
    if whole.kind != "text/plain" or not TOP.search(content):
        return None
    # The text in a digest is in the digest's charset, whatever the messages' headers say.
    text = decode_charset(content, _charset(whole))[0].encode("utf-8", "surrogatepass")
    return _cut(text)


def _charset(part: Part) -> str | None:
    found = re.search(r'charset\s*=\s*"?([^";\s]+)', part.headers.get("content-type"), re.IGNORECASE)
    return found[1] if found else None


def _parts(part: Part, depth: int) -> Iterator[bytes]:
    """Yield the messages of all digests within a message, except those in a forwarded message."""
    if not part.kind.startswith("multipart/") or depth > DEEPEST or (found := inner(part)) is None:
        return
    for each in found[0]:
        if part.kind == "multipart/digest" and each.kind == "message/rfc822":
            yield each.content.lstrip(b"\n")
        else:
            yield from _parts(each, depth + 1)


def _cut(text: bytes) -> Digest | None:
    top = TOP.search(text)
    if top is None or not _is_message(text[top.end() :]):
        return None
    said, rest = text[: top.start()], text[top.end() :]
    messages: list[bytes] = []
    begun = 0
    below = b""
    for rule in BREAK.finditer(rest):
        if rule.start() < begun:
            continue
        if _is_message(rest[rule.end() : rule.end() + 4000]):
            messages.append(rest[begun : rule.start()])
            begun = rule.end()
        elif rule[1].lower().startswith((b"end of", b"subject: digest footer")):
            messages.append(rest[begun : rule.start()])
            begun, below = len(rest), rest[rule.end() :]
            break
    if begun < len(rest):
        messages.append(rest[begun:])
    return Digest(said.strip(b"\n") + b"\n\n" + below.strip(b"\n"), list(map(_plain, messages)))


def _is_message(text: bytes) -> bool:
    """Whether a text begins with headers that name an author and a subject."""
    block = text.partition(b"\n\n")[0]
    return {field.lower() for field in FIELD.findall(block)} >= NEEDED and FIELD.match(block) is not None


def _plain(message: bytes) -> bytes:
    """Return a message of a text digest without headers about an encoding that it no longer has."""
    block, gap, body = message.partition(b"\n\n")
    return CONTENT.sub(b"", block + b"\n").rstrip(b"\n") + gap + body
