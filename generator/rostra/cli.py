"""The command line: the only module that prints and sets exit codes.

Exit status 0; 1 where a dump could not be read, or under ``--strict`` where there are problems; 2 for usage.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra import __version__
from rostra.errors import RostraError, UsageError

if TYPE_CHECKING:
    from rostra.build import Report
    from rostra.intake import Progress
    from rostra.site import Site

site_option = click.option(
    "--site",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The site's folder (default: this one).",
)


def main() -> None:
    """Run the command; errors of ours are messages, anything else is a bug and keeps its traceback."""
    try:
        sys.exit(command.main(prog_name="rostra", standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UsageError as error:
        say(error)
        sys.exit(2)
    except RostraError as error:
        say(error)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of a pipe has seen enough; nothing is left to say to it.
        sys.stderr.close()
        sys.exit(0)


def say(message: object) -> None:
    """A line for the person, not for a pipe."""
    click.echo(str(message), err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rostra")
def command() -> None:
    """Turn raw dumps of debates into a site of threaded, citable pages."""


@command.command()
@site_option
@click.option("--strict", is_flag=True, help="Exit with status 1 where there is any problem.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what failed.")
@click.pass_context
def build(context: click.Context, folder: Path, strict: bool, quiet: bool) -> None:
    """Build the site into its output folder."""
    from rostra.build import build as build_site
    from rostra.site import load_site

    site = load_site(folder)
    with progress() as bar:
        report = build_site(site, bar)
    tell(site, report, quiet=quiet, strict=strict)
    context.exit(1 if report.failures or (strict and report.problems) else 0)


@command.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="0 takes a free one.")
@click.option("--base", default="/", show_default=True, help="Serve below this path, as a project site is.")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser.")
def serve(folder: Path, host: str, port: int, base: str, open_browser: bool) -> None:
    """Build, serve on this machine, and reload the browser when something changes."""
    from rostra.preview import preview

    preview(folder, host=host, port=port, base=base, open_browser=open_browser, announce=say)


@command.command()
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
def inspect(
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
                    sys.stdout.buffer.write(encode(edition) + b"\n")
                else:
                    click.echo("\n".join(tree(edition, quotes=quotes)))
        except UsageError:
            raise
        except RostraError as error:
            failed = True
            say(error)
    sys.stdout.flush()
    context.exit(1 if failed else 0)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="An archive of debates", show_default=True)
def new(folder: Path, title: str) -> None:
    """Make a small working site in FOLDER."""
    from rostra.new import make_site

    for path in make_site(folder, title):
        click.echo(f"wrote {path}")
    click.echo(f"\nNow:\n  cd {folder}\n  rostra serve --open")


@command.command()
@site_option
@click.option("--person", help="A person: their posts, their name, their words wherever quoted.")
@click.option("--also", multiple=True, help="Another name of that person.")
@click.option("--address", help="Any text: an e-mail address, a telephone number, a street.")
@click.option("--post", "where", help="A post, as DEBATE#p-… or by its address.")
@click.option("--passage", help="Only these words of the post.")
@click.option("--reason", help="What is published in its place.")
def redact(
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


@command.command()
def formats() -> None:
    """List the formats that are read, and what each carries."""
    from rostra.readers import readers

    for name, reader in sorted(readers().items()):
        click.echo(f"{name:<14} {reader.ABOUT}\n{'':<14} carries {', '.join(reader.CARRIES)}")


def tell(site: Site, report: Report, *, quiet: bool, strict: bool) -> None:
    """What a build made, and what was wrong with what it was given."""
    for failure in report.failures:
        say(failure)
    if strict or not quiet:
        for dump, problem in report.problems:
            where = f"{dump}:{problem.line or 1}"
            say(f"{where}: {problem.message} [{problem.code}]" + (f"\nhint: {problem.hint}" if problem.hint else ""))
    if quiet:
        return
    written = report.written
    say(
        f"{count(report.posts, 'post')} in {count(report.threads, 'debate')} → {site.output}: "
        f"{count(written.files, 'file')}, {len(written.changed)} written, {len(written.removed)} removed"
        + (f"; {count(len(report.problems), 'problem')}" if report.problems else "")
        + (f"; {len(report.failures)} failed" if report.failures else "")
    )


def count(number: int, noun: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on a terminal, once there is something to wait for; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda dump, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, visible=False)

        def update(dump: str, done: int, total: int) -> None:
            bar.update(task, description=dump, completed=done, total=total, visible=total > 1)

        yield update
