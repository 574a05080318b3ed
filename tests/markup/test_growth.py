"""Time that grows with the body alone: a parser that looks at a text again and again is killed at a limit of CPU time."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pathological import DIALECTS

BOUNDED = Path(__file__).parent.parent / "bounded.py"


@pytest.mark.parametrize("dialect", [*DIALECTS, "code"])
def test_no_body_takes_a_dialect_longer_than_its_length_accounts_for(dialect: str) -> None:
    done = subprocess.run([sys.executable, BOUNDED, dialect], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode != -signal.SIGXCPU, f"over the limit of CPU time: {lines[-1]}"
    assert done.returncode == 0, done.stderr
    assert len(lines) > 30
