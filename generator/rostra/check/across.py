"""Checks that need all files: links between files, quotations between threads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from rostra.check.findings import Finding
from rostra.check.links import Target, leads, link_target
from rostra.check.page import TAG, read_page
from rostra.check.scan import Facts

REDIRECTS = "_redirects"
SHEET = re.compile(r"/\d+\.html#")
"""A later page of a debate, in a reference."""


class Across:
    """Collects facts: the ids of each page, and both ends of each link between pages."""

    def __init__(self, output: Path, address: str, files: Collection[str]) -> None:
        self.output = output
        self.address = address
        self.files = files
        self.outside: dict[str, str] = {}
        self._ids: dict[str, bytes] = {}
        self._wanted: dict[str, list[tuple[str, str]]] = {}
        self._broken: dict[str, list[tuple[str, str, str]]] = {}
        self._given: set[str] = set()
        self._taken: set[str] = set()

    def add(self, path: str, facts: Facts) -> None:
        """Add the facts of a file."""
        if facts.ids:
            self._ids[path] = "\n".join(facts.ids).encode()
        for url in facts.outside:
            self.outside.setdefault(url, path)
        for refer in facts.refers:
            requested, (target, fragment) = refer.startswith("!"), link_target(refer.removeprefix("!"))
            if target not in self.files:
                code = "missing-picture" if requested else "broken-link"
                self._broken.setdefault(path, []).append((code, target, fragment))
            elif fragment and target.endswith(".html") and fragment != "top":
                self._wanted.setdefault(target, []).append((path, fragment))
        # Other debates link to the first page of a debate, whichever has the post.
        self._given.update(SHEET.sub("/index.html#", way) for way in facts.given)
        self._taken.update(SHEET.sub("/index.html#", way) for way in facts.taken)

    def ids(self, path: str) -> frozenset[str] | None:
        """Return the ids of a page; None if it does not exist."""
        if path not in self.files:
            return None
        return frozenset(self._ids.get(path, b"").decode().split("\n"))

    def findings(self) -> Iterator[Finding]:
        """Yield findings between files."""
        for target, refers in self._wanted.items():
            ids = self.ids(target) or frozenset()
            for path, fragment in refers:
                if fragment not in ids:
                    self._broken.setdefault(path, []).append(("broken-fragment", target, fragment))
        for path, broken in self._broken.items():
            yield from self._placed(path, broken)
        for way in self._given - self._taken:
            page = way.partition("#")[0] if "#" in way else f"debates/{way.partition(' ')[0]}/thread.json"
            yield Finding(page, 0, "one-way-quotation", f"{way}: its source has no link back")
        for way in self._taken - self._given:
            source = way.partition(" > ")[2]
            page = source.partition("#")[0] if "#" in way else f"debates/{source.partition(' ')[0]}/thread.json"
            yield Finding(page, 0, "one-way-quotation", f"{way}: the link back leads to no quotation")
        yield from self._redirects()

    def _placed(self, path: str, broken: list[tuple[str, str, str]]) -> Iterator[Finding]:
        """Yield broken links with their lines, which are searched only now."""
        text = (self.output / path).read_text(encoding="utf-8", errors="replace")
        lines: dict[Target, int] = {}
        if path.endswith(".html"):
            starts = [found.start() for found in TAG.finditer(text)]
            for link in read_page(text).links:
                where = leads(link, path, self.address)
                if isinstance(where, Target) and where not in lines:
                    lines[where] = text.count("\n", 0, starts[link.at]) + 1
        for code, target, fragment in broken:
            shown = f"{target}#{fragment}" if fragment else target
            said = f"{shown} is not in the site" if code != "broken-fragment" else f"{target} has no #{fragment}"
            yield Finding(path, lines.get(Target(target, fragment), 1), code, said)

    def _redirects(self) -> Iterator[Finding]:
        if REDIRECTS not in self.files:
            return
        base = urlsplit(self.address).path or "/"
        text = (self.output / REDIRECTS).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            parts = line.split()
            if len(parts) < 2 or line.startswith("#") or "//" in parts[1]:
                continue
            target, fragment = link_target(parts[1].removeprefix(base).lstrip("/"))
            target = f"{target}index.html" if target == "" or target.endswith("/") else target
            if target not in self.files:
                yield Finding(REDIRECTS, number, "broken-redirect", f"{parts[1]} is not in the site")
            elif fragment and fragment not in (self.ids(target) or ()):
                yield Finding(REDIRECTS, number, "broken-redirect", f"{target} has no #{fragment}")
