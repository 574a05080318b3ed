"""Lemmy and similar hosts: views of API v3 and v4, PieFed's with other names, and Mbin's entries, posts and comments.

A view is an object with a ``comment`` or ``post`` and its ``creator``, who is the author; without one the post has no
author.  The post in a comment's view is the opening if the dump has no view of it: it names
its author by number only.  Mbin (and kbin before it) has the ``user`` in the entry, post or comment itself, and nests
comments in ``children``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, left_out
from rostra.readers.dumps.json_series import series
from rostra.readers.guards.audit import stray_text
from rostra.readers.guards.completeness import once
from rostra.readers.guards.words_shown import says_enough, words
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.lemmy_views import (
    OF_VIEWS,
    comment_of,
    is_mbin,
    mbin_of,
    opening_of,
    title_of,
    unknown_objects,
)
from rostra.system.lazy_regex import late

NAME = "lemmy"
ABOUT = "Lemmy (API v3 and v4), PieFed and Mbin: posts and comment lists, one file or a folder of pages"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "deleted and removed posts", "addresses")
MANY = True

SHAPE = late(r'"(?:comment|post)"\s*:\s*\{[^{}]*"(?:ap_id|creator_id)"\s*:', re.DOTALL)
MBIN, ITS_OWN = late(r'"(?:entryId|postId)"\s*:\s*\d+'), late(r'"(?:commentId|numComments|magazine)"\s*:')
NOT_SHOWN = {
    "community": "the name of a community; its description of itself is told once",
    "community_view": "likewise",
    "magazine": "likewise",
    "moderators": "who moderates it",
    "bio": "a person's description of themselves",
    "about": "likewise",
    "embed_title": "a description of the linked page",
    "embed_description": "likewise",
}
NESTED = ("replies", "children", "comments")
"""Fields of a view that hold views."""
OPEN = {"Public", "public", "Unlisted", "unlisted", "LocalOnlyPublic", "local_only_public"}
"""The visibilities of communities that everyone can read."""
IDS = {int, str}
CLOSED = "a community that not everyone can read"
WHOLE = {"body", "url", "published", "published_at"}
"""Fields of a post that has more than its name."""


class ViewData(Struct):
    """Data of views besides their posts: titles by thread, people by number, openings with their authors' numbers."""

    titles: dict[str, str] = field(default_factory=dict)
    people: dict[str, Author] = field(default_factory=dict)
    openings: dict[str, tuple[RawPost, str]] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last copy of each opening in a comment's view, all of which are usually equal."""
    problems: list[Problem] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """The threads in communities that not everyone can read."""
    about: set[str] = field(default_factory=set)
    """What communities say of themselves."""


Maker = Callable[[Fields, Fields], tuple[str, RawPost]]
"""Makes a post of a view and the comment or post in it; returns its thread and the post."""


def recognise(dump: Dump) -> float:
    """Return a high confidence if there is a view of a comment or post."""
    if dump.is_folder:
        heads = [recognise(file) for file in islice(dump.files(), 2) if file.path.suffix == ".json"]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    if not head.startswith(("{", "[")):
        return 0
    return 0.95 if (MBIN.search(head) and ITS_OWN.search(head)) or SHAPE.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the threads of a dump, by the ids of their posts."""
    with Grouping() as grouping:
        known = ViewData()
        problems: list[Problem] = []
        for file in dump.files():
            if dump.is_folder and file.path.suffix != ".json":
                continue
            for _, value in series(file, problems):
                for made, view, said in _views(value, problems):
                    thread, post = _post(made, view, said, known)
                    grouping.add(thread, post, view.problems(post))
        if described := sum(len(words(each)) for each in known.about if says_enough(each)):
            problems += stray_text({"community.description": described})
        count = 0
        for thread, posts, wrong in grouping.threads():
            count += 1
            yield _thread(thread, posts, known, [*problems, *dict.fromkeys(known.problems), *wrong])
            problems = []
            known.problems.clear()
        if not count:
            raise UnreadableDump("there is no comment in this dump", path=dump.name, hint="save /api/v3/comment/list")


def _post(made: Maker, view: Fields, said: Fields, known: ViewData) -> tuple[str, RawPost]:
    """Return the thread and the post of a view, and record its other data."""
    thread, post = made(view, said)
    community = view.said.get("magazine" if made is mbin_of else "community")
    if community.__class__ is dict and (about := community.get("description")).__class__ is str:
        known.about.add(about)
    if made is mbin_of:
        if post.parent is None and post.title:
            known.titles[thread] = post.title
        return thread, post
    if not OF_VIEWS.issuperset(view.said):
        view.parts += unknown_objects(view.said)
    if community.__class__ is dict and (visibility := community.get("visibility")) and str(visibility) not in OPEN:
        known.closed.add(thread)
    whole = view.said.get("post") if made is comment_of else said.said
    if thread not in known.titles and (title := title_of(Fields(whole))):
        known.titles[thread] = title
    creator = view.said.get("creator")
    if post.author and creator.__class__ is dict and (number := creator.get("id")).__class__ in IDS:
        known.people.setdefault(str(number), post.author)
    if made is comment_of and isinstance(whole, dict) and not WHOLE.isdisjoint(whole):
        _keep_opening(thread, Fields(whole), known)
    return thread, post


def _keep_opening(thread: str, shown: Fields, known: ViewData) -> None:
    """Record the opening in the view of a comment, unless it is the last one again."""
    if (before := known.seen.get(thread)) == shown.said:
        shown.is_no_post()
        return
    known.seen[thread] = shown.said
    opening = opening_of(Fields({}), shown)[1]
    known.problems += shown.problems(opening)
    if before is None or not known.openings[thread][0].body:
        known.openings[thread] = (opening, shown.name("creator_id", "user_id") or "")
    elif opening.body.strip() and opening.body != known.openings[thread][0].body:
        known.problems.append(_earlier(opening))


def _views(value: Any, problems: list[Problem]) -> Iterator[tuple[Maker, Fields, Fields]]:
    """Yield every view in an API's response, at any depth, with what makes a post of it and its comment or post."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            made: Maker = mbin_of
            said = view = Fields(item)
            if not is_mbin(item):
                name, made = ("comment", comment_of) if item.get("comment") else ("post", opening_of)
                said = view.within(name)
            speaks = "content" in said.said or "body" in said.said
            if said is view or ((speaks or "counts" in item or "creator" in item) and said.name("id")):
                yield made, view, said
                if item.keys().isdisjoint(NESTED):
                    continue
                below = [item[name] for name in NESTED if isinstance(item.get(name), list | dict)]
            else:
                if speaks:
                    problems.append(left_out("an object is not a view: it lacks an id", said.said))
                below = [item[key] for key in sorted(item) if isinstance(item[key], list | dict)]
            stack.extend(reversed(below))


def _thread(thread: str, posts: list[RawPost], known: ViewData, problems: list[Problem]) -> RawThread:
    title, shown = known.titles.get(thread), known.openings.get(thread)
    # Pages overlap: a repeated view is one post.
    unique = once(posts)
    if all(post.parent is not None for post in unique):
        key = f"post-{thread}"
        if shown is not None:
            opening = replace(shown[0], author=known.people.get(shown[1]))
        else:
            opening = RawPost(key=key, native_id=thread, kind="missing", title=title)
            problems = [
                *problems,
                Problem(code="missing-post", message=f"the post {thread} is not in the dump", post=key),
            ]
        unique.insert(0, opening)
    opening = next(post for post in unique if post.parent is None)
    if shown is not None and shown[0].body.strip() and shown[0].body != opening.body and opening.kind == "post":
        problems = [*problems, _earlier(opening)]
    if thread in known.closed:
        unique = [replace(post, private=CLOSED) for post in unique]
    return RawThread(
        native_id=thread,
        title=title,
        url=opening.url,
        posts=tuple(unique),
        problems=tuple(problems),
    )


def _earlier(opening: RawPost) -> Problem:
    message = "the views of comments have another version of the post, which is not shown"
    return Problem(code="earlier-version", message=message, post=opening.key)
