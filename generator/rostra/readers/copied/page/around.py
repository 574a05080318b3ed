"""Read the page around a thread: its title, its opening post, and lines that belong to no post."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from rostra.readers.copied.names import LABELLED, length_in_words
from rostra.readers.copied.page.facts import fact_table
from rostra.readers.copied.page.heading_lines import ENDS, below_date, has_byline, lines_again
from rostra.readers.copied.page.titles import (
    PHRASE,
    is_breadcrumbs,
    is_count,
    is_like_a_heading,
    is_like_a_title,
    is_menu,
    may_be_breadcrumbs,
    stated_title,
    without_crumbs,
)
from rostra.readers.copied.page_words import any_of, words_for
from rostra.readers.copied.times.dates import MONTH
from rostra.readers.copied.times.time_spans import times
from rostra.readers.guards.page_numbers import LINE as PAGE_NUMBERS
from rostra.readers.text.furniture import COUNT, FURNITURE, NOTICE, SORTED
from rostra.system.lazy_regex import late

PROSE = 80
"""A line with this many code points is no title."""
LONGEST = 300
"""The most code points of a title."""
NAVIGATION = 8
"""The fewest lines above the posts at which most of them are navigation of the page."""
UNSURE = 4
"""The fewest lines above the posts at which a title must be certain: a label of the navigation is none."""
HELP = 200
"""The code points of sentences above the breadcrumbs from which they are more than help of the site."""
HEADED = 4
"""The most lines from a title to the article: what the page says of it is between them, such as its author and its date."""
REPEATED = 3
"""The fewest different lines of the navigation above the posts that are again below them."""
LINK = 5
"""The most words of a link below the thread."""
_SENTENCE = late(r"[.!?…。！？]['\"”»)]?$")
_LEGAL = late(lambda: rf"©|{any_of('legal')}", re.IGNORECASE)
"""Words of navigation, legal notices and advertisements."""


class Above(NamedTuple):
    """What is above the posts: the title, the half-open range of lines of an opening post ((0, 0) for none), the other lines."""

    title: str | None
    opening: tuple[int, int]
    left: tuple[int, ...]


class _Top(NamedTuple):
    """The lines above the posts that are not blank (``shown``), and what is known of them."""

    shown: list[int]
    at: int | None
    """The line of the title, if words of the page show it."""
    stated: str | None
    """The title that words of the page show."""
    page: list[int]
    """Lines that certainly belong to the page."""
    rest: list[int]
    prose: list[int]
    """The lines of ``rest`` that are sentences."""
    heading: frozenset[int]
    """The lines above what a page says of a thread: who wrote it, when, how many answers it has."""
    again: frozenset[int]
    """The lines of several words that are again elsewhere around the posts, perhaps with other words."""


def above(
    lines: Sequence[str], *, whole: bool, titled: bool = False, repeated: Collection[str] = (), headed: str | None = None,
    posts: int = 0, people: Collection[str] = (), below: Sequence[str] = (),
) -> Above:  # fmt: skip
    """Return what is above the posts; ``whole`` says whether these lines may contain lines of the page, not only a post.

    If the page has a title elsewhere (``titled``), a single line is no opening statement.  ``repeated`` are the titles
    that the page has at its ``posts`` too, ``headed`` is the one that it has at the first post alone.  ``people`` are the
    authors of the posts, folded, and ``below`` the lines below the posts.
    """
    top = _top(lines, repeated, headed, posts, people, below)
    if not top.rest:
        return Above(None, (0, 0), tuple(top.page))
    alone = len(top.rest) == 1 or not top.prose
    if alone and top.stated and top.at is None:
        return Above(top.stated, (0, 0), tuple(top.shown))
    titles = top.stated or top.page or titled or len(top.rest) > 1
    if alone and titles and (found := _title_alone(lines, top, posts)):
        return found
    if alone or not (whole or top.page or top.stated):
        return Above(None, (top.rest[0], top.rest[-1] + 1), tuple(top.page))
    return _with_opening(lines, top)


def _top(
    lines: Sequence[str], repeated: Collection[str], headed: str | None, posts: int, people: Collection[str], below: Sequence[str]
) -> _Top:  # fmt: skip
    shown = [n for n, line in enumerate(lines) if line.strip()]
    at, stated = _stated(lines, shown)
    if stated is None:
        at = next((n for n in shown if lines[n].strip().casefold() in repeated), None)
        stated = headed if at is None else lines[at].strip()
    crumbs = _breadcrumbs(lines, shown)
    page = [
        n
        for n in shown
        if n != at and (n < crumbs or _is_page(lines[n].strip()) or is_count(lines[n], posts) or stated_title(lines[n]))
    ]
    others = set(page)
    rest = [n for n in shown if n not in others]
    prose = [n for n in rest if n != at and _is_prose(lines[n].strip())]
    counted = next((n for n in shown if is_count(lines[n], posts)), len(lines))
    brief = sum(len(lines[n].strip()) for n in prose) < PROSE
    if brief and (len(shown) >= NAVIGATION or all(n > counted for n in prose)):
        # A single sentence among lines of navigation is help about the page, not a post.
        prose = below_date(lines, rest, page)
    if len(prose) > 1 and shown[shown.index(prose[0]) + 1] in others:
        # A title may be a sentence: below it is what the page says of the thread, such as its date.
        del prose[0]
    heading = frozenset(
        n
        for n, under in pairwise(shown)
        if (under in others or has_byline(lines[under], people)) and not LABELLED.match(lines[n].strip())
    )
    return _Top(
        shown,
        at,
        stated,
        page,
        rest,
        prose,
        heading,
        lines_again(lines, [n for n in rest if not is_legal(lines[n])], below),
    )


def _title_alone(lines: Sequence[str], top: _Top, posts: int) -> Above | None:
    """Return the title of lines without an opening post, or that none is certain; None if the only line is such a post."""
    like = is_like_a_heading if len(top.shown) >= UNSURE else is_like_a_title
    # How many posts there are is below the title.
    counted = next((n for n in top.page if is_count(lines[n], posts)), len(lines))
    heads = [n for n in top.rest if n < counted]
    heads = [top.at] if top.at is not None else _certain(lines, heads, top, counted)
    # Of lines that are equally like a title, one below a blank line is no label.
    apart = {n for n in heads if len(top.shown) >= UNSURE and n and not lines[n - 1].strip()}

    def likeness(n: int) -> tuple[bool | int, ...]:
        plain, several, *words, _ = like(lines[n], n)
        return plain, several, *words, n in top.again, n in apart, n in top.heading, -n

    first = max(heads, key=likeness, default=None)
    if first is None:
        return None if top.prose else Above(None, (0, 0), tuple(top.shown))
    title = lines[first].strip()
    if len(title) > LONGEST:
        return None
    return Above(top.stated or without_crumbs(title), (0, 0), tuple(n for n in top.shown if n != first))


def _with_opening(lines: Sequence[str], top: _Top) -> Above:
    """Return the title and the opening post of lines that have both."""
    _, at, stated, page, rest, prose, *_ = top
    heads = [at] if at is not None else _certain(lines, [n for n in rest if n < prose[0] and not stated], top, 0)
    said = Counter(lines[n].strip() for n in heads)

    others, places = set(page), {n: at for at, n in enumerate(top.shown)}

    def likeness(n: int) -> tuple[bool, bool, bool, int, int]:
        # A page names the thread in its head and again above it.
        words = length_in_words(lines[n])
        heads_text = n + 1 in others and 0 < places[prose[0]] - places[n] <= HEADED
        return (not may_be_breadcrumbs(lines[n]), heads_text, words > 1 and said[lines[n].strip()] > 1, words, -n)

    title = max(heads, key=likeness, default=None)
    start = prose[0] if title is None or title > prose[0] else title + 1
    start = max(start, fact_table(lines, start, prose[0]).stop)
    # A brief last paragraph or item of a list, "What would you do?", is no prose by itself.
    spoken = set(prose)
    last = max(n for n in rest if n in spoken or (n > prose[0] and n != title and ENDS.search(lines[n].strip())))
    kept = set(range(start, last + 1)) - {*page, title}
    left = tuple(n for n in top.shown if n != title and n not in kept)
    found = without_crumbs(lines[title].strip()) if title is not None else None
    return Above(stated or found, (start, last + 1), left)


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


def _certain(lines: Sequence[str], heads: Sequence[int], top: _Top, counted: int) -> list[int]:
    """Return the lines that may be the title: among several lines of the page only those that certainly are no labels or are repeated."""
    few = sum(1 for line in lines if line.strip()) < UNSURE
    others = set(top.page)
    certain = [n for n in heads if few or n in top.again or _is_certain(lines, n, others, counted)]
    return certain or [
        n for n in heads if n in top.heading and length_in_words(lines[n]) > 1 and not is_legal(lines[n])
    ]


def _is_certain(lines: Sequence[str], n: int, page: set[int], counted: int) -> bool:
    """Whether a line among lines of navigation certainly is a title, and no label.

    It has several words, or is a paragraph of its own, or how many posts there are (``counted``) is below it.
    """
    own = without_crumbs(lines[n].strip())
    words = length_in_words(own)
    if may_be_breadcrumbs(own) or is_menu(own) or (words <= PHRASE and is_legal(own)):
        return False
    if words >= PHRASE or (n + 1 == counted < len(lines) and words > 1):
        return True
    apart = n > 0 and (not lines[n - 1].strip() or n - 1 in page)
    below = n + 1 == len(lines) or not lines[n + 1].strip() or n + 1 in page
    return apart and (below or words == PHRASE - 1)


def end(lines: Sequence[str], start: int, stop: int) -> int:
    """Return where the last post ends if no button shows it: before the lines that certainly belong to the page, if any.

    ``start`` and ``stop`` are the half-open range of its lines.
    """
    table = fact_table(lines, start + 1, stop)
    # A table with sentences below it is part of the post, such as "Steps to reproduce:".
    if table and not any(_is_prose(lines[n].strip()) for n in range(table.stop, stop)):
        stop = next((n for n in range(table.start, start, -1) if not lines[n - 1].strip()), table.start)
    found, at, legal = stop, stop, False
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


def repeated_end(lines: Sequence[str], above: int, start: int, stop: int) -> int:
    """Return where the navigation above the posts, the lines before ``above``, is again below the last one; ``stop`` if it is not.

    It begins below a blank line and below all sentences.  A person may write one such line; nobody writes several.
    """
    page = {text for line in lines[:above] if 0 < len(text := line.strip()) <= PROSE and not _is_prose(text)}
    again = [n for n in range(start + 1, stop) if lines[n].strip() in page]
    told = max((n for n in range(start, max(again, default=start)) if _is_prose(lines[n].strip())), default=start)
    again = [n for n in again if n > told]
    first = next((n for n in again if not lines[n - 1].strip()), stop)
    said = {text for n in again if n >= first and any(map(str.isalpha, text := lines[n].strip()))}
    return first if len(said) >= REPEATED else stop


def is_legal(text: str) -> bool:
    """Whether a line is navigation, a legal notice or an advertisement, as pages have below a thread."""
    return bool(_LEGAL.search(text)) and (not _is_prose(text) or "©" in text)


def _is_page(text: str) -> bool:
    return bool(
        COUNT.match(text)
        or NOTICE.match(text)
        or SORTED.match(text)
        or FURNITURE.match(text)
        or text.count("|") >= (1 if LABELLED.match(text) else 2)
        or (len(text) <= PROSE and any(not MONTH.fullmatch(text[start:end]) for start, end in times(text)))
        or is_breadcrumbs(text)
        or PAGE_NUMBERS.fullmatch(text)
        or "cookie" in text.casefold()
        or text.casefold() in words_for("skip")
    )


def _is_prose(text: str) -> bool:
    return "cookie" not in text.casefold() and (
        len(text) > PROSE or (bool(_SENTENCE.search(text)) and length_in_words(text) > 5)
    )
