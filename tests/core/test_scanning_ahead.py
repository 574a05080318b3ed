"""Records of large mailboxes are found in workers: the same records, and the same site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.readers import Dump, named
from rostra.readers import scanning_ahead as ahead
from rostra.readers.record_pieces import Record
from rostra.readers.records import Opened
from rostra.readers.scanning_ahead import ScanningAhead
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


@pytest.mark.parametrize("together", [1, 2, 5, 6])
def test_the_records_are_those_that_the_main_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(ahead, "BATCH", 0)
    monkeypatch.setattr(ahead, "TOGETHER", together)
    dumps = [box(tmp_path, name) for name in ("a", "b", "c")]
    scanning = ScanningAhead([(dump, None) for dump in dumps], several())
    # Nobody need ask for every dump, nor in order.
    for dump in (dumps[2], dumps[0]):
        assert [(record, list(terms)) for record, terms in scanning.records(dump) or ()] == found_here(dump)
    assert scanning.records(dumps[2]) is None


@pytest.mark.parametrize("less", [0, 1])
def test_a_dump_of_a_batch_is_searched_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int) -> None:
    dump = box(tmp_path, "a")
    monkeypatch.setattr(ahead, "BATCH", dump.path.stat().st_size - less)
    assert (ScanningAhead([(dump, None)], several()).records(dump) is not None) == bool(less)
    assert ScanningAhead([(dump, None)], Workers()).records(dump) is None


def test_what_cannot_be_searched_is_left_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "BATCH", 0)
    sound, changed, gone, lines = (box(tmp_path, name) for name in ("a", "b", "c", "d"))
    lines.path.write_text('{"id": 1, "body": "One."}\n' * 3)
    gone.path.unlink()
    whole = ahead.found_records

    def scan(place: Any, format: str) -> list[bytes]:
        changed.path.write_text("")
        return whole(place, format)

    monkeypatch.setattr(ahead, "found_records", scan)
    scanning = ScanningAhead([(dump, None) for dump in (changed, gone, lines, sound)], several())
    assert [scanning.records(dump) is None for dump in (changed, gone, lines, sound)] == [True, True, True, False]


def test_a_site_is_the_same_whoever_finds_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name in ("a", "b", "c"):
        box(root / "content", name)
    alone = copied(root, tmp_path / "alone")
    build(load_site(alone))
    monkeypatch.setattr(ahead, "BATCH", 0)
    with several() as workers:
        build(load_site(root), workers=workers)
    assert files(root / "public") == files(alone / "public")
