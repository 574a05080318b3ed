"""``rostra build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from rostra.cli.terminal import count, lines, say, showing, site_option, timings
from rostra.errors import RostraError, UsageError

if TYPE_CHECKING:
    from rostra.manifest import Standing
    from rostra.report import Report
    from rostra.site import Site


@click.command()
@site_option
@click.option("--strict", is_flag=True, help="Exit with status 1 where there is any problem.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what failed.")
@click.option("--verbose", "-v", is_flag=True, help="List every problem, not one of each kind.")
@click.option(
    "--workers", "number", type=click.IntRange(min=1), help="Processes that share the work (default: one a processor)."
)
@click.option(
    "--cluster", "address", metavar="ADDRESS", help="Of the scheduler of a Dask cluster that shares the work instead."
)
@click.option("--timings", "timed", is_flag=True, help="Say where the time went, stage by stage.")
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    strict: bool,
    quiet: bool,
    verbose: bool,
    timed: bool,
    number: int | None,
    address: str | None,
) -> None:
    """Build the site into its output folder."""
    from rostra.elsewhere import shown
    from rostra.progress import Progress
    from rostra.rebuild import rebuild
    from rostra.site import is_elsewhere, load_site

    if number and address:
        raise UsageError("a cluster has as many workers as it has", hint="leave out `--workers`")
    site = load_site(folder)
    with showing() as told:
        progress = Progress(told)

        def whole(standing: Standing) -> Report:
            from rostra.build import build
            from rostra.workers import Workers, available

            if address:
                from rostra.cluster import cluster
            with cluster(address) if address else Workers(number or available()) as workers:
                return build(site, progress, standing, workers)

        missed: tuple[RostraError, ...] = ()
        if site.has_mirror:
            from rostra.mirror import mirror

            progress.begin("looking what lies elsewhere")
            missed = mirror(site, progress)
        progress.begin("comparing with the last build")
        report = rebuild(site, whole)
        report = replace(report, failures=(*missed, *report.failures))
        sent = None
        if is_elsewhere(site.settings.output):
            from rostra.publish.storage import put

            progress.begin("sending what changed")
            sent = put(site, site.settings.output)
        progress.end()
    tell(site, report, quiet=quiet, strict=strict, verbose=verbose)
    if sent and not quiet:
        say(f"{shown(site.settings.output)}: {count(len(sent.sent), 'file')} sent, {len(sent.removed)} removed")
    if timed:
        timings(progress.stages)
    context.exit(1 if report.failures or (strict and report.problems) else 0)


def tell(site: Site, report: Report, *, quiet: bool, strict: bool, verbose: bool = False) -> None:
    """What a build made, and what was wrong with what it was given; what failed comes last, where it is seen."""
    if strict or verbose or not quiet:
        for line in lines(report.problems, every=verbose):
            say(line)
    for failure in report.failures:
        say(failure)
    if quiet:
        return
    written = report.written
    say(
        f"{count(report.posts, 'post')} in {count(report.threads, 'debate')} → {site.output}: "
        f"{count(written.files, 'file')}, {len(written.changed)} written, {len(written.removed)} removed"
        + (f"; {count(len(report.problems), 'problem')}" if report.problems else "")
        + (f"; {len(report.failures)} failed" if report.failures else "")
    )
    # Once: where every page is new, as in the first build.
    if "404.html" in written.changed:
        from rostra.search import version

        if not version():
            say("hint: readers can search the archive where Pagefind is installed: pip install 'rostra[search]'")
