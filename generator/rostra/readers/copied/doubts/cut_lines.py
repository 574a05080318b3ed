"""Find lines that a layout takes for the page's own, although few posts have them: what they say is in no post.

A page writes its own words at many posts.  A line with words that few posts have may be the text of somebody, or a rank
or a place; it is left out, but never silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rostra.model import Problem, RawPost
from rostra.readers.copied.layout import DumpLine, PageLayout, prepared
from rostra.readers.copied.learning.line_keys import LETTER, line_key
from rostra.readers.copied.records import PostRecord
from rostra.readers.copied.times.edited import EDITED
from rostra.system.lazy_regex import late

SHARED = 3
"""Words of the page are at one in this many posts or more."""
RECURRING = 2
"""The fewest posts with the same words of the page."""
_WORD = late(r"[^\W\d_]+")
_SLOT = late(r"\{\w+\}")


def words_left_out(
    lines: Sequence[str], records: Sequence[PostRecord], posts: Iterable[RawPost], layout: PageLayout, below: int,
    others: frozenset[int] | set[int],
) -> Iterator[Problem]:  # fmt: skip
    """Yield the problem about lines at posts that are neither shown nor words that the page writes at many posts.

    ``posts`` are those of the records, among others; ``below`` is the line after the last record; ``others`` are lines
    that another problem counts.
    """
    left: list[tuple[int, frozenset[str]]] = []
    said: Counter[frozenset[str]] = Counter()
    known = _words_of(layout)
    shown = {post.line: post for post in posts if post.kind != "missing"}
    for record, end in zip(records, [*(each.first for each in records[1:]), below], strict=True):
        cut = _cut(lines, record, end, others)
        own = [(line.number, _unshown(line, record, shown[record.first + 1]) - known) for line in cut]
        left += own
        said.update({words for _, words in own})
    least = max(RECURRING, -(-len(records) // SHARED))
    if rare := [n for n, words in left if words and said[words] < least]:
        count = "1 line" if len(rare) == 1 else f"{len(rare)} lines"
        message = f"{count} at posts left out as the page's, though few posts have such lines: {lines[rare[0]].strip()[:60]!r}"
        hint = "see `rostra inspect --layout`, and give the layout in the card if somebody wrote them"
        yield Problem(code="page-around", message=message, line=rare[0] + 1, hint=hint)


def _cut(lines: Sequence[str], record: PostRecord, end: int, others: frozenset[int] | set[int]) -> Iterator[DumpLine]:
    """Yield the lines of the head and the foot of a post."""
    first, last = record.body
    told = {*record.hidden, *record.unexplained}
    for n in range(record.first, end):
        if not first <= n < last and n not in told and n not in others:
            yield from (line._replace(number=n) for line in prepared([lines[n]]))


def _unshown(line: DumpLine, record: PostRecord, post: RawPost) -> frozenset[str]:
    """Return the words of a line that are in no field of its post.

    Initials are in place of a picture, and "edited" is said by pages.
    """
    author = post.author.name if post.author else None
    if line_key(line, author) == LETTER:
        return frozenset()
    own = (*record.held.values(), record.lead, record.tail, author, post.title, post.note)
    shown = {word for text in own if text for word in _WORD.findall(text.casefold())}
    return frozenset(_WORD.findall(EDITED.sub(" ", line.masked).casefold())) - shown


def _words_of(layout: PageLayout) -> frozenset[str]:
    """Return the words of a page whose layout is not learned from this text."""
    if not (layout.is_known or layout.name):
        return frozenset()
    patterns = (_SLOT.sub(" ", item.pattern.casefold()) for each in layout.templates for item in each.items)
    return frozenset(word for pattern in patterns for word in _WORD.findall(pattern))
