"""What a site publishes: the dumps of its content folders with their cards, and its pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from rostra.archive import ProsePage
from rostra.cards import Beside, Card, dump_of, named_in, read_card
from rostra.disk import is_folder
from rostra.errors import RostraError, UsageError
from rostra.file_names import alike, debate_id
from rostra.late import late
from rostra.model import Problem
from rostra.permalinks import slug
from rostra.readers import SURE, Dump, named, readers
from rostra.readers.dump import refusal
from rostra.site import Site, is_elsewhere
from rostra.strays import binary_kind, is_document, is_leftover
from rostra.toml_tables import TomlFile, suggestion

NO_CARD = Card()
OURS = frozenset({"index", "404", "quotations", "search"})
"""Addresses of pages that the site has by itself."""


class Entry(Struct, frozen=True):
    """A dump and what its card, at ``card_path``, says of it.

    ``distinct`` says that another dump would be published under the same name, so that both get a digest in it.
    """

    dump: Dump
    card: Card
    card_path: Path | None = None
    distinct: bool = False


class Sources(Struct, frozen=True):
    """Everything that a build reads, sorted by path, and what is wrong before a dump is opened."""

    entries: tuple[Entry, ...]
    pages: tuple[ProsePage, ...]
    files: tuple[Path, ...]
    failures: tuple[RostraError, ...]
    problems: tuple[tuple[str, Problem], ...] = ()
    """What was left out, with its name."""


def gather(site: Site) -> Sources:
    """Walk the content folders; a card that is wrong is a failure, and the rest goes on."""
    cards: dict[Path, tuple[Card, Path]] = {}
    loose: set[Path] = set()
    pages: dict[str, tuple[ProsePage, str]] = {}
    read: list[Path] = []
    withheld: set[Path | None] = set()
    failures: list[RostraError] = []
    strays: dict[Path, str] = {}
    beside = Beside(lambda path: path in loose or _is_dump(path, path.name), _is_binary)
    roots = tuple(top.resolve() for _, top in site.content)
    away: list[Path] = []
    for path in _walk(site, roots, failures, away):
        name = relative(site, path)
        read.append(path)
        if not name.isprintable():
            shown = name.encode("utf-8", "backslashreplace").decode()
            hint = "rename it; the name may be published"
            failures.append(
                UsageError("its name holds what is no printable character", path=repr(shown)[1:-1], hint=hint)
            )
        elif is_leftover(path.name):
            strays[path] = name
        elif path.suffix == ".toml":
            card: Card | None = None
            try:
                card = read_card(path, name)
                dump = dump_of(card, path, name, beside)
                _refuse_misfit(site, card, path, name, dump)
                if dump in cards:
                    raise UsageError(
                        f"{relative(site, dump)} has a card already", path=name, hint="keep one card for each dump"
                    )
                cards[dump] = card, path
            except RostraError as error:
                failures.append(error)
                # A dump whose card is wrong is not published as if it had none.
                withheld.add(beside.card(path))
                if card is None and (meant := named_in(path)) and not _lies_apart(site, name, meant):
                    withheld.add(meant)
        elif is_document(path.name) and not _is_dump(path, name) and not _has_front(path):
            strays[path] = name
        elif path.suffix == ".md" and not _is_dump(path, name):
            try:
                for page in _page(path, name, site):
                    _claim(page, name, pages)
            except RostraError as error:
                failures.append(error)
        else:
            loose.add(path)
    folders = {path for path in cards if path.is_dir()}
    alone = {path for path in loose if folders.isdisjoint(path.parents)} if folders else loose
    # What a link leads out to is not published by way of a card either.
    paths = sorted(path for path in (cards.keys() | alone) - withheld if not any(map(path.is_relative_to, away)))
    limits = site.settings.limits
    entries = [Entry(Dump(path, relative(site, path), limits, roots), *cards.get(path, (NO_CARD,))) for path in paths]
    entries = [entry for entry in entries if site.previewed or not entry.card.draft]
    same = alike(entry.dump.name for entry in entries)
    left_out = [name for path, name in strays.items() if path not in cards and folders.isdisjoint(path.parents)]
    return Sources(
        tuple(replace(entry, distinct=True) if entry.dump.name in same else entry for entry in entries),
        tuple(page for page, _ in pages.values()),
        tuple(sorted({*read, *paths})),
        tuple(failures),
        tuple(map(_left_out, sorted(left_out))),
    )


def _left_out(name: str) -> tuple[str, Problem]:
    message = f"{PurePosixPath(name).name!r} is left out: its name says that it is no dump"
    return name, Problem(code="left-out", message=message, hint="rename it or give it a card, if it is one; else move it out of the content folders")  # fmt: skip


def _claim(page: ProsePage, name: str, pages: dict[str, tuple[ProsePage, str]]) -> None:
    """Note a page; raises UsageError where another has its address."""
    slug = page.slug
    other = "the site's own" if slug in OURS else pages[slug][1] if slug in pages else None
    if other:
        raise UsageError(f"its address {slug}.html is that of {other}", path=name, hint="rename the file")
    pages[slug] = page, name


def _refuse_misfit(site: Site, card: Card, path: Path, name: str, dump: Path) -> None:
    """Raises UsageError where a card says of a dump what cannot be."""
    if _lies_apart(site, name, dump):
        raise TomlFile.read(path, name).error(
            f"the card names {card.dump!r}, which does not lie where it lies",
            "dump",
            hint="`dump` is relative to the card",
        )
    if card.format is not None and named(card.format) is None:
        raise TomlFile.read(path, name).error(
            f"no format is called {card.format!r}", "format", hint=suggestion(card.format, readers())
        )


def relative(site: Site, path: Path) -> str:
    """How messages and pages call a file: relative to the site, with ``/``; what lies elsewhere, by its address."""
    if site.has_mirror and path.is_relative_to(mirror := site.mirror.resolve()):
        scheme, *parts = path.relative_to(mirror).parts
        return f"{scheme}://{'/'.join(parts)}"
    place, root = str(path), f"{site.root}{os.sep}"
    inside = place.startswith(root) and ".." not in path.parts
    return (Path(place[len(root) :]) if inside else Path(os.path.relpath(path, site.root))).as_posix()


def _lies_apart(site: Site, card: str, dump: Path) -> bool:
    """Whether a card lies elsewhere, and the dump that it names does not."""
    return is_elsewhere(card) and not is_elsewhere(relative(site, dump))


def _walk(site: Site, roots: tuple[Path, ...], failures: list[RostraError], away: list[Path]) -> Iterator[Path]:
    """Everything in the content folders; where links lead out of all of them (``roots``) joins ``away``."""
    seen = set[Path]()
    for folder, top in site.content:
        if not top.is_dir():
            failures.append(
                UsageError(
                    f"the content folder {folder!r} is not there",
                    path="rostra.toml",
                    hint="make it, or change `content`",
                )
            )
            continue
        stack = [top]
        while stack:
            # A link to a folder above would go round for ever; a folder may be named twice.
            if (here := stack.pop().resolve()) in seen:
                continue
            seen.add(here)
            for each in sorted(os.scandir(here), key=lambda each: each.name):
                path = here / each.name
                if each.name.startswith("."):
                    continue
                if why := refusal(each, roots):
                    hint = "copy here what it is to give, or add the folder that it leads to to `content`"
                    failures.append(UsageError(f"it {why}", path=relative(site, path), hint=hint))
                    away += [path.resolve()] if each.is_symlink() else []
                    continue
                if not is_folder(each) or _is_dump(path, path.name):
                    yield Path(os.path.realpath(path)) if each.is_symlink() else path
                else:
                    stack.append(path)


def _is_dump(path: Path, name: str) -> bool:
    """Whether a file or folder is one dump; a folder is none where one within it begins with a dump of another format."""
    format = _format(Dump(path, name))
    if format is None or not path.is_dir():
        return format is not None
    within = (Dump(inside, inside.name) for inside in sorted(path.iterdir()) if inside.is_dir())
    firsts = (next(iter(folder.files()), None) for folder in within)
    return all(_format(first) in (None, format) for first in firsts if first is not None)


def _format(dump: Dump) -> str | None:
    """The format that a dump is surely of; None also where it cannot be read, which is told when it is."""
    try:
        sure, format = max(((reader.recognise(dump), name) for name, reader in readers().items()), default=(0, ""))
    except (RostraError, OSError):
        return None
    return format if sure >= SURE else None


def _is_binary(path: Path) -> bool:
    try:
        return path.is_file() and binary_kind(Dump(path).head) is not None
    except (RostraError, OSError):
        return True


class Front(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may stand at the beginning of a page, as TOML between two lines of ``+++``."""

    title: str | None = None
    draft: bool = False


FENCED = late(r"(?ms)\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)")


def _has_front(path: Path) -> bool:
    """Whether a file begins as a page may, so that it is meant to be one."""
    return path.suffix == ".md" and FENCED.match(path.read_text(encoding="utf-8", errors="replace")) is not None


def _page(path: Path, name: str, site: Site) -> Iterator[ProsePage]:
    content, _ = Dump(path, name, site.settings.limits).content("text")
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    front = Front()
    if fenced := FENCED.match(text):
        # An empty line in place of the fence keeps the lines of errors right.
        front = TomlFile(name, "\n" + fenced[1]).table(Front)
        text = text[fenced.end() :]
    if front.draft and not site.previewed:
        return
    heading = re.match(r"\s*#\s+(.+?)\s*#*\s*(?:\n|$)", text)
    title = front.title or (heading[1] if heading else path.stem.replace("-", " ").capitalize())
    body = text[heading.end() :] if heading else text
    yield ProsePage(slug=debate_id(slug(path.stem)), title=title, body_markdown=body)
