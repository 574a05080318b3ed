"""The preview as an ASGI application: a static host on loopback that reads and never writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from email.utils import parsedate
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import NotModifiedResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rostra.serve.files import find
from rostra.serve.live import PREFIX, SCRIPT, STYLES, Live, injected, page_digest
from rostra.system.http_headers import ASK_AGAIN, FOR_EVER, cache_control, media_type

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
ABSOLUTE = re.compile(rb"http://([^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)
FONT = re.compile(rb"url\(([\w.-]+\.woff2)\)")
"""A font that a style names as a file beside it."""
RANGE = re.compile(r"bytes=([0-9]{1,18})?-([0-9]{1,18})?", re.IGNORECASE)


def application(
    output: Path, live: Live, *, allows: Callable[[str], bool], base: str, lifespan: Lifespan | None = None
) -> Starlette:
    """Return the application; ``allows`` says whether it answers to a host name (without port)."""

    async def serve(request: Request) -> Response:
        if not allows(_host(request.headers.get("host", ""))):
            return PlainTextResponse("This preview does not answer to that name.\n", 421)
        path = request.scope.get("raw_path", b"").decode("latin-1").split("?", 1)[0]
        if path == PREFIX + "events":
            return StreamingResponse(
                live.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        if path == PREFIX + "live.js":
            return FileResponse(SCRIPT, media_type="text/javascript", headers={"Cache-Control": FOR_EVER})
        if path.startswith(STYLES) and (style := live.style_text(path.removeprefix(STYLES))):
            # Fonts keep their address, so that they are not loaded again and no line moves meanwhile.
            style = FONT.sub(rb"url(%sassets/\1)" % base.encode(), style)
            return Response(style, media_type="text/css", headers={"Cache-Control": "no-store"})
        query = request.url.query
        found = find(output, path, base, query)
        if found.location is not None:
            return RedirectResponse(_asked(found.location, query), found.status)
        if found.file is None:
            return PlainTextResponse("There is nothing at this address.\n", found.status)
        try:
            if found.file.suffix == ".html":
                return _page(request, found.file, found.status, live.build)
            return _file(request, output, found.file, found.status)
        except FileNotFoundError:
            # A rebuild removed it between the look-up and the read.
            return PlainTextResponse("There is nothing at this address any more.\n", 404)

    # `Route` answers other methods with 405 by itself.
    routes = [Route("/{path:path}", serve, methods=["GET", "HEAD"])]
    return Starlette(routes=routes, middleware=[Middleware(_Received)], lifespan=lifespan)


class _Received:
    """Wait for the whole request and make its target a path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # The server refuses a malformed body, which it can no longer do after a response has started.
            while (message := await receive()).get("more_body"):
                pass
            if message["type"] == "http.disconnect":
                return
            scope = _origin_form(scope)
        await self._app(scope, receive, send)


def _origin_form(scope: Scope) -> Scope:
    """Turn an absolute-form target into a path; its host has precedence over ``Host`` (RFC 9112, 3.2.2)."""
    target = ABSOLUTE.fullmatch(scope.get("raw_path", b""))
    if not target:
        return scope
    path = target[2] or b"/"
    headers = [*((name, value) for name, value in scope["headers"] if name != b"host"), (b"host", target[1])]
    return {**scope, "raw_path": path, "path": unquote(path.decode("latin-1")), "headers": headers}


def _file(request: Request, output: Path, file: Path, status: int) -> Response:
    path = file.relative_to(output).as_posix()
    # A style sheet keeps its name in the preview, so it must be revalidated.
    kept = ASK_AGAIN if file.suffix == ".css" else cache_control(path)
    headers = {"Cache-Control": kept, "X-Content-Type-Options": "nosniff"}
    response = FileResponse(file, status, headers=headers, media_type=media_type(path), stat_result=file.stat())
    return NotModifiedResponse(response.headers) if _held(request, response) else response


def _page(request: Request, file: Path, status: int, build: str) -> Response:
    html = file.read_bytes()
    body = injected(html, build)
    headers = {
        "ETag": f'"{sha256(body).hexdigest()[:16]}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": ASK_AGAIN,
        "X-Content-Type-Options": "nosniff",
        "Rostra-Page": page_digest(html),
    }
    response = Response(body, status, headers, "text/html")
    return NotModifiedResponse(response.headers) if _held(request, response) else _part(request, response)


def _held(request: Request, response: Response) -> bool:
    """Whether the client's cached copy is current (RFC 9110, 13.1.2 and 13.1.3)."""
    if response.status_code != 200:
        return False
    asked, told = request.headers, response.headers
    if (tags := asked.get("if-none-match")) is not None:
        return tags.strip() == "*" or told["etag"] in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    since, saved = parsedate(asked.get("if-modified-since")), parsedate(told.get("last-modified"))
    return bool(since and saved and since >= saved)


def _part(request: Request, page: Response) -> Response:
    """Return the requested range (RFC 9110, 14.2); the whole page for several ranges or another version."""
    asked, told = request.headers, page.headers
    span = RANGE.fullmatch(asked.get("range", ""))
    whole = request.method != "GET" or page.status_code != 200 or asked.get("if-range", told["etag"]) != told["etag"]
    if whole or not span or not any(span.groups()):
        return page
    body, size = bytes(page.body), len(page.body)
    begin = int(span[1]) if span[1] else max(size - int(span[2]), 0)
    end = min(int(span[2]) + 1, size) if span[1] and span[2] else size
    if begin >= size:
        return PlainTextResponse(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    if begin >= end:
        return page
    kept = {name: value for name, value in told.items() if name != "content-length"}
    return Response(body[begin:end], 206, {**kept, "Content-Range": f"bytes {begin}-{end - 1}/{size}"})


def _asked(location: str, query: str) -> str:
    """Return an address with the request's query, as hosts pass it on, unless it has its own."""
    if not query or "?" in location:
        return location
    path, sharp, fragment = location.partition("#")
    return f"{path}?{query}{sharp}{fragment}"


def _host(header: str) -> str:
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0].lower()
