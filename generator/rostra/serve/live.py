"""What the browser is told of: new builds, new styles, errors.  One script, injected while serving only."""

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
"""Seconds between comments on an idle stream, so that a closed tab is noticed."""


class Live:
    """The open pages, and the last build's errors; lives on the server's event loop."""

    def __init__(self, style_text: Callable[[str], bytes | None]) -> None:
        self.style_text = style_text
        self._restyled = 0
        self._styles: dict[str, str] = {}
        # Pages that another preview served from the same port are of none of these builds.
        self._begun = token_hex(4)
        self._builds = 0
        self._listeners: set[asyncio.Queue[str]] = set()
        self._errors: tuple[RostraError, ...] = ()
        self.closing = asyncio.Event()

    @property
    def build(self) -> str:
        """The name of the build that pages are of now; it tells a page fetched before a build from one fetched after."""
        return f"{self._begun}-{self._builds}"

    def tell(self, outcome: BuildOutcome) -> None:
        """Pass a build on to every open page."""
        self._errors = outcome.errors
        self._builds += bool(outcome.changed)
        for queue in self._listeners:
            queue.put_nowait(self._event(outcome.changed))

    def restyle(self, name: str) -> None:
        """Tell every open page that a style is new, without waiting for a build."""
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
        """Server-sent events (WHATWG HTML, 9.2): the state at once, then each build."""
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
    """The address of the live script, which is another one where the script is."""
    return f"{PREFIX}live.js?{page_digest(SCRIPT.read_bytes())}"


def page_digest(html: bytes) -> str:
    """What a page is compared by, whichever build it was fetched from."""
    return sha256(html).hexdigest()[:16]


def injected(html: bytes, build: str) -> bytes:
    """A page with the live script at its end, which is told what page of which build it is; the file on disk stays as it is published."""
    tag = f'<script src="{script()}" data-page="{page_digest(html)}" data-build="{build}" defer></script>'.encode()
    at = html.rfind(b"</body>")
    return html + tag if at < 0 else html[:at] + tag + html[at:]
