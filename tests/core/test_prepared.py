"""Workers assemble threads as far as these depend on nothing else; the site is the one that one process makes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card
from rostra.config.site import load_site
from rostra.ingest import dump_threads
from rostra.ingest.assembling import preparation
from rostra.readers import Dump, named
from rostra.readers.records import looking_ahead
from rostra.readers.records.pieces import dump_place, read_pieces
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.system.workers import Workers
from support.changing_site import copied, files


def row(id: int, thread: str, author: Any = "ada", **more: Any) -> str:
    said = {"id": id, "parent": None, "thread": thread, "author": author, "created": "2024-03-04T09:00:00Z"}
    return json.dumps({**said, "body": f"Gate {id} stays shut until the miller rings the bell.", **more}) + "\n"


def alex(id: str) -> dict[str, str]:
    return {"name": "Alex", "id": id}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the threads that the main process assembled."""
    made, whole = list[str](), dump_threads.assembled

    def noted(*given: Any, **more: Any) -> Any:
        thread = whole(*given, **more)
        made.append(thread.id)
        return thread

    monkeypatch.setattr(dump_threads, "assembled", noted)
    return made


def built(root: Path, here: list[str]) -> list[str]:
    """Build with workers whose work is done here, which must be as without; return what the main process assembled."""
    (root / "rostra.toml").write_text('title = "Mill"\n')
    alone = copied(root, root.with_name("alone"))
    one = build(load_site(alone))
    here.clear()
    with Workers(2, patience=3600) as workers:
        two = build(load_site(root), workers=workers)
    assert files(root / "public") == files(alone / "public")
    assert two.problems == one.problems
    assert list(map(str, two.failures)) == list(map(str, one.failures))
    return sorted(here)


def site(root: Path, **dumps: str) -> Path:
    (root / "site/content").mkdir(parents=True)
    for name, text in dumps.items():
        stem, _, ending = name.rpartition("_")
        (root / f"site/content/{stem}.{ending}").write_text(text)
    return root / "site"


BOX = "".join(
    f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@x.example>\nMessage-ID: <{n}@x.example>\nSubject: Gate {n}\n"
    f"Date: Mon, 4 Mar 2024 09:0{n}:00 +0000\n\nWord {n} of gate {n}: it stays shut.\n\n"
    for n in range(5)
)


def test_workers_assemble_the_threads_of_records(tmp_path: Path, here: list[str]) -> None:
    many = row(1, "a") + row(2, "b") + row(3, "a", parent=1)
    root = site(
        tmp_path, one_jsonl=row(1, "a"), many_jsonl=many, box_mbox=BOX, alone_mbox=BOX[: BOX.index("From ada", 5)]
    )
    assert built(root, here) == []


def test_who_has_the_name_of_another_is_assembled_here(tmp_path: Path, here: list[str]) -> None:
    """In one thread a worker sees both; of several, only the main process sees all."""
    several = row(1, "a", alex("7")) + row(2, "b", alex("8")) + row(3, "c", alex("7")) + row(4, "d", "bede")
    one = row(1, "w", alex("7")) + row(2, "w", alex("8"), parent=1)
    assert built(site(tmp_path, several_jsonl=several, w_jsonl=one), here) == ["b"]


def test_a_dump_that_does_not_hold_several_threads_after_all_is_assembled_here(
    tmp_path: Path, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Recorded.made

    def made(records: Recorded, opened: Any, piece: Any) -> Any:
        return (each for each in whole(records, opened, piece) if each.native_id != "b")

    monkeypatch.setattr(Recorded, "made", made)
    root = site(tmp_path, gate_jsonl=row(1, "a") + row(2, "b"), gate_toml='title = "The gate"\n')
    assert built(root, here) == ["a"]
    assert json.loads((root / "public/debates/a/thread.json").read_text())["title"] == "The gate"


DISCOURSE = {
    "id": 7,
    "title": "The gate",
    "post_stream": {
        "posts": [
            {"id": n, "post_number": n, "username": "ada", "created_at": "2024-03-04T09:00:00Z", "cooked": f"<p>Gate {n} stays shut until dusk.</p>"}
            for n in (1, 2)
        ]
    },
}  # fmt: skip
TEXT = "The gate\n\nAda\n1 year ago\nIt stays shut.\n\nBede\n2 years ago\nUntil the miller rings.\n"


def test_small_dumps_of_every_kind_are_read_by_workers(
    tmp_path: Path, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whisper = json.loads(json.dumps(DISCOURSE))
    whisper["post_stream"]["posts"][1]["post_type"] = 4
    root = site(
        tmp_path, topic_json=json.dumps(DISCOURSE), talk_txt=TEXT, broken_json=json.dumps(DISCOURSE)[:-9],
        whisper_json=json.dumps(whisper | {"id": 8}),
    )  # fmt: skip
    size = (root / "content/topic.json").stat().st_size
    monkeypatch.setattr(looking_ahead, "LARGEST", size)
    (root / "content/long.json").write_text(json.dumps(DISCOURSE | {"id": 99}) + " ")
    # What fails or is not published is read here, to be counted.
    assert built(root, here) == ["8", "99"]


@pytest.mark.parametrize(
    ("card", "rules", "pseudonyms", "prepares"),
    [
        (Card(), (), False, True),
        (Card(), (), True, False),
        (Card(), ("a rule",), False, False),
        (Card(person=("somebody",)), (), False, False),  # type: ignore[arg-type]  # only whether there is one counts
    ],
)
def test_what_depends_on_all_of_a_dump_is_not_prepared(
    card: Card, rules: Any, pseudonyms: bool, prepares: bool, tmp_path: Path
) -> None:
    dump = Dump(tmp_path / "gate.jsonl", rules=rules)
    assert (preparation(dump, card, pseudonyms=pseudonyms) is not None) is prepares


def test_a_thread_that_cannot_be_assembled_fails_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rostra.ingest import assembling

    whole = assembling.located

    def broken(raw: Any, dump: str) -> Any:
        if raw.native_id == "b":
            raise ValueError("it breaks")
        return whole(raw, dump)

    monkeypatch.setattr(assembling, "located", broken)
    root = site(tmp_path, gate_jsonl=row(1, "a") + row(2, "b") + row(3, "c"))
    (root / "rostra.toml").write_text('title = "Mill"\n')
    with Workers(2, patience=3600) as workers:
        report = build(load_site(root), workers=workers)
    assert report.threads == 2
    assert len(report.failures) == 1
    assert "it breaks" in str(report.failures[0])


def test_what_a_worker_reads_can_be_sent(tmp_path: Path) -> None:
    """A job whose value cannot be sent is done once more, which nothing else shows."""
    path = tmp_path / "gate.jsonl"
    path.write_text(row(1, "a") + row(2, "b"))
    dump, place = Dump(path), dump_place(Dump(path), "posts")
    assert place
    with Opened(dump) as opened:
        records = [record for record, _ in named("posts").RECORDS.scanned(opened, Record())]  # type: ignore[union-attr]  # it has records
    for preparing in (None, preparation(dump, Card(), pseudonyms=False)):
        read = read_pieces(place, "posts", preparing, True, [([record], {}) for record in records])
        sent = pickle.loads(pickle.dumps(read))
        assert [each.brief() for piece in read for each in piece.threads] == [
            each for piece in sent for each in piece.threads
        ]
        assert all((each.raw is None) is (preparing is not None) for piece in sent for each in piece.threads)
