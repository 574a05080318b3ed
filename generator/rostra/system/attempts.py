"""Turn an exception that one thread or dump causes into a value: the failure of that thread or dump.

Errors that they cannot cause, such as a damaged cache or a full disk, are raised as usual.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, ParamSpec, TypeVar

from rostra.errors import Crash, Damaged, RostraError, UnreadableDump

LONGEST = 200
"""The number of code points of an unexpected exception's message that are shown."""
REPORT = "this is a bug in Rostra: please report it, with what `--traceback` shows"
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE}
"""Errors of the system that no dump causes: no space on a disk, too many open files."""

Value = TypeVar("Value")
Parameters = ParamSpec("Parameters")


class Ours(Exception):
    """Wraps an error that happened during work on a thread, but that the thread did not cause."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Failed(NamedTuple):
    """The failure of a function, in place of its value."""

    error: RostraError


def crash(
    error: Exception, doing: str, *, path: str | None = None, line: int | None = None, hint: str = REPORT
) -> RostraError:
    """Return the failure of a thread or dump for an unexpected exception; ``doing`` says what failed.

    Raises the exception itself if the thread or dump did not cause it.
    """
    if isinstance(error, Damaged) or (isinstance(error, OSError) and error.errno in MACHINE):
        raise error
    if isinstance(error, OSError):
        said = error.strerror or str(error)
        return UnreadableDump(f"{doing} failed: {said}", path=path, hint="check the disk and the permissions")
    from traceback import format_exception

    said = "".join(sign if sign.isprintable() else "\ufffd" for sign in str(error).partition("\n")[0][:LONGEST])
    message = f"{doing} failed: {type(error).__name__}{f': {said}' if said else ''}"
    return Crash(message, path=path, line=line, hint=hint, trace="".join(format_exception(error)))


def attempt(
    doing: str, function: Callable[Parameters, Value], /, *arguments: Parameters.args, **named: Parameters.kwargs
) -> Value | Failed:
    """Return the value of a function that works on one thread, or its failure."""
    try:
        return function(*arguments, **named)
    except Ours as wrapped:
        raise wrapped.error from wrapped
    except RostraError as error:
        return Failed(error)
    except Exception as error:  # noqa: BLE001  # whatever it is, the other threads are built
        return Failed(crash(error, doing))


@contextmanager
def attempting(doing: str, failed: Callable[[RostraError], object], *passed: type[Exception]) -> Iterator[None]:
    """Pass every exception of the block to ``failed``, except those in ``passed``, which the thread did not cause."""
    try:
        yield
    except RostraError as error:
        failed(error)
    except passed:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other threads are built
        failed(crash(error, doing))
