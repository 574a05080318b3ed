"""Recognise lines above a thread that state its title, and breadcrumbs, which state its place in the site."""

from __future__ import annotations

import re

from rostra.system.lazy_regex import late

BRIEF = 100
"""The most code points of an opening post that is also the title."""
CRUMB = 5
"""The most words between two separators of breadcrumbs."""
_STATED = (
    # 5 thoughts on “The gate”
    late(
        r"(?:\d[\d,.]*|one|ein|eine|une?|una|um|uma)\s(?:[^\W\d]+\s){2,3}[“„«\"]\s*(?P<title>[^“”„«»\"].{0,250}?)\s*[”“»\"]",
        re.IGNORECASE,
    ),
    # Author Topic: The gate (Read 123 times)
    late(
        r"(?:(?:author|autor|auteur|autore)\s+)?(?:topic|thread|thema|sujet|tema|discussion|argomento|тема|onderwerp|wątek)\s?:\s+"
        r"(?P<title>\S.{0,250}?)(?:\s*\([^\W\d]+ [\d.,]+ [^\W\d]+\))?",
        re.IGNORECASE,
    ),
    late(r"(?P<title>\S.{0,250}?)\s*\((?:read|gelesen|lu|leído|letto|прочитано) [\d.,]+ [^\W\d]+\)", re.IGNORECASE),
)
_SEPARATOR = late(r"\s+[>»›→‹«]\s+")
_SLASH = late(r"\s+[/:]\s+")
_HOME = late(
    r"(?:home|index|forums?|boards?|board index|startseite|foren-übersicht|forum index|accueil|inicio|início|главная)",
    re.IGNORECASE,
)


def stated_title(line: str) -> str | None:
    """Return the title that a line states in words of the page; None if it states none."""
    found = next((match for each in _STATED if (match := each.fullmatch(line.strip()))), None)
    return found["title"] if found else None


def is_breadcrumbs(line: str) -> bool:
    """Whether a line certainly is breadcrumbs: a title may have one such separator, but not the site's home beside it."""
    parts = _SEPARATOR.split(line.strip())
    brief = all(len(part.split()) <= CRUMB for part in parts[:-1])
    return brief and (len(parts) > 2 or (len(parts) == 2 and _HOME.fullmatch(parts[0]) is not None))


def may_be_breadcrumbs(line: str) -> bool:
    """Whether a line is breadcrumbs if another line may be the title."""
    return any(len(each.split(line.strip())) > 1 for each in (_SEPARATOR, _SLASH))


def opening_title(words: str) -> str | None:
    """Return the words of an opening post if they may be the title: one brief line, which is kept as the post too."""
    said = words.strip()
    return said if 0 < len(said) <= BRIEF and "\n" not in said else None
