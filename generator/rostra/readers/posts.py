"""Posts as lines of JSON: the plainest form that another program can write.

One object a line: ``id``, ``parent`` (or ``parent_id``), ``thread``, ``author``, ``created``, ``edited``,
``title``, ``body``, ``dialect``, ``language``, ``score``, ``kind``, ``url``, ``stance``, ``note``; all may be
absent but ``id`` and ``body``.  Without ``thread`` the file is one debate.  A body is Markdown unless its
``dialect`` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from rostra.languages import language_of
from rostra.late import late
from rostra.model import Author, Dialect, PostKind, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import shared
from rostra.readers.json_files import instant, line_records, number_of, text_of, values
from rostra.readers.records import Opened, Record, Recorded

NAME = "posts"
ABOUT = "posts as lines of JSON (id, parent, author, created, title, body): what another program can write"
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

SHAPE = late(r'(?=.*"id"\s*:)(?=.*"body"\s*:)(?=.*"parent(?:_id)?"\s*:)', re.DOTALL)
OTHERS = late(r'"(?:link_id|subreddit|selftext|conversation_id|post_number|zerver_message|issue_url)"\s*:')


def recognise(dump: Dump) -> float:
    """Sure of a first line with the keys that every post has, and none that another format has."""
    if dump.is_folder:
        return 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return 0.9 if first.startswith("{") and SHAPE.match(first) and not OTHERS.search(first) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The debates of a file; one that names no thread is called after its file."""
    return RECORDS.read(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(said: Any) -> tuple[str, ...]:
    return (_name(said.get("thread")) or "",) if _is_post(said) else ()


def _is_post(said: Any) -> bool:
    return isinstance(said, dict) and isinstance(said.get("id"), str | int)


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    problems: list[Problem] = []
    threads: dict[str, list[RawPost]] = {}
    for item in values(opened, records):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        line, said = item
        if not _is_post(said):
            problems.append(Problem(code="bad-line", message="this line is no post: it has no `id`", line=line))
            continue
        threads.setdefault(_name(said.get("thread")) or "", []).append(post_of(said, line, problems))
    for thread, posts in threads.items():
        mine, problems = shared(problems, posts)
        yield RawThread(
            native_id=thread or opened.dump.path.name.partition(".")[0],
            title=next((post.title for post in posts if post.parent is None and post.title), None),
            posts=tuple(posts),
            problems=mine,
        )


RECORDS = Recorded(_scan, _make, ("there is no post in this file", "each line needs `id` and `body`"))


def post_of(said: dict[str, Any], line: int | None, problems: list[Problem]) -> RawPost:
    """The post that an object describes; fields of another type than theirs are problems, not crashes."""
    key = str(said["id"])
    created = _time(said, "created", key, line, problems)
    author = said.get("author")
    named = author if isinstance(author, dict) else {"name": author}
    name = text_of(named.get("name"))
    kind = said.get("kind", "post")
    dialect = said.get("dialect", "markdown")
    stance = said.get("stance")
    for field, value, allowed in (
        ("kind", kind, get_args(PostKind)),
        ("dialect", dialect, get_args(Dialect)),
        ("stance", stance, (None, "pro", "con")),
    ):
        if value not in allowed:
            _wrong(field, value, key, line, problems)
    body = said.get("body")
    if body is not None and not isinstance(body, str):
        _wrong("body", body, key, line, problems)
    return RawPost(
        key=key,
        native_id=key,
        parent=_name(said.get("parent", said.get("parent_id"))),
        kind=kind if kind in get_args(PostKind) else "post",
        author=Author(name=name, id=_name(named.get("id")), url=text_of(named.get("url"))) if name else None,
        created=created,
        created_text=None if created else text_of(said.get("created")),
        edited=_time(said, "edited", key, line, problems),
        score=number_of(said.get("score")),
        line=line,
        url=text_of(said.get("url")),
        title=text_of(said.get("title")),
        body=body if isinstance(body, str) else "",
        dialect=dialect if dialect in get_args(Dialect) else "text",
        language=language_of(said.get("language")),
        stance=stance if stance in ("pro", "con") else None,
        note=text_of(said.get("note")),
    )


def _time(said: dict[str, Any], field: str, key: str, line: int | None, problems: list[Problem]) -> str | None:
    value = said.get(field)
    found = instant(value)
    if found is None and value is not None:
        _wrong(field, value, key, line, problems)
    return found


def _wrong(field: str, value: Any, key: str, line: int | None, problems: list[Problem]) -> None:
    shown = repr(value)[:60]
    problems.append(
        Problem(code="bad-field", message=f"`{field}` cannot be {shown}", post=key, line=line, hint="see seeds/posts")
    )


def _name(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None
