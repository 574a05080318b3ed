"""``SHA256SUMS``: which files of a site are ours, with their digests, and which of them stand as they were written."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

from rostra.disk import Look, below
from rostra.late import late

MANIFEST = "SHA256SUMS"
"""Lists every file of ours with its digest, as ``sha256sum --check`` reads it; what it does not list we leave alone."""

LEAVES = late(r"(?:^|/)\.\.(?:/|$)")
"""In a path, what leads out of its folder."""


def read_manifest(output: Path) -> dict[str, str]:
    """The files of the last build and their digests; empty where there was none."""
    try:
        return parse_manifest((output / MANIFEST).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return {}


def parse_manifest(text: str) -> dict[str, str]:
    """The files that a manifest lists, with their digests."""
    listed = {
        line[66:]: line[:64] for line in text.splitlines() if line[64:66] == "  " and line[66:67] not in ("", "/")
    }
    if ".." not in text:
        return listed
    # No path that leads out of the folder is ours, whoever wrote it there.
    return {path: digest for path, digest in listed.items() if not LEAVES.search(path)}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file as a manifest lists it; empty where it cannot be read."""
    from hashlib import file_digest

    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


class Standing:
    """The output folder as the last build left it, and the ledger beside it.

    What another process ``told`` of it need not be found out here; each is found out when it is first asked for.
    """

    def __init__(self, output: Path, ledger: Path | None = None, told: Iterable[bytes] = ()) -> None:
        self._folder = str(output)
        self._output, self._ledger, self._told = output, ledger, iter(told)

    def tell(self) -> Iterator[bytes]:
        """All of it, for another process of this program: first what most builds need, since nothing changed."""
        yield self.digest.encode()
        yield marshal.dumps((self.look.packed(), self.listed, self.touched))

    @cached_property
    def digest(self) -> str:
        """What changes when any of it does, as the disk describes it."""
        told = next(self._told, None)
        return self._looked.digest if told is None else told.decode()

    def lasts(self) -> bool:
        """Whether no build came since this was found, and nobody took its list of files away."""
        return self.look.holds(f"{self._folder}/{MANIFEST}")

    def changed_since(self, before: Standing) -> set[str]:
        """Of the files listed now, those that the disk described otherwise then."""
        then, now = before.look, self.look
        return {path for path in self.listed if not now.agrees(then, f"{self._folder}/{path}")}

    @property
    def look(self) -> Look:
        """How the disk describes it."""
        return self._found[0]

    @property
    def listed(self) -> dict[str, str]:
        """The files that the last build wrote, with their digests."""
        return self._found[1]

    @property
    def touched(self) -> set[str]:
        """Of those, the ones that somebody touched since, or took away."""
        return self._found[2]

    @cached_property
    def _looked(self) -> Look:
        ledger = [str(self._ledger)] if self._ledger and self._ledger.is_file() else []
        return Look(chain(below(self._folder), ledger))

    @cached_property
    def _found(self) -> tuple[Look, dict[str, str], set[str]]:
        # It is told first.
        _ = self.digest
        if (told := next(self._told, None)) is not None:
            packed, listed, touched = marshal.loads(told)  # noqa: S302  # from ourselves
            return Look.unpacked(packed), listed, touched
        look, listed = self._looked, read_manifest(self._output)
        return look, listed, {path for path, digest in listed.items() if self._is_touched(path, digest)}

    def _is_touched(self, path: str, digest: str) -> bool:
        written, changed = self._looked.times(f"{self._folder}/{path}")
        built, placed = self._built
        # Of an older file that took its place only the second tells; but that tells of a new mode too.
        return not 0 < written <= built or (changed > placed and digest_of(self._output / path) != digest)

    @cached_property
    def _built(self) -> tuple[int, int]:
        return self._looked.times(f"{self._folder}/{MANIFEST}")
