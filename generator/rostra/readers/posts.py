"""Posts as lines of JSON: the simplest form that another program can write.

One object per line: ``id``, ``parent`` (or ``parent_id``), ``thread``, ``author``, ``created``, ``created_text``,
``edited``, ``title``, ``body``, ``dialect``, ``language``, ``score``, ``reactions``, ``kind``, ``url``, ``stance``, ``note``,
``attachments``; all are optional except ``id`` and ``body``.  An attachment has a ``path`` beside the file or a ``url``,
and may have a ``name`` and ``media_type``; a text is its path or address.  Replies may be nested in their parent, in a list ``replies`` (or ``children``,
``comments``, ``answers``).  Without ``thread`` the file is one debate.  A body is Markdown unless its
``dialect`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar, get_args

from msgspec import MsgspecError
from msgspec.json import decode as quick

from rostra.i18n.language_tags import language_of
from rostra.model import Attachment, Author, Dialect, PostKind, Problem, RawPost, RawThread
from rostra.readers.dumps.as_text import first_words
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, left_out
from rostra.readers.dumps.json_files import json_values, line_records, sound
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.readers.sites.nested import unfolded
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "posts"
ABOUT = "posts as lines of JSON (id, parent, author, created, title, body): the format for your own exports"
CARRIES = (
    "tree",
    "authors",
    "absolute times",
    "edits",
    "scores",
    "deleted and removed posts",
    "stances",
    "addresses",
    "languages",
)
MANY = True

OTHERS = {
    "link_id", "subreddit", "selftext", "conversation_id", "post_number", "zerver_message", "issue_url", "author_association", "user",
    "number", "topic_id",
}  # fmt: skip
"""Fields of other formats whose posts also have an id and a body."""
FOREIGN = late(rf'"(?:{"|".join(sorted(OTHERS))})"\s*:')
"""Such a field in a line that is not whole."""
TRIED = 20
"""How many lines recognition reads."""
CUT = (late(r'\{\s*"id"\s*:'), late(r'"body"\s*:\s*"'), late(r'"parent(?:_id)?"\s*:'))
"""Patterns of a post's line that is longer than the head: its beginning, its body, its parent."""

Word = TypeVar("Word", bound=str)
Stance = Literal["pro", "con"]
KINDS: tuple[PostKind, ...] = get_args(PostKind)
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
STANCES: tuple[Stance, ...] = get_args(Stance)


def recognise(dump: Dump) -> float:
    """Return a high confidence for a line with id, body and parent, and no other format's field; lower without parent."""
    if dump.is_folder or "{" not in dump.head_text:
        return 0
    lines = [line for line in dump.head_text.split("\n", TRIED)[:TRIED] if line.strip()]
    found = [_certainty(line) for line in lines]
    said = [each for each in found if each]
    # A text may contain a line of JSON; the end of the head truncates the last line.
    return 0 if None in found or 2 * len(said) < len(found) - 1 or not said else max(said)


def _certainty(line: str) -> float | None:
    """Return how much a line looks like a post, 0 to 1; None if it has a field of another format."""
    try:
        value = quick(line)
    except (MsgspecError, UnicodeError, RecursionError):
        if not (CUT[0].match(line) and CUT[1].search(line)) or FOREIGN.search(line):
            return 0
        return 0.9 if CUT[2].search(line) else 0.6
    if not isinstance(value, dict):
        return 0
    if not OTHERS.isdisjoint(value):
        return None
    if "id" not in value or not isinstance(value.get("body"), str):
        return 0
    return 0.9 if "parent" in value or "parent_id" in value else 0.85


def read(dump: Dump) -> Iterator[RawThread]:
    """Return the threads of a file; one without a name is named after its file."""
    return RECORDS.read(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> tuple[str, ...]:
    said = Fields(value)
    return (said.name("thread") or "",) if said.name("id") else ()


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    others: list[Problem] = []
    threads: dict[str, tuple[list[RawPost], list[Problem]]] = {}
    for line, value in sound(json_values(opened, records), others):
        said = Fields(value)
        if said.name("id") is None:
            others.append(left_out("this line is not a post: it has no `id`", value, line, "bad-line"))
            continue
        posts, problems = threads.setdefault(said.name("thread") or "", ([], []))
        posts += [described_post(each, line, problems) for each in unfolded(said, others)]
    for thread, (posts, problems) in threads.items():
        yield RawThread(
            native_id=thread or opened.dump.path.name.partition(".")[0],
            title=next((post.title for post in posts if post.parent is None and post.title), None),
            posts=tuple(posts),
            problems=(*others, *problems),
        )
        others = []


RECORDS = Recorded(_scan, _make, ("there is no post in this file", "each line needs `id` and `body`"))


def described_post(said: Fields, line: int | None, problems: list[Problem]) -> RawPost:
    """Return the post that an object describes; fields of a wrong type are problems, not exceptions."""
    author = said.person("author")
    name = author.text("name")
    created, edited = said.time("created"), said.time("edited")
    for field, time in (("created", created), ("edited", edited)):
        if time.shown:
            said.wrong.append(f"`{field}` cannot be {time.shown[:60]!r}")
    key = said.name("id") or ""
    post = RawPost(
        key=key,
        native_id=key,
        parent=said.name("parent", "parent_id"),
        kind=_one_of(said, "kind", KINDS) or "post",
        author=Author(name=name, id=author.name("id"), url=author.text("url")) if name else None,
        created=created.at,
        created_local=None if created.at else said.text("created_local"),
        created_text=said.text("created_text") or created.shown,
        edited=edited.at,
        score=said.number("score"),
        reactions=reactions(said.get("reactions")),
        line=line,
        url=said.text("url"),
        title=said.text("title"),
        body=said.body("body", needed=said.get("kind") in (None, "post")),
        dialect=_one_of(said, "dialect", DIALECTS) or ("text" if said.get("dialect") else "markdown"),
        language=language_of(said.get("language")),
        stance=_one_of(said, "stance", STANCES),
        note=said.text("note"),
        attachments=tuple(_files(said)) if "attachments" in said else (),
    )
    problems += said.problems(post)
    return post


def _files(said: Fields) -> Iterator[Attachment]:
    given = [_described(each) if isinstance(each, str) else each for each in said.values("attachments")]
    for each in Fields({"attachments": given}, said.wrong, said.parts).objects("attachments"):
        path, url = each.text("path"), each.text("url")
        name = each.text("name") or (path or url or "").rstrip("/").rpartition("/")[2]
        if name:
            at = f"path:{path}" if path else None
            yield Attachment(name=name, url=url, media_type=each.text("media_type"), at=at)
        else:
            said.wrong.append("one of `attachments` has no `name`, `path` or `url`; it is left out")


def _described(file: str) -> dict[str, str]:
    """Return an attachment that is given as its address or path."""
    return {"url" if "://" in file else "path": file}


def _one_of(said: Fields, name: str, allowed: tuple[Word, ...]) -> Word | None:
    if (value := said.get(name)) is None:
        return None
    found = next((each for each in allowed if each == value), None)
    if found is None:
        said.wrong.append(f"`{name}` cannot be {first_words(value)!r}")
    return found
