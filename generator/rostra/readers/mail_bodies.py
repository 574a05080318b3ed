"""A message's readable text, its dialect, and what is attached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rostra.model import Attachment, Dialect, Problem

if TYPE_CHECKING:
    from email.message import Message

Read = tuple[str, Dialect, tuple[Attachment, ...], list[Problem]]
WRONG = {
    "unknown-8bit": "latin-1",
    "x-unknown": "latin-1",
    "iso-8859-8-i": "iso-8859-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "iso-8859-1": "cp1252",
}
"""Charsets by the names that mail gives them, and what they are read as."""


def body_of(data: bytes, fields: dict[str, str], rest: bytes) -> Read:
    """The text that a person reads; ``data`` is the message whole, ``rest`` what follows its headers."""
    kind = fields.get("content-type", "")
    encoding = fields.get("content-transfer-encoding", "").lower()
    plain = not kind or kind.lower().startswith("text/plain")
    if plain and encoding in ("", "7bit", "8bit", "binary"):
        problems: list[Problem] = []
        text = _decode(rest, _parameter(kind, "charset"), problems)
        return _flowed(text, kind), "mail", (), problems
    from email import message_from_bytes
    from email.errors import MessageError

    try:
        return _mime(message_from_bytes(data))
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        AssertionError,
        IndexError,
        MessageError,
    ) as error:
        problem = Problem(code="bad-mime", message=f"its parts cannot be told apart ({error}); shown as they are")
        return rest.decode("utf-8", "replace"), "mail", (), [problem]


def _mime(message: Message) -> Read:
    problems: list[Problem] = []
    texts: list[tuple[str, str]] = []
    attachments: list[Attachment] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = part.get_filename()
        shown = kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment"
        if not shown:
            attachments.append(Attachment(name=str(name or kind), media_type=kind))
            continue
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
        text = _decode(data.replace(b"\r\n", b"\n"), part.get_content_charset(), problems)
        texts.append((kind, _flowed(text, str(part.get("content-type", ""))) if kind == "text/plain" else text))
    plain = [text for kind, text in texts if kind == "text/plain" and text.strip()]
    if plain:
        return "\n\n".join(plain), "mail", tuple(attachments), problems
    html = [text for kind, text in texts if kind == "text/html"]
    return "\n".join(html), "html" if html else "mail", tuple(attachments), problems


def _decode(data: bytes, charset: str | None, problems: list[Problem]) -> str:
    name = (charset or "utf-8").strip("\"' ").lower()
    for candidate in (WRONG.get(name, name), "utf-8"):
        try:
            return data.decode(candidate).replace("\0", "")
        except (LookupError, UnicodeDecodeError):
            continue
    problems.append(Problem(code="encoding", message=f"not in the charset it names ({name}); read as Windows-1252"))
    return data.decode("cp1252", "replace").replace("\0", "")


def _parameter(field: str, name: str) -> str | None:
    found = re.search(rf'{name}\s*=\s*"?([^";\s]+)', field, re.IGNORECASE)
    return found[1] if found else None


def _flowed(text: str, field: str) -> str:
    """Lines that ``format=flowed`` broke, joined (RFC 3676)."""
    if (_parameter(field, "format") or "").lower() != "flowed":
        return text
    drop = (_parameter(field, "delsp") or "").lower() == "yes"
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and out:
            out[-1] += content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        open_depth = depth if content.endswith(" ") and content != "-- " else -1
        if open_depth >= 0 and drop:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
