"""The report of a build."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from rostra.errors import RostraError
from rostra.model import Problem


class Written(Struct, frozen=True, kw_only=True):
    """What a build changed in the output folder; paths relative to it, sorted."""

    files: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def touched(self) -> tuple[str, ...]:
        """Return every changed path."""
        return self.changed + self.removed


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build made and what was wrong.  Each problem comes with its dump.

    After failures, ``kept`` are the debates (``debates/ID``) and pages that are as they were last built; ``left_out`` are
    the missing debates, and dumps without a known debate, each with the reason.  ``inputs`` are the files that were read,
    ``code`` the files of other packages' readers.
    """

    threads: int
    posts: int
    written: Written
    problems: tuple[tuple[str, Problem], ...]
    failures: tuple[RostraError, ...]
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    inputs: tuple[Path, ...]
    code: tuple[Path, ...] = ()
