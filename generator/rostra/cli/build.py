"""``rostra build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import count, lines, say, shorten_list, showing, site_option, tell_failure, timings
from rostra.errors import NotInLedger, RostraError, UsageError

if TYPE_CHECKING:
    from rostra.config.site import Site
    from rostra.output.manifest import Standing
    from rostra.output.report import BuildReport
    from rostra.publish.plan import Plan


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
@click.option(
    "--locked", is_flag=True, help="Fail, and write nothing, where rostra.ledger does not hold every address already."
)
@click.option("--traceback", "traced", is_flag=True, help="Show where in Rostra, or in a package, a bug came up.")
@click.option("--timings", "timed", is_flag=True, help="Say where the time went, stage by stage.")
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    strict: bool,
    quiet: bool,
    locked: bool,
    verbose: bool,
    traced: bool,
    timed: bool,
    number: int | None,
    address: str | None,
) -> None:
    """Build the site into its output folder."""
    from rostra.build.rebuild import rebuild
    from rostra.config.site import is_elsewhere, load_site
    from rostra.system.progress import Progress
    from rostra.system.remote_files import safe_address

    if number and address:
        raise UsageError("a cluster has as many workers as it has", hint="leave out `--workers`")
    site = load_site(folder, locked=locked)
    if locked:
        from rostra.identity.locked_ledger import refuse_unreadable

        refuse_unreadable(site.ledger)
    with showing() as told:
        progress = Progress(told)

        def whole(standing: Standing) -> BuildReport:
            from rostra.build.pipeline import build
            from rostra.system.workers import Workers, available

            if address:
                from rostra.build.cluster import cluster
            with cluster(address) if address else Workers(number or available()) as workers:
                return build(site, progress, standing, workers, None, missed)

        missed: tuple[RostraError, ...] = ()
        if site.has_mirror:
            from rostra.config.remote_content import mirror

            progress.begin("looking what lies elsewhere")
            missed = mirror(site, progress)
        progress.begin("comparing with the last build")
        try:
            report = rebuild(site, whole, missed=missed)
        except NotInLedger as error:
            for failure in error.failures:
                tell_failure(failure, traced=traced)
            raise
        sent: Plan | RostraError | None = None
        if is_elsewhere(site.settings.output):
            progress.begin("sending what changed")
            sent = send(site, report)
        progress.end()
    tell(site, report, quiet=quiet, strict=strict, verbose=verbose, traced=traced)
    if isinstance(sent, RostraError):
        raise sent
    if sent and not quiet:
        from rostra.publish.plan import remarks

        where = safe_address(site.settings.output)
        for remark in remarks(sent):
            say(f"{where}: {remark}")
        say(f"{where}: {count(len(sent.sent), 'file')} sent, {len(sent.removed)} removed")
    if timed:
        timings(progress.stages)
    context.exit(1 if report.failures or (strict and report.problems) else 0)


def send(site: Site, report: BuildReport) -> Plan | RostraError:
    """Send a site whose output is elsewhere: what was sent, or why it was not."""
    from rostra.publish.storage import put
    from rostra.system.remote_files import safe_address

    where = safe_address(site.settings.output)
    if report.failures:
        return RostraError(
            f"the build failed in part, so nothing was sent to {where}",
            hint=f"mend what failed; or send what there is: `rostra publish {where} --despite-failures`",
        )
    try:
        return put(site, site.settings.output)
    except RostraError as error:
        return error


def tell(
    site: Site, report: BuildReport, *, quiet: bool, strict: bool, verbose: bool = False, traced: bool = False
) -> None:
    """What a build made, and what was wrong with what it was given; what failed comes last, where it is seen."""
    if strict or verbose or not quiet:
        for line in lines(report.problems, every=verbose):
            say(line)
    for failure in report.failures:
        tell_failure(failure, traced=traced)
    if report.kept:
        say(f"kept as last built: {shorten_list(report.kept)}")
    if report.left_out:
        say(f"left out: {shorten_list(report.left_out)}")
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
        from rostra.search.index import pagefind_version

        if not pagefind_version():
            say("hint: readers can search the archive where Pagefind is installed: pip install 'rostra[search]'")
