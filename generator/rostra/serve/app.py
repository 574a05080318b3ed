"""The preview as an ASGI application: a static host, on loopback, that reads and never writes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from rostra.serve.files import find, media_type
from rostra.serve.live import PREFIX, SCRIPT, STYLES, Live, injected

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def application(
    output: Path, live: Live, *, allows: Callable[[str], bool], base: str, lifespan: Lifespan | None = None
) -> Starlette:
    """The application; ``allows`` says of a name, without its port, whether it may be called so."""

    async def serve(request: Request) -> Response:
        if not allows(_host(request.headers.get("host", ""))):
            return PlainTextResponse("This preview does not answer to that name.\n", 421)
        path = request.scope.get("raw_path", b"").decode("latin-1").split("?", 1)[0]
        if path == PREFIX + "events":
            return StreamingResponse(
                live.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        if path == PREFIX + "live.js":
            return FileResponse(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "no-store"})
        if path.startswith(STYLES) and (style := live.style_text(path.removeprefix(STYLES))):
            return Response(style, media_type="text/css", headers={"Cache-Control": "no-store"})
        query = request.url.query
        found = find(output, path, base, query)
        if found.location is not None:
            return RedirectResponse(_asked(found.location, query), found.status)
        if found.file is None:
            return PlainTextResponse("There is nothing at this address.\n", found.status)
        try:
            return _file(request, found.file, found.status)
        except FileNotFoundError:
            # A rebuild took it away between the look and the read.
            return PlainTextResponse("There is nothing at this address any more.\n", 404)

    # `Route` answers other methods with 405 by itself.
    return Starlette(routes=[Route("/{path:path}", serve, methods=["GET", "HEAD"])], lifespan=lifespan)


def _file(request: Request, file: Path, status: int) -> Response:
    if file.suffix == ".html":
        return _page(request, file, status)
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    response = FileResponse(file, status, headers=headers, media_type=media_type(file), stat_result=file.stat())
    if request.headers.get("if-none-match") == response.headers.get("etag"):
        return Response(status_code=304, headers={"ETag": response.headers["etag"]})
    return response


def _page(request: Request, file: Path, status: int) -> Response:
    body = injected(file.read_bytes())
    etag = f'"{sha256(body).hexdigest()[:16]}"'
    if status == 200 and request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(
        body, status, {"ETag": etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}, "text/html"
    )


def _asked(location: str, query: str) -> str:
    """An address with the query that was asked with, as hosts pass it on, where it has none of its own."""
    if not query or "?" in location:
        return location
    path, sharp, fragment = location.partition("#")
    return f"{path}?{query}{sharp}{fragment}"


def _host(header: str) -> str:
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0].lower()
