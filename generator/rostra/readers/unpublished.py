"""Which posts of a dump are not published: what its source did not show to everyone, and what the publisher's rules leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.config.exclusions import Exclusion
from rostra.model import Problem, RawPost, RawThread

PRIVATE = "not-public"
"""The code of problems that say what was private."""
LEFT_OUT = "by-rule"
"""The code of problems that say what a rule leaves out."""


class Choice:
    """What of a dump is published, where the posts of others stand in the way of it, and what is left out, counted."""

    def __init__(self, rules: tuple[Exclusion, ...], *, private: bool) -> None:
        self.rules = rules
        self.private = private
        """Whether private posts are published too."""
        self.rooms: Counter[str] = Counter()
        """The posts that were private, by what they were."""
        self.dumps: list[Problem] = []
        """What was said of the dump with a debate that is left out."""
        self.ruled: Counter[int] = Counter()
        """The posts that each rule left out, by its number from 1."""

    def of(self, thread: RawThread) -> RawThread | None:
        """A thread as far as it is published; None where nothing of it is."""
        if not self.rules and self.private:
            return thread
        # Another package's reader may give anything; what is no post is told of later.
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
        """What was left out, and what else is to be told of the dump."""
        yield from self.dumps
        for what, count in sorted(self.rooms.items()):
            message = f"{_posts(count)} left out, which {'was' if count == 1 else 'were'} not public: {what}"
            hint = "say `publish_private = true` in the dump's card, if all who wrote agree"
            yield Problem(code=PRIVATE, message=message, hint=hint)
        for number, count in sorted(self.ruled.items()):
            message = f"{_posts(count)} left out by rule {number} of `leave_out`"
            yield Problem(code=LEFT_OUT, message=message, hint="remove the rule from rostra.toml to take them back")

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
    """The posts left out that a post which is published answers, or answers the answer to."""
    places: set[str] = set()
    for post in kept:
        parent = post.parent
        while parent is not None and parent in out and parent not in places:
            places.add(parent)
            parent = out[parent].parent
    return places


def _place(post: RawPost) -> RawPost:
    """The place of a post, without anything that it says."""
    return RawPost(key=post.key, parent=post.parent, native_id=post.native_id, kind="removed", line=post.line)


def _posts(count: int) -> str:
    return "a post is" if count == 1 else f"{count} posts are"


def counted(message: str) -> int:
    """How many posts the message of a problem says are left out."""
    first = message.partition(" ")[0]
    return int(first) if first.isdigit() else 1
