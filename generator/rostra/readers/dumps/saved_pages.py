"""Read pages that browsers saved, as HTML or in MHTML (RFC 2557), and their addresses.

Programs that save a page in one file put its styles and pictures before the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from rostra.model import Problem
from rostra.readers.dumps.dump import HEAD, Dump
from rostra.readers.dumps.encodings import codec_name, decode
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from email.message import Message

PAGE = late(r"(?>\ufeff|\s+|<!--.*?-->|<\?xml[^<>]*>)*+<(?:!doctype\s+html|html|head|body|meta|title)\b", re.IGNORECASE | re.DOTALL)  # fmt: skip
SAVED_FROM = late(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(\S+)", re.IGNORECASE)
"""The comment that browsers and SingleFile write above a page, with its address."""
ARCHIVE = late(
    rb"^(?:Snapshot-Content-Location:|X-MAF-|From:\s*\"?<?Saved by |Content-Location:)", re.IGNORECASE | re.MULTILINE
)
"""Header fields that a page archive has and a message does not."""
RELATED = late(rb"^Content-Type:\s*(?:multipart/related|text/html)\b", re.IGNORECASE | re.MULTILINE)
LETTER = late(rb"^(?:Message-ID|Received|Return-Path|To|In-Reply-To|Delivered-To):", re.IGNORECASE | re.MULTILINE)
"""Header fields that a message has and a page archive does not."""
ENDINGS = (".html", ".htm", ".php", ".xhtml", ".mht", ".mhtml")
"""The suffixes of files that hold pages."""


class SavedPage(NamedTuple):
    """The HTML of a page, the address that the saving program recorded, and the repairs."""

    html: str
    url: str | None
    problems: tuple[Problem, ...]


def is_archive(head: bytes) -> bool:
    """Whether bytes begin a page archive (MHTML) as browsers write it, and not a message."""
    block = head.lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
    if block.startswith(b"From ") or LETTER.search(block):
        return False
    unfolded = re.sub(rb"\n[ \t]+", b" ", block)
    return bool(ARCHIVE.search(unfolded) and RELATED.search(unfolded))


def page_in(dump: Dump) -> SavedPage:
    """Return the page in a file; raises UnreadableDump if it is too large or not text."""
    if is_archive(dump.head):
        data, cut = dump.content("text")
        return _in_archive(data, cut)
    text, problems = dump.text()
    from_url = SAVED_FROM.search(text[:LOOKED])
    return SavedPage(text, from_url[1] if from_url else None, problems)


LOOKED = 2_000
"""How many code points are searched for the address of a page."""


def shows(dump: Dump, sign: Callable[[str], bool]) -> bool:
    """Whether a file is a page that holds a ``sign``, at any distance after its styles and pictures."""
    if not is_archive(dump.head):
        if not PAGE.match(dump.head_text):
            return False
        if len(dump.head) < HEAD or sign(dump.head_text):
            return sign(dump.head_text)
    return sign(page_in(dump).html)


def parts_of_page(data: bytes) -> Iterator[tuple[str | None, str | None, Message]]:
    """Yield the parts of an archive of a page that hold files: the id of each, its address, and the part itself."""
    from email import message_from_bytes, policy

    whole = message_from_bytes(data, policy=policy.compat32)
    url = str(whole.get("Snapshot-Content-Location") or "").strip()
    for part in whole.walk():
        if not part.is_multipart():
            location = str(part.get("Content-Location") or "").strip()
            place = urljoin(url, location) if url else location
            yield str(part.get("Content-ID", "")).strip("<> ") or None, place or None, part


def _in_archive(data: bytes, cut: tuple[Problem, ...]) -> SavedPage:
    from email import message_from_bytes, policy

    whole: Message = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in whole.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = str(whole.get_param("start") or "").strip("<>")
    # The root of the archive is the part that `start` names, else the first part (RFC 2387, 3.2).
    root = next((part for part in parts if start and str(part.get("Content-ID", "")).strip("<> ") == start), None)
    root = root or (parts[0] if parts else None)
    if root is None:
        return SavedPage("", None, (*cut, Problem(code="not-html", message="this archive has no page", line=1)))
    charset = root.get_content_charset()
    content = root.get_payload(decode=True)
    text, repaired = decode(content if isinstance(content, bytes) else b"", codec_name(charset) if charset else None)
    url = str(whole.get("Snapshot-Content-Location") or root.get("Content-Location") or "").strip() or None
    more = sum(1 for part in parts if part is not root)
    problems = [*cut, *([repaired] if repaired else [])]
    if more:
        message = f"{more} frames of this page are left out" if more > 1 else "a frame of this page is left out"
        problems.append(Problem(code="left-out", message=message, hint="look at it in the dump"))
    return SavedPage(text, url, tuple(problems))
