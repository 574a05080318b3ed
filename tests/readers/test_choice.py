"""Which reader is asked about a dump, and which reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rostra import readers
from rostra.model import RawThread
from rostra.readers import Dump, Reader, choose


class Sure:
    """A reader that is as sure as it is told to be, and counts how often it is asked."""

    ABOUT, CARRIES, MANY = "", (), False

    def __init__(self, name: str, sure: float, at_most: float = 1) -> None:
        self.NAME, self.AT_MOST = name, at_most
        self._sure, self.asked = sure, 0

    def recognise(self, _: Dump) -> float:
        self.asked += 1
        return self._sure

    def read(self, dump: Dump) -> Iterator[RawThread]:
        raise NotImplementedError(dump)


@pytest.mark.parametrize(
    ("other", "asked", "chosen"), [(0.51, False, "other"), (0.5, True, "modest"), (0.49, True, "modest")]
)
def test_a_reader_that_cannot_win_is_not_asked(
    other: float, *, asked: bool, chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of equally confident readers the last by name reads; which one is asked first changes nothing."""
    modest, sure = Sure("modest", 0.5, at_most=0.5), Sure("other" if other > 0.5 else "first", other)
    named: dict[str, Reader] = {each.NAME: each for each in (modest, sure)}
    monkeypatch.setattr(readers, "readers", lambda: named)
    (tmp_path / "dump.txt").write_text("words")
    assert (choose(Dump(tmp_path / "dump.txt")).NAME, modest.asked) == (chosen, asked)


@pytest.mark.parametrize("dump", ["Ada\n\n    1 hour ago\n\nThese are words.\n", "Words alone.\n"])
def test_readers_keep_what_they_say_of_their_confidence(dump: str, tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text(dump)
    limits = {name: limit for name, each in readers.readers().items() if (limit := getattr(each, "AT_MOST", None))}
    assert "text" in limits
    for name, limit in limits.items():
        assert readers.readers()[name].recognise(Dump(tmp_path / "dump.txt")) <= limit
