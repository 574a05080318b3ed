"""The writer touches what changed and what is ours, or nothing at all."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from rostra.errors import RostraError, UsageError
from rostra.output import staging as staging_module
from rostra.output.manifest import MANIFEST
from rostra.output.report import Written
from rostra.output.staging import OutputFile, Staging
from rostra.output.taken_paths import Claims
from rostra.output.writer import Writer


def write(folder: Path, files: dict[str, str]) -> Written:
    with Writer(folder / "public", folder / "kept") as writer:
        for path, text in files.items():
            writer.put(OutputFile(path, text.encode()))
    assert writer.written is not None
    return writer.written


def present(folder: Path) -> dict[str, str]:
    output = folder / "public"
    return {
        p.relative_to(output).as_posix(): p.read_text() for p in output.rglob("*") if p.is_file() and p.name != MANIFEST
    }


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    files = {"index.html": "a", "debates/x/index.html": "b"}
    assert write(tmp_path, files).changed == ("debates/x/index.html", "index.html")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "public").rglob("*")}
    assert write(tmp_path, files).touched == ()
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "public").rglob("*")} == before


def test_stale_files_of_ours_go_and_their_empty_folders_with_them(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": "a", "debates/x/index.html": "b"})
    assert write(tmp_path, {"index.html": "a"}).removed == ("debates/x/index.html",)
    assert not (tmp_path / "public/debates").exists()


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"debates/x/index.html": "b"})
    (tmp_path / "public/CNAME").write_text("example.org")
    (tmp_path / "public/debates/x/own.txt").write_text("mine")
    write(tmp_path, {"index.html": "a"})
    assert present(tmp_path) == {"CNAME": "example.org", "debates/x/own.txt": "mine", "index.html": "a"}


def test_a_build_that_fails_leaves_the_last_site_whole(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": "old", "gone.html": "old"})
    with pytest.raises(RuntimeError):
        write_and_fail(tmp_path)
    assert present(tmp_path) == {"index.html": "old", "gone.html": "old"}
    assert not (tmp_path / "kept/staging").exists()


def write_and_fail(folder: Path) -> None:
    with Writer(folder / "public", folder / "kept") as writer:
        writer.put(OutputFile("index.html", b"new"))
        raise RuntimeError


@pytest.mark.parametrize("second", ["a/x.html", "A/X.html"])
def test_two_files_with_one_address_are_refused_even_where_only_case_differs(tmp_path: Path, second: str) -> None:
    with pytest.raises(UsageError, match=r"(?i)a/x\.html"):
        write_twice(tmp_path, second)
    assert not (tmp_path / "public").exists()


def write_twice(folder: Path, second: str) -> None:
    with Writer(folder / "public", folder / "kept") as writer:
        writer.put(OutputFile("a/x.html", b"1"))
        writer.put(OutputFile(second, b"2"))


def test_a_page_may_become_a_folder_and_a_folder_a_page(tmp_path: Path) -> None:
    write(tmp_path, {"x": "page", "y/index.html": "page"})
    write(tmp_path, {"x/index.html": "page", "y": "page"})
    assert present(tmp_path) == {"x/index.html": "page", "y": "page"}


def test_a_folder_with_a_strangers_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "public/x").mkdir(parents=True)
    (tmp_path / "public/x/own.txt").write_text("mine")
    with pytest.raises(RostraError, match="no build wrote it"):
        write(tmp_path, {"x": "page"})
    assert (tmp_path / "public/x/own.txt").read_text() == "mine"


def test_a_file_that_somebody_changed_by_hand_is_put_right(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": "good"})
    (tmp_path / "public/index.html").write_text("evil")
    assert write(tmp_path, {"index.html": "good"}).changed == ("index.html",)


def test_the_manifest_is_what_sha256sum_checks(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": "a", "debates/x y/ü.html": "b"})
    check = subprocess.run(
        ["sha256sum", "--check", "--strict", MANIFEST],
        cwd=tmp_path / "public",
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr


def test_a_manifest_that_names_files_elsewhere_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "precious").write_text("x")
    (tmp_path / "public" / MANIFEST).write_text(f"{'0' * 64}  ../precious\n{'0' * 64}  /etc/hostname\n")
    with pytest.raises(UsageError, match="SHA256SUMS is in the way, and no build wrote it"):
        write(tmp_path, {"index.html": "a"})
    assert (tmp_path / "precious").exists()
    assert [path.name for path in (tmp_path / "public").iterdir()] == [MANIFEST]


def test_files_that_are_staged_at_once_in_one_folder_keep_their_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staging = Staging(str(tmp_path / "public"), str(tmp_path / "staged"))
    written = staging_module._write

    def overtaken(path: str, content: bytes) -> None:
        monkeypatch.setattr(staging_module, "_write", written)
        written(path, content)
        # As another thread, or a process of the same number on another machine, does.
        staging.put(OutputFile("b.html", b"b"))

    staging.put(OutputFile("c.html", b"c"))
    monkeypatch.setattr(staging_module, "_write", overtaken)
    staging.put(OutputFile("a.html", b"a"))
    staged = {path.name: path.read_bytes() for path in (tmp_path / "staged").iterdir()}
    assert staged == {"a.html": b"a", "b.html": b"b", "c.html": b"c"}


def test_a_copy_is_the_same_bytes_and_is_not_copied_twice(tmp_path: Path) -> None:
    dump = tmp_path / "dump.bin"
    dump.write_bytes(bytes(range(256)) * 9000)
    for changed in (("d.bin",), ()):
        with Writer(tmp_path / "public", tmp_path / "kept") as writer:
            writer.receive([writer.staged.copy("d.bin", str(dump), sha256(dump.read_bytes()).hexdigest())])
        assert writer.written is not None
        assert writer.written.changed == changed
    assert (tmp_path / "public/d.bin").read_bytes() == dump.read_bytes()


@pytest.mark.parametrize("batch", [1, 2, 5, 50_000])
def test_paths_are_taken_once_however_many_are_held(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.output.taken_paths.BATCH", batch)
    claims = Claims()
    taken = {path: sha256(path.encode()).hexdigest() for path in ("b/x", "a", "Ärger", "b/Y", "z\U0001f600", "z\ufffd")}
    for path, digest in taken.items():
        assert claims.get(path) is None
        assert claims.add({path: digest}) is None
    assert [claims.add({"new": "00" * 32, path: "00" * 32}) for path in ("A", "b/y", "ärger", "b/X")] == ["A", "b/y", "ärger", "b/X"]  # fmt: skip
    assert claims.get("new") is claims.get("A") is None
    assert {path: claims.get(path) for path in taken} == taken
    assert len(claims) == len(taken)
    assert list(claims.sorted()) == sorted(taken.items())
