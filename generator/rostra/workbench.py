"""What pages are made with, and how: a unit's files are made only where what they depend on changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode

from rostra.concordance import Concordance
from rostra.hiding import Hiding
from rostra.layouts import Layouts
from rostra.output import OutputFile, Writer
from rostra.pages.unit import Meanwhile, Shelf, Unit
from rostra.search import AT_ONCE
from rostra.site import Site
from rostra.workers import Workers


class Workbench(NamedTuple):
    """What every page is made with."""

    site: Site
    layouts: Layouts
    writer: Writer
    concordance: Concordance
    hiding: Hiding
    workers: Workers
    sums: Mapping[str, str]
    """The SHA-256 of each dump, by its name."""

    def key(self, inputs: object) -> str:
        """What changes with anything that a page made of ``inputs`` depends on."""
        return sha256(encode((inputs, self.layouts.stamp, self.hiding.stamp))).hexdigest()

    def named(self, dumps: Iterable[str]) -> tuple[str, ...]:
        """The SHA-256 of each of these dumps, by which files name them; empty where it is not known."""
        return tuple(self.sums.get(dump, "") for dump in dumps)

    def make(self, unit: Unit | Shelf, shelf: str | None = None) -> dict[str, str]:
        """The files of a unit with their digests, made only where anything that they depend on changed."""
        key = self.key(unit.inputs)
        if (last := self._kept(unit.name, key, shelf)) is not None:
            return last
        if isinstance(unit, Unit):
            return self._made(unit.name, unit.files(), key, shelf)
        files = self._made(unit.name, unit.units(), key, None)
        self.concordance.store.made.close_shelf(unit.name)
        return files

    def begin(self, unit: Meanwhile) -> Begun | None:
        """Begin a unit where anything that its files depend on changed."""
        key = self.key(unit.inputs)
        if self._kept(unit.name, key, None) is not None:
            return None
        work = unit.begin()
        return Begun(work.done, lambda: self._made(unit.name, work.files(), key, None))

    def write(self, file: OutputFile) -> dict[str, str]:
        """A file with its digest, written where it is not kept already."""
        if (digest := self.writer.digest(file.path)) is None:
            digest = self.writer.put(file)
        return {file.path: digest}

    def _kept(self, name: str, key: str, shelf: str | None) -> dict[str, str] | None:
        files = self.concordance.store.made.unit(name, key, shelf)
        return files if files is not None and self.writer.keep(files) else None

    def _made(self, name: str, parts: Iterable[Unit | OutputFile], key: str, shelf: str | None) -> dict[str, str]:
        files: dict[str, str] = {}
        for each in parts:
            files |= self.make(each, name) if isinstance(each, Unit) else self.write(each)
        self.concordance.store.made.note_unit(name, key, files, shelf)
        return files


class Begun(NamedTuple):
    """A unit that another program is at: whether it is done, and what brings it home, which waits for it."""

    done: Callable[[], bool]
    end: Callable[[], object]


class Beside:
    """Units that other programs make while the build goes on, few at a time; or when it is done, where it ``waits`` for none."""

    def __init__(self, units: Iterator[Meanwhile | Unit], bench: Workbench, *, waits: bool = False) -> None:
        self._units = units
        self._waits = waits
        self._bench = bench
        self._begun = deque[Begun]()

    def go_on(self) -> None:
        """Bring home what is done, and begin what there is room for."""
        if self._waits:
            return
        while self._begun and self._begun[0].done():
            self._begun.popleft().end()
        # As many wait as are worked at, so that those programs are never idle.
        while len(self._begun) < 2 * AT_ONCE and (unit := next(self._units, None)):
            if isinstance(unit, Unit):
                self._bench.make(unit)
            elif begun := self._bench.begin(unit):
                self._begun.append(begun)

    def rest(self) -> None:
        """Wait for those that are begun, where what is huge needs the memory that they do."""
        while self._begun:
            self._begun.popleft().end()

    def finish(self) -> None:
        """Wait for all of them."""
        self._waits = False
        self.go_on()
        while self._begun:
            self._begun.popleft().end()
            self.go_on()
