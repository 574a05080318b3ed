"""Exports of comments as XML: their elements one at a time.

A document type would have to precede the root, and a file that has one is refused, so there are no entities.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.completeness import removed_words
from rostra.readers.guards.words_shown import says_enough, shortfall

if TYPE_CHECKING:
    from lxml.etree import _Element

BEGIN = r"\A(?>\ufeff|\s+|<\?xml[^<>]*>|<!--.*?-->)*+"
"""What may precede the root of an export."""
CHANNEL = "channel"
"""The only element below the root of RSS; it holds what in other exports is below the root."""


def exported(dump: Dump, shape: re.Pattern[str], problems: list[Problem]) -> Iterator[_Element]:
    """Yield the elements of an export in order, each complete and freed afterwards; a read error is a problem.

    Raise UnreadableDump if its beginning does not have the ``shape`` by which it is recognised.
    """
    from lxml import etree

    if not shape.match(dump.head_text):
        raise UnreadableDump("this is no such export", path=dump.name, hint="leave `format` out of its card")
    path: list[str] = []
    with dump.open() as stream:
        try:
            for event, element in etree.iterparse(
                stream, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
            ):  # fmt: skip
                if event == "start":
                    path.append(local_name(element))
                    continue
                name = path.pop()
                if len(path) == 1 + (CHANNEL in path[1:2]) and name != CHANNEL:
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
        except (etree.XMLSyntaxError, OSError) as error:
            message = f"the export cannot be read completely: {error}"
            line = getattr(error, "lineno", None)
            problems.append(Problem(code="truncated", message=message, line=line, hint="export it again"))


def local_name(element: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: _Element | None, name: str) -> _Element | None:
    """Return the first child with a name in any namespace."""
    return None if element is None else element.find(f"{{*}}{name}")


def said(element: _Element | None, name: str) -> str | None:
    """Return the text of the first child with a name; None if it is empty."""
    found = child(element, name)
    return None if found is None else "".join(map(str, found.itertext())).strip() or None


def says_yes(element: _Element, name: str) -> bool:
    """Whether the child with a name is true, as XML Schema writes it."""
    return (said(element, name) or "").lower() in ("true", "1")


def says_no(element: _Element, name: str) -> bool:
    """Whether the child with a name is false, as XML Schema writes it."""
    return (said(element, name) or "").lower() in ("false", "0")


def same_id(element: _Element | None) -> str | None:
    """Return the ``id`` that an element has as an attribute of a namespace."""
    attributes = () if element is None else element.items()
    return next((str(value) for name, value in attributes if str(name).endswith("}id") and value), None)


def told(element: _Element, post: RawPost, known: frozenset[str], body: str | None) -> tuple[Problem, ...]:
    """Return the problem of an element that became a post, if words of unknown children or of a removed post's body are lost."""
    unknown = ((local_name(each), " ".join(map(str, each.itertext()))) for each in element.iterchildren("*"))
    leaves = [(name, text) for name, text in unknown if name not in known and says_enough(text)]
    lost = removed_words(post, {"body": body}) or (shortfall(leaves, post) if leaves else None)
    return (lost,) if lost else ()


def kept_out(count: int, why: str, code: str) -> Iterator[Problem]:
    """Yield the problem of comments that are left out, if there are any."""
    if count:
        what = "a comment is" if count == 1 else f"{count} comments are"
        yield Problem(code=code, message=f"{what} left out: {why}", hint="approve the comments to publish, and export them again")  # fmt: skip


def ending(threads: Iterator[RawThread], problems: list[Problem], dump: Dump) -> Iterator[RawThread]:
    """Yield threads, the last one with the ``problems`` that reading them found; raise UnreadableDump if there is none."""
    last: RawThread | None = None
    for thread in threads:
        if last:
            yield last
        last = thread
    if last is None:
        why = f": {problems[0].message}" if problems else ""
        raise UnreadableDump(
            f"there is no comment to publish in this export{why}", path=dump.name, hint="export it again"
        )
    yield replace(last, problems=(*last.problems, *problems))


def unread(names: Counter[str]) -> Iterator[Problem]:
    """Yield the problem of elements that hold words and are of no known kind, by name."""
    if names:
        message = f"elements of unknown kinds are not read: {listed(names)}"
        yield Problem(code="unread", message=message, hint="report it if these are comments")


def listed(names: Counter[str]) -> str:
    """Return the first names, each with its count."""
    return ", ".join(f"`{name[:40]}` ({count})" for name, count in sorted(names.items())[:5])
