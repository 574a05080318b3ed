"""Make the files of units only if something that they depend on changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode

from rostra.build.making import done
from rostra.config.site import Site
from rostra.crossrefs.resolve import Concordance
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding
from rostra.output.writer import OutputFile, Writer
from rostra.render.pages.unit import Shelf, Task, Unit
from rostra.render.templates import Layouts
from rostra.system.workers import Workers

TOGETHER = 32
"""How many units of a shelf a worker makes in one task: a task for each would cost as much as making it."""


class Workbench(NamedTuple):
    """What every page is made with."""

    site: Site
    layouts: Layouts
    writer: Writer
    concordance: Concordance
    hiding: Hiding
    workers: Workers
    failing: Failing
    sums: Mapping[str, str]
    """The SHA-256 of each dump, by its name."""

    def key(self, inputs: object) -> str:
        """Return the cache key of a page made from ``inputs``."""
        return sha256(encode((inputs, self.layouts.stamp, self.hiding.stamp))).hexdigest()

    def named(self, debate: str, dumps: Iterable[str]) -> tuple[str, ...]:
        """Return the SHA-256 of each of a debate's dumps, by which files name them; empty if unknown.

        The last good version of a failed dump names the file that it was read from.
        """
        last = self.failing.kept.get(debate, ())
        return tuple((self.failing.digests if dump in last else self.sums).get(dump, "") for dump in dumps)

    def make(self, unit: Unit | Shelf) -> None:
        """Write the files of a unit or a shelf if anything that they depend on changed; workers may still be busy on return."""
        key = self.key(unit.inputs)
        if self._kept(unit.name, key):
            return
        if isinstance(unit, Unit):
            self._finish([self._started(unit.name, key, unit.files())])
        else:
            self._make_shelf(unit, key)

    def _make_shelf(self, shelf: Shelf, key: str) -> None:
        made, files, left = self.concordance.store.made, dict[str, str](), list[Left]()
        last = made.shelf(shelf.name)
        gone = {name for name, _ in last}
        for unit in shelf.units():
            of = self.key(unit.inputs)
            gone.discard(unit.name)
            if (kept := last.get((unit.name, of))) is not None and self.writer.keep(kept):
                files |= kept
                continue
            left.append(self._started(unit.name, of, unit.files()))
            if len(left) == TOGETHER:
                self._finish(left, shelf.name, files)
                left = []
        self._finish(left, shelf.name, files)
        made.clear_shelf(shelf.name, gone)
        self.workers.after(lambda: made.note_unit(shelf.name, key, files, None))

    def _started(self, name: str, key: str, parts: Iterable[OutputFile | Task]) -> Left:
        """Return a unit of which everything is written except the part left to tasks."""
        left = Left(name, key, {}, [])
        for part in parts:
            if isinstance(part, Task):
                left.tasks.append(part)
            else:
                left.files.update(self.write(part))
        return left

    def _finish(self, units: Sequence[Left], shelf: str | None = None, files: dict[str, str] | None = None) -> None:
        """Run tasks, and record units once they are written; ``files`` collects those of a shelf."""
        tasks = [task for unit in units for task in unit.tasks]

        def home(made: list[list[OutputFile]]) -> None:
            of_task = iter(made)
            for unit in units:
                for _ in unit.tasks:
                    for file in next(of_task):
                        unit.files.update(self.write(file))
                self.concordance.store.made.note_unit(unit.name, unit.key, unit.files, shelf)
                if files is not None:
                    files.update(unit.files)

        if tasks:
            self.workers.ask(sum(task.size for task in tasks), home, done, tasks)
        else:
            home([])

    def write(self, file: OutputFile) -> dict[str, str]:
        """Return a file with its digest, and write it unless it is unchanged."""
        if (digest := self.writer.digest(file.path)) is None:
            digest = self.writer.put(file)
        return {file.path: digest}

    def _kept(self, name: str, key: str) -> bool:
        files = self.concordance.store.made.unit(name, key)
        return files is not None and self.writer.keep(files)


class Left(NamedTuple):
    """A unit in progress: its written ``files`` with their digests, and the tasks that are left."""

    name: str
    key: str
    files: dict[str, str]
    tasks: list[Task]
