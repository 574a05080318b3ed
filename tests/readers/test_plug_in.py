"""Another package's reader: built, installed and used as anybody would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("module", "points", "said"),
    [
        ("raise RuntimeError('no such\\nthing')", "tally = rostra_tally", "the plug-in 'tally' of rostra-tally cannot be used, and is left out: RuntimeError: no such thing"),
        ("import nothing_of_that_name", "tally = rostra_tally", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "tally = rostra_tally", "SystemExit: 3"),
        ("def broken(:", "tally = rostra_tally", "SyntaxError"),
        ("NAME = 'tally'", "tally = rostra_tally", "it has no ABOUT, CARRIES, MANY, recognise, read"),
        ("", "tally = rostra_tally:absent", "AttributeError"),
        ("", "tally = not a module!", "AttributeError"),
    ],
)  # fmt: skip
def test_a_plug_in_that_cannot_be_used_is_named_and_left_out(
    tmp_path: Path, module: str, points: str, said: str
) -> None:
    installed = tmp_path / "installed"
    (installed / "rostra_tally-1.dist-info").mkdir(parents=True)
    (installed / "rostra_tally.py").write_text(module)
    (installed / "rostra_tally-1.dist-info/METADATA").write_text(
        "Metadata-Version: 2.1\nName: rostra-tally\nVersion: 1\n"
    )
    (installed / "rostra_tally-1.dist-info/entry_points.txt").write_text(f"[rostra.readers]\n{points}\n")
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    (site / "rostra.toml").write_text('title = "T"\n')
    (site / "content/well.txt").write_text("Shall we?\n\n  1 year ago\n\n  Yes.\n")
    done = subprocess.run(
        [sys.executable, "-m", "rostra", "build", "--site", str(site)],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(installed)},
    )  # fmt: skip
    assert done.returncode == 1
    assert said in done.stderr
    assert "hint: repair it, or remove it: pip uninstall rostra-tally" in done.stderr
    assert "Traceback" not in done.stderr
    assert (site / "public/debates/well/index.html").is_file()
