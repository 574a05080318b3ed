"""Quotations and footnotes of a page: each link has its way back.

A quotation is an element with an id ``…-q1`` that contains a link to ``…-s12``; the link back is in the quoted post, in
an element of the class ``quoted-by``.  A note is called by a link with the role ``doc-noteref`` and links back with
``doc-backlink``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rostra.check.links import Target
from rostra.check.page import PageAddress

QUOTATION = re.compile(r"(.+)-q\d+")
PASSAGE = re.compile(r"(.+)-s\d+")


def page_quotations(path: str, led: Iterable[tuple[PageAddress, Target]]) -> Iterator[tuple[str, PageAddress]]:
    """Yield the quotations of a page: the id of each, and the post that it quotes."""
    for link, target in led:
        if QUOTATION.fullmatch(link.parent) and (source := PASSAGE.fullmatch(target.fragment)):
            yield f"{path}#{link.parent} > {target.path}#{source[1]}", link


def taken(path: str, led: Iterable[tuple[PageAddress, Target]]) -> Iterator[tuple[str, PageAddress]]:
    """Yield the links back of a page as the quotations that they lead to."""
    for link, target in led:
        if link.quoted_by and QUOTATION.fullmatch(target.fragment):
            yield f"{target.path}#{target.fragment} > {path}#{link.post}", link


def notes(path: str, led: Iterable[tuple[PageAddress, Target]]) -> Iterator[tuple[str, PageAddress]]:
    """Yield what is wrong with the footnotes of a page, each with the link concerned."""
    calls: dict[str, dict[str, PageAddress]] = {}
    backs: dict[str, tuple[str, PageAddress]] = {}
    for link, target in led:
        if link.role == "doc-noteref" and target.path == path:
            calls.setdefault(target.fragment, {})[link.item] = link
        elif link.role == "doc-backlink" and target.path == path:
            backs[link.item] = (target.fragment, link)
    for note, callers in calls.items():
        if note not in backs:
            yield f"the note {note} is called and has no link back", next(iter(callers.values()))
    for note, (call, link) in backs.items():
        if call not in calls.get(note, {}):
            yield f"the note {note} leads back to {call}, which does not call it", link
