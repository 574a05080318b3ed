"""What a worker keeps of each kind of dump, and what of it is used afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rostra.model import Author, Problem, RawPost, RawThread, Source
from rostra.readers import Dump
from rostra.readers.records import looking_ahead as ahead
from rostra.readers.records.looking_ahead import Looked, LookingAhead, ToLook
from rostra.readers.records.pieces import kept_piece
from rostra.readers.records.prepared import Assembled, PreparedThread
from rostra.system.workers import Workers
from rostra.threads.assemble import assemble

PROBLEM = Problem(code="x", message="y")


def raw(id: str = "1") -> RawThread:
    post = RawPost(key="0", body="The gate.", author=Author(name="Ada"), created="2024-03-04T09:00:00Z")
    return RawThread(posts=(post,), native_id=id)


class Preparing:
    """Prepares threads, and notes of how many each of them is supposed to be."""

    def __init__(self, threads: list[Any] | None = None, *, assembles: bool = True, addresses: bool = True) -> None:
        self.threads, self.assembles, self.addresses = threads, assembles, addresses
        self.several = list[bool]()
        self.read = 0

    def assembled(self, raw: RawThread, *_: Any, several: bool, **__: Any) -> Assembled | None:
        self.several.append(several)
        it = assemble(raw, id=raw.native_id or "x", title="T", source=Source(path="", format="", sha256=""))
        return Assembled(it, several, ()) if self.assembles else None

    def whole(self, *_: Any) -> list[tuple[RawThread, tuple[Problem, ...]]] | None:
        self.read += 1
        return self.threads

    def has_addresses(self, *_: Any) -> bool:
        return self.addresses


def rows(folder: Path, *threads: str, name: str = "a.jsonl") -> Dump:
    path = folder / name
    path.write_text("".join(json.dumps({"id": n, "thread": of, "body": "One."}) + "\n" for n, of in enumerate(threads)))
    return Dump(path, name)


def text(folder: Path, name: str = "b.txt") -> Dump:
    """A dump that is not one of records."""
    path = folder / name
    path.write_text("Ada\n\n    1 year ago\n\nThe gate stays shut.\n")
    return Dump(path, name)


def looking(folder: Path, *looks: ToLook) -> LookingAhead:
    found = LookingAhead()
    found.add(looks, str(folder / "kept"), Workers(2, patience=3600))
    return found


def test_the_sizes_are_chosen() -> None:
    assert (ahead.TOGETHER, ahead.SMALLER, ahead.LARGEST) == (4096, 16, 8 * 2**20)


def test_what_was_not_looked_at_has_no_records() -> None:
    assert list(Looked("mail").found()) == []
    assert not Looked("mail").one_piece


@pytest.mark.parametrize("addresses", [True, False])
def test_a_dump_that_is_read_is_searched_for_addresses(tmp_path: Path, addresses: bool) -> None:
    preparing: Any = Preparing([(raw(), ())], addresses=addresses)
    for dump in (rows(tmp_path, "x"), text(tmp_path)):
        looking(tmp_path, ToLook(dump, None, preparing)).wait(dump)
        assert dump.has_addresses is addresses
        looking(tmp_path, ToLook(again := Dump(dump.path, dump.name), None, None)).wait(again)
        assert again.has_addresses is None


def test_only_of_a_dump_whose_format_nobody_names_a_worker_chooses_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump, chosen = rows(tmp_path, "x"), list[str]()
    monkeypatch.setattr(ahead, "chosen", lambda _, name: chosen.append(name))
    for given in (None, ahead.choose(Dump(dump.path, dump.name), None).NAME):
        looking(tmp_path, ToLook(Dump(dump.path, dump.name), given, None)).wait(dump)
    assert len(chosen) == 1


def test_a_dump_is_looked_at_once_and_only_for_who_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, whole = list[str](), ahead.look_at
    monkeypatch.setattr(ahead, "look_at", lambda folder, dumps: looked.extend(each[0].name for each in dumps) or whole(folder, dumps))  # fmt: skip
    one, two = rows(tmp_path, "x"), text(tmp_path)
    folder = Dump(tmp_path / "folder", "folder")
    folder.path.mkdir()
    found = looking(tmp_path, ToLook(one, None, None), ToLook(folder, None, None), ToLook(two, None, None))
    found.wait(text(tmp_path, "other.txt"))
    assert looked == []
    found.add([ToLook(one, None, None), ToLook(folder, None, None)], str(tmp_path / "kept"), Workers(2, patience=3600))
    assert found.take(folder) is None
    assert found.take(one)
    assert found.take(one) is None
    found.wait(two)
    found.add([ToLook(two, None, None)], str(tmp_path / "kept"), Workers(2, patience=3600))
    found.wait(two)
    assert looked == ["a.jsonl", "b.txt"]
    # What was not looked at may be looked at later.
    assert "folder" not in found._unseen


def test_a_large_dump_counts_as_its_positions_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = list[int]()

    def batches(workers: Any, function: Any, arguments: Any, works: Any) -> Any:
        sizes.extend(work.size for work in works)
        return iter(())

    monkeypatch.setattr(ahead, "in_batches", batches)
    dump = rows(tmp_path, *"x" * 20)
    size = dump.path.stat().st_size
    # Only positions are kept of a dump of more than a batch, which are never less than a batch by themselves.
    for batch in (size + 1, size, size - 1, size // 16, size // 32):
        monkeypatch.setattr(ahead, "BATCH", batch)
        looking(tmp_path, ToLook(dump, None, None))
    assert sizes == [size, size, size - 1, size // 16, size // 16]


@pytest.mark.parametrize("threads", ["x", "xy", "xyz"])
def test_of_a_small_dump_the_threads_are_kept_and_terms_only_of_several_pieces(tmp_path: Path, threads: str) -> None:
    preparing: Any = Preparing()
    dump = rows(tmp_path, *threads)
    found = looking(tmp_path, ToLook(dump, None, preparing)).take(dump)
    assert found
    several = len(threads) > 1
    assert found.one_piece is not several
    assert preparing.several == [several] * len(threads)
    assert [number for number, _ in found.read] == list(range(len(threads)))
    kept = [kept_piece(place) for _, place in found.read]
    assert [each.assembled.thread.native_id for of in kept for each in of.threads if each.assembled] == list(threads)
    terms = [list(terms) for _, terms in found.found()]
    assert len(terms) == len(threads)
    assert all(bool(each) is several for each in terms)


def test_a_small_dump_may_have_more_records_than_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.readers.records.record_pieces.BATCH", 2)
    dump = rows(tmp_path, "x", "y", "x", "y", "x")
    found = looking(tmp_path, ToLook(dump, None, None)).take(dump)
    assert found
    assert [len(kept_piece(place).threads[0].raw.posts) for _, place in found.read] == [3, 2]  # type: ignore[union-attr]  # it was not assembled


def test_a_piece_that_failed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = ahead.Keeper.put_pieces
    monkeypatch.setattr(ahead.Keeper, "put_pieces", lambda self, read: [None, *put(self, read)[1:]])
    dump = rows(tmp_path, "x", "y")
    found = looking(tmp_path, ToLook(dump, None, None)).take(dump)
    assert found
    assert [number for number, _ in found.read] == [1]


def whole(folder: Path, preparing: Any, given: Any, dump: Dump | None = None) -> list[Any] | None:
    dump = dump or text(folder)
    looked = looking(folder, ToLook(dump, None, preparing))
    looked.wait(dump)
    found = looked.whole(dump, SimpleNamespace(), given)  # type: ignore[arg-type]  # nobody looks at it
    assert looked.whole(dump, SimpleNamespace(), given) is None  # type: ignore[arg-type]  # it was taken
    return None if found is None else list(found)


def test_a_dump_without_records_is_read_whole(tmp_path: Path) -> None:
    for ids in ("1", "12", "123"):
        preparing = Preparing([(raw(id), (PROBLEM,)) for id in ids])
        found = whole(tmp_path, preparing, preparing)
        assert found
        assert all(isinstance(each, PreparedThread) for each in found)
        assert [each.assembled.thread.native_id for each in found] == list(ids)
        assert [tuple(each.problems) for each in found] == [(PROBLEM,)] * len(ids)
        assert preparing.several == [len(ids) > 1] * len(ids)
        # It is read again once, whichever threads are asked for.
        assert preparing.read == 1
        assert [each.again().native_id for each in found] == list(ids)
        assert preparing.read == 2


def test_what_fails_when_it_is_read_again_has_no_threads(tmp_path: Path) -> None:
    preparing = Preparing([(raw(), ())])
    found = whole(tmp_path, preparing, preparing)
    assert found
    preparing.threads = None
    with pytest.raises(IndexError):
        found[0].again()


def test_what_only_the_main_process_can_read_or_assemble_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Preparing([(raw(), ())])
    assert whole(tmp_path, sound, None) is None
    assert whole(tmp_path, None, sound) is None
    assert whole(tmp_path, Preparing(None), sound) is None
    assert whole(tmp_path, Preparing([]), sound) is None
    assert whole(tmp_path, Preparing([(raw(), ())], assembles=False), sound) is None
    assert whole(tmp_path, sound, sound, rows(tmp_path, "x")) is None
    never = looking(tmp_path).whole(text(tmp_path), SimpleNamespace(), sound)  # type: ignore[arg-type]  # nobody looks at it
    assert never is None
    reader = ahead.choose(text(tmp_path), None)
    monkeypatch.setattr(reader, "JOINS", True, raising=False)
    assert whole(tmp_path, sound, sound) is None


@pytest.mark.parametrize("less", [0, 1])
def test_a_dump_that_is_too_large_to_be_held_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int
) -> None:
    monkeypatch.setattr(ahead, "LARGEST", text(tmp_path).path.stat().st_size - less)
    preparing = Preparing([(raw(), ())])
    assert (whole(tmp_path, preparing, preparing) is None) is bool(less)
