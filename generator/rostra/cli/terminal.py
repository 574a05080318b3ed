"""Shared by commands: the site option, and output to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from shutil import get_terminal_size
from time import perf_counter
from typing import TYPE_CHECKING

import click

from rostra.errors import Crash, RostraError

if TYPE_CHECKING:
    from rostra.model import Problem
    from rostra.system.progress import Stage

PATIENCE, PAUSE = 0.5, 0.1
"""Seconds before progress is shown, and between two updates."""
FIRST = 10
"""How many names of a list are shown."""
LEAST = 8
"""The least columns in which a name is worth showing."""

site_option = click.option(
    "--site",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The site's folder (default: this one).",
)


def say(message: object) -> None:
    """Print a line to standard error."""
    click.echo(str(message), err=True)


def count(number: int, noun: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_problems(problems: Sequence[tuple[str, Problem]], *, every: bool = False) -> Iterator[str]:
    """Yield problems with their files, grouped by kind: one of each kind and the number of the others, or ``every`` one."""
    kinds: dict[str, list[tuple[str, Problem]]] = {}
    for each in problems:
        kinds.setdefault(each[1].code, []).append(each)
    for code, found in kinds.items():
        shown = found if every else found[:1]
        for (file, problem), after in zip_longest(shown, shown[1:]):
            yield f"{file}:{problem.line or 1}: {problem.message} [{code}]"
            # Most of a kind have the same hint.
            if problem.hint and (after is None or after[1].hint != problem.hint):
                yield f"hint: {problem.hint}"
        if len(found) > 1 and not every:
            files = len({file for file, _ in found})
            where = f" in {count(files, 'file')}" if files > 1 else ""
            yield f"  and {len(found) - 1:,} more of this kind{where}; `--verbose` lists them"


def shorten_list(names: Sequence[str]) -> str:
    """Return the first of many names, and the number of the others."""
    more = len(names) - FIRST
    return ", ".join(names[:FIRST]) + (f" and {count(more, 'other')}" if more > 0 else "")


def tell_failure(failure: RostraError, *, traced: bool) -> None:
    """Print a failure, and its traceback if requested."""
    if traced and isinstance(failure, Crash):
        say(failure.trace.rstrip())
    say(failure)


@contextmanager
def showing() -> Iterator[Callable[[Stage], None]]:
    """Show a build's progress on a terminal: one line with the stage, the count and the time; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    begun, shown = perf_counter(), 0.0
    last: Stage | None = None
    drawing = False

    def draw(text: str) -> None:
        # If the terminal is gone, or is being written to, skip this line.
        with suppress(OSError, RuntimeError):
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)

    def show(stage: Stage) -> None:
        nonlocal shown, last, drawing
        last, now = stage, perf_counter()
        # Nobody reads faster, and short stages need no progress.
        if not drawing and now - max(shown, begun + PATIENCE - PAUSE) >= PAUSE:
            shown, drawing = now, True
            draw(line(stage, now - begun, get_terminal_size().columns - 1))
            drawing = False

    def again() -> None:
        if last:
            show(last)

    try:
        with _interrupting(again):
            yield show
    finally:
        if shown:
            draw("")


def line(stage: Stage, seconds: float, width: int) -> str:
    """Return the progress line in a number of columns; a long name is cut at its beginning."""
    done = f" {stage.done:,} of {stage.total:,}" if stage.total else f" {stage.done:,}" if stage.done else ""
    before, after = f"{stage.name}{done}", f", {seconds:.0f} s"
    if (portion := stage.portion) is not None:
        of = f" of {portion.total:,}" if portion.total else ""
        # A single post does not show the progress of a dump.
        many = f": {portion.done:,}{of} {portion.called}" if of or portion.done > 1 else ""
        room = width - len(f"{before} ({many}){after}")
        if room >= LEAST:
            after = f" ({_end(portion.name, room)}{many}){after}"
    return f"{before}{after}"[:width]


def _end(name: str, room: int) -> str:
    """Return the end of a name that fits into a number of columns; letters of some scripts take two."""
    shown, left = "", room
    for sign in reversed(name):
        sign = sign if sign.isprintable() else "\ufffd"
        left -= 1 if sign.isascii() else 2
        if left < 0:
            return f"…{shown[1:]}"
        shown = sign + shown
    return shown


@contextmanager
def _interrupting(call: Callable[[], None]) -> Iterator[None]:
    """Call a function at intervals, on systems with timer signals.

    A thread would make it unsafe to fork this process meanwhile.
    """
    import signal
    import threading

    alarm = getattr(signal, "SIGALRM", None)
    alone = threading.current_thread() is threading.main_thread()
    if alarm is None or not alone or signal.getsignal(alarm) is not signal.SIG_DFL:
        yield
        return
    signal.signal(alarm, lambda number, frame: call())
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, PAUSE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(alarm, signal.SIG_DFL)


def timings(stages: list[Stage]) -> None:
    """Print the time of each stage."""
    total = sum(stage.seconds for stage in stages)
    for stage in stages:
        say(
            f"{stage.seconds:9.3f} s {stage.seconds / (total or 1):5.0%}  {stage.name}"
            + (f" ({stage.done:,})" if stage.done else "")
        )
    say(f"{total:9.3f} s        in all")
