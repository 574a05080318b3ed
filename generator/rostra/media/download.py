"""Download files that posts refer to, politely; ``rostra media --download`` runs this, a build never does.

It obeys ``robots.txt`` (RFC 9309) and ``Retry-After``, requests one file of a host at a time, with a pause, resumes
interrupted downloads, and does not request files again that it has.
"""

from __future__ import annotations

import http.client
import os
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import msgspec

from rostra import __version__
from rostra.media.downloads import PROVENANCE, Downloads, Provenance, relative
from rostra.media.kinds import HEAD, NotPublished, sniff
from rostra.output.manifest import exact_digest
from rostra.system.http_requests import asked_wait, requesting
from rostra.system.web_address import page_address

NAME = "rostra"
AGENT = f"{NAME}/{__version__} (keeps pictures of an archived debate, one at a time)"
HOSTS = 4
"""How many hosts are requested at the same time."""
PAUSE = 1.0
"""Seconds between two requests to a host."""
SLOWEST = 60.0
"""The most seconds between two requests that ``robots.txt`` may require; a host that requires more is skipped."""
LARGEST = 64 << 20
"""The most bytes of a file."""
ROBOTS = 500 << 10
"""How many bytes of ``robots.txt`` are read (RFC 9309, 2.5)."""
CHUNK = 1 << 16
HOPS = 5
LEADS = (301, 302, 303, 307, 308)
GONE = (404, 410)


class NotNow(Exception):
    """A file was not downloaded, and may be another time."""


class LeftAlone(NotNow):
    """A host is not requested again in this run."""


class Never(Exception):
    """A file is not requested again."""


class Downloader:
    """Downloads files into a folder; ``private`` allows addresses of this machine, which tests need."""

    def __init__(
        self, folder: Path, *, pause: float = PAUSE, largest: int = LARGEST, private: bool = False,
        clock: Callable[[], float] = time.time, sleep: Callable[[float], object] = time.sleep,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._pause, self._largest, self._private = pause, largest, private
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._robots: dict[str, RobotFileParser | None] = {}
        self._asked: dict[str, float] = {}

    def fetch(self, addresses: Iterable[str], told: Callable[[str, str], object]) -> int:
        """Download missing files; ``told`` is called with each address and the result.  Return the number of downloaded files."""
        known = Downloads(self.folder)
        by_host: dict[str, list[str]] = {}
        for address in dict.fromkeys(addresses):
            before = known.known.get(address)
            if page_address(address) is None or (before and before.gone) or known.find(address):
                continue
            by_host.setdefault(urlsplit(address).netloc, []).append(address)
        self.folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(HOSTS) as pool:
            return sum(pool.map(lambda own: self._host(own, told), by_host.values()))

    def _host(self, addresses: list[str], told: Callable[[str, str], object]) -> int:
        came = 0
        for address in addresses:
            try:
                found = self._fetched(address)
                came += 1
                told(address, f"{found.size:,} bytes")
            except LeftAlone as error:
                told(address, f"{error}; the host is left alone for now")
                break
            except NotNow as error:
                told(address, str(error))
            except Never as error:
                self._note(Provenance(address=address, time=self._now(), gone=str(error)))
                told(address, str(error))
        return came

    def _fetched(self, address: str) -> Provenance:
        part = self.folder / "parts" / sha256(address.encode()).hexdigest()
        part.parent.mkdir(exist_ok=True)
        here = address
        for _ in range(HOPS):
            led = self._answered(here, part)
            if isinstance(led, str):
                here = led
                continue
            return self._kept(address, here, part, *led)
        raise Never("it redirects too often")

    def _answered(self, url: str, part: Path) -> str | tuple[str, bool]:
        """Return the address to which a server redirects, or the media type of the file, which is then in ``part``."""
        self._wait_for(url)
        try:
            return self._asked_for(url, part)
        except ssl.SSLError as error:
            raise NotNow(f"no safe connection: {error.reason or error}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotNow(f"no answer: {error or type(error).__name__}") from error

    def _asked_for(self, url: str, part: Path, *, again: bool = False) -> str | tuple[str, bool]:
        mark = part.with_suffix(".mark")
        begun = part.stat().st_size if part.exists() and mark.exists() else 0
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        if begun:
            headers |= {"Range": f"bytes={begun}-", "If-Range": mark.read_text(encoding="utf-8")}
        with requesting("GET", url, headers, private=self._private) as answer:
            status = answer.status
            if status in LEADS and (to := answer.headers.get("Location")):
                if (led := page_address(urljoin(url, to))) is None:
                    raise Never("it leads to no address of the web")
                return led
            if status in (429, 503):
                wait = asked_wait(answer.headers.get("Retry-After"), self._clock())
                if wait is None or again:
                    raise LeftAlone(f"answers {status}")
            elif status in GONE:
                raise Never(f"answers {status}")
            elif status == 416 and begun:
                wait = 0.0
                part.unlink()
            elif status not in (200, 206):
                raise NotNow(f"answers {status}")
            else:
                self._save(answer, part, mark, begun if status == 206 else 0)
                return answer.headers.get_content_type(), True
        self._sleep(wait)
        return self._asked_for(url, part, again=True)

    def _save(self, answer: http.client.HTTPResponse, part: Path, mark: Path, begun: int) -> None:
        """Append the body of a response to the ``begun`` bytes; an interrupted file is kept, if the server can resume it."""
        length = answer.headers.get("Content-Length", "")
        size = begun
        if length.isdigit() and begun + int(length) > self._largest:
            raise Never(self._too_large)
        if begun and not answer.headers.get("Content-Range", "").startswith(f"bytes {begun}-"):
            part.unlink()
            raise NotNow("the server sent another part than requested")
        # Only a strong validator shows that the rest belongs to the saved part (RFC 9110, 13.1.5).
        tag = answer.headers.get("ETag", "")
        if tag and not tag.startswith("W/"):
            mark.write_text(tag, encoding="utf-8")
        else:
            mark.unlink(missing_ok=True)
        with part.open("ab" if begun else "wb") as file:
            while chunk := answer.read(CHUNK):
                size += len(chunk)
                if size > self._largest:
                    break
                file.write(chunk)
        if size > self._largest:
            part.unlink()
            raise Never(self._too_large)
        if length.isdigit() and size < begun + int(length):
            raise NotNow("it was cut off")

    @property
    def _too_large(self) -> str:
        return f"it has more than {self._largest:,} bytes"

    def _kept(self, address: str, final: str, part: Path, said: str, _: bool) -> Provenance:
        part.with_suffix(".mark").unlink(missing_ok=True)
        with part.open("rb") as file:
            kind = sniff(file.read(HEAD))
        if isinstance(kind, NotPublished):
            part.unlink()
            raise Never(kind.why)
        digest, size = exact_digest(part), part.stat().st_size
        target = self.folder / relative(digest)
        target.parent.mkdir(exist_ok=True)
        os.replace(part, target)  # noqa: PTH105  # a Path has nothing to add
        found = Provenance(address=address, time=self._now(), digest=digest, size=size, media_type=said, final=final if final != address else "")  # fmt: skip
        self._note(found)
        return found

    def _note(self, found: Provenance) -> None:
        with self._lock, (self.folder / PROVENANCE).open("ab") as file:
            file.write(msgspec.json.encode(found) + b"\n")

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _wait_for(self, url: str) -> None:
        """Wait until a host may be requested again; raise NotNow if its rules forbid it."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            is_known = origin in self._robots
        if not is_known:
            rules = self._rules(origin)
            with self._lock:
                self._robots[origin] = rules
        rules = self._robots[origin]
        if rules is None:
            raise LeftAlone("its robots.txt cannot be read")
        if not rules.can_fetch(NAME, url):
            raise NotNow("its robots.txt asks not to fetch it")
        pause = max(self._pause, float(rules.crawl_delay(NAME) or 0))
        if pause > max(SLOWEST, self._pause):
            raise LeftAlone(f"its robots.txt asks for {pause:.0f} seconds between two requests")
        with self._lock:
            now = self._clock()
            wait = max(0.0, self._asked.get(parts.netloc, 0.0) + pause - now)
            self._asked[parts.netloc] = now + wait
        if wait:
            self._sleep(wait)

    def _rules(self, origin: str) -> RobotFileParser | None:
        """Return the rules of a host; without a robots.txt they allow everything; None if they are unknown (RFC 9309, 2.3.1)."""
        rules, url = RobotFileParser(), f"{origin}/robots.txt"
        for _ in range(HOPS):
            try:
                with requesting("GET", url, {"User-Agent": AGENT}, private=self._private) as answer:
                    if answer.status in LEADS and (
                        to := page_address(urljoin(url, answer.headers.get("Location", "")))
                    ):
                        url = to
                        continue
                    if answer.status == 200:
                        rules.parse(answer.read(ROBOTS).decode("utf-8", "replace").splitlines())
                    elif 400 <= answer.status < 500 and answer.status != 429:
                        rules.parse([])
                    else:
                        return None
                    return rules
            except (OSError, http.client.HTTPException, ValueError):
                return None
        return None
