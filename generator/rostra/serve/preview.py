"""The preview: builds for the server; each rebuild reads the settings again."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.config.remote_content import mirror, unwatched
from rostra.config.site import SETTINGS, load_site
from rostra.errors import Disturbed, RostraError
from rostra.output.manifest import MANIFEST, Standing
from rostra.output.report import BuildReport
from rostra.render.assets import ASSETS
from rostra.render.templates import Layouts
from rostra.serve import serve
from rostra.serve.outcome import BuildOutcome
from rostra.system.file_state import Look
from rostra.system.forked_copy import available
from rostra.system.workers import Workers, give_back

MANY = 100_000
"""The number of files above which their snapshot would take too much memory, some 70 MiB."""


class Preview:
    """A site that somebody works on: built with drafts, outside the published folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._outside: list[Path] = []
        self._listed = ""
        """A digest of the list of served files; empty before the first build."""
        self._standing: Standing | None = None
        """The snapshot of the served folder after the last build."""
        self.site = load_site(folder, previewed=True)
        self.output = self.site.output

    @property
    def ignored(self) -> list[Path]:
        """The paths that Rostra itself writes."""
        return [self.site.kept, self.site.root / self.site.settings.output, self.site.ledger]

    def build(self, shown: Callable[[BuildOutcome], object] | None = None) -> BuildOutcome:
        """Build what changed; errors are part of the outcome."""
        begun = perf_counter()
        known = self._standing if self._standing and self._standing.lasts() else None
        self._standing = None

        def pages(changed: tuple[str, ...], failures: tuple[RostraError, ...]) -> None:
            if shown:
                shown(BuildOutcome(changed=changed, errors=failures))

        try:
            site = self.site = load_site(self._folder, previewed=True)
            with Workers(available()) as workers:
                report = rebuild(
                    site,
                    lambda standing: build(site, standing=standing, workers=workers, shown=shown and pages),
                    known,
                )
        except (Disturbed, OSError) as error:
            if known:
                # Take the snapshot again.
                return self.build(shown)
            # Files come and go during work on them; the next event builds again.
            return BuildOutcome(changed=(), errors=(RostraError(str(error), hint="save again"),))
        except RostraError as error:
            return BuildOutcome(changed=(), errors=(error,))
        seconds = perf_counter() - begun
        # Each rebuild runs in a thread with its own memory arena; return memory now that nobody waits for a page.
        gc.collect()
        give_back()
        if self._was_disturbed(report, known):
            return self.build(shown)
        within = tuple(f"{folder}{os.sep}" for folder in self._content())
        self._outside = [path for path in report.inputs if not str(path).startswith(within)]
        before, self._listed = self._listed, Look([str(site.output / MANIFEST)]).digest
        # Another preview of the same site may have built the current files.
        others = (MANIFEST,) if before not in ("", self._listed) else ()
        return BuildOutcome(changed=report.written.touched or others, errors=report.failures, seconds=seconds)

    def _was_disturbed(self, report: BuildReport, known: Standing | None) -> bool:
        """Take a snapshot of the served folder; return whether others changed it since it was ``known``."""
        if report.written.files >= MANY:
            return False
        found = self._standing = Standing(self.site.output, self.site.cache, self.site.ledger)
        unseen = found.changed_since(known or found).difference(report.written.touched)
        # Their times no longer reveal it.
        found.touched.update(unseen)
        return bool(unseen)

    def watched(self) -> list[Path]:
        """The paths that a build depends on, by the current settings."""
        return [self.site.root / SETTINGS, *self._content(), *Layouts(self.site).folders, *self._outside]

    def _content(self) -> list[Path]:
        return [folder.resolve() for _, folder in self.site.content]

    def style(self, path: Path) -> str | None:
        """Return the name of the style that a file is part of; None if there is none."""
        return Layouts(self.site).style_of(path)

    def style_text(self, name: str) -> bytes | None:
        """Return the current text of a style; None if there is none of that name."""
        with suppress(RostraError, OSError, UnicodeDecodeError):
            return Layouts(self.site).assets[name][1] if name in ASSETS else None
        return None


def preview(
    folder: Path,
    *,
    host: str,
    port: int,
    base: str | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None],
    ready: Callable[[str, Callable[[], None]], None] | None = None,
) -> None:
    """Serve the site in ``folder`` until interrupted, rebuilding what changes; raises UsageError.

    Without ``base``, the site is served below the path of its ``address``.  ``announce`` prints a line at the
    terminal; ``ready`` is called with the address and a function that stops the server.
    """
    of = Preview(folder)
    for failure in mirror(of.site) if of.site.has_mirror else ():
        announce(str(failure))
    for address in unwatched(of.site):
        announce(f"{address} is shown as it is now: later changes there appear when you serve again")
    serve(
        of,
        host=host,
        port=port,
        base=urlsplit(of.site.settings.address).path if base is None else base,
        open_browser=open_browser,
        announce=announce,
        ready=ready,
    )
