"""A pseudonym for every author, as a site may choose: the same in every build, and not to be undone from what is published.

A pseudonym is made of a name with a secret key (HMAC-SHA-256), which is kept in ``pseudonyms.key``
beside the settings.  Whoever has the key can tell who is who; whoever loses it gets other pseudonyms.
Names disappear before ids are made, and with them whatever would lead back to the source: addresses
of posts, profiles, ids.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256

from msgspec.structs import replace

from rostra.cards import Card
from rostra.errors import RostraError, UsageError
from rostra.late import late
from rostra.markup.blackout import blackout, without
from rostra.model import Author, Body, Post, RawPost, RawThread
from rostra.quotations.weights import BITS
from rostra.site import Site

KEY = "pseudonyms.key"
ADJECTIVES = "Amber Ashen Azure Brisk Bronze Calm Clear Copper Coral Crimson Dapper Dusky Early Fallow Gentle Gilded Golden Hazel Indigo Ivory Jade Lilac Mellow Misty Mossy Olive Pearly Quiet Russet Silver Sunny Velvet".split()  # noqa: SIM905  # a list to read
ANIMALS = "Badger Bittern Bream Crane Curlew Dipper Dormouse Eider Falcon Finch Gannet Grebe Hare Heron Ibis Jackdaw Kestrel Lapwing Lark Linnet Marten Merlin Newt Otter Owl Plover Raven Robin Stoat Swift Vole Wren".split()  # noqa: SIM905  # likewise
WORD = late(r"[^\W_]+")
SHORTEST = 3
"""Code points that a name must have to be looked for in what people wrote."""
COMMON = 11.0
"""Bits of a word below which it is no name wherever it stands: only after ``@`` or in an address."""


class Pseudonyms:
    """The pseudonyms of a site; ``learn`` first every name there is."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.names: set[str] = set()

    def learn(self, thread: RawThread) -> None:
        """Who wrote in a thread."""
        self.names |= {
            name for post in thread.posts if post.author for name in (post.author.name, post.author.id) if name
        }

    def learn_card(self, card: Card) -> None:
        """Whom a card names."""
        self.names |= {each.author for each in card.correction if each.author}

    @property
    def stamp(self) -> str:
        """What every edition depends on."""
        return sha256(repr((self.key, sorted(self.names))).encode("utf-8", "surrogatepass")).hexdigest()

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}\x1f{text}".encode("utf-8", "surrogatepass"), "sha256")

    def of(self, name: str) -> str:
        """The pseudonym of a name."""
        made = self._digest("author", name)
        return f"{ADJECTIVES[made[0] % 32]} {ANIMALS[made[1] % 32]} {b32encode(made[2:7]).decode().lower()[:5]}"

    def id(self, native: str | None) -> str | None:
        """An id that stands for one of the source."""
        return b32encode(self._digest("id", native)).decode().lower()[:10] if native else None

    def thread(self, thread: RawThread) -> RawThread:
        """The thread as if its authors had these names."""
        return replace(
            thread,
            native_id=self.id(thread.native_id),
            title=self._said(thread.title),
            url=None,
            tags=tuple(self._said(tag) or "" for tag in thread.tags),
            posts=tuple(self._post(post) for post in thread.posts),
            # What a reader says of its dump may name posts as the source does.
            problems=tuple(
                replace(problem, message=f"a problem of the kind “{problem.code}”", post=self.id(problem.post))
                for problem in thread.problems
            ),
        )

    def card(self, card: Card) -> Card:
        """A card without what would lead back to the source, and with pseudonyms for the authors whom it names."""
        return replace(
            card,
            title=self._said(card.title),
            url=None,
            old_addresses=(),
            tags=tuple(self._said(tag) or "" for tag in card.tags),
            correction=tuple(
                replace(
                    each,
                    author=self.of(each.author) if each.author else each.author,
                    title=self._said(each.title),
                    note=self._said(each.note),
                    withdrawn=self._said(each.withdrawn),
                )
                for each in card.correction
            ),
        )

    def _post(self, post: RawPost) -> RawPost:
        return replace(
            post,
            key=self.id(post.key) or post.key,
            parent=self.id(post.parent),
            native_id=self.id(post.native_id),
            author=Author(name=self.of(post.author.name)) if post.author else None,
            url=None,
            title=self._said(post.title),
            note=self._said(post.note),
            attachments=tuple(replace(file, name=self._said(file.name) or "", url=None) for file in post.attachments),
        )

    def body(self, _post: Post, body: Body) -> Body:
        """The body with pseudonyms for the names in it."""
        body = blackout(body, ((start, end, self.of(name)) for start, end, name in self._found(body.text)))
        return without(body, lambda text: any(True for _ in self._found(text)), "…")

    def _said(self, text: str | None) -> str | None:
        if not text:
            return text
        out, at = list[str](), 0
        for start, end, name in self._found(text):
            if start >= at:
                out += (text[at:start], self.of(name))
                at = end
        return "".join((*out, text[at:]))

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[str, int]]]:
        """Names by their first word, as handles are written too, the longest first; with the word's place in them."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name in self.names:
            if len(name) >= SHORTEST and (first := WORD.search(name)):
                found.setdefault(first[0].casefold(), []).append((name, first.start()))
        return {word: sorted(names, key=lambda item: (-len(item[0]), item[0])) for word, names in found.items()}

    def _found(self, text: str) -> Iterable[tuple[int, int, str]]:
        for word in WORD.finditer(text):
            for name, offset in self._by_word.get(word[0].casefold(), ()):
                start = word.start() - offset
                end = start + len(name)
                said = text[start:end] if start >= 0 else ""
                if end < len(text) and text[end].isalnum():
                    continue
                handle = start > 0 and text[start - 1] in "@/="
                if (said == name and (handle or not _common(name))) or (handle and said.casefold() == name.casefold()):
                    yield start, end, name
                    break


def _common(name: str) -> bool:
    """Whether a name is a word that people write without meaning anybody."""
    words = [word.casefold() for word in WORD.findall(name)]
    return len(words) == 1 and BITS.get(words[0], 99.0) < COMMON


def load_key(site: Site) -> bytes:
    """The site's key, made where there is none yet; raises UsageError where it is no key, and RostraError for a locked site without one."""
    path = site.root / KEY
    if not path.exists():
        if site.locked:
            raise RostraError(
                "there is no key, and a new one would change every pseudonym",
                path=KEY,
                hint="give it to the machine that builds, as a secret file beside rostra.toml",
            )
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        path.chmod(0o600)
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise UsageError("this is no key", path=KEY, hint="restore it; without it every pseudonym changes") from error
