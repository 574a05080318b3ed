"""Emoji that a source writes as codes: ``:tada:`` is 🎉.

The codes are those of GitHub, Slack and Discourse (``emoji.txt``); others, such as a community's own emoji, stay as written.
Discourse writes a skin tone after a code: ``:wave:t2:`` is 👋🏻.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rostra.system.lazy_regex import late

CODE = late(r"(?<!\w):([a-z0-9_+-]{1,60}):(?:t([2-6]):)?(?!\w)")
BEFORE_TONES = 0x1F3F9
"""The code point that is two before the lightest skin tone, which Discourse calls ``t2``."""


@cache
def _signs() -> dict[str, str]:
    lines = Path(__file__).with_name("emoji.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("# "))
    return {code: sign for sign, *codes in filter(None, rows) for code in codes}


def emoji(code: str) -> str | None:
    """Return the emoji that a code without its colons means; None if no emoji has it."""
    return _signs().get(code)


def with_emoji(text: str) -> str:
    """Return a text with its codes replaced by emoji; a code must not begin or end within a word."""
    return CODE.sub(_sign, text) if ":" in text else text


def _sign(found: re.Match[str]) -> str:
    sign = emoji(found[1])
    if sign and found[2]:
        return sign[0] + chr(BEFORE_TONES + int(found[2])) + sign[1:].removeprefix("\ufe0f")
    return sign or found[0]
