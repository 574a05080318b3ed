"""Which posts a publisher's rules hide, and the ids that are published in place of those that would tell what is hidden."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence

from rostra.config.redaction_rules import RedactionRule
from rostra.identity.permalinks import digits
from rostra.model import Post, Thread
from rostra.privacy.name_forms import name_keys


def alias(key: bytes, id: str) -> str:
    """The id that is published for one of a debate or post that tells what is hidden."""
    prefix = "p-" if id.startswith("p-") else ""
    return prefix + digits(hmac.digest(key, id.encode("utf-8", "surrogatepass"), "sha256").hex())


class HiddenPosts:
    """The rules by number, and what they hide."""

    def __init__(self, rules: Mapping[int, RedactionRule], key: bytes) -> None:
        self.rules = rules
        self.met: dict[int, set[tuple[str, str]]] = {number: set() for number in rules}
        """The posts that each rule hides, or a passage of them, with their debates."""
        self.said: set[int] = set()
        """The rules whose passage stands in its post."""
        self._key = key
        self._posts: dict[str, list[int]] = {}
        self._people: dict[object, int] = {}
        for number, rule in rules.items():
            if rule.post:
                self._posts.setdefault(rule.post, []).append(number)
            for each in (rule.person, *rule.also) if rule.person else ():
                for key_of in name_keys(each or ""):
                    self._people.setdefault(key_of, number)

    def alias(self, id: str) -> str:
        """An id that is published for another, and from which nobody without the key can tell whether it is that one's."""
        return alias(self._key, id)

    def person(self, name: str | None) -> int | None:
        """The rule that hides whoever is called so."""
        return next((self._people[key] for key in name_keys(name) if key in self._people), None) if name else None

    def of(self, thread: Thread) -> dict[str, tuple[int, ...]]:
        """The posts that are hidden, or a passage of them, each with the rules that hide it."""
        found = {}
        for post in thread.posts:
            if numbers := tuple(sorted({*self._by_author(post), *self._by_id(thread.id, post.id)})):
                found[post.id] = numbers
                for number in numbers:
                    self.met[number].add((thread.id, post.id))
        return found

    def whole(self, numbers: Iterable[int]) -> bool:
        """Whether one of these rules hides all of a post."""
        return any(self.rules[number].passage is None for number in numbers)

    def _by_author(self, post: Post) -> Sequence[int]:
        author = post.raw.author if self._people else None
        names = (author.name, author.id) if author else ()
        return [number for name in names if (number := self.person(name)) is not None]

    def _by_id(self, thread: str, post: str) -> list[int]:
        if not self._posts:
            return []
        numbers = (*self._posts.get(post, ()), *self._posts.get(self.alias(post), ()))
        return [number for number in numbers if self._is(self.rules[number].thread, thread)]

    def _is(self, named: str | None, thread: str) -> bool:
        """Whether a rule's debate is this one, either of which may be called as it is published."""
        return named in (None, thread) or named == self.alias(thread) or self.alias(named or "") == thread
