"""Small tasks go to a worker together, and what each gives comes back in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest
from msgspec.structs import replace

from rostra.errors import RostraError, UsageError
from rostra.identity import ledger
from rostra.model import Author, RawPost
from rostra.system.attempts import Failed
from rostra.system.batches import BATCH, Work, in_batches
from rostra.system.workers import PLENTY, Job, Workers
from support.worker_tasks import doubled, wrong

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
    works = (Work(f"a{n}", size, n) for n, size in enumerate(sizes, 10))
    told = list(in_batches(Workers(), halves, (11,), works))
    assert sent == ASKED
    (_, failed), *rest = told
    assert isinstance(failed, Failed)
    assert failed.error.message == "10 is too little"
    assert rest == [("a11", 5), ("a12", 6)]


def test_a_wait_sends_what_there_is_and_yields_it_first() -> None:
    ASKED.clear()
    told: list[int | Failed] = []

    def works() -> Iterator[Work[int] | None]:
        yield None
        for n in (2, 4):
            yield Work(n, 1, n)
            yield Work(n, 1, n)
            yield None
            yield None
            assert told[-2:] == [n // 2, n // 2]

    with Workers(2, patience=0, start=ThreadPoolExecutor) as workers:
        for of, value in in_batches(workers, halves, (0,), works()):
            assert value == of // 2
            told.append(value)
    assert ASKED == [[2, 2], [4, 4]]


@pytest.mark.parametrize("number", [1, 2])
def test_a_function_is_mapped_over_tasks_in_their_order(number: int) -> None:
    with Workers(number, patience=0) as workers:
        assert list(workers.map(doubled, (Job(n, 0, (n,)) for n in range(40)))) == [(n, 2 * n) for n in range(40)]
        assert list(workers.map(doubled, list[Job[int]]())) == []
        with pytest.raises(RostraError, match="wrong"):
            list(workers.map(wrong, [Job(0, 0, ("a.txt",))]))


@pytest.mark.parametrize(("size", "elsewhere"), [(PLENTY, False), (PLENTY + 1, True)])
def test_of_plenty_the_main_process_does_nothing_itself(size: int, elsewhere: bool) -> None:
    with Workers(2, patience=3600, start=ThreadPoolExecutor) as workers:
        workers.expect([1, size - 1])
        ((_, found),) = workers.map(get_ident, [Job(0, 0, ())])
    assert (found != get_ident()) is elsewhere


def test_what_others_found_of_a_post_is_not_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    post, found = RawPost(key="1", body="Of the gate."), ("", "words", "", "")
    others = {"body": "Of it."}, {"native_id": "1"}, {"created": "2024-03-04"}, {"author": Author(name="Ada")}
    ledger.remember(post, found)
    assert ledger.digests_of(replace(post, key="2", line=7)) == found
    assert all(ledger.digests_of(replace(post, **other)) != found for other in others)
    monkeypatch.setattr(ledger, "REMEMBERED", 0)
    ledger.remember(RawPost(key="2", body="Of the weir."), found)
    assert ledger.digests_of(post) != found
