"""A file waits beside the site until all are made, unless the site has the same already."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from rostra.output import staging as module
from rostra.output.staging import OutputFile, StagedFile, Staging, regular_size

PAGE = OutputFile("debates/gate/index.html", b"<p>page</p>")
DIGEST = sha256(PAGE.content).hexdigest()


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    (tmp_path / "public/debates/gate").mkdir(parents=True)
    (tmp_path / "staged").mkdir()
    return Staging(str(tmp_path / "public"), str(tmp_path / "staged"))


def staged(staging: Staging) -> dict[str, bytes]:
    return {
        path.relative_to(staging.folder).as_posix(): path.read_bytes()
        for path in Path(staging.folder).rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("there", [None, b"", b"<p>page</p> ", b"<p>PAGE</p>"])
def test_what_the_site_lacks_is_staged(staging: Staging, there: bytes | None) -> None:
    if there is not None:
        Path(staging.output, PAGE.path).write_bytes(there)
    assert staging.put(PAGE) == StagedFile(PAGE.path, DIGEST, is_new=True)
    assert staged(staging) == {PAGE.path: PAGE.content}


def test_what_the_site_has_is_not_staged(staging: Staging) -> None:
    Path(staging.output, PAGE.path).write_bytes(PAGE.content)
    assert staging.put(PAGE) == StagedFile(PAGE.path, DIGEST, is_new=False)
    assert staged(staging) == {}


def test_a_link_to_the_same_is_not_the_same(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the link, which is as long as the name that it holds, is as long as the file."""
    target = "t" * len(PAGE.content)
    path = Path(staging.output, PAGE.path)
    path.with_name(target).write_bytes(PAGE.content)
    path.symlink_to(target)
    assert path.lstat().st_size == len(PAGE.content)
    assert path.read_bytes() == PAGE.content
    assert staging.put(PAGE).is_new
    assert regular_size(path) is None
    assert regular_size(path.with_name(target)) == len(PAGE.content)
    assert regular_size(path.with_name("nothing")) is None


def test_a_folder_in_the_place_of_a_file_is_another(staging: Staging) -> None:
    Path(staging.output, PAGE.path).mkdir()
    assert staging.put(PAGE).is_new


def test_a_folder_that_another_process_made_meanwhile_is_used(
    staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = module._write, list[str]()

    def late(path: str, content: bytes) -> None:
        calls.append(path)
        if len(calls) == 1:
            Path(path).parent.mkdir(parents=True)
            raise FileNotFoundError(path)
        write(path, content)

    monkeypatch.setattr(module, "_write", late)
    assert staging.put(PAGE).is_new
    assert len(calls) == 2
    assert staged(staging) == {PAGE.path: PAGE.content}


def test_a_staged_file_is_handed_over_when_it_is_whole(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = list[tuple[str, bytes]]()
    monkeypatch.setattr(module, "hand_over", lambda path: handed.append((path, Path(path).read_bytes())))
    staging.put(PAGE)
    assert handed == [(f"{staging.folder}/{PAGE.path}", PAGE.content)]


def test_a_copy_has_the_digest_of_what_was_copied(staging: Staging, tmp_path: Path) -> None:
    original = tmp_path / "dump.txt"
    original.write_bytes(b"as it was")
    read = sha256(b"as it was").hexdigest()
    assert staging.copy("dump.txt", str(original), read) == StagedFile("dump.txt", read, is_new=True)
    Path(staging.folder, "dump.txt").rename(Path(staging.output, "dump.txt"))
    assert staging.copy("dump.txt", str(original), read) == StagedFile("dump.txt", read, is_new=False)
    # A link to the same is not the site's.
    there = Path(staging.output, "dump.txt")
    there.rename(there.with_name("elsewhere"))
    there.symlink_to("elsewhere")
    assert staging.copy("dump.txt", str(original), read).is_new
    there.unlink()
    # Somebody changed the site's, to as many bytes.
    Path(staging.output, "dump.txt").write_bytes(b"as it WAS")
    assert staging.copy("dump.txt", str(original), read).is_new
    # It was saved since it was read.
    original.write_bytes(b"and as it is")
    assert staging.copy("dump.txt", str(original), read).digest == sha256(b"and as it is").hexdigest()
