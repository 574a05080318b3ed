"""The write-ahead journal of a build: it lists every file to place or remove before the first one is placed.

A build stages new files, writes the journal (atomically and with fsync), carries it out, and removes it.  A build that
dies leaves the old site, the new one, or a journal: ``recover`` then carries it out before the next build starts, and
until then ``refuse_pending`` prevents the site from being checked or published.  Staged files are not fsynced; after a
power failure their digests tell what was lost.  If a journal cannot be carried out, its files are recorded as ours, and
it stays until the next build has placed a complete site.

Redaction is applied before files are staged, and no replaced or removed file is kept.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from msgspec import DecodeError, Struct, json

from rostra.errors import Disturbed, RostraError
from rostra.output.manifest import digest_of, listed_files, note_also, note_owned, resolved_path
from rostra.output.obstacles import Obstacles
from rostra.system.file_state import discard

JOURNAL, STAGING, PART = "journal", "staging", ".part"
COPIED = ".rostra-part"
"""The name of a file that is being copied, in each folder of an output on another disk."""


class Heading(Struct, frozen=True):
    """The head of a journal: the ``output`` folder, relative to the journal's folder.

    A ``whole`` journal completes a site, others only show some of its pages early.  ``ledger`` is the relative path of
    the ledger with its digests before and after, if it is replaced by the file beside it named after it plus ``PART``.
    """

    output: str
    whole: bool
    ledger: tuple[str, str, str] | None = None


class JournalStep(Struct, frozen=True, array_like=True):
    """A file to place, with its ``digest``; without a digest, a file to remove."""

    path: str
    digest: str = ""


def write_journal(kept: Path, heading: Heading, steps: Iterable[JournalStep]) -> None:
    """Write the journal of a folder, replacing another one."""
    encode = json.Encoder().encode
    part = kept / f"{JOURNAL}{PART}"
    discard(part)
    with part.open("wb") as file:
        file.write(encode(heading) + b"\n")
        file.writelines(encode(step) + b"\n" for step in steps)
        flush(file)
    part.replace(kept / JOURNAL)
    # The name must survive a power failure too; some systems cannot open a folder.
    with suppress(OSError):
        folder = os.open(kept, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def flush(file: IO[bytes]) -> None:
    """Flush a file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def carry_out(kept: Path, obstacles: Obstacles | None = None) -> None:
    """Carry out the journal of a folder; a journal that completes a site is then removed, its files recorded as ours.

    Removals come first, since a page may become a folder.  Each step can be repeated.  After a crash, ``obstacles`` is
    what exists, staged files count only if they have their digests, and Disturbed is raised if a file is neither staged
    nor in place.
    """
    with (kept / JOURNAL).open("rb") as lines:
        heading = json.decode(next(lines), type=Heading)
        output = resolved_path(heading.output, kept)
        output.mkdir(parents=True, exist_ok=True)
        work = _JournalSteps(str(output), str(kept / STAGING), obstacles)
        decode = json.Decoder(JournalStep).decode
        for line in lines:
            work.do(decode(line))
    if heading.ledger:
        _place_ledger(kept, *heading.ledger)
    if heading.whole:
        note_owned(output, kept)
        (kept / JOURNAL).unlink()


class _JournalSteps:
    """The steps of a journal, in order."""

    def __init__(self, output: str, staging: str, obstacles: Obstacles | None) -> None:
        self._output, self._staging, self._obstacles = output, staging, obstacles
        self._whole = {"": False}
        """For each folder of a file, whether it was placed whole; the others exist."""

    def do(self, step: JournalStep) -> None:
        target = f"{self._output}/{step.path}"
        if not step.digest:
            if not self._obstacles or self._obstacles.removable(step.path):
                _remove(self._output, step.path)
        else:
            self._place(step, target)

    def _place(self, step: JournalStep, target: str) -> None:
        staged = f"{self._staging}/{step.path}"
        if self._obstacles:
            if digest_of(Path(staged)) != step.digest:
                self._refuse_lost(step, target)
                return
            if digest_of(Path(target)) != step.digest:
                self._obstacles.at(step.path)
        try:
            if self._place_folder(step.path.rpartition("/")[0]):
                os.lstat(target)
            else:
                place_file(staged, target)
        except FileNotFoundError:
            # An earlier journal of the same build placed it already.
            self._refuse_lost(step, target)

    def _place_folder(self, folder: str) -> bool:
        """Place a folder with all that is staged in it, or make it if files are placed in it; return whether it is placed.

        On a first build, making a folder for each debate would take longer than all other steps.
        """
        if folder not in self._whole:
            target = f"{self._output}/{folder}"
            self._whole[folder] = self._place_folder(folder.rpartition("/")[0]) or (
                not self._obstacles and _rename(f"{self._staging}/{folder}", target)
            )
            if not self._whole[folder]:
                Path(target).mkdir(exist_ok=True)
        return self._whole[folder]

    def _refuse_lost(self, step: JournalStep, target: str) -> None:
        if digest_of(Path(target)) != step.digest:
            raise _lost(step.path)


def _lost(path: str) -> Disturbed:
    return Disturbed(f"{path} was lost while files were placed", hint="build again")


def _rename(staged: str, target: str) -> bool:
    """Rename a folder, unless there is another in its place; return whether it was renamed."""
    try:
        os.rename(staged, target)  # noqa: PTH104  # a Path for each of many thousands costs more than the call
    except OSError:
        return False
    return True


def place_file(staged: str, target: str) -> None:
    """Rename a staged file into its place atomically; raises OSError."""
    try:
        os.replace(staged, target)  # noqa: PTH105  # a Path for each of many thousands costs more than the call
    except OSError as error:
        if error.errno == errno.EXDEV:
            # The output is on another disk, which is rare: ``shutil`` is slow to import.
            import shutil

            part = f"{target.rpartition('/')[0]}/{COPIED}"
            # A build that died may have left it, or a link may be there.
            discard(Path(part))
            shutil.copyfile(staged, part)
            shutil.copystat(staged, part)
            place_file(part, target)
        elif os.path.isdir(target) and not os.path.islink(target):  # noqa: PTH112, PTH114  # a Path for each of many thousands costs more than the call
            # A stranger's folder that contains folders only.
            for folder, _, _ in os.walk(target, topdown=False):
                os.rmdir(folder)  # noqa: PTH106  # a Path for each of many thousands costs more than the call
            os.replace(staged, target)  # noqa: PTH105  # a Path for each of many thousands costs more than the call
        else:
            raise


def _remove(output: str, path: str) -> None:
    """Remove a file and the folders that become empty; the path may be a folder of the new site by now."""
    target = f"{output}/{path}"
    with suppress(FileNotFoundError, NotADirectoryError):
        if stat.S_ISDIR(os.lstat(target).st_mode):
            return
        os.unlink(target)  # noqa: PTH108  # a Path for each of many thousands costs more than the call
    with suppress(OSError):
        while (target := target.rpartition("/")[0]) != output:
            os.rmdir(target)  # noqa: PTH106  # a Path for each of many thousands costs more than the call


def _place_ledger(kept: Path, path: str, before: str, after: str) -> None:
    ledger = resolved_path(path, kept)
    part = ledger.with_name(ledger.name + PART)
    there = digest_of(ledger)
    # Somebody may have changed the ledger since, for example with version control.
    if there != after and (there != before or digest_of(part) != after):
        raise _lost(ledger.name)
    if there != after:
        part.replace(ledger)


def recover(kept: Path, ledger: Path | None) -> bool:
    """Complete an interrupted commit; return whether there was one.

    Without a journal, staged files and the new ``ledger`` are discarded.  The caller holds the build lock.

    Raises RostraError if files cannot be placed now, or if a stranger's file or a link is in the way.
    """
    place, found = kept / JOURNAL, False
    if os.path.lexists(place):
        found = True
        heading = _heading(place)
        if heading is None:
            discard(place)
        elif not heading.whole or not _finished(kept, heading):
            note_also(
                resolved_path(heading.output, kept),
                kept,
                {step.path: step.digest for step in _steps(place) if step.digest},
            )
    for left in (kept / STAGING, kept / f"{JOURNAL}{PART}"):
        discard(left)
    if ledger and (part := ledger.with_name(ledger.name + PART)).is_file():
        part.unlink()
    return found


def _finished(kept: Path, heading: Heading) -> bool:
    output = resolved_path(heading.output, kept)
    try:
        carry_out(kept, Obstacles(output, listed_files(output, kept), lambda _: False))
    except (Disturbed, DecodeError):
        return False
    except OSError as error:
        raise RostraError(
            f"a build was interrupted while it placed files, and cannot be completed: {error}",
            hint=f"make sure that the disk has space and {output} is writable; delete {kept / STAGING} to rebuild everything",
        ) from error
    return True


def _heading(place: Path) -> Heading | None:
    try:
        with place.open("rb") as lines:
            return json.decode(lines.readline(), type=Heading)
    except (OSError, DecodeError):
        return None


def _steps(place: Path) -> Iterator[JournalStep]:
    decode = json.Decoder(JournalStep).decode
    # Nothing is known about the lines after a damaged one.
    with place.open("rb") as lines, suppress(DecodeError):
        next(lines)
        yield from map(decode, lines)


def refuse_pending(kept: Path, output: str) -> None:
    """Raise RostraError if a build is placing files, or was interrupted while it did."""
    if os.path.lexists(kept / JOURNAL):
        raise RostraError(
            "a build did not finish placing files", path=output, hint="run `rostra build`, which completes it"
        )
