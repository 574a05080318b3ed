"""Posts that hold their answers, as many programs write them: ``replies``, ``children``, ``comments`` or ``answers``."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.model import Problem
from rostra.readers.fields import Fields, is_nothing, left_out

NESTED = ("replies", "children", "comments", "answers")


def unfolded(outermost: Fields, problems: list[Problem]) -> Iterator[Fields]:
    """An object with an ``id`` and those that stand in it, each before its own.

    One that does not say what it answers answers the one within which it stands; all are of the outermost's ``thread``.
    What has no ``id`` joins the problems.
    """
    # By a stack, since depth belongs to strangers.
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
                problems.append(left_out("an answer has no `id`", each))
