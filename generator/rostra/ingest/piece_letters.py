"""Read the letters of a dump's pieces: the work that workers do for ``letter_table``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.msgpack import encode
from msgspec.structs import replace

from rostra.model import Join, RawThread
from rostra.readers.guards.unpublished import Choice
from rostra.readers.records.pieces import DumpPlace, Keeper, KeptBytes, read_pieces
from rostra.readers.records.prepared import Preparing
from rostra.readers.records.record_pieces import Record
from rostra.system.attempts import Failed, attempt
from rostra.threads.letters import Letter, letters

OWN = "\n"
"""Separates the name of a dump from the key of a message without an id, which no other dump can know."""


class PieceLetters(NamedTuple):
    """The encoded letters of a piece, where its threads are kept, and whether some could not be read."""

    letters: bytes
    kept: KeptBytes | None
    fails: bool


def letters_of_pieces(
    folder: str, place: DumpPlace, format: str, private: bool, preparing: Preparing | None, several: bool,
    pieces: Sequence[tuple[Sequence[Record], Mapping[str, Join]]],
) -> list[PieceLetters]:  # fmt: skip
    """Return the letters of each piece of a dump, and keep their threads in a file in a folder, if there is one."""
    choice = Choice(place.rules, private=private)
    read = read_pieces(place, format, preparing if folder else None, several, pieces)
    kept: list[KeptBytes | None] = [None] * len(read)
    if folder:
        keeper = Keeper(folder)
        kept = keeper.put_pieces(read)
        keeper.close()
    return [
        PieceLetters(encode(list(letters_in(each.raw(), choice, place.name))), where, bool(each.failures))
        for each, where in zip(read, kept, strict=True)
    ]


def letters_in(threads: Iterable[RawThread], choice: Choice, dump: str) -> Iterator[Letter]:
    """Yield the letters of a dump's threads that are published."""
    for thread in filter(None, map(choice.of, threads)):
        known = attempt("joining a thread of it", list, letters(thread))
        for each in () if isinstance(known, Failed) else known:
            key = each.key if each.native is not None else f"{dump}{OWN}{each.key}"
            yield replace(each, key=key, home=dump)
