"""``rostra formats``."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the formats, and what each carries."""
    from rostra.cli.terminal import say
    from rostra.readers import broken_plug_ins, readers

    for name, reader in sorted(readers().items()):
        click.echo(f"{name:<14} {reader.ABOUT}\n{'':<14} carries {', '.join(reader.CARRIES)}")
    for failure in broken_plug_ins():
        say(failure)
