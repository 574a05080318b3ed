"""``rostra inspect``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rostra.cli.terminal import say
from rostra.errors import RostraError, UsageError


@click.command()
@click.argument("dumps", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "json"]),
    default="tree",
    show_default=True,
    help="json: one thread document a line.",
)
@click.option("--reader", help="Force a format; `rostra formats` lists them.")
@click.option("--quotes", is_flag=True, help="Explain each quotation in one line.")
@click.option("--strict", is_flag=True, help="Exit with status 1 where there is any problem.")
@click.pass_context
def command(
    context: click.Context, dumps: tuple[Path, ...], form: str, reader: str | None, quotes: bool, strict: bool
) -> None:
    """Show what is read from dumps: the tree, who, when, problems, quotations and why."""
    from rostra.inspection import inspections, tree
    from rostra.thread_document import encode

    failed = False
    for dump in dumps:
        try:
            for edition in inspections(dump, reader):
                failed |= strict and bool(edition.problems)
                if form == "json":
                    sys.stdout.buffer.write(encode(edition))
                else:
                    click.echo("\n".join(tree(edition, quotes=quotes)))
        except UsageError:
            raise
        except RostraError as error:
            failed = True
            say(error)
    sys.stdout.flush()
    context.exit(1 if failed else 0)
