"""Pieces of a dump that workers read are what one process reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import Limits, load_site
from rostra.errors import UnreadableDump
from rostra.model import RawPost, RawThread
from rostra.readers import named
from rostra.readers.dumps.dump import Dump
from rostra.readers.records.pieces import dump_place, read_pieces
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened
from rostra.system.workers import Workers
from support.changing_site import files


def mailbox(folder: Path, zone: str = "+0000") -> Path:
    """A mailbox of threads of three messages, whose messages are in the order of time."""
    threads = range(40)
    said = [
        f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@x.example>\nMessage-ID: <{t}-{n}@x.example>\n"
        + (f"In-Reply-To: <{t}-{n - 1}@x.example>\n" if n else "")
        + f"Subject: Gate {t}\nDate: Mon, 4 Mar 2024 09:0{n}:00 {zone}\n\nWord {n} of gate {t}: it stays shut until the miller rings.\n\n"
        for n in range(3)
        for t in threads
    ]
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    box = folder / "content/gates.mbox"
    box.write_text("".join(said))
    return box


@pytest.mark.parametrize("zone", ["+0000", "-0000x"])
def test_workers_read_what_one_process_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setattr("rostra.system.batches.BATCH", 2000)
    found = []
    for number in (1, 2):
        root = tmp_path / str(number)
        mailbox(root, zone)
        with Workers(number, patience=0) as workers:
            report = build(load_site(root), workers=workers)
        assert report.threads == 40
        assert report.posts == 120
        found.append((files(root / "public"), report.problems))
    assert found[0] == found[1]


def lines(folder: Path) -> tuple[Path, list[Record]]:
    """A dump of lines, each a thread of its own, of which the second is no JSON."""
    dump = folder / "gates.jsonl"
    said = [json.dumps({"id": n, "thread": str(n), "parent": None, "author": "ada", "body": f"Word {n} of it."}) for n in range(3)]  # fmt: skip
    said[1] = said[1].replace('"author"', "author")
    dump.write_text("\n".join(said) + "\n")
    opened = Opened(Dump(dump))
    with opened:
        return dump, [record for record, _ in named("posts").RECORDS.scanned(opened, Record())]  # type: ignore[union-attr]  # it has records


def test_a_piece_that_cannot_be_read_is_told_with_the_others(tmp_path: Path) -> None:
    dump, records = lines(tmp_path)
    place = dump_place(Dump(dump), "posts")
    assert place
    answers = read_pieces(place, "posts", None, True, [([record], {}) for record in records])
    threads = [list(each.raw()) for each in answers]
    assert [len(each) for each in threads] == [1, 0, 1]
    assert all(each.uses_json for each in answers[1:])
    assert threads[2][0].posts[0].body == "Word 2 of it."


def test_an_error_comes_after_the_threads_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump, records = lines(tmp_path)

    def broken(opened: Opened, piece: object) -> object:
        yield RawThread(posts=(RawPost(key="1", body="One."),))
        raise UnreadableDump("it ends here", path=opened.dump.name)

    monkeypatch.setattr(
        "rostra.readers.records.recorded.Recorded.made", lambda self, opened, piece: broken(opened, piece)
    )
    place = dump_place(Dump(dump), "posts")
    assert place
    (answer,) = read_pieces(place, "posts", None, True, [(records, {})])
    found = answer.raw()
    assert next(found).posts[0].body == "One."
    with pytest.raises(UnreadableDump, match="it ends here"):
        next(found)


def test_a_file_that_is_not_the_one_that_was_searched_is_not_read(tmp_path: Path) -> None:
    dump, records = lines(tmp_path)
    place = dump_place(Dump(dump, limits=Limits()), "posts")
    assert place
    dump.write_text(dump.read_text() + " ")
    with pytest.raises(OSError, match="was changed while it was read"):
        read_pieces(place, "posts", None, True, [(records, {})])


def test_what_cannot_be_looked_at_or_is_another_packages_is_read_here(tmp_path: Path) -> None:
    assert dump_place(Dump(tmp_path / "nothing"), "posts") is None
    (tmp_path / "dump").write_text("x")
    assert dump_place(Dump(tmp_path / "dump"), "tally") is None
    assert dump_place(Dump(tmp_path / "dump"), "posts")
