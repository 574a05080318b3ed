"""Parts that tests share: what to do without a part, and the preview under test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec import Struct

from rostra.serve.outcome import BuildOutcome


def missing(what: str) -> None:
    """Fail in CI, skip with a reason elsewhere."""
    message = f"{what} is not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


class Preview(Struct):
    """The folder, the address, how many builds there were, and what was announced."""

    folder: Path
    address: str
    builds: list[BuildOutcome]
    lines: list[str]

    @property
    def output(self) -> Path:
        """The folder that is served."""
        return self.folder / ".rostra/preview"
