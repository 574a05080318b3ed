"""GitHub issues, pull requests and discussions: REST and GraphQL answers, ``gh … --json``, and archive.json.

All of these nest the same few things under different names; what has a number and a title opens a
thread, what stands among its ``comments``, ``reviews`` and ``replies`` answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.identity.permalinks import slug
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, is_nothing, left_out
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import load
from rostra.system.lazy_regex import late

NAME = "github"
ABOUT = "GitHub issues, pull requests, discussions: REST, GraphQL, gh --json, archive.json; a file or a folder"
CARRIES = ("tree", "authors", "absolute times", "edits", "labels", "reviews", "answers", "addresses")
MANY = True

SHAPE = late(
    r'"(?:issue_url|pull_request_url|author_association|authorAssociation)"\s*:'
    r'|"(?:url|html_url)"\s*:\s*"https://[^"/]+/[^"/]+/[^"/]+/(?:issues|pull|discussions)/\d+'
)
PLACE = late(r"(?:/repos)?/([^/]+)/([^/]+)/(?:issues|pulls?|discussions)/(\d+)")
NESTED = ("comments", "reviews", "review_comments", "reviewThreads", "replies")
STATES = {"closed": "Closed", "merged": "Merged", "approved": "Approved", "changes_requested": "Changes requested", "dismissed": "Dismissed"}  # fmt: skip
OPENING = "opening"
SAID, WHO, WHEN = {"body", "bodyText"}, {"author", "user"}, {"createdAt", "created_at", "submitted_at"}
"""Fields by which a comment is known: what it says, or who says it and when."""
UNKNOWN = "0"
"""The thread of what names none."""


class About(Struct):
    """What is known of a thread beside its posts."""

    title: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()


def recognise(dump: Dump) -> float:
    """Sure of GitHub's own keys and addresses."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _json(dump), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    return 0.93 if head.startswith(("{", "[")) and SHAPE.search(head) and re.search(r'"body(?:Text)?"\s*:', head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The issues, pull requests and discussions of a dump."""
    about: dict[str, About] = {}
    problems: list[Problem] = []
    with Grouping() as grouping:
        for file in _json(dump):
            value, repaired = load(file)
            problems += repaired
            repository = Fields(value).text("repo") or ""
            for thread, post, wrong in _found(value, repository, about, problems):
                grouping.add(thread, post, wrong)
        if not about:
            raise UnreadableDump("there is no issue in this dump", path=dump.name, hint="export issues with comments")
        for thread, posts, wrongs in grouping.threads():
            yield _thread(thread, about.get(thread, About()), list(dict.fromkeys(posts)), [*problems, *wrongs])
            problems = []


def _json(dump: Dump) -> Iterator[Dump]:
    yield from (file for file in dump.files() if not dump.is_folder or file.path.suffix == ".json")


def _thread(thread: str, about: About, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    keys = {post.key for post in posts}
    if OPENING not in keys:
        posts.insert(0, RawPost(key=OPENING, kind="missing"))
        problems = [*problems, Problem(code="missing-post", message="the issue is not in the dump", post=OPENING)]
    # A review that only holds comments on lines is often not exported.
    posts = [
        replace(post, parent=OPENING)
        if post.parent and post.parent.startswith("pullrequestreview-") and post.parent not in keys
        else post
        for post in posts
    ]
    return RawThread(
        native_id=thread,
        title=about.title,
        url=about.url,
        tags=about.tags,
        posts=tuple(posts),
        problems=tuple(problems),
    )


class Place(NamedTuple):
    """Where something is nested: in which thread, below which post, and by whom that is."""

    thread: str | None = None
    parent: str | None = None
    by: Any = None


def _found(
    value: Any, repository: str, about: dict[str, About], problems: list[Problem]
) -> Iterator[tuple[str, RawPost, tuple[Problem, ...]]]:
    """Every post of an answer, each with its thread; a stack, since depth belongs to strangers."""
    stack: list[tuple[Any, Place]] = [(value, Place())]
    unnamed = 0
    while stack:
        item, place = stack.pop()
        if isinstance(item, list):
            stack.extend((each, place) for each in reversed(item))
            continue
        if not isinstance(item, dict):
            continue
        said, is_post = Fields(item), not SAID.isdisjoint(item) or not (WHO.isdisjoint(item) or WHEN.isdisjoint(item))
        inner = item
        problems += (
            left_out(f"an entry of `{name}` is no object", None)
            for name in NESTED
            for each in said.values(name)
            if isinstance(item[name], list) and not isinstance(each, list | dict) and not is_nothing(each)
        )
        if "title" in item and "number" in item:
            own = _thread_of(said, repository) or UNKNOWN
            about[own] = About(said.text("title"), _address(said), _labels(said))
            post = _post(said, OPENING, None)
            yield own, post, said.problems(post)
            place, inner = Place(own, OPENING), {name: item[name] for name in NESTED if name in item}
        elif is_post and (thread := place.thread or _thread_of(said, repository) or UNKNOWN * _standing_alone(item)):
            about.setdefault(thread, About())
            unnamed += 1
            if place.by and "author" not in item and "user" not in item:
                said = Fields(item | {"author": place.by})  # archive.json names a reviewer once
            post = _post(said, f"comment-{unnamed}", place.parent or OPENING)
            yield thread, post, said.problems(post)
            by = item.get("author") if "state" in item else None
            place, inner = Place(thread, post.key, by), {name: item[name] for name in NESTED if name in item}
        elif is_post:
            problems.append(left_out("a comment does not say of which issue it is", item))
        stack.extend((each, place) for each in reversed(inner.values()) if isinstance(each, list | dict))


def _standing_alone(item: dict[str, Any]) -> bool:
    return "issue_url" in item or "pull_request_url" in item


def _thread_of(said: Fields, repository: str) -> str | None:
    """The thread's native id: the repository and the number, which issues and pull requests share."""
    for name in ("html_url", "url", "issue_url", "pull_request_url"):
        if found := PLACE.search(said.text(name) or ""):
            return f"{slug(found[1])}-{slug(found[2])}-{found[3]}"
    number = said.name("number")
    return f"{slug(repository)}-{number}" if repository and number else number


def _address(said: Fields) -> str | None:
    return said.text("html_url") or (url if (url := said.text("url")) and "://api." not in url else None)


def _labels(said: Fields) -> tuple[str, ...]:
    return said.within("labels").texts("nodes") if isinstance(said.get("labels"), dict) else said.texts("labels")


def _post(said: Fields, unnamed: str, parent: str | None) -> RawPost:
    address = _address(said)
    fragment = address.partition("#")[2] if address and parent else ""
    native = fragment or (said.name("id") if parent else None)
    if parent == OPENING:
        if answered := said.name("in_reply_to_id"):
            parent = f"discussion_r{answered}"
        elif review := said.name("pull_request_review_id"):
            parent = f"pullrequestreview-{review}"
    answer = said.within("replyTo")
    number = answer.name("databaseId")
    parent = f"discussion_r{number}" if number else answer.name("id") or parent
    name = said.person("author", "user").text("login", "name")
    created = said.time("createdAt", "created_at", "submitted_at")
    updated = said.time("updatedAt", "updated_at").at if parent else None
    edited = said.time("lastEditedAt").at if "lastEditedAt" in said else updated
    return RawPost(
        key=native or (unnamed if parent else OPENING),
        native_id=native or (said.name("number") if not parent else None),
        parent=parent,
        author=Author(name=name, url=f"https://github.com/{name}") if name and name != "ghost" else None,
        created=created.at,
        created_text=created.shown,
        edited=edited if edited != created.at else None,
        url=address,
        title=None if parent else said.text("title"),
        body=_hunk(said) + said.body("body", "bodyText"),
        dialect="github",
        note=_note(said),
    )


def _hunk(said: Fields) -> str:
    """The lines that a comment on code speaks of."""
    hunk = said.text("diff_hunk", "diffHunk")
    if not hunk:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", hunk)), default=2) + 1)
    return f"{max(fence, '```')}diff\n{hunk}\n{max(fence, '```')}\n\n"


def _note(said: Fields) -> str | None:
    notes = []
    if said.get("merged_at") or said.get("mergedAt") or said.get("merged") is True:
        notes.append("Merged")
    elif state := STATES.get((said.text("state") or "").lower()):
        notes.append(state)
    if said.get("isAnswer"):
        notes.append("Marked as the answer")
    if said.get("isMinimized"):
        notes.append(f"Hidden as {(said.text('minimizedReason') or 'off-topic').lower()}")
    return ", ".join(notes) or None
