"""Report what a site's first publication makes public, before it is published, since it cannot be undone."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.config.build_record import private_posts
from rostra.config.site import Site
from rostra.privacy.email_addresses import ADDRESS
from rostra.readers.guards.unpublished import PRIVATE, counted

RECORDS = ("publish.git/refs", "published")
"""The places in the cache where publishing records what it sent."""

UNSAID = {"whatsapp"}
"""Formats that do not say who could read a chat; their messages are published as given."""


class PublishedAuthor(Struct, frozen=True):
    """The author of a post."""

    name: str
    id: str | None = None


class PublishedPost(Struct, frozen=True):
    """The fields of a post that are counted."""

    author: PublishedAuthor | None
    text: str
    attachments: tuple[object, ...]


class PublishedProblem(Struct, frozen=True):
    """A problem of a dump in a document."""

    code: str
    message: str


class PublishedSource(Struct, frozen=True):
    """The format of a thread's dump."""

    format: str = ""


class PublishedThread(Struct, frozen=True):
    """The fields of a thread document that are counted."""

    posts: tuple[PublishedPost, ...]
    problems: tuple[PublishedProblem, ...]
    source: PublishedSource = PublishedSource()


class GoingPublic(Struct, frozen=True):
    """The amount of personal data in the built site."""

    people: int
    addresses: int
    """How many e-mail addresses are shown."""
    attachments: int
    private: int
    """How many posts were not public and are left out."""
    chats: int
    """How many debates are from exports that do not say who could read them."""

    def __str__(self) -> str:
        said = (
            (self.people, "person", "people"),
            (self.addresses, "e-mail address", "e-mail addresses"),
            (self.attachments, "attachment", "attachments"),
        )
        shown = ", ".join(f"{count:,} {one if count == 1 else many}" for count, one, many in said)
        left = f"{self.private:,} private post{'' if self.private == 1 else 's'}"
        chats = f"{self.chats:,} debate{'' if self.chats == 1 else 's'} from chats whose export does not say who could read them"
        unknown = f"; {chats}" if self.chats else ""
        return f"never published from here; it would make public: {shown}{unknown}; {left} left out"


def going_public(site: Site) -> GoingPublic | None:
    """Return the counts of a built site; None if it was published from here before, or is not built."""
    documents = sorted((site.output / "debates").glob("*/thread.json"))
    noted = (each for record in RECORDS for each in (site.cache / record).rglob("*"))
    private = private_posts(site)
    if not (documents or private) or any(each.is_file() for each in noted):
        return None
    people, addresses = set[str](), set[str]()
    attachments = chats = 0
    for path in documents:
        document = _read(path)
        for post in document.posts if document else ():
            people |= {post.author.name} if post.author else set()
            attachments += len(post.attachments)
            addresses |= {found[0].lower() for found in ADDRESS.finditer(post.text)}
        chats += document is not None and document.source.format in UNSAID
        private += sum(counted(each.message) for each in document.problems if each.code == PRIVATE) if document else 0
    return GoingPublic(len(people), len(addresses), attachments, private, chats)


def _read(path: Path) -> PublishedThread | None:
    """Return a document; None if it is damaged, which the check itself reports."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=PublishedThread)
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return None
