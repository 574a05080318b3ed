"""A context of the browser that many tests use one after another, and pages that tell of their errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page


def _is_ours(message: ConsoleMessage) -> bool:
    """Whether a message is an error of ours: from disk, browsers refuse to fetch fonts early, and fetch them later."""
    early = message.location["url"].endswith(".woff2") or ("file:///" in message.text and ".woff2" in message.text)
    return message.type == "error" and not early


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A page in which any error of ours, and any request elsewhere, fails the test."""
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if _is_ours(message) else None)
    made.on(
        "request",
        lambda request: (
            errors.append(request.url) if not request.url.startswith(("http://127.0.0.1:", "data:", "file:")) else None
        ),
    )
    yield made
    made.close()
    assert errors == []


class Profile:
    """What readers have in common, of which none learns what another did: a context of a browser takes longer to open than most pages."""

    def __init__(self, browser: Browser, **settings: Any) -> None:
        self.context = browser.new_context(**settings)
        # A page's own connection ends with it, and what it keeps last is kept after that.
        self._blank = self.context.new_page()
        self._sent = self.context.new_cdp_session(self._blank).send
        self._asked: set[str] = set()
        self.context.on("request", lambda request: self._asked.add(request.url))

    def forget(self) -> None:
        """Close what is open, and drop all that is kept of it."""
        for page in self.context.pages:
            if page is not self._blank:
                page.close()
        self.context.clear_cookies()
        self.context.clear_permissions()
        self._sent("Network.clearBrowserCache")
        for origin in {"/".join(url.split("/")[:3]) for url in self._asked if not url.startswith("data:")}:
            self._sent("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self._asked.clear()
