"""The only module that writes a site: only what changed, all at once, and no file of others."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from msgspec import Struct

from rostra.errors import Disturbed, UsageError
from rostra.output import journal
from rostra.output.journal import Heading, JournalStep
from rostra.output.manifest import (
    MANIFEST,
    Standing,
    digest_of,
    exact_digest,
    holds,
    manifest_lines,
    note_owned,
    parse_manifest,
    relative_path,
    size_of,
)
from rostra.output.obstacles import Obstacles
from rostra.output.report import Written
from rostra.output.taken_paths import Claims
from rostra.system.copying import copy_file
from rostra.system.file_state import discard


class OutputFile(Struct, frozen=True):
    """A file of the site: ``path`` relative to the output folder, with ``/``."""

    path: str
    content: bytes


class Renamed(NamedTuple):
    """A file in which names are replaced: its digest, and the new bytes at each offset."""

    digest: str
    places: list[tuple[int, bytes]]


class Writer:
    """Stages what differs from the last build, and places it when the build is complete (``journal``).

    A context manager: if an exception leaves it before that, the last site is unchanged.
    ``kept`` is the cache folder; ``standing`` is the state of the output folder, if somebody looked at it already.
    """

    def __init__(self, output: Path, kept: Path, standing: Standing | None = None) -> None:
        self.output = output
        self.staging = kept / journal.STAGING
        self.written: Written | None = None
        self._kept = kept
        self._claims = Claims()
        self._changed: list[str] = []
        """The staged files."""
        self._placed: list[JournalStep] = []
        """The files that were placed before the rest of the build."""
        self._folders: set[str] = set()
        """The folders that exist in the staging folder."""
        self._renamed: dict[str, list[tuple[int, bytes]]] = {}
        """The new bytes at offsets of files that stay in place."""
        self._ledger: Path | None = None
        self._guards: list[Callable[[str, bytes], object]] = []
        self._folder, self._staging = str(output), str(self.staging)
        self._standing = standing or Standing(output, kept)
        self._committed = False
        """Whether the staged files are needed to complete the build, whatever happens."""

    def __enter__(self) -> Self:
        discard(self.staging)
        self.staging.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.written = self._put_in_place()
        finally:
            if not (self._committed and (self._kept / journal.JOURNAL).is_file()):
                shutil.rmtree(self.staging, ignore_errors=True)

    def forbid(self, guard: Callable[[str, bytes], object]) -> None:
        """Add a check of each file's path and content that raises an error if they must not be published."""
        self._guards.append(guard)

    def put(self, file: OutputFile) -> str:
        """Write a file and return its digest; raises UsageError if two addresses are equal or differ only in case."""
        for guard in self._guards:
            guard(file.path, file.content)
        digest = sha256(file.content).hexdigest()
        self._claim({file.path: digest})
        there = f"{self._folder}/{file.path}" in self._standing.look
        if not (there and holds(self.output / file.path, file.content)):
            with open(self._stage(file.path), "wb") as staged:  # noqa: PTH123  # a Path for each of thousands costs as much
                staged.write(file.content)
        return digest

    def keep_allowed(self, files: Mapping[str, str]) -> bool:
        """Like ``keep``, but keep none if one of them must not be published."""
        try:
            for path in files if self._guards and self.stand(files) else ():
                for guard in self._guards:
                    guard(path, (self.output / path).read_bytes())
        except UsageError:
            return False
        return self.keep(files)

    def take_back(self, paths: Iterable[str]) -> None:
        """Undo writing or keeping files at these paths."""
        self._claims.remove(paths)
        self._changed = [path for path in self._changed if path in self._claims]

    def keep(self, files: Mapping[str, str]) -> bool:
        """Keep files that the last build wrote with these digests; if one has changed, keep none and return False."""
        if stand := self.stand(files):
            self._claim(files)
        return stand

    def stand(self, files: Mapping[str, str]) -> bool:
        """Whether all of them are as the last build wrote them, with these digests."""
        return files.items() <= self._standing.listed.items() and self._standing.touched.isdisjoint(files)

    def rename(self, files: Mapping[str, str], found: Mapping[str, Renamed]) -> dict[str, str]:
        """Keep unchanged files, replace the names that ``found`` lists in some of them, and return all digests.

        Only the replaced bytes are written, so a name in every page costs little.
        """
        digests = {**files, **{path: each.digest for path, each in found.items()}}
        self._claim(digests)
        self._renamed |= {path: each.places for path, each in found.items()}
        return digests

    def digest(self, path: str) -> str | None:
        """Return the digest of a file of this build; None if it has written none at this path yet."""
        return self._claims.get(path)

    def has(self, path: str) -> bool:
        """Whether this build has written the path already."""
        return path in self._claims

    def copy(self, path: str, original: Path, digest: str) -> None:
        """Copy a file of any size that had this digest when it was read."""
        if self.keep({path: digest}):
            return
        present = self.output / path
        if size_of(present) == original.stat().st_size and digest_of(present) == digest:
            self._claim({path: digest})
            return
        target = Path(self._stage(path))
        copy_file(original, target)
        # The file may have been saved again since it was read.
        self._claim({path: exact_digest(target)})

    def adopt(self, path: str, made: Path, digest: str) -> None:
        """Take a finished file of this digest from elsewhere in the cache folder: it is moved, not copied."""
        self._claim({path: digest})
        os.replace(made, self._stage(path))  # noqa: PTH105  # as in ``put``

    def _claim(self, files: Mapping[str, str]) -> None:
        if (path := self._claims.add(files)) is not None:
            raise UsageError(
                f"two files have the address {path!r}",
                hint="give one of them another `id` in its card, or another name",
            )

    def _stage(self, path: str) -> str:
        """Return the staging path of a file."""
        if (folder := path.rpartition("/")[0]) not in self._folders:
            (self.staging / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        self._changed.append(path)
        return f"{self._staging}/{path}"

    def renew(self, ledger: Path) -> None:
        """Replace a ledger, together with the site, by the new one beside it (``journal.PART``)."""
        self._ledger = ledger

    def place(self) -> tuple[str, ...]:
        """Place what changed until now and return it; if the build then fails, the next one makes it again."""
        ways = self._cleared(self._obstacles())
        if steps := [*map(JournalStep, ways), *self._steps()]:
            self._placed += steps
            self._carry_out(sorted(self._placed, key=lambda step: step.digest != ""), whole=False)
        self._changed.clear()
        self._renamed.clear()
        return tuple(sorted(step.path for step in self._placed if step.digest))

    def _put_in_place(self) -> Written:
        obstacles = self._obstacles()
        self._cleared(obstacles)
        gone = {step.path for step in self._placed if not step.digest}
        gone.update(path for path in self._gone() if obstacles.removable(path))
        placed = [step for step in self._placed if step.digest]
        removed = tuple(sorted(gone))
        changed = tuple(sorted({*(step.path for step in placed), *self._changed, *self._renamed}))
        with (self.staging / MANIFEST).open("w", encoding="utf-8", newline="\n") as listing:
            listing.writelines(manifest_lines(self._claims.sorted()))
        digest = exact_digest(self.staging / MANIFEST)
        if changed or removed or self._ledger or digest_of(self.output / MANIFEST) != digest:
            # From now on the staged files are needed, whatever happens.
            self._committed = True
            self._carry_out(
                chain(map(JournalStep, removed), placed, self._steps(), (JournalStep(MANIFEST, digest),)), whole=True
            )
            self._committed = False
        else:
            note_owned(self.output, self._kept)
            discard(self._kept / journal.JOURNAL)
        return Written(files=len(self._claims) + 1, changed=changed, removed=removed)

    def _obstacles(self) -> Obstacles:
        return Obstacles(self.output, self._standing.listed, self.has)

    def _cleared(self, obstacles: Obstacles) -> dict[str, None]:
        """Return our files that are in the way; raises UsageError for files of others, and Disturbed."""
        for path in [path for path in self._renamed if not self._is_exchangeable(path)]:
            content = bytearray((self.output / path).read_bytes())
            for at, new in self._renamed.pop(path):
                content[at : at + len(new)] = new
            Path(self._stage(path)).write_bytes(content)
        # Replacing an empty manifest loses nothing.
        manifest = [MANIFEST] if size_of(self.output / MANIFEST) != 0 else []
        return {way: None for path in chain(self._changed, self._renamed, manifest) for way in obstacles.at(path)}

    def _is_exchangeable(self, path: str) -> bool:
        """Whether the file has no other hard link and is not reached through a link."""
        place = f"{self._folder}/{path}"
        if not self._standing.look.holds(place):
            raise Disturbed(f"{path} was changed by another program while the site was built", hint="build it again")
        about = os.lstat(place)
        return stat.S_ISREG(about.st_mode) and about.st_nlink == 1

    def _steps(self) -> Iterator[JournalStep]:
        """Yield the steps for the files to place, with their digests."""
        for path in self._changed:
            yield JournalStep(path, self._claimed(path))
        for path, news in self._renamed.items():
            yield JournalStep(path, self._claimed(path), tuple((at, new.decode("ascii")) for at, new in news))

    def _claimed(self, path: str) -> str:
        digest = self._claims.get(path)
        assert digest
        return digest

    def _gone(self) -> Iterator[str]:
        """Return our files that do not belong to this build."""
        for path in self._standing.listed:
            if not self.has(path) and not (self._claims.takes(path) and self._is_found_otherwise(path)):
                yield path

    def _is_found_otherwise(self, path: str) -> bool:
        """Whether the file system ignores case and the file to remove is one that stays under another path."""
        folded = path.lower() if path.lower() != path else path.upper()
        try:
            return (self.output / path).samefile(self.output / folded)
        except OSError:
            return False

    def _carry_out(self, steps: Iterable[JournalStep], *, whole: bool) -> None:
        ledger = None
        if whole and self._ledger:
            news = self._ledger.with_name(self._ledger.name + journal.PART)
            before = exact_digest(self._ledger) if self._ledger.exists() else ""
            ledger = relative_path(self._ledger, self._kept), before, exact_digest(news)
        self.output.mkdir(parents=True, exist_ok=True)
        journal.write_journal(self._kept, Heading(relative_path(self.output, self._kept), whole, ledger), steps)
        journal.carry_out(self._kept)


def sizes(output: Path) -> Iterator[tuple[str, int]]:
    """Yield the files of the last build with their bytes."""
    with (output / MANIFEST).open(encoding="utf-8") as listing:
        # One at a time: there may be half a million files.
        for path in chain.from_iterable(map(parse_manifest, listing)):
            yield path, (output / path).stat().st_size
