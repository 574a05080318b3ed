"""``rostra redact``."""

from __future__ import annotations

from pathlib import Path

import click

from rostra.cli.terminal import say, site_option


@click.command()
@site_option
@click.option("--person", help="A person: their posts, their name, their words wherever quoted.")
@click.option("--also", multiple=True, help="Another name of that person.")
@click.option("--address", help="Any text: an e-mail address, a telephone number, a street.")
@click.option("--post", "where", help="A post, as DEBATE#p-… or by its address.")
@click.option("--passage", help="Only these words of the post.")
@click.option("--reason", help="What is published in its place.")
def command(
    folder: Path, person: str | None, also: tuple[str, ...], address: str | None, where: str | None,
    passage: str | None, reason: str | None,
) -> None:  # fmt: skip
    """Note in redactions.toml that something is no longer published, anywhere."""
    from rostra.rules import Rule, append_rule, post_at
    from rostra.site import load_site

    site = load_site(folder)
    thread, post = post_at(site, where) if where else (None, None)
    rule = Rule(
        person=person, also=also, address=address, post=post, thread=thread, passage=passage, reason=reason
    )  # fmt: skip
    say(f"noted in {append_rule(site.root, rule)}; `rostra build` carries it out")
