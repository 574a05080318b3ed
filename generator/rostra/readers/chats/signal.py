"""Signal: the chats that signal-export writes as Markdown, each in a folder of its name (``chat.md``).

Words belong to the name between the time and the first colon; a line without a time continues the message before it.
A paragraph that is marked as a quotation is that of another person, whom the export does not name.
A chat is between its members only, so it is private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from rostra.identity.permalinks import slug
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.chats.room_days import Room, Talk, before_first
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.words_shown import shortfall
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "signal"
ABOUT = "Signal: chats that signal-export writes as Markdown"
CARRIES = ("authors", "times without a zone", "deleted messages", "reactions", "names of attachments")
MANY = True

HEAD = late(
    r"\[(?P<day>\d{4}-\d\d-\d\d)[ ,]+(?P<time>\d\d:\d\d(?::\d\d)?)\] ?(?P<name>[^:\n]{1,80}):(?: (?P<text>.*)|\s*\Z)"
)
FILE = late(r"!?\[([^\]\n]*)\]\(\.{1,2}/([^)\n]+)\)")
REACTED = late(r"\n?\(- (?:[^:\n]+: \S+?(?:, )?)+ -\)\s*\Z")
SIGN = late(r": (\S+?)(?:,| -\)$)")
GONE = "(This message was deleted)"
PRIVATE = "a chat"
CHATS = ("chat.md", "index.md")


def recognise(dump: Dump) -> float:
    """Return a high confidence for Markdown whose first line begins a message, or a folder with such a file."""
    if dump.is_folder:
        return max(map(recognise, _chats(dump)), default=0)
    if dump.path.suffix != ".md" or dump.begins_json:
        return 0
    return 0.95 if HEAD.match(dump.head_text.lstrip().partition("\n")[0]) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the debates of the chats, by day."""
    for file in _chats(dump):
        if not dump.is_folder or recognise(file):
            yield from _chat(file)


def _chats(dump: Dump) -> Iterator[Dump]:
    return dump.files(None if not dump.is_folder else CHATS.__contains__)


def _chat(dump: Dump) -> Iterator[RawThread]:
    text, repaired = dump.text()
    problems = list(repaired)
    title = dump.path.parent.name if dump.path.name in CHATS else dump.path.stem
    with Grouping() as grouping:
        talk = Talk(Room(slug(title)[:24] or "signal", title), grouping)
        for number, (head, said, line) in enumerate(_messages(text, problems), 1):
            post = _post(str(number), head, said, line)
            shown = [found[0] for pattern in (REACTED, FILE) for found in pattern.finditer(said)]
            lost = shortfall([("text", each) for each in said.split("\n")], post, (*shown,))
            talk.add(post, (lost,) if lost else (), head["day"])
        yield from talk.whole(problems, dump, "export the chats again")


def _messages(text: str, problems: list[Problem]) -> Iterator[tuple[re.Match[str], str, int]]:
    """Yield the head of each message, its words and its first line."""
    last: re.Match[str] | None = None
    words: list[str] = []
    begun = 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if head := HEAD.fullmatch(line):
            if last is not None:
                yield last, "\n".join(words).strip(), begun
            last, words, begun = head, [head["text"] or ""], number
        elif last is not None:
            words.append(line)
        elif line.strip():
            problems.append(before_first(number))
    if last is not None:
        yield last, "\n".join(words).strip(), begun


def _moment(head: re.Match[str]) -> str | None:
    try:
        return datetime.fromisoformat(f"{head['day']}T{head['time']}").isoformat()
    except ValueError:
        return None


def _post(key: str, head: re.Match[str], said: str, line: int) -> RawPost:
    gone = said == GONE
    reacted = REACTED.search(said)
    body = said[: reacted.start()] if reacted else said
    files = tuple(
        Attachment(name=name or place.rpartition("/")[2], at=f"path:{place}") for name, place in FILE.findall(body)
    )
    return RawPost(
        key=key,
        kind="deleted" if gone else "post",
        author=Author(name=head["name"].strip()),
        created_local=_moment(head),
        created_text=f"{head['day']} {head['time']}",
        line=line,
        body="" if gone else FILE.sub("", body).strip(),
        dialect="markdown",
        reactions=reactions([{"name": each} for each in SIGN.findall(reacted[0].strip())]) if reacted else (),
        attachments=files,
        private=PRIVATE,
    )
