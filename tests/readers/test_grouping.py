"""Posts are grouped alike in memory and on disk."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.model import Problem, RawPost
from rostra.readers.records import grouping
from rostra.readers.records.grouping import EACH, Grouping

NAMES = st.text("aé𝄞ﬀ-1", max_size=3)
ADDED = st.lists(st.tuples(NAMES, st.text("xy ", max_size=5), st.booleans()), max_size=12)


def grouped(added: list[tuple[str, str, bool]], roots: dict[str, str], heavy: int) -> list[object]:
    with patch.object(grouping, "HEAVY", heavy), Grouping() as found:
        for number, (thread, body, wrong) in enumerate(added):
            problem = (Problem(code="bad-field", message=body),) * wrong
            found.add(thread, RawPost(key=str(number), body=body), problem)
        if roots:
            found.gather(roots)
        assert found.names() == {roots.get(thread, thread) for thread, _, _ in added}
        return list(found.threads())


@given(ADDED, st.dictionaries(NAMES, NAMES, max_size=3), st.integers(0, 8))
def test_threads_are_the_same_in_memory_and_on_disk(
    added: list[tuple[str, str, bool]], roots: dict[str, str], most: int
) -> None:
    whole = grouped(added, roots, 1 << 30)
    assert grouped(added, roots, most * EACH) == whole
    assert [thread for thread, _, _ in whole] == sorted({roots.get(thread, thread) for thread, _, _ in added})


@pytest.mark.parametrize(("heavy", "stored"), [(2 * EACH, False), (2 * EACH - 1, True)])
def test_posts_are_stored_when_they_are_heavier_than_the_limit(heavy: int, stored: bool) -> None:
    with patch.object(grouping, "HEAVY", heavy), Grouping() as found:
        found.add("t", RawPost(key="1"))
        found.add("t", RawPost(key="2"))
        assert (found._base is not None) == stored
