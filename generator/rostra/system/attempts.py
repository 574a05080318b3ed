"""What one thread or dump makes a function raise is the failure of that thread or dump, and a value like any other.

What is no fault of theirs is raised as ever: a cache that is damaged, a full disk.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, ParamSpec, TypeVar

from rostra.errors import Crash, Damaged, RostraError, UnreadableDump

LONGEST = 200
"""Code points of an unexpected exception's message that are shown."""
REPORT = "this is a bug in Rostra: please report it, with what `--traceback` shows"
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE}
"""What the system refuses whatever is worked on: no room on a disk, no more open files."""

Value = TypeVar("Value")
Parameters = ParamSpec("Parameters")


class Ours(Exception):
    """Around an error that a function met while it worked on a thread, and that is no fault of the thread."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Failed(NamedTuple):
    """What came of a function in place of a value."""

    error: RostraError


def crash(
    error: Exception, doing: str, *, path: str | None = None, line: int | None = None, hint: str = REPORT
) -> RostraError:
    """The failure of a thread or dump that an unexpected exception is; ``doing`` is what failed.

    Raises the exception itself where it is no fault of theirs.
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
    """The value of a function that works on one thread, or how it failed."""
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
    """Tell ``failed`` what is raised within, but for the exceptions to be ``passed``: they are no fault of the thread."""
    try:
        yield
    except RostraError as error:
        failed(error)
    except passed:
        raise
    except Exception as error:  # noqa: BLE001  # likewise
        failed(crash(error, doing))
