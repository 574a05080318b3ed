"""Optional pseudonyms for all authors: the same in every build, and not reversible from what is published.

A pseudonym is made from a name and a secret key (HMAC-SHA-256), which is in ``pseudonyms.key`` beside the settings.
Anyone with the key can identify authors; without it, the pseudonyms change.  Names and ids of the source are replaced
before Rostra makes its own ids; addresses of posts and profiles are removed too, since they lead to the source.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256

from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.i18n.text_folding import letters_of
from rostra.markup.blackout import Cut
from rostra.model import Author, Body, Mark, Problem, RawPost, RawThread, Thread
from rostra.model.thread import renamed
from rostra.privacy.masking import Mask
from rostra.privacy.name_forms import name_keys
from rostra.privacy.name_parts import NamePart, parts_of, searched_part
from rostra.privacy.name_patterns import NameMatch, Names, name_matcher
from rostra.system.lazy_regex import late

ADJECTIVES = "Amber Ashen Azure Brisk Bronze Calm Clear Copper Coral Crimson Dapper Dusky Early Fallow Gentle Gilded Golden Hazel Indigo Ivory Jade Lilac Mellow Misty Mossy Olive Pearly Quiet Russet Silver Sunny Velvet".split()  # noqa: SIM905  # a list to read
ANIMALS = "Badger Bittern Bream Crane Curlew Dipper Dormouse Eider Falcon Finch Gannet Grebe Hare Heron Ibis Jackdaw Kestrel Lapwing Lark Linnet Marten Merlin Newt Otter Owl Plover Raven Robin Stoat Swift Vole Wren".split()  # noqa: SIM905  # a list to read
NOBODY = "N. N."
"""The pseudonym for a part of a name that several people share."""
ID = late(r"(?<![^\W_])(?=[a-z]*[2-7])[a-z2-7]{10}(?![^\W_])")
"""Ids made with the key, which may contain a name by chance."""


class Pseudonyms(Mask):
    """The pseudonyms of a site; ``learn`` all names first.  Words in ``keep`` name nobody."""

    blank = "…"

    def __init__(self, key: bytes, keep: Iterable[str] = ()) -> None:
        self.key = key
        self.people: set[str] = set()
        """Names and ids of all authors."""
        self._keep = frozenset(map(letters_of, keep))

    def learn(self, thread: RawThread) -> None:
        """Add the authors of a thread."""
        self.people |= {
            name for post in thread.posts if post.author for name in (post.author.name, post.author.id) if name
        }

    def learn_card(self, card: Card) -> None:
        """Add the authors that a card names."""
        self.people |= {each.author for each in card.correction if each.author}
        self.people |= {name for each in card.person for name in (each.name, *each.names)}

    @cached_property
    def names(self) -> Names:
        """The matcher for the names and their parts; use it once all names are known."""
        people = sorted(each for each in self.people if letters_of(each) not in self._keep)
        whose: dict[NamePart, set[str]] = {}
        for each in people:
            for part in parts_of(each):
                if letters_of(part.word) not in self._keep:
                    whose.setdefault(part, set()).add(each)
        more = [part.form(of.pop() if len(of) == 1 else None) for part, of in whose.items()]
        return name_matcher(map(searched_part, people), map(self.of, people), more)

    @property
    def key_digest(self) -> str:
        """A digest that distinguishes keys and does not reveal the key."""
        return self._digest("key", "").hex()

    @property
    def stamp(self) -> str:
        """A fingerprint of everything that editions depend on."""
        told = repr((self.key, sorted(self.people), sorted(self._keep)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}\x1f{text}".encode("utf-8", "surrogatepass"), "sha256")

    def of(self, name: str) -> str:
        """Return the pseudonym of a name."""
        made = self._digest("author", name)
        return f"{ADJECTIVES[made[0] % 32]} {ANIMALS[made[1] % 32]} {b32encode(made[2:7]).decode().lower()[:5]}"

    def called(self, name: str) -> list[str]:
        """Return the pseudonyms of everyone with this name, however it is written."""
        keys = set(name_keys(name))
        return [self.of(each) for each in sorted(self.people | {name}) if not keys.isdisjoint(name_keys(each))]

    def id(self, native: str | None) -> str | None:
        """Return the replacement for an id of the source."""
        return b32encode(self._digest("id", native)).decode().lower()[:10] if native else None

    def alias(self, id: str) -> str:
        """Return the replacement for one of Rostra's own ids that reveals something hidden."""
        made = self.id(id) or ""
        return f"p-{made}" if id.startswith("p-") else made

    def thread(self, thread: RawThread) -> RawThread:
        """Return the thread with pseudonyms as authors' names and replaced source ids; ``masked`` handles texts."""
        return replace(
            thread,
            native_id=self.id(thread.native_id),
            url=None,
            posts=tuple(map(self._post, thread.posts)),
            problems=tuple(map(self.problem, thread.problems)),
        )

    def problem(self, problem: Problem) -> Problem:
        """Return a reader's problem without its message, which may contain names and post ids of the source."""
        return replace(problem, message=f"a problem of the kind “{problem.code}”", post=self.id(problem.post))

    def _post(self, post: RawPost) -> RawPost:
        return replace(
            post,
            key=self.id(post.key) or post.key,
            id=post.id and self.alias(post.id),
            parent=self.id(post.parent),
            native_id=self.id(post.native_id),
            author=Author(name=self.of(post.author.label)) if post.author else None,
            url=None,
            attachments=tuple(replace(file, url=None) for file in post.attachments),
        )

    def unguessable(self, thread: Thread) -> Thread:
        """Return the thread with replacements for ids that are digests of words, which could be used to guess them."""
        ids = {post.id: post.id if post.raw.native_id or post.raw.id else self.alias(post.id) for post in thread.posts}
        named = (replace(post, raw=replace(post.raw, id=ids[post.id])) for post in thread.posts)
        return renamed(replace(thread, posts=tuple(named)), ids)

    def card(self, card: Card) -> Card:
        """Return a card without values that lead to the source, and with pseudonyms for the authors that it names."""
        return replace(
            card,
            url=None,
            old_addresses=(),
            withdrawn=self.maybe(card.withdrawn),
            quotation=tuple(
                replace(each, text=self.text(each.text), words=self.maybe(each.words)) for each in card.quotation
            ),
            correction=tuple(
                replace(
                    each,
                    author=self.of(each.author) if each.author else each.author,
                    withdrawn=self.maybe(each.withdrawn),
                )
                for each in card.correction
            ),
        )

    def _put(self, found: NameMatch) -> str:
        return self.of(found.label) if isinstance(found.label, str) else NOBODY

    def cuts(self, body: Body) -> Iterator[Cut]:
        """Return the names in a body with their pseudonyms."""
        return ((found.start, found.end, self._put(found)) for found in self.names.spans(body.text))

    def text(self, text: str) -> str:
        """Return a text with its names replaced by pseudonyms."""
        out, at = list[str](), 0
        for found in self.names.spans(text):
            out += (text[at : found.start], self._put(found))
            at = found.end
        return "".join((*out, text[at:]))

    def tells(self, text: str) -> bool:
        """Whether a text contains a name."""
        return self.names.found(text)

    def mark(self, mark: Mark) -> Mark:
        """Return a quotation's attribution in the source's markup, with pseudonyms and replaced ids."""
        author = self.of(mark.author) if mark.author else None
        return Mark(author=author, post=self.id(mark.post), thread=self.id(mark.thread))
