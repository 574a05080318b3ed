"""Worker processes on this machine."""

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
    """A pool of worker processes on this machine."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(number, _context(), initializer=begun, initargs=(gc.get_threshold(),))


def warm_up() -> None:
    """Start the fork server, which imports what workers need before they are forked from it."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()


def _context() -> BaseContext:
    from multiprocessing import get_all_start_methods, get_context

    # A process with threads, such as the preview, must not be forked.
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["rostra.build.making", "rostra.crossrefs.find_quoted"])
    return context


def begun(litter: tuple[int, int, int]) -> None:
    """Initialise a worker process; it ends with the process that uses it."""
    from multiprocessing import parent_process
    from threading import Thread

    # Imported objects are never freed, and the main process has measured these settings.
    gc.freeze()
    gc.set_threshold(*litter)
    # Ctrl-C interrupts the build, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A build that was killed cannot end them: they would wait for ever.
    if asking := parent_process():
        Thread(target=_end_after, args=(asking,), daemon=True).start()


def _end_after(asking: BaseProcess) -> None:
    asking.join()
    os._exit(1)
