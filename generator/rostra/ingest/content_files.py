"""What a file of a content folder is: a dump, a page of the publisher's, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from rostra.config.site import Site
from rostra.config.strays import binary_kind
from rostra.config.toml_tables import TomlFile
from rostra.errors import RostraError, UsageError
from rostra.identity.file_names import debate_id
from rostra.identity.permalinks import slug
from rostra.readers import SURE, Dump, certainty, readers
from rostra.store.archive import ProsePage
from rostra.system.lazy_regex import late


def is_dump(path: Path, name: str) -> bool:
    """Whether a file or folder is one dump; a folder is none where one within it begins with a dump of another format.

    Raises RostraError or OSError where it cannot be looked at.
    """
    format = _format(Dump(path, name))
    if format is None or not path.is_dir():
        return format is not None
    within = (Dump(inside, inside.name) for inside in sorted(path.iterdir()) if inside.is_dir())
    firsts = (next(iter(folder.files()), None) for folder in within)
    return all(_format(first) in (None, format) for first in firsts if first is not None)


def seems_dump(path: Path) -> bool:
    """Whether a file is one dump, as far as can be seen."""
    try:
        return is_dump(path, path.name)
    except (RostraError, OSError):
        return False


def _format(dump: Dump) -> str | None:
    """The format that a dump is surely of."""
    sure, format = max(((certainty(reader, dump), name) for name, reader in readers().items()), default=(0, ""))
    return format if sure >= SURE else None


def is_binary(path: Path) -> bool:
    """Whether a file is no text, or cannot be read."""
    try:
        return path.is_file() and binary_kind(Dump(path).head) is not None
    except (RostraError, OSError):
        return True


class Front(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may stand at the beginning of a page, as TOML between two lines of ``+++``."""

    title: str | None = None
    draft: bool = False


FENCED = late(r"(?ms)\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)")


def has_front(path: Path) -> bool:
    """Whether a file begins as a page may, so that it is meant to be one."""
    return path.suffix == ".md" and FENCED.match(path.read_text(encoding="utf-8", errors="replace")) is not None


def prose_page(path: Path, name: str, site: Site) -> Iterator[ProsePage]:
    """The page that a file is, unless it is a draft; raises RostraError where it is wrong."""
    content, _ = Dump(path, name, site.settings.limits).content("text")
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    front = Front()
    if fenced := FENCED.match(text):
        # An empty line in place of the fence keeps the lines of errors right.
        front = TomlFile(name, "\n" + fenced[1]).table(Front)
        text = text[fenced.end() :]
    elif text.lstrip("\ufeff \n\t").startswith("+++"):
        # It may say there that it is a draft.
        hint = "begin the file with a line of `+++`, and end what it says of the page with another"
        raise UsageError("what stands between lines of `+++` cannot be told", path=name, hint=hint)
    if front.draft and not site.previewed:
        return
    heading = re.match(r"\s*#\s+(.+?)\s*#*\s*(?:\n|$)", text)
    title = front.title or (heading[1] if heading else path.stem.replace("-", " ").capitalize())
    body = text[heading.end() :] if heading else text
    yield ProsePage(slug=debate_id(slug(path.stem)), title=title, body_markdown=body)
