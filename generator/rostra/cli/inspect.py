"""``rostra inspect``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import tell_failure
from rostra.errors import RostraError, UsageError

if TYPE_CHECKING:
    from rostra.model import LinkedEdition


@click.command()
@click.argument("dumps", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "json"]),
    default="tree",
    show_default=True,
    help="json: one thread document on each line.",
)
@click.option("--reader", help="Force a format; `rostra formats` lists them.")
@click.option("--quotes", is_flag=True, help="Explain each quotation in one line.")
@click.option("--notes", is_flag=True, help="Show each footnote, and why a candidate was refused.")
@click.option("--join", is_flag=True, help="Join the messages of all these dumps, as a build of one site does.")
@click.option("--layout", is_flag=True, help="Show the layout by which copied text is read, with examples.")
@click.option("--traceback", "traced", is_flag=True, help="Show the traceback of a bug.")
@click.option("--strict", is_flag=True, help="Exit with status 1 if there is any problem.")
@click.pass_context
def command(
    context: click.Context, dumps: tuple[Path, ...], form: str, reader: str | None, quotes: bool, notes: bool,
    join: bool, layout: bool, traced: bool, strict: bool,
) -> None:  # fmt: skip
    """Show how dumps are read.

    Shown are the tree, authors, times, problems, quotations and footnotes, with reasons.

    Of a folder that is no dump itself, every dump in it is shown.
    """
    from rostra.ingest.inspection import dumps_within, inspections, joined_inspections, layout_lines, tree
    from rostra.render.thread_json import encode_document

    failed = False

    def tell(error: RostraError) -> None:
        nonlocal failed
        failed = True
        tell_failure(error, traced=traced)

    def show(editions: Iterable[LinkedEdition]) -> None:
        nonlocal failed
        for edition in editions:
            failed |= strict and bool(edition.problems)
            if form == "json":
                sys.stdout.buffer.write(encode_document(edition))
            else:
                click.echo("\n".join(tree(edition, quotes=quotes, notes=notes)))

    if join and layout:
        raise UsageError("`--join` and `--layout` do not go together", hint="ask for one of them")
    dumps = tuple(each for dump in dumps for each in dumps_within(dump, reader))
    for some in [dumps] if join else [(dump,) for dump in dumps]:
        try:
            if layout:
                click.echo("\n".join(layout_lines(some[0], reader)))
            else:
                show(joined_inspections(some, reader, tell) if join else inspections(some[0], reader, tell))
        except UsageError:
            raise
        except RostraError as error:
            tell(error)
    sys.stdout.flush()
    context.exit(1 if failed else 0)
