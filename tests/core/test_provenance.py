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

import pytest

from rostra import __version__
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.new_site import make_site


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
    assert sha256(dump).hexdigest() in page
    assert f"Read as</dt><dd>text, by Rostra {__version__}" in page
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


def test_every_debate_of_a_dump_of_many_says_which_dump_it_was_also_when_that_has_grown(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    dump = tmp_path / "content/mill.jsonl"
    lines = [
        f'{{"id": {n}, "thread": "{n}", "parent": null, "author": "ada", "created": "2024-03-0{n}T09:00:00Z", "body": "Day {n}, the gate stays shut."}}\n'
        for n in range(1, 5)
    ]
    for held in (3, 4):
        dump.write_text("".join(lines[:held]))
        build(load_site(tmp_path))
        told = [json.loads(path.read_text())["source"]["sha256"] for path in (tmp_path / "public").rglob("thread.json")]
        assert told == [sha256(dump.read_bytes()).hexdigest()] * held


def test_what_a_debate_says_of_a_dump_s_digest_stays_when_that_dump_has_grown(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    mill, copy = tmp_path / "content/mill.jsonl", tmp_path / "content/copy.jsonl"
    lines = [
        {"id": n, "thread": str(n), "parent": None, "author": "ada", "created": f"2024-03-0{n}T09:00:00Z", "body": f"Day {n}, the gate of the mill stays shut."}
        for n in range(1, 4)
    ]  # fmt: skip
    mill.write_text("".join(json.dumps(line) + "\n" for line in lines[:2]))
    first = sha256(mill.read_bytes()).hexdigest()
    reply = {"id": 9, "thread": "1", "parent": 1, "author": "bea", "created": "2024-03-08T09:00:00Z", "body": f"Its digest was {first} then."}  # fmt: skip
    copy.write_text(json.dumps(lines[0]) + "\n" + json.dumps(reply) + "\n")
    build(load_site(tmp_path))
    mill.write_text("".join(json.dumps(line) + "\n" for line in lines))
    build(load_site(tmp_path))
    now = sha256(mill.read_bytes()).hexdigest()
    for name in ("index.html", "thread.json"):
        page = (tmp_path / "public/debates/1" / name).read_text()
        assert f"Its digest was {first} then." in page
        assert now in page
    assert first not in (tmp_path / "public/debates/2/thread.json").read_text()
