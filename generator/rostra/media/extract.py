"""Extract files from others: mailboxes, zip archives, saved pages (MHTML), bodies and web archives."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import cast
from urllib.parse import unquote_to_bytes

from rostra.errors import RostraError
from rostra.markup.sanitise import embedded
from rostra.media.places import PAGES
from rostra.model import Edition
from rostra.readers import Dump, choose
from rostra.readers.dumps.saved_pages import is_archive, parts_of_page
from rostra.system.lazy_regex import late
from rostra.system.web_address import web_address

LARGEST = 1 << 30
"""The most bytes of an extracted file, which is completely in memory."""
DATA = late(r"(?i)data:[^\"'<>)]*")
Extractor = Callable[[Dump, Collection[str]], Iterator[tuple[str, bytes]]]


def extracted(dump: Dump, format: str | None, places: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files at places within a dump, one at a time; places without a file are left out.

    ``format`` is what the dump's card says.  A place is a path (``path:``), an address or name in a saved page
    (``page:``, ``cid:``), or has the form of the dump's reader.
    """
    paths = sorted(each for each in places if each.startswith("path:"))
    yield from _members(dump, paths)
    parts = {each for each in places if each.startswith(("page:", "cid:"))}
    if parts:
        yield from _page_parts(dump, parts)
    others = [each for each in places if each not in parts and not each.startswith("path:")]
    if others:
        reader = choose(dump, format)
        if extract := cast("Extractor | None", getattr(reader, "extract", None)):
            yield from extract(dump, others)


def _members(dump: Dump, paths: Collection[str]) -> Iterator[tuple[str, bytes]]:
    archive = dump.archive
    for each in paths if archive else ():
        assert archive
        with suppress(RostraError, OSError, KeyError), archive.open(dump.path / each.removeprefix("path:")) as stream:
            yield each, stream.read(LARGEST)


def _page_parts(dump: Dump, places: Collection[str]) -> Iterator[tuple[str, bytes]]:
    for file in dump.files():
        if (dump.is_folder and file.path.suffix.lower() not in PAGES) or not is_archive(file.head):
            continue
        data, _ = file.content("text")
        for id, location, part in parts_of_page(data):
            address = web_address(location)
            for place in filter(None, (id and f"cid:{id}", address and f"page:{address}")):
                if place in places:
                    content = part.get_payload(decode=True)
                    if isinstance(content, bytes):
                        yield place, content


def from_bodies(edition: Edition, addresses: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures that bodies contain themselves (``data:`` addresses), by the addresses that replace them."""
    left = set(addresses)
    for each in edition.posts:
        if not left:
            return
        if "data:" not in each.post.raw.body:
            continue
        for found in DATA.finditer(each.post.raw.body):
            address = embedded(found[0])
            if address in left:
                left.discard(address)
                if (content := data_of(found[0])) is not None:
                    yield address, content


def data_of(address: str) -> bytes | None:
    """Return the content of a ``data:`` address (RFC 2397); None if it is not one."""
    head, comma, content = address.partition(",")
    if not comma:
        return None
    plain = unquote_to_bytes(content)
    if not head.rstrip().lower().endswith(";base64"):
        return plain
    try:
        return b64decode(plain + b"==")
    except (Error, ValueError):
        return None
