"""The journal says what will be placed and removed before anything is, and whoever finds one carries it out or keeps it."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from rostra.errors import Disturbed, RostraError, UsageError
from rostra.output.journal import (
    COPIED,
    JOURNAL,
    PART,
    STAGING,
    Heading,
    JournalStep,
    carry_out,
    place_file,
    recover,
    refuse_pending,
    write_journal,
)
from rostra.output.manifest import MANIFEST, listed_files, note_owned
from support.changing_site import files


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def fill(folder: Path, **texts: str) -> None:
    """Files by their path, in which ``__`` is a slash."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def place(path: str, text: str) -> JournalStep:
    return JournalStep(path, digest(text))


def journal(
    folder: Path, steps: Iterable[JournalStep], *, whole: bool = True, ledger: tuple[str, str, str] | None = None
) -> Path:
    """A journal in the cache folder ``kept`` about the folder ``public``."""
    kept = folder / "kept"
    (kept / STAGING).mkdir(parents=True, exist_ok=True)
    (folder / "public").mkdir(exist_ok=True)
    write_journal(kept, Heading("../public", whole, ledger), steps)
    return kept


def known(folder: Path, **texts: str) -> None:
    """Files that an earlier build placed."""
    fill(folder / "public", **texts)
    said = "".join(f"{digest(text)}  {name.replace('__', '/')}\n" for name, text in texts.items())
    (folder / "public" / MANIFEST).write_text(said)
    (folder / "kept").mkdir(exist_ok=True)
    note_owned(folder / "public", folder / "kept")


def test_a_journal_is_a_heading_and_a_line_for_each_step_and_replaces_the_last_one(tmp_path: Path) -> None:
    kept = journal(tmp_path, [JournalStep("gone")])
    (kept / f"{JOURNAL}{PART}").mkdir()
    (kept / f"{JOURNAL}{PART}/left").write_text("of a build that died")
    write_journal(
        kept, Heading("../public", True, ("../ledger", "1", "2")), [JournalStep("gone"), JournalStep("a", "3")]
    )
    assert (kept / JOURNAL).read_text().splitlines() == [
        '{"output":"../public","whole":true,"ledger":["../ledger","1","2"]}',
        '["gone",""]',
        '["a","3"]',
    ]
    assert sorted(path.name for path in kept.iterdir()) == [JOURNAL, STAGING]


def test_a_journal_is_on_the_disk_before_it_has_its_name_and_its_name_before_anything_is_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    done: list[tuple[bool, int, bool]] = []
    closed: list[int] = []
    close = os.close

    def note(file: int) -> None:
        seen = os.fstat(file)
        is_folder = stat.S_ISDIR(seen.st_mode)
        done.append((is_folder, 0 if is_folder else seen.st_size, (tmp_path / "kept" / JOURNAL).exists()))

    def note_closed(file: int) -> None:
        closed.append(file)
        close(file)

    monkeypatch.setattr("os.fsync", note)
    monkeypatch.setattr("os.close", note_closed)
    write_journal(tmp_path / "kept", Heading("../public", True), [JournalStep("a", "1")])
    monkeypatch.undo()
    size = (tmp_path / "kept" / JOURNAL).stat().st_size
    assert done == [(False, size, False), (True, 0, True)]
    assert len(closed) == 1


def test_a_system_that_opens_no_folder_has_a_journal_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()

    def refuse(*_: object) -> int:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    write_journal(tmp_path / "kept", Heading("../public", True), [])
    monkeypatch.undo()
    assert (tmp_path / "kept" / JOURNAL).is_file()


def test_what_is_removed_and_placed_is_exactly_what_the_journal_says(tmp_path: Path) -> None:
    fill(tmp_path / "public", a__b__gone="x", a__stays="mine", c__d__gone="x", same="old")
    fill(tmp_path / "kept" / STAGING, same="new", e__f__new="new", unlisted="never")
    steps = [JournalStep("a/b/gone"), JournalStep("c/d/gone"), place("same", "new"), place("e/f/new", "new")]
    kept = journal(tmp_path, steps)
    carry_out(kept)
    assert files(tmp_path / "public") == {"a/stays": b"mine", "same": b"new", "e/f/new": b"new"}
    # Folders that became empty are gone, the output itself never.
    assert not (tmp_path / "public/a/b").exists()
    assert not (tmp_path / "public/c").exists()
    assert not (kept / JOURNAL).exists()


def test_the_output_stays_when_its_last_file_goes(tmp_path: Path) -> None:
    fill(tmp_path / "public", deep__gone="x")
    carry_out(journal(tmp_path, [JournalStep("deep/gone"), JournalStep("never"), JournalStep("deep/gone/there")]))
    assert list((tmp_path / "public").iterdir()) == []
    assert tmp_path.is_dir()


def test_a_folder_that_came_where_a_file_goes_is_left(tmp_path: Path) -> None:
    fill(tmp_path / "public", page__index="new")
    (tmp_path / "public/empty").mkdir()
    carry_out(journal(tmp_path, [JournalStep("page"), JournalStep("empty")]))
    assert files(tmp_path / "public") == {"page/index": b"new"}
    assert (tmp_path / "public/empty").is_dir()


def test_only_a_journal_of_a_whole_site_ends_and_makes_its_files_ours(tmp_path: Path) -> None:
    said = f"{digest('new')}  new\n"
    for whole in (False, True):
        fill(tmp_path / "kept" / STAGING, new="new", SHA256SUMS=said)
        kept = journal(tmp_path, [place("new", "new"), place(MANIFEST, said)], whole=whole)
        carry_out(kept)
        assert (tmp_path / "public/new").read_text() == "new"
        assert (kept / JOURNAL).exists() == (not whole)
        assert listed_files(tmp_path / "public", kept) == ({"new": digest("new")} if whole else {})


def test_a_file_that_an_earlier_journal_of_the_build_placed_counts_as_placed(tmp_path: Path) -> None:
    fill(tmp_path / "public", early="new", other="strange")
    carry_out(journal(tmp_path, [place("early", "new")]))
    assert (tmp_path / "public/early").read_text() == "new"
    for path in ("other", "nowhere"):
        with pytest.raises(Disturbed, match=f"^{path} was lost while files were placed\nhint: build again$"):
            carry_out(journal(tmp_path, [place(path, "new")]))


@pytest.mark.parametrize("staged", ["new", "torn", None])
@pytest.mark.parametrize("there", ["new", "old", "strange", None])
def test_after_a_crash_only_what_has_its_digest_is_placed_and_no_stranger_s_file_replaced(
    tmp_path: Path, staged: str | None, there: str | None
) -> None:
    known(tmp_path, **({"page": "old"} if there == "old" else {}), last="last")
    if there:
        fill(tmp_path / "public", page=there)
    if staged:
        fill(tmp_path / "kept" / STAGING, page=staged)
    kept = journal(tmp_path, [JournalStep("last"), place("page", "new")])
    if staged == "new" and there == "strange":
        with pytest.raises(UsageError, match="public/page is in the way"):
            recover(kept, None)
        assert (kept / JOURNAL).exists()
        assert (tmp_path / "public/page").read_text() == "strange"
        return
    assert recover(kept, None)
    placed = "new" in (staged, there)
    assert (kept / JOURNAL).exists() == (not placed)
    now = files(tmp_path / "public")
    said = "new" if placed else there
    assert now.get("page") == (said and said.encode())
    assert "last" not in now
    assert not (kept / STAGING).exists()
    if not placed:
        assert listed_files(tmp_path / "public", kept)["page"] == digest("new")


def test_what_could_not_be_placed_is_ours_and_what_was_to_go_is_no_more_so_than_before(tmp_path: Path) -> None:
    known(tmp_path, old="old")
    kept = journal(tmp_path, [JournalStep("gone"), JournalStep("old"), place("lost", "new")])
    assert recover(kept, None)
    assert listed_files(tmp_path / "public", kept) == {"old": digest("old"), "lost": digest("new")}


def test_pages_shown_early_are_ours_and_their_journal_stays(tmp_path: Path) -> None:
    fill(tmp_path / "kept" / STAGING, page="new")
    kept = journal(tmp_path, [place("page", "new")], whole=False)
    assert recover(kept, None)
    # It is not carried out: the build that follows makes the page again.
    assert files(tmp_path / "public") == {}
    assert listed_files(tmp_path / "public", kept) == {"page": digest("new")}
    assert (kept / JOURNAL).exists()


def test_a_link_in_place_of_a_file_that_goes_is_removed_and_not_followed(tmp_path: Path) -> None:
    known(tmp_path, gone="old")
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "public/gone").unlink()
    (tmp_path / "public/gone").symlink_to("../precious")
    assert recover(journal(tmp_path, [JournalStep("gone")]), None)
    assert not os.path.lexists(tmp_path / "public/gone")
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("step", [JournalStep("a/gone"), place("a/new", "new")])
def test_nothing_is_placed_or_removed_through_a_link_after_a_crash(tmp_path: Path, step: JournalStep) -> None:
    known(tmp_path, a__gone="old")
    fill(tmp_path / "kept" / STAGING, a__new="new")
    (tmp_path / "public/a").rename(tmp_path / "elsewhere")
    (tmp_path / "public/a").symlink_to("../elsewhere")
    with pytest.raises(UsageError, match="public/a is a link"):
        recover(journal(tmp_path, [step]), None)
    assert files(tmp_path / "elsewhere") == {"gone": b"old"}


def test_a_file_of_ours_that_came_back_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    known(tmp_path, page="old")
    fill(tmp_path / "kept" / STAGING, page__index="new")
    with pytest.raises(RostraError, match=r"interrupted .* cannot be completed: .*exists"):
        recover(journal(tmp_path, [place("page/index", "new")]), None)
    assert (tmp_path / "public/page").read_text() == "old"


def test_a_file_where_a_folder_is_needed_gives_way_if_it_is_ours(tmp_path: Path) -> None:
    known(tmp_path, page="old")
    fill(tmp_path / "kept" / STAGING, page__index="new")
    kept = journal(tmp_path, [JournalStep("page"), place("page/index", "new")])
    assert recover(kept, None)
    assert files(tmp_path / "public").keys() == {"page/index", MANIFEST}


LEDGERS = ("old", "new", "other", None)


@pytest.mark.parametrize("there", LEDGERS)
@pytest.mark.parametrize("part", LEDGERS)
@pytest.mark.parametrize("before", ["old", ""])
def test_a_ledger_is_replaced_only_by_the_one_that_was_written_and_only_if_nobody_changed_it(
    tmp_path: Path, there: str | None, part: str | None, before: str
) -> None:
    ledger = tmp_path / "ledger"
    if there:
        ledger.write_text(there)
    if part:
        (tmp_path / f"ledger{PART}").write_text(part)
    kept = journal(tmp_path, [], ledger=("../ledger", digest(before) if before else "", digest("new")))
    is_as_before = there == before if before else there is None
    replaced = there == "new" or (is_as_before and part == "new")
    if replaced:
        carry_out(kept)
        assert ledger.read_text() == "new"
        return
    with pytest.raises(Disturbed, match=r"^ledger was lost while files were placed\nhint: build again$"):
        carry_out(kept)
    assert (kept / JOURNAL).exists()
    assert (ledger.read_text() if ledger.exists() else None) == there


def test_what_a_dead_build_left_is_discarded_with_or_without_a_journal(tmp_path: Path) -> None:
    kept, ledger = tmp_path / "kept", tmp_path / "ledger"
    for marked in (False, True):
        fill(tmp_path, kept__staging__x="x", kept__journal__part="x")
        shutil.rmtree(kept / JOURNAL)
        (kept / f"{JOURNAL}{PART}").write_text("half")
        (tmp_path / f"ledger{PART}").write_text("new")
        ledger.write_text("old")
        if marked:
            journal(tmp_path, [])
            (kept / f"{JOURNAL}{PART}").write_text("half")
        assert recover(kept, ledger) == marked
        assert sorted(path.name for path in kept.iterdir()) in ([], [MANIFEST])
        assert not (tmp_path / f"ledger{PART}").exists()
        assert ledger.read_text() == "old"
    # One that is not named, or is no file, is not ours to discard.
    (tmp_path / f"ledger{PART}").mkdir()
    assert not recover(kept, None)
    assert not recover(kept, ledger)
    assert (tmp_path / f"ledger{PART}").is_dir()


@pytest.mark.parametrize(
    "said", [b"", b"[]\n", b"{}\n", b"\xff", b'{"output": "../public"}\n', b'{"output": 1, "whole": true}\n']
)
def test_what_is_no_journal_is_discarded_and_counts_as_an_interrupted_build(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / JOURNAL).write_bytes(said)
    assert recover(tmp_path / "kept", None)
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize("linked", [False, True])
def test_a_journal_that_is_a_folder_or_leads_nowhere_is_one_until_a_build_discards_it(
    tmp_path: Path, linked: bool
) -> None:
    (tmp_path / "kept").mkdir()
    place = tmp_path / "kept" / JOURNAL
    place.symlink_to("nowhere") if linked else place.mkdir()
    with pytest.raises(RostraError, match="did not finish"):
        refuse_pending(tmp_path / "kept", "public")
    assert recover(tmp_path / "kept", None)
    refuse_pending(tmp_path / "kept", "public")


def test_the_steps_before_a_damaged_line_are_known(tmp_path: Path) -> None:
    kept = journal(tmp_path, [place("a", "1"), place("b", "2"), place("c", "3")])
    lines = (kept / JOURNAL).read_bytes().splitlines(keepends=True)
    lines[2] = b'["b", 2]\n'
    (kept / JOURNAL).write_bytes(b"".join(lines))
    fill(kept / STAGING, a="1")
    assert recover(kept, None)
    assert listed_files(tmp_path / "public", kept) == {"a": digest("1")}


def test_a_site_that_is_being_placed_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    refuse_pending(tmp_path / "kept", "public")
    kept = journal(tmp_path, [])
    with pytest.raises(RostraError, match="a build did not finish placing files") as raised:
        refuse_pending(kept, "public")
    assert raised.value.path == "public"
    assert "`rostra build`" in (raised.value.hint or "")


def test_a_file_that_cannot_be_placed_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "kept" / STAGING, page="new")
    kept = journal(tmp_path, [place("page", "new")])

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(
        RostraError, match=r"interrupted while it placed files, and cannot be completed: .*No space"
    ) as raised:
        recover(kept, None)
    assert f"{tmp_path / 'public'} is writable; delete {kept / STAGING}" in (raised.value.hint or "")
    assert (kept / STAGING / "page").exists()


def other_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is staged cannot be renamed into the output."""
    replace = os.replace

    def replaced(source: str, target: str) -> None:
        if STAGING in str(source):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr("os.replace", replaced)


def test_from_another_disk_a_file_is_copied_and_renamed_with_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, staging__page="new", public__a__page="old")
    os.utime(tmp_path / "staging/page", (1e9, 1e9))
    other_disk(monkeypatch)
    # What lies where the copy is made was left by a build that died, or leads elsewhere.
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "public/a" / COPIED).symlink_to("../../precious")
    place_file(str(tmp_path / "staging/page"), str(tmp_path / "public/a/page"))
    assert files(tmp_path / "public") == {"a/page": b"new"}
    assert (tmp_path / "public/a/page").stat().st_mtime == 1e9
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("disk", ["same", "other"])
def test_empty_folders_give_way_to_a_file_and_full_ones_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str
) -> None:
    fill(tmp_path, staging__page="new")
    if disk == "other":
        other_disk(monkeypatch)
    (tmp_path / "public/page/deep/er").mkdir(parents=True)
    place_file(str(tmp_path / "staging/page"), str(tmp_path / "public/page"))
    assert (tmp_path / "public/page").read_text() == "new"
    fill(tmp_path, staging__page="new", public__full__own="mine")
    with pytest.raises(OSError, match="not empty"):
        place_file(str(tmp_path / "staging/page"), str(tmp_path / "public/full"))
    assert (tmp_path / "public/full/own").read_text() == "mine"


def test_any_other_failure_to_place_a_file_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, staging__page="new", public__page="old")
    tries = 0

    def refuse(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise OSError(errno.EROFS, "Read-only file system")

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "public/linked").symlink_to("../elsewhere")
    monkeypatch.setattr("os.replace", refuse)
    for number, name in enumerate(("page", "linked"), 1):
        with pytest.raises(OSError, match="Read-only"):
            place_file(str(tmp_path / "staging/page"), str(tmp_path / "public" / name))
        assert tries == number
    assert (tmp_path / "elsewhere").is_dir()
    assert (tmp_path / "public/page").read_text() == "old"


def test_a_folder_that_the_site_lacks_is_placed_with_all_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "kept" / STAGING, a__b__one="1", a__b__c__two="2", a__three="3", there__four="4", there__d__five="5", six="6")  # fmt: skip
    fill(tmp_path / "public", there__old="old")
    paths = {"a/b/one": "1", "a/b/c/two": "2", "a/three": "3", "there/four": "4", "there/d/five": "5", "six": "6"}
    kept = journal(tmp_path, map(place, paths, paths.values()))
    calls = list[tuple[str, str]]()

    def note(name: str, call: Callable[[str, str], None], source: str, target: str) -> None:
        call(source, target)
        calls.append((name, str(Path(target).relative_to(tmp_path))))

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, partial(note, name, getattr(os, name)))
    carry_out(kept)
    monkeypatch.undo()
    assert [call for call in calls if call[1].startswith("public/")] == [
        ("rename", "public/a"),
        ("replace", "public/there/four"),
        ("rename", "public/there/d"),
        ("replace", "public/six"),
    ]
    assert files(tmp_path / "public") == {path: said.encode() for path, said in (paths | {"there/old": "old"}).items()}


def test_after_a_crash_no_folder_is_placed_with_what_a_power_failure_left_of_it(tmp_path: Path) -> None:
    fill(tmp_path / "kept" / STAGING, a__one="1", a__two="torn")
    known(tmp_path, old="old")
    kept = journal(tmp_path, [place("a/one", "1"), place("a/two", "2")])
    assert recover(kept, None)
    assert files(tmp_path / "public").keys() - {MANIFEST} == {"old", "a/one"}


def test_the_output_is_made_wherever_it_is(tmp_path: Path) -> None:
    fill(tmp_path / "kept" / STAGING, one="1")
    kept = journal(tmp_path, [])
    write_journal(kept, Heading("../of/all/sites", whole=False), [place("one", "1")])
    for _ in range(2):
        carry_out(kept)
        assert files(tmp_path / "of/all/sites") == {"one": b"1"}


def test_a_file_that_is_not_in_the_folder_that_was_placed_is_lost(tmp_path: Path) -> None:
    fill(tmp_path / "kept" / STAGING, a__one="1")
    with pytest.raises(Disturbed, match=r"^a/two was lost while files were placed\n"):
        carry_out(journal(tmp_path, [place("a/one", "1"), place("a/two", "2")]))


def test_a_folder_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "kept" / STAGING, a__b__one="1", a__b__two="2", c__three="3", four="4")
    kept = journal(tmp_path, [place("a/b/one", "1"), place("a/b/two", "2"), place("c/three", "3"), place("four", "4")])
    again: list[str] = []
    mkdir = Path.mkdir

    def note(self: Path, *args: object, **named: object) -> None:
        if self.is_dir():
            again.append(self.relative_to(tmp_path).as_posix())
        mkdir(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", note)
    carry_out(kept)
    monkeypatch.undo()
    # The output is there, and nobody looked before.
    assert again == ["public"]
    assert set(files(tmp_path / "public")) == {"a/b/one", "a/b/two", "c/three", "four"}
