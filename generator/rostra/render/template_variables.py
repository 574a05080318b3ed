"""Describe the variables of each template from the types of its values."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from rostra.render.pages import kinds
from rostra.render.pages.frame import Frame


def templates() -> dict[str, type[Frame]]:
    """Return the types of values, by the templates that receive them."""
    kinds()
    found = [Frame]
    for each in found:
        found += each.__subclasses__()
    return {each.TEMPLATE: each for each in sorted(found, key=lambda each: each.TEMPLATE)}


def variable_lines() -> Iterator[str]:
    """Yield the variables of every template and their types, as lines of Markdown."""
    of = templates()
    yield from _about("base.html", Frame, Frame.__struct_fields__)
    for name, kind in of.items():
        if kind is not Frame:
            yield from _about(name, kind, kind.__struct_fields__[len(Frame.__struct_fields__) :])
    shown: dict[str, type] = {}
    waiting: list[type] = list(of.values())
    while waiting:
        for held in _held(waiting.pop(0)):
            name = f"{held.__module__.rpartition('.')[2]}.{held.__name__}"
            if name not in shown:
                shown[name] = held
                waiting.append(held)
    for name in sorted(shown):
        yield from _about(name, shown[name], _fields(shown[name]))


def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of a Struct's or named tuple's fields."""
    return tuple(getattr(kind, "__struct_fields__", ()) or getattr(kind, "_fields", ()))


def _about(title: str, kind: type, fields: tuple[str, ...]) -> Iterator[str]:
    yield f"### `{title}`"
    yield ""
    yield inspect.cleandoc(kind.__doc__ or "").replace("``", "`")
    yield ""
    for field in fields:
        yield f"- `{field}`: `{_annotations(kind)[field]}`"
    if fields:
        yield ""


def _annotations(kind: type) -> dict[str, str]:
    """Return the types of the fields as they are written in the source."""
    return {name: str(said) for each in reversed(kind.__mro__) for name, said in inspect.get_annotations(each).items()}


def _held(kind: type) -> Iterator[type]:
    """Yield Rostra's own types that the fields of a type use, if its module can see them."""
    for each in kind.__mro__:
        names = vars(inspect.getmodule(each) or inspect)
        for said in inspect.get_annotations(each).values():
            for word in re.findall(r"\w+", str(said)):
                found = names.get(word)
                if isinstance(found, type) and _fields(found) and found.__module__.startswith("rostra."):
                    yield found
