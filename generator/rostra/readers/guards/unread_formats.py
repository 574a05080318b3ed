"""Recognise files of text that are no debate as text: exports of programs in formats that no reader reads.

As prose they would be one post by nobody, and most of them hold private messages.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rostra.system.lazy_regex import late

JSON = "export it as JSON"
FORMATTED = "set `format` in its card if it is text to be shown"


class UnreadFormat(NamedTuple):
    """A format: its ``name`` with an article, the pattern of its beginning, and what to do."""

    name: str
    begins: re.Pattern[str]
    hint: str


UNREAD = (
    UnreadFormat(
        "a dump of an SQL database",
        late(r"(?>\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/;?)*+(?:(?:SET|USE|PRAGMA|BEGIN|START|LOCK|DROP)\b[^;\n]{0,300};(?>\s+|--[^\n]*\n|/\*.*?\*/;?)*+)*+(?:CREATE (?:TABLE|DATABASE|SCHEMA)|INSERT INTO|REPLACE INTO|COPY) [`\"\w]", re.DOTALL),
        "export the tables of posts as JSON",
    ),
    UnreadFormat(
        "a script with data, as in the archive of an account",
        late(r"\s*(?:window\.|var |let |const )[\w.$]{1,80}\s*=\s*[\[{]\s*(?:[\"{\[\]}]|\Z)"),
        "if these are public posts, save the value after the equals sign as a file of JSON",
    ),
    UnreadFormat(
        "an export as XML behind other lines",
        late(r"(?:[^\n]*\n){0,60}?<(?:rss\s[^<>]*wordpress\.org/export/|disqus\s[^<>]*disqus-internals)"),
        f"remove the lines before `<?xml`, or {FORMATTED}",
    ),
    UnreadFormat("messages of Signal as text", late(r"\s*Conversation: [^\n]+\n\s*From: [^\n]+\nType: \w+\n"), FORMATTED),
    UnreadFormat("a chat of LINE", late(r"\s*\[LINE\] ?[^\n]+\n"), FORMATTED),
    UnreadFormat("a chat of KakaoTalk", late(r"[^\n]*(?:KakaoTalk Chats|카카오톡 대화)[^\n]*\n[^\n:]{1,30}: ?[^\n]*\d{4}"), FORMATTED),
    UnreadFormat("a chat of Zoom", late(r"\d{1,2}:\d\d:\d\d\s+From [^\n]{1,80} to [^\n]{1,80}:"), FORMATTED),
    UnreadFormat("a channel of Discord as text", late(r"={20,}\nGuild: [^\n]+\nChannel: "), JSON),
)  # fmt: skip
TABLE = late(
    r"\"?[A-Za-z_][\w .-]{0,40}\"?(?:([,;\t])\"?[A-Za-z_][\w .-]{0,40}\"?)(?:\1\"?[A-Za-z_][\w .-]{0,40}\"?)+\r?\n"
)
"""The first line of a table as CSV: the names of three columns or more."""
COLUMN = late(
    r"(?i)(?:^|[,;\t])\"?(?:\w*_?id|author\w*|user(?:_?name)?|sender\w*|date|time(?:stamp)?|created\w*|body|text|message|contents?)\"?(?=[,;\t\r\n])"
)
"""The name of a column of posts."""
COLUMNS = 2
"""The least columns of posts in a table of them."""
EDGE = "\ufeff \t\r\n"


def unread_format(head: str) -> UnreadFormat | None:
    """Return the format that no reader reads, by the beginning of a file; None if it may be prose."""
    text = head.lstrip(EDGE).replace("\r\n", "\n")
    if found := next((each for each in UNREAD if each.begins.match(text)), None):
        return found
    first = TABLE.match(text)
    if first and len(COLUMN.findall(first[0])) >= COLUMNS and _goes_on(text[first.end() :], first):
        return UnreadFormat("a table (CSV)", TABLE, "export it as JSON; the format `posts` is the simplest")
    return None


def _goes_on(rest: str, first: re.Match[str]) -> bool:
    """Whether the line below the names has as many separators, at least."""
    row = rest.partition("\n")[0]
    return row.count(first[1]) >= first[0].count(first[1])
