"""``rostra publish``."""

from __future__ import annotations

from pathlib import Path

import click

from rostra.cli.terminal import count, say, site_option


@click.command()
@click.argument("target", default="origin")
@site_option
@click.option("--branch", help="The branch to push to (default: the one of the configured host, else gh-pages).")
@click.option("--history", is_flag=True, help="Keep earlier publications as the branch's history.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--dirty", is_flag=True, help="Publish despite uncommitted changes.")
@click.option("--despite-failures", is_flag=True, help="Publish although the last build had failures.")
@click.option("--replace", metavar="COMMIT", help="Replace this commit of the branch, whoever made it.")
@click.option(
    "--accept-removals", is_flag=True, help="Publish although more than a tenth of all debates disappear at once."
)
@click.option("--endpoint", metavar="URL", help="Address of an object storage that is compatible with S3.")
def command(
    target: str, folder: Path, branch: str | None, history: bool, dry_run: bool, dirty: bool, despite_failures: bool,
    replace: str | None, accept_removals: bool, endpoint: str | None,
) -> None:  # fmt: skip
    """Publish the built site.

    TARGET is a git remote, by name or address, or object storage (s3://BUCKET/PREFIX).
    """
    from rostra.config.site import load_site
    from rostra.hosts import amount
    from rostra.publish.plan import format_plan, plan_remarks
    from rostra.publish.storage import is_storage, upload
    from rostra.system.build_lock import alone

    site = load_site(folder)
    # A build that starts meanwhile waits, so that none of it is sent.
    with alone(site.cache):
        if is_storage(target):
            plan = upload(
                site, target, dry_run=dry_run, dirty=dirty, accept_removals=accept_removals, endpoint=endpoint,
                despite_failures=despite_failures,
            )  # fmt: skip
            where, done = target, False
        else:
            from rostra.publish.branch import Wish, publish

            wish = Wish(
                remote=target, branch=branch, history=history, dirty=dirty, replace=replace,
                accept_removals=accept_removals, dry_run=dry_run, despite_failures=despite_failures,
            )  # fmt: skip
            published = publish(site, wish)
            plan, done = published.plan, published.commit is not None
            where = f"{published.branch} of {published.address}"
    for remark in plan_remarks(plan):
        say(f"{where}: {remark}")
    if dry_run:
        for line in format_plan(plan):
            click.echo(line)
    elif plan.nothing and not done:
        say(f"{where} is up to date")
        return
    gone, new = plan.pages(plan.removed), plan.pages(plan.added)
    say(
        f"{where}: {count(len(plan.sent), 'file')} {'to send' if dry_run else 'sent'}, {amount(plan.size)}; "
        f"{count(len(new), 'page')} added, {count(len(gone), 'page')} gone, {count(plan.files, 'file')} in all"
    )
