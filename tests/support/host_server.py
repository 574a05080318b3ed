"""A site as hosts serve it, and a reader who follows where an address leads."""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html
from msgspec import Struct

HOPS = 6


class Answer(Struct, frozen=True):
    """What a host sends: ``location`` where it redirects, else the file."""

    status: int
    location: str | None = None
    file: Path | None = None


class BareServer:
    """A file server that knows index files and nothing else, as Python's ``http.server`` does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, path: str) -> Answer:
        file = self.folder / unquote(path).lstrip("/")
        if file.is_dir():
            if not path.endswith("/"):
                return Answer(301, location=path + "/")
            file /= "index.html"
        return Answer(200, file=file) if file.is_file() else self.none(path)

    def none(self, _path: str) -> Answer:
        """What is sent where there is no file."""
        return Answer(404)


class GitHubPages(BareServer):
    """Tries ``.html`` behind a name, and sends ``404.html``; ``_redirects`` is a file to it."""

    def none(self, _path: str) -> Answer:
        page = self.folder / f"{unquote(_path).strip('/')}.html"
        if page.is_file():
            return Answer(200, file=page)
        return Answer(404, file=self.folder / "404.html")


class Netlify(GitHubPages):
    """Serves a folder with or without its slash; where there is no file, ``_redirects`` is asked."""

    @cached_property
    def redirects(self) -> dict[str, tuple[str, int]]:
        file = self.folder / "_redirects"
        lines = file.read_text().splitlines() if file.is_file() else []
        return {unquote(old.rstrip("/")): (new, int(status)) for old, new, status in (line.split() for line in lines)}

    def get(self, path: str) -> Answer:
        file = self.folder / unquote(path).lstrip("/") / "index.html"
        return Answer(200, file=file) if file.is_file() else super().get(path)

    def none(self, _path: str) -> Answer:
        if led := self.redirects.get(unquote(_path.rstrip("/"))):
            return Answer(led[1], location=led[0])
        return super().none(_path)


HOSTS = (GitHubPages, Netlify, BareServer)


def _classes(item: html.HtmlElement) -> set[str | None]:
    """Of the list that an item stands in, and of what that stands in."""
    return {item.getparent().get("class"), item.getparent().getparent().get("class")}


class Arrival(Struct, frozen=True):
    """Where a reader ends: the file's path in the site, and the element that the fragment names."""

    path: str
    element: html.HtmlElement | None


class Reader:
    """Follows redirects, refreshes of no seconds, and the link of a post that has moved or stands on a later page."""

    def __init__(self, host: BareServer) -> None:
        self.host = host
        self.pages: dict[Path, html.HtmlElement] = {}
        self.named: dict[Path, dict[str, html.HtmlElement]] = {}

    def follow(self, address: str) -> Arrival | None:
        """Where an address of the site (from its root) leads; None where it is broken."""
        for _ in range(HOPS):
            url, fragment = urldefrag(address)
            answer = self.host.get(urlsplit(url).path)
            if answer.location is not None:
                address = urljoin(url, answer.location)
                address += f"#{fragment}" if fragment and "#" not in address else ""
                continue
            if answer.status != 200 or answer.file is None:
                return None
            arrival = self._arrival(answer.file, unquote(fragment))
            onward = self._onward(arrival, answer.file, fragment)
            if onward is None:
                return arrival
            address = urljoin(url, onward)
        return None

    def _arrival(self, file: Path, fragment: str) -> Arrival:
        path = file.relative_to(self.host.folder).as_posix()
        if file.suffix != ".html":
            return Arrival(path, None)
        if file not in self.pages:
            page = self.pages[file] = html.fromstring(file.read_bytes())
            self.named[file] = {element.get("id"): element for element in page.iter() if element.get("id")}
        return Arrival(path, self.named[file].get(fragment))

    def _onward(self, arrival: Arrival, file: Path, fragment: str) -> str | None:
        element = arrival.element
        if element is not None and element.tag == "li" and {"kept", "later"} & _classes(element):
            link = element.find("a")
            return None if link is None else str(link.get("href"))
        if file not in self.pages or (element is not None and fragment):
            return None
        for meta in self.pages[file].iter("meta"):
            if meta.get("http-equiv") == "refresh":
                led = re.fullmatch(r"0; url=(.+)", meta.get("content"))
                assert led, "a refresh that is not immediate"
                return led[1]
        return None

    def document(self, address: str) -> dict[str, Any] | None:
        """The JSON at an address."""
        arrival = self.follow(address)
        return json.loads((self.host.folder / arrival.path).read_bytes()) if arrival else None
