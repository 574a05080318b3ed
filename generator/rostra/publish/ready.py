"""Whether a site may be published: built, as its sources are, found whole, within what its host takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rostra.check import check
from rostra.check.findings import RULES
from rostra.errors import RostraError
from rostra.journal import refuse_pending
from rostra.manifest import MANIFEST
from rostra.site import LEDGER, Site


def refuse_unready(site: Site) -> None:
    """Raises RostraError, with the remedy, where the site should not be published."""
    refuse_pending(site.cache, site.settings.output)
    if not (site.output / MANIFEST).is_file():
        raise RostraError("the site is not built", path=site.settings.output, hint="run `rostra build`")
    _refuse_stale(site)
    report = check(site, trust=True)
    for finding in report.findings:
        if finding.code.startswith("host-") and RULES[finding.code].level == "error":
            message, _, hint = finding.message.partition("; ")
            raise RostraError(message, path=site.settings.output, hint=hint)
    wrong = [finding for finding in report.findings if RULES[finding.code].level == "error"]
    if wrong:
        first = wrong[0]
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise RostraError(
            f"{first.message} [{first.code}]{more}",
            path=f"{site.settings.output}/{first.path}",
            line=first.line or None,
            hint="`rostra check` shows everything that is wrong, and what to do",
        )


def _refuse_stale(site: Site) -> None:
    """Raises RostraError where something that a build reads was changed after the last one began."""
    noted = site.cache / "built"
    built = (noted if noted.is_file() else site.output / MANIFEST).stat().st_mtime_ns
    for path in _sources(site):
        if path.stat().st_mtime_ns > built:
            raise RostraError(
                "this was changed after the site was built",
                path=path.relative_to(site.root).as_posix() if path.is_relative_to(site.root) else str(path),
                hint="run `rostra build`",
            )


def _sources(site: Site) -> Iterator[Path]:
    for path in sorted(site.root.iterdir()):
        # The build itself writes the ledger.
        if path.is_file() and path.name != LEDGER and path.suffix in (".toml", ".key"):
            yield path
    for top in (*(folder for _, folder in site.content), site.root / site.settings.layouts):
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            yield from (Path(folder, file) for file in sorted(files))
