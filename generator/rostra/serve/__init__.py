"""The preview server: it serves the site on this machine, watches its files, rebuilds and reloads open pages.

Nothing here changes what a build writes.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import time
import traceback
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Protocol

import uvicorn
from starlette.applications import Starlette

from rostra.errors import Crash, RostraError, UsageError
from rostra.serve.app import application
from rostra.serve.host_names import answers_to
from rostra.serve.live import Live
from rostra.serve.outcome import BuildOutcome
from rostra.serve.watch import Watcher

LOOK = 0.5
"""Seconds between checks whether the served folder still exists."""
LOADING = 0.2
"""About how many seconds a page takes to load."""


class ServedSite(Protocol):
    """A site that is served and rebuilt."""

    output: Path
    """The served folder."""

    @property
    def ignored(self) -> Sequence[Path]:
        """The paths that a build itself writes."""

    def build(self, shown: Callable[[BuildOutcome], object] | None = None) -> BuildOutcome:
        """Rebuild what changed; call ``shown`` once pages are in place.  It is never called concurrently."""

    def watched(self) -> Sequence[Path]:
        """The files and folders that a build depends on now."""

    def style(self, path: Path) -> str | None:
        """The name of the style sheet that a file is part of; None if there is none."""

    def style_text(self, name: str) -> bytes | None:
        """The current text of a style sheet; None if there is none of that name."""


def serve(
    work: ServedSite,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base: str = "/",
    open_browser: bool = False,
    announce: Callable[[str], None],
    ready: Callable[[str, Callable[[], None]], None] | None = None,
) -> None:
    """Serve until interrupted; raises UsageError if the port is taken.

    ``ready`` is called with the address and a function that stops the server.
    """
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    bound = _bind(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}{base}"
    outcome = _built(work, announce)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        rebuilding = _Rebuilding(work, live, announce)
        await rebuilding.start()
        live.tell(outcome)
        announce(f"Serving {address} (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(address)
        if ready:
            ready(address, lambda: setattr(server, "should_exit", True))
        yield
        await rebuilding.stop()

    live = Live(work.style_text)
    app = application(work.output, live, allows=partial(answers_to, host), base=base, lifespan=lifespan)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = _Server(config, live)
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        announce("Stopped.")
    finally:
        bound.close()


class _Rebuilding:
    """Rebuilds a served site when something changes, and tells the browsers that show it.

    It is made in the server's event loop; the watcher calls it from a thread of its own.
    """

    def __init__(self, work: ServedSite, live: Live, announce: Callable[[str], None]) -> None:
        self._work, self._live, self._announce = work, live, announce
        self._loop = asyncio.get_running_loop()
        self._restyled = set[str]()
        """The style sheets that were sent since the last build."""
        self._watcher = Watcher(self._rebuild, self._saw, work.ignored, self._failed)

    async def start(self) -> None:
        """Begin to watch."""
        await asyncio.to_thread(self._watcher.start, self._work.watched())
        self._looking = asyncio.create_task(self._look_after())

    async def stop(self) -> None:
        """Stop watching; a build that runs is finished first."""
        self._looking.cancel()
        await asyncio.to_thread(self._watcher.stop)

    def _tell(self, made: BuildOutcome) -> None:
        self._loop.call_soon_threadsafe(self._live.tell, made)

    def _show(self, made: BuildOutcome) -> None:
        self._tell(made)
        if self._live.has_listeners:
            # Leave the processor to the browser and to this server while the page loads.
            time.sleep(LOADING)

    def _rebuild(self) -> None:
        # New files are watched before they are read, so that the next change is not missed.
        self._watcher.follow(self._work.watched())
        made = _built(self._work, self._announce, self._show)
        styles = {PurePosixPath(path).name for path in made.changed if path.endswith(".css")}
        for name in styles - self._restyled:
            # It came with its folder, without an event of its own.
            self._loop.call_soon_threadsafe(self._live.restyle, name)
        self._restyled.clear()
        self._watcher.follow(self._work.watched())
        self._tell(made)

    def _saw(self, path: Path) -> None:
        if name := self._work.style(path):
            self._restyled.add(name)
            self._loop.call_soon_threadsafe(self._live.restyle, name)

    def _failed(self, error: Exception) -> None:
        self._announce("".join(traceback.format_exception(error)))

    async def _look_after(self) -> None:
        there = True
        while True:
            await asyncio.sleep(LOOK)
            # Somebody who deletes the cache wants it rebuilt, not a site without pages.
            there, before = self._work.output.is_dir(), there
            if before and not there:
                self._watcher.again()


def _built(
    work: ServedSite, announce: Callable[[str], None], shown: Callable[[BuildOutcome], object] | None = None
) -> BuildOutcome:
    """Build; a bug is reported with its traceback at the terminal, and serving continues."""
    try:
        outcome = work.build(shown)
    except Exception as error:  # noqa: BLE001  # whatever it is, the last good site stays up
        announce("".join(traceback.format_exception(error)))
        told = RostraError(
            f"{type(error).__name__}: {error}",
            hint="this is a bug in Rostra: the terminal shows where; please report it",
        )
        return BuildOutcome(changed=(), errors=(told,))
    _say(outcome, announce)
    return outcome


def _say(outcome: BuildOutcome, announce: Callable[[str], None]) -> None:
    for error in outcome.errors:
        if isinstance(error, Crash):
            announce(error.trace)
        announce(str(error))
    if outcome.changed:
        announce(f"{len(outcome.changed):,} files changed in {outcome.seconds:.2f} s")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Requests before the application is ready wait instead of being refused.
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} is taken", hint="name another with --port, or 0 for any that is free"
            ) from error
        raise UsageError(
            f"cannot listen on {host}:{port}: {error}", hint="name an address of this machine with --host"
        ) from error
    return bound


class _Server(uvicorn.Server):
    """Closes the open event streams first: a browser would keep them for ever."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.close()
        await super().shutdown(sockets)
