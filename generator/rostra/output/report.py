"""What a build tells of itself."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from rostra.errors import RostraError
from rostra.model import Problem


class Written(Struct, frozen=True, kw_only=True):
    """What a build did to the output folder; paths relative to it, sorted."""

    files: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def touched(self) -> tuple[str, ...]:
        """Everything that is not as it was."""
        return self.changed + self.removed


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build made and what was wrong.  Each problem comes with the dump it is in.

    Of what failed, ``kept`` is as it was last built: debates (``debates/ID``) and pages; ``left_out`` is not there, each
    with the reason: debates, and dumps of which no debate is known.  ``inputs`` are the files that were read; ``code`` those of other packages' readers.
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
