"""``rostra build``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import count, format_problems, say, shorten_list, showing, site_option, tell_failure, timings
from rostra.errors import NotInLedger, RostraError, UsageError

if TYPE_CHECKING:
    from rostra.config.site import Site
    from rostra.output.manifest import Standing
    from rostra.output.report import BuildReport
    from rostra.publish.plan import Plan
    from rostra.system.progress import Progress


@click.command()
@site_option
@click.option("--strict", is_flag=True, help="Exit with status 1 if there is any problem.")
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@click.option("--verbose", "-v", is_flag=True, help="List every problem, not just one of each kind.")
@click.option(
    "--workers",
    "number",
    type=click.IntRange(min=1),
    help="Number of worker processes (default: one for each processor).",
)
@click.option("--cluster", "address", metavar="ADDRESS", help="Use a Dask cluster, given the address of its scheduler.")
@click.option(
    "--work",
    metavar="ADDRESS",
    default="",
    help="Storage for the files of the cluster, such as s3://BUCKET/PREFIX, if its machines do not share the site's folder.",
)
@click.option(
    "--locked",
    is_flag=True,
    help="Fail, and write nothing, if rostra.ledger would change.",
)
@click.option("--traceback", "traced", is_flag=True, help="Show the traceback of a bug.")
@click.option("--timings", "timed", is_flag=True, help="Print the time of each stage.")
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
    work: str,
) -> None:
    """Build the site into its output folder."""
    from rostra.build.rebuild import rebuild
    from rostra.config.site import is_elsewhere, load_site
    from rostra.system.progress import Progress
    from rostra.system.remote_files import safe_address

    if number and address:
        raise UsageError("`--workers` cannot be combined with `--cluster`", hint="leave out `--workers`")
    if work and not address:
        raise UsageError("`--work` is for a cluster", hint="add `--cluster ADDRESS`")
    site = load_site(folder, locked=locked)
    if locked:
        from rostra.identity.locked_ledger import refuse_unreadable

        refuse_unreadable(site.ledger)
    with showing() as told:
        progress = Progress(told)

        missed: tuple[RostraError, ...] = ()
        if site.has_mirror:
            from rostra.config.remote_content import mirror

            progress.begin("listing remote content")
            missed = mirror(site, progress)
        progress.begin("comparing with the last build")
        try:
            report = rebuild(site, partial(_build, site, progress, missed, number, address, work), missed=missed)
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
        _tell_sent(sent, safe_address(site.settings.output))
    if timed:
        timings(progress.stages)
    context.exit(1 if report.failures or (strict and report.problems) else 0)


def _build(
    site: Site, progress: Progress, missed: tuple[RostraError, ...], number: int | None, address: str | None,
    work: str, standing: Standing,
) -> BuildReport:  # fmt: skip
    """Build the site with worker processes of this machine, or of the cluster at an address."""
    from rostra.build.pipeline import build
    from rostra.system.forked_copy import available
    from rostra.system.workers import Workers

    if address:
        from rostra.build.cluster import cluster
    with cluster(address, site, work) if address else Workers(number or available()) as workers:
        return build(site, progress, standing, workers, None, missed)


def _tell_sent(plan: Plan, where: str) -> None:
    from rostra.publish.plan import plan_remarks

    for remark in plan_remarks(plan):
        say(f"{where}: {remark}")
    say(f"{where}: {count(len(plan.sent), 'file')} sent, {len(plan.removed)} removed")


def send(site: Site, report: BuildReport) -> Plan | RostraError:
    """Send a site whose output is remote; return what was sent, or why nothing was."""
    from rostra.config.build_record import last
    from rostra.output.journal import refuse_pending
    from rostra.publish.storage import put
    from rostra.system.build_lock import alone
    from rostra.system.remote_files import safe_address

    where = safe_address(site.settings.output)
    failed = RostraError(
        f"the build failed in part, so nothing was sent to {where}",
        hint=f"correct what failed; or send the site as it is: `rostra publish {where} --despite-failures`",
    )
    if report.failures:
        return failed
    try:
        # A build that begins meanwhile waits, so that nothing of it is sent; one that came between has its own failures.
        with alone(site.cache):
            refuse_pending(site.cache, where)
            return failed if last(site)[0] else put(site, site.settings.output)
    except RostraError as error:
        return error


def tell(
    site: Site, report: BuildReport, *, quiet: bool, strict: bool, verbose: bool = False, traced: bool = False
) -> None:
    """Print what a build made and its problems; failures come last, where they are seen."""
    if strict or verbose or not quiet:
        for line in format_problems(report.problems, every=verbose):
            say(line)
    if report.written.changed and not (quiet or site.settings.address or site.settings.authority):
        say("rostra.toml:1: no `address`, no `authority`: the ids in feeds will change when one of them is set")
        say('hint: set one before you publish: address = "https://example.org/debates/"')
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
