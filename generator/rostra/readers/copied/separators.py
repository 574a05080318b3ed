"""Marks that pages write between the parts of a line, "ada · 3 h | Reply", and that people also write."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"\s*[|·•∙⋅](?:\s*[|·•∙⋅])*\s*")
"""Marks between the parts of a line: a mark is absent if the part beside it is."""
_WRITTEN = {"author": (r"(?:(?<=\S)\|(?=\S)|\s+)", ""), "body": (r"[\s|·•∙⋅]+", r"(?:[\s|·•∙⋅]*$)?")}
"""What may be between the words of a slot's value, and behind the last one, where ``plain`` leaves a space or nothing."""


def plain(text: str) -> str:
    """Return a text without the marks between its parts; a text of only such marks is unchanged."""
    return SEPARATORS.sub(" ", text).strip() or text.strip()


def as_written(slot: str, value: str, text: str) -> str:
    """Return the value of a slot in a line as its text has it: ``plain`` took marks out of it.

    Every mark in people's words is theirs ("ls | grep weir"); in a name only a bar between two letters is ("ada|away").
    """
    if slot not in _WRITTEN or not SEPARATORS.search(text):
        return value
    between, behind = _WRITTEN[slot]
    found = re.search(between.join(map(re.escape, value.split())) + behind, text)
    return found[0].rstrip() if found else value
