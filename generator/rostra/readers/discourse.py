"""Discourse topics as its API gives them: ``post_stream`` with cooked or raw posts, one page or several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, bad_field, left_out, objects_of
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import load
from rostra.system.lazy_regex import late

NAME = "discourse"
ABOUT = "Discourse topics as JSON (post_stream), one file or a folder of pages or posts"
CARRIES = ("tree", "authors", "absolute times", "edits", "quotations with their posts", "addresses")
MANY = True

SHAPE = late(r'"post_stream"\s*:')
NUMBERED, SAID = late(r'"post_number"\s*:\s*\d'), late(r'"(?:cooked|raw)"\s*:')
ACTION, WHISPER = 3, 4


def recognise(dump: Dump) -> float:
    """Sure where a topic's stream or a post's number and body show."""
    if dump.is_folder:
        first = next(iter(dump.files()), None)
        return recognise(first) if first is not None and first.path.suffix == ".json" else 0
    text = dump.head_text.lstrip()
    post = NUMBERED.search(text) and SAID.search(text)
    return 0.95 if text.startswith(("{", "[")) and (post or SHAPE.search(text)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The topics of a dump, by id; pages and single posts of one topic are brought together."""
    about: dict[str, RawThread] = {}
    problems: dict[str, list[Problem]] = {}
    others: list[Problem] = []
    with Grouping() as grouping:
        for file in dump.files():
            if file.path.suffix != ".json" and dump.is_folder:
                continue
            value, repaired = load(file)
            topics = list(_topics(value, repaired))
            for topic, posts in topics:
                key = topic.name("id") or (posts[0].name("topic_id") if posts else None) or file.path.stem
                before = about.get(key, RawThread(posts=()))
                title, tags = before.title or topic.text("title"), before.tags or topic.texts("tags")
                about[key] = RawThread(posts=(), title=title, tags=tags)
                problems.setdefault(key, []).extend([*repaired, *map(bad_field, topic.wrong)])
                for said in posts:
                    post = _post(said)
                    grouping.add(key, post, said.problems(post))
            if not topics and dump.is_folder:
                others += [*repaired, Problem(code="no-posts", message=f"{file.path.name} holds no topic")]
            elif not topics:
                raise UnreadableDump("there is no topic in this JSON", path=dump.name, hint="export /t/TOPIC.json")
        for key, members, wrong in grouping.threads():
            yield _thread(key, about[key], members, [*others, *problems[key], *wrong])
            others = []


def _topics(value: Any, problems: list[Problem]) -> Iterator[tuple[Fields, list[Fields]]]:
    for item in objects_of(value, problems):
        stream = item.within("post_stream") if "post_stream" in item else item
        if "posts" in stream:
            yield item, [Fields(each.said) for each in stream.objects("posts")]
        elif "post_number" in item:
            yield Fields({name: item.get(f"topic_{name}") for name in ("id", "title")}), [item]
        else:
            problems.append(left_out("an object is neither topic nor post", item.said))


def _thread(key: str, topic: RawThread, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # Pages overlap: the same post twice is one.
    posts = list(dict.fromkeys(posts))
    posts.sort(key=lambda post: (len(post.key), post.key))
    first = next((post.key for post in posts if post.key.isdigit()), None)
    return replace(
        topic,
        native_id=key,
        posts=tuple(_placed(post, first) for post in posts) if first is not None else tuple(posts),
        problems=tuple(dict.fromkeys(problems)),
    )


def _placed(post: RawPost, first: str) -> RawPost:
    """A post that says of no other that it answers it, answers the first; the first answers none."""
    parent = None if post.key == first else post.parent or first
    return post if parent == post.parent else replace(post, parent=parent)


def _post(said: Fields) -> RawPost:
    number = said.number("post_number")
    key = str(number) if number is not None else f"id-{said.name('id')}"
    answers = said.number("reply_to_post_number")
    kind: PostKind = "post"
    if said.flag("deleted_at", "user_deleted"):
        kind = "deleted" if said.flag("user_deleted") else "removed"
    body, cooked = said.body("cooked", "raw"), said.text("cooked")
    name = said.text("username", "name")
    created, updated = said.time("created_at"), said.time("updated_at")
    notes = {ACTION: "A moderator's action", WHISPER: "A whisper among the staff"}
    return RawPost(
        key=key,
        native_id=key,
        parent=str(answers) if answers is not None and answers != number else None,
        kind=kind,
        author=Author(name=name, id=said.name("user_id")) if name else None,
        created=created.at,
        created_text=created.shown,
        # A version above 1 says that somebody edited; `updated_at` alone also moves when nobody did.
        edited=updated.at if (said.number("version") or 1) > 1 else None,
        score=said.number("like_count"),
        body=body if kind == "post" else "",
        dialect="discourse" if cooked else "markdown",
        note=notes.get(said.number("post_type") or 1),
    )
