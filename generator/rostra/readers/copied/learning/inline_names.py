"""Find names at the beginning of posts' texts, with a colon between them: "Ada Weir：Who owns the gate?"."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import DumpLine, PageLayout, TemplateLine
from rostra.readers.copied.learning.word_tokens import DIFFERENT, NEARLY_ALL
from rostra.readers.copied.names import is_name
from rostra.readers.copied.records import CutText
from rostra.readers.copied.slots import NAME, TIME
from rostra.system.lazy_regex import late

_CALLED = late(rf"(\S[^:：\n{TIME}]{{0,{NAME - 1}}}?)\s?(:(?=\s)|：)\s*\S")


def with_inline_names(lines: Sequence[DumpLine], found: CutText, *, doubted: bool) -> CutText:
    """Return the text cut by its layout with a name at the beginning of each post, if nearly all posts have one.

    ``doubted`` says that other words which the layout has for names are probably none.
    """
    (own, *others) = found.layout.templates
    if others or (own.names_authors and not doubted) or own.items[own.body].pattern != "{body}":
        return found
    called = list(_called(lines, found))
    marks = Counter(mark for _, mark in called)
    mark, many = marks.most_common(1)[0] if marks else ("", 0)
    names = {name for name, each in called if each == mark}
    if many < NEARLY_ALL * len(found.records) or len(names) < DIFFERENT:
        return found
    again = cut(lines, with_beginning(found.layout, f"{{author}}{mark}"))
    return again if again is not None and len(again.records) >= len(found.records) else found


def with_beginning(layout: PageLayout, words: str) -> PageLayout:
    """Return a layout of one template whose texts begin with these words, and that has no other names."""
    (own,) = layout.templates
    items = [replace(item, pattern=item.pattern.replace("{author}", "{any}")) for item in own.items]
    items[own.body] = TemplateLine(f"{words} {{body}}")
    return replace(layout, templates=(replace(own, items=tuple(items)),))


def begins_with_names(layout: PageLayout) -> bool:
    """Whether the texts of a layout's posts begin with the names of their authors."""
    own = layout.templates[-1]
    return own.items[own.body].pattern.startswith("{author}")


def _called(lines: Sequence[DumpLine], found: CutText) -> Iterator[tuple[str, str]]:
    """Yield the name at the beginning of each text that has one, and the mark behind it."""
    numbers = [line.number for line in lines]
    for record in found.records:
        first = bisect_left(numbers, record.body[0])
        if (
            record.body[0] < record.body[1]
            and not record.lead
            and (said := _CALLED.match(lines[first].masked))
            and is_name(said[1])
        ):
            yield said[1], said[2]
