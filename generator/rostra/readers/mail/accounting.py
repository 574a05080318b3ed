"""Check that the words of a message reach its post, independently of how ``bodies`` reads the message's parts.

Every text of the message counts, except those with a reason (``REASONS``).  Of several forms of one text, one must be
shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rostra.model import Problem, RawPost
from rostra.readers.guards.words_shown import ENOUGH, shortfall
from rostra.readers.mail.bodies import MESSAGES, UNREAD_KINDS, is_tangled
from rostra.readers.mail.charsets import decode_charset
from rostra.readers.mail.enriched import enriched, rich
from rostra.readers.mail.inline_files import without_files
from rostra.readers.mail.mail_headers import Headers
from rostra.readers.mail.mime import DEEPEST, Part, inner, part_of, undeclared
from rostra.readers.mail.undeclared_encoding import decode_undeclared

REASONS = {
    "file": "an attached file is listed by its name",
    "machine": "text for programs, such as a calendar entry, is listed as an attachment",
    "form": "another form of a text that is shown",
    "digest": "a message of a digest is a post of its own",
    "around": "headers of parts, boundaries, and what precedes the first one",
}
"""Why words of a message do not reach its post."""
OTHERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
"""Encodings that change no byte (RFC 2045, 6.2)."""


class Accounted(NamedTuple):
    """A text of a message; with a ``reason``, it need not be shown."""

    name: str
    text: str
    reason: str | None = None


def unshown(headers: Headers, rest: bytes, post: RawPost) -> list[Problem]:
    """Return a problem if less than nine tenths of the letters of a message's texts reach its post.

    ``rest`` is what follows its headers.
    """
    kind, encoding = headers.get("content-type"), headers.get("content-transfer-encoding").strip().lower()
    is_plain = encoding in IDENTITY and "multipart" not in kind.lower() and "message/" not in kind.lower()
    if is_plain and _letters(post.body.encode("utf-8", "replace")) >= ENOUGH * _letters(rest):
        return []
    if is_tangled(rest):
        return []
    part = (undeclared(rest) if is_plain else None) or Part(headers, rest)
    lost = shortfall([(each.name, each.text) for each in _chosen(part, post)], post)
    return [lost] if lost else []


def _letters(data: bytes) -> int:
    return len(data.translate(None, OTHERS))


def _chosen(part: Part, post: RawPost) -> Iterator[Accounted]:
    """Yield the texts that must be shown; of several forms, those of the form of which the post shows most."""
    forms: dict[str, list[Accounted]] = {}
    for each in texts_of(part):
        if each.reason is None:
            yield each
        elif each.reason == "form":
            forms.setdefault(each.name.partition(" ")[0], []).append(each)
    for found in forms.values():
        if all(shortfall([(each.name, each.text)], post) for each in found):
            yield found[0]


def texts_of(part: Part) -> Iterator[Accounted]:
    """Yield every text of a message, without recursion; those of one ``multipart/alternative`` share the name's first word."""
    stack: list[tuple[Part, int, str]] = [(part, 0, "")]
    count = 0
    while stack:
        here, depth, form = stack.pop()
        kind = here.kind
        if kind.startswith("multipart/"):
            found = inner(here) if depth < DEEPEST else None
            if found is None:
                yield Accounted(f"{form}{kind}", _text(here, here.body), "form" if form else None)
                continue
            count += kind == "multipart/alternative"
            inside = f"{count} " if kind == "multipart/alternative" else form
            reason = "digest" if kind == "multipart/digest" and not depth else None
            parts = () if reason else reversed(found[0])
            stack.extend((each, depth + 1, inside) for each in parts)
            yield Accounted(f"{form}{kind}", _text(here, found[1]), reason or ("form" if form else None))
        elif kind in MESSAGES:
            stack.append((part_of(here.content.lstrip(b"\n")), depth + 1, form))
        elif here.disposition == "attachment" or not kind.startswith("text/"):
            yield Accounted(kind, "", "file")
        elif kind in UNREAD_KINDS:
            yield Accounted(kind, "", "machine")
        else:
            content, files = without_files(here.content.replace(b"\r\n", b"\n"))
            yield from (Accounted(name, "", "file") for name in files)
            text = _text(here, content)
            text = text if depth else decode_undeclared(text, None)
            text = enriched(text) if kind == "text/enriched" else rich(text) if kind == "text/richtext" else text
            yield Accounted(f"{form}{kind}", text, "form" if form else None)


def _text(part: Part, data: bytes) -> str:
    return decode_charset(data, part.charset)[0]
