"""``rostra publish``."""

from __future__ import annotations

from pathlib import Path

import click

from rostra.cli.terminal import count, say, site_option


@click.command()
@click.argument("target", default="origin")
@site_option
@click.option("--branch", help="The branch to push to; gh-pages where the host of the settings names no other.")
@click.option("--history", is_flag=True, help="Keep what was published before as the branch's history.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--dirty", is_flag=True, help="Publish though there are changes that are not committed.")
@click.option("--despite-failures", is_flag=True, help="Publish though the last build failed on something.")
@click.option("--replace", metavar="COMMIT", help="Replace this commit of the branch, whoever made it.")
@click.option("--accept-removals", is_flag=True, help="Publish though more than a tenth of all debates go at once.")
@click.option("--endpoint", metavar="URL", help="Of an object storage that speaks like S3.")
def command(
    target: str, folder: Path, branch: str | None, history: bool, dry_run: bool, dirty: bool, despite_failures: bool,
    replace: str | None, accept_removals: bool, endpoint: str | None,
) -> None:  # fmt: skip
    """Publish the built site on TARGET: a git remote, by name or address, or object storage (s3://BUCKET/PREFIX)."""
    from rostra.config.site import load_site
    from rostra.hosts import amount
    from rostra.publish.plan import format_plan, remarks
    from rostra.publish.storage import is_storage, upload
    from rostra.system.build_lock import alone

    site = load_site(folder)
    # A build that begins meanwhile waits, so that nothing of it is sent.
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
    for remark in remarks(plan):
        say(f"{where}: {remark}")
    if dry_run:
        for line in format_plan(plan):
            click.echo(line)
    elif plan.nothing and not done:
        say(f"{where} is as it should be")
        return
    gone, new = plan.pages(plan.removed), plan.pages(plan.added)
    say(
        f"{where}: {count(len(plan.sent), 'file')} {'to send' if dry_run else 'sent'}, {amount(plan.size)}; "
        f"{count(len(new), 'page')} added, {count(len(gone), 'page')} gone, {count(plan.files, 'file')} in all"
    )
