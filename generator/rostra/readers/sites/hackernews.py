"""Hacker News: items of Firebase's and Algolia's APIs, and of derived ones, alone, nested, in lists or in lines.

Replies are nested in an item (``children``, ``kids``, ``comments``, ``replies``) or name their parent.  A post's author
is its own ``by``, ``author`` or ``user``; without one the post has no author.  The options of a poll are part of the
poll's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, left_out
from rostra.readers.dumps.json_files import json_values, line_records, objects_in_lines, sound
from rostra.readers.dumps.json_series import series
from rostra.readers.guards.completeness import FEWER, absent, distinct
from rostra.readers.records.grouping import roots_of
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.readers.sites.hackernews_items import (
    IDS,
    NESTED,
    SAYS,
    SITE,
    StoryItem,
    is_item,
    item_of,
    item_place,
    poll_options,
)
from rostra.system.lazy_regex import late

NAME = "hackernews"
ABOUT = "Hacker News: items of Firebase's and Algolia's APIs, alone, nested, listed or in lines"
CARRIES = ("tree", "authors", "absolute times", "scores of stories", "polls", "dead and deleted posts")
MANY = True

NOT_SHOWN = {
    "_highlightResult": "the same words with search terms highlighted",
    "story_title": "the title of another item; without that item it is the debate's",
}
ALGOLIA, ITS_OWN = late(r'"created_at_i"\s*:'), late(r'"(?:children|story_id|points)"\s*:')
FIREBASE = late(r'"type"\s*:\s*"(?:story|comment|job|poll|pollopt|ask|link)"')
WHO, FITS = late(r'"by"\s*:|"deleted"\s*:\s*true|"time_ago"\s*:'), late(r'"(?:kids|parent|time)"\s*:')


def recognise(dump: Dump) -> float:
    """Return a high confidence for the keys of either API."""
    head = dump.head_text.lstrip() if not dump.is_folder else ""
    if not head.startswith(("{", "[")):
        return 0
    if ALGOLIA.search(head) and ITS_OWN.search(head):
        return 0.9
    return 0.9 if FIREBASE.search(head) and WHO.search(head) and FITS.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the threads of a dump, named by the ids of their stories."""
    if RECORDS.holds(dump):
        yield from RECORDS.read(dump)
        return
    problems: list[Problem] = []
    items: list[StoryItem] = []
    search = _FoundBySearch()
    for line, value in series(dump, problems):
        search.add(value)
        items += _made(value, line, problems)
    if not items:
        raise RECORDS.nothing(dump)
    yield from _threads(items, [*problems, *search.problems()])


class _FoundBySearch:
    """The pages of a search: how many items it found, and which of them the pages hold."""

    def __init__(self) -> None:
        self.found = 0
        self.here: set[str | None] = set()

    def add(self, value: Any) -> None:
        """Count the items of a page, or of a list of pages."""
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "nbHits" in each:
                page = Fields(each)
                self.found = max(self.found, page.number("nbHits") or 0)
                self.here |= {Fields(hit).name(*IDS) for hit in page.values("hits")}

    def problems(self) -> Iterator[Problem]:
        """Yield a problem if the search found more."""
        if len(self.here) < self.found:
            message = f"the search found {self.found} items; {len(self.here)} are here"
            yield Problem(code=FEWER, message=message, hint="fetch its other pages, or the whole story by its id")


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> set[str]:
    places = (item_place(said, above) for said, above in _items(value, None, []))
    return {term for place in places for term in place[:3] if term}


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    items: list[StoryItem] = []
    problems: list[Problem] = []
    for line, value in sound(json_values(opened, records), problems):
        items += _made(value, line, problems)
    return _threads(items, problems)


def _threads(items: list[StoryItem], problems: list[Problem]) -> Iterator[RawThread]:
    items = _with_options(items)
    parents = {item.post.key: item.post.parent for item in items}
    for item in items:
        if item.story and item.post.parent:
            # Its parent may be missing; the story of the parent is known.
            parents.setdefault(item.post.parent, item.story if item.post.parent != item.story else None)
    roots = roots_of(parents)
    titles = {item.story: item.story_title for item in items if item.story_title}
    threads: dict[str, list[RawPost]] = {}
    for item in items:
        members = threads.setdefault(roots[item.post.key], [])
        members.append(item.post)
        # Most items have no replies.
        if item.kids:
            members += absent((kid for kid in item.kids if kid not in parents), item.post.key, problems)
    for root, members in threads.items():
        yield _thread(root, titles.get(root), members, problems)
        problems = []


def _with_options(items: list[StoryItem]) -> list[StoryItem]:
    """Return the items, with the options of a poll in the poll itself if that is present."""
    here = {item.post.key for item in items if not item.is_option}
    options: dict[str, dict[str, RawPost]] = {}
    for item in items:
        if item.is_option and item.post.parent in here:
            options.setdefault(item.post.parent, {})[item.post.key] = item.post
    if not options:
        return items
    rest = [item for item in items if not (item.is_option and item.post.parent in here)]
    for item in rest:
        if found := options.get(item.post.key):
            chosen = poll_options([(option.body, option.score) for _, option in sorted(found.items(), key=_by_number)])
            item.post = replace(item.post, body=item.post.body + chosen)
    return rest


def _by_number(option: tuple[str, RawPost]) -> tuple[int, str]:
    return len(option[0]), option[0]


RECORDS = Recorded(_scan, _make, ("there is no item in this dump", "save an item of either API"), objects_in_lines)


def _thread(root: str, title: str | None, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    # An item may be both in a tree and in a list next to it.
    members = distinct(posts)
    opening = next((post for post in members if post.key == root), None)
    if opening is None:
        members.insert(0, RawPost(key=root, native_id=root, kind="missing"))
        problems = [*problems, Problem(code="missing-post", message=f"item {root} is not in the dump", post=root)]
    return RawThread(
        native_id=root,
        title=opening.title if opening else title,
        url=f"{SITE}/item?id={root}",
        posts=tuple(members),
        problems=tuple(problems),
    )


def _made(value: Any, line: int | None, problems: list[Problem]) -> Iterator[StoryItem]:
    """Yield the items of a value at any depth."""
    for said, above in _items(value, line, problems):
        item = item_of(said, above)
        problems += said.problems(item.post)
        yield item


def _items(value: Any, line: int | None, problems: list[Problem]) -> Iterator[tuple[Fields, str | None]]:
    """Yield the items of a value at any depth, each with the key of the one that contains it; one without an id is a problem."""
    stack: list[tuple[Any, str | None]] = [(value, None)]
    while stack:
        here, above = stack.pop()
        if isinstance(here, list):
            stack.extend((each, above) for each in reversed(here))
        elif isinstance(here, dict):
            said = Fields(here)
            if is_item(said):
                yield said, above
                if here.keys().isdisjoint(NESTED):
                    continue
                above = said.name(*IDS)
                inner = [_objects(here[name]) for name in reversed(NESTED) if isinstance(here.get(name), list | dict)]
            else:
                if not SAYS.isdisjoint(here):
                    problems.append(left_out("an object is not an item: it lacks an `id` or a time", here, line))
                inner = [each for each in reversed(here.values()) if isinstance(each, list | dict)]
            stack.extend((each, above) for each in inner)
        elif isinstance(here, str) and not here.isspace():
            problems.append(left_out("there is a text instead of an item", here, line))


def _objects(value: Any) -> Any:
    """Return the entries of a list that may be items, not only ids."""
    return [each for each in value if not isinstance(each, int)] if isinstance(value, list) else value
