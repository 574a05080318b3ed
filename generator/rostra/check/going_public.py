"""What a site's first publication makes public: told before anybody publishes it, since nothing takes it back."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from rostra.config.build_record import private_posts
from rostra.config.site import Site
from rostra.privacy.email_addresses import ADDRESS
from rostra.readers.unpublished import PRIVATE, counted

RECORDS = ("publish.git/refs", "published")
"""Where publishing notes, in the cache, what it sent."""

UNSAID = {"whatsapp"}
"""Formats that do not say who could read a chat; what they hold is published as given."""


class PublishedAuthor(Struct, frozen=True):
    """Who wrote a post."""

    name: str
    id: str | None = None


class PublishedPost(Struct, frozen=True):
    """What of a post is summed up."""

    author: PublishedAuthor | None
    text: str
    attachments: tuple[object, ...]


class PublishedProblem(Struct, frozen=True):
    """What a document says is wrong with its dump."""

    code: str
    message: str


class PublishedSource(Struct, frozen=True):
    """The format of a thread's dump."""

    format: str = ""


class PublishedThread(Struct, frozen=True):
    """What of a thread document is summed up."""

    posts: tuple[PublishedPost, ...]
    problems: tuple[PublishedProblem, ...]
    source: PublishedSource = PublishedSource()


class GoingPublic(Struct, frozen=True):
    """How much of what concerns people is in the built site."""

    people: int
    addresses: int
    """E-mail addresses that are shown."""
    attachments: int
    private: int
    """Posts that were not public and are left out."""
    chats: int
    """Debates from exports that do not say who could read them."""

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
    """The sum of a built site; None where it was published from here before, or is not built."""
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
    """A document; None of one that the check itself finds damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=PublishedThread)
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return None
