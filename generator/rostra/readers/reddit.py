"""Reddit: a comments page as its API gives it, and the flat lines of Pushshift and Arctic Shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import instant, line_records, load, number_of, text_of, values
from rostra.readers.records import Opened, Record, Recorded

NAME = "reddit"
ABOUT = "Reddit: a comments page (JSON), or flat comments and submissions (NDJSON of Pushshift, Arctic Shift)"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "deleted and removed posts", "addresses")
MANY = True

LISTING = late(r'^\s*\[?\s*\{\s*"kind"\s*:\s*"(?:Listing|t[13])"')
FLAT = late(r'"(?:link_id|parent_id)"\s*:\s*"t[13]_|"is_self"\s*:|"selftext"\s*:|"subreddit(?:_id)?"\s*:')
GONE = {"[deleted]": "deleted", "[removed]": "removed", "[ Removed by reddit ]": "removed"}


def recognise(dump: Dump) -> float:
    """Sure of listings; of lines, where the first has Reddit's own keys."""
    if dump.is_folder:
        return 0
    head = dump.head_text
    if LISTING.match(head):
        return 0.95
    first = head.lstrip().partition("\n")[0]
    return 0.9 if first.startswith("{") and len(FLAT.findall(first)) >= 2 and '"permalink_url"' not in first else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a dump: of a page by their native ids, of lines in order."""
    if RECORDS.holds(dump):
        yield from RECORDS.read(dump)
        return
    with Grouping() as grouping:
        value, problems = load(dump)
        for thread, post in _listed(value):
            grouping.add(thread, post)
        found = False
        for thread, posts in grouping.threads():
            found = True
            yield _thread(thread, posts, problems)
            problems = []
        if not found:
            raise RECORDS.nothing(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, lambda said: (_flat(said, None)[0],) if isinstance(said, dict) else ())


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    problems: list[Problem] = []
    threads: dict[str, list[RawPost]] = {}
    for item in values(opened, records):
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item[1], dict):
            thread, post = _flat(item[1], item[0])
            threads.setdefault(thread, []).append(post)
    for thread, posts in threads.items():
        yield _thread(thread, posts, problems)
        problems = []


RECORDS = Recorded(
    _scan,
    _make,
    ("there is no post in this dump", "is it a comments page, whole?"),
    lambda dump: not LISTING.match(dump.head_text),
)


def _thread(thread: str, posts: list[RawPost], problems: list[Problem]) -> RawThread:
    opening = next((post for post in posts if post.key == thread), None)
    if opening is None:
        posts = [RawPost(key=thread, native_id=thread, kind="missing"), *posts]
        problems = [
            *problems,
            Problem(code="missing-post", message=f"the submission {thread} is not in the dump", post=thread),
        ]
    for post in posts:
        if post.hidden:
            count = f"{post.hidden} replies were" if post.hidden > 1 else "a reply was"
            problems = [
                *problems,
                Problem(code="more-replies", message=f"{count} not loaded when the page was saved", post=post.key),
            ]
    return RawThread(
        native_id=thread,
        title=opening.title if opening else None,
        url=opening.url if opening else None,
        posts=tuple(posts),
        problems=tuple(problems),
    )


def _listed(value: Any) -> Iterator[tuple[str, RawPost]]:
    """The things of nested listings, by a stack: depth belongs to strangers."""
    thread = ""
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
            continue
        if not isinstance(item, dict):
            continue
        data = item.get("data")
        if not isinstance(data, dict):
            continue
        kind = item.get("kind")
        if kind == "Listing":
            stack.append(data.get("children"))
        elif kind == "t3":
            thread, post = _flat(data, None)
            yield thread, post
        elif kind == "t1":
            found, post = _flat(data, None)
            yield found or thread, post
            stack.append(data.get("replies"))
        elif kind == "more":
            parent = text_of(data.get("parent_id")) or thread
            hidden = max(number_of(data.get("count")) or 0, len(data.get("children") or ()), 1)
            yield thread, RawPost(key=f"more-{parent}", parent=parent, kind="missing", hidden=hidden)


def _flat(data: dict[str, Any], line: int | None) -> tuple[str, RawPost]:
    id = str(data.get("id") or f"line-{line}")
    link = text_of(data.get("link_id"))
    comment = link is not None or "body" in data
    key = f"t1_{id}" if comment else f"t3_{id}"
    thread = (link or f"t3_{id}") if comment else key
    body = text_of(data.get("body")) or text_of(data.get("selftext")) or ""
    kind = GONE.get(body.strip(), "post")
    name = text_of(data.get("author"))
    address = text_of(data.get("url"))
    if not comment and kind == "post" and address and not data.get("is_self"):
        body = f"<{address}>\n\n{body}".strip()
    permalink = text_of(data.get("permalink"))
    edited = data.get("edited")
    notes = [word for flag, word in (("stickied", "Pinned"), ("distinguished", "Marked as official")) if data.get(flag)]
    return thread, RawPost(
        key=key,
        native_id=key,
        parent=(text_of(data.get("parent_id")) or thread) if comment else None,
        kind=kind,  # type: ignore[arg-type]  # kinds come from the table above
        author=Author(name=name) if name and name != "[deleted]" else None,
        created=instant(data.get("created_utc")),
        edited=instant(edited) if not isinstance(edited, bool) else None,
        score=number_of(data.get("score")),
        line=line,
        url=f"https://www.reddit.com{permalink}" if permalink and permalink.startswith("/") else None,
        title=text_of(data.get("title")),
        body=body if kind == "post" else "",
        dialect="reddit",
        note=", ".join(notes) or None,
    )
