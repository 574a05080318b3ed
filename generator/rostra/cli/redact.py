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
@click.option("--also", multiple=True, help="Another name of this person.")
@click.option("--address", help="Any text, such as an e-mail address, a telephone number or a street.")
@click.option("--post", "where", help="A post, as DEBATE#p-… or by its address.")
@click.option("--passage", help="Only these words of the post.")
@click.option("--file", "file", help="A picture or file, by its address, or by the path of the original.")
@click.option("--reason", help="The reason, published in its place.")
@click.option("--list", "listed", is_flag=True, help="List the rules with their numbers and what each hides now.")
@click.option("--undo", "number", type=int, help="Remove the rule of this number.")
def command(
    folder: Path, person: str | None, also: tuple[str, ...], address: str | None, where: str | None,
    passage: str | None, file: str | None, reason: str | None, listed: bool, number: int | None,
) -> None:  # fmt: skip
    """Hide something everywhere on the site.

    Adds a rule to redactions.toml, lists the rules, or removes one.
    """
    from rostra.config.redaction_rules import RULES, RedactionRule, append_rule, file_at, post_at, remove_rule
    from rostra.config.secret_keys import REDACTIONS
    from rostra.config.site import load_site

    site = load_site(folder)
    given = any(each for each in (person, also, address, where, passage, file, reason))
    if (listed or number is not None) and (given or (listed and number is not None)):
        raise UsageError(
            "--list and --undo take no other options", hint="`rostra redact --list`, `rostra redact --undo NUMBER`"
        )
    if listed:
        _list(site)
        return
    if number is not None:
        say(f"removed: {remove_rule(site, number)}; `rostra build` publishes it again")
        return
    thread, post = post_at(site, where) if where else (None, None)
    rule = RedactionRule(
        person=person, also=also, address=address, post=post, thread=thread, passage=passage,
        file=file_at(site, file) if file else None, reason=reason,
    )  # fmt: skip
    if thread and post and passage:
        from rostra.ingest.redaction_survey import hold_passage

        hold_passage(site, thread, post, passage)
    say(
        f"added to {append_rule(site.root, rule)}; `rostra build` applies it, `rostra redact --list` shows what it hides"
    )
    say(f"hint: {RULES}, {REDACTIONS} and the dumps still say it: keep them out of public repositories")


def _list(site: Site) -> None:
    from rostra.config.redaction_rules import read_rules
    from rostra.ingest.redaction_survey import survey

    rules = read_rules(site)
    if not rules:
        say("nothing is redacted")
    for each in survey(site, rules):
        if each.rule.file:
            click.echo(f"{each.number}  {each.rule}: hides it wherever it is shown")
            continue
        hides = (
            f"hides {count(each.posts, 'post')}"
            if not each.rule.passage
            else f"hides a passage of {count(each.posts, 'post')}"
        )
        where = f"in {count(each.debates, 'debate')}"
        click.echo(f"{each.number}  {each.rule}: {hides}, changes {count(each.others, 'other')}, {where}")
        if each.longer:
            click.echo(f"   names of others that stay: {', '.join(each.longer)}")
