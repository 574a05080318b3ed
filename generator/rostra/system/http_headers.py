"""Response headers of each file: content type, cache lifetime, content security policy.

One source for the pages, ``_headers``, object storage and the configuration of web servers.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from rostra.system.lazy_regex import late

POLICY: Mapping[str, str] = MappingProxyType({
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
})  # fmt: skip
"""The content security policy of every page (Content Security Policy Level 3)."""

RUNNING = " 'wasm-unsafe-eval'"
"""Additional permissions of the search: it runs WebAssembly in a worker, to which the header of its own file applies."""

HEADER_ONLY: Mapping[str, str] = MappingProxyType({"frame-ancestors": "'none'"})
"""Directives that work only in a header."""

IMMUTABLE = ("assets/*", "search/:part/parts/*")
"""Files whose addresses change with their content; ``:part`` is one part of a path, in the syntax of ``_headers``."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
"""Cached, but revalidated: corrections and redactions show at once."""

_FIXED = late("|".join(each.replace(":part", "[^/]+").replace("*", ".+") for each in IMMUTABLE))
_TYPES = {
    "": "text/plain",
    ".avif": "image/avif",
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".jsonld": "application/ld+json",
    ".log": "text/plain",
    ".m4a": "audio/mp4",
    ".mbox": "application/mbox",
    ".md": "text/markdown",
    ".ndjson": "application/x-ndjson",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".wasm": "application/wasm",
    ".wiki": "text/plain",
    ".woff2": "font/woff2",
    ".zst": "application/zstd",
}
_FEEDS = ("feed.xml", "atom.xml")


def policy() -> str:
    """The content security policy of a page."""
    return _said(POLICY)


def header_policy() -> str:
    """The policy as a header, the same for all pages; each page restricts it by its own."""
    return _said({**POLICY, "script-src": POLICY["script-src"] + RUNNING, **HEADER_ONLY})


def _said(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def security() -> dict[str, str]:
    """The headers of every file."""
    return {
        "Content-Security-Policy": header_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def cache_control(path: str) -> str:
    """The ``Cache-Control`` of a file of the site."""
    return FOR_EVER if _FIXED.fullmatch(path) else ASK_AGAIN


def media_type(path: str) -> str:
    """The content type of a file of the site, with the charset of a text."""
    name = PurePosixPath(path)
    if name.name in _FEEDS:
        return "application/atom+xml; charset=utf-8"
    kind = _TYPES.get(name.suffix.lower())
    if kind is None:
        guessed, packed = mimetypes.guess_type(name.name, strict=False)
        kind = f"application/{packed}" if packed else guessed or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
