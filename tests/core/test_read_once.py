"""Messages are read once: what joining read of them is not read again, and of a mailbox that grew only what changed."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest import piece_letters
from rostra.model import Join, RawPost
from rostra.readers.records import looking_ahead, prepared, resume
from rostra.readers.records.record_pieces import Pieces, Record
from rostra.readers.records.record_table import TABLES, term_hash
from rostra.system.workers import Workers
from support.changing_site import copied, files

WORDS = [
    "the",
    "gate",
    "stays",
    "shut",
    "until",
    "the",
    "miller",
    "rings",
    "a",
    "bell",
    "and",
    "the",
    "water",
    "is",
    "low",
    "enough",
    "to",
    "open",
    "it",
    "again",
    "by",
    "hand",
]


def message(n: int, subject: str, body: str, *, answers: int | None = None, day: int = 1) -> str:
    above = f"In-Reply-To: <{answers}@mill.example>\n" if answers is not None else ""
    return (
        f"From ada Mon Mar  {day} 09:00:00 2024\nFrom: Ada Weir <ada@mill.example>\nMessage-ID: <{n}@mill.example>\n{above}"
        f"Subject: {subject}\nDate: Mon, {day} Mar 2024 09:{n % 60:02}:00 +0000\n\n{body}\n\n"
    )


def put(root: Path, **boxes: Sequence[str]) -> Path:
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name, messages in boxes.items():
        (root / f"content/{name}.mbox").write_text("".join(messages))
    return root


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many pieces are read for joining, and how many afterwards."""
    counts = {"joining": 0, "again": 0}
    for name, module in (("joining", piece_letters), ("again", resume)):

        def counted(*given: Any, name: str = name, whole: Any = module.read_pieces) -> Any:
            counts[name] += len(given[-1])
            return whole(*given)

        monkeypatch.setattr(module, "read_pieces", counted)
    return counts


def one(root: Path) -> None:
    """Build with workers whose work is done here."""
    with Workers(2, patience=3600) as workers:
        build(load_site(root), workers=workers)


def said(n: int) -> str:
    return " ".join(f"{word}{n}" for word in WORDS[n % 5 : n % 5 + 12])


ALONE = [message(n, f"Matter {n}", said(n)) for n in range(6)]


def test_what_joining_reads_and_leaves_as_it_is_is_not_read_again(tmp_path: Path, read: dict[str, int]) -> None:
    one(put(tmp_path, all=ALONE))
    assert read == {"joining": 6, "again": 0}


def test_what_joining_joins_is_read_again_as_one(tmp_path: Path, read: dict[str, int]) -> None:
    one(put(tmp_path, all=[*ALONE, message(7, "Re: Matter 2", "Indeed.")]))
    assert read == {"joining": 7, "again": 1}


def test_of_a_mailbox_that_grew_only_what_changed_is_read(tmp_path: Path, read: dict[str, int]) -> None:
    one(put(tmp_path, all=ALONE))
    read.update(joining=0, again=0)
    for n, more, expected in (
        (7, message(7, "Re: Matter 1", "So be it.", answers=1), {"joining": 1, "again": 0}),
        (8, message(8, "Re: Matter 2", "Indeed."), {"joining": 2, "again": 1}),
        (9, message(9, "Something else", said(9)), {"joining": 3, "again": 1}),
    ):
        with (tmp_path / "content/all.mbox").open("a") as box:
            box.write(more)
        one(tmp_path)
        assert read == expected, n
    built = files(tmp_path / "public")
    one(copied(tmp_path, tmp_path / "clean"))
    assert built == files(tmp_path / "clean/public")


def test_a_setting_that_joining_depends_on_has_all_read(tmp_path: Path, read: dict[str, int]) -> None:
    one(put(tmp_path, all=ALONE))
    (tmp_path / "content/all.toml").write_text("publish_private = true\n")
    read.update(joining=0)
    with (tmp_path / "content/all.mbox").open("a") as box:
        box.write(message(7, "Matter 7", said(7)))
    one(tmp_path)
    assert read["joining"] == 7


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mailboxes_that_change_at_random_are_as_if_built_anew(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    numbers = iter(range(1000))
    boxes: dict[str, list[str]] = {"a": [], "b": [], "c": []}

    def fresh() -> str:
        n = next(numbers)
        answers = chance.randrange(n) if n and chance.random() < 0.3 else None
        subject = f"{'Re: ' * chance.randrange(2)}Matter {chance.randrange(6)} of the mill"
        quoted = f"> {said(chance.randrange(n))}\n\n" if n and chance.random() < 0.4 else ""
        return message(n, subject, quoted + said(n), answers=answers, day=1 + n // 20)

    for step in range(8):
        name = chance.choice("abc")
        match chance.randrange(5):
            # An empty mailbox is a failure, and stays as it was built last.
            case 0 if len(boxes[name]) > 1:
                boxes[name].pop(chance.randrange(len(boxes[name])))
            case 1 if boxes[name]:
                at = chance.randrange(len(boxes[name]))
                boxes[name][at] = boxes[name][at].replace("\n\n", "\n\nWell, ", 1)
            case _:
                boxes[name] += [fresh() for _ in range(chance.randrange(1, 6))]
        put(tmp_path / "site", **boxes)
        with Workers(1 + step % 2, patience=3600) as workers:
            build(load_site(tmp_path / "site"), workers=workers)
        clean = copied(tmp_path / "site", tmp_path / f"clean-{step}")
        build(load_site(clean))
        assert files(tmp_path / "site/public") == files(clean / "public"), (seed, step)


def lines(n: int) -> str:
    row = {
        "id": n,
        "thread": str(n),
        "parent": None,
        "author": "ada",
        "title": f"Matter {n}",
        "body": f"{n} of {said(5)}",
    }
    return json.dumps(row) + "\n"


@pytest.mark.parametrize(("least", "again"), [(0, 0), (1, 3)])
def test_dumps_of_at_most_a_batch_are_read_ahead(
    tmp_path: Path, read: dict[str, int], monkeypatch: pytest.MonkeyPatch, least: int, again: int
) -> None:
    put(tmp_path)
    for n in range(3):
        (tmp_path / f"content/{n}.jsonl").write_text(lines(n))
    monkeypatch.setattr(looking_ahead, "BATCH", len(lines(0)) - least)
    one(tmp_path)
    assert read == {"joining": 0, "again": again}
    built = files(tmp_path / "public")
    build(load_site(copied(tmp_path, tmp_path / "alone")))
    assert built == files(tmp_path / "alone/public")


def test_a_dump_that_cannot_be_read_ahead_is_told_once_and_the_others_are_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path)
    for n in range(3):
        (tmp_path / f"content/{n}.jsonl").write_text(lines(n) if n != 1 else "{" + lines(n))
    (tmp_path / "content/empty.jsonl").write_text("")
    # What a worker keeps may be lost before it is read.
    monkeypatch.setattr(looking_ahead, "read_pieces", lambda *_: 1 / 0)
    with Workers(2, patience=3600) as workers:
        report = build(load_site(tmp_path), workers=workers)
    alone = build(load_site(copied(tmp_path, tmp_path / "alone")))
    assert [str(each) for each in report.failures] == [str(each) for each in alone.failures]
    assert report.threads == alone.threads == 2
    assert files(tmp_path / "public") == files(tmp_path / "alone/public")


@pytest.mark.parametrize("time", ["soon", "0001-01-01T00:00:00+05:00"])
def test_a_worker_finds_no_digests_of_a_post_whose_time_is_not_one(time: str) -> None:
    assert prepared._digests_of(RawPost(key="1", body="Shut.", created=time)) is None
    assert prepared._digests_of(RawPost(key="1", body="Shut.", created="2024-03-04")) is not None


def pieces(*terms: str) -> Pieces:
    """Pieces of one record each, with a term each."""
    base = sqlite3.connect("")
    base.executescript(TABLES)
    found = Pieces(base, "all.mbox")
    for number, term in enumerate(terms):
        found.add(Record(number), [term_hash(term)])
    return found


def joins(**parents: str) -> dict[str, Join]:
    return {key: Join(parent, "subject") for key, parent in parents.items()}


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        ({}, [[0], [1], [2], [3]]),
        ({"b": "a"}, [[0, 1], [2], [3]]),
        # What two posts answer need not be here.
        ({"b": "x", "d": "y", "x": "y"}, [[0], [1, 3], [2]]),
        ({"x": "y"}, [[0], [1], [2], [3]]),
        ({"d": "c", "c": "b", "b": "a"}, [[0, 1, 2, 3]]),
        ({"b": "x"}, [[0], [1], [2], [3]]),
    ],
)
def test_pieces_are_merged_by_what_joining_found(found: dict[str, str], parts: list[list[int]]) -> None:
    merged = pieces("a", "b", "c", "d")
    merged.connect(joins(**found))
    assert [[record.number for record in piece.records] for piece in merged.touched()] == parts
    # Each has the joins of its own posts, and of those above them.
    own = [merged.joins.get(piece.number, {}).keys() for piece in merged.touched()]
    assert {key for keys in own for key in keys} == ({} if found == {"x": "y"} else found).keys()
    merged.rest()
    merged.connect(joins(**found))
    assert [[record.number for record in piece.records] for piece in merged.touched()] == parts
