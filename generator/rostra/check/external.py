"""Test outside links politely.

It requests one address of a host at a time, with a pause, and a few hosts at once, with HEAD, or GET if that fails;
it obeys ``Retry-After``, and keeps results in the site's cache.  Addresses within private networks, which strangers may
have written, are not requested.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

import msgspec
from msgspec import Struct

from rostra import __version__
from rostra.check.findings import Finding
from rostra.system.http_requests import asked_wait, requesting

AGENT = f"rostra/{__version__} (checks links of an archive, a few at a time)"
HOSTS = 8
"""How many hosts are requested at the same time."""
PAUSE = 1.0
"""Seconds between two addresses of one host."""
HOPS = 5
DAY = 86_400
KEPT: dict[str, int] = {"alive": 30 * DAY, "moved": 30 * DAY, "dead": DAY, "unsure": DAY}
"""How many seconds each state is valid."""

State = Literal["alive", "moved", "dead", "unsure"]


class Seen(Struct, frozen=True):
    """The result of testing an address; ``when`` is in seconds since 1970."""

    state: State
    said: str
    when: int


class Visitor:
    """Tests addresses; ``private`` allows those of this machine and its network, which tests need."""

    def __init__(
        self, cache: Path, *, private: bool = False, pause: float = PAUSE, clock: Callable[[], float] = time.time
    ) -> None:
        self.path = cache / "outside.json"
        self.private = private
        self.pause = pause
        self.clock = clock
        try:
            self.seen = msgspec.json.decode(self.path.read_bytes(), type=dict[str, Seen])
        except (OSError, msgspec.DecodeError):
            self.seen = {}

    def findings(self, outside: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """Yield what is wrong with addresses, in their order; each is given with a page that links to it."""
        first: dict[str, str] = {}
        for url, page in outside:
            first.setdefault(urldefrag(url).url, page)
        self.look(first)
        for url, page in first.items():
            seen = self.seen[url]
            if seen.state != "alive":
                yield Finding(page, 0, f"{seen.state}-link", f"{url}: {seen.said}")

    def look(self, urls: Iterable[str]) -> None:
        """Test every address that was not tested recently."""
        now = self.clock()
        by_host: dict[str, list[str]] = {}
        for url in dict.fromkeys(urls):
            known = self.seen.get(url)
            if known is None or known.when + KEPT[known.state] <= now:
                by_host.setdefault(_host(url), []).append(url)
        try:
            with ThreadPoolExecutor(HOSTS) as pool:
                for found in pool.map(self._host, by_host.values()):
                    self.seen.update(found)
        finally:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(msgspec.json.encode(dict(sorted(self.seen.items()))))

    def _host(self, urls: list[str]) -> dict[str, Seen]:
        """Test the addresses of one host, one after the other."""
        found = {}
        for number, url in enumerate(urls):
            if number:
                time.sleep(self.pause)
            state, said = self._visit(url)
            found[url] = Seen(state, said, int(self.clock()))
        return found

    def _visit(self, url: str) -> tuple[State, str]:
        here, for_good = url, True
        for _ in range(HOPS):
            try:
                status, headers = self._ask(here)
            except ssl.SSLError as error:
                return "unsure", f"no safe connection: {error.reason or error}"
            except socket.gaierror:
                return "dead", "there is no such host"
            except (OSError, http.client.HTTPException, ValueError) as error:
                return "unsure", f"no answer: {error or type(error).__name__}"
            if status in (301, 302, 303, 307, 308) and headers.get("Location"):
                for_good = for_good and status in (301, 308)
                here = urljoin(here, headers["Location"])
                if urlsplit(here).scheme not in ("http", "https"):
                    return "unsure", f"it leads to {here[:100]}"
                continue
            if status in (404, 410):
                return "dead", f"answers {status}"
            if 200 <= status < 300:
                return ("moved", f"moved permanently to {here}") if here != url and for_good else ("alive", "")
            return "unsure", f"answers {status}"
        return "unsure", "redirects too often"

    def _ask(self, url: str) -> tuple[int, http.client.HTTPMessage]:
        status, headers = self._request("HEAD", url)
        if status in (400, 403, 404, 405, 406, 410, 500, 501):
            # Many servers answer HEAD wrongly; a page is dead only if a reader would not get it.
            status, headers = self._request("GET", url)
        if status in (429, 503) and (wait := asked_wait(headers.get("Retry-After"), self.clock())) is not None:
            time.sleep(wait)
            status, headers = self._request("GET", url)
        return status, headers

    def _request(self, method: str, url: str) -> tuple[int, http.client.HTTPMessage]:
        with requesting(method, url, {"User-Agent": AGENT, "Accept": "*/*"}, private=self.private) as answer:
            return answer.status, answer.headers


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url
