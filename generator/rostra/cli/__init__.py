"""The command line, one module a command, discovered.  Only this room prints and sets exit codes.

A command's module has its name and defines ``command``.
Exit status 0; 1 for failures and refusals, and under ``--strict`` for problems; 2 for wrong usage.
"""

from __future__ import annotations

import errno
import gc
import pkgutil
import sys
from importlib import import_module

import click

from rostra import __version__
from rostra.cli.terminal import say
from rostra.errors import RostraError, UsageError


class Commands(click.Group):
    """The commands; only the one that runs is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        """Return their names, sorted."""
        return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name != "terminal")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{__name__}.{cmd_name}").command
        found.name = cmd_name
        return found


LITTER = 100_000
"""Allocations between garbage collections: nearly all objects of a command stay alive, and the default costs 5 % of its time."""


REFUSED = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.EMFILE,
    errno.ENFILE,
    errno.EIO,
}
"""Errors of the system, which are no bugs."""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rostra")
def command() -> None:
    """Turn raw dumps of debates into a static site of threaded, citable pages."""


def main() -> None:
    """Run the command; our errors and those of the system become messages, anything else is a bug and keeps its traceback."""
    gc.set_threshold(LITTER)
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
        # The reader of the pipe has closed it.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        hint = "Rostra needs disk space, and permission to read and write its files and folders"
        say(RostraError(str(error), hint=hint))
        sys.exit(1)
    finally:
        # A final garbage collection takes a twelfth of a small build and frees nothing that the exit would not.
        gc.freeze()
