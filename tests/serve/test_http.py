"""What the preview answers to requests that browsers rarely make, and programs do."""

from __future__ import annotations

import email.utils
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from urllib.parse import urlsplit

from rostra.system.http_headers import media_type
from support.optional_parts import Preview
from support.preview_server import ask

FILE = "/debates/well/well.txt"
PAGE = "/about.html"


def test_what_somebody_has_already_is_not_sent_again(preview: Preview) -> None:
    for path in (FILE, PAGE):
        etag = ask(preview, path)[1]["etag"]
        assert not etag.startswith("W/")
        for tags in (etag, f"W/{etag}", f'"a", {etag}', f'W/"a",W/{etag} , "b"', "*", " * "):
            status, headers, body = ask(preview, path, If_None_Match=tags)
            assert (status, headers["etag"], body) == (304, etag, b""), tags
            assert headers["cache-control"] == "no-cache"
            assert ask(preview, path, "HEAD", If_None_Match=tags)[0] == 304
        for tags in ('"a"', 'W/"a"', "", etag.strip('"'), f"w/{etag}", '"*"'):
            assert ask(preview, path, If_None_Match=tags)[0] == 200, tags


def test_a_reload_asks_again_only_for_what_may_be_another_at_its_address(preview: Preview) -> None:
    body = ask(preview, "/")[2].decode()
    scripts = re.findall(r'<script src="([^"]+)"', body)
    assert len(scripts) == 2
    for script in scripts:
        assert "immutable" in ask(preview, f"/{script.lstrip('/')}")[1]["cache-control"]
    for path in ("/", "/nowhere", "/assets/rostra.css", "/debates/well/thread.json", "/search.html"):
        assert ask(preview, path)[1].get("cache-control") == "no-cache", path


def test_files_are_of_the_types_that_hosts_are_told(preview: Preview) -> None:
    for name in ("kept.mbox", "notes.md", "LICENSE", "words.jsonl"):
        (preview.output / name).write_text("words\n")
    for file in preview.output.rglob("*"):
        if file.is_file() and file.suffix != ".html" and not file.name.startswith("."):
            path = file.relative_to(preview.output).as_posix()
            assert ask(preview, f"/{path}")[1]["content-type"] == media_type(path), path


def test_a_file_that_is_older_than_somebody_s_is_not_sent_again(preview: Preview) -> None:
    saved = email.utils.parsedate_to_datetime(ask(preview, FILE)[1]["last-modified"]).timestamp()
    same, later, earlier = (email.utils.formatdate(saved + n, usegmt=True) for n in (0, 60, -60))
    assert ask(preview, FILE, If_Modified_Since=same)[0] == 304
    assert ask(preview, FILE, If_Modified_Since=later)[0] == 304
    assert ask(preview, FILE, If_Modified_Since=earlier)[0] == 200
    for odd in ("", "yesterday", "0", "Sun, 99 Nob 1994 08:49:37 GMT"):
        assert ask(preview, FILE, If_Modified_Since=odd)[0] == 200, odd
    # Two saves within a second are told apart by the tag alone.
    assert ask(preview, FILE, If_None_Match='"a"', If_Modified_Since=later)[0] == 200


def test_a_page_that_is_not_there_stays_so_whatever_somebody_has(preview: Preview) -> None:
    etag = ask(preview, "/nowhere")[1]["etag"]
    for tags in (etag, "*"):
        status, _, body = ask(preview, "/nowhere", If_None_Match=tags, Range="bytes=0-3")
        assert status == 404
        assert b"There is no page at this address" in body


def test_a_part_of_a_page_is_of_what_is_sent(preview: Preview) -> None:
    _, told, whole = ask(preview, PAGE)
    assert told["accept-ranges"] == "bytes"
    for asked, begin, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("Bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=3-999999999", 3, None),
        ("bytes=-999999999", 0, None),
    ):
        status, headers, body = ask(preview, PAGE, Range=asked, If_Range=told["etag"])
        first, last, _ = slice(begin, end).indices(len(whole))
        assert (status, body) == (206, whole[first:last]), asked
        assert headers["content-range"] == f"bytes {first}-{last - 1}/{len(whole)}"
        assert headers["content-length"] == str(last - first)
        assert (headers["etag"], headers["content-type"]) == (told["etag"], told["content-type"])
    steps = range(0, len(whole), 700)
    assert b"".join(ask(preview, PAGE, Range=f"bytes={at}-{at + 699}")[2] for at in steps) == whole


def test_what_is_no_part_of_a_page_is_said_or_the_whole_is_sent(preview: Preview) -> None:
    _, told, whole = ask(preview, PAGE)
    for beyond in (f"bytes={len(whole)}-", "bytes=-0", "bytes=999999999-"):
        status, headers, _ = ask(preview, PAGE, Range=beyond)
        assert (status, headers["content-range"]) == (416, f"bytes */{len(whole)}"), beyond
    for odd in ("bytes=9-5", "bytes=-", "bytes=", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", f"bytes={'9' * 5000}-"):
        status, _, body = ask(preview, PAGE, Range=odd)
        assert (status, body) == (200, whole), odd
    # Parts of two versions make no page.
    for other in ('"a"', f"W/{told['etag']}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        assert ask(preview, PAGE, Range="bytes=0-3", If_Range=other)[0] == 200, other
    assert ask(preview, PAGE, Range="bytes=0-3", If_None_Match=told["etag"])[0] == 304
    status, headers, body = ask(preview, PAGE, "HEAD", Range="bytes=0-3")
    assert (status, headers["content-length"], body) == (200, str(len(whole)), b"")


def test_a_target_may_be_a_whole_address(preview: Preview) -> None:
    port = urlsplit(preview.address).port
    whole = ask(preview, PAGE)[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "LOCALHOST"):
        assert ask(preview, f"http://{host}{PAGE}")[::2] == (200, whole)
        assert ask(preview, f"HTTP://{host}{PAGE}?a=/b")[::2] == (200, whole)
        for front in ("", "/", "?a=b"):
            assert ask(preview, f"http://{host}{front}")[::2] == ask(preview, "/")[::2]
    # The address tells whom it is for, whatever `Host` says.
    assert ask(preview, f"http://localhost{PAGE}", Host="evil.example")[0] == 200
    assert ask(preview, f"http://localhost:{port}/debates/well?a=b")[1]["location"] == "/debates/well/?a=b"


def test_a_whole_address_opens_nothing_that_a_path_does_not(preview: Preview) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "", "[::2]", "[::2"):
        status, _, body = ask(preview, f"http://{host}/debates/well/thread.json", Host="localhost")
        assert status in (400, 421), host
        assert b"well" not in body
    for path in (
        "/../rostra.toml",
        "/%2e%2e/rostra.toml",
        "//rostra.toml",
        "/%2frostra.toml",
        "/..%5crostra.toml",
        "/.nojekyll",
    ):
        assert ask(preview, f"http://localhost{path}")[0] in (400, 404), path
    assert ask(preview, "http://localhost/http://localhost/rostra.toml")[0] in (400, 404)
    assert ask(preview, "https://localhost/rostra.toml")[0] in (400, 404, 421)
    assert ask(preview, f"http://localhost{PAGE}", "DELETE")[0] == 405


@contextmanager
def tracebacks() -> Iterator[list[logging.LogRecord]]:
    """What the server and the loop below it print meanwhile that is more than a line."""
    records: list[logging.LogRecord] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info or record.levelno >= logging.ERROR:
                records.append(record)

    handler, loggers = Kept(), [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for logger in loggers:
        logger.addHandler(handler)
    yield records
    for logger in loggers:
        logger.removeHandler(handler)


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


MALFORMED = (
    [CHUNKED + b"zz\r\n"],
    [CHUNKED, b"zz\r\n"],
    [CHUNKED + b"3\r\nabc\r\n", b"-1\r\n"],
    [CHUNKED + b"3\r\nabcdef\r\n"],
    [b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", b"\r\n\r\n"],
    [b"Content-Length: 5\r\n\r\nab"],
)
"""What follows a request's first lines, as it comes."""


def test_a_malformed_body_is_refused_without_a_word_of_the_program(preview: Preview) -> None:
    parts = urlsplit(preview.address)
    with tracebacks() as printed:
        for method, sent in product((b"GET", b"POST"), MALFORMED):
            with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=0.2) as asked:
                asked.sendall(method + b" / HTTP/1.1\r\nHost: localhost\r\n" + sent[0])
                for more in sent[1:]:
                    # No answer begins before the body has ended.
                    early = _read(asked)
                    assert not early or early.startswith(b"HTTP/1.1 100 "), early
                    asked.sendall(more)
                asked.shutdown(socket.SHUT_WR)
                asked.settimeout(10)
                answer = _read(asked)
            assert not answer or b"HTTP/1.1 400 " in answer, (method, sent)
        for _ in range(3):
            # Who leaves while they ask.
            with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as asked:
                asked.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nabc")
        assert ask(preview, PAGE)[0] == 200
        assert _twice(preview) == 2
    assert [record.getMessage() for record in printed] == []


def _read(asked: socket.socket) -> bytes:
    answer = b""
    try:
        while part := asked.recv(65536):
            answer += part
    except (TimeoutError, ConnectionResetError):
        pass
    return answer


def _twice(preview: Preview) -> int:
    """How many pages two requests with bodies on one connection get."""
    parts = urlsplit(preview.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as asked:
        one = f"GET {PAGE} HTTP/1.1\r\nHost: localhost\r\n".encode()
        asked.sendall(one + CHUNKED + b"3\r\nabc\r\n0\r\n\r\n")
        asked.sendall(one + b"Connection: close\r\nContent-Length: 3\r\n\r\nabc")
        return _read(asked).count(b"HTTP/1.1 200 OK")


def test_a_page_says_what_it_is_of_which_build(preview: Preview) -> None:
    _, headers, body = ask(preview, PAGE, "GET")
    told: dict[str, Any] = dict(pair.split(b"=") for pair in body.rsplit(b"live.js", 1)[1].split() if b"=" in pair)
    assert told[b"data-page"].strip(b'"').decode() == headers["rostra-page"]
    assert ask(preview, PAGE, "HEAD")[1]["rostra-page"] == headers["rostra-page"]
    assert "rostra-page" not in ask(preview, FILE)[1]
