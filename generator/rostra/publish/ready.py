"""Check that a site may be published: built from its current sources, complete, within the limits of its host."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rostra.check import check
from rostra.check.findings import RULES
from rostra.config.build_record import last
from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.journal import refuse_pending
from rostra.output.manifest import MANIFEST

NAMED = 5
"""How many failures after the first are named."""


def refuse_unready(site: Site, *, despite_failures: bool = False) -> None:
    """Raise RostraError with a hint if the site should not be published.

    ``despite_failures`` allows a build with failures, in which some content is old or left out.
    """
    refuse_pending(site.cache, site.settings.output)
    if not (site.output / MANIFEST).is_file():
        raise RostraError("the site is not built", path=site.settings.output, hint="run `rostra build`")
    failures, begun = last(site)
    if failures and not despite_failures:
        _refuse_failed(failures)
    _refuse_stale(site, begun)
    report = check(site, trust=True, despite_failures=True)
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


def _refuse_failed(failures: Sequence[RostraError]) -> None:
    first, *others = failures
    more = list(dict.fromkeys(each.path or each.message for each in others if (each.path or "") != first.path))
    also = f"; and on {', '.join(more[:NAMED])}" if more else ""
    also += f" and {len(more) - NAMED} more" if len(more) > NAMED else ""
    raise RostraError(
        f"the last build failed on this: {first.message}{also}",
        path=first.path,
        line=first.line,
        hint="correct it and build again, or publish with `--despite-failures`: what failed is as it was last built, or left out",
    )


def _refuse_stale(site: Site, begun: int | None) -> None:
    """Raise RostraError if an input of the build was changed after the last build started."""
    noted = site.cache / "built"
    built = begun or (noted if noted.is_file() else site.output / MANIFEST).stat().st_mtime_ns
    for path in _sources(site):
        if path.stat().st_mtime_ns > built:
            raise RostraError(
                "this was changed after the site was built",
                path=path.relative_to(site.root).as_posix() if path.is_relative_to(site.root) else str(path),
                hint="run `rostra build`",
            )


def _sources(site: Site) -> Iterator[Path]:
    for path in sorted(site.root.iterdir()):
        # Not the ledger: the build itself writes it.
        if path.is_file() and path.suffix in (".toml", ".key"):
            yield path
    for top in (*(folder for _, folder in site.content), site.root / site.settings.layouts):
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            # Links that lead nowhere have no content; editors leave some.
            yield from (path for path in (Path(folder, file) for file in sorted(files)) if path.exists())
