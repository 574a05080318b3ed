"""Units: files that are made and cached together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rostra.output.staging import OutputFile


class Task(NamedTuple):
    """Files that a pure function makes from ``arguments``, in any process; ``size`` is their approximate number of bytes."""

    size: int
    function: Callable[..., Iterable[OutputFile]]
    arguments: tuple[object, ...]

    def done(self) -> Iterable[OutputFile]:
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
