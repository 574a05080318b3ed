"""Events for the browser: new builds, new styles, errors.  One script, injected only while serving."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from rostra.errors import RostraError
from rostra.serve.outcome import BuildOutcome

PREFIX = "/__rostra__/"
STYLES = PREFIX + "styles/"
SCRIPT = Path(__file__).parent / "live.js"
PULSE = 15.0
"""Seconds between comments on an idle stream, which reveal closed tabs."""


class Live:
    """The open pages and the last build's errors; it lives on the server's event loop."""

    def __init__(self, style_text: Callable[[str], bytes | None]) -> None:
        self.style_text = style_text
        self._restyled = 0
        self._styles: dict[str, str] = {}
        # Pages of another preview on the same port belong to none of these builds.
        self._begun = token_hex(4)
        self._builds = 0
        self._listeners: set[asyncio.Queue[str]] = set()
        self._errors: tuple[RostraError, ...] = ()
        self.closing = asyncio.Event()

    @property
    def build(self) -> str:
        """Return the name of the current build, which distinguishes pages fetched before and after a build."""
        return f"{self._begun}-{self._builds}"

    def tell(self, outcome: BuildOutcome) -> None:
        """Send a build to every open page."""
        self._errors = outcome.errors
        self._builds += bool(outcome.changed)
        for queue in self._listeners:
            queue.put_nowait(self._event(outcome.changed))

    def restyle(self, name: str) -> None:
        """Tell every open page about a new style without waiting for a build."""
        self._restyled += 1
        self._styles[name] = f"{STYLES}{name}?{self._restyled}"
        for queue in self._listeners:
            queue.put_nowait(json.dumps({"style": name, "href": self._styles[name]}))

    def _event(self, changed: tuple[str, ...]) -> str:
        errors = [
            {"where": f"{e.path}:{e.line or 1}" if e.path else "", "message": e.message, "hint": e.hint or ""}
            for e in self._errors
        ]
        told = {"build": self.build, "changed": list(changed[:200]), "errors": errors, "styles": self._styles}
        return json.dumps(told)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield server-sent events (WHATWG HTML, 9.2): the current state, then each build."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield f"data: {self._event(())}\n\n".encode()
            while not self.closing.is_set():
                try:
                    event = await asyncio.wait_for(queue.get(), PULSE)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if event:
                    yield f"data: {event}\n\n".encode()
        finally:
            self._listeners.discard(queue)

    @property
    def has_listeners(self) -> bool:
        """Whether a page is open."""
        return bool(self._listeners)

    def close(self) -> None:
        """End every stream."""
        self.closing.set()
        for queue in self._listeners:
            queue.put_nowait("")


@cache
def script() -> str:
    """Return the address of the live script, which changes with its content."""
    return f"{PREFIX}live.js?{page_digest(SCRIPT.read_bytes())}"


def page_digest(html: bytes) -> str:
    """Return the digest by which pages of different builds are compared."""
    return sha256(html).hexdigest()[:16]


def injected(html: bytes, build: str) -> bytes:
    """Return a page with the live script at its end; the file on disk stays as it is."""
    tag = f'<script src="{script()}" data-page="{page_digest(html)}" data-build="{build}" defer></script>'.encode()
    at = html.rfind(b"</body>")
    return html + tag if at < 0 else html[:at] + tag + html[at:]
