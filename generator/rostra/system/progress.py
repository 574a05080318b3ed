"""The progress of a build: the current stage, how much of it is done, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import TypeVar

from msgspec import Struct

Thing = TypeVar("Thing")


class Portion(Struct):
    """One item of a stage that may take long: ``done`` of ``total`` parts of it, and the name of the parts."""

    name: str
    called: str = ""
    total: int | None = None
    done: int = 0

    def begin(self, called: str, total: int | None = None) -> None:
        """Start counting, or start again."""
        self.called, self.total, self.done = called, total, 0


class Stage(Struct):
    """A stage: ``done`` items of ``total`` (None if not known in advance); ``seconds`` once it is over.

    ``portion`` is the progress within the next item, if known.
    """

    name: str
    total: int | None = None
    done: int = 0
    seconds: float = 0.0
    portion: Portion | None = None


class Progress:
    """The stages of a build, at most one of them active; ``told`` is called after each step."""

    def __init__(self, told: Callable[[Stage], None] = lambda stage: None) -> None:
        self.stages: list[Stage] = []
        self._told = told
        self._begun = perf_counter()

    def begin(self, name: str, total: int | None = None) -> None:
        """Start a stage and end the one before."""
        self.end()
        self.stages.append(Stage(name, total))
        self._told(self.stages[-1])

    def step(self) -> None:
        """Count one more item of the stage as done."""
        self.stages[-1].done += 1
        self.stages[-1].portion = None
        self._told(self.stages[-1])

    def within(self, portion: Portion) -> None:
        """Report progress within the next item of the stage."""
        self.stages[-1].portion = portion
        self._told(self.stages[-1])

    def each(self, name: str, things: Iterable[Thing], total: int | None = None) -> Iterator[Thing]:
        """Yield the items one by one, as a stage."""
        self.begin(name, total)
        for thing in things:
            yield thing
            self.step()

    def end(self) -> None:
        """End the active stage; time until the next one starts counts for it."""
        now = perf_counter()
        if self.stages:
            self.stages[-1].portion = None
            self.stages[-1].seconds += now - self._begun
        self._begun = now
