"""The licence of everything that Rostra needs to run, as its own metadata gives it.

    python tests/licences.py

prints a line for each package, and fails where one has a licence that is not known to go with Rostra's own (MIT).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from typing import cast

from packaging.requirements import Requirement

EXTRAS = ("cluster", "search", "storage")
COMPATIBLE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",  # of a package that is used as it is
    "OFL-1.1",  # of fonts
    "PSF-2.0",
    "Unlicense",
}
"""SPDX ids of licences under which a package may be needed by one that is MIT."""
CALLED = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "sil ofl 1.1": "OFL-1.1",
    "sil open font license 1.1 (ofl-1.1)": "OFL-1.1",
}
"""What older metadata calls them; ``BSD`` alone may be either, and both may be used."""


def needed(name: str = "rostra", extras: tuple[str, ...] = EXTRAS) -> dict[str, Message]:
    """The metadata of everything that is installed because a package wants it, by name."""
    found: dict[str, Message] = {}
    _walk(name, frozenset(extras), found, set())
    found.pop(name)
    return dict(sorted(found.items()))


def _walk(name: str, extras: frozenset[str], found: dict[str, Message], seen: set[tuple[str, frozenset[str]]]) -> None:
    name = re.sub(r"[-_.]+", "-", name).lower()
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    package = distribution(name)
    found[name] = cast("Message", package.metadata)
    for line in package.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            _walk(wanted.name, frozenset(wanted.extras), found, seen)


def licences(metadata: Message) -> set[str]:
    """The SPDX ids of a package's licences, all that it names: an expression, else the field, else the classifiers."""
    if expression := metadata.get("License-Expression"):
        return set(re.split(r"\s+(?:AND|OR|WITH)\s+|[()\s]+", expression)) - {""}
    field = (metadata.get("License") or "").strip()
    said = [each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier", []) if each.startswith("License")]
    # A field may hold whatever its author wrote; classifiers are from a list.
    if spdx(field) in COMPATIBLE or not said:
        said.append(field.partition("\n")[0] or "none is named")
    return {spdx(each) for each in said}


def spdx(name: str) -> str:
    """A licence's SPDX id, where it is called otherwise."""
    return CALLED.get(name.lower(), name)


def lines() -> Iterator[tuple[str, set[str]]]:
    """A line for each package, and those of its licences that are not known to be compatible."""
    for name, metadata in needed().items():
        found = licences(metadata)
        yield f"{name} {metadata['Version']}\t{', '.join(sorted(found))}", found - COMPATIBLE


def main() -> int:
    """Print the lines; 1 where something may not be needed."""
    try:
        told = list(lines())
    except PackageNotFoundError as error:
        print(f"{error}: install Rostra with {', '.join(EXTRAS)} first", file=sys.stderr)
        return 1
    for line, wrong in told:
        print(f"{line}\tNOT KNOWN TO BE COMPATIBLE" if wrong else line)
    return int(any(wrong for _, wrong in told))


if __name__ == "__main__":
    sys.exit(main())
