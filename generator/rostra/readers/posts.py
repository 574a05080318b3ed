"""Posts as lines of JSON: the plainest form that another program can write.

One object a line: ``id``, ``parent`` (or ``parent_id``), ``thread``, ``author``, ``created``, ``edited``,
``title``, ``body``, ``dialect``, ``language``, ``score``, ``kind``, ``url``, ``stance``, ``note``; all may be
absent but ``id`` and ``body``.  Without ``thread`` the file is one debate.  A body is Markdown unless its
``dialect`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar, get_args

from rostra.i18n.language_tags import language_of
from rostra.model import Author, Dialect, PostKind, Problem, RawPost, RawThread
from rostra.readers.as_text import first_words
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, left_out
from rostra.readers.json_files import line_records, values
from rostra.readers.records import Opened, Record, Recorded
from rostra.system.lazy_regex import late

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

SHAPE = (late(r'"id"\s*:'), late(r'"body"\s*:'), late(r'"parent(?:_id)?"\s*:'))
OTHERS = late(r'"(?:link_id|subreddit|selftext|conversation_id|post_number|zerver_message|issue_url)"\s*:')


Word = TypeVar("Word", bound=str)
Stance = Literal["pro", "con"]
KINDS: tuple[PostKind, ...] = get_args(PostKind)
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
STANCES: tuple[Stance, ...] = get_args(Stance)


def recognise(dump: Dump) -> float:
    """Sure of a first line with the keys that every post has, and none that another format has."""
    if dump.is_folder:
        return 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return (
        0.9 if first.startswith("{") and all(sign.search(first) for sign in SHAPE) and not OTHERS.search(first) else 0
    )


def read(dump: Dump) -> Iterator[RawThread]:
    """The debates of a file; one that names no thread is called after its file."""
    return RECORDS.read(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> tuple[str, ...]:
    said = Fields(value)
    return (said.name("thread") or "",) if said.name("id") else ()


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    others: list[Problem] = []
    threads: dict[str, tuple[list[RawPost], list[Problem]]] = {}
    for item in values(opened, records):
        if isinstance(item, Problem):
            others.append(item)
            continue
        said = Fields(item[1])
        if said.name("id") is None:
            others.append(left_out("this line is no post: it has no `id`", item[1], item[0], "bad-line"))
            continue
        posts, problems = threads.setdefault(said.name("thread") or "", ([], []))
        posts.append(post_of(said, item[0], problems))
    for thread, (posts, problems) in threads.items():
        yield RawThread(
            native_id=thread or opened.dump.path.name.partition(".")[0],
            title=next((post.title for post in posts if post.parent is None and post.title), None),
            posts=tuple(posts),
            problems=(*others, *problems),
        )
        others = []


RECORDS = Recorded(_scan, _make, ("there is no post in this file", "each line needs `id` and `body`"))


def post_of(said: Fields, line: int | None, problems: list[Problem]) -> RawPost:
    """The post that an object describes; fields of another type than theirs are problems, not crashes."""
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
        created_text=created.shown,
        edited=edited.at,
        score=said.number("score"),
        line=line,
        url=said.text("url"),
        title=said.text("title"),
        body=said.body("body", needed=said.get("kind") in (None, "post")),
        dialect=_one_of(said, "dialect", DIALECTS) or ("text" if said.get("dialect") else "markdown"),
        language=language_of(said.get("language")),
        stance=_one_of(said, "stance", STANCES),
        note=said.text("note"),
    )
    problems += said.problems(post)
    return post


def _one_of(said: Fields, name: str, allowed: tuple[Word, ...]) -> Word | None:
    value = said.get(name)
    found = next((each for each in allowed if each == value), None)
    if found is None and value is not None:
        said.wrong.append(f"`{name}` cannot be {first_words(value)!r}")
    return found
