"""Outside links, against a server on loopback: which are told, and how politely they are asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from rostra.check.external import AGENT, DAY, Visitor
from rostra.system import http_requests


class Asked(NamedTuple):
    method: str
    path: str
    agent: str
    at: float


class Server(ThreadingHTTPServer):
    """Answers as its paths say, and notes who asked what, and how many at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[Asked] = []
        self.now = self.most = 0
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        server = self.server
        with server.lock:
            server.asked.append(Asked(self.command, self.path, self.headers["User-Agent"], time.monotonic()))
            server.now += 1
            server.most = max(server.most, server.now)
            server.counts[self.path] += 1
        try:
            self.say(self.path)
        finally:
            with server.lock:
                server.now -= 1

    def say(self, path: str) -> None:
        told: dict[str, str] = {}
        status = 200
        if path == "/gone":
            status = 404
        elif path == "/no-head":
            status = 405 if self.command == "HEAD" else 200
        elif path == "/head-lies":
            status = 404 if self.command == "HEAD" else 200
        elif path == "/moved":
            status, told = 301, {"Location": "/new"}
        elif path == "/for-now":
            status, told = 302, {"Location": "/new"}
        elif path == "/moved-to-nothing":
            status, told = 301, {"Location": "/gone"}
        elif path == "/round":
            status, told = 302, {"Location": "/round"}
        elif path == "/script":
            status, told = 302, {"Location": "javascript:alert(1)"}
        elif path == "/busy":
            status, told = (503, {"Retry-After": "1"}) if self.server.counts[path] == 1 else (200, {})
        elif path == "/busy-for-a-year":
            status, told = 503, {"Retry-After": "31536000"}
        elif path == "/broken":
            status = 500
        elif path == "/rude":
            self.wfile.write(b"nonsense\r\n\r\n")
            return
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def visitor(tmp_path: Path, **options: object) -> Visitor:
    return Visitor(tmp_path, private=True, pause=0.01, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/fine", None, ""),
        ("/fine#fragment", None, ""),
        ("/no-head", None, ""),
        ("/head-lies", None, ""),
        ("/for-now", None, ""),
        ("/busy", None, ""),
        ("/a b/ü?x=1&y=[2]", None, ""),
        ("/gone", "dead-link", "answers 404"),
        ("/moved", "moved-link", "/new"),
        ("/moved-to-nothing", "dead-link", "answers 404"),
        ("/round", "unsure-link", "redirects too often"),
        ("/script", "unsure-link", "it leads to"),
        ("/busy-for-a-year", "unsure-link", "answers 503"),
        ("/broken", "unsure-link", "answers 500"),
        ("/rude", "unsure-link", "no answer"),
    ],
)
def test_what_an_address_answers_is_told(
    tmp_path: Path, server: Server, path: str, code: str | None, said: str
) -> None:
    found = list(visitor(tmp_path).findings([(server.address + path, "index.html")]))
    assert [finding.code for finding in found] == ([code] if code else [])
    assert all(said in finding.message and finding.path == "index.html" for finding in found)
    assert {each.agent for each in server.asked} == {AGENT}
    assert server.asked[0].method == "HEAD"


def test_one_address_of_a_host_at_a_time_with_a_pause_and_each_only_once(tmp_path: Path, server: Server) -> None:
    urls = [(f"{server.address}/{n}#{n % 3}", "a.html") for n in range(6)] + [(f"{server.address}/1", "b.html")]
    Visitor(tmp_path, private=True, pause=0.1).look(url.partition("#")[0] for url, _ in urls)
    assert server.most == 1
    assert [each.path for each in server.asked] == [f"/{n}" for n in range(6)]
    times = [each.at for each in server.asked]
    assert all(later - earlier >= 0.09 for earlier, later in pairwise(times))


def test_what_was_seen_is_remembered_for_its_time(tmp_path: Path, server: Server) -> None:
    now = 1_700_000_000.0
    url = server.address + "/gone"
    links = [(url, "a.html"), (server.address + "/fine", "a.html")]
    first = list(visitor(tmp_path, clock=lambda: now).findings(links))
    asked = len(server.asked)
    assert list(visitor(tmp_path, clock=lambda: now + DAY / 2).findings(links)) == first
    assert len(server.asked) == asked
    list(visitor(tmp_path, clock=lambda: now + DAY * 2).findings(links))
    assert {each.path for each in server.asked[asked:]} == {"/gone"}
    list(visitor(tmp_path, clock=lambda: now + DAY * 40).findings(links))
    assert server.counts["/fine"] == 2


def test_a_memory_that_is_damaged_is_begun_anew(tmp_path: Path, server: Server) -> None:
    (tmp_path / "outside.json").write_text("{")
    assert list(visitor(tmp_path).findings([(server.address + "/fine", "a.html")])) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
    ],
)
def test_what_strangers_wrote_never_asks_this_machine_or_its_network(tmp_path: Path, url: str) -> None:
    (found,) = Visitor(tmp_path).findings([(url, "a.html")])
    assert found.code == "unsure-link"
    assert "private network" in found.message


def test_a_public_page_cannot_lead_into_a_private_network(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = Visitor(tmp_path)
    place = http_requests._place

    def first_is_public(host: str, port: int, *, private: bool) -> tuple[str, int]:
        return ("127.0.0.1", server.server_port) if host == "public.example" else place(host, port, private=private)

    monkeypatch.setattr(http_requests, "_place", first_is_public)
    assert asker._visit("http://public.example/for-now")[0] == "alive"
    Answering.say, said = (lambda self, path: redirect(self)), Answering.say
    try:
        assert "private network" in asker._visit("http://public.example/x")[1]
    finally:
        Answering.say = said  # type: ignore[method-assign]


def redirect(handler: Answering) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:9/secret")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.mark.parametrize(
    "url",
    ["http://", "http://a b/", "http://" + "x" * 300 + ".example/", "http://[::1/", "https://exa_mple.invalid:99999/"],
)
def test_addresses_that_are_none_are_told_and_break_nothing(tmp_path: Path, url: str) -> None:
    (found,) = Visitor(tmp_path).findings([(url, "a.html")])
    assert found.code in ("unsure-link", "dead-link")
