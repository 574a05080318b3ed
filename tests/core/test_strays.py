"""Files in content folders that are no dumps: left out and told, or refused by what they are."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.config.strays import MOST_CONTROLS, binary_kind, is_document, is_leftover
from rostra.ingest.content_files import alike
from rostra.ingest.media_beside import dumps_among

HAND = "# The upper gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n"
ABOUT = "# Dumps\n\nThese are dumps of debates, as they were found.\n"


def built(folder: Path, files: dict[str, str | bytes]) -> BuildReport:
    (folder / "rostra.toml").write_text('title = "T"\n')
    for name, said in {"well.txt": "Shall we?\n\n  1 year ago\n\n  Yes.\n", **files}.items():
        (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / name).write_bytes(said if isinstance(said, bytes) else said.encode())
    return build(load_site(folder))


def pages(folder: Path) -> set[str]:
    found = {path.parent.name for path in (folder / "public/debates").glob("*/index.html")}
    return found | {path.name for path in (folder / "public").glob("*.html")} - {
        "index.html",
        "404.html",
        "search.html",
    }


@pytest.mark.parametrize(
    "name",
    ["README", "README.md", "readme.txt", "LICENSE", "LICENCE.txt", "Copying", "CHANGELOG.md", "CONTRIBUTING.rst", "sub/README.md",
     "well.txt~", "#well.txt#", "~$well.txt", "well.toml.bak", "well.txt.orig", "x.PART", "Thumbs.db", "desktop.ini", ".gitignore"],
)  # fmt: skip
def test_what_is_no_dump_by_its_name_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    report = built(tmp_path, {name: ABOUT})
    assert not report.failures
    assert pages(tmp_path) == {"well"}
    told = [(where, problem.code) for where, problem in report.problems]
    assert told == ([] if name.startswith(".") else [(f"content/{name}", "left-out")])


def test_what_is_surely_a_dump_or_meant_as_a_page_is_not_left_out(tmp_path: Path) -> None:
    report = built(
        tmp_path,
        {"README.md": HAND, "a/readme.txt": ABOUT, "a/readme.toml": 'title = "R"\n', "LICENSE.md": "+++\ntitle = 'L'\n+++\nWords.\n",
         "b/COPYING": ABOUT, "b/card.toml": 'dump = "COPYING"\nid = "copied"\n', "readme-first.txt": ABOUT, "my license.txt": ABOUT},
    )  # fmt: skip
    assert not report.failures
    assert pages(tmp_path) == {
        "well", "readme", "readme-2", "copied", "readme-first", "my-license", "license.html",
    }  # fmt: skip
    assert not [problem for _, problem in report.problems if problem.code == "left-out"]


def test_a_leftover_does_not_take_a_card_from_its_dump(tmp_path: Path) -> None:
    report = built(tmp_path, {"gate.bak": ABOUT, "gate.txt": ABOUT, "gate.toml": "draft = true\n"})
    assert not report.failures
    assert pages(tmp_path) == {"well"}


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(out, kind)
    return out.getvalue()


def archive(pack: str) -> bytes:
    out = io.BytesIO()
    if pack == "zip":
        with zipfile.ZipFile(out, "w") as zipped:
            zipped.writestr("well.txt", "words " * 50)
    else:
        with tarfile.open(fileobj=out, mode="w") as tarred:
            tarred.addfile(tarfile.TarInfo("well.txt"))
    return out.getvalue()


def database(folder: Path) -> bytes:
    base = sqlite3.connect(folder / "x.sqlite")
    base.execute("CREATE TABLE t (a TEXT)")
    base.close()
    return (folder / "x.sqlite").read_bytes()


@pytest.mark.parametrize(
    "kind",
    ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "PDF", "RTF", "zip", "tar", "tar.gz", "bz2", "xz", "gz.gz", "sqlite", "elf", "class", "random"],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused_by_what_it_is(tmp_path: Path, kind: str) -> None:
    known = {
        "PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "RTF": b"{\\rtf1\\ansi Hello words}", "zip": archive("zip"), "tar": archive("tar"),
        "tar.gz": gzip.compress(archive("tar")), "bz2": bz2.compress(b"words " * 99), "xz": lzma.compress(b"words " * 99),
        "gz.gz": gzip.compress(gzip.compress(b"words")), "sqlite": database(tmp_path), "elf": b"\x7fELF\x02\x01\x01" + bytes(99),
        "class": b"\xca\xfe\xba\xbe" + b"words " * 20, "random": bytes(range(256)) * 4,
    }  # fmt: skip
    data = known[kind] if kind in known else picture(kind)
    report = built(tmp_path, {"stray.dat": data, "stray.toml": 'title = "S"\n'})
    (failure,) = report.failures
    assert failure.path == "content/stray.dat"
    assert failure.message.startswith("this is a binary file")
    assert kind in ("random", "BMP") or "(" in failure.message
    assert pages(tmp_path) == {"well"}
    assert not report.problems


def test_a_picture_does_not_take_a_card_from_a_dump(tmp_path: Path) -> None:
    report = built(tmp_path, {"gate.png": picture("PNG"), "gate.txt": ABOUT, "gate.toml": "draft = true\n"})
    assert not report.failures
    assert [(path, problem.code) for path, problem in report.problems] == [("content/gate.png", "unused-media")]
    assert pages(tmp_path) == {"well"}


def test_a_mailbox_may_hold_any_bytes(tmp_path: Path) -> None:
    mail = b"From ada Fri Mar  1 09:00:00 2024\nFrom: ada\nDate: Fri, 1 Mar 2024 09:00:00 +0000\nMessage-ID: <1@mill.example>\nSubject: Gate\n\nA NUL \x00 and \x01\x02\x03 in it.\n"
    report = built(tmp_path, {"gate.mbox": mail})
    assert not report.failures
    assert len(pages(tmp_path)) == 2


def test_control_characters_make_a_file_binary_past_one_in_a_hundred() -> None:
    text = b"a" * 98
    assert MOST_CONTROLS == 0.01
    assert binary_kind(text + b"a\x01") is None
    assert binary_kind(text + b"\x02\x01") == "a binary file"
    assert binary_kind(b"\t\n\r\x0c\x1b" * 20) is None
    assert binary_kind(b"a" * 9999 + b"\0") == "a binary file"
    assert binary_kind("wörds".encode("utf-16")) is None
    assert binary_kind("wörds".encode("cp1252")) is None
    assert binary_kind(b"") is None


def test_names_are_told_whole() -> None:
    assert not any(map(is_document, ("readme-first.txt", "license-debate.txt", "readme.json", "the README")))
    assert not any(map(is_leftover, ("bak.txt", "a.bak.txt", "parts", "#a", "a#", "download")))


def test_files_at_and_below_a_named_folder_or_beside_a_saved_page_are_no_dumps(tmp_path: Path) -> None:
    names = [
        "Gate.html",
        "Gate_files/a.json",
        "Gate_files/in/b.json",
        "Lone_files/c.json",
        "pics/in/d.json",
        "e.json",
        "f.json",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    found = dumps_among([tmp_path / name for name in names], frozenset({tmp_path / "pics", tmp_path / "e.json"}))
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found) == [
        "Gate.html",
        "Lone_files/c.json",
        "f.json",
    ]


@pytest.mark.parametrize("left", [b"", b"\n \t\r\n", b"\xef\xbb\xbf"])
def test_a_debate_whose_file_was_emptied_stays(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "content").mkdir()
    built(tmp_path, {"gate.md": HAND})
    report = built(tmp_path, {"gate.md": left})
    assert [(str(each.path), each.message) for each in report.failures] == [("content/gate.md", "the file is empty")]
    assert "gate" in pages(tmp_path)
    assert "Who opened it?" in (tmp_path / "public/debates/gate/index.html").read_text()
    assert built(tmp_path, {"gate.md": "+++\n+++\nWords."}).failures == ()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["caf\u00e9.md", "cafe\u0301.md"], ["caf\u00e9.md"]),
        (["Gate.md", "gate.md", "GATE.md"], ["Gate.md", "gate.md"]),
        (["gate.md", "gates.md", "cafe.md", "caf\u00e9.md"], []),
    ],
)
def test_dumps_whose_names_some_systems_take_for_one_are_told(names: list[str], told: list[str]) -> None:
    found = list(alike(reversed(names)))
    assert [name for name, _ in found] == told
    for name, problem in found:
        assert problem.code == "names-alike"
        assert ascii(min(names)) in problem.message
        assert name != min(names)


def test_of_names_alike_the_build_tells_the_later(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    for name in ("cafe\u0301.md", "caf\u00e9.md"):
        (tmp_path / "content" / name).write_text("# T\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nThe gate.\n")
    if len(list((tmp_path / "content").iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    told = [(name, problem.code) for name, problem in build(load_site(tmp_path)).problems]
    assert ("content/caf\u00e9.md", "names-alike") in told
