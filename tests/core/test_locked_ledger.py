"""What a locked build refuses: whatever would change the ledger, and a ledger that cannot be read; without a build."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rostra.errors import NotInLedger, RostraError, UsageError
from rostra.identity import ledger_file
from rostra.identity.locked_ledger import refuse_news, refuse_unreadable
from rostra.identity.registry import Registry
from rostra.model import RawPost, RawThread, Source, Thread
from rostra.threads.assemble import assemble
from support.noted_ledger import note


def debate(*bodies: str, id: str = "gate") -> Thread:
    posts = tuple(
        RawPost(key=str(n), native_id=str(n), parent="1" if n > 1 else None, body=body)
        for n, body in enumerate(bodies, 1)
    )
    return assemble(RawThread(posts=posts), id=id, title="T", source=Source(path="", format="", sha256=""))


GATE = debate("Who opened it?", "The miller did.")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "rostra.ledger"


def opened(ledger: Path) -> Registry:
    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    made = Registry(base, ledger)
    made.load()
    return made


def refused(made: Registry, *failures: RostraError) -> str | None:
    try:
        refuse_news(made, failures)
    except NotInLedger as error:
        told = error
    else:
        return None
    assert told.failures == failures
    assert told.path == "rostra.ledger"
    assert "commit rostra.ledger" in (told.hint or "")
    return told.message


def test_a_build_that_says_what_the_ledger_says_passes(ledger: Path) -> None:
    note(ledger, (GATE, "gate.txt"))
    made = opened(ledger)
    made.add(GATE, "gate.txt")
    assert refused(made) is None


def test_a_ledger_that_is_deleted_during_the_build_is_refused_though_nothing_changes(ledger: Path) -> None:
    note(ledger, (GATE, "gate.txt"))
    made = opened(ledger)
    made.add(GATE, "gate.txt")
    made.touched = False
    assert refused(made) is None
    ledger.unlink()
    assert refused(made) == "this build would change the ledger entries of gate"


def test_lines_may_be_in_any_order_and_twice(ledger: Path) -> None:
    weir = debate("How deep is it?", id="weir")
    note(ledger, (GATE, "gate.txt"), (weir, "weir.txt"))
    lines = ledger.read_text().splitlines(keepends=True)
    ledger.write_text("".join([*reversed(lines), *lines]))
    made = opened(ledger)
    made.add(GATE, "gate.txt")
    made.add(weir, "weir.txt")
    assert refused(made) is None


@pytest.mark.parametrize("news", ["a post", "a debate", "a dump", "no ledger"])
def test_a_build_that_says_more_is_refused(ledger: Path, news: str) -> None:
    note(ledger, (GATE, "gate.txt"))
    if news == "no ledger":
        ledger.unlink()
    made = opened(ledger)
    made.add(debate("Who opened it?", "The miller did.", "So what?") if news == "a post" else GATE, "other.txt" if news == "a dump" else "gate.txt")  # fmt: skip
    if news == "a debate":
        made.add(debate("How deep is it?", id="weir"), "weir.txt")
    said = "weir" if news == "a debate" else "gate"
    assert refused(made, UsageError("x")) == f"this build would change the ledger entries of {said}"


@pytest.mark.parametrize(("count", "said"), [(5, "d0, d1, d2, d3, d4"), (7, "d0, d1, d2, d3, d4 and 2 more")])
def test_a_message_names_five_debates_and_counts_the_others(ledger: Path, count: int, said: str) -> None:
    note(ledger)
    made = opened(ledger)
    for n in range(count):
        made.add(debate("How deep is it?", id=f"d{n}"), f"d{n}.txt")
    assert refused(made) == f"this build would change the ledger entries of {said}"


def test_files_that_are_published_for_the_first_time_are_news_too(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(ledger)
    made = opened(ledger)
    monkeypatch.setattr(made, "media_lines", lambda: [f"media/{name}.jpg !\n" for name in "cab"])
    named = "media/a.jpg, media/b.jpg, media/c.jpg"
    assert refused(made) == f"this build would change the ledger entries of {named}"


def test_the_first_line_that_is_none_is_refused(ledger: Path) -> None:
    refuse_unreadable(ledger)
    note(ledger, (GATE, "gate.txt"))
    refuse_unreadable(ledger)
    lines = ledger.read_text()
    ledger.write_text(f"{lines}what is this\nand this\n")
    with pytest.raises(RostraError) as caught:
        refuse_unreadable(ledger)
    assert (caught.value.path, caught.value.line) == ("rostra.ledger", lines.count("\n") + 1)
    assert caught.value.hint
