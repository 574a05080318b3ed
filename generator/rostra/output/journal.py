"""The journal of a build: every file that is about to be put in place or removed, named before the first one is.

A build stages whole new files, writes the journal (atomically, and flushed to the disk), carries it out, and removes it.
So a build that dies leaves the old site, or the new one, or a journal: then ``recover`` carries it out before the next
build begins, and until then ``refuse_pending`` keeps the site from being checked or published.  What is staged is not
flushed to the disk; its digests tell, after a power failure, what was lost.  Where a journal cannot be carried out, its
files are noted as ours, and it stays until the next build has put a whole site in place.

What hides words (redaction) is applied before files are staged, and nothing that is replaced or removed is kept.
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
from rostra.output.manifest import MANIFEST, absolute, digest_of, listed_files, note_also, note_owned
from rostra.output.obstacles import Obstacles
from rostra.system.file_state import discard

JOURNAL, STAGING, PART = "journal", "staging", ".part"
COPIED = ".rostra-part"
"""In each folder of an output on another disk, the name of a file that is being copied there."""


class Heading(Struct, frozen=True):
    """What a journal is of: the ``output`` folder, relative to the folder that the journal is in.

    A ``whole`` journal leads to a whole site, others only show some of its pages early.  ``ledger`` is the path of the
    ledger, likewise relative, with its digests before and after, where it is replaced by the file beside it that has
    its name and ``PART``.
    """

    output: str
    whole: bool
    ledger: tuple[str, str, str] | None = None


class JournalStep(Struct, frozen=True, array_like=True):
    """A file to put in place, with its ``digest``; without one, a file to remove.

    One with ``exchanged`` bytes is not staged: at each offset in the file that is there, these (ASCII) are written, and
    written again where it is not known whether they were.
    """

    path: str
    digest: str = ""
    exchanged: tuple[tuple[int, str], ...] = ()


def write_journal(kept: Path, heading: Heading, steps: Iterable[JournalStep]) -> None:
    """Write the journal of a folder, in the place of another one."""
    encode = json.Encoder().encode
    part = kept / f"{JOURNAL}{PART}"
    discard(part)
    with part.open("wb") as file:
        file.write(encode(heading) + b"\n")
        file.writelines(encode(step) + b"\n" for step in steps)
        flush(file)
    part.replace(kept / JOURNAL)
    # So that the name, too, outlasts a power failure; some systems cannot open a folder.
    with suppress(OSError):
        folder = os.open(kept, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def flush(file: IO[bytes]) -> None:
    """Have the disk hold what was written to a file."""
    file.flush()
    os.fsync(file.fileno())


def carry_out(kept: Path, obstacles: Obstacles | None = None) -> None:
    """Carry out the journal of a folder; one that leads to a whole site is then removed, and its files noted as ours.

    Removing comes first, since a page may become a folder.  Each step may have been carried out before.  After a crash
    nothing is sure: then ``obstacles`` is what is there, staged files count only if they have their digests, and Disturbed
    is raised where a file is neither staged nor in place.
    """
    with (kept / JOURNAL).open("rb") as lines:
        heading = json.decode(next(lines), type=Heading)
        output = absolute(heading.output, kept)
        work = _Work(str(output), str(kept / STAGING), obstacles)
        decode = json.Decoder(JournalStep).decode
        for line in lines:
            work.do(decode(line))
    if heading.ledger:
        _place_ledger(kept, *heading.ledger)
    if heading.whole:
        # What is older than the manifest stands as it was written (``Standing``), exchanged bytes too.
        os.utime(output / MANIFEST)
        note_owned(output, kept)
        (kept / JOURNAL).unlink()


class _Work:
    """The steps of a journal, one after another."""

    def __init__(self, output: str, staging: str, obstacles: Obstacles | None) -> None:
        self._output, self._staging, self._obstacles = output, staging, obstacles
        self._made = set[str]()
        """Folders that are there."""

    def do(self, step: JournalStep) -> None:
        target = f"{self._output}/{step.path}"
        if not step.digest:
            if not self._obstacles or self._obstacles.removable(step.path):
                _remove(self._output, step.path)
        elif step.exchanged:
            if self._obstacles:
                self._obstacles.at(step.path)
            _exchange(target, step.exchanged)
            if self._obstacles:
                self._refuse_lost(step, target)
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
        if (folder := target.rpartition("/")[0]) not in self._made:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        try:
            place_file(staged, target)
        except FileNotFoundError:
            # Placed already, by an earlier journal of the same build.
            self._refuse_lost(step, target)

    def _refuse_lost(self, step: JournalStep, target: str) -> None:
        if digest_of(Path(target)) != step.digest:
            raise _lost(step.path)


def _lost(path: str) -> Disturbed:
    return Disturbed(f"{path} was lost while files were put in place", hint="build again")


def place_file(staged: str, target: str) -> None:
    """Put a staged file in its place, in one step; raises OSError."""
    try:
        os.replace(staged, target)  # noqa: PTH105  # a Path for each of many thousands costs more than the call
    except OSError as error:
        if error.errno == errno.EXDEV:
            # The output is on another disk, which few are: this takes a while to load.
            import shutil

            part = f"{target.rpartition('/')[0]}/{COPIED}"
            shutil.copyfile(staged, part)
            shutil.copystat(staged, part)
            place_file(part, target)
        elif os.path.isdir(target) and not os.path.islink(target):  # noqa: PTH112, PTH114  # likewise
            # Somebody's folder, with nothing but folders in it.
            for folder, _, _ in os.walk(target, topdown=False):
                os.rmdir(folder)  # noqa: PTH106  # likewise
            os.replace(staged, target)  # noqa: PTH105  # likewise
        else:
            raise


def _remove(output: str, path: str) -> None:
    """Remove a file and the folders that it leaves empty; what is there now may be a folder of the new site."""
    target = f"{output}/{path}"
    with suppress(FileNotFoundError, NotADirectoryError):
        if stat.S_ISDIR(os.lstat(target).st_mode):
            return
        os.unlink(target)  # noqa: PTH108  # likewise
    with suppress(OSError):
        while (target := target.rpartition("/")[0]) != output:
            os.rmdir(target)  # noqa: PTH106  # likewise


def _exchange(target: str, exchanged: Iterable[tuple[int, str]]) -> None:
    flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        opened = os.open(target, flags)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            raise _lost(target) from error
        raise
    with os.fdopen(opened, "wb") as file:
        for at, new in exchanged:
            file.seek(at)
            file.write(new.encode("ascii"))


def _place_ledger(kept: Path, path: str, before: str, after: str) -> None:
    ledger = absolute(path, kept)
    part = ledger.with_name(ledger.name + PART)
    there = digest_of(ledger)
    # Somebody may have brought it another way since, as from version control.
    if there != after and (there != before or digest_of(part) != after):
        raise _lost(ledger.name)
    if there != after:
        part.replace(ledger)


def recover(kept: Path, ledger: Path | None) -> bool:
    """Finish what a build that broke off had begun to put in place; whether there was such a build.

    What it had only staged is discarded, with the new ``ledger``.  The caller holds the build lock.

    Raises RostraError where files cannot be put in place now, or a stranger's file or a link is in the way.
    """
    place, found = kept / JOURNAL, False
    if os.path.lexists(place):
        found = True
        heading = _heading(place)
        if heading is None:
            discard(place)
        elif not heading.whole or not _finished(kept, heading):
            note_also(
                absolute(heading.output, kept), kept, {step.path: step.digest for step in _steps(place) if step.digest}
            )
    for left in (kept / STAGING, kept / f"{JOURNAL}{PART}"):
        discard(left)
    if ledger and (part := ledger.with_name(ledger.name + PART)).is_file():
        part.unlink()
    return found


def _finished(kept: Path, heading: Heading) -> bool:
    output = absolute(heading.output, kept)
    try:
        carry_out(kept, Obstacles(output, listed_files(output, kept), lambda _: False))
    except (Disturbed, DecodeError):
        return False
    except OSError as error:
        raise RostraError(
            f"a build broke off while it put files in place, and cannot be finished: {error}",
            hint=f"see that there is room and that {output} can be written to; without {kept / STAGING} all is built anew",
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
    # What follows a damaged line is not known.
    with place.open("rb") as lines, suppress(DecodeError):
        next(lines)
        yield from map(decode, lines)


def refuse_pending(kept: Path, output: str) -> None:
    """Raises RostraError where a site is not whole, because a build is putting it in place, or broke off while it did."""
    if os.path.lexists(kept / JOURNAL):
        raise RostraError(
            "a build did not finish putting files in place", path=output, hint="run `rostra build`, which finishes it"
        )
