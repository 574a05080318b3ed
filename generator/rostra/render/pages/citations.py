"""Citations of a debate and each of its posts, for reference managers.

``citations.bib`` is BibLaTeX (``@online``).
It gives the permanent link, if the site has an address, and the days of capture and archiving.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rostra.config.site import Site
from rostra.editorial.described import author_label
from rostra.i18n.catalogue import Catalogue
from rostra.model import Edited, Edition, LinkedEdition, Source
from rostra.output.staging import OutputFile
from rostra.render.pages.beside import FileLinks, has_files_beside
from rostra.render.pages.identity import base
from rostra.render.templates import FORBIDDEN, Layouts, allowed
from rostra.system.lazy_regex import late
from rostra.system.web_address import page_address

DATE = late(r"\d{4}-\d{2}-\d{2}")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}  # fmt: skip
"""Characters that TeX interprets; BibTeX counts braces even if they are escaped."""
SPECIALS = late(r"[\\{}~^#$%&_]")


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[OutputFile]:  # noqa: ARG001  # the signature of every kind of page
    """Yield ``citations.bib`` of the debate, unless it is short."""
    if not has_files_beside(site, edition):
        return
    folder = f"debates/{edition.thread.id}"
    address = base(site)
    whole = f"{address}{folder}/" if address else ""
    kept = _kept(edition.thread.source, layouts)
    items = [_item(site, edition, None, whole, kept, layouts.words)]
    items += (
        _item(site, edition, each, whole, kept, layouts.words) for each in edition.posts if each.post.raw.kind == "post"
    )
    yield OutputFile(f"{folder}/citations.bib", "\n".join(map(bibtex, items)).encode("utf-8", "replace"))


def _kept(source: Source, layouts: Layouts) -> list[str]:
    """Return when the text was captured and archived, in words."""
    said = []
    if source.captured:
        said.append(layouts.words.say("captured %(day)s", day=source.captured))
    if source.archived:
        said.append(layouts.words.say("archived %(day)s", day=source.archived))
    return said


def _item(
    site: Site, edition: Edition, each: Edited | None, whole: str, kept: list[str], words: Catalogue
) -> dict[str, Any]:
    """Return a post as a citation item (CSL-JSON), or the debate as a whole."""
    thread = edition.thread
    raw = (each or edition.posts[0]).post.raw if each or edition.posts else None
    item: dict[str, Any] = {
        "id": f"{thread.id}-{each.post.id}" if each else thread.id,
        "type": "post" if each else "webpage",
    }
    item["title"] = (each and each.post.raw.title) or thread.title
    item["container-title"] = thread.title if each else site.settings.title
    if raw and raw.author and each:
        item["author"] = [{"literal": author_label(raw.author, words)}]
    if raw and raw.time and (date := DATE.match(raw.time)):
        item["issued"] = {"date-parts": [[int(part) for part in date[0].split("-")]]}
    if whole:
        item["URL"] = f"{whole}#{each.post.id}" if each else whole
    item["archive"] = site.settings.title
    item["archive_location"] = f"{thread.id}#{each.post.id}" if each else thread.id
    original = page_address(each.post.raw.url if each else thread.url)
    if note := "; ".join([*kept, *([original] if original else [])]):
        item["note"] = note
    return item  # fmt: skip


def bibtex(item: dict[str, Any]) -> str:
    """Return a CSL item as an entry of BibLaTeX."""
    fields = {
        "author": f"{{{tex(item['author'][0]['literal'])}}}" if "author" in item else "",
        "title": tex(item["title"]),
        "titleaddon": tex(item["container-title"]) if item["container-title"] != item["title"] else "",
        "date": "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0]) if "issued" in item else "",
        "url": item.get("URL", ""),
        "organization": tex(item["archive"]),
        "note": tex(item.get("note", "")),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if name and value)
    return f"@online{{{item['id']},\n{lines}}}\n"


def tex(text: str) -> str:
    """Escape a text for TeX; control characters become what the page shows for them."""
    return SPECIALS.sub(lambda found: SPECIAL[found[0]], " ".join(FORBIDDEN.sub(allowed, text).split()))
