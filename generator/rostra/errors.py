"""The one tree of errors.

    RostraError            whatever Rostra can explain; only the command line catches it
    ├── UsageError         the command or the settings ask for what cannot be done (exit status 2)
    ├── UnreadableDump     a dump that no reader can make a thread of (exit status 1)
    ├── Crash              a bug that one thread or dump brings out; the others build (exit status 1)
    ├── Disturbed          another program was at the output while the site was built (exit status 1)
    └── NotInLedger        a locked build would note what the ledger does not hold (exit status 1)

Anything else that is raised is a bug and keeps its traceback, but what the system refuses (a full disk, a file that
may not be read), which the command line tells too.
"""

from __future__ import annotations


class RostraError(Exception):
    """What is wrong, where, and what to do about it.

    ``path`` and ``line`` (1-based) say where; ``hint`` is one sentence with the remedy.
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
    """The command line, a card or the site's settings ask for what cannot be done."""


class UnreadableDump(RostraError):
    """No thread can be read from a dump; the others still build."""


class Crash(RostraError):
    """An exception that nobody expects, raised while one thread or dump was worked on; ``trace`` is its traceback."""

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
    """The cache holds what cannot be decoded.  It is no fault of a dump: the build begins again without the cache."""


class Disturbed(RostraError):
    """The output is no longer as it was found when the build began."""


class NotInLedger(RostraError):
    """A locked build would note what the ledger does not hold; ``failures`` are what failed before, and may be why."""

    def __init__(self, message: str, failures: tuple[RostraError, ...], *, path: str, hint: str) -> None:
        super().__init__(message, path=path, hint=hint)
        self.failures = failures
