"""Processes on this machine that share the work of a build."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess


def processes(number: int) -> Executor:
    """So many processes on this machine."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(number, _context(), initializer=begun, initargs=(gc.get_threshold(),))


def warm_up() -> None:
    """Have the process begin of which others are copies, once it has loaded what they need."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()


def _context() -> BaseContext:
    from multiprocessing import get_all_start_methods, get_context

    # A process that has threads, as the preview has, must not be forked.
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["rostra.build.making", "rostra.crossrefs.find_quoted"])
    return context


def begun(litter: tuple[int, int, int]) -> None:
    """Begin a worker process, which ends with the process that asks it."""
    from multiprocessing import parent_process
    from threading import Thread

    # All that is loaded stays, and what was found to pay where it was asked pays here.
    gc.freeze()
    gc.set_threshold(*litter)
    # Whoever is at the keyboard interrupts the build, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One that was killed cannot: its workers would wait for ever.
    if asking := parent_process():
        Thread(target=_end_after, args=(asking,), daemon=True).start()


def _end_after(asking: BaseProcess) -> None:
    asking.join()
    os._exit(1)
