"""The command line, one module a command, discovered: the only part that prints and sets exit codes.

A command's module is called as it is and holds ``command``.
Exit status 0; 1 where a dump could not be read, or under ``--strict`` where there are problems; 2 for usage.
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
    """The commands of this package; only the one that is called is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        """Their names, sorted."""
        return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name != "terminal")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{__name__}.{cmd_name}").command
        found.name = cmd_name
        return found


LITTER = 100_000
"""Objects after which Python looks for garbage: nearly all that a command makes stays, and looking at it every 700 takes a twentieth of its time."""


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
"""What the system refuses, which is no bug of ours."""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rostra")
def command() -> None:
    """Turn raw dumps of debates into a site of threaded, citable pages."""


def main() -> None:
    """Run the command; errors of ours are messages, and what the system refuses; anything else is a bug and keeps its traceback."""
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
        # The reader of a pipe has seen enough; nothing is left to say to it.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        hint = "Rostra wants a disk that has room, and files and folders that it may read and write"
        say(RostraError(str(error), hint=hint))
        sys.exit(1)
    finally:
        # Looking for garbage once more at the end takes a twelfth of a small build, and frees what is freed anyway.
        gc.freeze()
