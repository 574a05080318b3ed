"""The publisher's own pages as the navigation shows them: each page of a content folder, and one link for each folder in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from rostra.identity.file_names import debate_id
from rostra.identity.permalinks import slug
from rostra.store.archive import FRONT, PageLink


class Section(Struct, frozen=True, kw_only=True):
    """A link of the navigation: a page, or a folder with the ``pages`` that its index lists.

    A page with the address of a folder, such as ``manual.md`` beside ``manual/``, is the text above that folder's list.
    """

    link: PageLink
    pages: tuple[PageLink, ...] = ()


@lru_cache(maxsize=4)
def sections(pages: tuple[PageLink, ...]) -> tuple[Section, ...]:
    """Return the links of the navigation, in the order of the pages; a folder of one page is that page."""
    pages = tuple(page for page in pages if page.slug != FRONT)
    folders: dict[str, list[PageLink]] = {}
    for page in pages:
        if page.folder:
            folders.setdefault(folder_slug(page), []).append(page)
    texts = {page.slug: page for page in pages if page.slug in folders}
    found: dict[str, Section] = {}
    for page in pages:
        own = page.slug if page.slug in folders else folder_slug(page)
        if own and own not in found:
            found[own] = _folder(own, texts.get(own), folders[own])
        elif not own:
            found[page.slug] = Section(link=page)
    return tuple(found.values())


def section_of(page: PageLink, pages: Sequence[PageLink]) -> Section:
    """Return the link of the navigation that leads to a page."""
    return next(each for each in sections(tuple(pages)) if page in (each.link, *each.pages))


def own_addresses(pages: Sequence[PageLink]) -> list[str]:
    """Return the addresses of all pages and of the indexes of folders, without ``.html``."""
    found = [page.slug for page in pages if page.slug != FRONT]
    return list(dict.fromkeys([*found, *(each.link.slug for each in sections(tuple(pages)))]))


def folder_slug(page: PageLink) -> str:
    """Return the address of the index of a page's folder, without ``.html``; empty for a page outside of folders."""
    return debate_id(slug(page.folder)) if page.folder else ""


def _folder(own: str, text: PageLink | None, pages: list[PageLink]) -> Section:
    listed = tuple(page for page in pages if page is not text)
    if text is None and len(listed) == 1:
        return Section(link=listed[0])
    title = text.title if text else pages[0].folder.replace("-", " ").replace("_", " ").strip().capitalize()
    return Section(link=text or PageLink(slug=own, title=title), pages=listed)
