"""What is made and kept as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rostra.output.writer import OutputFile


class Task(NamedTuple):
    """Files that a pure function makes of ``arguments``, wherever it is called; ``size`` is about how many bytes they are."""

    size: int
    function: Callable[..., list[OutputFile]]
    arguments: tuple[object, ...]

    def done(self) -> list[OutputFile]:
        """The files."""
        return self.function(*self.arguments)


class Unit(NamedTuple):
    """Files that are made together, and made again only when what they are made of changes.

    ``name`` is lasting and unique.  ``inputs`` is everything that they depend on beside settings, layouts
    and this version of Rostra: anything that msgspec encodes.  ``files`` is called only when that is not
    as it was, so whatever is costly belongs there; of it, what is pure may be left to a ``Task``.
    """

    name: str
    inputs: object
    files: Callable[[], Iterable[OutputFile | Task]]


class Shelf(NamedTuple):
    """Units that are looked after as one while nothing changes that any of them depends on.

    For those of which there are so many that looking after each would cost more than making a few.
    """

    name: str
    inputs: object
    units: Callable[[], Iterable[Unit]]


class RunningJob(NamedTuple):
    """What another program is at: whether it is done, and the files that it makes, for which one waits."""

    done: Callable[[], bool]
    files: Callable[[], Iterable[OutputFile]]


class Meanwhile(NamedTuple):
    """A unit whose files another program makes: ``begin`` is called only when they are to be made."""

    name: str
    inputs: object
    begin: Callable[[], RunningJob]
