"""Read one file of the site: its digest, and the findings that need no other file.

It runs in workers, so arguments and results are plain values.
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
from rostra.check.links import Away, Target, WrongLink, leads, requested
from rostra.check.page import TAG, PageAddress, read_page

READ = (".html", ".css", ".xml", "/thread.json", "/annotations.jsonld")
"""Files that are parsed.  Published dumps never have these endings."""
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)|@import\s+['\"]([^'\"]+)")
XML_ADDRESS = re.compile(
    r"<(?:loc|uri)>\s*([^<\s]+)\s*</"
    # Words of a post may look like an attribute.
    r"""|<[\w:-]+(?:\s+[\w:-]+=(?:"[^"]*"|'[^']*'))*?\s+(?:href|src)=(?:"([^"]+)"|'([^']+)')"""
)
JSON_ADDRESS = re.compile(r'"(?:[a-z_]+_)?url":\s*"([^"\\]+)"')


class Facts(Struct, frozen=True, array_like=True):
    """The facts of a file.

    ``ids`` are those of a page; ``refers`` its links to other files of the site, as ``Target.reference``;
    ``outside`` its links to other hosts; ``given`` and ``taken`` the quotations across files, as stated by the quoting
    and the quoted file.
    """

    digest: str
    ids: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def scan(output: Path, path: str, address: str) -> Facts:
    """Return the facts of the file ``path``; raises OSError if it cannot be read."""
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
        led = leads(PageAddress(said, 0, *kind), path, address)
        if isinstance(led, WrongLink):
            findings.append(Finding(path, text.count("\n", 0, max(0, text.find(said))) + 1, led.code, led.message))
        elif isinstance(led, Target):
            refers.add(led.reference)
        elif isinstance(led, Away):
            outside.add(led.url)
    return Facts(digest, (), tuple(sorted(refers)), tuple(sorted(outside)), findings=tuple(findings))


def _page(path: str, text: str, digest: str, address: str) -> Facts:
    page = read_page(text)
    wrong = list(page.wrong)
    led: list[tuple[PageAddress, Target]] = []
    outside: set[str] = set()
    at: list[int] = []

    def note(code: str, link: PageAddress, message: str) -> None:
        # Links have token numbers; their offset is computed only for findings.
        if not at:
            at.extend(found.start() for found in TAG.finditer(text))
        wrong.append((code, at[link.at], message))

    refers: set[str] = set()
    for link in page.links:
        where = leads(link, path, address)
        if isinstance(where, WrongLink):
            note(where.code, link, where.message)
        elif isinstance(where, Away):
            outside.add(where.url)
        elif where is not None:
            led.append((link, where))
            if where.path != path:
                refers.add(("!" if requested(link) else "") + where.reference)
                # A link that names the host leads to the host even from disk.
                if link.element == "a" and link.address.partition("#")[0].endswith("/") and "//" not in link.address:
                    note("folder-link", link, f"{link.address!r} leads to a folder")
            elif where.fragment not in ("", "top") and where.fragment not in page.ids:
                note("broken-fragment", link, f"#{where.fragment} is not in this page")
    for message, link in notes(path, led):
        note("one-way-note", link, message)
    out, back = dict(page_quotations(path, led)), dict(taken(path, led))
    for way in sorted(out.keys() - back.keys()):
        if way.partition(" > ")[2].startswith(f"{path}#"):
            note("one-way-quotation", out[way], f"{way}: its source has no link back")
    for way in sorted(back.keys() - out.keys()):
        if way.startswith(f"{path}#"):
            note("one-way-quotation", back[way], f"{way}: the link back leads to no quotation")
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
    """Check W3C annotations: each source is a page that contains the post."""
    try:
        items = json.loads(text)["first"]["items"]
        refers = {
            led._replace(fragment=each["selector"]["value"]).reference
            for item in items
            for end in (item["target"], item["body"])
            for each in (end if isinstance(end, list) else [end])
            if isinstance(led := leads(PageAddress(each["source"], 0, "a", "href"), path, ""), Target)
        }
    except (ValueError, KeyError, TypeError) as error:
        return Facts(digest, findings=(Finding(path, 1, "not-text", f"these are not annotations: {error!r}"),))
    return Facts(digest, refers=tuple(sorted(refers)))


def _placed(path: str, text: str, wrong: Iterable[tuple[str, int, str]]) -> tuple[Finding, ...]:
    """Return findings with their lines."""
    wrong = list(wrong)
    if not wrong:
        return ()
    breaks = [found.start() for found in re.finditer("\n", text)]
    return tuple(sorted(Finding(path, bisect_right(breaks, at) + 1, code, said) for code, at, said in wrong))
