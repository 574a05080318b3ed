"""Make the files of units only if something that they depend on changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode

from rostra.build.making import done
from rostra.config.site import Site
from rostra.crossrefs.resolve import Concordance
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding
from rostra.output.staging import OutputFile, StagedFile
from rostra.output.writer import Writer
from rostra.render.pages.unit import Meanwhile, Task, Unit
from rostra.render.templates import Layouts
from rostra.search.index import AT_ONCE
from rostra.system.workers import Workers


class Workbench(NamedTuple):
    """What every page is made with."""

    site: Site
    layouts: Layouts
    writer: Writer
    concordance: Concordance
    hiding: Hiding
    workers: Workers
    failing: Failing
    digests: Mapping[str, str]
    """The SHA-256 of each dump whose digest is told, by its name."""

    def key(self, inputs: object) -> str:
        """Return the cache key of a page made from ``inputs``."""
        return sha256(encode((inputs, self.layouts.stamp, self.hiding.stamp))).hexdigest()

    def make(self, unit: Unit) -> None:
        """Write the files of a unit if anything that they depend on changed; workers may still be busy on return."""
        key = self.key(unit.inputs)
        if not self._kept(unit.name, key):
            self._write(unit.name, key, unit.files())

    def _write(self, name: str, key: str, parts: Iterable[OutputFile | Task]) -> None:
        files = dict[str, str]()

        def take(made: list[StagedFile]) -> None:
            files.update(self.writer.take(made))

        for part in parts:
            if isinstance(part, Task):
                self.workers.ask(part.size, take, done, part, self.writer.staged)
            else:
                files[part.path] = self.writer.put(part)
        self.workers.after(lambda: self.concordance.store.made.note_unit(name, key, files))

    def begin(self, unit: Meanwhile) -> Begun | None:
        """Start a unit if anything that its files depend on changed."""
        key = self.key(unit.inputs)
        if self._kept(unit.name, key):
            return None
        work = unit.begin()
        return Begun(work.done, lambda: self._write(unit.name, key, work.files()))

    def _kept(self, name: str, key: str) -> bool:
        files = self.concordance.store.made.unit(name, key)
        return files is not None and self.writer.keep(files)


class Begun(NamedTuple):
    """A unit made by another process: whether it is done, and a function that waits for it and takes its result."""

    done: Callable[[], bool]
    end: Callable[[], object]


class Beside:
    """Units made by other processes during the build, few at a time; or on completion, if it ``waits`` for none."""

    def __init__(self, units: Iterator[Meanwhile | Unit], bench: Workbench, *, waits: bool = False) -> None:
        self._units = units
        self._waits = waits
        self._bench = bench
        self._begun = deque[Begun]()

    def go_on(self) -> None:
        """Take the results of finished units, and start new ones if there is room."""
        if self._waits:
            return
        while self._begun and self._begun[0].done():
            self._begun.popleft().end()
        # Twice as many units are queued as run, so that the processes are never idle.
        while len(self._begun) < 2 * AT_ONCE and (unit := next(self._units, None)):
            if isinstance(unit, Unit):
                self._bench.make(unit)
            elif begun := self._bench.begin(unit):
                self._begun.append(begun)

    def rest(self) -> None:
        """Wait for the started units, if a huge task needs their memory."""
        while self._begun:
            self._begun.popleft().end()

    def finish(self) -> None:
        """Wait for all of them."""
        self._waits = False
        self.go_on()
        while self._begun:
            self._begun.popleft().end()
            self.go_on()
