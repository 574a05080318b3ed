"""List the layouts that a site can override, and start an override."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from rostra import __version__
from rostra.config.site import Site
from rostra.config.toml_tables import decode_toml, suggestion
from rostra.errors import UsageError
from rostra.render.templates import built_in
from rostra.system.lazy_regex import late

KINDS = {".html": ("{# ", " #}"), ".xml": ("{# ", " #}"), ".svg": ("{# ", " #}"), ".css": ("/* ", " */"), ".js": ("// ", ""), ".po": ("# ", "")}  # fmt: skip
"""Suffixes of layout files, with the delimiters of a comment in them."""
BLOCK = late(r"\{%-?\s*(?:block\s+(\w+)[^%]*|(endblock)[^%]*)-?%\}\n?")
BEGUN = late(r"begun from Rostra \S+ ([0-9a-f]{12})")


class ListedLayout(Struct, frozen=True, kw_only=True):
    """A layout by its name, such as ``styles/30-debate.css``; ``blocks`` are those of a template.

    ``override`` is the site's own file of that name, ``built_in`` whether a built-in layout has that name;
    ``changed`` says that the built-in one has changed since the override was copied from it.
    """

    name: str
    blocks: tuple[str, ...]
    override: Path | None
    built_in: bool
    changed: bool


def all_layouts(site: Site) -> Iterator[ListedLayout]:
    """Yield every layout, sorted by name, templates first."""
    own = site.root / site.settings.layouts
    # Rostra's own archive is built with the built-in layouts themselves.
    ours, theirs = _files(built_in()), _files(own) if own != built_in() else {}
    for name in sorted(ours | theirs, key=lambda name: ("/" in name, name)):
        override = theirs.get(name)
        path = override or ours[name]
        begun = BEGUN.search(override.read_text(encoding="utf-8", errors="replace")) if override else None
        of = f"{site.settings.layouts}/{name}"
        yield ListedLayout(
            name=name,
            blocks=tuple(_blocks(decode_toml(ours.get(name, path).read_bytes(), of))) if "/" not in name else (),
            override=override,
            built_in=name in ours,
            changed=bool(begun and name in ours and begun[1] != _digest(ours[name])),
        )


def begin_override(site: Site, name: str, block: str | None = None) -> Path:
    """Create an override of a layout, or of one of its blocks, as a copy of the built-in one.

    Raise UsageError if there is no such layout, or if the site already has its own.
    """
    ours = _files(built_in())
    if name not in ours:
        raise UsageError(f"there is no layout {name!r}", hint=suggestion(name, ours))
    path = site.root / site.settings.layouts / name
    if path.exists():
        raise UsageError("the site already has this layout", path=str(path), hint="remove it first to start again")
    text = ours[name].read_text(encoding="utf-8")
    if block is not None:
        blocks = dict(_blocks(text))
        if block not in blocks:
            raise UsageError(f"{name} has no block {block!r}", hint=suggestion(block, blocks))
        text = f'{{% extends "built-in/{name}" %}}\n{blocks[block]}\n'
    opening, closing = KINDS[path.suffix]
    note = f"{opening}begun from Rostra {__version__} {_digest(ours[name])}{closing}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Text before a document type would switch browsers to quirks mode: the note of a template goes last.
    path.write_text(text + note if opening.startswith("{#") else note + text, encoding="utf-8")
    return path


def _files(folder: Path) -> dict[str, Path]:
    """Return the layouts of a folder, by name."""
    found = folder.rglob("*") if folder.is_dir() else ()
    return {
        path.relative_to(folder).as_posix(): path
        for path in found
        if path.is_file() and path.suffix in KINDS and not path.name.startswith(".")
    }


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _blocks(text: str) -> dict[str, str]:
    """Return the blocks of a template by name, in order of their first tags, each with its tags."""
    found: dict[str, str] = {}
    open_: list[tuple[str, int]] = []
    for tag in BLOCK.finditer(text):
        if tag[1]:
            found[tag[1]] = ""
            open_.append((tag[1], tag.start()))
        elif open_:
            name, start = open_.pop()
            found[name] = text[start : tag.end()].rstrip("\n")
    return found
