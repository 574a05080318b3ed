"""The letters of the pieces of a dump: of what is published, under keys that no other dump has, and what failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.msgpack import decode

from rostra.errors import RostraError
from rostra.ingest import piece_letters
from rostra.ingest.piece_letters import letters_in, letters_of_pieces
from rostra.model import Author, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.guards.unpublished import Choice
from rostra.readers.records.pieces import ReadPiece, dump_place, kept_piece
from rostra.readers.records.prepared import read_thread
from rostra.threads.letters import Letter

OPEN = Choice((), private=False)


def thread(*natives: str | None, private: str | None = None) -> RawThread:
    posts = (
        RawPost(
            key=str(n), native_id=native, body=f"The gate is shut, {n}.", parent="0" if n else None,
            author=Author(name="Ada"), created="2024-03-04T09:00:00Z", private=private,
        )
        for n, native in enumerate(natives)
    )  # fmt: skip
    return RawThread(posts=tuple(posts))


def piece(*threads: RawThread, fails: bool = False) -> ReadPiece:
    failures = [RostraError("It cannot be read.")] if fails else []
    return ReadPiece([read_thread(each, None) for each in threads], failures, False, None)


def test_only_a_message_without_an_id_has_the_name_of_its_dump_in_its_key() -> None:
    found = list(letters_in([thread("1", None)], OPEN, "a.mbox"))
    assert [(each.key, each.home) for each in found] == [("0", "a.mbox"), ("a.mbox\n1", "a.mbox")]
    # An id may be no text at all, and is one nevertheless.
    assert [each.key for each in letters_in([thread("")], OPEN, "a.mbox")] == ["0"]


def test_what_is_not_published_has_no_letter_and_what_cannot_be_read_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hidden, shown = thread("1", private="whisper"), thread("2", "3")
    assert [each.native for each in letters_in([hidden, shown], OPEN, "a")] == ["2", "3"]
    assert len(list(letters_in([hidden, shown], Choice((), private=True), "a"))) == 3
    whole = piece_letters.letters

    def breaking(of: RawThread) -> Iterator[Letter]:
        yield from whole(of)
        if len(of.posts) == 2:
            raise ValueError("it breaks")

    monkeypatch.setattr(piece_letters, "letters", breaking)
    assert [each.native for each in letters_in([shown, thread("4")], OPEN, "a")] == ["4"]


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("private", [True, False])
def test_threads_are_kept_where_there_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps: bool, private: bool
) -> None:
    (tmp_path / "a.mbox").write_text("From ada\n")
    place = dump_place(Dump(tmp_path / "a.mbox", "a.mbox"), "mail")
    assert place
    asked = list[Any]()
    pieces = [piece(thread("1")), piece(thread("2"), fails=True), piece(thread("3", private="whisper"))]
    monkeypatch.setattr(piece_letters, "read_pieces", lambda *of: asked.append(of) or pieces)
    # Without a folder, a file would be written here.
    monkeypatch.chdir(tmp_path)
    folder = str(tmp_path / "kept") if keeps else ""
    found = letters_of_pieces(folder, place, "mail", private, "how", True, "records")  # type: ignore[arg-type]  # nobody looks at them
    assert asked == [(place, "mail", "how" if keeps else None, True, "records")]
    letters = [decode(each.letters, type=list[Letter]) for each in found]
    assert [[each.native for each in of] for of in letters] == [["1"], ["2"], ["3"] if private else []]
    assert [each.home for each in letters[0]] == ["a.mbox"]
    assert [each.fails for each in found] == [False, True, False]
    assert [each.kept is not None for each in found] == [keeps, False, keeps]
    if keeps:
        assert found[0].kept
        assert kept_piece(found[0].kept).threads[0].raw == thread("1")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.mbox", *(["kept"] if keeps else [])]
