"""``_redirects`` as the hosts read it that do: Netlify, Cloudflare Pages and GitLab Pages.

A rule a line: ``from [query …] to [status]``, with ``*`` and ``:name`` in ``from`` for what ``:splat`` and
``:name`` give in ``to``.  The first that matches counts, and what stands as a file comes before all but those
whose status ends in ``!``.  Rules that ask who the reader is (``Country=…``) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from msgspec import Struct

from rostra.system.web_address import page_address, site_address

USUAL = 301
"""The status of a rule that names none; of the three, Cloudflare Pages takes 302."""
LEADING = frozenset({301, 302, 303, 307, 308})
SHOWING = frozenset({200, 404, 410})
"""Statuses with which another page is shown at the address that was asked for."""
NAME = re.compile(r":([A-Za-z]\w*)")
OPEN = re.compile(r"[a-z]*:?//[^/]*[:*]", re.IGNORECASE)
"""A target whose host would be for whoever wrote the link to choose."""
MOST = 10_000
"""Lines that are read; every host reads fewer."""


class Redirect(Struct, frozen=True):
    """A line: what it matches, where that leads, and whether it comes before files."""

    source: re.Pattern[str]
    query: Mapping[str, str]
    target: str
    status: int
    forced: bool

    def led(self, path: str, query: str) -> str | None:
        """Where a path, decoded, and its query lead; None where the rule is of others, or leads back to them."""
        if not (found := self.source.fullmatch(path)):
            return None
        given = found.groupdict(default="")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        for name, value in self.query.items():
            if name not in asked or (not value.startswith(":") and asked[name] != value):
                return None
            given[value[1:]] = asked[name]
        target = NAME.sub(lambda name: quote(given[name[1]], safe="/") if name[1] in given else name[0], self.target)
        if self.target.startswith("/"):
            # Two slashes, or what browsers take for them, would lead to whatever host a stranger's link names.
            led = site_address("/" + target.lstrip("/\\"))
            led = led if led and led.startswith("/") else None
        else:
            led = page_address(target)
        return None if led is None or unquote(led) == path else led


def rules(output: Path) -> tuple[Redirect, ...]:
    """The rules of a site as they are now; none where it has no such file."""
    file = output / "_redirects"
    try:
        return _rules(file, file.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _rules(file: Path, _saved: int) -> tuple[Redirect, ...]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple(rule for line in lines[:MOST] for rule in _read(line.split()))


def _read(words: list[str]) -> Iterator[Redirect]:
    """The rule of a line; nothing for what is none, or what no preview can tell."""
    comment = next((n for n, word in enumerate(words) if word.startswith("#")), len(words))
    source, *rest = words[:comment] or [""]
    query = dict[str, str]()
    while rest and not rest[0].startswith("/") and "://" not in rest[0] and "=" in rest[0]:
        name, _, value = rest.pop(0).partition("=")
        query[unquote(name)] = value if value.startswith(":") else unquote(value)
    if not source.startswith("/") or not rest or any("=" in word for word in rest[1:]) or OPEN.match(rest[0]):
        return
    told = rest[1] if len(rest) > 1 else str(USUAL)
    status = int(told.rstrip("!")) if told.rstrip("!").isdecimal() else 0
    if status in LEADING | SHOWING and (rest[0].startswith("/") or urlsplit(rest[0]).scheme in ("http", "https")):
        try:
            yield Redirect(_pattern(source), query, rest[0], status, told.endswith("!"))
        except re.error:
            # A name that stands twice.
            return


def _pattern(source: str) -> re.Pattern[str]:
    """What a path that is asked for must be like; a slash at its end makes no difference."""
    path, splat, rest = source.rstrip("/").partition("*")
    if splat and path.endswith("/") and not rest:
        # The folder itself is among what is in it.
        return re.compile(f"{_named(path[:-1])}(?:/(?P<splat>.*))?", re.DOTALL)
    return re.compile(f"{_named(path)}{'(?P<splat>.*)' if splat else ''}{_named(rest)}/?", re.DOTALL)


def _named(path: str) -> str:
    """A part of a path as an expression; ``:name`` stands for a folder or file."""
    parts = NAME.split(path)
    return "".join(f"(?P<{part}>[^/]+)" if n % 2 else re.escape(unquote(part)) for n, part in enumerate(parts))
