"""Enriched text (RFC 1896), and the older rich text (RFC 1341, 7.1.3), as plain text."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

PARAMETER = late(r"<param>[^<]*</param>", re.IGNORECASE)
COMMENT = late(r"<comment>.*?</comment>", re.IGNORECASE | re.DOTALL)
TAG = late(r"</?[A-Za-z][A-Za-z0-9-]{0,59}>")
UNFILLED = late(r"(<nofill>.*?</nofill>)", re.IGNORECASE | re.DOTALL)
NEWLINES = late(r"\n+")
MARK = "\0"
"""Stands for ``<`` while tags are removed; no decoded text holds it."""


def enriched(text: str) -> str:
    """The words of enriched text: one newline is a space, two and more are one less; ``<<`` is ``<``."""
    pieces = UNFILLED.split(PARAMETER.sub("", text.replace("<<", MARK)))
    filled = [piece if n % 2 else NEWLINES.sub(_broken, piece) for n, piece in enumerate(pieces)]
    return TAG.sub("", "".join(filled)).replace(MARK, "<")


def _broken(newlines: re.Match[str]) -> str:
    return "\n" * (len(newlines[0]) - 1) or " "


def rich(text: str) -> str:
    """The words of rich text: lines break at ``<nl>`` alone, and ``<lt>`` is ``<``."""
    lines = NEWLINES.sub(" ", COMMENT.sub("", text))
    for tag, sign in (("<nl>", "\n"), ("<np>", "\n\n"), ("<lt>", MARK)):
        lines = re.sub(re.escape(tag), sign, lines, flags=re.IGNORECASE)
    paragraphs = re.sub(r"</paragraph>", "\n\n", lines, flags=re.IGNORECASE)
    return TAG.sub("", paragraphs).replace(MARK, "<")
