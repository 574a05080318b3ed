"""The command as a person runs it, without a process of its own, whose start takes several times as long as most commands."""

from __future__ import annotations

import gc
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from rostra.cli import main


class Ran(NamedTuple):
    """What ``subprocess.run`` tells of a process."""

    returncode: int
    stdout: str
    stderr: str


class Said(TextIOWrapper):
    """What is printed, as text or bytes."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        """All of it."""
        self.seek(0)
        return self.read()


def rostra(*arguments: str, cwd: Path) -> Ran:
    """Run the command within a folder; what it does not expect is raised, where a process would print a traceback."""
    stdout, stderr, collected = Said(), Said(), gc.get_threshold()
    try:
        with (
            chdir(cwd),
            redirect_stdout(stdout),
            redirect_stderr(stderr),
            patch.object(sys, "argv", ["rostra", *arguments]),
        ):
            main()
    except SystemExit as ended:
        return Ran(int(ended.code or 0), stdout.text(), stderr.text())
    finally:
        # What only the end of a process makes good.
        gc.set_threshold(*collected)
        gc.unfreeze()
    raise AssertionError("the command has no exit status")
