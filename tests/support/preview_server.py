"""A real preview server on loopback: started, asked, and waited for."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from rostra.serve.outcome import BuildOutcome
from rostra.serve.preview import preview as serve
from support.optional_parts import Preview

Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def serving(folder: Path, builds: list[BuildOutcome] | None = None) -> Iterator[Preview]:
    """A preview of a site, with the ``builds`` that somebody notes."""
    lines: list[str] = []
    started = threading.Event()
    at: list[object] = []

    def ready(address: str, stop: object) -> None:
        at.extend((address, stop))
        started.set()

    thread = threading.Thread(
        target=serve,
        args=(folder,),
        kwargs={"host": "127.0.0.1", "port": 0, "announce": lines.append, "ready": ready},
        daemon=True,
    )
    thread.start()
    assert started.wait(20)
    yield Preview(folder, str(at[0]), [] if builds is None else builds, lines)
    at[1]()  # type: ignore[operator]
    thread.join(20)
    assert not thread.is_alive()


def ask(preview: Preview, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request, its target sent exactly as it is spelt."""
    parts = urlsplit(preview.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for key, value in headers.items():
        connection.putheader(key.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something to hold."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
