"""Units: files that are made and cached together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rostra.output.writer import OutputFile


class Task(NamedTuple):
    """Files that a pure function makes from ``arguments``, in any process; ``size`` is their approximate number of bytes."""

    size: int
    function: Callable[..., list[OutputFile]]
    arguments: tuple[object, ...]

    def done(self) -> list[OutputFile]:
        """Return the files."""
        return self.function(*self.arguments)


class Unit(NamedTuple):
    """Files that are made together, and made again only if their inputs change.

    ``name`` is lasting and unique.  ``inputs`` is everything that they depend on besides settings, layouts
    and this version of Rostra: any value that msgspec encodes.  ``files`` is called only if that
    changes, so expensive work belongs there; pure parts of it can be left to a ``Task``.
    """

    name: str
    inputs: object
    files: Callable[[], Iterable[OutputFile | Task]]


class Shelf(NamedTuple):
    """Units that are checked as one while nothing changes that any of them depends on.

    For units so numerous that checking each would cost more than making a few.
    """

    name: str
    inputs: object
    units: Callable[[], Iterable[Unit]]
