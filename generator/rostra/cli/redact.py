"""``rostra redact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import count, say, site_option
from rostra.errors import UsageError

if TYPE_CHECKING:
    from rostra.config.site import Site


@click.command()
@site_option
@click.option("--person", help="A person: their posts, their name, their words wherever quoted.")
@click.option("--also", multiple=True, help="Another name of that person.")
@click.option("--address", help="Any text: an e-mail address, a telephone number, a street.")
@click.option("--post", "where", help="A post, as DEBATE#p-… or by its address.")
@click.option("--passage", help="Only these words of the post.")
@click.option("--reason", help="What is published in its place.")
@click.option(
    "--list", "listed", is_flag=True, help="List the rules, each with its number and what it hides at present."
)
@click.option("--undo", "number", type=int, help="Take back the rule of this number.")
def command(
    folder: Path, person: str | None, also: tuple[str, ...], address: str | None, where: str | None,
    passage: str | None, reason: str | None, listed: bool, number: int | None,
) -> None:  # fmt: skip
    """Note in redactions.toml that something is no longer published, anywhere; list such rules, or take one back."""
    from rostra.config.redaction_rules import RedactionRule, append_rule, post_at, remove_rule
    from rostra.config.site import load_site

    site = load_site(folder)
    given = any(each for each in (person, also, address, where, passage, reason))
    if (listed or number is not None) and (given or (listed and number is not None)):
        raise UsageError("--list and --undo stand alone", hint="`rostra redact --list`, `rostra redact --undo NUMBER`")
    if listed:
        _list(site)
        return
    if number is not None:
        say(f"taken back: {remove_rule(site, number)}; `rostra build` publishes it again")
        return
    thread, post = post_at(site, where) if where else (None, None)
    rule = RedactionRule(
        person=person, also=also, address=address, post=post, thread=thread, passage=passage, reason=reason
    )  # fmt: skip
    if thread and post and passage:
        from rostra.ingest.redaction_survey import hold_passage

        hold_passage(site, thread, post, passage)
    say(
        f"noted in {append_rule(site.root, rule)}; `rostra build` carries it out, `rostra redact --list` shows what it hides"
    )


def _list(site: Site) -> None:
    from rostra.config.redaction_rules import read_rules
    from rostra.ingest.redaction_survey import survey

    rules = read_rules(site)
    if not rules:
        say("nothing is redacted")
    for each in survey(site, rules):
        hides = (
            f"hides {count(each.posts, 'post')}"
            if not each.rule.passage
            else f"hides a passage of {count(each.posts, 'post')}"
        )
        where = f"in {count(each.debates, 'debate')}"
        click.echo(f"{each.number}  {each.rule}: {hides}, changes {count(each.others, 'other')}, {where}")
        if each.longer:
            click.echo(f"   names of others that stay: {', '.join(each.longer)}")
