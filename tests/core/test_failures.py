"""What fails stays as it was last built, and only that; nothing that was to be hidden is shown by it."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build as whole_build
from rostra.build.rebuild import rebuild
from rostra.config.broken_cards import LIKE, may_hide
from rostra.config.site import load_site
from rostra.errors import Crash, Damaged, UsageError
from rostra.model import RawPost, RawThread
from rostra.output.staging import OutputFile
from rostra.output.writer import Writer
from rostra.readers import posts, readers
from rostra.system.attempts import Failed, Ours, attempt, attempting
from rostra.system.workers import Workers
from support.changing_site import Archive, copied, files
from support.failing_site import BREAK, WORDS, Mill, breaking, broken_processes, lines, message


@pytest.fixture(autouse=True)
def without_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs most of a small build, and reads what every other page does."""
    monkeypatch.setattr("rostra.build.pipeline.index_units", lambda *_: ())


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    made = Mill(tmp_path / "site")
    assert made.build().failures == ()
    return made


BROKEN_CARDS = {
    "no TOML": "oops = = 1\n",
    "an unknown setting": 'titel = "Well"\n',
    "a wrong type": "title = 4\n",
    "an id that is none": 'id = "A b"\n',
    "not UTF-8": "title = '\xff'\n",
    "a dump that is not there": 'dump = "gone.jsonl"\n',
}


@pytest.mark.parametrize("card", BROKEN_CARDS)
def test_a_card_that_is_wrong_leaves_its_debate_as_it_was(mill: Mill, card: str, tmp_path: Path) -> None:
    before, ledger = mill.public, mill.ledger
    mill.put("well.toml", BROKEN_CARDS[card].encode("latin-1"))
    for _ in range(2):
        report = mill.build()
        (failure,) = report.failures
        assert failure.path == "content/well.toml"
        assert (report.kept, report.left_out, report.threads) == (("debates/well",), (), 5)
        assert (mill.public, mill.ledger) == (before, ledger)
    mill.put("well.toml", 'title = "Of another well"\n')
    mill.assert_clean(tmp_path / "clean")
    assert "Of another well" in mill.page("well")


def test_what_a_card_said_when_it_was_good_holds_while_it_is_wrong(mill: Mill) -> None:
    mill.put("well.toml", '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n')
    mill.build()
    before = mill.public
    assert "second word" not in mill.page("well")
    mill.put("well.toml", '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n\n[[correction]]\npost = = 1\n')
    mill.put("well.jsonl", lines("well", more="A new word."))
    assert mill.build().kept == ("debates/well",)
    assert mill.public == before


BROKEN_DUMPS: dict[str, bytes] = {
    "nothing": b"",
    "only white space": b" \n\n",
    "a binary file": bytes(range(256)) * 40,
    "half of a line": lines("well").encode()[:60],
    "another format's beginning": b'{"post_stream": {"posts": [{"id": 1, ',
}


@pytest.mark.parametrize("dump", BROKEN_DUMPS)
def test_a_dump_that_cannot_be_read_leaves_its_debate_as_it_was(mill: Mill, dump: str, tmp_path: Path) -> None:
    before, ledger = mill.public, mill.ledger
    mill.put("well.jsonl", BROKEN_DUMPS[dump])
    mill.put("gate.jsonl", lines("gate", more="A new word."))
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/well.jsonl"]
    assert (report.kept, report.left_out) == (("debates/well",), ())
    now = mill.public
    # The copy of the dump is the one that was read, and the page names it.
    assert {path: before[path] for path in before if "well" in path and "people" not in path} == {
        path: now[path] for path in now if "well" in path and "people" not in path
    }
    assert "A new word." in mill.page("gate")
    mill.put("well.jsonl", lines("well", more="Mended."))
    mill.assert_clean(tmp_path / "clean")
    assert next(line for line in ledger.splitlines() if " p-well-1 " in line) in mill.ledger


def test_an_archive_that_is_none_is_one_failure_of_a_first_build(mill: Mill) -> None:
    shutil.rmtree(mill.root / ".rostra")
    mill.put("export.zip", b"PK\x03\x04 and nothing more")
    # Several workers are told the sizes of all dumps beforehand.
    report = mill.build(Workers(2))
    assert [failure.path for failure in report.failures] == ["content/export.zip"]
    assert report.threads == 5


def test_where_there_is_no_earlier_build_that_is_said_and_no_address_is_given_up(mill: Mill, tmp_path: Path) -> None:
    ledger = mill.ledger
    shutil.rmtree(mill.root / ".rostra")
    mill.put("well.jsonl", b"")
    mill.put("new.jsonl", b"")
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/new.jsonl", "content/well.jsonl"]
    assert report.kept == ()
    assert [each.partition(" ")[0] for each in report.left_out] == ["debates/well", "content/new.jsonl"]
    assert mill.ledger == ledger
    page = mill.page("well")
    assert "is not available at the moment" in page
    assert 'id="p-well-2"' in page
    assert "no longer" not in page
    mill.remove("new.jsonl")
    mill.put("well.jsonl", lines("well"))
    mill.assert_clean(tmp_path / "clean")


def test_the_posts_of_what_is_left_out_are_found_nowhere_else(mill: Mill, tmp_path: Path) -> None:
    ledger = mill.ledger
    shutil.rmtree(mill.root / ".rostra")
    # The same posts, by the same people, in another debate.
    mill.put("copy.jsonl", lines("well") + lines("gate"))
    mill.put("well.jsonl", b"")
    mill.build()
    assert [line for line in mill.ledger.splitlines() if line.startswith("well ")] == [
        line for line in ledger.splitlines() if line.startswith("well ")
    ]


@pytest.mark.parametrize("name", ["a-well.jsonl", "z-well.jsonl"])
def test_the_address_of_a_dump_that_fails_is_taken_by_no_other(mill: Mill, name: str, tmp_path: Path) -> None:
    before = mill.public
    mill.put("well.jsonl", b"")
    mill.put(name, lines("other", thread="well"))
    report = mill.build()
    assert report.kept == ("debates/well",)
    assert mill.public["debates/well/index.html"] == before["debates/well/index.html"]
    assert "first word of the other" in mill.page("well-2")
    mill.put("well.jsonl", lines("well"))
    mill.assert_clean(tmp_path / "clean")


def test_a_dump_that_is_removed_is_gone_and_one_that_was_renamed_and_fails_too(mill: Mill) -> None:
    mill.remove("well.jsonl")
    mill.put("well2.jsonl", b"")
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/well2.jsonl"]
    assert report.kept == ()
    assert "no longer here" in mill.page("well")


# -- one thread of many ------------------------------------------------------------------------------------------------


def test_of_a_mailbox_one_thread_may_fail_and_the_others_are_new(
    mill: Mill, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = {name: next(p.parent.name for p in (mill.root / "public/debates").glob("*/index.html") if f"Of the {name} there" in p.read_text()) for name in ("weir", "sluice", "race")}  # fmt: skip
    before = mill.page(names["sluice"])
    monkeypatch.setattr("rostra.editorial.edition.render", breaking)
    mill.put("box.mbox", message("weir", "New.") + message("sluice", BREAK) + message("race", "New.") + message("pond"))
    report = mill.build()
    (failure,) = report.failures
    assert isinstance(failure, Crash)
    assert (failure.path, failure.line) == ("content/box.mbox", 9)
    assert "ZeroDivisionError: the wheel stands" in failure.message
    assert "\n" not in failure.message
    assert "report" in (failure.hint or "")
    assert "in breaking" in failure.trace
    assert report.kept == (f"debates/{names['sluice']}",)
    assert mill.page(names["sluice"]) == before
    for name in ("weir", "race"):
        assert "New." in mill.page(names[name])
    assert report.threads == 6
    monkeypatch.undo()
    mill.assert_clean(tmp_path / "clean")


@pytest.mark.parametrize("workers", ["here", "processes"])
def test_a_renderer_that_fails_on_one_thread_fails_alike_wherever_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    made = []
    for where in ("one", "other"):
        mill = Mill(tmp_path / where)
        mill.build()
        mill.put("well.jsonl", lines("well", more=BREAK))
        mill.put("new.jsonl", lines("new", more=BREAK))
        mill.put("gate.jsonl", lines("gate", more="New."))
        with monkeypatch.context() as patch:
            if where == "one" or workers == "here":
                patch.setattr("rostra.editorial.edition.render", breaking)
                report = mill.build()
            else:
                with Workers(2, patience=0, start=broken_processes) as others:
                    report = mill.build(others)
        assert [(failure.path, failure.line) for failure in report.failures] == [
            ("content/new.jsonl", 2),
            ("content/well.jsonl", 2),
        ]
        assert all(isinstance(failure, Crash) and "in breaking" in failure.trace for failure in report.failures)
        assert report.kept == ("debates/well",)
        assert [each.partition(" ")[0] for each in report.left_out] == ["content/new.jsonl"]
        assert BREAK not in mill.page("well")
        assert "New." in mill.page("gate")
        made.append(mill.public)
    assert made[0] == made[1]


def test_a_record_that_a_reader_fails_on_costs_its_own_debate_only(
    mill: Mill, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mill.put("many.jsonl", "".join(lines(f"n{n}", thread=f"t{n}") for n in range(4)))
    mill.build()
    before = mill.page("t2")
    post_of = posts.described_post

    def broken(said: Any, *more: Any) -> RawPost:
        assert BREAK not in str(said.text("body"))
        return post_of(said, *more)

    monkeypatch.setattr("rostra.readers.posts.described_post", broken)
    mill.put("many.jsonl", "".join(lines(f"n{n}", thread=f"t{n}", more=BREAK if n == 2 else "New.") for n in range(5)))
    report = mill.build()
    (failure,) = report.failures
    assert (failure.path, failure.line) == ("content/many.jsonl", 7)
    assert report.kept == ("debates/t2",)
    assert mill.page("t2") == before
    assert all("New." in mill.page(f"t{n}") for n in (0, 1, 3, 4))
    monkeypatch.undo()
    mill.assert_clean(tmp_path / "clean")


class Tally:
    """A reader of another package: a debate a line; it fails on one."""

    NAME, ABOUT, CARRIES, MANY = "tally", "notches on a stick", ("nothing else",), True
    error: Exception = ValueError("no notch")

    def recognise(self, dump: Any) -> float:
        return 1.0 if dump.head.startswith(b"TALLY") else 0

    def read(self, dump: Any) -> Iterator[RawThread]:
        for n, line in enumerate(dump.text()[0].splitlines()[1:]):
            if line == BREAK:
                raise self.error
            yield RawThread(native_id=f"notch-{n}", posts=(RawPost(key="0", body=line, line=n + 2),))


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    reader = Tally()
    monkeypatch.setitem(readers(), "tally", reader)
    return reader


@pytest.mark.parametrize("error", [ValueError("no notch"), MemoryError()])
def test_a_reader_that_breaks_off_in_the_middle_keeps_what_was_not_read(
    mill: Mill, tally: Tally, tmp_path: Path, error: Exception
) -> None:
    stick = ["the first notch stands", "the second notch stands", "the third notch stands", "the fourth notch stands"]
    mill.put("stick.txt", "\n".join(["TALLY", *stick]))
    assert mill.build().failures == ()
    before = {n: mill.page(f"notch-{n}") for n in range(4)}
    tally.error = error
    mill.put("stick.txt", "\n".join(["TALLY", "a new first notch", stick[1], BREAK, "a new fourth notch"]))
    report = mill.build()
    (failure,) = report.failures
    assert failure.path == "content/stick.txt"
    assert f"the reader 'tally' failed: {type(error).__name__}" in failure.message
    assert report.kept == ("debates/notch-2", "debates/notch-3")
    assert "a new first notch" in mill.page("notch-0")
    # Neither copy is published: the one is not what some pages show, the other was not read.
    assert not [path for path in mill.public if "stick" in path]
    for n in (2, 3):
        assert stick[n] in mill.page(f"notch-{n}")
        assert "SHA-256" in before[n]
        assert "SHA-256" not in mill.page(f"notch-{n}")
    mill.put("stick.txt", "\n".join(["TALLY", *stick]))
    mill.assert_clean(tmp_path / "clean")


def test_a_reader_that_fails_when_it_recognises_fails_that_dump_only(mill: Mill, tally: Tally, tmp_path: Path) -> None:
    mill.put("hand.md", "# Of the well\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n")
    mill.build()
    assert mill.shows("hand")
    tally.recognise = lambda dump: 1 / 0 if b"well" in dump.head else 0  # type: ignore[method-assign]
    before = mill.public
    mill.put("well.jsonl", lines("well", more="New."))
    mill.put("note.md", "# A page of the well\n")
    report = mill.build()
    assert {failure.path for failure in report.failures} == {"content/well.jsonl", "content/note.md", "content/hand.md"}
    assert mill.public == before


def test_what_a_reader_gives_that_is_no_thread_is_its_failure(mill: Mill, tally: Tally) -> None:
    tally.read = lambda dump: iter([None, RawThread(native_id="good", posts=(RawPost(key="1", body="A notch."),))])  # type: ignore[method-assign,list-item]
    mill.put("stick.txt", "TALLY")
    (failure,) = mill.build().failures
    assert failure.path == "content/stick.txt"
    assert mill.shows("good")


@pytest.mark.parametrize("copy", ["gone", "changed"])
def test_a_copy_that_is_not_as_it_was_is_not_published_for_a_dump_that_fails(mill: Mill, copy: str) -> None:
    there = mill.root / "public/dumps/content-well.jsonl"
    there.unlink() if copy == "gone" else there.write_text("strange")
    mill.put("well.jsonl", b"")
    assert mill.build().kept == ("debates/well",)
    assert not there.exists()
    assert "content-well.jsonl" not in mill.page("well")


# -- pages and layouts -------------------------------------------------------------------------------------------------

FAILS_ON = '{{% extends "built-in/thread.html" %}}\n{{% block title %}}\n{{{{ 1 / 0 if thread.id == "{0}" }}}}{1}{{% endblock %}}\n'


def override(mill: Mill, on: str, title: str = "T") -> None:
    (mill.root / "layouts").mkdir(exist_ok=True)
    (mill.root / "layouts/thread.html").write_text(FAILS_ON.format(on, title))


def test_a_template_that_fails_on_one_debate_leaves_its_pages_as_they_were(mill: Mill, tmp_path: Path) -> None:
    before = mill.public
    override(mill, "well", "Newly")
    report = mill.build()
    (failure,) = report.failures
    assert (failure.path or "").endswith("layouts/thread.html")
    assert failure.line == 3
    assert "content/well.jsonl" in failure.message
    assert (report.kept, report.left_out, report.threads) == (("debates/well",), (), 5)
    assert mill.public["debates/well/index.html"] == before["debates/well/index.html"]
    assert "Newly" in mill.page("gate")
    # Together with a new text, the old text is kept too.
    mill.put("well.jsonl", lines("well", more="A new word."))
    assert mill.build().kept == ("debates/well",)
    assert {p: mill.public[p] for p in before if p.startswith("debates/well/")} == {p: before[p] for p in before if p.startswith("debates/well/")}  # fmt: skip
    assert not [path for path, said in mill.public.items() if b"A new word" in said]
    override(mill, "")
    mill.assert_clean(tmp_path / "clean")


def test_a_new_debate_on_which_a_template_fails_is_left_out(mill: Mill) -> None:
    override(mill, "new")
    mill.put("new.jsonl", lines("new"))
    report = mill.build()
    assert report.kept == ()
    assert [each.partition(" ")[0] for each in report.left_out] == ["content/new.jsonl"]
    assert report.threads == 5
    assert not [path for path, said in mill.public.items() if b"word of the new" in said]


def test_a_template_that_fails_on_every_debate_is_wrong_itself(mill: Mill) -> None:
    before = mill.public
    (mill.root / "layouts").mkdir()
    (mill.root / "layouts/thread.html").write_text("{{ nothing }}")
    with pytest.raises(UsageError, match="nothing"):
        mill.build()
    assert mill.public == before


def test_pages_that_stay_show_nothing_that_another_debate_hides(mill: Mill) -> None:
    quoted = WORDS["third"].format("gate")
    mill.put("well.jsonl", lines("well", more=f"\n\n> {quoted}\n\nSo it was said.", created="2024-06-01T09:00:00Z"))
    mill.build()
    assert "third of gate" in mill.page("well")
    override(mill, "well")
    assert mill.build().kept == ("debates/well",)
    assert "third of gate" in mill.page("well")
    mill.put("gate.toml", 'withdrawn = "asked"\n')
    report = mill.build()
    assert report.kept == ()
    assert "debates/well" in report.left_out[0]
    assert "third of gate" not in mill.page("well")


def test_a_bug_in_a_list_fails_the_build(mill: Mill) -> None:
    before = mill.public
    mill.put("well.jsonl", b"")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("rostra.render.pages.archive_units", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mill.build()
    assert mill.public == before
    # What was last good is not lost by it.
    assert mill.build().kept == ("debates/well",)
    assert mill.public == before


# -- what hides --------------------------------------------------------------------------------------------------------


def rule(mill: Mill, text: str) -> None:
    (mill.root / "redactions.toml").write_text(f"[[redact]]\n{text}\n")


def everywhere(mill: Mill) -> bytes:
    return b"\n".join(path.encode() + said for path, said in mill.public.items())


def test_what_is_kept_obeys_redactions_that_came_since(mill: Mill, tmp_path: Path) -> None:
    mill.put("gate.jsonl", lines("gate", more=f"\n\n> {WORDS['second'].format('well')}\n\nNo."))
    mill.build()
    assert b"second of well" in everywhere(mill)
    mill.put("well.jsonl", b"")
    rule(mill, 'person = "second of well"')
    report = mill.build()
    assert report.kept == ("debates/well",)
    said = everywhere(mill)
    assert b"second of well" not in said
    assert b"second word of the well" not in said
    assert b"first word of the well" in said
    assert not [path for path in mill.public if path.startswith("dumps/content-well")]
    mill.put("well.jsonl", lines("well"))
    mill.assert_clean(tmp_path / "clean")


def test_what_was_redacted_stays_so_elsewhere_while_its_dump_fails(mill: Mill, tmp_path: Path) -> None:
    secret = "a miller who never slept counted every grain of rye twice"
    many = lines("mead", more=secret, thread="one") + lines("pond", thread="two")
    mill.put("many.jsonl", many)
    mill.put("many.toml", '[[correction]]\nthread = "one"\nwithdrawn = "asked"\n')
    mill.put("gate.jsonl", lines("gate", more=f"\n\n> {secret}\n\nSo they say."))
    rule(mill, 'person = "second of mead"')
    mill.build()
    assert not mill.shows("one")
    assert secret.encode() not in everywhere(mill)
    # It is in no debate that is kept.
    mill.put("many.jsonl", b"")
    for _ in range(2):
        assert mill.build().kept == ("debates/two",)
        assert secret.encode() not in everywhere(mill)
    # What is hidden no more is shown, whatever was learned.
    (mill.root / "redactions.toml").unlink()
    mill.build()
    assert secret.encode() in everywhere(mill)
    rule(mill, 'person = "second of mead"')
    mill.put("many.jsonl", many)
    mill.assert_clean(tmp_path / "clean")


@pytest.mark.parametrize("fails", ["box.mbox", "many.jsonl"])
def test_a_debate_that_a_card_withdraws_while_its_dump_fails_is_withdrawn(mill: Mill, fails: str) -> None:
    mill.put("many.jsonl", "".join(lines(f"n{n}", thread=f"t{n}") for n in range(3)))
    mill.build()
    mill.put("many.jsonl", b"\0" * 9)
    mill.put("many.toml", '[[correction]]\nthread = "t1"\nwithdrawn = "asked"\n[[correction]]\nthread = "t2"\npost = "p-n2-2"\nwithdrawn = "asked too"\n')  # fmt: skip
    report = mill.build()
    assert report.kept == ("debates/t0", "debates/t2")
    assert "withdrawn it: asked" in mill.page("t1")
    assert b"second word of the n1" not in everywhere(mill)
    assert b"second word of the n2" not in everywhere(mill)
    assert b"third word of the n2" in everywhere(mill)
    assert not [path for path in mill.public if "many" in path]


MEANT = {
    "a withdrawal and a mistake": 'withdrawn = "asked"\noops = = 1\n',
    "a mistake in the withdrawal": 'withdrawn = "asked\n',
    "a withdrawal misspelt": 'withdrwan = "asked"\n',
    "a draft": "draft = True\n",
    "a draft misspelt": "drafft = true\n",
    "a setting that there is not": "hidden = true\n",
    "a withdrawn post": '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\noops = = 1\n',
    "a post more": '[[correction]]\nposts = ["p-well-1", "p-well-3"\nwithdrawn = "before"\n',
    "no dump": "publish_dump = no\n",
    "a name taken out": '[[correction]]\npost = "p-well-1"\nauthor = ""\noops = = 1\n',
}


@pytest.mark.parametrize("card", MEANT)
def test_a_card_may_hide_what_the_last_good_one_did_not(card: str) -> None:
    for good in ("", 'title = "Well"\n', '[[correction]]\nposts = ["p-well-1"]\nwithdrawn = "before"\n'):
        assert may_hide(MEANT[card], good)
    assert not may_hide(MEANT[card], MEANT[card])
    assert may_hide(f"{MEANT[card]}\n{MEANT[card]}", MEANT[card])


@pytest.mark.parametrize(
    "card",
    [
        "",
        "oops = = 1\n",
        "draft = false\npublish_dump = true\n",
        "# withdrawn = 1\n",
        'title = "A draft, withdrawn"\n',
        "date = 1\n",
        "[[correction]]\nauthor = \"Ada\"\nkind = 'deleted'\n",
    ],
)
def test_a_card_that_hides_nothing_does_not(card: str) -> None:
    assert not may_hide(card, "")


def test_a_word_is_misspelt_from_a_certain_likeness_on() -> None:
    # Of ten letters, of which seven stand in both words.
    assert SequenceMatcher(None, "draft", "drawx").ratio() < LIKE
    assert not may_hide("drawx = true", "")
    assert SequenceMatcher(None, "withdrawn", "witdrownxxx").ratio() == LIKE
    assert may_hide("witdrownxxx = 1", "")


@pytest.mark.parametrize("card", ["a withdrawal and a mistake", "a post more"])
def test_what_a_wrong_card_may_have_meant_to_hide_is_left_out(mill: Mill, card: str, tmp_path: Path) -> None:
    good = '[[correction]]\nposts = ["p-well-1"]\nwithdrawn = "before"\n'
    mill.put("well.toml", good)
    mill.build()
    ledger = mill.ledger
    mill.put("well.toml", MEANT[card])
    report = mill.build()
    assert report.kept == ()
    assert report.left_out[0].startswith("debates/well")
    assert b"word of the well" not in everywhere(mill)
    assert "not available at the moment" in mill.page("well")
    assert mill.ledger == ledger
    mill.put("well.toml", good)
    mill.assert_clean(tmp_path / "clean")


def test_what_hid_before_hides_still_and_is_no_reason_to_leave_more_out(mill: Mill) -> None:
    good = 'title = "Well"\npublish_dump = false\n\n[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n'
    mill.put("well.toml", good)
    mill.build()
    before = mill.public
    mill.put("well.toml", f"oops = = 1\ndraft = false\n# withdrawn?\n{good}\n[[quotation]]\npost = = 3\n")
    assert mill.build().kept == ("debates/well",)
    assert mill.public == before


def test_a_card_that_cannot_be_read_may_hide_anything(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("well.toml", 'title = "Well"\n')
    mill.build()
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "well.toml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    # Whoever takes a right away changes what the disk says of the file.
    mill.put("gate.jsonl", lines("gate", more="New."))
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/well.toml"]
    assert b"word of the well" not in everywhere(mill)


@pytest.mark.parametrize("renamed", [False, True])
def test_a_card_elsewhere_that_no_longer_tells_its_dump_still_is_its_card(mill: Mill, renamed: bool) -> None:
    mill.put("cards/of-well.toml", 'dump = "../well.jsonl"\n[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n')
    mill.build()
    before = mill.public
    if renamed:
        mill.remove("cards/of-well.toml")
    mill.put(
        f"cards/{'about' if renamed else 'of'}-well.toml",
        'dump = "../well.jsonl\n[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n',
    )
    report = mill.build()
    assert len(report.failures) == 1
    assert report.kept == ("debates/well",)
    assert mill.public == before


def test_a_card_that_was_moved_and_then_breaks_still_is_its_dump_s(mill: Mill) -> None:
    card = 'dump = "../well.jsonl"\n[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n'
    mill.put("cards/a.toml", card)
    mill.build()
    mill.remove("cards/a.toml")
    mill.put("cards/b.toml", card)
    mill.build()
    # Nothing but what was noted of it tells whose the card is.
    mill.put("cards/a.toml", 'dump = "../gate.jsonl"\n')
    mill.build()
    before = mill.public
    mill.put("cards/b.toml", card.replace('.jsonl"', ".jsonl"))
    assert mill.build().kept == ("debates/well",)
    assert mill.public == before


def test_another_dump_of_a_debate_that_a_wrong_card_may_hide_is_left_out_too(mill: Mill, tmp_path: Path) -> None:
    mill.put("a-well.jsonl", lines("well", more="And later more."))
    mill.put("a-well.toml", 'captured = "2025-01-01"\n')
    assert mill.build().threads == 5
    mill.put("well.toml", 'withdrawn = "asked\n')
    for _ in range(2):
        mill.build()
        assert b"word of the well" not in everywhere(mill)
        # Nor on a machine that never built it.
        shutil.rmtree(mill.root / ".rostra")
    mill.remove("well.toml")
    mill.assert_clean(tmp_path / "clean")
    assert "And later more." in mill.page("well")


@pytest.mark.parametrize("fresh", [False, True])
def test_what_another_dump_withdrew_stays_withdrawn_while_that_dump_fails(mill: Mill, fresh: bool) -> None:
    mill.put("well.toml", 'withdrawn = "asked"\n')
    mill.build()
    if fresh:
        shutil.rmtree(mill.root / ".rostra")
    mill.put("well.jsonl", b"")
    mill.put("a-well.jsonl", lines("well"))
    mill.build()
    assert b"word of the well" not in everywhere(mill)
    assert "withdrawn it: asked" in mill.page("well")


def test_pseudonyms_that_came_since_cannot_be_given_and_what_has_them_keeps_them(mill: Mill, tmp_path: Path) -> None:
    mill.put("gate.jsonl", lines("gate", more="As second of well says."))
    mill.build()
    (mill.root / "rostra.toml").write_text('title = "Mill"\npseudonyms = true\n')
    mill.put("well.jsonl", b"")
    report = mill.build()
    assert report.kept == ()
    assert report.left_out[0].startswith("debates/well")
    assert b"first of well" not in everywhere(mill)
    mill.put("well.jsonl", lines("well"))
    assert mill.build().failures == ()
    before = mill.public
    assert b"of well says" not in everywhere(mill)
    mill.put("well.jsonl", b"")
    assert len(mill.build().kept) == 1
    assert mill.public == before
    mill.put("well.jsonl", lines("well"))
    mill.assert_clean(tmp_path / "clean")


def test_what_is_made_again_of_what_was_last_good_is_known_by_what_it_was(mill: Mill, tmp_path: Path) -> None:
    letter = message("weir", "Write to miller@wheel.example, or to second of well.").replace("Message-ID", "X-Id")
    mill.put("box.mbox", letter)
    mill.put("well.jsonl", lines("well", more=f"\n\n> {WORDS['first'].format('well')}\n\nSo."))
    mill.put("well.toml", '[[quotation]]\npost = "p-well-2"\ntext = "Here the first word"\nsource = "p-well-1"\n')
    mill.build()
    ledger = mill.ledger
    documents = [json.loads(said) for path, said in mill.public.items() if path.endswith("well/thread.json")]
    mill.put("box.mbox", b"\0")
    mill.put("well.jsonl", b"\0")
    rule(mill, 'address = "nobody at all"')
    for _ in range(2):
        assert len(mill.build().kept) == 2
        # It also notes that there are rules now.
        assert [
            line for line in mill.ledger.splitlines() if not line.startswith("# redactions ")
        ] == ledger.splitlines()
    again = [json.loads(said) for path, said in mill.public.items() if path.endswith("well/thread.json")]
    assert [d["posts"] for d in again] == [d["posts"] for d in documents]


def test_a_page_that_may_not_be_published_any_more_does_not_stand_for_one_that_fails(tmp_path: Path) -> None:
    def guard(path: str, content: bytes) -> None:
        if path == "a.html" and b"Ada" in content:
            raise UsageError("it would hold a name")

    (tmp_path / "public").mkdir()
    with Writer(tmp_path / "public", tmp_path / "kept") as first:
        digests = {path: first.put(OutputFile(path, b"Ada")) for path in ("a.html", "b.html")}
    for path, allowed in (("a.html", False), ("b.html", True)):
        with Writer(tmp_path / "public", tmp_path / "kept") as writer:
            assert writer.keep_allowed(digests)
        with suppress(ZeroDivisionError), Writer(tmp_path / "public", tmp_path / "kept") as writer:
            writer.forbid(guard)
            assert not writer.keep_allowed({path: "0" * 64})
            assert writer.keep_allowed({path: digests[path]}) is allowed
            assert writer.has(path) is allowed
            raise ZeroDivisionError


# -- several dumps of a debate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", ["a-well.jsonl", "well.jsonl"])
@pytest.mark.parametrize("how", ["dump", "card"])
def test_of_a_debate_of_several_dumps_the_part_of_one_that_fails_stays(
    mill: Mill, fails: str, how: str, tmp_path: Path
) -> None:
    mill.put("a-well.jsonl", lines("well").replace('"well-3"', '"well-4"').replace("third word", "fourth word"))
    mill.build()
    before = mill.public
    assert all(f"{n} word of the well" in mill.page("well") for n in ("first", "second", "third", "fourth"))
    mill.put(*((fails, b"") if how == "dump" else (fails.replace("jsonl", "toml"), "oops = = 1\n")))
    report = mill.build()
    assert report.kept == ("debates/well",)
    assert mill.public == before
    other = "well.jsonl" if fails.startswith("a-") else "a-well.jsonl"
    mill.put(other, (mill.root / "content" / other).read_text().replace("first word", "very first word"))
    mill.build()
    assert all(f"{n} word of the well" in mill.page("well") for n in ("very first", "second", "third", "fourth"))
    if how == "dump":
        mill.put(fails, before[f"dumps/content-{fails}"])
    else:
        mill.remove(fails.replace("jsonl", "toml"))
    mill.assert_clean(tmp_path / "clean")


# -- folders and pages -------------------------------------------------------------------------------------------------


def test_a_content_folder_that_is_not_there_takes_nothing_with_it(mill: Mill, tmp_path: Path) -> None:
    mill.put("about.md", "# About\n\nWords.\n")
    mill.build()
    before, ledger = mill.public, mill.ledger
    (mill.root / "content").rename(mill.root / "away")
    report = mill.build()
    assert "does not exist" in report.failures[0].message
    assert len(report.kept) == 6
    assert (mill.public, mill.ledger) == (before, ledger)
    shutil.rmtree(mill.root / ".rostra")
    report = mill.build()
    assert len(report.left_out) == 5
    assert mill.ledger == ledger
    assert "not available at the moment" in mill.page("well")
    (mill.root / "away").rename(mill.root / "content")
    mill.assert_clean(tmp_path / "clean")


def test_a_folder_that_cannot_be_listed_takes_nothing_with_it(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    mill.put("deep/pond.jsonl", lines("pond"))
    mill.build()
    before = mill.public
    scandir = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("deep"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("os.scandir", refused)
    (mill.root / "content/deep").touch()
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/deep"]
    assert report.kept == ("debates/pond",)
    assert mill.public == before


def test_a_page_that_is_wrong_stays_as_it_was_unless_it_may_be_a_draft(mill: Mill, tmp_path: Path) -> None:
    mill.put("about.md", "+++\ntitle = 'About'\n+++\nWords of the page.\n")
    mill.build()
    before = mill.public
    mill.put("about.md", "+++\ntitel = 'About'\n+++\nOther words.\n")
    report = mill.build()
    assert report.kept == ("about.html",)
    assert mill.public == before
    for draft in (
        "+++\ndraft = tru\n+++\nWords.\n",
        "+++\ndraft = true\n\nWords.\n",
        "\n+++\ndraft = true\n+++\nWords.\n",
    ):
        mill.put("about.md", draft)
        assert len(mill.build().failures) == 1
        assert "about.html" not in mill.public
    mill.put("about.md", "+++\ntitle = 'About'\n+++\nWords of the page.\n")
    mill.assert_clean(tmp_path / "clean")


# -- other versions, other ledgers, other machines -----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["version", "ledger"])
def test_another_version_and_another_ledger_keep_it_too(mill: Mill, what: str, tmp_path: Path) -> None:
    mill.put("well.toml", '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n')
    mill.build()
    before = mill.public
    if what == "version":
        store = mill.root / ".rostra/editions.sqlite"
        about = store.stat()
        with sqlite3.connect(store) as base:
            base.execute("UPDATE stamp SET stamp = 'old'")
        base.close()
        os.utime(store, ns=(about.st_atime_ns, about.st_mtime_ns))
        (mill.root / ".rostra/editions.sqlite.left").write_text(f"{store.stat().st_size} {about.st_mtime_ns}")
    else:
        (mill.root / "rostra.ledger").write_text(mill.ledger + "# merged\n")
    mill.put("well.toml", '[[correction]]\npost = "p-well-2"\nwithdrawn = "asked"\n\n[[correction]]\noops = = 1\n')
    for _ in range(2):
        assert mill.build().kept == ("debates/well",)
        assert mill.public == before
        assert not list((mill.root / ".rostra").glob("*.before"))
    mill.remove("well.toml")
    mill.assert_clean(tmp_path / "clean")


def test_a_version_that_cannot_be_understood_leaves_nothing_to_keep(mill: Mill) -> None:
    store = mill.root / ".rostra/editions.sqlite"
    with sqlite3.connect(store) as base:
        base.execute("UPDATE stamp SET stamp = 'old'")
    base.close()
    (mill.root / ".rostra/editions.sqlite.left").write_text(f"{store.stat().st_size} {store.stat().st_mtime_ns}")
    for partition in (mill.root / ".rostra/partitions").iterdir():
        partition.write_bytes(b"\xc1" * partition.stat().st_size)
    mill.put("well.jsonl", b"")
    report = mill.build()
    assert report.kept == ()
    assert report.left_out[0].startswith("debates/well")
    assert report.threads == 4


def test_the_search_of_a_debate_that_fails_costs_links_only_and_is_tried_again(
    mill: Mill, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quoted = WORDS["third"].format("gate")
    mill.put("well.jsonl", lines("well", more=f"\n\n> {quoted}\n\nSo.", created="2024-06-01T09:00:00Z"))
    monkeypatch.setattr("rostra.crossrefs.resolve.sources", lambda *_: 1 / 0)
    report = mill.build()
    assert [failure.path for failure in report.failures] == ["content/gate.jsonl"]
    assert "third of gate" not in mill.page("well")
    assert "So." in mill.page("well")
    monkeypatch.undo()
    mill.assert_clean(tmp_path / "clean")
    assert "third of gate" in mill.page("well")


# -- what is no fault of a dump ------------------------------------------------------------------------------------------


def test_a_full_disk_is_no_dump_s_failure(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mill.public
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(*_: object) -> None:
        raise full

    mill.put("well.jsonl", lines("well", more="New."))
    with monkeypatch.context() as patch:
        patch.setattr("rostra.output.staging.Staging.put", refuse)
        with pytest.raises(OSError, match="No space"):
            mill.build()
        # A debate that is put in place while it is made.
        patch.setattr("rostra.system.workers.HUGE", 0)
        with pytest.raises(OSError, match="No space"):
            mill.build()
    with monkeypatch.context() as patch:
        patch.setattr("rostra.readers.posts.described_post", refuse)
        with pytest.raises(OSError, match="No space"):
            mill.build()
    assert mill.public == before


def test_a_disk_that_cannot_be_read_is_the_dump_s_failure(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mill.public

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    mill.put("well.jsonl", lines("well", more="New."))
    monkeypatch.setattr("rostra.readers.posts.described_post", refuse)
    report = mill.build()
    assert [(f.path, "Input/output error" in f.message, isinstance(f, Crash)) for f in report.failures] == [
        ("content/well.jsonl", True, False)
    ]
    assert mill.public == before


def test_a_huge_debate_whose_pages_fail_half_way_stays_as_it_was(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mill.public
    monkeypatch.setattr("rostra.system.workers.HUGE", 0)
    # The page is made before the thread document is.
    mill.put("well.jsonl", lines("well", more="New."))
    from rostra.render.pages import thread_files

    def half(site: Any, edition: Any, layouts: Any, links: Any) -> Iterator[Any]:
        for n, each in enumerate(thread_files(site, edition, layouts, links)):
            if edition.thread.id == "well" and n == 1:
                raise ZeroDivisionError
            yield each

    monkeypatch.setattr("rostra.build.making.pages.thread_files", half)
    report = mill.build()
    assert report.kept == ("debates/well",)
    assert mill.public == before
    # Where its text is what it was, the pages that were made are taken back.
    mill.put("well.jsonl", lines("well"))
    override(mill, "", "Newly")
    assert mill.build().kept == ("debates/well",)
    assert {p: s for p, s in mill.public.items() if p.startswith("debates/well/")} == {
        p: s for p, s in before.items() if p.startswith("debates/well/")
    }
    assert "Newly" in mill.page("gate")


def test_what_is_no_fault_of_a_thread_passes_for_none() -> None:
    def fails(error: Exception) -> None:
        raise error

    for error in (UsageError("redacted"), OSError(errno.EIO, "broken"), ValueError("x")):
        failed = attempt("it", fails, error)
        assert isinstance(failed, Failed)
        with pytest.raises(type(error)):
            attempt("it", fails, Ours(error))
    for passed in (Damaged(), OSError(errno.ENOSPC, "full")):
        with pytest.raises(type(passed)):
            attempt("it", fails, passed)
    told: list[Any] = []
    with pytest.raises(KeyError), attempting("it", told.append, KeyError):
        raise KeyError
    with attempting("it", told.append, KeyError):
        raise IndexError
    assert [type(each) for each in told] == [Crash]
    long = attempt("it", fails, ValueError("x" * 201))
    assert isinstance(long, Failed)
    assert long.error.message == f"it failed: ValueError: {'x' * 200}"


# -- at random -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 2])
def test_whatever_fails_and_is_mended_a_rebuild_gives_what_a_clean_build_gives(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    chance = archive.chance

    def build() -> Any:
        site = load_site(archive.root)
        return rebuild(site, lambda standing: whole_build(site, standing=standing))

    build()
    for step in range(2):
        mended: list[tuple[Path, bytes | None]] = []
        for _ in range(3):
            archive.change()
            dump = chance.choice(archive.dumps())
            card = dump.with_suffix(".toml")
            for path, said in ((dump, b""), (card, b"oops = = 1\n")):
                if chance.random() < 0.4 and path not in [each for each, _ in mended]:
                    mended.append((path, path.read_bytes() if path.exists() else None))
                    path.write_bytes(said)
            build()
        for path, was in mended:
            # It may have been renamed or deleted meanwhile.
            if path.exists() and path.read_bytes() in (b"", b"oops = = 1\n"):
                path.unlink() if was is None else path.write_bytes(was)
        again = build()
        target = copied(archive.root, tmp_path / f"clean-{step}")
        fresh = whole_build(load_site(target))
        assert files(archive.root / "public") == files(target / "public"), (seed, step)
        assert [str(each) for each in again.failures] == [str(each) for each in fresh.failures]
