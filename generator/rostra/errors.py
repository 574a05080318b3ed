"""The error tree.

    RostraError            an error that Rostra can explain; only the command line catches it
    ├── UsageError         the command, a card or the settings ask for something impossible (exit status 2)
    ├── UnreadableDump     no thread can be read from a dump (exit status 1)
    ├── Crash              a bug that one thread or dump triggers; the others build (exit status 1)
    ├── Disturbed          another program changed the output during the build (exit status 1)
    └── NotInLedger        a locked build would change the ledger (exit status 1)

Any other exception is a bug and keeps its traceback, except errors of the system (a full disk, an unreadable file),
which the command line reports too.
"""

from __future__ import annotations


class RostraError(Exception):
    """What is wrong, where, and what to do about it.

    ``path`` and ``line`` (1-based) say where; ``hint`` is one sentence about what to do.
    """

    def __init__(
        self, message: str, *, path: str | None = None, line: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.path}:{self.line or 1}: " if self.path else ""
        return f"{where}{self.message}" + (f"\nhint: {self.hint}" if self.hint else "")


class UsageError(RostraError):
    """The command line, a card or the site's settings ask for something impossible."""


class UnreadableDump(RostraError):
    """No thread can be read from a dump; the others still build."""


class Crash(RostraError):
    """An unexpected exception during work on one thread or dump; ``trace`` is its traceback."""

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        hint: str | None = None,
        trace: str = "",
    ) -> None:
        super().__init__(message, path=path, line=line, hint=hint)
        self.trace = trace


class Damaged(Exception):
    """The cache cannot be decoded.  No dump caused it: the build starts again without the cache."""


class Disturbed(RostraError):
    """The output changed during the build."""


class NotInLedger(RostraError):
    """A locked build would change the ledger; ``failures`` happened before, and may be the reason."""

    def __init__(self, message: str, failures: tuple[RostraError, ...], *, path: str, hint: str) -> None:
        super().__init__(message, path=path, hint=hint)
        self.failures = failures
