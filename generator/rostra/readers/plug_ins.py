"""Readers of other packages: found by their entry points, and left out if they cannot be used."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rostra.errors import RostraError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "rostra.readers"
NEEDED = ("NAME", "ABOUT", "CARRIES", "MANY", "recognise", "read")
"""The attributes of a reader."""


@cache
def loaded() -> tuple[dict[str, Any], tuple[RostraError, ...]]:
    """Return the readers by name, and a problem for each that cannot be used, whatever it raises."""
    found: dict[str, Any] = {}
    usable, broken = points()
    for point in usable:
        try:
            reader = point.load()
            _refuse_incomplete(reader)
            found[str(reader.NAME)] = reader
        except (Exception, SystemExit) as error:  # noqa: BLE001  # third-party code
            broken = (*broken, _broken(point, error))
    return found, broken


def modules() -> tuple[Path, ...]:
    """Return the modules of the readers."""
    return tuple(path for point in points()[0] if (path := _source(point)))


@cache
def points() -> tuple[tuple[EntryPoint, ...], tuple[RostraError, ...]]:
    """Return the entry points by name, and the problems of packages whose entry points cannot be read."""
    # Loading `importlib.metadata` takes longer than seeing that no package declares readers.
    if not any(_may_have_points(Path(place)) for place in sys.path):
        return (), ()
    from importlib.metadata import distributions

    found: dict[tuple[str, str], EntryPoint] = {}
    broken: list[RostraError] = []
    for package in distributions():
        try:
            for point in package.entry_points:
                # Python imports the first of two installed copies.
                if point.group == GROUP:
                    found.setdefault((point.name, package.name), point)
        except Exception as error:  # noqa: BLE001  # the metadata may be anything
            where = str(package.locate_file(""))
            broken.append(
                RostraError(
                    f"the plug-ins of a package cannot be listed: {_said(error)}",
                    path=str(getattr(package, "_path", where)),
                    hint="install the package again, or remove it",
                )
            )
    return tuple(point for _, point in sorted(found.items())), tuple(broken)


def _refuse_incomplete(reader: Any) -> None:
    if lacks := [name for name in NEEDED if not hasattr(reader, name)]:
        raise TypeError(f"it has no {', '.join(lacks)}")


def _broken(point: EntryPoint, error: BaseException) -> RostraError:
    package = point.dist.name if point.dist else point.name
    return RostraError(
        f"the plug-in {point.name!r} of {package} cannot be used, and is left out: {_said(error)}",
        path=point.value,
        hint=f"repair it, or remove it: pip uninstall {package}",
    )


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _source(point: EntryPoint) -> Path | None:
    try:
        spec = find_spec(point.module)
    except (Exception, SystemExit):  # noqa: BLE001  # finding a module imports its parent packages
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _may_have_points(place: Path) -> bool:
    """Whether a package in a directory of packages may have entry points for readers; archives are not opened."""
    told = place.glob("*-[iI][nN][fF][oO]/entry_points.txt")
    try:
        return place.is_file() or any(GROUP.encode() in file.read_bytes() for file in told)
    except OSError:
        return True
