"""Time that grows with the input alone: what a parser that looks back would be at for minutes, under a limit of CPU time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.hostile_inputs import INPUTS, seconds

ALL = """
import resource, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from support.hostile_inputs import INPUTS
from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.readers import Dump
from rostra.ingest.dump_threads import read_threads as threads
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
with tempfile.TemporaryDirectory() as folder:
    for name, made in INPUTS.items():
        path = Path(folder) / "dump.json"
        path.write_text(made(1 << 15), encoding="utf-8")
        try:
            list(threads(Dump(path), Card(format=name.partition(":")[0])))
        except RostraError as error:
            assert error.hint, name
"""
ONCE_QUADRATIC = (
    "posts: the same id", "text: headers", "text: numbers and buttons", "handwritten: headings", "kialo: the same number", "mail: references",
)  # fmt: skip


@pytest.mark.parametrize("name", ONCE_QUADRATIC)
def test_twice_the_input_is_no_more_than_about_twice_the_work(name: str) -> None:
    # A ratio holds on a busy machine too; growth with the square makes it 4, and took 15 seconds or more of the larger size.
    assert seconds(name, 1 << 19, limit=60) < 3 * max(seconds(name, 1 << 18, limit=30), 1)


@pytest.mark.parametrize("name", ["handwritten: spaces", "kialo: spaces", "wikitext: a heading of spaces"])
def test_spaces_before_the_end_of_a_line_are_passed_once(name: str) -> None:
    assert seconds(name, 1 << 20, limit=12) < 12


def test_every_input_is_read_or_refused() -> None:
    command = [sys.executable, "-c", ALL, str(Path(__file__).parent.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert INPUTS
