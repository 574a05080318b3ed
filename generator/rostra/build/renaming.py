"""Replace the digests by which files name their dumps, if nothing else in the files changed; lengths stay the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import starmap
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from msgspec import json
from msgspec.structs import replace

from rostra.build import digesting
from rostra.output.writer import Renamed, Writer
from rostra.store.made_files import MadeFiles, Pages, Places
from rostra.system.workers import available

if TYPE_CHECKING:
    from subprocess import Popen

FEW = 100
"""How many debates of a dump have their files digested faster than another process starts."""
MANY = 1000
"""How many debates one such process handles if there are processors for more."""

Words = list[tuple[int, str, str]]
"""Byte offsets of names in a file, each with the replacement."""


class Debate(NamedTuple):
    """A debate that is expected to change only in the digests of its dumps, which are now ``sums``."""

    id: str
    pages: Pages
    sums: tuple[str, ...]

    @property
    def renamed(self) -> bool:
        """Whether names in its files can be replaced by these."""
        before = self.pages.sums
        return self.pages.naming is not None and before != self.sums and len(before) == len(self.sums)

    def files(self, folder: str) -> Iterator[tuple[str, Words]]:
        """Yield its files that name a dump, in the ``folder`` of the site."""
        for path, places in (self.pages.naming or {}).items():
            yield f"{folder}/{path}", [(at, self.pages.sums[which], self.sums[which]) for at, which in sorted(places)]


class Renaming:
    """Such debates, whose files are read and digested by other processes during the build; used as a context manager."""

    def __init__(self, made: MadeFiles, writer: Writer) -> None:
        self._made, self._writer = made, writer
        self._folder = str(writer.output)
        self._added = dict[str, Debate]()
        self._expected = dict[str, Debate]()
        self._begun: list[tuple[list[Debate], Popen[bytes], IO[bytes]]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, program, _ in self._begun:
            program.kill()
        self._open.close()

    def expect(self, debates: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Start with those of each dump that grew, before it is known which debates changed otherwise: few do.

        ``debates`` are all debates, each with the current digests of its dumps.
        """
        groups = dict[tuple[str, ...], list[str]]()
        for id, sums in debates:
            groups.setdefault(sums, []).append(id)
        for sums, ids in groups.items():
            # Any older debate tells whether its dump grew; if it did not, no other debate of the dump is read.
            if len(ids) > FEW and next(filter(None, (self._made.pages(id).sums for id in ids)), sums) != sums:
                self._begin([each for id in ids if (each := Debate(id, self._made.pages(id), sums)).renamed])

    def _begin(self, expected: Sequence[Debate]) -> None:
        from subprocess import Popen

        self._expected |= {each.id: each for each in expected}
        number = min(max(1, available() - 1), -(-len(expected) // MANY)) if sys.executable else 0
        for n in range(number):
            debates = list(expected[n::number])
            # Files, since a pipe has a small buffer, and nobody reads it meanwhile.
            asked, told = (self._open.enter_context(TemporaryFile()) for _ in range(2))  # noqa: SIM115  # closed with the others
            asked.writelines(json.encode(file) + b"\n" for each in debates for file in each.files(self._folder))
            asked.seek(0)
            command = [sys.executable, "-I", "-S", digesting.__file__, str(os.getpid())]
            program = Popen(command, stdin=asked, stdout=told)  # noqa: S603  # our own
            self._begun.append((debates, self._open.enter_context(program), told))

    def pages(self, id: str) -> Pages:
        """Return what was last written for a debate."""
        return self._expected[id].pages if id in self._expected else self._made.pages(id)

    def add(self, id: str, pages: Pages, sums: tuple[str, ...]) -> None:
        """Schedule the replacement of the names in a debate's pages."""
        self._added[id] = Debate(id, pages, sums)

    def finish(self) -> None:
        """Wait for all processes; the writer replaces the names when it publishes the build."""
        for debates, program, told in self._begun:
            if program.wait() != 0:
                # The system killed it: its work is done in this process.
                continue
            told.seek(0)
            answers = iter(told.read().decode().splitlines())
            for each in debates:
                answered = [next(answers) for _ in each.pages.naming or ()]
                if self._added.get(each.id) == each:
                    del self._added[each.id]
                    self._exchange(each, answered)
        for each in self._added.values():
            self._exchange(each, starmap(digesting.answer, each.files(self._folder)))

    def _exchange(self, debate: Debate, answers: Iterable[str]) -> None:
        id, pages, sums = debate
        found = {}
        for (path, places), answered in zip((pages.naming or {}).items(), answers, strict=True):
            digest, *stood = answered.split()
            new = {at: sums[which].encode() for at, which in places}
            found[path] = Renamed(digest, [(at, new[at]) for at in map(int, stood)])
        files = self._writer.rename(pages.files, found)
        self._made.note_pages(id, replace(pages, files=files, sums=sums))


def places_of(names: Sequence[str], content: bytes) -> Places:
    """Return the offsets of names in a file."""
    return [(at, which) for which, name in enumerate(names) if name for at in _places(content, name.encode())]


def _places(content: bytes, words: bytes) -> Iterator[int]:
    at = content.find(words)
    while at >= 0:
        yield at
        at = content.find(words, at + len(words))
