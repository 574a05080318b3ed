"""Notices: lines that a page writes between posts, and that belong to no post ("Ada added Bede", "ada closed this issue").

A notice is a pattern of a layout, of one line or of several that follow each other, in the language of templates.
Notices are removed before lines are matched with templates.  Those that turn out to be within the text of a post are
restored, since the post's author wrote them: only lines above or below the text of a post are notices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property

from rostra.readers.copied.layout import DumpLine, PageLayout, TemplateLine, template_lines
from rostra.readers.copied.names import LETTER, folded_name, is_name
from rostra.system.lazy_regex import late

MYSELF = frozenset({"you", "du", "vous", "tú", "tu", "você", "вы"})
"""How a page addresses its reader, who may have written no post."""

MARKS = late(r"[:<>|]")
"""Characters that no name contains, and that separate a name from text."""
WORDED = late(r"\{\w+\}")
Pattern = tuple[TemplateLine, ...]


def notices_of(lines: Sequence[DumpLine], layout: PageLayout) -> dict[int, int]:
    """Return the notices of a text: the index of the first line of each, and the index after its last line."""
    if not layout.notices:
        return {}
    patterns = [_compiled(each) for each in layout.notices]
    records = _Anchors(lines, [each.items[each.anchor] for each in layout.templates])
    found: dict[int, int] = {}
    at = 0
    while at < len(lines):
        ends = (
            taken[0] for each in patterns if (taken := _match(lines, at, each)) and records.allow(at, each, taken[1])
        )
        end = max(ends, default=at)
        if end > at:
            found[at] = end
        at = max(end, at + 1)
    return found


class _Anchors:
    """The names and times in the anchors of a text, which distinguish notices from the text of posts."""

    def __init__(self, lines: Sequence[DumpLine], anchors: Sequence[TemplateLine]) -> None:
        self._lines = lines
        self._anchors = anchors

    def allow(self, at: int, pattern: Pattern, held: dict[str, str]) -> bool:
        """Whether lines that match a pattern may be a notice."""
        names = [held[slot] for slot in ("author", "answers") if slot in held]
        # "Ada: I added Bede" is Ada's own text.
        if not all(is_name(each) and not MARKS.search(each) for each in names):
            return False
        if "author" not in held and any(each.match(self._lines[at]) is not None for each in self._anchors):
            return False
        if "answers" in held and folded_name(held.get("author", "")) not in self.writing | MYSELF:
            # A common word between two names may be anybody's sentence, so the first must write in the text.
            return False
        # A mark on a line of its own identifies a notice of several lines as words do.
        if any(LETTER.search(WORDED.sub("", each.pattern)) or not WORDED.search(each.pattern) for each in pattern):
            return True
        # A pattern without words matches only if its time is written as the times of posts are.
        return not MARKS.search(self._lines[at].masked) and _form(self._lines[at]) in self.forms

    @cached_property
    def writing(self) -> frozenset[str]:
        """The folded names in the lines of anchors."""
        return frozenset(folded_name(held["author"]) for _, held in self._found if "author" in held)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms in which the times of anchors are written."""
        return frozenset(_form(line) for line, _ in self._found)

    @cached_property
    def _found(self) -> list[tuple[DumpLine, dict[str, str]]]:
        timed = [line for line in self._lines if line.times]
        return [(line, held) for line in timed for each in self._anchors if (held := each.match(line)) is not None]


def _form(line: DumpLine) -> str:
    return re.sub(r"\d+", "0", line.times[0]) if line.times else ""


def without_notices(lines: Sequence[DumpLine], notices: dict[int, int]) -> Sequence[DumpLine]:
    """Return the lines that are in no notice."""
    if not notices:
        return lines
    taken = {n for first, end in notices.items() for n in range(first, end)}
    return [line for n, line in enumerate(lines) if n not in taken]


@cache
def _compiled(notice: str) -> Pattern:
    return tuple(template_lines(notice))


def _match(lines: Sequence[DumpLine], at: int, pattern: Pattern) -> tuple[int, dict[str, str]] | None:
    """Return the index after the lines that a notice matches, and what its slots hold; None if it does not match."""
    held: dict[str, str] = {}
    for item in pattern:
        said = item.match(lines[at]) if at < len(lines) else None
        if said is None and not item.optional:
            return None
        if said is not None:
            held = said | held
            at += 1
    return at, held
