"""Readers of other packages: found by their entry points, and left out where they cannot be used."""

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
"""What a reader has."""


@cache
def loaded() -> tuple[dict[str, Any], tuple[RostraError, ...]]:
    """The readers by name, and what is wrong with those that cannot be used, whatever they raise."""
    found: dict[str, Any] = {}
    usable, broken = points()
    for point in usable:
        try:
            reader = point.load()
            _refuse_incomplete(reader)
            found[str(reader.NAME)] = reader
        except (Exception, SystemExit) as error:  # noqa: BLE001  # it is somebody else's code
            broken = (*broken, _broken(point, error))
    return found, broken


def modules() -> tuple[Path, ...]:
    """The modules in which the readers are."""
    return tuple(path for point in points()[0] if (path := _source(point)))


@cache
def points() -> tuple[tuple[EntryPoint, ...], tuple[RostraError, ...]]:
    """The entry points by name, and what is wrong with packages that cannot be asked for theirs."""
    # To load what knows packages takes longer than to see that none of them speaks of readers.
    if not any(_may_have_points(Path(place)) for place in sys.path):
        return (), ()
    from importlib.metadata import distributions

    found: dict[tuple[str, str], EntryPoint] = {}
    broken: list[RostraError] = []
    for package in distributions():
        try:
            for point in package.entry_points:
                # Of a package that is there twice, Python imports the first.
                if point.group == GROUP:
                    found.setdefault((point.name, package.name), point)
        except Exception as error:  # noqa: BLE001  # its metadata may be anything
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
    except (Exception, SystemExit):  # noqa: BLE001  # to find a module, the packages around it are imported
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _may_have_points(place: Path) -> bool:
    """Whether a package in a place of packages may have entry points for readers; what is packed is not looked into."""
    told = place.glob("*-[iI][nN][fF][oO]/entry_points.txt")
    try:
        return place.is_file() or any(GROUP.encode() in file.read_bytes() for file in told)
    except OSError:
        return True
