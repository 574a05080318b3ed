"""Copies of sites that no layout lists: each case is a copy written by hand and the tree that it tells.

The form is that of ``test_text``.  What each case is for is its name: ``place-before-time`` has a place between the
name and the time, ``member-since`` another time in each post, and so on.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied import reading
from rostra.readers.copied.layout import prepared
from support.copied_threads import assembled, read, tree

CASES = sorted(Path(__file__).parent.joinpath("unlisted").glob("*.case"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_copy_teaches_its_layout(case: Path, tmp_path: Path) -> None:
    dump, _, expected = case.read_text(encoding="utf-8").partition("\n=====\n")
    found = reading.best_reading(prepared(dump.split("\n")), dump)
    assert found is not None
    assert (found.cut.layout.name, found.doubts) == ("", ())
    path = tmp_path / "dump.txt"
    path.write_text(dump + "\n", encoding="utf-8")
    assert tree(assembled(read(path))) == expected.strip("\n").split("\n")
