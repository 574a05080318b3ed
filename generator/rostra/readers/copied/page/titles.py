"""Recognise lines above a thread that state its title, and breadcrumbs, which state its place in the site."""

from __future__ import annotations

import re

from rostra.readers.copied.names import SENTENCE, length_in_words
from rostra.readers.copied.page_words import any_of
from rostra.system.lazy_regex import late

BRIEF = 100
"""The most code points of an opening post that is also the title."""
CRUMB = 5
"""The most words between two separators of breadcrumbs."""
MENU = 5
"""The fewest words of a row of links."""
PHRASE = 4
"""The fewest words of a line that certainly is no label of the navigation."""
HEADING = 5
"""The most words that are counted in a title: more words do not make a line more like a title."""
COUNTED = 3
"""The most words to each number of a line that counts the posts: "10 things I learned" is none."""
_NUMBER = late(r"(?<![\d.,])\d{1,6}(?![\d.,])")
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
_HOME = late(lambda: any_of("home"), re.IGNORECASE)


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


def without_crumbs(line: str) -> str:
    """Return a line without the place in the site before the title: "Forum > The gate"."""
    *places, title = _SEPARATOR.split(line)
    brief = all(len(each.split()) <= CRUMB for each in places)
    return title if brief and length_in_words(title) >= PHRASE else line


def is_menu(line: str) -> bool:
    """Whether a line is a row of links: many words, all of which begin with a capital letter."""
    words = line.split()
    return len(words) >= MENU and all(word[0].isupper() for word in words)


def is_count(line: str, posts: int) -> bool:
    """Whether a brief line says how many posts there are, with or without the first: "10 posts", "Showing 1-9 of 9 posts"."""
    said = [int(each) for each in _NUMBER.findall(line)]
    brief = len(line.split()) <= COUNTED * len(said) and len(line.strip()) <= BRIEF
    return brief and posts > 1 and not {posts - 1, posts}.isdisjoint(said) and not SENTENCE.search(line.strip())


def opening_title(words: str) -> str | None:
    """Return the words of an opening post if they may be the title: one brief line, which is kept as the post too."""
    said = words.strip()
    return said if 0 < len(said) <= BRIEF and "\n" not in said else None


def is_like_a_title(line: str, n: int) -> tuple[bool, bool, int]:
    """Return a sort key, greatest for the likeliest title: not breadcrumbs, several words, near the top."""
    return (not may_be_breadcrumbs(line) and not is_menu(line), length_in_words(line) > 1, -n)


def is_like_a_heading(line: str, n: int) -> tuple[bool, bool, int, int]:
    """Return such a key for lines of navigation: the title has more words than labels have, and is no count or sentence."""
    own = without_crumbs(line.strip())
    other = own[:1].isdecimal() or own.endswith((".", "。")) or is_menu(own)
    return (not may_be_breadcrumbs(own), not other, min(length_in_words(own), HEADING), -n)
