"""What commands share: the site they work on, and how they speak to the person at the terminal."""

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
"""Seconds before a build's progress is shown, and between two times."""
FIRST = 10
"""Names that are told of a list of them."""
LEAST = 8
"""Columns below which the name of what is read says nothing."""

site_option = click.option(
    "--site",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The site's folder (default: this one).",
)


def say(message: object) -> None:
    """A line for the person, not for a pipe."""
    click.echo(str(message), err=True)


def count(number: int, noun: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def lines(problems: Sequence[tuple[str, Problem]], *, every: bool = False) -> Iterator[str]:
    """Problems with the file that each is in, a kind after another: of each kind one and the number of the others, or ``every`` one."""
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
    """The first of many names, and how many more there are."""
    more = len(names) - FIRST
    return ", ".join(names[:FIRST]) + (f" and {count(more, 'other')}" if more > 0 else "")


def tell_failure(failure: RostraError, *, traced: bool) -> None:
    """A failure, and its traceback where that is asked for."""
    if traced and isinstance(failure, Crash):
        say(failure.trace.rstrip())
    say(failure)


@contextmanager
def showing() -> Iterator[Callable[[Stage], None]]:
    """What shows a build's progress: on a terminal a line with the stage, how many things, how long; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    begun, shown = perf_counter(), 0.0
    last: Stage | None = None
    drawing = False

    def draw(text: str) -> None:
        # A terminal that is gone, or is being written to just now, goes without this line.
        with suppress(OSError, RuntimeError):
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)

    def show(stage: Stage) -> None:
        nonlocal shown, last, drawing
        last, now = stage, perf_counter()
        # Nobody reads faster, and what is over at once needs no telling.
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
    """What a build is at, in so many columns; a long name of what is read is cut at its beginning."""
    done = f" {stage.done:,} of {stage.total:,}" if stage.total else f" {stage.done:,}" if stage.done else ""
    before, after = f"{stage.name}{done}", f", {seconds:.0f} s"
    if (portion := stage.portion) is not None:
        of = f" of {portion.total:,}" if portion.total else ""
        # One post says nothing of how far a dump is read.
        many = f": {portion.done:,}{of} {portion.called}" if of or portion.done > 1 else ""
        room = width - len(f"{before} ({many}){after}")
        if room >= LEAST:
            after = f" ({_end(portion.name, room)}{many}){after}"
    return f"{before}{after}"[:width]


def _end(name: str, room: int) -> str:
    """As much of the end of a name as surely has room in so many columns; a letter of another script may take two."""
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
    """Have something called by time, whatever this process is at, where a system can do so without a thread.

    With a thread, nothing could be made by a copy of this process meanwhile.
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
    """Where the time went, a line a stage."""
    total = sum(stage.seconds for stage in stages)
    for stage in stages:
        say(
            f"{stage.seconds:9.3f} s {stage.seconds / (total or 1):5.0%}  {stage.name}"
            + (f" ({stage.done:,})" if stage.done else "")
        )
    say(f"{total:9.3f} s        in all")
