"""The preview: builds, serves on this machine, rebuilds what changes, and tells the open pages."""

from __future__ import annotations

import asyncio
import errno
import socket
import traceback
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from rostra.errors import UsageError
from rostra.serve.app import application
from rostra.serve.live import Live
from rostra.serve.outcome import Outcome
from rostra.serve.watch import Watcher
from rostra.site import SETTINGS, Site

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def serve(
    site: Site,
    build: Callable[[], Outcome],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base: str = "/",
    open_browser: bool = False,
    announce: Callable[[str], None],
    also: Callable[[], Sequence[Path]] = tuple,
    ready: Callable[[str, Callable[[], None]], None] | None = None,
) -> None:
    """Serve until interrupted; raises UsageError where the port is taken.

    ``build`` is called at once and for every change, never twice at a time.  ``also`` names what
    lies outside the site's folders.  ``ready`` is told the address and given a way to stop.
    """
    base = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    bound = _bind(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}{base}"
    outcome = build()
    _say(outcome, announce)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def rebuild() -> None:
            watcher.follow([*_watched(site), *also()])
            made = build()
            _say(made, announce)
            watcher.follow([*_watched(site), *also()])
            loop.call_soon_threadsafe(live.tell, made)

        def failed(error: Exception) -> None:
            announce("".join(traceback.format_exception(error)))

        watcher = Watcher(rebuild, [site.output, site.cache], failed)
        await asyncio.to_thread(watcher.start, [*_watched(site), *also()])
        live.tell(outcome)
        announce(f"Serving {address} (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(address)
        if ready:
            ready(address, lambda: setattr(server, "should_exit", True))
        yield
        await asyncio.to_thread(watcher.stop)

    live = Live()
    app = application(
        site.output, live, hosts=LOOPBACK | {f"[{host}]" if ":" in host else host.lower()}, base=base, lifespan=lifespan
    )
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = _Server(config, live)
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        announce("Stopped.")
    finally:
        bound.close()


def _watched(site: Site) -> list[Path]:
    folders = [site.root / folder for folder in (*site.settings.content, site.settings.layouts)]
    return [folder for folder in folders if folder.is_dir()] + [site.root / SETTINGS]


def _say(outcome: Outcome, announce: Callable[[str], None]) -> None:
    for error in outcome.errors:
        announce(str(error))
    if outcome.changed:
        announce(f"{len(outcome.changed)} files changed")


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
