"""One file of the site, read once: its digest, and what of it can be told without the others.

Runs in workers, so everything goes in and comes out as plain values.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from hashlib import file_digest, sha256
from html import unescape
from pathlib import Path

from msgspec import Struct

from rostra.check.apparatus import notes, page_quotations, taken
from rostra.check.documents import read_document
from rostra.check.findings import Finding
from rostra.check.links import Away, Target, Wrong, leads, requested
from rostra.check.page import TAG, PageLink, read_page

READ = (".html", ".css", ".xml", "/thread.json", "/annotations.jsonld")
"""Files that are more than bytes here.  A dump that ends so is published under a longer name."""
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)|@import\s+['\"]([^'\"]+)")
XML_ADDRESS = re.compile(r"<(?:loc|uri)>\s*([^<\s]+)\s*</|\s(?:href|src)=[\"']([^\"']+)[\"']")
JSON_ADDRESS = re.compile(r'"(?:[a-z_]+_)?url":\s*"([^"\\]+)"')


class Facts(Struct, frozen=True, array_like=True):
    """What is known of a file.

    ``ids`` are those of a page; ``refers`` the places elsewhere in the site that it leads to, as
    ``Target.reference``; ``outside`` the addresses of other hosts; ``given`` and ``taken`` the quotations
    across files, as the quoting and the quoted file tell them.
    """

    digest: str
    ids: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def scan(output: Path, path: str, address: str) -> Facts:
    """What is to be known of the file ``path``; raises OSError where it cannot be read."""
    if not path.endswith(READ) and path != "feed.json":
        with (output / path).open("rb") as stream:
            return Facts(file_digest(stream, "sha256").hexdigest())
    content = (output / path).read_bytes()
    digest = sha256(content).hexdigest()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return Facts(
            digest, findings=(Finding(path, content.count(b"\n", 0, error.start) + 1, "not-text", "not UTF-8"),)
        )
    if path.endswith(".html"):
        return _page(path, text, digest, address)
    if path.endswith("/thread.json"):
        wrong: list[tuple[str, str]] = []
        out, back = read_document(content, wrong)
        placed = tuple(Finding(path, 1, code, message) for code, message in wrong)
        return Facts(digest, given=tuple(sorted(out)), taken=tuple(sorted(back)), findings=placed)
    if path.endswith(".jsonld"):
        return _annotations(path, text, digest)
    pattern = CSS_URL if path.endswith(".css") else JSON_ADDRESS if path.endswith(".json") else XML_ADDRESS
    found = [unescape(next(group for group in match.groups() if group)) for match in pattern.finditer(text)]
    kind = ("link stylesheet", "src") if path.endswith(".css") else ("a", "href")
    refers, outside, findings = set(), set(), []
    for said in found:
        led = leads(PageLink(said, 0, *kind), path, address)
        if isinstance(led, Wrong):
            findings.append(Finding(path, text.count("\n", 0, max(0, text.find(said))) + 1, led.code, led.message))
        elif isinstance(led, Target):
            refers.add(led.reference)
        elif isinstance(led, Away):
            outside.add(led.url)
    return Facts(digest, (), tuple(sorted(refers)), tuple(sorted(outside)), findings=tuple(findings))


def _page(path: str, text: str, digest: str, address: str) -> Facts:
    page = read_page(text)
    wrong = list(page.wrong)
    led: list[tuple[PageLink, Target]] = []
    outside: set[str] = set()
    at: list[int] = []

    def note(code: str, link: PageLink, message: str) -> None:
        # Links tell their token; the place of each is looked up once something is wrong.
        if not at:
            at.extend(found.start() for found in TAG.finditer(text))
        wrong.append((code, at[link.at], message))

    refers: set[str] = set()
    for link in page.links:
        where = leads(link, path, address)
        if isinstance(where, Wrong):
            note(where.code, link, where.message)
        elif isinstance(where, Away):
            outside.add(where.url)
        elif where is not None:
            led.append((link, where))
            if where.path != path:
                refers.add(("!" if requested(link) else "") + where.reference)
                # An address that names its host leads from disk to the host anyway.
                if link.element == "a" and link.address.partition("#")[0].endswith("/") and "//" not in link.address:
                    note("folder-link", link, f"{link.address!r} leads to a folder")
            elif where.fragment not in ("", "top") and where.fragment not in page.ids:
                note("broken-fragment", link, f"#{where.fragment} is not in this page")
    for message, link in notes(path, led):
        note("one-way-note", link, message)
    out, back = dict(page_quotations(path, led)), dict(taken(path, led))
    for way in sorted(out.keys() - back.keys()):
        if way.partition(" > ")[2].startswith(f"{path}#"):
            note("one-way-quotation", out[way], f"{way}: its source has no way back")
    for way in sorted(back.keys() - out.keys()):
        if way.startswith(f"{path}#"):
            note("one-way-quotation", back[way], f"{way}: the way back leads to no quotation")
    return Facts(
        digest,
        tuple(page.ids),
        tuple(sorted(refers)),
        tuple(sorted(outside)),
        tuple(sorted(way for way in out if not way.partition(" > ")[2].startswith(f"{path}#"))),
        tuple(sorted(way for way in back if not way.startswith(f"{path}#"))),
        _placed(path, text, wrong),
    )


def _annotations(path: str, text: str, digest: str) -> Facts:
    """W3C annotations: each source is a page with the post in it."""
    try:
        items = json.loads(text)["first"]["items"]
        refers = {
            led._replace(fragment=each["selector"]["value"]).reference
            for item in items
            for end in (item["target"], item["body"])
            for each in (end if isinstance(end, list) else [end])
            if isinstance(led := leads(PageLink(each["source"], 0, "a", "href"), path, ""), Target)
        }
    except (ValueError, KeyError, TypeError) as error:
        return Facts(digest, findings=(Finding(path, 1, "not-text", f"these are no annotations: {error!r}"),))
    return Facts(digest, refers=tuple(sorted(refers)))


def _placed(path: str, text: str, wrong: Iterable[tuple[str, int, str]]) -> tuple[Finding, ...]:
    """What is wrong with the line of each."""
    wrong = list(wrong)
    if not wrong:
        return ()
    breaks = [found.start() for found in re.finditer("\n", text)]
    return tuple(sorted(Finding(path, bisect_right(breaks, at) + 1, code, said) for code, at, said in wrong))
