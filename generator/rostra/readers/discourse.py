"""Discourse topics as its API gives them: ``post_stream`` with cooked or raw posts, one page or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, load, number_of, text_of

NAME = "discourse"
ABOUT = "Discourse topics as JSON (post_stream), one file or a folder of pages or posts"
CARRIES = ("tree", "authors", "absolute times", "edits", "quotations with their posts", "addresses")
MANY = True

SHAPE = late(
    r'"post_stream"\s*:|"post_number"\s*:\s*\d.*"(?:cooked|raw)"|"(?:cooked|raw)"\s*:.*"post_number"\s*:\s*\d',
    re.DOTALL,
)
ACTION, WHISPER = 3, 4


def recognise(dump: Dump) -> float:
    """Sure where a topic's stream or a post's number and body show."""
    if dump.is_folder:
        first = next(iter(dump.files()), None)
        return recognise(first) if first is not None and first.path.suffix == ".json" else 0
    text = dump.head_text.lstrip()
    return 0.95 if text.startswith(("{", "[")) and SHAPE.search(text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The topics of a dump, by id; pages and single posts of one topic are brought together."""
    about: dict[str, dict[str, Any]] = {}
    problems: dict[str, list[Problem]] = {}
    with Grouping() as grouping:
        for file in dump.files():
            if file.path.suffix != ".json" and dump.is_folder:
                continue
            value, repaired = load(file)
            found = False
            for topic, posts in _topics(value):
                found = True
                key = str(topic.get("id") or (posts[0].get("topic_id") if posts else None) or file.path.stem)
                if not about.get(key):
                    about[key] = {"title": topic.get("title"), "tags": topic.get("tags")} if topic else {}
                problems.setdefault(key, []).extend(repaired)
                for post in posts:
                    grouping.add(key, _post(post))
            if not found and not dump.is_folder:
                raise UnreadableDump("there is no topic in this JSON", path=dump.name, hint="export /t/TOPIC.json")
        for key, members in grouping.threads():
            yield _thread(key, about[key], members, problems[key])


def _topics(value: Any) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        stream = item.get("post_stream")
        if isinstance(stream, dict) and isinstance(stream.get("posts"), list):
            yield item, [post for post in stream["posts"] if isinstance(post, dict)]
        elif isinstance(item.get("posts"), list):
            yield item, [post for post in item["posts"] if isinstance(post, dict)]
        elif "post_number" in item:
            yield {"id": item.get("topic_id"), "title": item.get("topic_title"), "slug": item.get("topic_slug")}, [item]


def _thread(key: str, topic: dict[str, Any], posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # Pages overlap: the same post twice is one.
    posts = list(dict.fromkeys(posts))
    posts.sort(key=lambda post: (len(post.key), post.key))
    first = min((int(post.key) for post in posts if post.key.isdigit()), default=None)
    tags = topic.get("tags")
    return RawThread(
        native_id=key,
        title=text_of(topic.get("title")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        posts=tuple(_placed(post, str(first)) for post in posts) if first is not None else tuple(posts),
        problems=tuple(dict.fromkeys(problems)),
    )


def _placed(post: RawPost, first: str) -> RawPost:
    """A post that says of no other that it answers it, answers the first; the first answers none."""
    parent = None if post.key == first else post.parent or first
    return post if parent == post.parent else replace(post, parent=parent)


def _post(post: dict[str, Any]) -> RawPost:
    number = number_of(post.get("post_number"))
    key = str(number) if number is not None else f"id-{post.get('id')}"
    answers = number_of(post.get("reply_to_post_number"))
    kind = "post"
    if post.get("deleted_at") or post.get("user_deleted"):
        kind = "removed" if post.get("deleted_at") and not post.get("user_deleted") else "deleted"
    cooked, raw = text_of(post.get("cooked")), text_of(post.get("raw"))
    name = text_of(post.get("username")) or text_of(post.get("name"))
    created, updated = instant(post.get("created_at")), instant(post.get("updated_at"))
    notes = {ACTION: "A moderator's action", WHISPER: "A whisper among the staff"}
    return RawPost(
        key=key,
        native_id=key,
        parent=str(answers) if answers is not None and answers != number else None,
        kind=kind,  # type: ignore[arg-type]  # kinds come from the literals above
        author=Author(name=name, id=str(post["user_id"]) if number_of(post.get("user_id")) is not None else None)
        if name
        else None,
        created=created,
        created_text=None if created else text_of(post.get("created_at")),
        # A version above 1 says that somebody edited; `updated_at` alone also moves when nobody did.
        edited=updated if (number_of(post.get("version")) or 1) > 1 else None,
        score=number_of(post.get("like_count")),
        body=(cooked or raw or "") if kind == "post" else "",
        dialect="discourse" if cooked else "markdown",
        note=notes.get(number_of(post.get("post_type")) or 1),
    )
