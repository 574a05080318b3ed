"""The only module that writes a site: what changed, all at once, and nothing that is not ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from filecmp import cmp
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from msgspec import Struct

from rostra.claims import Claims
from rostra.disk import discard
from rostra.errors import Disturbed, RostraError, UsageError
from rostra.manifest import MANIFEST, Standing, digest_of, parse_manifest
from rostra.report import Written


class OutputFile(Struct, frozen=True):
    """A file of the site: ``path`` relative to the output folder, with ``/``."""

    path: str
    content: bytes


class Renamed(NamedTuple):
    """A file in which names are others: its digest, and what is to stand at which byte."""

    digest: str
    places: list[tuple[int, bytes]]


class Writer:
    """Stages what differs from the last build, and puts it in place when the build is whole.

    Used as a context: where an exception leaves it, the last site stands as it was.
    ``standing`` is the output folder, where somebody looked at it already.
    """

    def __init__(self, output: Path, staging: Path, standing: Standing | None = None) -> None:
        self.output = output
        self.staging = staging
        self.written: Written | None = None
        self._claims = Claims()
        self._changed: list[str] = []
        self._placed: list[str] = []
        """Of what changed, what is in place."""
        self._folders: set[str] = set()
        """Of the staging folder, which are there."""
        self._renamed: dict[str, list[tuple[int, bytes]]] = {}
        """Of files that stay where they are, what is to stand at which byte."""
        self._guards: list[Callable[[str, bytes], object]] = []
        self._folder, self._staging = str(output), str(staging)
        self._standing = standing or Standing(output)

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
            shutil.rmtree(self.staging, ignore_errors=True)

    def forbid(self, guard: Callable[[str, bytes], object]) -> None:
        """Have each file's path and content looked at, from now on, by what raises where they may not be published."""
        self._guards.append(guard)

    def put(self, file: OutputFile) -> str:
        """Write a file, and give its digest; raises UsageError where two have one address, or addresses that differ only by case."""
        for guard in self._guards:
            guard(file.path, file.content)
        digest = sha256(file.content).hexdigest()
        self._claim({file.path: digest})
        there = f"{self._folder}/{file.path}" in self._standing.look
        if not (there and _holds(self.output / file.path, file.content)):
            with open(self._stage(file.path), "wb") as staged:  # noqa: PTH123  # a Path for each of thousands costs as much
                staged.write(file.content)
        return digest

    def keep(self, files: Mapping[str, str]) -> bool:
        """Keep files that the last build wrote with these digests; False, and none is, where one of them is not as it was."""
        if stand := self.stand(files):
            self._claim(files)
        return stand

    def stand(self, files: Mapping[str, str]) -> bool:
        """Whether all of them are as the last build wrote them, with these digests."""
        return files.items() <= self._standing.listed.items() and self._standing.touched.isdisjoint(files)

    def rename(self, files: Mapping[str, str], found: Mapping[str, Renamed]) -> dict[str, str]:
        """Keep files that stand, but for those in which ``found`` says what is called otherwise, and give all digests.

        Nothing else is written of them, so that a name in every page costs little.
        """
        digests = {**files, **{path: each.digest for path, each in found.items()}}
        self._claim(digests)
        self._renamed |= {path: each.places for path, each in found.items()}
        return digests

    def digest(self, path: str) -> str | None:
        """The digest of a file of this build; None where it has written none at this path yet."""
        return self._claims.get(path)

    def has(self, path: str) -> bool:
        """Whether this build has written the path already."""
        return path in self._claims

    def copy(self, path: str, original: Path, digest: str) -> None:
        """Copy a file as it is, however large, which had this digest when it was read."""
        if self.keep({path: digest}):
            return
        present = self.output / path
        alike = present.is_file() and present.stat().st_size == original.stat().st_size
        if alike and digest_of(present) == digest:
            self._claim({path: digest})
            return
        target = Path(self._stage(path))
        shutil.copyfile(original, target)
        # It may have been saved again since it was read.
        self._claim({path: digest_of(target)})

    def _claim(self, files: Mapping[str, str]) -> None:
        if (path := self._claims.add(files)) is not None:
            raise UsageError(
                f"two files would have the address {path!r}",
                hint="give one of them another `id` in its card, or another name",
            )

    def _stage(self, path: str) -> str:
        """Where a file is written until all are put in place."""
        if (folder := path.rpartition("/")[0]) not in self._folders:
            (self.staging / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        self._changed.append(path)
        return f"{self._staging}/{path}"

    def place(self) -> tuple[str, ...]:
        """Put in place what changed until now, and give all that did; where the build then breaks off, the next one makes it anew."""
        ours = self._standing.listed
        roomy = set[str]()
        for path in self._changed:
            staged, target = f"{self._staging}/{path}", f"{self._folder}/{path}"
            if (folder := path.rpartition("/")[0]) not in roomy:
                _make_room(self.output, Path(target), ours)
                roomy.add(folder)
            try:
                os.replace(staged, target)  # noqa: PTH105  # likewise
            except OSError:
                # A folder stands there, or the output is on another disk.
                _make_room(self.output, Path(target), ours)
                shutil.move(staged, target)
        for path, news in self._renamed.items():
            if not self._standing.look.holds(f"{self._folder}/{path}"):
                raise Disturbed(
                    f"{path} was changed by another program while the site was built", hint="build it again"
                )
            with open(f"{self._folder}/{path}", "r+b", buffering=0) as file:  # noqa: PTH123  # likewise
                for at, new in news:
                    file.seek(at)
                    file.write(new)
        self._placed += (*self._changed, *self._renamed)
        self._changed.clear()
        self._renamed.clear()
        return tuple(sorted(self._placed))

    def _put_in_place(self) -> Written:
        changed = self.place()
        gone = sorted(path for path in self._standing.listed if not self.has(path))
        removed = tuple(path for path in gone if _remove(self.output, path))
        staged, target = self.staging / MANIFEST, self.output / MANIFEST
        with staged.open("w", encoding="utf-8", newline="\n") as listing:
            listing.writelines(f"{digest}  {path}\n" for path, digest in self._claims.sorted())
        if not (target.is_file() and cmp(staged, target, shallow=False)):
            self.output.mkdir(parents=True, exist_ok=True)
            shutil.move(staged, target)
        return Written(
            files=len(self._claims) + 1,
            changed=changed,
            removed=removed,
        )


def sizes(output: Path) -> Iterator[tuple[str, int]]:
    """The files of the last build with their bytes."""
    with (output / MANIFEST).open(encoding="utf-8") as listing:
        # One at a time: there may be half a million.
        for path in chain.from_iterable(map(parse_manifest, listing)):
            yield path, (output / path).stat().st_size


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _make_room(output: Path, target: Path, ours: dict[str, str]) -> None:
    """A folder where a file of ours once stood, or the reverse; a stranger's file is never overwritten by a folder."""
    for parent in reversed(target.relative_to(output).parents):
        place = output / parent
        if place.is_file() and place.relative_to(output).as_posix() in ours:
            place.unlink()
    if target.is_dir():
        inside = {path.relative_to(output).as_posix() for path in target.rglob("*") if path.is_file()}
        if not inside <= ours.keys():
            raise RostraError(f"{target} is a folder with files that are not ours", hint="move it away")
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)


def _remove(output: Path, path: str) -> bool:
    target = output / path
    if not target.is_file():
        return False
    target.unlink()
    folder = target.parent
    while folder != output:
        try:
            folder.rmdir()
        except OSError:
            break
        folder = folder.parent
    return True
