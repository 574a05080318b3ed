"""``rostra formats``."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the formats that are read, and what each carries."""
    from rostra.readers import readers

    for name, reader in sorted(readers().items()):
        click.echo(f"{name:<14} {reader.ABOUT}\n{'':<14} carries {', '.join(reader.CARRIES)}")
