"""Anyone can verify a copy of a site, and see what each debate was made of."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from rostra import __version__
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.new_site import make_site
from rostra.render.thread_json import encode_document


@pytest.fixture
def public(tmp_path: Path) -> Path:
    list(make_site(tmp_path / "site", "An archive"))
    build(load_site(tmp_path / "site"))
    return tmp_path / "site/public"


def verified(folder: Path) -> bool:
    ran = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    return ran.returncode == 0


def test_a_copy_is_verified_by_the_common_tool_and_one_byte_changed_is_noticed(public: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(public, copy)
    assert verified(copy)
    (copy / "debates/well/thread.json").write_bytes((copy / "debates/well/thread.json").read_bytes() + b" ")
    assert not verified(copy)


def test_its_lines_are_those_of_a_bag_s_manifest(public: Path, tmp_path: Path) -> None:
    """RFC 8493: a payload manifest lists every file below ``data/``, with ``%``, CR and LF encoded."""
    bag = tmp_path / "bag"
    shutil.copytree(public, bag / "data", ignore=shutil.ignore_patterns("SHA256SUMS"))
    lines = (public / "SHA256SUMS").read_text().splitlines()
    manifest = [re.sub("^([0-9a-f]{64}  )", r"\1data/", line) for line in lines]
    listed = {}
    for line in manifest:
        digest, path = line.split("  ", 1)
        listed[unquote(path)] = digest
    payload = {
        path.relative_to(bag).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in bag.rglob("*")
        if path.is_file()
    }
    assert listed == payload


def test_a_page_says_what_it_was_made_of(public: Path) -> None:
    page = (public / "debates/well/index.html").read_text()
    dump = (public / "debates/well/well.txt").read_bytes()
    record = re.search(r'SHA-256</dt><dd><a href="([^"]+)"', page)
    assert record
    assert json.loads((public / "debates/well" / record[1]).read_bytes()) == {
        "path": "content/well.txt", "format": "text", "sha256": sha256(dump).hexdigest(), "size": len(dump),
        "captured": "2024-03-01", "archived": None,
    }  # fmt: skip
    assert f"Format</dt><dd>text, read by Rostra {__version__}" in page
    assert "Captured</dt><dd>1 March 2024" in page
    assert '<a href="well.txt">' in page


def test_a_copy_in_a_bag_is_valid_to_the_library_of_congress_s_own_tool(public: Path, tmp_path: Path) -> None:
    """What the README says to do: the site below ``data/``, ``data/`` before each path of its manifest."""
    bag = tmp_path / "bag"
    shutil.copytree(public, bag / "data", ignore=shutil.ignore_patterns("SHA256SUMS"))
    lines = (public / "SHA256SUMS").read_text()
    (bag / "manifest-sha256.txt").write_text(re.sub("(?m)^([0-9a-f]{64}  )", r"\1data/", lines))
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    validate = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(bag)]
    assert subprocess.run(validate, capture_output=True, check=False).returncode == 0
    (bag / "data/debates/well/well.txt").write_text("changed")
    assert subprocess.run(validate, capture_output=True, check=False).returncode != 0


def test_a_dump_that_grows_changes_its_record_and_the_debates_that_it_adds_to(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    dump = tmp_path / "content/mill.jsonl"
    lines = [
        f'{{"id": {n}, "thread": "{n}", "parent": null, "author": "ada", "created": "2024-03-0{n}T09:00:00Z", "body": "Day {n}, the gate stays shut."}}\n'
        for n in range(1, 5)
    ]
    for held in (3, 4):
        dump.write_text("".join(lines[:held]))
        changed = set(build(load_site(tmp_path)).written.changed)
        documents = [json.loads(path.read_text()) for path in sorted((tmp_path / "public").rglob("thread.json"))]
        assert [each["source"]["sha256"] for each in documents] == [None] * held
        (record,) = {each["source"]["record"] for each in documents}
        told = json.loads((tmp_path / "public/debates/1" / record).read_bytes())
        assert (told["sha256"], told["size"]) == (sha256(dump.read_bytes()).hexdigest(), dump.stat().st_size)
        if held == 4:
            assert "debates/4/index.html" in changed
            assert not {f"debates/{n}/{name}" for n in range(1, 4) for name in ("index.html", "thread.json")} & changed
            assert record.removeprefix("../../") in changed


def test_the_record_of_an_archive_or_folder_tells_the_bytes_that_are_stored(tmp_path: Path) -> None:
    said = '[{"type": "message", "ts": "1709542800.000100", "user": "U1", "text": "Who opened it?"}]'
    files = {"users.json": "[]", "channels.json": "[]", "gate/1.json": said}
    content = tmp_path / "content"
    (content / "folder/gate").mkdir(parents=True)
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (content / "folder.toml").write_text('id = "folder"\n')
    (content / "packed.toml").write_text('id = "packed"\n')
    with ZipFile(content / "packed.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            (content / "folder" / name).write_text(text)
    report = build(load_site(tmp_path))
    assert report.failures == ()
    told = {}
    for path in (tmp_path / "public").rglob("thread.json"):
        record = json.loads(path.read_text())["source"]["record"]
        made = json.loads((path.parent / record).read_bytes())
        told[made["path"]] = made["size"]
    sizes = (content / "packed.zip").stat().st_size, sum(map(len, files.values()))
    assert told == {"content/packed.zip": sizes[0], "content/folder": sizes[1]}


def test_what_inspection_prints_tells_the_digest_itself(tmp_path: Path) -> None:
    dump = tmp_path / "gate.jsonl"
    dump.write_text('{"id": 1, "parent": null, "author": "ada", "body": "The gate stays shut."}\n')
    (edition,) = inspections(dump)
    document = json.loads(encode_document(edition))
    assert document["rostra"] == 2
    assert document["source"]["sha256"] == sha256(dump.read_bytes()).hexdigest()
    assert document["source"]["record"] is None
