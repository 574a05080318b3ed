"""The page around a thread: its title, what opens it, and what is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.names import length_in_words
from rostra.readers.copied.time_spans import times
from rostra.readers.copied.titles import is_breadcrumbs, may_be_breadcrumbs, stated_title
from rostra.readers.text.furniture import COUNT, FURNITURE, NOTICE, SORTED
from rostra.system.lazy_regex import late

PROSE = 80
"""Code points of a line from which on it is no title."""
MONTH = late(r"\D+\d{4}")
"""A month of a year, which a title may name: a line of the page says the day."""
LONGEST = 300
"""Code points of a title at most."""
NAVIGATION = 8
"""Lines above the posts from which on most of them are the page's navigation."""
HEADING = 8
"""Words of a title from which on more of them say nothing."""
LINK = 5
"""Words of a link below the thread at most."""
_SENTENCE = late(r"[.!?…。！？]['\"”»)]?$")
_LEGAL = late(
    r"cookies?\b|©|\bcopyright\b|privacy|datenschutz|impressum|\bterms\b|all rights reserved|powered by|\blog ?in\b|\bsign ?(?:up|in)\b|"
    r"\bsubscribe\b|\bnewsletter\b|\brelated\b|new topics|other topics|\bsitemap\b|confidentialité|mentions légales|privacidad|"
    r"\bcontact(?:o|ez)?\b|\babout\b|\bfaq\b|\bhelp\b|who is online|users? browsing|jump to|return to|read next|trending",
    2,
)
"""Words of navigation, legal notices and advertisements."""


class Above(NamedTuple):
    """What is above the posts: the title, lines of an opening post from first to before last (0, 0 for none), the others."""

    title: str | None
    opening: tuple[int, int]
    left: tuple[int, ...]


def above(lines: Sequence[str], *, whole: bool, titled: bool = False) -> Above:
    """Return what is above the posts; ``whole`` if these lines are the page's own and not somebody's words alone.

    Of a page that is ``titled`` elsewhere, one line by itself is no opening statement.
    """
    shown = [n for n, line in enumerate(lines) if line.strip()]
    at, stated = _stated(lines, shown)
    page = [n for n in shown if n != at and (_is_page(lines[n].strip()) or stated_title(lines[n]))]
    rest = [n for n in shown if n not in set(page)]
    prose = [n for n in rest if n != at and _is_prose(lines[n].strip())]
    if len(shown) >= NAVIGATION and sum(len(lines[n].strip()) for n in prose) < PROSE:
        # Among the lines of a page's navigation, one sentence says how to use the page.
        prose = []
    if not rest:
        return Above(None, (0, 0), tuple(page))
    alone = len(rest) == 1 or not prose
    if alone and (stated or page or titled or len(rest) > 1):
        likeness = _is_like_a_heading if len(shown) >= NAVIGATION else _is_like_a_title
        first = at if at is not None else max(rest, key=lambda n: likeness(lines[n], n))
        if len(lines[first].strip()) <= LONGEST:
            return Above(stated or lines[first].strip(), (0, 0), tuple(n for n in shown if n != first))
    if alone or not (whole or page or stated):
        return Above(None, (rest[0], rest[-1] + 1), tuple(page))
    heads = [at] if at is not None else [n for n in rest if n < prose[0]]
    title = max(heads, key=lambda n: (not may_be_breadcrumbs(lines[n]), len(lines[n].split()), -n), default=None)
    start = prose[0] if title is None or title > prose[0] else title + 1
    kept = set(range(start, prose[-1] + 1)) - {*page, title}
    left = tuple(n for n in shown if n != title and n not in kept)
    own = lines[title].strip() if title is not None else None
    return Above(stated or own, (start, prose[-1] + 1), left)


def _stated(lines: Sequence[str], shown: Sequence[int]) -> tuple[int | None, str | None]:
    """Return the line of the title and the title that a line states; a line above may consist of the title alone."""
    at, stated = next(((n, title) for n in shown if (title := stated_title(lines[n]))), (None, None))
    if stated is None:
        return None, None
    return next((n for n in shown if lines[n].strip().casefold() == stated.casefold()), at), stated


def _is_like_a_title(line: str, n: int) -> tuple[bool, bool, int]:
    """Return a sort key by which the likeliest title is greatest: no breadcrumbs, several words, on top."""
    return (not may_be_breadcrumbs(line), len(line.split()) > 1, -n)


def _is_like_a_heading(line: str, n: int) -> tuple[bool, bool, int, int]:
    """Return such a key where the title is among navigation: its labels have few words."""
    counted = line.strip()[:1].isdecimal()
    return (not may_be_breadcrumbs(line), not counted, min(length_in_words(line), HEADING), -n)


def end(lines: Sequence[str], start: int, stop: int) -> int:
    """Return where the last post ends if no button shows it: before the lines of the page, if some certainly are.

    ``start`` and ``stop`` are the lines from the first of its words to before the last.
    """
    found = stop
    legal = False
    at = stop
    while at > start + 1:
        at -= 1
        text = lines[at].strip()
        if not text:
            continue
        surely = bool(_LEGAL.search(text)) and (not _is_prose(text) or "©" in text)
        if not surely and (_is_prose(text) or _SENTENCE.search(text) or len(text.split()) > LINK):
            break
        legal |= surely
        if surely and not any(line.strip() for line in lines[start:at]):
            break
        if surely or _is_page(text) or (legal and not lines[at - 1].strip()):
            found = at
    return found if legal else stop


def _is_page(text: str) -> bool:
    return bool(
        COUNT.match(text)
        or NOTICE.match(text)
        or SORTED.match(text)
        or FURNITURE.match(text)
        or text.count("|") >= 2
        or (len(text) <= PROSE and any(not MONTH.fullmatch(text[start:end]) for start, end in times(text)))
        or is_breadcrumbs(text)
        or "cookie" in text.casefold()
    )


def _is_prose(text: str) -> bool:
    return "cookie" not in text.casefold() and (
        len(text) > PROSE or (bool(_SENTENCE.search(text)) and length_in_words(text) > 5)
    )
