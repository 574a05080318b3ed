"""Layouts of known sites: one TOML file each in ``layouts/``.

A file says how the site is recognised and how it writes its posts::

    place = "news.ycombinator.com"
    phrases = ["new | past | comments | ask | show"]
    dialect = "text"

    [[post]]
    template = '''
    {author} {time} {? | {any}} [–]
    {body}
    ? reply
    '''

A layout is tried if one of its phrases is in the text; one without phrases is tried on every text, besides the
layouts learned from the text.

``ends``, ``days`` and ``notices`` are lists of patterns in the language of templates: of lines below the thread, of
dates above posts that show a time of day alone (``{clock}``), and of what the page writes between posts ("Ada added
Bede").  A notice that names two people (``{author}`` and ``{answers}``) counts only if the first of them writes in the
text, and one without words or names only if its time is written as those of posts are.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

from rostra.config.toml_tables import TomlFile
from rostra.model import Dialect
from rostra.readers.copied.layout import NoTemplate, PageLayout, Role, template, template_lines, wrong_line


class LayoutKind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of post; the roles are those of ``Template``."""

    template: str
    role: Role = "post"


class LayoutFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contents of a layout file."""

    place: str | None = None
    """The host of the site, without ``www.``: debates whose dumps have addresses are listed by it.  If the software is on
    many hosts, its common name; None if many sites write posts in this way."""
    phrases: tuple[str, ...]
    """Words that are on its pages and on few others; case and runs of white space are ignored."""
    post: tuple[LayoutKind, ...]
    dialect: Dialect = "text"
    """The dialect of bodies in a copy of its posts."""
    topic: bool = False
    """Whether the first post of a thread opens it, as in forums and chats, and no article above it."""
    ends: tuple[str, ...] = ()
    """Patterns of lines below the thread: the first match ends it."""
    days: tuple[str, ...] = ()
    """Patterns of lines between posts that give the date of the posts below, if those have a ``{clock}``."""
    notices: tuple[str, ...] = ()
    """Patterns of one or more lines that the page writes between posts, and that belong to no post."""


class KnownLayout(Struct, frozen=True, kw_only=True):
    """A known site: its layout and the folded phrases that identify it."""

    layout: PageLayout
    phrases: tuple[str, ...]


def folded_phrase(text: str) -> str:
    """Return a text in the form in which phrases are compared with it."""
    return " ".join(text.casefold().split())


@cache
def known_layouts() -> tuple[KnownLayout, ...]:
    """Return every known site, in the order of the files' names."""
    folder = files("rostra.readers.copied") / "layouts"
    named = {each.name: each.read_bytes().decode() for each in folder.iterdir() if each.name.endswith(".toml")}
    return tuple(read_layout(name, text) for name, text in sorted(named.items()))


def read_layout(name: str, text: str) -> KnownLayout:
    """Return the site that a file describes; raise UsageError at the line that is wrong."""
    file = TomlFile(name, text)
    site = file.table(LayoutFile)
    templates = []
    for number, each in enumerate(site.post):
        try:
            templates.append(template(each.template, each.role))
        except NoTemplate as error:
            raise file.error(
                str(error), "post", number, "template", hint="see `rostra.readers.copied.layout`"
            ) from error
    for key, patterns in (("days", site.days), ("notices", site.notices)):
        for number, pattern in enumerate(patterns):
            if wrong := wrong_line(template_lines(pattern)):
                raise file.error(wrong, key, number, hint="see `rostra.readers.copied.layout`")
    layout = PageLayout(
        templates=tuple(templates),
        name=name.removesuffix(".toml"),
        place=site.place,
        is_known=True,
        dialect=site.dialect,
        topic=site.topic,
        ends=site.ends,
        days=site.days,
        notices=site.notices,
    )
    return KnownLayout(layout=layout, phrases=tuple(map(folded_phrase, site.phrases)))


def given_away(text: str) -> list[PageLayout]:
    """Return the layouts that have a phrase in the text."""
    whole = folded_phrase(text)
    return [each.layout for each in known_layouts() if any(says(whole, phrase) for phrase in each.phrases)]


def says(whole: str, phrase: str) -> bool:
    """Whether a folded text contains a phrase as whole words: "combined" does not contain "mbin"."""
    if phrase not in whole:
        return False
    before, behind = (r"(?<!\w)" if phrase[0].isalnum() else ""), (r"(?!\w)" if phrase[-1].isalnum() else "")
    return re.search(before + re.escape(phrase) + behind, whole) is not None


def anywhere() -> list[PageLayout]:
    """Return the layouts that have no phrases."""
    return [each.layout for each in known_layouts() if not each.phrases]


@cache
def common_notices() -> tuple[str, ...]:
    """Return the notices that any page may write between posts: those of the layouts without phrases."""
    return tuple(notice for layout in anywhere() for notice in layout.notices)
