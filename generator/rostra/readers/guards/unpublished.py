"""Select posts that are not published: those not public in the source, and those that the publisher's rules exclude."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.config.exclusions import Exclusion
from rostra.model import Problem, RawPost, RawThread

PRIVATE = "not-public"
"""The code of problems about private posts."""
LEFT_OUT = "by-rule"
"""The code of problems about posts left out by a rule."""


class Choice:
    """Decides which posts of a dump are published, and counts those that are left out."""

    def __init__(self, rules: tuple[Exclusion, ...], *, private: bool) -> None:
        self.rules = rules
        self.private = private
        """Whether private posts are also published."""
        self.rooms: Counter[str] = Counter()
        """How many private posts there were, by kind."""
        self.dumps: list[Problem] = []
        """Problems about the dump that came with a thread that is left out."""
        self.ruled: Counter[int] = Counter()
        """How many posts each rule left out, by its number from 1."""

    def of(self, thread: RawThread) -> RawThread | None:
        """Return the published part of a thread, or None if no post is published."""
        if not self.rules and self.private:
            return thread
        # Another package's reader may return anything; `normalise` reports what is not a post.
        posts = [each for each in thread.posts if isinstance(each, RawPost)] if _is_row(thread.posts) else []
        out = {post.key: post for post in posts if (post.private or self.rules) and self._leaves_out(post)}
        if not out:
            return _without_headers(thread) if self.rules else thread
        kept = [post for post in posts if post.key not in out]
        if all(post.kind != "post" for post in kept):
            self.dumps += (each for each in thread.problems if isinstance(each, Problem) and each.post is None)
            return None
        places = _needed(kept, out)
        first = posts[0].key
        mended = tuple(
            replace(post, headers=()) if post.key not in out else _place(post)
            for post in posts
            if post.key not in out or post.key in places
        )
        problems = tuple(each for each in thread.problems if each.post is None or each.post not in out)
        return replace(thread, posts=mended, title=None if first in out else thread.title, problems=problems)

    def problems(self) -> Iterator[Problem]:
        """Yield the problems about posts left out, and the other problems of the dump."""
        yield from self.dumps
        for what, count in sorted(self.rooms.items()):
            message = f"{_posts(count)} left out because {'it was' if count == 1 else 'they were'} not public: {what}"
            hint = "set `publish_private = true` in the dump's card if all authors agree"
            yield Problem(code=PRIVATE, message=message, hint=hint)
        for number, count in sorted(self.ruled.items()):
            message = f"{_posts(count)} left out by rule {number} of `leave_out`"
            yield Problem(code=LEFT_OUT, message=message, hint="remove the rule from rostra.toml to publish them")

    def _leaves_out(self, post: RawPost) -> bool:
        if post.private and not self.private:
            self.rooms[post.private if isinstance(post.private, str) else "private"] += 1
            return True
        if not self.rules or post.kind == "missing":
            return False
        author = post.author
        senders = [each for each in (author.name, author.id) if isinstance(each, str)] if author else []
        headers = dict(post.headers)
        title = post.title if isinstance(post.title, str) else None
        for number, rule in enumerate(self.rules, 1):
            if rule.matches(senders, title, headers):
                self.ruled[number] += 1
                return True
        return False


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple | list)


def _without_headers(thread: RawThread) -> RawThread:
    return replace(thread, posts=tuple(replace(each, headers=()) if isinstance(each, RawPost) else each for each in thread.posts))  # fmt: skip


def _needed(kept: list[RawPost], out: dict[str, RawPost]) -> set[str]:
    """Return the omitted posts that are ancestors of a published post."""
    places: set[str] = set()
    for post in kept:
        parent = post.parent
        while parent is not None and parent in out and parent not in places:
            places.add(parent)
            parent = out[parent].parent
    return places


def _place(post: RawPost) -> RawPost:
    """Return a placeholder for a post, without its contents."""
    return RawPost(key=post.key, parent=post.parent, native_id=post.native_id, kind="removed", line=post.line)


def _posts(count: int) -> str:
    return "a post is" if count == 1 else f"{count} posts are"


def counted(message: str) -> int:
    """Return how many posts are left out according to a problem's message."""
    first = message.partition(" ")[0]
    return int(first) if first.isdigit() else 1
