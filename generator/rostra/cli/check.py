"""``rostra check``."""

from __future__ import annotations

from pathlib import Path

import click

from rostra.cli.terminal import count, say, site_option


@click.command()
@site_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="json and sarif are printed to standard output.",
)
@click.option(
    "--external", is_flag=True, help="Test outside links too, a few at a time; results are cached for some days."
)
@click.option(
    "--online",
    is_flag=True,
    help="Compare with the site at `address`: no debate or post may vanish from its address. For hosts that build the site.",
)
@click.option("--all", "everything", is_flag=True, help="Show every finding.")
@click.option("--strict", is_flag=True, help="Exit with status 1 for warnings too.")
@click.option("--despite-failures", is_flag=True, help="Ignore failures of the last build.")
@click.pass_context
def command(
    context: click.Context, folder: Path, form: str, external: bool, online: bool, everything: bool,
    strict: bool, despite_failures: bool,
) -> None:  # fmt: skip
    """Check the built site.

    Links, ids, permanent links, quotations and notes both ways, names, and the limits of the host are checked.
    """
    import json

    from rostra.check import check
    from rostra.check.external import Visitor
    from rostra.check.forms import SHOWN, document, format_findings, sarif
    from rostra.check.going_public import going_public
    from rostra.config.site import load_site
    from rostra.publish.online import refuse_unlike_online

    site = load_site(folder)
    report = check(site, despite_failures=despite_failures)
    findings = list(report.findings)
    if external:
        findings += Visitor(site.cache).findings(report.outside)
    warnings = len(findings) - report.errors
    output = site.settings.output.rstrip("/")
    if form == "json":
        said = document(findings, files=report.files, pages=report.pages, size=report.size)
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    elif form == "sarif":
        click.echo(json.dumps(sarif(findings, output), ensure_ascii=False, indent=1))
    else:
        for line in format_findings(findings, output, None if everything else SHOWN):
            click.echo(line)
    say(
        f"{count(report.pages, 'page')} in {count(report.files, 'file')}: "
        + (f"{count(report.errors, 'error')}, {count(warnings, 'warning')}" if findings else "nothing is wrong")
    )
    if summed := going_public(site):
        say(str(summed))
    if online and not refuse_unlike_online(site):
        say(
            "nothing is online at `address` yet"
            if site.settings.address
            else "no `address`, so it is not known what is online"
        )
    context.exit(1 if report.errors or (strict and findings) else 0)
