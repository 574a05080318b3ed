"""Find the post that opens a thread: words above the first post, or the first post itself."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.readers.copied.layout import prepared
from rostra.readers.copied.page.around import Above
from rostra.readers.copied.records import CutText
from rostra.readers.copied.times.time_spans import classed
from rostra.readers.guards.page_numbers import stated_in_lines


def unread_opening(top: Above, cut: CutText, lines: Sequence[str]) -> Above:
    """Return what is above the posts; if it lacks an opening post, that is the words below a head that could not be read.

    The head has a time that is written as those of the posts are.
    """
    form = _form(cut.records[0].held.get("time", ""))
    shown = prepared(list(lines[: cut.above]))
    head = next((each for each in shown if each.number in cut.refused and form in map(_form, each.times)), None)
    if head is None or top.opening[1]:
        return top
    items = (item for each in cut.layout.templates for item in each.items)
    page = [item for item in items if not item.is_open and "{body}" not in item.pattern]
    said = [each.number for each in shown[shown.index(head) + 1 :] if all(item.match(each) is None for item in page)]
    if not said:
        return top
    return Above(top.title, (said[0], said[-1] + 1), tuple(n for n in top.left if n not in said))


def _form(time: str) -> str:
    """Return how a time is written: "9 Mar 2024" as "10 Apr 2023"."""
    return classed(time)[1]


def first_opens(cut: CutText, lines: Sequence[str]) -> bool:
    """Whether the first post opens the thread: on the first page of a topic, where posts have numbers or the site says so."""
    record = cut.records[0]
    if record.template.role == "opening":
        return True
    number = record.held.get("id", "").lstrip("#")
    pages = stated_in_lines(lines).read
    return number == "1" if number.isdecimal() else cut.layout.topic and (not pages or 1 in pages)
