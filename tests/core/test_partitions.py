"""Files of encoded threads: written once, found by the catalogue, joined where little of them is in use."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from rostra.errors import Damaged
from rostra.store import partitions
from rostra.store.partitions import (
    TABLES,
    PartName,
    Slice,
    TextParts,
    Texts,
    link,
    read_file,
    read_part,
    read_slices,
    write_file,
    write_partition,
)

ONE = TextParts(b"edition", b"searched text", b"grams", b"original", b"said")
PARTS: tuple[PartName, ...] = ("edition", "searched", "grams", "original", "said")
OTHER = TextParts(b"another edition", b"", b"g")


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    base = sqlite3.connect(":memory:")
    base.executescript(TABLES)
    return Texts(base, tmp_path / "partitions")


def present(texts: Texts) -> set[str]:
    return {path.name for path in Path(texts.folder).iterdir()}


def test_every_part_of_every_thread_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = write_partition(str(tmp_path), [ONE, OTHER])
    assert len({row.file for row in rows}) == 1
    for row, parts in zip(rows, (ONE, OTHER), strict=True):
        assert tuple(read_part(str(tmp_path), row, part) for part in PARTS) == parts
    assert write_partition(str(tmp_path / "none"), []) == []
    assert not (tmp_path / "none").exists()


def test_slices_are_read_in_the_order_asked_for(tmp_path: Path) -> None:
    one, other = (write_partition(str(tmp_path), [each, ONE])[1] for each in (ONE, OTHER))
    wanted = [Slice(row.file, row.start(part), 4) for row in (one, other) for part in ("said", "edition", "said")]
    assert read_slices(str(tmp_path), wanted) == [b"said", b"edit", b"said"] * 2
    with pytest.raises(Damaged, match=one.file):
        read_slices(str(tmp_path), [Slice(one.file, one.start("said") + 1, 4)])


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_what_is_missing_or_cut_short_is_damage(texts: Texts, harm: object) -> None:
    (row,) = write_partition(texts.folder, [ONE])
    texts.add("gate", row)
    texts.settle()
    texts.refuse_damaged()
    harm(Path(texts.folder, row.file))  # type: ignore[operator]  # one of those above
    with pytest.raises(Damaged, match=row.file):
        texts.part("gate", "said")
    with pytest.raises(Damaged, match=row.file):
        texts.refuse_damaged()


def test_a_partition_that_was_saved_again_is_damage(texts: Texts) -> None:
    (row,) = write_partition(texts.folder, [ONE])
    texts.add("gate", row)
    texts.settle()
    os.utime(Path(texts.folder, row.file), (1, 1))
    with pytest.raises(Damaged, match="was changed"):
        texts.refuse_damaged()


def test_another_edition_of_a_thread_keeps_its_text(texts: Texts) -> None:
    texts.add("gate", *write_partition(texts.folder, [ONE]))
    texts.replace("gate", b"a later edition", b"said later")
    assert texts.part("gate", "edition") == b"a later edition"
    assert texts.part("gate", "searched") == ONE.searched
    assert texts.part("gate", "said") == b"said later"
    texts.replace("gate", b"the last", b"")
    texts.drop("gate")
    assert texts.row("gate") is None


@pytest.mark.parametrize(("files", "size", "joined"), [(32, 10, False), (33, 10, True), (33, 256 << 10, False), (33, (256 << 10) - 1, True)])  # fmt: skip
def test_many_sparse_partitions_become_one(texts: Texts, files: int, size: int, joined: bool) -> None:
    for n in range(files):
        texts.add(f"thread-{n}", *write_partition(texts.folder, [TextParts(bytes([n]) * size, b"", b"")]))
    texts.settle()
    texts.sweep()
    assert len(present(texts)) == (1 if joined else files)
    texts.refuse_damaged()
    assert all(texts.part(f"thread-{n}", "edition") == bytes([n]) * size for n in range(files))


def test_only_what_the_catalogue_names_stays(texts: Texts) -> None:
    kept, dropped, _ = (write_partition(texts.folder, [each])[0] for each in (ONE, OTHER, ONE))
    texts.add("gate", kept)
    texts.add("weir", dropped)
    texts.drop("weir")
    assert len(present(texts)) == 3
    texts.settle()
    texts.sweep()
    assert present(texts) == {kept.file}


def test_a_file_of_a_unit_is_kept_until_the_unit_is_made_again_or_is_gone(texts: Texts) -> None:
    first, other = (texts.keep(unit) for unit in ("search/0/0", "search/0/1"))
    for name in (first, other):
        write_file(texts.folder, name, [b"shard ", name.encode()])
    texts.settle()
    texts.sweep()
    assert present(texts) == {first, other}
    assert read_file(texts.folder, texts.kept("search/0/1")) == b"shard " + other.encode()
    again = texts.keep("search/0/0")
    write_file(texts.folder, again, [b"shard"])
    texts.keep_only(["search/0/0", "search/0/2"])
    texts.settle()
    texts.refuse_damaged()
    texts.sweep()
    assert present(texts) == {again} == {texts.kept("search/0/0")}
    Path(texts.folder, again).write_bytes(b"shar")
    with pytest.raises(Damaged, match=again):
        texts.refuse_damaged()


def test_a_copy_shares_every_partition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = write_partition(str(tmp_path / "one"), [ONE])
    link(tmp_path / "one", tmp_path / "two")
    link(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "two" / row.file).samefile(tmp_path / "one" / row.file)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(partitions.os, "link", refuse)
    link(tmp_path / "one", tmp_path / "three")
    assert read_part(str(tmp_path / "three"), row, "edition") == ONE.edition
    link(tmp_path / "nothing", tmp_path / "four")
    assert list((tmp_path / "four").iterdir()) == []


@pytest.mark.parametrize(("together", "times"), [(9, 2), (10, 1)])
def test_parts_of_several_threads_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int, times: int
) -> None:
    rows = write_partition(str(tmp_path), [TextParts(b"", b"one", b""), TextParts(b"", b"second", b"")])
    rows += write_partition(str(tmp_path), [TextParts(b"", b"last", b"")])
    monkeypatch.setattr(partitions, "TOGETHER", together)
    asked = list[int]()
    monkeypatch.setattr(partitions, "read_slices", lambda *of: [asked.append(len(of[1])), *read_slices(*of)][1:])
    order = [rows[1], rows[2], rows[0]]
    assert list(partitions.read_parts(str(tmp_path), order, "searched")) == [b"second", b"last", b"one"]
    assert [each for each in asked if each] == ([2, 1] if times == 2 else [3])
