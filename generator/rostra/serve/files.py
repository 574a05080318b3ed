"""A file of the output folder for an address, as static hosts find it; nothing else of the disk, by any spelling."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from rostra.serve.redirects import LEADING, rules


class Response(Struct, frozen=True):
    """A file to send with a status, or an address to go to instead."""

    status: int
    file: Path | None = None
    location: str | None = None


def find(output: Path, raw_path: str, base: str, query: str = "") -> Response:
    """What stands at an address; ``raw_path`` as the request spelt it, percent signs and all."""
    path = _decoded(raw_path)
    if path is None:
        return _missing(output)
    found = _standing(output, path, base)
    for rule in rules(output):
        if (rule.forced or not found) and (target := rule.led(path, query)) is not None:
            if rule.status in LEADING or not target.startswith("/"):
                # What a host would fetch from another, a preview leads to.
                return Response(rule.status if rule.status in LEADING else 302, location=target)
            shown = _decoded(urlsplit(target).path)
            page = _standing(output, shown, base) if shown else None
            return Response(rule.status, file=page.file) if page and page.file else _missing(output)
    return found or _missing(output)


def _decoded(raw_path: str) -> str | None:
    """A path without percent signs; None where a second decoding, a backslash or a dot segment might name another file than a host would serve."""
    try:
        path = unquote(raw_path, errors="strict")
    except UnicodeDecodeError:
        return None
    if not path.startswith("/") or path.startswith("//") or "\\" in path or "\0" in path:
        return None
    return None if any(part.startswith(".") for part in path.split("/")) else path


def _standing(output: Path, path: str, base: str) -> Response | None:
    """The file of a path, or the address of its folder; None where nothing is there."""
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
    """Whether a name is there and of a kind; one too long for the disk is not."""
    try:
        return target.is_dir() if kind == "folder" else target.is_file()
    except OSError:
        return False


def _missing(output: Path) -> Response:
    page = output / "404.html"
    return Response(404, file=page if page.is_file() and _inside(output, page) else None)
