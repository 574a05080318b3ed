"""Place files in a site; no other module does.  Only changed files are placed, all at once, and no file of others is replaced."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from rostra.errors import UsageError
from rostra.output import journal
from rostra.output.journal import Heading, JournalStep
from rostra.output.manifest import (
    MANIFEST,
    Standing,
    digest_of,
    exact_digest,
    manifest_lines,
    note_owned,
    parse_manifest,
    relative_path,
)
from rostra.output.obstacles import Obstacles
from rostra.output.report import Written
from rostra.output.staging import OutputFile, StagedFile, Staging, regular_size
from rostra.output.taken_paths import Claims
from rostra.system.file_state import discard
from rostra.system.shared_storage import LocalPath, fetch, local


class Writer:
    """Stages what differs from the last build, and places it when the build is complete (``journal``).

    A context manager: if an exception leaves it before that, the last site is unchanged.
    ``kept`` is the cache folder; ``standing`` is the state of the output folder, if it is known already.
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
        self._ledger: Path | None = None
        self.guards: list[Callable[[str, bytes], object]] = []
        """The checks that ``forbid`` added."""
        self._folder, self._staging = str(output), str(self.staging)
        self.staged = Staging(LocalPath(output.absolute()), LocalPath(self.staging.absolute()))
        """Where any process stages files for ``take``."""
        self._standing = standing or Standing(output, kept)
        self._committed = False
        """Whether the staged files must be kept to complete the build after a failure."""

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
        self.guards.append(guard)

    def put(self, file: OutputFile) -> str:
        """Write a file and return its digest; raises UsageError if two addresses are equal or differ only in case."""
        return self.take([self.staged.put(file)])[file.path]

    def take(self, files: Sequence[StagedFile]) -> dict[str, str]:
        """Make staged files a part of the site, and return their digests.

        Raises UsageError if two addresses are equal or differ only in case, or if a file must not be published.
        """
        for file in files if self.guards else ():
            content = Path(local(f"{self._staging if file.is_new else self._folder}/{file.path}")).read_bytes()
            for guard in self.guards:
                guard(file.path, content)
        return self.receive(files)

    def receive(self, files: Sequence[StagedFile]) -> dict[str, str]:
        """Do the same with files of which another rule decides whether they are published, such as copies of dumps."""
        # Read which files are ours before anything is placed: after a disk failure they would seem to be a stranger's.
        _ = self._standing.listed
        found = {file.path: file.digest for file in files}
        if len(found) < len(files):
            raise _shared(
                next(file.path for n, file in enumerate(files) if file.path in {each.path for each in files[:n]})
            )
        self._claim(found)
        # A worker of a cluster may not see the site.
        self._changed += (file.path for file in files if file.is_new and not self.stand({file.path: file.digest}))
        return found

    def keep_allowed(self, files: Mapping[str, str]) -> bool:
        """Like ``keep``, but keep none if one of them must not be published."""
        try:
            for path in files if self.guards and self.stand(files) else ():
                for guard in self.guards:
                    guard(path, (self.output / path).read_bytes())
        except UsageError:
            return False
        return self.keep(files)

    def keep(self, files: Mapping[str, str]) -> bool:
        """Keep files that the last build wrote with these digests; if one has changed, keep none and return False."""
        if stand := self.stand(files):
            self._claim(files)
        return stand

    def stand(self, files: Mapping[str, str]) -> bool:
        """Whether all these files are unchanged since the last build wrote them, with these digests."""
        return files.items() <= self._standing.listed.items() and self._standing.touched.isdisjoint(files)

    def digest(self, path: str) -> str | None:
        """Return the digest of a file of this build; None if it has written none at this path yet."""
        return self._claims.get(path)

    def has(self, path: str) -> bool:
        """Whether this build has written the path already."""
        return path in self._claims

    def adopt(self, path: str, made: Path, digest: str) -> None:
        """Take a finished file of this digest from elsewhere in the cache folder: it is moved, not copied."""
        _ = self._standing.listed  # as in ``receive``
        self._claim({path: digest})
        Path(local(str(made))).replace(self._stage(path))

    def _claim(self, files: Mapping[str, str]) -> None:
        if (path := self._claims.add(files)) is not None:
            raise _shared(path)

    def _stage(self, path: str) -> str:
        """Return the staging path of a file."""
        (self.staging / path).parent.mkdir(parents=True, exist_ok=True)
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
        return tuple(sorted(step.path for step in self._placed if step.digest))

    def _put_in_place(self) -> Written:
        obstacles = self._obstacles()
        self._cleared(obstacles)
        gone = {step.path for step in self._placed if not step.digest}
        gone.update(path for path in self._gone() if obstacles.removable(path))
        placed = [step for step in self._placed if step.digest]
        removed = tuple(sorted(gone))
        changed = tuple(sorted({*(step.path for step in placed), *self._changed}))
        with (self.staging / MANIFEST).open("w", encoding="utf-8", newline="\n") as listing:
            listing.writelines(manifest_lines(self._claims.sorted()))
        digest = exact_digest(self.staging / MANIFEST)
        if changed or removed or self._ledger or digest_of(self.output / MANIFEST) != digest:
            # From now on the staged files are needed even after a failure.
            self._committed = True
            self._carry_out(
                chain(map(JournalStep, removed), placed, self._steps(), (JournalStep(MANIFEST, digest),)), whole=True
            )
        else:
            note_owned(self.output, self._kept)
            discard(self._kept / journal.JOURNAL)
        return Written(files=len(self._claims) + 1, changed=changed, removed=removed)

    def _obstacles(self) -> Obstacles:
        return Obstacles(self.output, self._standing.listed, self.has)

    def _cleared(self, obstacles: Obstacles) -> dict[str, None]:
        """Return our files that are in the way; raises UsageError for files of others."""
        # Replacing an empty manifest loses nothing.
        manifest = [MANIFEST] if regular_size(self.output / MANIFEST) != 0 else []
        return {way: None for path in chain(self._changed, manifest) for way in obstacles.at(path)}

    def _steps(self) -> Iterator[JournalStep]:
        """Yield the steps for the files to place, with their digests."""
        for path in self._changed:
            yield JournalStep(path, self._claimed(path))

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
        """Whether the file system ignores case and the file to remove is one that stays under another spelling of its path."""
        # A change of case may change the number of letters, except in ASCII.
        swapped = os.fsdecode(os.fsencode(path).swapcase())
        try:
            return (self.output / path).samefile(self.output / swapped)
        except OSError:
            return False

    def _carry_out(self, steps: Iterable[JournalStep], *, whole: bool) -> None:
        fetch(f"{self._staging}/{path}" for path in self._changed)
        self._discard_others()
        ledger = None
        if whole and self._ledger:
            news = self._ledger.with_name(self._ledger.name + journal.PART)
            before = exact_digest(self._ledger) if self._ledger.exists() else ""
            ledger = relative_path(self._ledger, self._kept), before, exact_digest(news)
        journal.write_journal(self._kept, Heading(relative_path(self.output, self._kept), whole, ledger), steps)
        journal.carry_out(self._kept)

    def _discard_others(self) -> None:
        """Discard what is staged and not placed, such as files of a page that failed: folders are placed as a whole."""
        placed = {*self._changed, MANIFEST}
        for folder, _, names in os.walk(self._staging):
            within = folder.removeprefix(self._staging).replace(os.sep, "/")
            for name in names:
                if f"{within}/{name}"[1:] not in placed:
                    os.unlink(f"{folder}/{name}")  # noqa: PTH108  # a Path for each of many thousands costs more than the call


def _shared(path: str) -> UsageError:
    hint = "give one of them another `id` in its card, or another name"
    return UsageError(f"two files have the address {path!r}", hint=hint)


def sizes(output: Path) -> Iterator[tuple[str, int]]:
    """Yield the files of the last build with their bytes."""
    with (output / MANIFEST).open(encoding="utf-8") as listing:
        # Yield them one at a time: there may be half a million files.
        for path in chain.from_iterable(map(parse_manifest, listing)):
            yield path, (output / path).stat().st_size
