"""Read the page around a thread: its title, its opening post, and lines that belong to no post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rostra.readers.copied.names import length_in_words
from rostra.readers.copied.time_spans import times
from rostra.readers.copied.titles import is_breadcrumbs, may_be_breadcrumbs, stated_title
from rostra.readers.text.furniture import COUNT, FURNITURE, NOTICE, SORTED
from rostra.system.lazy_regex import late

PROSE = 80
"""A line with this many code points is no title."""
MONTH = late(r"\D+\d{4}")
"""A month and year, which a title may contain; a date of the page also has a day."""
LONGEST = 300
"""The most code points of a title."""
NAVIGATION = 8
"""The fewest lines above the posts at which most of them are navigation of the page."""
HELP = 200
"""The code points of sentences above the breadcrumbs from which they are more than help of the site."""
HEADING = 8
"""The most words that are counted in a title: more words do not make a line more like a title."""
LINK = 5
"""The most words of a link below the thread."""
_SENTENCE = late(r"[.!?…。！？]['\"”»)]?$")
_ENDS = late(r"[.!?…。！？]['\"”»)]?$|^[*•–—-]\s")
_LEGAL = late(
    r"cookies?\b|©|\bcopyright\b|privacy|datenschutz|impressum|\bterms\b|all rights reserved|powered by|\blog ?in\b|\bsign ?(?:up|in)\b|"
    r"\bsubscribe\b|\bnewsletter\b|\brelated\b|new topics|other topics|\bsitemap\b|confidentialité|mentions légales|privacidad|"
    r"\bcontact(?:o|ez)?\b|\babout\b|\bfaq\b|\bhelp\b|who is online|users? browsing|jump to|return to|read next|trending",
    2,
)
"""Words of navigation, legal notices and advertisements."""


class Above(NamedTuple):
    """What is above the posts: the title, the half-open range of lines of an opening post ((0, 0) for none), the other lines."""

    title: str | None
    opening: tuple[int, int]
    left: tuple[int, ...]


def above(lines: Sequence[str], *, whole: bool, titled: bool = False) -> Above:
    """Return what is above the posts; ``whole`` says whether these lines may contain lines of the page, not only a post.

    If the page has a title elsewhere (``titled``), a single line is no opening statement.
    """
    shown = [n for n, line in enumerate(lines) if line.strip()]
    at, stated = _stated(lines, shown)
    crumbs = _breadcrumbs(lines, shown)
    page = [n for n in shown if n != at and (n < crumbs or _is_page(lines[n].strip()) or stated_title(lines[n]))]
    rest = [n for n in shown if n not in set(page)]
    prose = [n for n in rest if n != at and _is_prose(lines[n].strip())]
    if len(shown) >= NAVIGATION and sum(len(lines[n].strip()) for n in prose) < PROSE:
        # A single sentence among lines of navigation is help about the page, not a post.
        prose = []
    if len(prose) > 1 and shown[shown.index(prose[0]) + 1] in page:
        # A title may be a sentence: below it is what the page says of the thread, such as its date.
        del prose[0]
    if not rest:
        return Above(None, (0, 0), tuple(page))
    alone = len(rest) == 1 or not prose
    if alone and (stated or page or titled or len(rest) > 1):
        like = _is_like_a_heading if len(shown) >= NAVIGATION else _is_like_a_title
        first = at if at is not None else max(rest, key=lambda n: like(lines[n], n))
        if len(lines[first].strip()) <= LONGEST:
            return Above(stated or lines[first].strip(), (0, 0), tuple(n for n in shown if n != first))
    if alone or not (whole or page or stated):
        return Above(None, (rest[0], rest[-1] + 1), tuple(page))
    heads = [at] if at is not None else [n for n in rest if n < prose[0]]
    said = Counter(lines[n].strip() for n in heads)

    def likeness(n: int) -> tuple[bool, bool, int, int]:
        # A page names the thread in its head and again above it.
        words = len(lines[n].split())
        return (not may_be_breadcrumbs(lines[n]), words > 1 and said[lines[n].strip()] > 1, words, -n)

    title = max(heads, key=likeness, default=None)
    start = prose[0] if title is None or title > prose[0] else title + 1
    # A brief last paragraph or item of a list, "What would you do?", is no prose by itself.
    last = max(n for n in rest if n in prose or (n > prose[0] and n != title and _ENDS.search(lines[n].strip())))
    kept = set(range(start, last + 1)) - {*page, title}
    left = tuple(n for n in shown if n != title and n not in kept)
    own = lines[title].strip() if title is not None else None
    return Above(stated or own, (start, last + 1), left)


def _breadcrumbs(lines: Sequence[str], shown: Sequence[int]) -> int:
    """Return the line of the breadcrumbs if only navigation and help of the site are above them; otherwise 0."""
    last = next((n for n in reversed(shown[:-1]) if is_breadcrumbs(lines[n].strip())), 0)
    said = sum(len(lines[n].strip()) for n in shown if n < last and _is_prose(lines[n].strip()))
    return last if said < HELP else 0


def _stated(lines: Sequence[str], shown: Sequence[int]) -> tuple[int | None, str | None]:
    """Return the line of the title and the title that a line states; a line above it may consist of the title alone."""
    at, stated = next(((n, title) for n in shown if (title := stated_title(lines[n]))), (None, None))
    if stated is None:
        return None, None
    return next((n for n in shown if lines[n].strip().casefold() == stated.casefold()), at), stated


def _is_like_a_title(line: str, n: int) -> tuple[bool, bool, int]:
    """Return a sort key, greatest for the likeliest title: not breadcrumbs, several words, near the top."""
    return (not may_be_breadcrumbs(line), len(line.split()) > 1, -n)


def _is_like_a_heading(line: str, n: int) -> tuple[bool, bool, int, int]:
    """Return such a key for lines of navigation: the title has more words than labels have, and is no count or sentence."""
    other = line.strip()[:1].isdecimal() or line.strip().endswith((".", "。"))
    return (not may_be_breadcrumbs(line), not other, min(length_in_words(line), HEADING), -n)


def end(lines: Sequence[str], start: int, stop: int) -> int:
    """Return where the last post ends if no button shows it: before the lines that certainly belong to the page, if any.

    ``start`` and ``stop`` are the half-open range of its lines.
    """
    found = stop
    legal = False
    at = stop
    while at > start + 1:
        at -= 1
        text = lines[at].strip()
        if not text:
            continue
        surely = is_legal(text)
        if not surely and (_is_prose(text) or _SENTENCE.search(text) or len(text.split()) > LINK):
            break
        legal |= surely
        if surely and not any(line.strip() for line in lines[start:at]):
            break
        if surely or _is_page(text) or (legal and not lines[at - 1].strip()):
            found = at
    return found if legal else stop


def is_legal(text: str) -> bool:
    """Whether a line is navigation, a legal notice or an advertisement, as pages have below a thread."""
    return bool(_LEGAL.search(text)) and (not _is_prose(text) or "©" in text)


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
