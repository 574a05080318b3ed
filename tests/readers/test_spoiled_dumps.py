"""A few mutations of every case; ``tests/spoiled_dumps.py`` tries as many as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest

from spoiled_dumps import Seen, samples, wrong


@pytest.mark.parametrize(("format", "sample"), samples(), ids=lambda each: each if isinstance(each, str) else each.stem)
def test_whatever_a_value_is_replaced_by_nothing_fails_and_nothing_is_lost_in_silence(
    format: str, sample: Path, tmp_path: Path
) -> None:
    before = Seen(sample)
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        said = wrong(format, sample, before, seed, folder)
        assert said is None, f"seed {seed}: {said}"
