"""Group the messages of chat rooms into debates: one debate per day; a reply joins its parent's debate, whatever its day.

A message that names its parent is a reply to it; every other message is a reply to the first message of its debate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.completeness import once
from rostra.readers.records.grouping import Grouping

UNDATED = "undated"
"""The day name for messages without a time."""


def no_message(dump: Dump, hint: str, problems: Sequence[Problem]) -> UnreadableDump:
    """Return the error of a dump without a message; if ``problems`` left messages out, it says the first reason."""
    reason = next((each.message for each in problems if each.code == "left-out"), None)
    why = f"no message of this dump is read: {reason}" if reason else "there is no message in this dump"
    return UnreadableDump(why, path=dump.name, hint=hint)


class Room(NamedTuple):
    """A room: ``address`` is the prefix of its debates' native ids, ``title`` its name; ``whole``: the room is one debate."""

    address: str
    title: str
    whole: bool = False


def happened(events: int, kind: str) -> list[Problem]:
    """Return the problem that counts the events of a room, if there are any; ``kind`` names the kind of room."""
    lines = "1 event" if events == 1 else f"{events} events"
    return [Problem(code="events", message=f"{lines} in the {kind}; events are not posts")] if events else []


def before_first(line: int) -> Problem:
    """Return the problem of words above the first message of an exported chat, in this line."""
    message = "a line precedes the first message; it is left out"
    return Problem(code="left-out", message=message, line=line, hint="look at it in the dump")


class Talk:
    """Collect a room's messages, in any order, by debate; ``topics`` are messages that open a debate and have no text."""

    def __init__(self, room: Room, grouping: Grouping) -> None:
        self.room = room
        self.topics: dict[str, str] = {}
        self._grouping = grouping
        self._heard: dict[str, tuple[str | None, str]] = {}

    def add(self, post: RawPost, problems: tuple[Problem, ...], day: str | None) -> None:
        """Add a message; ``day`` is the date on which it was sent (``YYYY-MM-DD``)."""
        self._heard[post.key] = post.parent, day or UNDATED
        self._grouping.add(post.key, post, problems)

    def threads(self) -> Iterator[tuple[RawThread, list[Problem]]]:
        """Yield the debates, each with the problems of its messages."""
        self._grouping.gather(self._names())
        for name, posts, problems in self._grouping.threads():
            posts = sorted(once(posts), key=lambda post: (len(post.key), post.key))
            first = next((post.key for post in posts if post.parent is None or post.parent in self.topics), None)
            placed = (self._placed(post, first or posts[0].key) for post in posts)
            yield self._thread(name, tuple(placed)), problems

    def whole(self, problems: list[Problem], dump: Dump, hint: str) -> Iterator[RawThread]:
        """Yield the threads with their problems, the first one also with ``problems``.

        Raise UnreadableDump with the ``hint`` if there is no message.
        """
        first = tuple(problems)
        found = False
        for thread, wrong in self.threads():
            found = True
            yield replace(thread, problems=(*first, *wrong))
            first = ()
        if not found:
            raise no_message(dump, hint, problems)

    def _thread(self, name: str, posts: tuple[RawPost, ...]) -> RawThread:
        room = self.room
        if name in self.topics:
            title, address = self.topics[name], f"{room.address}-topic-{name}"
        elif room.whole:
            title, address = room.title, room.address
        else:
            title, address = f"#{room.title}, {name}", f"{room.address}-{name}"
        return RawThread(native_id=address, title=title, tags=(room.title,), posts=posts)

    def _placed(self, post: RawPost, first: str) -> RawPost:
        parent = None if post.parent in self.topics else post.parent
        return replace(post, parent=parent or (None if post.key == first else first))

    def _names(self) -> dict[str, str]:
        """Map each message to the name of its debate: the topic, or the day of the message at the root of its replies."""
        names: dict[str, str] = {}
        for key in self._heard:
            chain: list[str] = []
            here: str | None = key
            passed: set[str] = set()
            while here in self._heard and here not in names and here not in passed:
                passed.add(here)
                chain.append(here)
                here = self._heard[here][0]
            if here is not None and here in self.topics:
                name = here
            elif here is not None and here in names:
                name = names[here]
            else:
                name = "" if self.room.whole else self._heard[chain[-1]][1]
            names |= dict.fromkeys(chain, name)
        return names
