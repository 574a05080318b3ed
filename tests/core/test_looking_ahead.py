"""Workers look at new dumps: they find the same readers and records, and the site is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.readers import Dump, choose, named, plug_ins
from rostra.readers.records import looking_ahead as ahead
from rostra.readers.records.looking_ahead import LookingAhead, ToLook
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened
from rostra.system.workers import Workers
from support.changing_site import copied, files


def box(folder: Path, name: str, messages: int = 5) -> Dump:
    """A mailbox of messages, each of which answers the one before."""
    said = [
        f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@mill.example>\nMessage-ID: <{name}{n}@mill.example>\n"
        f"In-Reply-To: <{name}{n - 1}@mill.example>\nSubject: Gate {name}\n"
        f"Date: Mon, 4 Mar 2024 09:0{n}:00 +0000\n\nThe gate of {name} stays shut, {n} times.\n\n"
        for n in range(messages)
    ]
    path = folder / f"{name}.mbox"
    path.write_text("".join(said))
    return Dump(path, f"{name}.mbox")


def several() -> Workers:
    """Workers whose work is done here."""
    return Workers(2, patience=3600)


def found_here(dump: Dump) -> list[Any]:
    with Opened(dump) as opened:
        return list(named("mail").RECORDS.scanned(opened, Record()))  # type: ignore[union-attr]  # it has records


def looking(folder: Path, *dumps: Dump) -> LookingAhead:
    found = LookingAhead()
    found.add([ToLook(dump, None, None) for dump in dumps], str(folder / "kept"), several())
    return found


@pytest.mark.parametrize("together", [1, 2, 5, 6])
def test_the_records_are_those_that_the_main_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(ahead, "TOGETHER", together)
    dumps = [box(tmp_path, name) for name in ("a", "b", "c")]
    looked = looking(tmp_path, *dumps)
    # Nobody need ask for every dump, nor in order.
    for dump in (dumps[2], dumps[0]):
        found = looked.take(dump)
        assert found
        assert not found.read
        assert [(record, list(terms)) for record, terms in found.found()] == found_here(dump)
    assert looked.take(dumps[2]) is None


@pytest.mark.parametrize("less", [0, 1])
def test_a_dump_of_a_batch_is_read_too_unless_its_messages_are_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int
) -> None:
    rows = tmp_path / "a.jsonl"
    rows.write_text('{"id": 1, "thread": "a", "body": "One."}\n{"id": 2, "thread": "b", "body": "Two."}\n')
    monkeypatch.setattr(ahead, "BATCH", rows.stat().st_size - less)
    for dump, expected in ((Dump(rows), [] if less else [0, 1]), (box(tmp_path, "b", 1), [])):
        found = looking(tmp_path, dump).take(dump)
        assert found
        assert [number for number, _ in found.read] == expected


def test_a_dump_is_read_as_the_reader_that_a_worker_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump, text = box(tmp_path, "a"), Dump(tmp_path / "b.txt")
    text.path.write_text("Ada\n\n    1 year ago\n\nThe gate stays shut.\n")
    expected = choose(Dump(text.path)).NAME
    looked = looking(tmp_path, dump, text)
    # It has no records.
    assert looked.take(text) is None
    monkeypatch.setattr("rostra.readers._surest", lambda _: pytest.fail("chosen again"))
    assert [choose(each).NAME for each in (dump, text)] == ["mail", expected]


def test_with_readers_of_other_packages_the_main_process_chooses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str | None]()
    whole = ahead.look_at

    def look(folder: str, dumps: Any) -> Any:
        asked.extend(format for _, format, _ in dumps)
        return whole(folder, dumps)

    monkeypatch.setattr(ahead, "look_at", look)
    for points in (((), ()), (("a plug-in",), ())):
        monkeypatch.setattr(plug_ins, "points", lambda points=points: points)
        dump = box(tmp_path, "a")
        monkeypatch.setattr(plug_ins, "loaded", lambda: ({}, ()))
        assert looking(tmp_path, dump).take(dump)
    assert asked == [None, "mail"]


def test_what_cannot_be_searched_is_left_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, changed, gone, lines = (box(tmp_path, name) for name in ("a", "b", "c", "d"))
    folder = Dump(tmp_path / "folder")
    folder.path.mkdir()
    lines.path.write_text("No reader knows this.\0")
    gone.path.unlink()
    whole = ahead.look_at

    def look(folder: str, dumps: Any) -> Any:
        changed.path.write_text("")
        return whole(folder, dumps)

    monkeypatch.setattr(ahead, "look_at", look)
    looked = looking(tmp_path, changed, gone, lines, folder, sound)
    assert [looked.take(dump) is None for dump in (changed, gone, lines, folder, sound)] == [True] * 4 + [False]


def test_a_site_is_the_same_whoever_finds_the_records(tmp_path: Path) -> None:
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name in ("a", "b", "c"):
        box(root / "content", name)
    alone = copied(root, tmp_path / "alone")
    build(load_site(alone))
    with several() as workers:
        build(load_site(root), workers=workers)
    assert files(root / "public") == files(alone / "public")
