"""Whatever happened to what was kept, or to what was written, a build gives what a clean one gives; two never work at once."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from rostra.build.pipeline import build as whole_build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.errors import RostraError, UsageError
from rostra.output.report import BuildReport
from rostra.system.build_lock import alone
from support.changing_site import Archive, copied, files


def build(root: Path) -> BuildReport:
    site = load_site(root)
    return rebuild(site, lambda standing: whole_build(site, standing=standing))


def archive(root: Path, seed: int) -> Archive:
    made = Archive(root / "site", random.Random(seed))
    build(made.root)
    return made


CLEAN: dict[str, dict[str, bytes]] = {}
"""The files of clean builds, by what they are built from: most tests begin with one archive and change it alike."""


def assert_clean(root: Path, target: Path) -> None:
    copied(root, target)
    given = sha256(repr(sorted(files(target).items())).encode()).hexdigest()
    if given not in CLEAN:
        build(target)
        CLEAN[given] = files(target / "public")
    assert files(root / "public") == CLEAN[given]


@pytest.mark.parametrize("seed", range(4))
def test_bytes_that_another_program_wrote_into_the_store_are_noticed(tmp_path: Path, seed: int) -> None:
    site = archive(tmp_path, seed)
    store = site.root / ".rostra/editions.sqlite"
    with store.open("r+b") as file:
        for _ in range(3):
            file.seek(random.Random(seed).randrange(store.stat().st_size))
            file.write(random.Random(seed).randbytes(16))
    site.change()
    build(site.root)
    assert_clean(site.root, tmp_path / "clean")


@pytest.mark.parametrize("table", ["texts SET edition", "units SET files", "pages SET pages", "notes SET notes"])
def test_what_cannot_be_understood_is_thrown_away_though_nothing_tells_of_it(tmp_path: Path, table: str) -> None:
    site = archive(tmp_path, 3)
    store = site.root / ".rostra/editions.sqlite"
    about = store.stat()
    with sqlite3.connect(store) as base:
        base.execute(f"UPDATE {table} = CAST(x'c1ff' AS BLOB)")  # of those above
    base.close()
    os.utime(store, ns=(about.st_atime_ns, about.st_mtime_ns))
    (site.root / ".rostra/editions.sqlite.left").write_text(f"{store.stat().st_size} {about.st_mtime_ns}")
    for _ in range(3):
        site.change()
    build(site.root)
    assert_clean(site.root, tmp_path / "clean")


@pytest.mark.parametrize("what", ["a folder", "a file", "no text"])
@pytest.mark.parametrize("name", ["editions.sqlite", "editions.sqlite.left", "built", "staging", "moment"])
def test_what_lies_where_something_is_kept_is_no_reason_to_fail(tmp_path: Path, name: str, what: str) -> None:
    site = archive(tmp_path, 5)
    place = site.root / ".rostra" / name
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    match what:
        case "a folder":
            place.mkdir()
            (place / "precious").write_text("no")
        case "a file":
            place.write_text("what is this?")
        case _:
            place.write_bytes(bytes(range(128, 256)))
    build(site.root)
    assert_clean(site.root, tmp_path / "clean")
    site.change()
    build(site.root)
    assert_clean(site.root, tmp_path / "clean-again")


@pytest.mark.parametrize("name", [".rostra", ".rostra/at-work"])
def test_where_nothing_can_be_kept_that_is_told(tmp_path: Path, name: str) -> None:
    site = archive(tmp_path, 5)
    place = site.root / name
    if name == ".rostra":
        shutil.rmtree(place)
        place.write_text("precious")
    else:
        place.unlink()
        place.mkdir()
    with pytest.raises(UsageError, match="rostra"):
        build(site.root)
    assert name != ".rostra" or place.read_text() == "precious"


def test_a_bug_is_told_though_something_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = archive(tmp_path, 5)
    site.add()
    monkeypatch.setattr("rostra.render.pages.archive_units", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(site.root)


@pytest.mark.parametrize("path", ["index.html", "debates/index.html", "SHA256SUMS"])
@pytest.mark.parametrize("years", [0, 40])
def test_an_older_file_in_the_place_of_one_of_ours_is_written_anew(tmp_path: Path, path: str, years: int) -> None:
    site = archive(tmp_path, 5)
    before = files(site.root / "public")
    other = tmp_path / "other"
    other.write_text("older")
    seconds = years * 31_000_000 + 1
    os.utime(other, (seconds, seconds))
    other.rename(site.root / "public" / path)
    build(site.root)
    assert files(site.root / "public") == before


def test_a_new_mode_or_a_copy_changes_nothing(tmp_path: Path) -> None:
    site = archive(tmp_path, 5)
    for path in (site.root / "public").rglob("*.html"):
        path.chmod(0o600)
    assert not build(site.root).written.touched
    copy = tmp_path / "copy"
    shutil.copytree(site.root / "public", copy)
    shutil.rmtree(site.root / "public")
    copy.rename(site.root / "public")
    assert not build(site.root).written.touched


TWICE = """
import sys
from rostra.cli import main
sys.argv = ["rostra", "build", "--site", sys.argv[1]]
main()
"""


def test_two_builds_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    site = archive(tmp_path, 6)
    for step in range(3):
        (site.root / "rostra.toml").write_text(f'title = "Number {step}"\n')
        site.change()
        both = [
            subprocess.Popen([sys.executable, "-c", TWICE, str(site.root)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for _ in range(2)
        ]  # fmt: skip
        for each in both:
            said, _ = each.communicate()
            assert each.returncode in (0, 1), said
            assert b"Traceback" not in said
        assert_clean(site.root, tmp_path / f"clean-{step}")


def test_a_build_that_goes_on_is_named_and_one_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    with alone(tmp_path / "kept"):
        with pytest.raises(UsageError, match="another build is running") as told, alone(tmp_path / "kept", 0.1):
            pass
        assert told.value.hint
    with alone(tmp_path / "kept", 0):
        pass


def test_code_of_templates_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    site = archive(tmp_path, 5)
    kept = sorted((site.root / ".rostra").glob("templates-*"))
    assert kept
    for path in kept:
        code = bytearray(path.read_bytes())
        for at in range(40, len(code), 97):
            code[at] ^= 4
        path.write_bytes(code)
    (site.root / "rostra.toml").write_text('title = "Another"\n')
    build(site.root)
    assert_clean(site.root, tmp_path / "clean")
    for path in kept:
        path.unlink()
        path.mkdir()
    (site.root / "rostra.toml").write_text('title = "A third"\n')
    build(site.root)
    assert_clean(site.root, tmp_path / "clean-again")


def test_a_link_that_leads_to_itself_or_nowhere_is_named_and_the_others_are_built(tmp_path: Path) -> None:
    site = archive(tmp_path, 5)
    before = files(site.root / "public")
    (site.root / "content/loop").symlink_to("loop")
    (site.root / "content/nowhere.txt").symlink_to("gone.txt")
    report = build(site.root)
    assert {str(failure).partition(":")[0] for failure in report.failures} == {"content/loop", "content/nowhere.txt"}
    assert {path for path in before if path.startswith("debates/")} <= files(site.root / "public").keys()


@pytest.mark.parametrize("said", [b"", b"\xff\xfe no list at all \x00", b"0" * 64 + b"  ../precious\n"])
def test_a_list_of_files_that_is_damaged_is_written_anew(tmp_path: Path, said: bytes) -> None:
    site = archive(tmp_path, 5)
    before = files(site.root / "public")
    (site.root / "precious").write_text("mine")
    (site.root / "public/SHA256SUMS").write_bytes(said)
    build(site.root)
    assert files(site.root / "public") == before
    assert (site.root / "precious").read_text() == "mine"


def test_a_ledger_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    site = archive(tmp_path, 5)
    site.add()
    (site.root / "rostra.ledger.part").mkdir()
    with pytest.raises(RostraError, match="the ledger cannot be written") as told:
        build(site.root)
    assert told.value.hint
