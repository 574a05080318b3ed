"""Cards: a TOML file beside a dump, or naming one, that says what the dump cannot."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Literal

from msgspec import Struct

from rostra.errors import UsageError
from rostra.late import late
from rostra.site import Language, read_table

NAMED = late(r"""\bdump\s*=\s*(?:"([^"\\\n]+)"|'([^'\n]+)')""")


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person decided of one quotation.

    ``post`` is the permalink id of the post that quotes, ``text`` how the quotation begins (or all
    of it).  ``source`` is the permalink id of the post that it quotes; without one, it quotes nothing.
    ``words`` are the words of the source, where they differ too much to be found.  ``thread`` is
    needed where a dump holds several.
    """

    post: str
    text: str
    source: str | None = None
    words: str | None = None
    thread: str | None = None


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person corrects of one post, or of several alike, by their permalink ids.

    An empty ``author`` makes a post unnamed; ``person`` is a letter or number for posts that are
    unnamed, but known to be one person's.  ``quotation``, ``spoiler`` and ``list`` are the words of
    whole paragraphs to restore as such.  ``footnote`` is called ``after`` the words given, or not at
    all where none are; it ``reads`` as a paragraph that is no note in the dump.  ``withdrawn`` takes the post out, with a reason.  Without a post, ``withdrawn`` and ``title`` are those of the ``thread``.
    """

    post: str | None = None
    posts: tuple[str, ...] = ()
    thread: str | None = None
    author: str | None = None
    person: str | None = None
    parent: str | None = None
    created: str | None = None
    kind: Literal["post", "missing", "deleted", "removed"] | None = None
    title: str | None = None
    language: Language | None = None
    note: str | None = None
    quotation: str | None = None
    spoiler: str | None = None
    list: str | None = None
    footnote: str | None = None
    after: str | None = None
    reads: str | None = None
    withdrawn: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The posts that it is of."""
        return (self.post, *self.posts) if self.post else self.posts


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a card may say; every key may be left out.

    ``dump`` is relative to the card.  ``id`` and ``title`` are for a dump of one thread.
    ``captured`` and ``archived`` are ISO dates; ``licence`` an SPDX name or a sentence; ``language`` a BCP 47 tag.
    """

    dump: str | None = None
    format: str | None = None
    prefix: str | None = None
    """What the addresses of the dump's threads begin with, where another dump has the same ids."""
    id: str | None = None
    title: str | None = None
    url: str | None = None
    captured: str | None = None
    archived: str | None = None
    licence: str | None = None
    language: Language | None = None
    tags: tuple[str, ...] = ()
    draft: bool = False
    """Whether only ``rostra serve`` shows it."""
    quotation: tuple[Decision, ...] = ()
    """Quotations that a person set, confirmed or forbade; they hold through every rebuild."""
    correction: tuple[Correction, ...] = ()
    """Corrections by permalink id; the dump stays as it is."""
    withdrawn: str | None = None
    """Why the debate is no longer published; its addresses say so."""
    old_addresses: tuple[str, ...] = ()
    """Addresses in the source, where the dump lacks them, with ``{thread}``, ``{post}`` and ``{slug}``."""
    publish_dump: bool = True
    """Whether the untouched dump is published beside what was made of it."""

    @property
    def threads(self) -> set[str | None]:
        """The debates that it corrects or decides something of; None stands for the only one."""
        return {each.thread for each in self.correction} | {each.thread for each in self.quotation}


def read_card(path: Path, name: str) -> Card:
    """The card; raises UsageError at the line that is wrong.  ``name`` is how messages call it."""
    card = read_table(path, Card, name)
    if card.id is not None and not _is_address(card.id):
        raise UsageError(
            f"id {card.id!r} cannot stand in an address", path=name, hint="use a-z, 0-9 and hyphens, at most 80"
        )
    if card.prefix is not None and not _is_address(card.prefix):
        raise UsageError(
            f"prefix {card.prefix!r} cannot stand in an address", path=name, hint="use a-z, 0-9 and hyphens"
        )
    for key, day in (("captured", card.captured), ("archived", card.archived)):
        if day is not None and not _is_date(day):
            raise UsageError(f"{key} {day!r} is no ISO date", path=name, hint='write it as "2024-03-01"')
    for correction in card.correction:
        if correction.created is not None and not _is_date(correction.created):
            raise UsageError(
                f"created {correction.created!r} is no time", path=name, hint='write it as "2024-03-01T09:00:00Z"'
            )
        if not correction.named and not (
            correction.thread and (correction.withdrawn, correction.title) != (None, None)
        ):
            raise UsageError("a correction names no post", path=name, hint='add `post = "p-…"`')
    return card


def withdrawn(card: Card, thread: str) -> str | None:
    """Why a debate of the card's dump is withdrawn; None where it is not."""
    if card.withdrawn is not None:
        return card.withdrawn
    return next((c.withdrawn for c in card.correction if not c.named and c.thread == thread), None)


def withholds(card: Card) -> bool:
    """Whether the dump holds what its publisher has withdrawn."""
    return card.withdrawn is not None or any(each.withdrawn is not None for each in card.correction)


def dump_of(card: Card, path: Path, name: str, beside: Beside) -> Path:
    """The dump that a card speaks of; raises UsageError where there is none."""
    if card.dump is not None:
        dump = (path.parent / card.dump).resolve()
        if not dump.exists():
            raise UsageError(
                f"the card names {card.dump!r}, which is not there", path=name, hint="`dump` is relative to the card"
            )
        return dump
    found = beside.card(path)
    if found is None:
        raise UsageError(
            "the card names no dump and none lies beside it",
            path=name,
            hint=f"add `dump = …`, or put the dump beside it as {path.stem}.txt, .json, …",
        )
    return found


def named_in(path: Path) -> Path | None:
    """The dump that a card names which is wrong, as far as that can be seen."""
    # Of UTF-16, what remains is what it says.
    said = NAMED.search(path.read_bytes().replace(b"\0", b"").decode("utf-8", "replace"))
    return (path.parent / (said[1] or said[2])).resolve() if said else None


class Beside:
    """The dumps beside cards; ``is_dump`` says of a file of Markdown whether it is one, and no page."""

    def __init__(self, is_dump: Callable[[Path], bool]) -> None:
        self._is_dump = is_dump
        self._folder: Path | None = None
        self._names: list[str] = []

    def card(self, path: Path) -> Path | None:
        """The dump beside a card: ``x.txt`` or ``x`` for ``x.toml``, or ``x.txt`` for ``x.txt.toml``."""
        exact = path.with_suffix("")
        found = exact if exact.exists() else self._called(path)
        # As what lies in a content folder is called, so that no dump is there twice.
        return found.resolve() if found and found.is_symlink() else found

    def _called(self, path: Path) -> Path | None:
        pages: list[Path] = []
        for name in self._beginning(path.parent, f"{path.stem}."):
            each = path.parent / name
            if each.stem == path.stem and each.suffix not in ("", ".toml"):
                if each.suffix != ".md":
                    return each
                pages.append(each)
        return next(filter(self._is_dump, pages), None)

    def _beginning(self, folder: Path, start: str) -> Iterator[str]:
        """What lies in a folder and is called so at its start."""
        # There may be a card for each of thousands of dumps.
        if folder != self._folder:
            self._folder, self._names = folder, sorted(each.name for each in os.scandir(folder))
        rest = islice(self._names, bisect_left(self._names, start), None)
        return takewhile(lambda name: name.startswith(start), rest)


def card_beside(path: Path) -> Card:
    """The card of a dump, ``x.txt.toml`` or ``x.toml`` for ``x.txt``, unless it names another."""
    for beside in (path.with_name(f"{path.name}.toml"), path.with_suffix(".toml")):
        if beside != path and beside.is_file():
            card = read_card(beside, str(beside))
            if card.dump is None or (beside.parent / card.dump).resolve() == path.resolve():
                return card
    return Card()


def _is_address(id: str) -> bool:
    return 0 < len(id) <= 80 and id == id.lower() and all(part.isascii() and part.isalnum() for part in id.split("-"))


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
