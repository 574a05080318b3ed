"""Read pages of a wiki: one as wikitext in a file, or many in an export of MediaWiki (schema export-0.3 to 0.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rostra.model import Problem
from rostra.readers.dumps.dump import MEBIBYTE, Dump
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.etree import _Element

EXPORT = late(
    r"\A(?>\ufeff|\s+|<\?xml[^<>]*>|<!DOCTYPE\s[^<>\[]*(?:\[[^\]]*\]\s*)?>|<!--.*?-->)*+<mediawiki\b", re.DOTALL
)


class WikiPage(NamedTuple):
    """A page: its name, its text, the line where the text begins, and its problems."""

    name: str
    text: str
    line: int
    problems: tuple[Problem, ...]


def is_export(dump: Dump) -> bool:
    """Whether a file is an export of pages as XML."""
    return not dump.is_folder and EXPORT.match(dump.head_text) is not None


def pages(dump: Dump) -> Iterator[WikiPage]:
    """Yield the latest revision of each page of a file; a read error comes last, as a page without text."""
    if is_export(dump):
        yield from _exported(dump)
    else:
        text, repaired = dump.text()
        yield WikiPage(dump.path.name.partition(".")[0], text.replace("\r\n", "\n"), 1, repaired)


def _exported(dump: Dump) -> Iterator[WikiPage]:
    from lxml import etree

    title, latest, revisions = "", _WikiRevision(), 0
    limit = dump.limits.record * MEBIBYTE
    with dump.open() as stream:
        try:
            for _, element in etree.iterparse(
                stream, tag=("{*}title", "{*}revision", "{*}page"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
            ):  # fmt: skip
                name = etree.QName(element).localname
                if name == "title":
                    title = "".join(element.itertext()).strip()
                elif name == "revision":
                    revisions += 1
                    latest = max(latest, _revision(element), key=lambda each: each.time)
                    element.clear()
                else:
                    yield _page(title, latest, revisions, limit)
                    title, latest, revisions = "", _WikiRevision(), 0
                    _let_go(element)
        except (etree.XMLSyntaxError, OSError) as error:
            message = f"the export cannot be read completely: {error}"
            line = getattr(error, "lineno", None)
            problem = Problem(code="truncated", message=message, line=line, hint="export the pages again")
            yield WikiPage(title, "", line or 1, (problem,))


class _WikiRevision(NamedTuple):
    time: str = ""
    text: str = ""
    line: int = 1


def _revision(element: _Element) -> _WikiRevision:
    text = element.find("{*}text")
    said = "" if text is None else "".join(map(str, text.itertext()))
    line = text.sourceline if text is not None else None
    return _WikiRevision(element.findtext("{*}timestamp") or "", said, line if isinstance(line, int) else 1)


def _page(title: str, latest: _WikiRevision, revisions: int, limit: int) -> WikiPage:
    problems: list[Problem] = []
    if revisions > 1:
        message = f"{revisions - 1} earlier revisions of {title!r} are left out; only the latest is read"
        problems.append(Problem(code="earlier-revisions", message=message, line=latest.line))
    text = latest.text
    if len(text) > limit:
        message = f"the page {title!r} has more than {limit >> 20} MiB; the rest is left out"
        problems.append(Problem(code="too-long", message=message, line=latest.line))
        text = text[:limit]
    return WikiPage(title, text, latest.line, tuple(problems))


def _let_go(element: _Element) -> None:
    """Free the elements that were read, so that an export is never completely in memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
