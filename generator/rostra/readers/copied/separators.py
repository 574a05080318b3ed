"""Marks that pages write between the parts of a line, "ada · 3 h | Reply", and that people also write."""

from __future__ import annotations

import re
from itertools import pairwise

SEPARATORS = re.compile(r"\s*[|·•∙⋅](?:\s*[|·•∙⋅])*\s*")
"""Marks between the parts of a line: a mark is absent if the part beside it is."""
_SPACES = str.maketrans(dict.fromkeys("|·•∙⋅", " "))


def plain(text: str) -> str:
    """Return a text without the marks between its parts; a text of only such marks is unchanged."""
    return SEPARATORS.sub(" ", text).strip() or text.strip()


def as_written(slot: str, value: str, text: str) -> str:
    """Return the value of a slot in a line as its text has it: ``plain`` took marks out of it.

    Every mark in people's words is theirs ("ls | grep weir"); in a name only a bar between two letters is ("ada|away").
    """
    if slot not in ("author", "body") or not SEPARATORS.search(text):
        return value
    # A regular expression of the words would take long: it would be compiled for each line.
    places = [found.span() for found in re.finditer(r"\S+", text.translate(_SPACES))]
    said, words = " ".join(text[slice(*place)] for place in places), " ".join(value.translate(_SPACES).split())
    # A name is before what somebody says.
    first = said.find(words) if slot == "author" else said.rfind(words)
    if first < 0 or not words:
        return value
    last = first + len(words)
    held = places[said[:first].count(" ") : said[:last].count(" ") + 1]
    begin = held[0][0] + first - (said[:first].rfind(" ") + 1)
    end = held[-1][0] + last - (said[:last].rfind(" ") + 1)
    if slot == "body":
        return text[begin : len(text.rstrip()) if last == len(said) else end]
    between = [text[end:begin] for (_, end), (begin, _) in pairwise(held)]
    return text[begin:end] if all(each == "|" or each.isspace() for each in between) else value
