"""Collect the files that posts refer to: pictures in their bodies, their attachments, and links that may lead to a file."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from typing import Literal
from urllib.parse import unquote

from msgspec import Struct
from msgspec.msgpack import Decoder, encode
from msgspec.structs import replace

from rostra.model import Attachment, Edition, RawPost, RawThread
from rostra.system.lazy_regex import late
from rostra.system.web_address import web_address

LINK = late(r'<a (?:[a-z-]+="[^"]*" )*?href="([^"]*)"')
PICTURE = ' class="picture"'
FILE = late(
    r"(?i)[^?#]*\.(?:jpe?g|png|gif|webp|avif|mp4|m4[av]|webm|og[gav]|opus|mp3|pdf|txt|zip|docx|xlsx|pptx|od[tsp])(?:[?#].*)?"
)
"""An address with the extension of a file that may be published."""
UPLOADED = late(r"(?i)/(?:user_uploads|uploads|attachments?|download/file\.php|index\.php\?action=dlattach)\b")
"""An address below which forums keep what their users uploaded."""
MOST = 2_000
"""The most files of a post that are published; the others stay links."""
MediaRole = Literal["attachment", "picture", "link"]


class FileReference(Struct, frozen=True, array_like=True):
    """A file that a post refers to.

    ``address`` is as in the body or attachment, ``base`` the address of the page that it is relative to; ``at`` is its
    place in a dump (``Attachment.at``), after the mark of that dump.  ``number`` is that of an attachment.
    """

    post: str
    role: MediaRole
    address: str
    base: str | None
    at: str | None
    name: str
    number: int

    @property
    def absolute(self) -> str | None:
        """Return the web address; None if it has none."""
        return web_address(self.address, self.base) if self.address else None


def dump_mark(dump: str) -> str:
    """Return the mark of places in the dump of this name."""
    return sha256(dump.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def located(raw: RawThread, dump: str) -> RawThread:
    """Return a thread whose attachments have the mark of their dump, since a debate may have several."""

    def post(of: RawPost) -> RawPost:
        return replace(of, attachments=tuple(map(file, of.attachments)))

    def file(of: Attachment) -> Attachment:
        return of if of.at is None else replace(of, at=f"{mark}|{of.at}")

    mark = dump_mark(dump)
    if all(each.at is None for of in raw.posts for each in of.attachments):
        return raw
    return replace(raw, posts=tuple(post(of) if of.attachments else of for of in raw.posts))


def references(edition: Edition) -> Iterator[FileReference]:
    """Yield the references of a debate's posts, as far as their words and attachments are published."""
    for each in edition.posts:
        raw, id = each.post.raw, each.post.id
        base = raw.url or edition.thread.url
        parts = {file.cid: file.at for file in raw.attachments if file.cid and file.at}
        for number, file in enumerate(raw.attachments[:MOST]):
            if file.at or file.url:
                yield FileReference(id, "attachment", file.url or "", base, file.at, file.name, number)
        seen = set[str]()
        for _, tag in each.body.tags:
            if not tag.startswith("<a ") or not (address := tag_address(tag)) or len(seen) >= MOST:
                continue
            role: MediaRole = "picture" if PICTURE in tag else "link"
            if address in seen or (role == "link" and not (FILE.match(address) or UPLOADED.search(address))):
                continue
            seen.add(address)
            part = parts.get(unquote(address[len("cid:") :])) if address.startswith("cid:") else None
            yield FileReference(id, role, address, base, part, last_name(address), -1)


def encode_references(edition: Edition) -> bytes:
    """Return what the posts of a debate refer to, encoded; empty if they refer to nothing."""
    found = list(references(edition))
    return encode(found) if found else b""


def tag_address(tag: str) -> str:
    """Return the address of a link's tag, as ``FileReference.address`` has it; empty if there is none."""
    return unescape(found[1]) if (found := LINK.match(tag)) else ""


def last_name(address: str) -> str:
    """Return the last part of an address, as people read it."""
    return unquote(address.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2])


decode_references = Decoder(list[FileReference]).decode
