"""Posts that hold their answers, as many programs write them: ``replies``, ``children``, ``comments`` or ``answers``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rostra.model import Problem
from rostra.readers.fields import is_nothing, left_out

NESTED = ("replies", "children", "comments", "answers")


def unfolded(item: dict[str, Any], problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """An object with an ``id`` and those that stand in it, each before its own.

    One that does not say what it answers answers the one within which it stands; all are of the outermost's ``thread``.
    What has no ``id`` joins the problems.
    """
    # By a stack, since depth belongs to strangers.
    stack = [item]
    while stack:
        here = stack.pop()
        yield here
        inner = [each for name in NESTED if isinstance(here.get(name), list) for each in here[name]]
        for each in reversed(inner):
            if isinstance(each, dict) and "id" in each:
                answered = {} if each.get("parent") or each.get("parent_id") else {"parent": here.get("id")}
                stack.append(each | answered | {"thread": item.get("thread")})
            elif not is_nothing(each):
                problems.append(left_out("an answer has no `id`", each))
