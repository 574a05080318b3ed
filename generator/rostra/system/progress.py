"""What a build is at: which stage, how many things of how many, how long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import TypeVar

from msgspec import Struct

Thing = TypeVar("Thing")


class Portion(Struct):
    """One thing of a stage, where that may take long: ``done`` of ``total`` that are in it, and what these are called."""

    name: str
    called: str = ""
    total: int | None = None
    done: int = 0

    def begin(self, called: str, total: int | None = None) -> None:
        """Begin to count, or to count again."""
        self.called, self.total, self.done = called, total, 0


class Stage(Struct):
    """A stage: ``done`` things of ``total``, which is None where it is not known before; ``seconds`` once it is over.

    ``portion`` is how far the next of them is, where that is known.
    """

    name: str
    total: int | None = None
    done: int = 0
    seconds: float = 0.0
    portion: Portion | None = None


class Progress:
    """The stages of a build, of which at most one is going on; ``told`` is called whenever it moves on."""

    def __init__(self, told: Callable[[Stage], None] = lambda stage: None) -> None:
        self.stages: list[Stage] = []
        self._told = told
        self._begun = perf_counter()

    def begin(self, name: str, total: int | None = None) -> None:
        """Begin a stage; the one before is over."""
        self.end()
        self.stages.append(Stage(name, total))
        self._told(self.stages[-1])

    def step(self) -> None:
        """One more thing of the stage is done."""
        self.stages[-1].done += 1
        self.stages[-1].portion = None
        self._told(self.stages[-1])

    def within(self, portion: Portion) -> None:
        """The next thing of the stage is begun, or goes on."""
        self.stages[-1].portion = portion
        self._told(self.stages[-1])

    def each(self, name: str, things: Iterable[Thing], total: int | None = None) -> Iterator[Thing]:
        """The things, one after the other, as a stage."""
        self.begin(name, total)
        for thing in things:
            yield thing
            self.step()

    def end(self) -> None:
        """The stage that goes on is over; what is done before the next begins is counted with it."""
        now = perf_counter()
        if self.stages:
            self.stages[-1].portion = None
            self.stages[-1].seconds += now - self._begun
        self._begun = now
