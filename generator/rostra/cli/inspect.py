"""``rostra inspect``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rostra.cli.terminal import tell_failure
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
@click.option("--traceback", "traced", is_flag=True, help="Show where in Rostra, or in a package, a bug came up.")
@click.option("--strict", is_flag=True, help="Exit with status 1 where there is any problem.")
@click.pass_context
def command(
    context: click.Context, dumps: tuple[Path, ...], form: str, reader: str | None, quotes: bool, traced: bool,
    strict: bool,
) -> None:  # fmt: skip
    """Show what is read from dumps: the tree, who, when, problems, quotations and why."""
    from rostra.ingest.inspection import inspections, tree
    from rostra.render.thread_json import encode_document

    failed = False

    def tell(error: RostraError) -> None:
        nonlocal failed
        failed = True
        tell_failure(error, traced=traced)

    for dump in dumps:
        try:
            for edition in inspections(dump, reader, tell):
                failed |= strict and bool(edition.problems)
                if form == "json":
                    sys.stdout.buffer.write(encode_document(edition))
                else:
                    click.echo("\n".join(tree(edition, quotes=quotes)))
        except UsageError:
            raise
        except RostraError as error:
            tell(error)
    sys.stdout.flush()
    context.exit(1 if failed else 0)
