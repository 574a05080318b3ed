"""Another package's reader: built, installed and used as anybody would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

READER = """
from rostra.model import RawPost, RawThread

NAME = "tally"
ABOUT = "notches on a stick"
CARRIES = ("nothing else",)
MANY = False


def recognise(dump):
    return 0.99 if dump.head.startswith(b"TALLY") else 0


def read(dump):
    text, problems = dump.text()
    lines = text.splitlines()[1:]
    posts = [RawPost(key=str(n), parent="0" if n else None, body=line, line=n + 2) for n, line in enumerate(lines)]
    yield RawThread(posts=tuple(posts), problems=problems)
"""
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "rostra-tally"
version = "1"

[project.entry-points."rostra.readers"]
tally = "rostra_tally"
"""


def test_a_package_adds_a_format_through_its_entry_point(tmp_path: Path) -> None:
    source, installed = tmp_path / "source", tmp_path / "installed"
    (source / "rostra_tally").mkdir(parents=True)
    (source / "rostra_tally/__init__.py").write_text(READER)
    (source / "pyproject.toml").write_text(PROJECT)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(installed), str(source)], check=True)

    dump = tmp_path / "stick.txt"
    dump.write_text("TALLY\nwho cut this\nI did\n")
    assert "tally" not in rostra("formats")
    assert "notches on a stick" in rostra("formats", path=installed)
    shown = rostra("inspect", str(dump), path=installed)
    assert "tally, 2 posts" in shown
    assert "I did" in shown


def rostra(*arguments: str, path: Path | None = None) -> str:
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(
        [sys.executable, "-m", "rostra", *arguments], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout
