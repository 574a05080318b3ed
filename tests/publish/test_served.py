"""Published for real, fetched again, served, and crawled as a reader's browser would."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest

from rostra.errors import RostraError
from rostra.publish.branch import Wish, publish
from support.optional_parts import missing
from support.server_programs import free_port, running
from support.site_repository import Home, git

LINK = re.compile(r'(?:href|src)="([^"]*)"')


class Below(SimpleHTTPRequestHandler):
    """A folder served below ``/repo/``, as a project site is."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        path = unquote(urlsplit(path).path)
        base = getattr(self.server, "base", "/")
        return f"{self.directory}/{path.removeprefix(base)}" if path.startswith(base) else "/nowhere"


@contextmanager
def served(folder: Path, base: str) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Below, directory=str(folder)))
    server.base = base  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{base}"
    server.shutdown()
    server.server_close()


def crawl(address: str) -> int:
    """Follow every link from the front page, fragments too; the number of addresses that were asked."""
    seen: dict[str, str] = {}
    waiting = [address]
    fragments: list[tuple[str, str]] = []
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        with urlopen(url, timeout=10) as answer:
            body = answer.read().decode("utf-8", "replace")
        seen[url] = body
        if not url.endswith((".html", "/")):
            continue
        for said in LINK.findall(body):
            target, fragment = urldefrag(urljoin(url, unescape(said)))
            if target.startswith(address):
                waiting.append(target)
                if fragment:
                    fragments.append((target, fragment))
    assert not [(url, id) for url, id in fragments if f'id="{id}"' not in seen[url]]
    return len(seen)


class GitOverHttp(BaseHTTPRequestHandler):
    """Git's own server program behind HTTP."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.run()

    def do_POST(self) -> None:
        self.run()

    def run(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(length)
        if self.server.cut and "git-receive-pack" in path and self.command == "POST":  # type: ignore[attr-defined]
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.server.root), "GIT_HTTP_EXPORT_ALL": "1",  # type: ignore[attr-defined]
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_USER": "ada", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def over_http(root: Path, *, cut: bool = False) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitOverHttp)
    server.root, server.cut = root, cut  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def by_daemon(root: Path) -> Iterator[str]:
    if not (Path(git("--exec-path", at=root)) / "git-daemon").exists():
        missing("git daemon")
    port = free_port()
    command = ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}", f"--base-path={root}", "--export-all", "--enable=receive-pack"]  # fmt: skip
    with running(command, port):
        yield f"git://127.0.0.1:{port}"


@pytest.mark.parametrize("way", ["file", "http", "daemon"])
def test_published_cloned_served_below_a_path_and_crawled(home: Home, tmp_path: Path, way: str) -> None:
    home.there("config", "http.receivepack", "true")
    home.there("config", "uploadpack.allowFilter", "true")
    where = {"file": None, "http": over_http, "daemon": by_daemon}[way]

    def there_and_back(address: str) -> None:
        publish(home.site, Wish(remote=address))
        home.write("content/more.md", "# More\n")
        # A machine that knows nothing of the first one goes on.
        shutil.rmtree(home.site.cache / "publish.git")
        done = publish(home.site, Wish(remote=address))
        assert "debates/well/well.txt" not in done.plan.sent
        git("clone", "-q", "-b", "gh-pages", address, "copy", at=tmp_path)

    if where is None:
        there_and_back(home.remote.as_uri())
    else:
        with where(tmp_path) as address:
            there_and_back(f"{address}/remote.git")
    copy = tmp_path / "copy"
    sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=copy, check=False)
    assert sums.returncode == 0
    for base in ("/", "/repo/"):
        with served(copy, base) as address:
            assert crawl(address) >= 6


def test_a_password_in_an_address_is_noted_nowhere(home: Home, tmp_path: Path) -> None:
    home.there("config", "http.receivepack", "true")
    home.there("config", "uploadpack.allowFilter", "true")
    with over_http(tmp_path) as address:
        for text in ("# More\n", "# More and more\n"):
            shutil.rmtree(home.site.cache / "publish.git", ignore_errors=True)
            home.write("content/more.md", text)
            done = publish(home.site, Wish(remote=f"{address.replace('//', '//ada:s3cr3t@')}/remote.git"))
            assert "s3cr3t" not in done.address
    for path in home.site.cache.rglob("*"):
        assert path.is_dir() or b"s3cr3t" not in path.read_bytes()


def test_a_connection_that_is_cut_leaves_the_branch_as_it_was(home: Home, tmp_path: Path) -> None:
    home.there("config", "http.receivepack", "true")
    with over_http(tmp_path) as address:
        publish(home.site, Wish(remote=f"{address}/remote.git"))
    before = home.tip()
    home.write("content/more.md", "# More\n")
    with over_http(tmp_path, cut=True) as address, pytest.raises(RostraError, match="interrupted") as refused:
        publish(home.site, Wish(remote=f"{address}/remote.git"))
    assert "unchanged" in (refused.value.hint or "")
    assert home.tip() == before
    with over_http(tmp_path) as address:
        publish(home.site, Wish(remote=f"{address}/remote.git"))
    assert home.tip() != before
