"""The preview: builds, serves on this machine, rebuilds what changes, and tells the open pages."""

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
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from typing import Protocol

import uvicorn
from starlette.applications import Starlette

from rostra.errors import Crash, RostraError, UsageError
from rostra.serve.app import application
from rostra.serve.live import Live
from rostra.serve.outcome import BuildOutcome
from rostra.serve.watch import Watcher

LOOK = 0.5
"""Seconds between looks whether what is served is still there."""
LOADING = 0.2
"""Seconds in which a page is loaded, about."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class ServedSite(Protocol):
    """What is served, and made again when it changes."""

    output: Path
    """The folder that is served."""

    @property
    def ignored(self) -> Sequence[Path]:
        """What is written by a build itself."""

    def build(self, shown: Callable[[BuildOutcome], object] | None = None) -> BuildOutcome:
        """Make what changed, with pages first where somebody is ``shown`` them; never called twice at a time."""

    def watched(self) -> Sequence[Path]:
        """The files and folders that a build depends on, as they are now."""

    def style(self, path: Path) -> str | None:
        """The name of the style that a file is a part of; None where it is part of none."""

    def style_text(self, name: str) -> bytes | None:
        """A style as it is now; None where there is none of that name."""


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
    """Serve until interrupted; raises UsageError where the port is taken.

    ``ready`` is told the address and given a way to stop.
    """
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    bound = _bind(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}{base}"
    outcome = _built(work, announce)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        restyled = set[str]()

        def tell(made: BuildOutcome) -> None:
            loop.call_soon_threadsafe(live.tell, made)

        def show(made: BuildOutcome) -> None:
            tell(made)
            if live.has_listeners:
                # The browser, and the server that it asks, have the machine to themselves meanwhile.
                time.sleep(LOADING)

        def rebuild() -> None:
            # What a save made is watched before it is read, so that the next one is not missed.
            watcher.follow(work.watched())
            made = _built(work, announce, show)
            for name in {PurePosixPath(path).name for path in made.changed if path.endswith(".css")} - restyled:
                # It came with its folder, and nobody told of it by itself.
                loop.call_soon_threadsafe(live.restyle, name)
            restyled.clear()
            watcher.follow(work.watched())
            tell(made)

        def saw(path: Path) -> None:
            if name := work.style(path):
                restyled.add(name)
                loop.call_soon_threadsafe(live.restyle, name)

        def failed(error: Exception) -> None:
            announce("".join(traceback.format_exception(error)))

        async def look_after() -> None:
            there = True
            while True:
                await asyncio.sleep(LOOK)
                # Whoever deletes what Rostra keeps wants it made anew, not a site without a page.
                there, before = work.output.is_dir(), there
                if before and not there:
                    watcher.again()

        watcher = Watcher(rebuild, saw, work.ignored, failed)
        await asyncio.to_thread(watcher.start, work.watched())
        looking = asyncio.create_task(look_after())
        live.tell(outcome)
        announce(f"Serving {address} (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(address)
        if ready:
            ready(address, lambda: setattr(server, "should_exit", True))
        yield
        looking.cancel()
        await asyncio.to_thread(watcher.stop)

    live = Live(work.style_text)
    app = application(work.output, live, allows=partial(_allows, host), base=base, lifespan=lifespan)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = _Server(config, live)
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        announce("Stopped.")
    finally:
        bound.close()


def _allows(host: str, called: str) -> bool:
    """Whether a server that listens on ``host`` answers to a name.

    A page elsewhere that points its own name at this machine would otherwise read what is previewed;
    an address of numbers is nobody's to point.
    """
    if called in LOOPBACK or called == (f"[{host}]" if ":" in host else host.lower()):
        return True
    if host in LOOPBACK or host == "::1":
        return False
    if called in (socket.gethostname().lower(), socket.getfqdn().lower()):
        return True
    try:
        return bool(ip_address(called.strip("[]")))
    except ValueError:
        return False


def _built(
    work: ServedSite, announce: Callable[[str], None], shown: Callable[[BuildOutcome], object] | None = None
) -> BuildOutcome:
    """A build; a bug in it is told, whole at the terminal, and ends nothing."""
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
        # Who comes before the application is ready waits instead of being refused.
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
    """Ends the open event streams first: a browser would hold them for ever."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.close()
        await super().shutdown(sockets)
