"""Convert enriched text (RFC 1896), and the older rich text (RFC 1341, 7.1.3), to plain text."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

PARAMETER = late(r"<param>[^<]*</param>", re.IGNORECASE)
COMMENT = late(r"<comment>.*?</comment>", re.IGNORECASE | re.DOTALL)
TAG = late(r"</?[A-Za-z][A-Za-z0-9-]{0,59}>")
UNFILLED = late(r"(<nofill>.*?</nofill>)", re.IGNORECASE | re.DOTALL)
NEWLINES = late(r"\n+")
MARK = "\0"
"""Represents ``<`` while tags are removed; no decoded text contains it."""


def enriched(text: str) -> str:
    """Return the words of enriched text: one newline is a space, n newlines are n - 1; ``<<`` is ``<``."""
    closed, rest = _closed(PARAMETER.sub("", text.replace("<<", MARK)), "</nofill>")
    *pieces, last = UNFILLED.split(closed)
    pieces.append(last + rest)
    filled = [piece if n % 2 else NEWLINES.sub(_broken, piece) for n, piece in enumerate(pieces)]
    return TAG.sub("", "".join(filled)).replace(MARK, "<")


def _closed(text: str, tag: str) -> tuple[str, str]:
    """Split a text after the last closing tag, so that unclosed tags after it are not searched repeatedly."""
    end = max((found.end() for found in re.finditer(re.escape(tag), text, re.IGNORECASE)), default=0)
    return text[:end], text[end:]


def _broken(newlines: re.Match[str]) -> str:
    return "\n" * (len(newlines[0]) - 1) or " "


def rich(text: str) -> str:
    """Return the words of rich text: lines break at ``<nl>`` only, and ``<lt>`` is ``<``."""
    closed, rest = _closed(text, "</comment>")
    lines = NEWLINES.sub(" ", COMMENT.sub("", closed) + rest)
    for tag, sign in (("<nl>", "\n"), ("<np>", "\n\n"), ("<lt>", MARK)):
        lines = re.sub(re.escape(tag), sign, lines, flags=re.IGNORECASE)
    paragraphs = re.sub(r"</paragraph>", "\n\n", lines, flags=re.IGNORECASE)
    return TAG.sub("", paragraphs).replace(MARK, "<")
