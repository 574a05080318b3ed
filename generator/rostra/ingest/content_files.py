"""Classify the files of content folders: a dump, a page of the publisher, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from rostra.config.site import Site
from rostra.config.strays import binary_kind
from rostra.config.toml_tables import TomlFile
from rostra.errors import RostraError, UsageError
from rostra.identity.file_names import debate_id, path_key
from rostra.identity.permalinks import slug
from rostra.model import Problem
from rostra.readers import Dump, sure_format
from rostra.store.archive import FRONT, ProsePage
from rostra.system.lazy_regex import late

OURS = frozenset({FRONT, "404", "quotations", "search"})
"""Names of the pages that every site has."""


def is_dump(path: Path, name: str) -> bool:
    """Whether a file or folder is one dump; a folder is not if a folder within it begins with a dump of another format.

    Raise RostraError or OSError if it cannot be read.
    """
    format = sure_format(Dump(path, name))
    if format is None or not path.is_dir():
        return format is not None
    within = (Dump(inside, inside.name) for inside in sorted(path.iterdir()) if inside.is_dir())
    firsts = (next(iter(folder.files()), None) for folder in within)
    return all(sure_format(first) in (None, format) for first in firsts if first is not None)


def seems_dump(path: Path) -> bool:
    """Whether a file is one dump, as far as it can be read."""
    try:
        return is_dump(path, path.name)
    except (RostraError, OSError):
        return False


def is_binary(path: Path) -> bool:
    """Whether a file is not text, or cannot be read."""
    try:
        return path.is_file() and binary_kind(Dump(path).head) is not None
    except (RostraError, OSError):
        return True


class Front(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The optional front matter of a page: TOML between two lines of ``+++``."""

    title: str | None = None
    draft: bool = False


FENCED = late(r"(?ms)\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)")


def has_front(path: Path) -> bool:
    """Whether a file has front matter, so that it is meant to be a page."""
    return path.suffix == ".md" and FENCED.match(path.read_text(encoding="utf-8", errors="replace")) is not None


def prose_page(path: Path, name: str, site: Site) -> Iterator[ProsePage]:
    """Yield the page in a file, unless it is a draft; raise RostraError if it is invalid."""
    content, _ = Dump(path, name, site.settings.limits).content("text")
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \t\n"):
        # It may have been a debate until it was emptied.
        raise UsageError("the file is empty", path=name, hint="write the page or the debate, or remove the file")
    front = Front()
    if fenced := FENCED.match(text):
        # An empty line replaces the fence, so that line numbers in errors are right.
        front = TomlFile(name, "\n" + fenced[1]).table(Front)
        text = text[fenced.end() :]
    elif text.lstrip("\ufeff \n\t").startswith("+++"):
        # The unreadable front matter may say that the page is a draft.
        hint = "begin the file with a line of `+++`, and end the front matter with another"
        raise UsageError("the front matter between lines of `+++` cannot be read", path=name, hint=hint)
    if front.draft and not site.previewed:
        return
    heading = re.match(r"\s*#\s+(.+?)\s*#*\s*(?:\n|$)", text)
    title = front.title or (heading[1] if heading else path.stem.replace("-", " ").capitalize())
    body = text[heading.end() :] if heading else text
    yield ProsePage(
        slug=debate_id(slug(path.stem)),
        title=title,
        folder=page_folder(name, site.settings.content),
        body_markdown=body,
    )


def page_folder(name: str, content: Sequence[str]) -> str:
    """Return the first folder of a page below its content folder; empty if there is none, or if its index has no address."""
    path = PurePosixPath(name)
    inside: list[tuple[str, ...]] = [
        path.relative_to(folder).parts[:-1] for folder in content if path.is_relative_to(folder)
    ]
    # One content folder may be within another.
    own = min(inside, key=len, default=())
    folder = own[0] if own else ""
    return "" if debate_id(slug(folder)) in OURS else folder


def alike(names: Iterable[str]) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each dump whose name is that of an earlier one, except for case or Unicode normalisation."""
    first: dict[str, str] = {}
    for name in sorted(names):
        if (other := first.setdefault(path_key(name), name)) != name:
            message = f"its name differs from that of another dump, {other!a}, only by case or Unicode normalisation"
            hint = "rename one of them, as some systems keep only one; they are one debate only if both hold it"
            yield name, Problem(code="names-alike", message=message, hint=hint)


def stray(name: str) -> tuple[str, Problem]:
    """Return the name of a file that is not a dump by its name, and the problem that says so."""
    message = f"{PurePosixPath(name).name!r} is left out: by its name it is not a dump"
    return name, Problem(code="left-out", message=message, hint="if it is one, rename it or give it a card; else move it out of the content folders")  # fmt: skip
