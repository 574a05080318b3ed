"""Cards: a TOML file beside a dump, or naming one, with what the dump does not say."""

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

from rostra.config.decisions import ReplyDecision, SamePerson
from rostra.config.setting_values import wrong_address, wrong_language, wrong_moment, wrong_old_address
from rostra.config.site import refuse_wrong_media
from rostra.config.strays import is_leftover
from rostra.config.toml_tables import Key, TomlFile
from rostra.errors import UsageError
from rostra.identity.file_names import debate_id
from rostra.system.lazy_regex import late

NAMED = late(r"""\bdump\s*=\s*(?:"([^"\\\n]+)"|'([^'\n]+)')""")


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's decision about one quotation.

    ``post`` is the permalink id of the quoting post, ``text`` the beginning of the quotation (or all
    of it).  ``source`` is the permalink id of the quoted post; without one, the quotation has no source.
    ``words`` are the words of the source, if they differ too much to be found.  ``thread`` is
    required if the dump has several threads.
    """

    post: str
    text: str
    source: str | None = None
    words: str | None = None
    thread: str | None = None


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's correction of one post, or the same correction of several posts, by their permalink ids.

    An empty ``author`` makes a post unnamed; ``person`` is a letter or number for unnamed posts that are
    known to be by one person.  ``quotation``, ``spoiler`` and ``list`` are the words of whole paragraphs
    to restore as such.  The reference to a ``footnote`` follows the words in ``after``; without ``after``
    there is none.  ``reads`` are the words of a paragraph that the dump does not mark as a note.
    ``withdrawn`` removes the post and gives the reason.  Without a post, ``withdrawn`` and ``title`` apply
    to the ``thread``.
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
        """Return the ids of the posts that it corrects."""
        return (self.post, *self.posts) if self.post else self.posts


class CopiedLayout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of posts in a dump copied from a page: a ``template``, or one post as an ``example``."""

    template: str | None = None
    example: str | None = None


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a card; all are optional.

    ``dump`` is relative to the card.  ``id`` and ``title`` are for a dump of one thread.
    ``captured`` and ``archived`` are ISO dates; ``licence`` an SPDX name or a sentence; ``language`` a BCP 47 tag.
    """

    dump: str | None = None
    format: str | None = None
    prefix: str | None = None
    """The prefix of the addresses of the dump's threads, for when another dump has the same ids."""
    id: str | None = None
    title: str | None = None
    url: str | None = None
    captured: str | None = None
    archived: str | None = None
    licence: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    draft: bool = False
    """Whether only ``rostra serve`` shows the debate."""
    quotation: tuple[Decision, ...] = ()
    """Quotations that a person set, confirmed or forbade; every build applies them."""
    correction: tuple[Correction, ...] = ()
    """Corrections by permalink id; the dump itself is not changed."""
    reply: tuple[ReplyDecision, ...] = ()
    """Messages without references of which a person set, confirmed or forbade what they answer."""
    apart: bool = False
    """Whether no message of the dump belongs to a debate of another dump."""
    person: tuple[SamePerson, ...] = ()
    """Who is who: authors that are one person."""
    withdrawn: str | None = None
    """Why the debate is no longer published; its addresses show this reason."""
    old_addresses: tuple[str, ...] = ()
    """Addresses in the source, if the dump has none, with ``{thread}``, ``{post}`` and ``{slug}``."""
    publish_private: bool = False
    """Whether to publish posts that the source did not show to everyone: all their authors agree."""
    layout: CopiedLayout | None = None
    publish_dump: bool = True
    """Whether to publish the unchanged dump with the debate."""
    media: dict[str, str] = {}
    """Where the publisher has what posts refer to, relative to the card: the beginning of addresses, and a folder or web archive."""
    publish_no_archive: bool = True
    """Whether to publish mail whose author asked not to have it archived (``X-No-Archive``)."""


def read_card(path: Path, name: str) -> Card:
    """Return the card; raise UsageError with the line if it is invalid.  ``name`` is its name in messages."""
    file = TomlFile.read(path, name)
    card = file.table(Card)
    for place, value, wrong, hint in _values(card):
        if value is not None and (said := wrong(value)):
            key = next(each for each in reversed(place) if isinstance(each, str))
            raise file.error(f"{key} {value!r} {said}", *place, hint=hint)
    refuse_wrong_media(file, card.media, path.parent)
    for number, correction in enumerate(card.correction):
        if not correction.named and not (
            correction.thread and (correction.withdrawn, correction.title) != (None, None)
        ):
            raise file.error("a correction names no post", "correction", number, hint='add `post = "p-…"`')
    for number, person in enumerate(card.person):
        if not person.name.strip() or not (person.ids or person.names):
            hint = 'write `name = "…"` and `ids = ["…"]`'
            raise file.error("a person has no name, or no author", "person", number, hint=hint)
    return card


def _values(card: Card) -> Iterator[tuple[tuple[Key, ...], str | None, Callable[[str], str | None], str]]:
    """Yield the values of a card to validate: the place of each, the value, the function that validates it, a hint."""
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
    """Return the part of a card that applies to each debate of a dump with several debates.

    Its ``id`` and ``title`` would apply to all of them, and its corrections and decisions must name their ``thread``;
    but a withdrawal of a post applies to each debate, so that nothing withdrawn is published.
    """
    return replace(
        card,
        id=None,
        title=None,
        quotation=tuple(each for each in card.quotation if each.thread is not None),
        correction=tuple(each for each in card.correction if each.thread is not None or each.withdrawn is not None),
    )


def chosen_id(card: Card) -> str | None:
    """Return the debate id that a card gives, or None."""
    return f"{card.prefix}-{card.id}" if card.id and card.prefix else card.id


def withdrawn(card: Card, *threads: str) -> str | None:
    """Return why a debate of the card's dump is withdrawn, by any id that it has or had; None if it is not."""
    if card.withdrawn is not None:
        return card.withdrawn
    return next((c.withdrawn for c in card.correction if not c.named and c.thread in threads), None)


def withdraws(card: Card, thread: str, post: str) -> bool:
    """Whether a card withdraws a post of a debate, or the debate."""
    named = (each for each in card.correction if each.withdrawn is not None)
    return any(post in c.named and c.thread in (None, thread) if c.named else c.thread == thread for c in named)


def withholds(card: Card) -> bool:
    """Whether the publisher has withdrawn anything in the dump."""
    return (
        not card.publish_no_archive
        or card.withdrawn is not None
        or any(each.withdrawn is not None for each in card.correction)
    )


def dump_of(card: Card, path: Path, name: str, beside: CardFinder) -> Path:
    """Return the dump of a card; raise UsageError if there is none."""
    if card.dump is not None:
        dump = _resolved(path.parent / card.dump)
        if dump is None or not dump.exists():
            raise TomlFile.read(path, name).error(
                f"the card names {card.dump!r}, which does not exist", "dump", hint="`dump` is relative to the card"
            )
        return dump
    found = beside.card(path)
    if found is None:
        raise UsageError(
            "the card names no dump, and there is none beside it",
            path=name,
            hint=f"add `dump = …`, or put the dump beside it as {path.stem}.txt, .json, …",
        )
    return found


def named_in(path: Path) -> Path | None:
    """Return the dump that an invalid card names, as far as that can be read."""
    # Without its NUL bytes, UTF-16 of mostly ASCII characters is readable.
    said = NAMED.search(path.read_bytes().replace(b"\0", b"").decode("utf-8", "replace"))
    return _resolved(path.parent / (said[1] or said[2])) if said else None


def _resolved(path: Path) -> Path | None:
    """Return a path with links resolved; None if it is too long, or its links form a loop."""
    try:
        path = path.resolve()
        path.exists()
    except (OSError, RuntimeError, ValueError):
        return None
    return path


class CardFinder:
    """Find the dumps beside cards; ``is_dump`` says whether a Markdown file is a dump, not a page."""

    def __init__(self, is_dump: Callable[[Path], bool], is_binary: Callable[[Path], bool]) -> None:
        self._is_dump = is_dump
        self._is_binary = is_binary
        self._folder: Path | None = None
        self._names: list[str] = []

    def card(self, path: Path) -> Path | None:
        """Return the dump beside a card: ``x.txt`` or ``x`` for ``x.toml``, or ``x.txt`` for ``x.txt.toml``."""
        exact = path.with_suffix("")
        found = exact if exact.exists() else self._called(path)
        # The same name as in a content folder, so that no dump is listed twice.
        return Path(os.path.realpath(found)) if found and found.is_symlink() else found

    def _called(self, path: Path) -> Path | None:
        names = self._beginning(path.parent, f"{path.stem}.")
        found = [path.parent / name for name in names if not is_leftover(name)]
        found = [each for each in found if each.stem == path.stem and each.suffix not in ("", ".toml")]
        pages = [each for each in found if each.suffix == ".md"]
        dumps = [each for each in found if each.suffix != ".md"]
        # The card belongs to the dump, not to a picture of the same name.
        sure = [each for each in dumps if not self._is_binary(each)] if len(dumps) + len(pages) > 1 else dumps
        return next(chain(sure, filter(self._is_dump, pages), dumps), None)

    def _beginning(self, folder: Path, start: str) -> Iterator[str]:
        """Return the entries of a folder whose names begin with this."""
        if folder != self._folder:
            self._folder, self._names = folder, sorted(each.name for each in os.scandir(folder))
        rest = islice(self._names, bisect_left(self._names, start), None)
        return takewhile(lambda name: name.startswith(start), rest)


def card_beside(path: Path) -> Card:
    """Return the card of a dump, ``x.txt.toml`` or ``x.toml`` for ``x.txt``, unless it names another dump."""
    for beside in (path.with_name(f"{path.name}.toml"), path.with_suffix(".toml")):
        if beside != path and beside.is_file():
            card = read_card(beside, str(beside))
            if card.dump is None or (beside.parent / card.dump).resolve() == path.resolve():
                return card
    return Card()


def _wrong_id(id: str) -> str | None:
    return _wrong_prefix(id) or (
        None if debate_id(id) == id else "is a name reserved for a system or a list of debates"
    )


def _wrong_prefix(id: str) -> str | None:
    plain = 0 < len(id) <= 80 and id == id.lower() and all(part.isascii() and part.isalnum() for part in id.split("-"))
    return None if plain else "cannot be part of an address"
