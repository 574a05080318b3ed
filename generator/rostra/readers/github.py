"""GitHub issues, pull requests and discussions: REST and GraphQL answers, ``gh … --json``, and archive.json.

All of these nest the same few things under different names; what has a number and a title opens a
thread, what stands among its ``comments``, ``reviews`` and ``replies`` answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.permalinks import slug
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, load, text_of

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
            repository = text_of(value.get("repo")) if isinstance(value, dict) else None
            for thread, post in _found(value, repository or "", about):
                grouping.add(thread, post)
        if not about:
            raise UnreadableDump("there is no issue in this dump", path=dump.name, hint="export issues with comments")
        for thread, posts in grouping.threads():
            yield _thread(thread, about.get(thread, About()), list(dict.fromkeys(posts)), problems)
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


def _found(value: Any, repository: str, about: dict[str, About]) -> Iterator[tuple[str, RawPost]]:
    """Every post of an answer, each with its thread; a stack, since depth belongs to strangers."""
    # What is nested knows its thread, the post that it answers, and who wrote that.
    stack: list[tuple[Any, str | None, str | None, Any]] = [(value, None, None, None)]
    unnamed = 0
    while stack:
        item, thread, parent, by = stack.pop()
        if isinstance(item, list):
            stack.extend((each, thread, parent, by) for each in reversed(item))
        elif isinstance(item, dict):
            if "title" in item and "number" in item:
                thread = _place(item, repository)
                about[thread] = About(text_of(item["title"]), _address(item), _labels(item.get("labels")))
                yield thread, _post(item, OPENING, None)
                parent = OPENING
            elif thread or _standing_alone(item):
                if _is_post(item):
                    thread = thread or _place(item, repository)
                    about.setdefault(thread, About())
                    unnamed += 1
                    if by and "author" not in item and "user" not in item:
                        item = item | {"author": by}  # archive.json names a reviewer once
                    post = _post(item, f"comment-{unnamed}", parent or OPENING)
                    by = item.get("author") if "state" in item else None
                    yield thread, post
                    parent = post.key
            else:
                stack.extend(
                    (each, None, None, None) for each in reversed(item.values()) if isinstance(each, list | dict)
                )
                continue
            inner = item if not _is_post(item) and "number" not in item else {k: item[k] for k in NESTED if k in item}
            stack.extend(
                (each, thread, parent, by) for each in reversed(inner.values()) if isinstance(each, list | dict)
            )


def _is_post(item: dict[str, Any]) -> bool:
    return "body" in item or "bodyText" in item


def _standing_alone(item: dict[str, Any]) -> bool:
    return "issue_url" in item or "pull_request_url" in item


def _place(item: dict[str, Any], repository: str) -> str:
    """The thread's native id: the repository and the number, which issues and pull requests share."""
    for key in ("html_url", "url", "issue_url", "pull_request_url"):
        if found := PLACE.search(str(item.get(key) or "")):
            return f"{slug(found[1])}-{slug(found[2])}-{found[3]}"
    number = str(item.get("number") or 0)
    return f"{slug(repository)}-{number}" if repository else number


def _address(item: dict[str, Any]) -> str | None:
    return text_of(item.get("html_url")) or (
        url if (url := text_of(item.get("url"))) and "://api." not in url else None
    )


def _labels(value: Any) -> tuple[str, ...]:
    nodes = value.get("nodes") if isinstance(value, dict) else value
    names = [
        text_of(each.get("name") if isinstance(each, dict) else each)
        for each in (nodes if isinstance(nodes, list) else ())
    ]
    return tuple(name for name in names if name)


def _post(item: dict[str, Any], unnamed: str, parent: str | None) -> RawPost:
    address = _address(item)
    fragment = address.partition("#")[2] if address and parent else ""
    id = item.get("id")
    native = fragment or (str(id) if isinstance(id, int | str) and parent else None)
    if parent == OPENING:
        if (answered := item.get("in_reply_to_id")) is not None:
            parent = f"discussion_r{answered}"
        elif (review := item.get("pull_request_review_id")) is not None:
            parent = f"pullrequestreview-{review}"
    if isinstance(answer := item.get("replyTo"), dict) and isinstance(
        answer.get("databaseId", answer.get("id")), int | str
    ):
        parent = f"discussion_r{answer['databaseId']}" if "databaseId" in answer else str(answer["id"])
    author = item.get("author", item.get("user"))
    name = text_of(author.get("login") if isinstance(author, dict) else author)
    time = next((item[name] for name in ("createdAt", "created_at", "submitted_at") if item.get(name)), None)
    created = instant(time)
    updated = instant(item.get("updatedAt") or item.get("updated_at")) if parent else None
    edited = instant(item.get("lastEditedAt")) if "lastEditedAt" in item else updated
    return RawPost(
        key=native or (unnamed if parent else OPENING),
        native_id=native or (str(item.get("number")) if not parent else None),
        parent=parent,
        author=Author(name=name, url=f"https://github.com/{name}") if name and name != "ghost" else None,
        created=created,
        created_text=None if created or time is None else str(time),
        edited=edited if edited != created else None,
        url=address,
        title=None if parent else text_of(item.get("title")),
        body=_hunk(item) + (text_of(item.get("body")) or text_of(item.get("bodyText")) or ""),
        dialect="github",
        note=_note(item),
    )


def _hunk(item: dict[str, Any]) -> str:
    """The lines that a comment on code speaks of."""
    hunk = text_of(item.get("diff_hunk")) or text_of(item.get("diffHunk"))
    if not hunk:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", hunk)), default=2) + 1)
    return f"{max(fence, '```')}diff\n{hunk}\n{max(fence, '```')}\n\n"


def _note(item: dict[str, Any]) -> str | None:
    notes = []
    if item.get("merged_at") or item.get("mergedAt") or item.get("merged") is True:
        notes.append("Merged")
    elif state := STATES.get(str(item.get("state")).lower()):
        notes.append(state)
    if item.get("isAnswer"):
        notes.append("Marked as the answer")
    if item.get("isMinimized"):
        notes.append(f"Hidden as {str(item.get('minimizedReason') or 'off-topic').lower()}")
    return ", ".join(notes) or None
