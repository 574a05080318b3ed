"""Copies of known sites: each case is a copy written by hand and the tree that it tells, named as its layout is.

The form is that of ``test_text``; a case ``NAME.case`` or ``NAME-WHAT.case`` is read by the layout ``NAME.toml``.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from rostra.readers.copied import reading
from rostra.readers.copied.known import KnownLayout, known_layouts
from rostra.readers.copied.layout import prepared
from support.copied_threads import assembled, read, tree

CASES = sorted(Path(__file__).parent.joinpath("copied").glob("*.case"))
NAMES = sorted(each.layout.name for each in known_layouts())


def of(case: Path) -> str:
    """The layout that a case is of."""
    return max((name for name in NAMES if case.stem == name or case.stem.startswith(f"{name}-")), key=len)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_copy_of_a_known_site_is_read_by_its_layout(case: Path, tmp_path: Path) -> None:
    dump, _, expected = case.read_text(encoding="utf-8").partition("\n=====\n")
    found = reading.best_reading(prepared(dump.split("\n")), dump)
    assert found is not None
    assert (found.cut.layout.name, found.doubts) == (of(case), ())
    path = tmp_path / "dump.txt"
    path.write_text(dump + "\n", encoding="utf-8")
    thread = read(path)
    assert tree(assembled(thread)) == expected.strip("\n").split("\n")
    layout = found.cut.layout
    assert (thread.place, {post.dialect for post in thread.posts}) == (layout.place, {layout.dialect})


@pytest.mark.parametrize("site", known_layouts(), ids=lambda site: site.layout.name)
def test_a_layout_names_its_dialect_and_the_site_that_its_phrases_give_away(site: KnownLayout) -> None:
    text = (files("rostra.readers.copied") / "layouts" / f"{site.layout.name}.toml").read_text(encoding="utf-8")
    assert f'dialect = "{site.layout.dialect}"' in text.split("\n")
    assert site.layout.place or not site.phrases


@pytest.mark.parametrize("name", NAMES)
def test_every_known_site_has_a_case(name: str) -> None:
    assert [case for case in CASES if of(case) == name]
