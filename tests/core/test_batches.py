"""Small tasks go to a worker together, and what each gives comes back in order."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from rostra.errors import RostraError, UsageError
from rostra.identity import ledger
from rostra.system.attempts import Failed
from rostra.system.batches import BATCH, Batches
from rostra.system.workers import PLENTY, Workers
from support.worker_tasks import doubled, fatal, wrong

ASKED: list[list[int]] = []


def halves(least: int, numbers: Sequence[int]) -> list[int | Failed]:
    """Half of each number, which must be no less than the least."""
    ASKED.append(list(numbers))
    return [n // 2 if n >= least else Failed(UsageError(f"{n} is too little")) for n in numbers]


@pytest.mark.parametrize(("sizes", "sent"), [
    ([BATCH // 2, BATCH // 2, 1], [[10, 11], [12]]), ([BATCH // 2, BATCH // 2 + 1, 1], [[10], [11, 12]]), ([2 * BATCH, 1, 1], [[10], [11, 12]]),
    ([1, 1, 1], [[10, 11, 12]]),
])  # fmt: skip
def test_tasks_are_sent_before_they_would_be_too_many(sizes: list[int], sent: list[list[int]]) -> None:
    ASKED.clear()
    told: list[object] = []
    batches = Batches[int, int](Workers(), halves, 11)
    for n, size in enumerate(sizes, 10):
        batches.add(size, n, told.append, lambda error: told.append(error.message))
    batches.finish()
    assert sent == ASKED
    assert told == ["10 is too little", 5, 6]
    batches.finish()
    assert sent == ASKED


@pytest.mark.parametrize("number", [1, 2])
def test_a_function_is_mapped_over_tasks_in_their_order(number: int) -> None:
    with Workers(number, patience=0) as workers:
        assert list(workers.map(doubled, ((0, (n,)) for n in range(40)))) == [2 * n for n in range(40)]
        assert list(workers.map(doubled, [])) == []
        with pytest.raises(RostraError, match="wrong"):
            list(workers.map(wrong, [(0, ("a.txt",))]))


def test_what_a_lost_worker_was_at_is_done_here() -> None:
    with Workers(2, patience=0) as workers:
        assert list(workers.map(fatal, ((0, (n, os.getpid())) for n in range(12)))) == list(range(12))


def test_what_is_mapped_is_a_few_tasks_ahead_and_no_more() -> None:
    begun: list[int] = []

    def tasks() -> object:
        for n in range(100):
            begun.append(n)
            yield 0, (n,)

    with Workers(2, patience=0) as workers:
        found = workers.map(doubled, tasks())  # type: ignore[arg-type]  # a generator of tasks
        assert next(found) == 0
        assert len(begun) == 9
        assert list(found) == [2 * n for n in range(1, 100)]


@pytest.mark.parametrize(("size", "elsewhere"), [(PLENTY, False), (PLENTY + 1, True)])
def test_of_plenty_the_main_process_does_nothing_itself(size: int, elsewhere: bool) -> None:
    with Workers(2, patience=3600, start=ThreadPoolExecutor) as workers:
        workers.expect([1, size - 1])
        (found,) = workers.map(get_ident, [(0, ())])
    assert (found != get_ident()) is elsewhere


def test_what_others_found_of_a_body_s_words_is_not_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.remember("Of the gate.", ("digest", ""), sketched=False)
    assert ledger.said("Of the gate.", sketched=False) == ("digest", "")
    assert ledger.said("Of the gate.", sketched=True) != ("digest", "")
    monkeypatch.setattr(ledger, "REMEMBERED", 0)
    ledger.remember("Of the weir.", ("other", ""), sketched=False)
    assert ledger.said("Of the gate.", sketched=False) != ("digest", "")
