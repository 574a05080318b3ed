"""Make the files of units only if something that they depend on changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from msgspec.msgpack import encode

from rostra.build.making import done
from rostra.config.site import Site
from rostra.crossrefs.resolve import Concordance
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding
from rostra.output.writer import Writer
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.system.workers import Job, Workers


class Workbench(NamedTuple):
    """The context in which every page is made."""

    site: Site
    layouts: Layouts
    writer: Writer
    concordance: Concordance
    hiding: Hiding
    workers: Workers
    failing: Failing
    digests: Mapping[str, str]
    """The SHA-256 of each dump whose digest is published, by its name."""

    def key(self, inputs: object) -> str:
        """Return the cache key of a page made from ``inputs``."""
        return sha256(encode((inputs, self.layouts.stamp, self.hiding.stamp))).hexdigest()

    def make(self, units: Iterable[Unit]) -> None:
        """Write the files of units if anything that they depend on changed."""
        made = list[tuple[str, str, dict[str, str]]]()
        for files, staged in self.workers.map(done, self._jobs(units, made)):
            files.update(self.writer.take(staged))
        for each in made:
            self.concordance.store.made.note_unit(*each)

    def _jobs(
        self, units: Iterable[Unit], made: list[tuple[str, str, dict[str, str]]]
    ) -> Iterator[Job[dict[str, str]]]:
        """Yield the tasks of the units that are to be made; ``made`` collects the units, each with its key and files."""
        for unit in units:
            key, files = self.key(unit.inputs), dict[str, str]()
            if self._kept(unit.name, key):
                continue
            made.append((unit.name, key, files))
            for part in unit.files():
                if isinstance(part, Task):
                    yield Job(files, part.size, (part, self.writer.staged))
                else:
                    files[part.path] = self.writer.put(part)

    def _kept(self, name: str, key: str) -> bool:
        files = self.concordance.store.made.unit(name, key)
        return files is not None and self.writer.keep(files)
