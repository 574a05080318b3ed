"""Posts with nested replies, as many programs write them: ``replies``, ``children``, ``comments`` or ``answers``."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.model import Problem
from rostra.readers.dumps.fields import Fields, is_nothing, left_out

NESTED = ("replies", "children", "comments", "answers")


def unfolded(outermost: Fields, problems: list[Problem]) -> Iterator[Fields]:
    """Yield an object with an ``id`` and its nested ones, parents before children.

    An object that does not name its parent is a reply to the one that contains it; all have the outermost ``thread``.
    Objects without an ``id`` are added to the problems.
    """
    # A stack, since the depth of the input is unbounded.
    stack = [outermost]
    while stack:
        said = stack.pop()
        yield said
        if said.said.keys().isdisjoint(NESTED):
            continue
        inner = [each for name in NESTED if isinstance(said.get(name), list) for each in said.values(name)]
        for each in reversed(inner):
            if isinstance(each, dict) and "id" in each:
                answered = {} if each.get("parent") or each.get("parent_id") else {"parent": said.get("id")}
                stack.append(Fields(each).changed(thread=outermost.get("thread"), **answered))
            elif not is_nothing(each):
                problems.append(left_out("a reply has no `id`", each))
