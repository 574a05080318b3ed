"""A file of the output folder for an address, as static hosts find it; nothing else of the disk, by any spelling."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

TYPES = {
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".mbox": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".js": "text/javascript; charset=utf-8",
}


class Found(Struct, frozen=True):
    """A file to send with a status, or an address to go to instead."""

    status: int
    file: Path | None = None
    location: str | None = None


def find(output: Path, raw_path: str, base: str) -> Found:
    """What stands at an address; ``raw_path`` as the request spelt it, percent signs and all."""
    if not raw_path.startswith(base):
        if raw_path + "/" == base or raw_path == "/":
            return Found(302, location=base)
        return _missing(output)
    relative = raw_path[len(base) :]
    decoded = unquote(relative, errors="strict") if _is_utf8(relative) else ""
    parts = decoded.split("/")
    # A second decoding, a backslash or a dot segment never names a file that a host would serve.
    if "\\" in decoded or "\0" in decoded or decoded.startswith("/") or (relative and not decoded):
        return _missing(output)
    if any(part.startswith(".") for part in parts):
        return _missing(output)
    target = output / decoded if decoded else output
    if not _inside(output, target):
        return _missing(output)
    if _is(target, "folder"):
        if not raw_path.endswith("/"):
            return Found(301, location=raw_path + "/")
        target /= "index.html"
    elif not _is(target, "file") and not target.suffix and _is(target.with_name(target.name + ".html"), "file"):
        target = target.with_name(target.name + ".html")
    if _is(target, "file") and _inside(output, target) and not decoded.endswith(".html/"):
        return Found(200, file=target)
    return _redirected(output, "/" + relative, base) or _missing(output)


def media_type(file: Path) -> str:
    """What a host says the file is."""
    known = TYPES.get(file.suffix)
    if known:
        return known
    guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def _is_utf8(text: str) -> bool:
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


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


def _missing(output: Path) -> Found:
    page = output / "404.html"
    return Found(404, file=page if page.is_file() and _inside(output, page) else None)


def _redirected(output: Path, address: str, base: str) -> Found | None:
    """``_redirects`` in the form of Netlify and Cloudflare Pages: from, to, status."""
    rules = output / "_redirects"
    if not rules.is_file():
        return None
    for line in rules.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split("#", 1)[0].split()
        if len(words) >= 2 and words[0].rstrip("/") == address.rstrip("/"):
            status = int(words[2]) if len(words) > 2 and words[2] in ("301", "302", "303", "307", "308") else 301
            target = base.rstrip("/") + words[1] if words[1].startswith("/") else words[1]
            return Found(status, location=target)
    return None
