"""Paths that a build has taken: the same in memory and on disk, whatever is taken, released and asked in between."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.output import taken_paths
from rostra.output.taken_paths import Claims

PATHS = ["a", "A", "b/x", "b/X", "ärger", "Ärger", "Z", "z"]


def digest(path: str, n: int) -> str:
    return sha256(f"{path} {n}".encode()).hexdigest()


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from(PATHS), max_size=3, unique_by=str.lower)), max_size=12),
)
@settings(max_examples=200, deadline=None)
def test_paths_are_taken_and_released_as_in_a_dictionary(batch: int, steps: list[tuple[bool, list[str]]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taken_paths, "BATCH", batch)
        claims, model = Claims(), dict[str, str]()
        for n, (adds, paths) in enumerate(steps):
            if adds:
                taken = {path.lower() for path in model}
                clash = next((path for path in paths if path.lower() in taken), None)
                assert claims.add({path: digest(path, n) for path in paths}) == clash
                if clash is None:
                    model |= {path: digest(path, n) for path in paths}
            else:
                claims.remove(paths)
                for path in paths:
                    model.pop(path, None)
            folded = {path.lower() for path in model}
            for path in PATHS:
                assert (path in claims) == (path in model)
                assert claims.get(path) == model.get(path)
                assert claims.takes(path) == (path.lower() in folded)
            assert len(claims) == len(model)
        assert list(claims.sorted()) == sorted(model.items())
        assert len(claims) == len(model)


def test_no_more_than_a_batch_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taken_paths, "BATCH", 3)
    claims = Claims()
    claims.add({"a": "00", "b": "00"})
    assert len(claims._held) == 2
    claims.add({"c": "00"})
    assert not claims._held
    claims.add({"d": "00"})
    assert len(claims._held) == 1
    assert len(claims) == 4
