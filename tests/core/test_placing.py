"""What a writer takes, keeps, copies and shows early, at the bounds of each; and what is known of a folder afterwards."""

from __future__ import annotations

import marshal
import os
import time
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rostra.errors import UsageError
from rostra.output import journal, manifest
from rostra.output.journal import JOURNAL, PART, STAGING
from rostra.output.manifest import (
    FEED,
    MANIFEST,
    Standing,
    listed_files,
    note_also,
    note_owned,
    owned,
    parse_manifest,
    read_manifest,
)
from rostra.output.report import Written
from rostra.output.staging import OutputFile, StagedFile
from rostra.output.writer import Writer, sizes
from support.changing_site import files
from support.plain_site import fill, listing, sha

SITE = {"index.html": b"index", "a/b.html": b"page", FEED: b"<generator>Rostra</generator>"}


def writer(folder: Path, standing: Standing | None = None) -> Writer:
    return Writer(folder / "public", folder / "kept", standing)


def write(folder: Path, site: dict[str, bytes]) -> Written:
    with writer(folder) as made:
        for path, content in site.items():
            made.put(OutputFile(path, content))
    assert made.written
    return made.written


def present(folder: Path) -> dict[str, bytes]:
    return {path: said for path, said in files(folder / "public").items() if path != MANIFEST}


# What is taken and kept.


def test_what_an_earlier_build_left_staged_is_not_placed(tmp_path: Path) -> None:
    fill(tmp_path / "kept" / STAGING, {"old.html": b"old", "index.html": b"old"})
    assert write(tmp_path, SITE) == Written(files=4, changed=tuple(sorted(SITE)), removed=())
    assert present(tmp_path) == SITE
    assert not (tmp_path / "kept" / STAGING).exists()


def test_what_somebody_looked_up_is_not_looked_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, SITE)
    standing = Standing(tmp_path / "public", tmp_path / "kept")
    assert standing.listed.keys() == SITE.keys()
    monkeypatch.setattr(manifest, "owned", lambda *_: pytest.fail("it was looked up again"))
    with writer(tmp_path, standing) as made:
        assert made.keep({path: sha(content) for path, content in SITE.items()})


def refusing(word: bytes, seen: list[str]) -> Any:
    """A guard against a word."""

    def guard(path: str, content: bytes) -> None:
        seen.append(path)
        if word in content:
            raise UsageError(f"{path} holds it")

    return guard


@pytest.mark.parametrize("there", [True, False])
def test_a_guard_reads_every_file_whether_it_is_new_or_as_it_was(tmp_path: Path, there: bool) -> None:
    site = SITE | {"x.html": b"the secret"}
    if there:
        write(tmp_path, site)
    seen: list[str] = []
    with pytest.raises(UsageError, match=r"x\.html holds it"), writer(tmp_path) as made:  # noqa: PT012  # what raises is the last of them
        made.forbid(refusing(b"secret", seen))
        for path, content in site.items():
            made.put(OutputFile(path, content))
    assert seen == list(site)
    assert present(tmp_path) == (site if there else {})


def test_a_guard_reads_what_is_kept_and_refuses_all_of_it_together(tmp_path: Path) -> None:
    site = SITE | {"x.html": b"the secret"}
    write(tmp_path, site)
    digests = {path: sha(content) for path, content in site.items()}
    seen: list[str] = []
    with writer(tmp_path) as made:
        made.forbid(refusing(b"secret", seen))
        assert not made.keep_allowed(digests)
        assert not any(made.has(path) for path in site)
        assert made.keep_allowed({path: digests[path] for path in SITE})
        # What is not as it was is not even read.
        seen.clear()
        assert not made.keep_allowed(digests | {"index.html": sha(b"other")})
        assert not made.keep_allowed({"never.html": sha(b"")})
        assert seen == []
    assert present(tmp_path) == SITE
    with writer(tmp_path) as made:
        assert made.keep_allowed({path: digests[path] for path in SITE})


def test_nothing_is_kept_that_somebody_changed(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    (tmp_path / "public/index.html").write_bytes(b"by hand")
    with writer(tmp_path) as made:
        assert not made.keep({"index.html": sha(b"index"), "a/b.html": sha(b"page")})
        assert not made.keep({"a/b.html": sha(b"other")})
        assert made.keep({"a/b.html": sha(b"page")})
        assert (made.has("a/b.html"), made.has("index.html")) == (True, False)
        assert (made.digest("a/b.html"), made.digest("index.html")) == (sha(b"page"), None)


@pytest.mark.parametrize("pieces", [(0, 4), (0, 2, 4)])
def test_one_path_is_taken_once_in_one_call_or_in_two(tmp_path: Path, pieces: tuple[int, ...]) -> None:
    staged = [StagedFile(path, sha(b""), is_new=False) for path in ("b.html", "a.html", "c.html", "a.html")]
    with pytest.raises(UsageError, match=r"two files have the address 'a\.html'") as raised:
        take(tmp_path, *(staged[a:b] for a, b in pairwise(pieces)))
    assert "another `id`" in (raised.value.hint or "")
    assert not (tmp_path / "public").exists()


def take(folder: Path, *staged: list[StagedFile]) -> None:
    with writer(folder) as made:
        for some in staged:
            made.take(some)


def test_what_is_ours_is_known_before_anything_is_placed(tmp_path: Path) -> None:
    """A page that is placed early makes the manifest of the output another one's."""
    write(tmp_path, SITE)
    for way in ("put", "adopt"):
        fill(tmp_path, {"kept/made": b"made"})
        with writer(tmp_path) as made:
            if way == "put":
                made.put(OutputFile("index.html", b"made"))
            else:
                made.adopt("index.html", tmp_path / "kept/made", sha(b"made"))
            (tmp_path / "kept" / MANIFEST).unlink()
            (tmp_path / "public" / MANIFEST).unlink()
            made.put(OutputFile(FEED, SITE[FEED]))
        assert present(tmp_path) == {"index.html": b"made", FEED: SITE[FEED]}
        write(tmp_path, SITE)


# What is copied and adopted.


def copy(folder: Path, original: Path, digest: str, path: str = "dumps/a.bin") -> Written:
    with writer(folder) as made:
        if not made.keep({path: digest}):
            made.receive([made.staged.copy(path, str(original), digest)])
    assert made.written
    return made.written


def test_a_dump_is_copied_where_the_output_has_another_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = tmp_path / "a.bin"
    dump.write_bytes(b"12345")
    assert copy(tmp_path, dump, sha(b"12345")).changed == ("dumps/a.bin",)
    copied = 0

    def count(original: Path, target: Path) -> None:
        nonlocal copied
        target.write_bytes(original.read_bytes())
        copied += 1

    monkeypatch.setattr("rostra.output.staging.copy_file", count)
    with monkeypatch.context() as patched:
        patched.setattr(
            "rostra.output.staging.digest_of",
            lambda path: manifest.digest_of(path) if path.name == MANIFEST else pytest.fail("it was read"),
        )
        assert copy(tmp_path, dump, sha(b"12345")).touched == ()
    # The very bytes, though the list of what is ours is lost.
    (tmp_path / "kept" / MANIFEST).unlink()
    (tmp_path / "public" / MANIFEST).unlink()
    assert copy(tmp_path, dump, sha(b"12345")).changed == ()
    assert copied == 0
    # As many bytes, and others; and others, of another length.
    for number, said in enumerate((b"54321", b"1234"), 1):
        (tmp_path / "public/dumps/a.bin").write_bytes(said)
        assert copy(tmp_path, dump, sha(b"12345")).changed == ("dumps/a.bin",)
        assert copied == number
    assert (tmp_path / "public/dumps/a.bin").read_bytes() == b"12345"


def test_a_link_to_a_dump_is_no_copy_of_it(tmp_path: Path) -> None:
    dump = tmp_path / "a.bin"
    dump.write_bytes(b"before")
    copy(tmp_path, dump, sha(b"before"))
    # As many bytes as the link itself has.
    dump.write_bytes(b"../../a.bin")
    (tmp_path / "public/dumps/a.bin").unlink()
    (tmp_path / "public/dumps/a.bin").symlink_to("../../a.bin")
    assert copy(tmp_path, dump, sha(b"../../a.bin")).changed == ("dumps/a.bin",)
    assert not (tmp_path / "public/dumps/a.bin").is_symlink()


def test_a_dump_that_is_saved_again_meanwhile_is_listed_as_it_is(tmp_path: Path) -> None:
    dump = tmp_path / "a.bin"
    dump.write_bytes(b"later")
    copy(tmp_path, dump, sha(b"before"))
    assert read_manifest(tmp_path / "public") == {"dumps/a.bin": sha(b"later")}


def test_what_was_made_elsewhere_is_moved(tmp_path: Path) -> None:
    fill(tmp_path, {"kept/deep/made": b"made"})
    with writer(tmp_path) as made:
        made.adopt("x/y/z.bin", tmp_path / "kept/deep/made", sha(b"made"))
        assert made.digest("x/y/z.bin") == sha(b"made")
        with pytest.raises(UsageError, match="two files"):
            made.adopt("x/y/z.bin", tmp_path / "kept/deep/made", sha(b"made"))
    assert present(tmp_path) == {"x/y/z.bin": b"made"}
    assert not (tmp_path / "kept/deep/made").exists()


def test_what_is_staged_and_not_taken_is_not_placed(tmp_path: Path) -> None:
    """A page that fails may have staged some of its files."""
    for early in (True, False):
        with writer(tmp_path / str(early)) as made:
            made.put(OutputFile("debates/gate/index.html", b"page"))
            made.staged.put(OutputFile("debates/gate/data.json", b"half"))
            made.staged.put(OutputFile("debates/mill/index.html", b"half"))
            if early:
                assert made.place() == ("debates/gate/index.html",)
        assert present(tmp_path / str(early)) == {"debates/gate/index.html": b"page"}


# What is placed, early and at the end.


def test_what_is_shown_early_is_told_once_and_not_staged_again(tmp_path: Path) -> None:
    write(tmp_path, {"x": b"page", "y/old.html": b"old", "gone.html": b"gone"})
    with writer(tmp_path) as made:
        assert made.place() == ()
        assert not (tmp_path / "kept" / JOURNAL).exists()
        made.put(OutputFile("z.html", b"z"))
        made.put(OutputFile("x/index.html", b"page"))
        assert made.place() == ("x/index.html", "z.html")
        lines = (tmp_path / "kept" / JOURNAL).read_text().splitlines()
        assert '"whole":false' in lines[0]
        # What gives way goes first.
        assert [line.partition(",")[0] for line in lines[1:]] == ['["x"', '["z.html"', '["x/index.html"']
        made.put(OutputFile("a.html", b"a"))
        assert made.place() == ("a.html", "x/index.html", "z.html")
        assert made.place() == ("a.html", "x/index.html", "z.html")
        made.put(OutputFile("last.html", b"last"))
    assert made.written == Written(
        files=5, changed=("a.html", "last.html", "x/index.html", "z.html"), removed=("gone.html", "x", "y/old.html")
    )
    assert present(tmp_path) == {"z.html": b"z", "x/index.html": b"page", "a.html": b"a", "last.html": b"last"}
    assert not (tmp_path / "kept" / JOURNAL).exists()


def test_the_paths_that_go_are_told_sorted(tmp_path: Path) -> None:
    names = [f"{n}.html" for n in (3, 1, 4, 15, 9, 2, 6, 5)]
    write(tmp_path, dict.fromkeys(names, b"x"))
    assert write(tmp_path, {"0.html": b""}).removed == tuple(sorted(names))


@pytest.mark.parametrize("name", ["ü.html", "名.html"])
def test_the_list_is_utf_8_whatever_the_system_speaks(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "ascii", raising=False)
    opened: list[dict[str, Any]] = []
    open_ = Path.open

    def note(self: Path, *given: Any, **named: Any) -> Any:
        if self.name == MANIFEST and "encoding" in named:
            opened.append(named)
        return open_(self, *given, **named)

    monkeypatch.setattr(Path, "open", note)
    write(tmp_path, {name: b"x"})
    assert dict(sizes(tmp_path / "public")) == {name: 1}
    assert opened == [{"encoding": "utf-8", "newline": "\n"}, {"encoding": "utf-8"}]
    assert (tmp_path / "public" / MANIFEST).read_bytes() == f"{sha(b'x')}  {name}\n".encode()


def test_a_ledger_comes_with_the_site_though_nothing_else_changed(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    ledger = tmp_path / "ledger"
    for said in ("new", "newer"):
        ledger.with_name(f"ledger{PART}").write_text(said)
        with writer(tmp_path) as made:
            for path, content in SITE.items():
                made.put(OutputFile(path, content))
            made.renew(ledger)
        assert made.written
        assert made.written.touched == ()
        assert ledger.read_text() == said
        assert not ledger.with_name(f"ledger{PART}").exists()


def test_a_ledger_does_not_come_with_a_page_that_is_shown_early(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    ledger.write_text("old")
    ledger.with_name(f"ledger{PART}").write_text("new")
    with writer(tmp_path) as made:
        made.renew(ledger)
        made.put(OutputFile("index.html", b"index"))
        made.place()
        assert ledger.read_text() == "old"
    assert ledger.read_text() == "new"


def test_a_file_of_ours_goes_though_the_list_lacks_it_already(tmp_path: Path) -> None:
    write(tmp_path, SITE | {"gone.html": b"gone"})
    (tmp_path / "public" / MANIFEST).write_bytes(listing(SITE))
    assert write(tmp_path, SITE) == Written(files=4, changed=(), removed=("gone.html",))
    assert present(tmp_path) == SITE


@pytest.mark.parametrize(
    ("old", "new"), [("Page/a.html", "page/a.html"), ("straße.html", "Straße.html"), ("ǅ.html", "ǅ.HTML")]
)
def test_where_case_makes_no_difference_a_file_stays_under_its_new_name_and_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    write(tmp_path, {old: b"page", "other/b.html": b"other"})
    monkeypatch.setattr(Path, "samefile", lambda path, other: str(path).lower() == str(other).lower() and path != other)
    assert write(tmp_path, {new: b"page"}).removed == ("other/b.html",)


def test_a_site_of_which_a_file_goes_or_changes_is_listed_anew(tmp_path: Path) -> None:
    for site in (SITE, {FEED: SITE[FEED]}, SITE, SITE | {"index.html": b"other"}):
        write(tmp_path, site)
        assert read_manifest(tmp_path / "public") == {path: sha(content) for path, content in site.items()}
        assert dict(sizes(tmp_path / "public")) == {path: len(content) for path, content in site.items()}


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_staged_stays_only_where_a_journal_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    write(tmp_path, SITE)

    def fail(*_: object) -> None:
        raise OSError("the disk fails")

    monkeypatch.setattr(journal, "write_journal" if when == "before" else "carry_out", fail)
    with pytest.raises(OSError, match="the disk fails"):
        write(tmp_path, SITE | {"new.html": b"new"})
    assert (tmp_path / "kept" / JOURNAL).exists() == (when == "after")
    assert (tmp_path / "kept" / STAGING / "new.html").exists() == (when == "after")
    assert present(tmp_path) == SITE


def test_what_is_staged_goes_with_a_build_that_fails_while_an_early_page_has_a_journal(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer(tmp_path) as made:  # noqa: PT012  # what raises is the last of them
        made.put(OutputFile("early.html", b"early"))
        made.place()
        made.put(OutputFile("late.html", b"late"))
        raise ZeroDivisionError
    assert (tmp_path / "kept" / JOURNAL).exists()
    assert not (tmp_path / "kept" / STAGING).exists()
    assert made.written is None


def test_staging_that_is_gone_is_no_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer(tmp_path) as made:  # noqa: PT012  # as above
        made.staging.rmdir()
        raise ZeroDivisionError
    assert not made.staging.exists()


def test_a_build_in_which_all_is_in_place_ends_the_journal_of_another(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    journal.write_journal(tmp_path / "kept", journal.Heading("../public", whole=False), [])
    (tmp_path / "kept" / MANIFEST).unlink()
    assert write(tmp_path, SITE).touched == ()
    assert not (tmp_path / "kept" / JOURNAL).exists()
    assert listed_files(tmp_path / "public", tmp_path / "kept").keys() == SITE.keys()


# What is known of a folder.


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("  a.html", "a.html"), ("  ", None), (" a.html", None), (" *a.html", None), ("   a.html", " a.html"), ("  /a.html", None), ("  a", "a"),
        ("  .a/b", ".a/b"), ("  a//b", None), ("  ../a", None), ("  a/../b", None), ("  ./a", None), ("  a\\b", None), ("", None), ("  a/", None),
    ],
)  # fmt: skip
def test_a_line_of_a_manifest_is_a_digest_two_spaces_and_a_path(line: str, path: str | None) -> None:
    digest = sha(b"x")
    for more in ("", f"\n{digest}  other.html", f"\n{digest}  x/../y"):
        found = parse_manifest(f"{digest}{line}{more}\n")
        found.pop("other.html", None)
        assert found == ({path: digest} if path else {})


def test_a_manifest_is_read_where_it_is(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}
    (tmp_path / MANIFEST).write_bytes(listing(SITE))
    assert read_manifest(tmp_path) == {path: sha(content) for path, content in SITE.items()}


def lay(folder: Path, site: dict[str, bytes], said: bytes | None = None) -> tuple[Path, Path]:
    """A site that git brought here."""
    fill(folder / "public", site | {MANIFEST: listing(site) if said is None else said})
    (folder / "kept").mkdir(exist_ok=True)
    return folder / "public", folder / "kept"


DIGESTS = {path: sha(content) for path, content in SITE.items()}


def test_our_copy_is_there_until_another_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)

    def fail(*_: object) -> None:
        raise OSError("the disk fails")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="the disk fails"):
        note_also(output, kept, {"new.html": sha(b"new")})
    assert listed_files(output, kept) == DIGESTS


def test_our_own_copy_tells_what_is_ours_and_since_when(tmp_path: Path) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)
    assert owned(output, kept) == (DIGESTS, True)
    # The same list, written again: since then, files may have changed.
    time.sleep(0.01)
    (output / MANIFEST).write_bytes(listing(SITE))
    assert owned(output, kept) == (DIGESTS, False)
    note_owned(output, kept)
    assert owned(output, kept) == (DIGESTS, True)
    # Of the same list nothing is read.
    (output / "index.html").write_bytes(b"by hand")
    (output / FEED).unlink()
    assert owned(output, kept) == (DIGESTS, True)


def test_a_list_of_another_build_adds_what_it_proves_and_times_tell_nothing(tmp_path: Path) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)
    more = SITE | {"new.html": b"new", "wrong.html": b"wrong", "index.html": b"other"}
    lay(tmp_path, more)
    (output / "wrong.html").write_bytes(b"by hand")
    assert owned(output, kept) == (DIGESTS | {"new.html": sha(b"new"), "index.html": sha(b"other")}, False)
    (output / MANIFEST).write_bytes(b"theirs")
    assert owned(output, kept) == (DIGESTS, False)


def test_no_file_is_read_that_is_known_to_be_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)
    lay(tmp_path, SITE | {"new.html": b"new"})
    read: list[str] = []
    digest_of = manifest.digest_of
    monkeypatch.setattr(manifest, "digest_of", lambda path: (read.append(path.name), digest_of(path))[1])
    owned(output, kept)
    assert sorted(read) == ["feed.xml", "new.html"]


@pytest.mark.parametrize(("early", "known"), [(True, True), (True, False), (False, True), (False, False)])
def test_an_early_version_s_list_is_believed_only_where_nothing_is_known(
    tmp_path: Path, early: bool, known: bool
) -> None:
    site = SITE | {"z.html": b"z"}
    said = "".join(f"{sha(content)}  {path}\n" for path, content in sorted(site.items())).encode() if early else None
    output, kept = lay(tmp_path, site, said)
    if known:
        note_also(output, kept, {"mine.html": sha(b"mine")})
    ours, _ = owned(output, kept)
    assert ("z.html" in ours) == (not early or not known)


def test_a_list_that_is_not_sorted_is_nobody_s(tmp_path: Path) -> None:
    lines = listing(SITE | {"z.html": b"z"}).splitlines(keepends=True)
    output, kept = lay(tmp_path, SITE | {"z.html": b"z"}, b"".join([lines[1], lines[0], *lines[2:]]))
    assert owned(output, kept) == ({}, False)


def test_what_is_noted_besides_is_ours_and_its_time_is_unknown(tmp_path: Path) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)
    note_also(output, kept, {"new.html": sha(b"new"), "index.html": sha(b"other")})
    assert listed_files(output, kept) == DIGESTS | {"new.html": sha(b"new"), "index.html": sha(b"other")}
    assert (kept / MANIFEST).read_bytes().partition(b"\n")[0] == b"# ../public 0"
    # Also where there is no list: nothing that could be as old as one.
    (output / MANIFEST).unlink()
    (kept / MANIFEST).unlink()
    note_also(output, kept, {"new.html": sha(b"new")})
    (output / MANIFEST).write_bytes(f"{sha(b'new')}  new.html\n".encode())
    assert owned(output, kept) == ({"new.html": sha(b"new")}, False)


def test_folders_in_the_place_of_our_copy_are_removed(tmp_path: Path) -> None:
    output, kept = lay(tmp_path, SITE)
    for name in (MANIFEST, f"{MANIFEST}.part"):
        fill(kept, {f"{name}/deep/x": b"x"})
        note_owned(output, kept)
        assert listed_files(output, kept) == DIGESTS
        assert [path.name for path in kept.iterdir()] == [MANIFEST]
        (kept / MANIFEST).unlink()


def test_our_copy_is_written_only_where_it_would_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, kept = lay(tmp_path, SITE)
    note_owned(output, kept)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: pytest.fail("it was written again"))
    note_owned(output, kept)


@pytest.mark.parametrize(
    "heading", [b"# ../public x", b"# ../public", b"# ../other 0", b"# ../public -1", b"", b"# ../public 1.5"]
)
def test_a_copy_of_another_folder_or_form_is_none(tmp_path: Path, heading: bytes) -> None:
    output, kept = lay(tmp_path, SITE)
    (kept / MANIFEST).write_bytes(heading + b"\n" + listing(SITE))
    assert listed_files(output, kept) == {}


def test_without_a_list_the_time_is_none(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "kept").mkdir()
    note_owned(tmp_path / "public", tmp_path / "kept")
    assert not (tmp_path / "kept" / MANIFEST).exists()


# What changed since.


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write(tmp_path, SITE)
    return tmp_path


def standing(folder: Path, told: Any = ()) -> Standing:
    return Standing(folder / "public", folder / "kept", folder / "ledger", told)


def test_what_is_told_is_not_looked_up_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(standing(built).tell())
    assert len(told) == 2
    assert told[0].decode() == standing(built).digest
    assert marshal.loads(told[1])[1:] == (standing(built).listed, set())
    monkeypatch.setattr(manifest, "below", lambda *_: pytest.fail("it was looked up again"))
    monkeypatch.setattr(manifest, "owned", lambda *_: pytest.fail("it was looked up again"))
    second = standing(built, told)
    assert second.digest == told[0].decode()
    assert second.listed == DIGESTS
    assert second.touched == set()
    assert second.lasts()
    first = standing(built, iter(told))
    # In whatever order it is asked.
    assert first.listed == DIGESTS
    assert first.digest == told[0].decode()


def test_a_folder_is_told_from_itself_with_a_ledger(built: Path) -> None:
    before = standing(built).digest
    assert Standing(built / "public", built / "kept").digest == before
    (built / "ledger").write_text("1")
    assert standing(built).digest != before
    assert Standing(built / "public", built / "kept").digest == before
    (built / "ledger").unlink()
    (built / "ledger").mkdir()
    assert standing(built).digest == before


def test_what_another_look_finds_changed_is_named(built: Path) -> None:
    before = standing(built)
    assert before.look
    time.sleep(0.01)
    (built / "public/index.html").write_bytes(b"other")
    (built / "public/mine.txt").write_bytes(b"mine")
    assert standing(built).changed_since(before) == {"index.html"}
    assert before.changed_since(before) == set()
    (built / "public/a/b.html").unlink()
    assert standing(built).changed_since(before) == {"index.html", "a/b.html"}


def test_a_build_that_ran_since_is_known_by_its_list(built: Path) -> None:
    before = standing(built)
    assert before.lasts()
    time.sleep(0.01)
    write(built, SITE | {"new.html": b"new"})
    assert not before.lasts()
    after = standing(built)
    assert after.lasts()
    (built / "public" / MANIFEST).unlink()
    assert not after.lasts()


@pytest.mark.parametrize(
    ("said", "older", "touched"),
    [
        # Newer than the list: touched, whatever it holds.
        (b"index", 1, True), (b"other", 1, True),
        # As old as the list, and with its bytes.
        (b"index", 0, False), (b"index", -1, False),
        # As old as the list, and of other bytes: as a backup brings it.
        (b"other", 0, True), (b"other", -1, True),
    ],
)  # fmt: skip
def test_a_file_is_touched_by_its_time_or_by_its_bytes(built: Path, said: bytes, older: int, touched: bool) -> None:
    time.sleep(0.01)
    listed = (built / "public" / MANIFEST).stat().st_mtime_ns
    (built / "public/index.html").write_bytes(said)
    os.utime(built / "public/index.html", ns=(listed + older, listed + older))
    assert standing(built).touched == ({"index.html"} if touched else set())


def test_no_file_is_read_that_nobody_touched(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    monkeypatch.setattr(manifest, "digest_of", lambda path: read.append(path) or "")
    assert standing(built).touched == set()
    assert read == []


def test_where_times_tell_nothing_every_file_is_read(built: Path) -> None:
    time.sleep(0.01)
    (built / "public/index.html").write_bytes(b"other")
    listed = time.time_ns()
    os.utime(built / "public" / MANIFEST, ns=(listed, listed))
    assert standing(built).touched == {"index.html"}
    assert sha256(b"other").hexdigest() not in standing(built).listed.values()
