"""Of a dump that grew only what is new is read, with what it belongs to; what was written over is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rostra.build import placement
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.model import Thread


def line(n: int, thread: str, body: str) -> str:
    return f'{{"id": {n}, "thread": "{thread}", "parent": null, "author": "ada", "created": "2024-03-0{n}T09:00:00Z", "body": "{body}"}}\n'


LINES = [line(n, str(n), f"Day {n}, the gate stays shut.") for n in range(1, 5)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (tmp_path / "content/mill.jsonl").write_text("".join(LINES))
    build(load_site(tmp_path))
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The debates that are made of what is read, as they come."""
    ids: list[str] = []
    threads = placement.read_threads

    def noted(*args: Any, **options: Any) -> Iterator[Thread]:
        for thread in threads(*args, **options):
            ids.append(thread.id)
            yield thread

    monkeypatch.setattr(placement, "read_threads", noted)
    return ids


def test_what_stood_last_is_not_read_again_where_it_stands(site: Path, read: list[str]) -> None:
    for n in (5, 6):
        with (site / "content/mill.jsonl").open("a") as dump:
            dump.write(line(n, "2", "It opened."))
        build(load_site(site))
    assert read == ["2", "2"]
    assert "It opened." in (site / "public/debates/2/thread.json").read_text()


@pytest.mark.parametrize("number", [3, 4])
def test_a_record_at_the_end_that_was_written_over_is_read_again(site: Path, read: list[str], number: int) -> None:
    written = [each.replace("shut", "open") if n == number else each for n, each in enumerate(LINES, 1)]
    (site / "content/mill.jsonl").write_text("".join((*written, line(5, "1", "Indeed."))))
    build(load_site(site))
    assert str(number) in read
    assert "stays open" in (site / f"public/debates/{number}/thread.json").read_text()


def test_a_record_at_the_end_that_goes_on_is_read_again(site: Path, read: list[str]) -> None:
    first, second = line(5, "3", "Half a line."), line(6, "1", "Another.")
    for part in (first[:40], first[40:] + second):
        with (site / "content/mill.jsonl").open("a") as dump:
            dump.write(part)
        build(load_site(site))
    assert {"1", "3"} <= set(read)
    assert "Half a line." in (site / "public/debates/3/thread.json").read_text()


def test_a_footer_that_a_grown_mailbox_tells_of_is_found_below_all_of_its_messages(tmp_path: Path) -> None:
    foot = "Gate-List at the mill\nWrite to leave at mill.example to be left alone"
    letters = [
        f"From p{n}@mill.example Mon Mar  4 09:00:0{n} 2024\nFrom: Person {n} <p{n}@mill.example>\nDate: Mon, 4 Mar 2024 09:00:0{n} +0000\n"
        f"Message-ID: <{n}@mill.example>\nSubject: Gate {n}\n\nIt is open for the {n}. time.\n\n{foot}\n\n"
        for n in range(4)
    ]
    sums = []
    for way in (2, 4), (4,):
        folder = tmp_path / f"{len(way)}"
        (folder / "content").mkdir(parents=True)
        (folder / "rostra.toml").write_text('title = "Mill"\n')
        for size in way:
            (folder / "content/gate.mbox").write_text("".join(letters[:size]))
            build(load_site(folder))
        pages = sorted((folder / "public/debates").glob("*/index.html"))
        assert [page.read_text().count('class="signature"') for page in pages] == [1] * len(letters)
        sums.append((folder / "public/SHA256SUMS").read_bytes())
    assert sums[0] == sums[1]
