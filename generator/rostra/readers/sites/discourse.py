"""Discourse topics from its API: ``post_stream`` with cooked or raw posts, one page or several.

The author is the post's own ``username``, or ``name``; without one the post has no author.  A poll shows the votes that
the JSON counts, since the HTML next to it always says "0 voters".

A topic names the ids of all its posts in their order (``stream``).  Between two posts of the dump whose numbers leave room
for exactly the absent ids, each absent post has a known number, and a placeholder with it; other absent posts in a row
have one placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n import remarks
from rostra.i18n.emoji import with_emoji
from rostra.model import Author, Declared, PostKind, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out, objects_of
from rostra.readers.dumps.json_files import load
from rostra.readers.guards.completeness import PLACES, distinct
from rostra.readers.guards.restricted import is_restricted
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

NAME = "discourse"
ABOUT = "Discourse topics as JSON (post_stream), one file or a folder of pages or posts"
CARRIES = ("tree", "authors", "absolute times", "edits", "quotations with their posts", "addresses")
MANY = True

NOT_SHOWN = {
    "raw": "the same words as typed, if `cooked` is shown",
    "name": "a person's full name next to the user name",
    "display_username": "likewise",
    "user_title": "a person's title on the forum",
    "link_counts": "titles of the pages that a post links to",
    "preloaded_voters": "the people who voted in a poll; how many did is shown",
    "details": "the participants and links of a topic",
    "suggested_topics": "other topics",
    "excerpt": "the beginning of the same words",
    "edit_reason": "why a post was edited, which programs write for most posts",
}
SHAPE = late(r'"post_stream"\s*:')
NUMBERED, SAID = late(r'"post_number"\s*:\s*\d'), late(r'"(?:cooked|raw)"\s*:')
LATEST = late(r'"(?:latest|private)_posts"\s*:')
POLL = late(r'<(?:div|li)\b[^<>]*?\bdata-poll-(name|option-id)="([^"<>]*)"')
OPENING = "1"
"""The number of a topic's first post."""
ACTION, WHISPER = 3, 4
PRIVATE = "private_posts"
LISTS = {"latest_posts", PRIVATE}
"""Fields that hold posts of many topics, newest first."""
PERSONAL = "private_message"
"""The archetype of a topic that only its participants can read."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for a topic's stream, or a post's number and body."""
    if dump.is_folder:
        first = next(iter(dump.files()), None)
        return recognise(first) if first is not None and first.path.suffix == ".json" else 0
    text = dump.head_text.lstrip()
    post = NUMBERED.search(text) and SAID.search(text)
    return 0.95 if text.startswith(("{", "[")) and (post or SHAPE.search(text) or LATEST.search(text)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the topics of a dump, by id; the pages and single posts of one topic are joined."""
    about: dict[str, RawThread] = {}
    counts: dict[str, int] = {}
    orders: dict[str, StreamOrder] = {}
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
                title, tags = (
                    before.title or (with_emoji(title) if (title := topic.text("title")) else None),
                    before.tags or topic.texts("tags"),
                )
                about[key] = RawThread(posts=(), title=title, tags=tags)
                counts[key] = max(counts.get(key, 0), _count(topic))
                orders.setdefault(key, StreamOrder()).add(topic, posts)
                problems.setdefault(key, []).extend([*repaired, *map(bad_field, topic.wrong)])
                personal = topic.get("archetype") == PERSONAL
                closed = is_restricted(topic.said) or is_restricted(topic.get("category"))
                for said in posts:
                    post = _post(said)
                    if personal or closed:
                        post = replace(post, private="a personal message" if personal else "a restricted category")
                    elif said.number("post_type") == WHISPER:
                        post = replace(post, private="whispers of the staff")
                    grouping.add(key, post, said.problems(post, said.text("topic_title"), topic.text("title")))
            if not topics and dump.is_folder:
                others += [*repaired, Problem(code="no-posts", message=f"{file.path.name} has no topic")]
            elif not topics:
                raise UnreadableDump("there is no topic in this file", path=dump.name, hint="export /t/TOPIC.json")
        for key, members, wrong in grouping.threads():
            found = [*others, *problems[key], *wrong]
            yield _thread(key, about[key], counts[key], members, orders[key], found)
            others = []


def _topics(value: Any, problems: list[Problem]) -> Iterator[tuple[Fields, list[Fields]]]:
    for item in objects_of(value, problems):
        stream = item.within("post_stream") if "post_stream" in item else item
        if "posts" in stream:
            yield item, [Fields(each.said) for each in stream.objects("posts")]
        elif "post_number" in item:
            yield _topic_of(item), [item]
        elif (listed := LISTS & item.said.keys()) != set():
            for name in sorted(listed):
                archetype = {"archetype": PERSONAL} if name == PRIVATE else {}
                for said in (Fields(each.said) for each in item.objects(name)):
                    yield _topic_of(said).changed(**archetype), [said]
        else:
            problems.append(left_out("an object is neither a topic nor a post", item.said))


def _topic_of(post: Fields) -> Fields:
    """Return the topic data in a post that is exported without its topic."""
    return Fields({name: post.get(f"topic_{name}") for name in ("id", "title", "archetype")})


def _stream(topic: Fields) -> tuple[str, ...]:
    return (topic.within("post_stream") if "post_stream" in topic else topic).texts("stream")


def _count(topic: Fields) -> int:
    """Return the number of posts that a topic declares: its count, or the number of its ids if that is higher."""
    return max(topic.number("posts_count") or 0, len(_stream(topic)))


class StreamOrder:
    """The ids of a topic's posts in their order, and the numbers of those that the dump holds."""

    def __init__(self) -> None:
        self._ids: tuple[str, ...] = ()
        self._numbers: dict[str, int] = {}
        self._last = 0

    def add(self, topic: Fields, posts: list[Fields]) -> None:
        """Add a page of a topic; of several orders the longest counts."""
        self._ids = max(self._ids, _stream(topic), key=len)
        self._last = max(self._last, topic.number("highest_post_number") or 0)
        for said in posts:
            if (id := said.name("id")) and (number := said.number("post_number")) is not None:
                self._numbers[id] = number

    def gaps(self) -> Iterator[tuple[int, int, bool]]:
        """Yield the number of the post before each row of absent ones, their count, and whether their numbers follow it."""
        before = count = 0
        for id in self._ids:
            if (number := self._numbers.get(id)) is None:
                count += 1
                continue
            if count:
                yield before, count, number - before - 1 == count
            before, count = number, 0
        if count:
            yield before, count, self._last - before == count


def _thread(
    key: str, topic: RawThread, count: int, posts: list[RawPost], order: StreamOrder, problems: list[Problem]
) -> RawThread:
    # Pages overlap: a repeated post is one.
    posts = distinct(posts)
    posts.sort(key=lambda post: (len(post.key), post.key))
    if not any(post.key.isdigit() for post in posts):
        return replace(topic, native_id=key, posts=tuple(posts), problems=tuple(dict.fromkeys(problems)))
    if all(post.key != OPENING for post in posts):
        message = "the topic's first post is not in the dump"
        problems.append(Problem(code="missing-post", message=message, post=OPENING))
        posts.insert(0, RawPost(key=OPENING, native_id=OPENING, kind="missing"))
    posts = _with_places(posts, order, problems)
    below = Declared(below=count - 1) if count > 1 else None
    return replace(
        topic,
        native_id=key,
        posts=tuple(_placed(post, below) for post in posts),
        flat=not any(post.parent for post in posts),
        problems=tuple(dict.fromkeys(problems)),
    )


def _with_places(posts: list[RawPost], order: StreamOrder, problems: list[Problem]) -> list[RawPost]:
    """Return posts with placeholders for those that the topic names and the dump lacks.

    Those without a known number are one placeholder, since other pages of the topic may hold some of them.
    """
    known = {post.key for post in posts}
    places: dict[str, list[RawPost]] = {}
    named = rest = 0
    for before, count, is_numbered in order.gaps():
        numbers = range(before + 1, before + 1 + min(count, PLACES - named)) if is_numbered else ()
        named += len(numbers)
        # The opening post has a placeholder already.
        rest += count - len(numbers) - (not numbers and not before)
        keys = [key for key in map(str, numbers) if key not in known]
        known.update(keys)
        if keys:
            found = [RawPost(key=key, native_id=key, kind="missing") for key in keys]
            places[str(before or OPENING)] = found
            problems.append(_absent(len(keys), f", from number {keys[0]} on,", keys[0]))
    placed = [each for post in posts for each in (post, *places.get(post.key, ()))]
    if rest:
        placed.append(RawPost(key=f"more-{OPENING}", id="p-more", kind="missing", hidden=rest))
        problems.append(_absent(rest, "", f"more-{OPENING}"))
    return placed


def _absent(count: int, which: str, post: str) -> Problem:
    what = f"{'a post' if count == 1 else f'{count} posts'}{which} that {'is' if count == 1 else 'are'} not in the dump"
    return Problem(code="missing-post", message=f"the topic names {what}", post=post)


def _placed(post: RawPost, below: Declared | None) -> RawPost:
    """Return the post with its parent: a post that names none is a reply to the first, which has none."""
    if post.key == OPENING:
        return replace(post, parent=None, declared=below)
    return post if post.parent else replace(post, parent=OPENING)


def _post(said: Fields) -> RawPost:
    number = said.number("post_number")
    key = str(number) if number is not None else f"id-{said.name('id')}"
    answers = said.number("reply_to_post_number")
    kind: PostKind = "post"
    if said.flag("deleted_at", "user_deleted", "hidden"):
        # A hidden post has the forum's notice instead of its text, or a text that was not shown.
        kind = "deleted" if said.flag("user_deleted") else "removed"
    body, cooked = _with_votes(said.body("cooked", "raw"), said), said.text("cooked")
    said.agree(cooked, "raw")
    said.agree(body, "excerpt")
    name = said.text("username", "name")
    created, updated = said.time("created_at"), said.time("updated_at")
    notes = {ACTION: remarks.ACTION, WHISPER: remarks.WHISPER}
    return RawPost(
        key=key,
        native_id=key,
        parent=str(answers) if answers is not None and answers != number else None,
        kind=kind,
        author=Author(name=name, id=said.name("user_id")) if name else None,
        created=created.at,
        created_text=created.shown,
        # A version above 1 means an edit; `updated_at` also changes for other reasons.
        edited=updated.at if (said.number("version") or 1) > 1 else None,
        score=said.number("like_count"),
        reactions=reactions(said.get("reactions")),
        body=body if kind == "post" else "",
        dialect="discourse" if cooked else "markdown",
        note=notes.get(said.number("post_type") or 1),
    )


def _with_votes(body: str, said: Fields) -> str:
    """Return the body with the votes of its polls in their tags, from which ``markup.discourse`` shows them."""
    counts: dict[tuple[str, str], int | None] = {}
    for poll in said.objects("polls"):
        named = poll.text("name") or ""
        counts[named, ""] = poll.number("voters")
        counts |= {(named, option.name("id") or ""): option.number("votes") for option in poll.objects("options")}
    if not counts:
        return body
    name = ""

    def counted(found: re.Match[str]) -> str:
        nonlocal name
        kind, id = found.groups()
        name, option = (id, "") if kind == "name" else (name, id)
        count = counts.get((name, option))
        return found[0] if count is None else f'{found[0]} data-counted="{count}"'

    return POLL.sub(counted, body)
