"""Find the posts that a publisher's rules hide, and replace ids that would reveal what is hidden."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from rostra.config.redaction_rules import RedactionRule
from rostra.identity.ledger import Traits, body_words, signs, traits
from rostra.identity.permalinks import digest, digits
from rostra.identity.published_posts import PostAddress
from rostra.markup import render
from rostra.model import Former, Kept, Post, Problem, Thread
from rostra.model.timestamps import sortable_time
from rostra.privacy.name_forms import name_keys
from rostra.privacy.own_words import places
from rostra.threads.grown_posts import shares_words


def alias(key: bytes, id: str) -> str:
    """Return the replacement for the id of a debate or post that reveals what is hidden."""
    prefix = "p-" if id.startswith("p-") else ""
    return prefix + digits(hmac.digest(key, id.encode("utf-8", "surrogatepass"), "sha256").hex())


class HiddenPosts:
    """The rules by number, and the posts that they hide.

    After them, each rule of a passage is repeated without it, for posts that contain a part of the passage because an
    earlier version of Rostra read them as one post.
    """

    def __init__(self, rules: Mapping[int, RedactionRule], key: bytes) -> None:
        self._parts = {number: len(rules) + number for number, rule in rules.items() if rule.passage}
        self.rules = {**rules, **{part: replace(rules[number], passage=None) for number, part in self._parts.items()}}
        self.met: dict[int, set[tuple[str, str]]] = {number: set() for number in rules}
        """The posts that each rule hides, wholly or in part, with their debates."""
        self.formers: set[Former] = set()
        """The hidden posts of earlier versions whose words are in posts of this version."""
        self.said: set[int] = set()
        """The rules whose passage is in their post."""
        self._key = key
        self._posts: dict[str, list[int]] = {}
        self._signs: dict[str, set[int]] = {}
        self._places: dict[int, set[PostAddress]] = {}
        self._people: dict[object, int] = {}
        for number, rule in rules.items():
            if rule.post:
                self._posts.setdefault(rule.post, []).append(number)
            for each in (rule.person, *rule.also) if rule.person else ():
                for key_of in name_keys(each):
                    self._people.setdefault(key_of, number)

    def alias(self, id: str) -> str:
        """Return the replacement for an id; nobody without the key can tell which id it replaces."""
        return alias(self._key, id)

    def person(self, name: str | None) -> int | None:
        """Return the rule that hides the person of this name, or None."""
        return next((self._people[key] for key in name_keys(name) if key in self._people), None) if name else None

    def of(self, thread: Thread) -> dict[str, tuple[int, ...]]:
        """Return the posts that are hidden, wholly or in part, each with the rules that hide it."""
        found, here = {}, {(thread.id, post.id) for post in thread.posts}
        for post in thread.posts:
            by_id = [*self.by_id(thread.id, post.id), *self._by_former(post), *self._by_signs(thread.id, post, here)]
            if numbers := tuple(sorted({*self._by_author(post), *by_id})):
                found[post.id] = numbers
                for number in self.met.keys() & numbers:
                    self.met[number].add((thread.id, post.id))
        return found

    def follow(self, where: Iterable[tuple[int, PostAddress, set[str]]]) -> None:
        """Record the former places of the posts that rules name, and the ``signs`` that identify each in its present place."""
        for number, place, known in where:
            self._places.setdefault(number, set()).add(place)
            for sign in known:
                self._signs.setdefault(sign, set()).add(number)

    def _by_signs(self, thread: str, post: Post, here: Collection[PostAddress]) -> Iterator[int]:
        """Yield the rules of a post that has moved here; if it is still in its place, a post with the same words is another one."""
        for sign in signs(traits(post)) if self._signs else ():
            for number in self._signs.get(sign, ()):
                if self._places[number].isdisjoint(here) or (thread, post.id) in self._places[number]:
                    yield number

    def _by_former(self, post: Post) -> Iterator[int]:
        """Yield the rules that hide a post of an earlier version whose words, or part of its hidden passage, are in this one."""
        for each in post.history.holds:
            for number in self.former(each, (post.raw.created or "",)):
                self.formers.add(each)
                yield number
                if number in self._parts and _holds_part(post, self.rules[number].passage or ""):
                    self.said.add(number)
                    yield self._parts[number]

    def former(self, former: Former, times: Iterable[str]) -> Iterable[int]:
        """Yield the rules that hide a post as an earlier version read it, written at one of the ``times``."""
        yield from self.by_id(former.debate, former.post)
        if not former.moment or not self._people:
            return
        for number, rule in self.rules.items():
            for name in (rule.person, *rule.also) if rule.person else ():
                signed = {digest(name)[:8], *(digest(name, sortable_time(time)) for time in times if time)}
                if former.moment in signed:
                    yield number

    def kept(
        self, debate: str, kept: Iterable[Kept], way: Callable[[str, str], Iterator[tuple[PostAddress, Traits]]],
        shown: Mapping[str, Collection[str]],
    ) -> Iterator[Kept]:  # fmt: skip
        """Yield the posts that left a debate, with published ids: an original id may be a digest of hidden words.

        ``way`` returns the ledger's entries for an address; ``shown`` has the ids of each debate's posts on its page.
        """
        for each in kept:
            is_masked = bool(each.thread and each.to) and each.to not in shown[each.thread or ""]
            to = self.alias(each.to or "") if is_masked else each.to
            hidden = is_masked or self._tells(debate, each.post, way)
            yield replace(each, post=self.alias(each.post) if hidden else each.post, to=to)

    def _tells(self, debate: str, post: str, way: Callable[[str, str], Iterator[tuple[PostAddress, Traits]]]) -> bool:
        """Whether the id of a post that left a debate is a digest of something hidden: its words, or its parent's."""
        known = next((known for _, known in way(debate, post)), None)
        if known is None or known.native:
            return False
        above = next((known for _, known in way(debate, known.parent)), None)
        for id, moment in ((post, known.moment), (known.parent, above.moment if above else "")):
            if any((debate, id) in met for met in self.met.values()) or any(
                self.former(Former(debate, id, moment), ())
            ):
                return True
        return False

    def whole(self, numbers: Iterable[int]) -> bool:
        """Whether one of these rules hides a whole post."""
        return any(self.rules[number].passage is None for number in numbers)

    def problems(self, lines: Sequence[int | None]) -> Iterator[Problem]:
        """Yield a problem for each rule of a post or passage that hides nothing; ``lines`` are the rules' lines in their file."""
        for number, line in enumerate(lines, 1):
            rule = self.rules[number]
            if rule.post and not self.met[number]:
                message = f"rule {number} names {rule.post}, which is not in any debate of that id"
                yield Problem(
                    code="unused-rule", message=message, line=line, hint=f"`rostra redact --undo {number}` removes it"
                )
            elif rule.passage and number not in self.said:
                message = f"{rule.post} does not contain the words that rule {number} hides"
                yield Problem(code="unused-rule", message=message, line=line, hint="copy them from the dump")

    def _by_author(self, post: Post) -> Sequence[int]:
        author = post.raw.author if self._people else None
        names = (author.name, author.id, author.given) if author else ()
        return [number for name in names if (number := self.person(name)) is not None]

    def by_id(self, thread: str, post: str) -> list[int]:
        """Return the rules that name a post."""
        if not self._posts:
            return []
        numbers = (*self._posts.get(post, ()), *self._posts.get(self.alias(post), ()))
        return [number for number in numbers if self._is(self.rules[number].thread, thread)]

    def _is(self, named: str | None, thread: str) -> bool:
        """Whether a rule's debate is this one; both may be given by their published ids."""
        return named in (None, thread) or named == self.alias(thread) or self.alias(named or "") == thread


def _holds_part(post: Post, passage: str) -> bool:
    whole = places(render(post.raw.body, post.raw.dialect).text, passage)
    return not whole and shares_words(body_words(post.raw.body), body_words(passage))
