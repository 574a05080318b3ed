"""``rostra layouts``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.cli.terminal import site_option

if TYPE_CHECKING:
    from rostra.render.eject import ListedLayout


@click.group(invoke_without_command=True)
@site_option
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """List the layouts, and which of them the site overrides."""
    from rostra.config.site import load_site
    from rostra.render.eject import all_layouts

    context.obj = site = load_site(folder)
    if context.invoked_subcommand is None:
        for layout in all_layouts(site):
            state = _state(layout, site.root)
            click.echo(f"{layout.name:<28} {state}".rstrip())
            if layout.blocks:
                click.echo(f"    blocks: {', '.join(layout.blocks)}")


@command.command()
@click.argument("name")
@click.option("--block", help="Only this block of a template.")
@click.pass_context
def eject(context: click.Context, name: str, block: str | None) -> None:
    """Start an override: copy the built-in layout NAME into the site."""
    from rostra.render.eject import begin_override as begin

    click.echo(f"wrote {begin(context.obj, name, block)}")


@command.command()
def values() -> None:
    """Print what each template may see, as Markdown."""
    from rostra.render.template_variables import variable_lines

    click.echo("\n".join(variable_lines()))


def _state(layout: ListedLayout, root: Path) -> str:
    if layout.override is None:
        return ""
    where = layout.override.relative_to(root) if layout.override.is_relative_to(root) else layout.override
    if not layout.built_in:
        return f"added by {where}"
    return f"overridden by {where}" + (", copied from an older version: compare them" if layout.changed else "")
