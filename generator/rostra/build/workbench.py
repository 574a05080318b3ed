"""Make the files of units only if something that they depend on changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
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
    """The SHA-256 of each dump whose digest is published, by its name."""

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

    def _kept(self, name: str, key: str) -> bool:
        files = self.concordance.store.made.unit(name, key)
        return files is not None and self.writer.keep(files)
