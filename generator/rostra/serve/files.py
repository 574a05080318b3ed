"""Find the file for an address as static hosts do; no spelling reaches anything outside the output folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from rostra.serve.redirects import LEADING, rules


class Response(Struct, frozen=True):
    """A file to send with a status, or an address to redirect to."""

    status: int
    file: Path | None = None
    location: str | None = None


def find(output: Path, raw_path: str, base: str, query: str = "") -> Response:
    """Return the response for an address; ``raw_path`` is the undecoded path of the request."""
    path = _decoded(raw_path)
    if path is None:
        return _missing(output)
    found = _standing(output, path, base)
    for rule in rules(output):
        if (rule.forced or not found) and (target := rule.led(path, query)) is not None:
            if rule.status in LEADING or not target.startswith("/"):
                # A host would proxy this; the preview redirects.
                return Response(rule.status if rule.status in LEADING else 302, location=target)
            shown = _decoded(urlsplit(target).path)
            page = _standing(output, shown, base) if shown else None
            return Response(rule.status, file=page.file) if page and page.file else _missing(output)
    return found or _missing(output)


def _decoded(raw_path: str) -> str | None:
    """Return the decoded path; None if a second decoding, a backslash or a dot segment might name another file."""
    try:
        path = unquote(raw_path, errors="strict")
    except UnicodeDecodeError:
        return None
    if not path.startswith("/") or path.startswith("//") or "\\" in path or "\0" in path:
        return None
    return None if any(part.startswith(".") for part in path.split("/")) else path


def _standing(output: Path, path: str, base: str) -> Response | None:
    """Return the file of a path, or the address of its folder; None if there is neither."""
    if not path.startswith(base):
        return Response(302, location=base) if path + "/" == base or path == "/" else None
    relative = path[len(base) :]
    target = output / relative if relative else output
    if relative.startswith("/") or not _inside(output, target):
        return None
    if _is(target, "folder"):
        if not path.endswith("/"):
            return Response(301, location=quote(path) + "/")
        target /= "index.html"
    elif not _is(target, "file") and not target.suffix and _is(target.with_name(target.name + ".html"), "file"):
        target = target.with_name(target.name + ".html")
    stands = _is(target, "file") and _inside(output, target) and not relative.endswith(".html/")
    return Response(200, file=target) if stands else None


def _inside(output: Path, target: Path) -> bool:
    try:
        return target.resolve().is_relative_to(output.resolve())
    except (OSError, ValueError):
        return False


def _is(target: Path, kind: str) -> bool:
    """Whether a path exists and is of a kind; a path that is too long for the disk does not exist."""
    try:
        return target.is_dir() if kind == "folder" else target.is_file()
    except OSError:
        return False


def _missing(output: Path) -> Response:
    page = output / "404.html"
    return Response(404, file=page if page.is_file() and _inside(output, page) else None)
