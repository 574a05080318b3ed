"""Cards: a TOML file beside a dump, or naming one, that says what the dump cannot."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from rostra.config.setting_values import wrong_address, wrong_language, wrong_moment, wrong_old_address
from rostra.config.strays import is_leftover
from rostra.config.toml_tables import Key, TomlFile
from rostra.errors import UsageError
from rostra.identity.file_names import debate_id
from rostra.system.lazy_regex import late

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
    language: str | None = None
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
    language: str | None = None
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


def read_card(path: Path, name: str) -> Card:
    """The card; raises UsageError at the line that is wrong.  ``name`` is how messages call it."""
    file = TomlFile.read(path, name)
    card = file.table(Card)
    for place, value, wrong, hint in _values(card):
        if value is not None and (said := wrong(value)):
            key = next(each for each in reversed(place) if isinstance(each, str))
            raise file.error(f"{key} {value!r} {said}", *place, hint=hint)
    for number, correction in enumerate(card.correction):
        if not correction.named and not (
            correction.thread and (correction.withdrawn, correction.title) != (None, None)
        ):
            raise file.error("a correction names no post", "correction", number, hint='add `post = "p-…"`')
    return card


def _values(card: Card) -> Iterator[tuple[tuple[Key, ...], str | None, Callable[[str], str | None], str]]:
    """The values of a card that are looked at closely: the place of each, the value, what says what is wrong, a hint."""
    yield ("id",), card.id, _wrong_id, "use a-z, 0-9 and hyphens, at most 80"
    yield ("prefix",), card.prefix, _wrong_prefix, "use a-z, 0-9 and hyphens, at most 80"
    yield ("url",), card.url, partial(wrong_address, whole=True), 'write it as "https://forum.example/t/42"'
    yield ("captured",), card.captured, wrong_moment, 'write it as "2024-03-01"'
    yield ("archived",), card.archived, wrong_moment, 'write it as "2024-03-01"'
    yield ("language",), card.language, wrong_language, 'write it as "en" or "pt-BR"'
    for number, pattern in enumerate(card.old_addresses):
        hint = 'write it as "https://forum.example/t/{slug}/{thread}/{post}"'
        yield ("old_addresses", number), pattern, wrong_old_address, hint
    for number, each in enumerate(card.correction):
        yield ("correction", number, "created"), each.created, wrong_moment, 'write it as "2024-03-01T09:00:00Z"'
        yield ("correction", number, "language"), each.language, wrong_language, 'write it as "en" or "pt-BR"'


def of_several(card: Card) -> Card:
    """What a card says of a dump that holds several debates.

    Its ``id`` and ``title`` would be those of all, and its corrections and decisions must name their ``thread``; but
    what takes a post out holds in each debate, so that nothing is published that was withdrawn.
    """
    return replace(
        card,
        id=None,
        title=None,
        quotation=tuple(each for each in card.quotation if each.thread is not None),
        correction=tuple(each for each in card.correction if each.thread is not None or each.withdrawn is not None),
    )


def chosen_id(card: Card) -> str | None:
    """The id of a debate that a card gives; None where it gives none."""
    return f"{card.prefix}-{card.id}" if card.id and card.prefix else card.id


def withdrawn(card: Card, thread: str) -> str | None:
    """Why a debate of the card's dump is withdrawn; None where it is not."""
    if card.withdrawn is not None:
        return card.withdrawn
    return next((c.withdrawn for c in card.correction if not c.named and c.thread == thread), None)


def withholds(card: Card) -> bool:
    """Whether the dump holds what its publisher has withdrawn."""
    return card.withdrawn is not None or any(each.withdrawn is not None for each in card.correction)


def dump_of(card: Card, path: Path, name: str, beside: CardFinder) -> Path:
    """The dump that a card speaks of; raises UsageError where there is none."""
    if card.dump is not None:
        dump = _resolved(path.parent / card.dump)
        if dump is None or not dump.exists():
            raise TomlFile.read(path, name).error(
                f"the card names {card.dump!r}, which is not there", "dump", hint="`dump` is relative to the card"
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
    return _resolved(path.parent / (said[1] or said[2])) if said else None


def _resolved(path: Path) -> Path | None:
    """A path without links; None where it can be none: it is too long, or its links go round."""
    try:
        path = path.resolve()
        path.exists()
    except (OSError, RuntimeError, ValueError):
        return None
    return path


class CardFinder:
    """The dumps beside cards; ``is_dump`` says of a file of Markdown whether it is one, and no page."""

    def __init__(self, is_dump: Callable[[Path], bool], is_binary: Callable[[Path], bool]) -> None:
        self._is_dump = is_dump
        self._is_binary = is_binary
        self._folder: Path | None = None
        self._names: list[str] = []

    def card(self, path: Path) -> Path | None:
        """The dump beside a card: ``x.txt`` or ``x`` for ``x.toml``, or ``x.txt`` for ``x.txt.toml``."""
        exact = path.with_suffix("")
        found = exact if exact.exists() else self._called(path)
        # As what lies in a content folder is called, so that no dump is there twice.
        return found.resolve() if found and found.is_symlink() else found

    def _called(self, path: Path) -> Path | None:
        names = self._beginning(path.parent, f"{path.stem}.")
        found = [path.parent / name for name in names if not is_leftover(name)]
        found = [each for each in found if each.stem == path.stem and each.suffix not in ("", ".toml")]
        pages = [each for each in found if each.suffix == ".md"]
        dumps = [each for each in found if each.suffix != ".md"]
        # A picture beside a dump of the same name does not take its card from it.
        sure = [each for each in dumps if not self._is_binary(each)] if len(dumps) + len(pages) > 1 else dumps
        return next(chain(sure, filter(self._is_dump, pages), dumps), None)

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


def _wrong_id(id: str) -> str | None:
    return _wrong_prefix(id) or (None if debate_id(id) == id else "is a name that a system or a list of debates needs")


def _wrong_prefix(id: str) -> str | None:
    plain = 0 < len(id) <= 80 and id == id.lower() and all(part.isascii() and part.isalnum() for part in id.split("-"))
    return None if plain else "cannot stand in an address"
