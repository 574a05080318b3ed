"""Rules that leave posts out by sender, subject, header or list: spam, bounces, notices of list software.

They are set in ``rostra.toml``; posts come back when their rule is removed::

    [[leave_out]]
    sender = "mailer-daemon@*"       # the author's name or id, or the From of a message

    [[leave_out]]
    header = "X-Spam-Flag: yes"      # a header of a message with its value

    [[leave_out]]
    list = "announce.mill.example"   # the id of a mailing list
    subject = "[spam]*"              # all keys of a rule must match

``*`` matches any text, ``?`` any character; case is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cache

from msgspec import Struct

NAMED = {"sender": "from", "subject": "subject", "list": "list-id"}
"""The message header of each key."""


class Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule; it leaves out a post if all its keys match."""

    sender: str | None = None
    subject: str | None = None
    header: str | None = None
    list: str | None = None

    @property
    def wrong(self) -> str | None:
        """Return what is wrong with it, or None."""
        said = [each for each in (self.sender, self.subject, self.header, self.list) if each is not None]
        if not said:
            return "names no sender, subject, header or list"
        if not all(each.strip("*? \t") for each in said):
            return "would leave out every post"
        if self.header is not None and not all(part.strip() for part in _parted(self.header)):
            return "does not name a header and its value"
        return None

    @property
    def headers(self) -> frozenset[str]:
        """Return the names of the headers that it checks, in lower case."""
        names = {header for key, header in NAMED.items() if getattr(self, key) is not None}
        return frozenset(names | {_parted(self.header)[0].strip().lower()} if self.header else names)

    def matches(self, senders: Iterable[str], title: str | None, headers: dict[str, str]) -> bool:
        """Whether it leaves out a post with these senders (names and ids), this title and these headers."""
        name, value = _parted(self.header) if self.header else ("", "")
        return (
            (self.sender is None or _any(self.sender, (*senders, *_addresses(headers.get("from", "")))))
            and (self.subject is None or _any(self.subject, (title or "", headers.get("subject", ""))))
            and (self.list is None or _any(self.list, (_list(headers.get("list-id", "")),)))
            and (self.header is None or _any(value.strip(), (headers.get(name.strip().lower(), ""),)))
        )


def _parted(header: str) -> tuple[str, str]:
    name, _, value = header.partition(":")
    return name, value


def _any(pattern: str, texts: Iterable[str]) -> bool:
    match = _pattern(pattern).match
    return any(text and match(" ".join(text.split())) for text in texts)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(" ".join(pattern.split())), re.IGNORECASE)


def _addresses(field: str) -> tuple[str, ...]:
    """Return the whole From field, and the address in it."""
    found = re.search(r"<([^<>]*)>", field)
    return (field, found[1]) if found else (field,)


def _list(field: str) -> str:
    found = re.search(r"<([^<>]*)>", field)
    return found[1] if found else field
