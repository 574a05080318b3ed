"""Dumps of another format in a folder or an archive are never left out in silence."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from rostra.config.cards import Card
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump, choose
from rostra.readers.guards.unread_files import NAMED

MAIL = "From a@x.example Mon Mar  4 09:00:00 2024\nFrom: Ada <a@x.example>\nDate: Mon, 4 Mar 2024 09:00:00 +0000\nSubject: Gate\n\nIs it open?\n"
VIEW = {
    "comment": {
        "id": 5,
        "post_id": 1,
        "creator_id": 3,
        "content": "The gate is open.",
        "ap_id": "https://l.example/c/5",
    },
    "creator": {"id": 3, "name": "ada"},
}


def folder(place: Path, others: dict[str, str]) -> Path:
    place.mkdir()
    for name in ("a.json", "b.json"):
        (place / name).write_text(json.dumps({"comments": [VIEW]}), encoding="utf-8")
    for name, text in others.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def unread(dump: Path) -> list[str]:
    found = [problem.message for thread in read_threads(Dump(dump), Card()) for problem in thread.problems]
    return [message for message in found if "not read with this one" in message]


def test_a_dump_of_another_format_in_a_folder_is_a_problem_that_names_it(tmp_path: Path) -> None:
    (message,) = unread(folder(tmp_path / "x", {"c.mbox": MAIL}))
    assert message == "a file that is a dump is not read with this one: c.mbox (mail)"


def test_of_many_some_are_named(tmp_path: Path) -> None:
    (most,) = unread(folder(tmp_path / "x", {f"m{n}.mbox": MAIL for n in range(NAMED)}))
    assert "m4.mbox (mail)" in most
    assert "more" not in most
    (more,) = unread(folder(tmp_path / "y", {f"m{n}.mbox": MAIL for n in range(NAMED + 1)}))
    assert more.endswith(", m4.mbox (mail) and 1 more")


@pytest.mark.parametrize("name", ["README.md", "notes.txt", "old.mbox~"])
def test_what_is_no_dump_is_no_problem(name: str, tmp_path: Path) -> None:
    assert unread(folder(tmp_path / "x", {name: MAIL if "~" in name else "Words about the gate."})) == []


def test_an_archive_of_several_dumps_is_refused_and_they_are_named(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("in/c.mbox", MAIL)
        archive.writestr("in/d.ndjson", json.dumps({"id": "c1", "author": "ada", "body": "Open.", "link_id": "t3_a", "parent_id": "t3_a", "subreddit": "weir", "created_utc": 1_709_542_800}))  # fmt: skip
    with pytest.raises(UnreadableDump) as raised:
        choose(Dump(tmp_path / "all.zip"))
    assert "this archive is not one dump, but holds some: c.mbox (mail), d.ndjson (reddit)" in str(raised.value)


def test_an_archive_without_dumps_is_not_recognised(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.bin", b"\0\1\2")
    with pytest.raises(UnreadableDump, match="no reader recognises"):
        choose(Dump(tmp_path / "all.zip"))
