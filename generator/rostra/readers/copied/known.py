"""Layouts of known sites: one TOML file each in ``layouts/``.

A file says how the site gives itself away and how it writes its posts::

    place = "Hacker News"
    phrases = ["new | past | comments | ask | show"]
    dialect = "text"

    [[post]]
    template = '''
    {author} {time} {? | {any}} [–]
    {body}
    ? reply
    '''

A layout is tried where one of its phrases is in the text; one without phrases is tried on every text, beside what the
text itself teaches.

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
    """What a file of a layout says."""

    place: str | None = None
    """What people call the site, or the software; None where many sites write posts so."""
    phrases: tuple[str, ...]
    """Words that are on its pages and on few others; case and runs of white space count for nothing."""
    post: tuple[LayoutKind, ...]
    dialect: Dialect = "text"
    """How a copy of its posts is written."""
    ends: tuple[str, ...] = ()
    """Lines of a template that are below the thread: the first of them ends it."""
    days: tuple[str, ...] = ()
    """Patterns of lines between posts whose time is the date of the posts below, where these have a ``{clock}``."""
    notices: tuple[str, ...] = ()
    """Patterns of lines that the page writes between posts, one line or several: nobody's words."""


class KnownLayout(Struct, frozen=True, kw_only=True):
    """A known site: the layout and the phrases that give it away, folded."""

    layout: PageLayout
    phrases: tuple[str, ...]


def folded_phrase(text: str) -> str:
    """A text as phrases are compared with it."""
    return " ".join(text.casefold().split())


@cache
def known_layouts() -> tuple[KnownLayout, ...]:
    """Every known site, in the order of the files' names."""
    folder = files("rostra.readers.copied") / "layouts"
    named = {each.name: each.read_bytes().decode() for each in folder.iterdir() if each.name.endswith(".toml")}
    return tuple(read_layout(name, text) for name, text in sorted(named.items()))


def read_layout(name: str, text: str) -> KnownLayout:
    """The site that a file describes; raises UsageError at the line that is wrong."""
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
    """Whether a folded text has a phrase, in words of its own: "combined" does not say "mbin"."""
    if phrase not in whole:
        return False
    before, behind = (r"(?<!\w)" if phrase[0].isalnum() else ""), (r"(?!\w)" if phrase[-1].isalnum() else "")
    return re.search(before + re.escape(phrase) + behind, whole) is not None


def anywhere() -> list[PageLayout]:
    """Return the layouts that have no phrases."""
    return [each.layout for each in known_layouts() if not each.phrases]


@cache
def common_notices() -> tuple[str, ...]:
    """Return what any page may write between posts: the notices of the layouts that have no phrases."""
    return tuple(notice for layout in anywhere() for notice in layout.notices)
