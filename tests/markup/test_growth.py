"""Rendering takes linear time: a quadratic parser is killed at a limit of CPU time."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.pathological_bodies import DIALECTS

BOUNDED = Path(__file__).parent.parent / "bounded.py"


@pytest.mark.parametrize("dialect", [*DIALECTS, "code", "lines"])
def test_every_pathological_body_is_rendered_within_a_limit_of_cpu_time(dialect: str) -> None:
    done = subprocess.run([sys.executable, BOUNDED, dialect], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode != -signal.SIGXCPU, f"over the limit of CPU time: {lines[-1]}"
    assert done.returncode == 0, done.stderr
    assert len(lines) > 30
