"""Reddit: a comments page as its API gives it, and the flat lines of Pushshift and Arctic Shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, is_nothing, left_out
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import line_records, load, values
from rostra.readers.records import Opened, Record, Recorded
from rostra.system.lazy_regex import late

NAME = "reddit"
ABOUT = "Reddit: a comments page (JSON), or flat comments and submissions (NDJSON of Pushshift, Arctic Shift)"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "deleted and removed posts", "addresses")
MANY = True

LISTING = late(r'^\s*\[?\s*\{\s*"kind"\s*:\s*"(?:Listing|t[13])"')
FLAT = late(r'"(?:link_id|parent_id)"\s*:\s*"t[13]_|"is_self"\s*:|"selftext"\s*:|"subreddit(?:_id)?"\s*:')
GONE: dict[str, PostKind] = {"[deleted]": "deleted", "[removed]": "removed", "[ Removed by reddit ]": "removed"}


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
        for thread, post, wrong in _listed(value, problems):
            grouping.add(thread, post, wrong)
        found = False
        for thread, posts, wrongs in grouping.threads():
            found = True
            yield _thread(thread, posts, [*problems, *wrongs])
            problems = []
        if not found:
            raise RECORDS.nothing(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(
        opened, start, lambda value: (_place(Fields(value), None)[0],) if isinstance(value, dict) else ()
    )


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    others: list[Problem] = []
    threads: dict[str, tuple[list[RawPost], list[Problem]]] = {}
    for item in values(opened, records):
        if isinstance(item, Problem):
            others.append(item)
        elif isinstance(item[1], dict):
            said = Fields(item[1])
            thread, post = _post(said, item[0])
            posts, problems = threads.setdefault(thread, ([], []))
            posts.append(post)
            problems += said.problems(post)
        else:
            others.append(left_out("this line is no post", item[1], item[0], "bad-line"))
    for thread, (posts, problems) in threads.items():
        yield _thread(thread, posts, [*others, *problems])
        others = []


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


def _listed(value: Any, problems: list[Problem]) -> Iterator[tuple[str, RawPost, tuple[Problem, ...]]]:
    """The things of nested listings, each with its thread, by a stack: depth belongs to strangers."""
    thread = ""
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            kind, said = item.get("kind"), Fields(item).within("data")
            if kind == "Listing":
                stack.append(said.get("children"))
            elif kind in ("t1", "t3") and said.said:
                found, post = _post(said, None)
                thread = found or thread
                yield thread, post, said.problems(post)
                stack.append(said.get("replies"))
            elif kind == "more":
                parent = said.text("parent_id") or thread
                hidden = max(said.number("count") or 0, len(said.values("children")), 1)
                post = RawPost(key=f"more-{parent}", parent=parent, kind="missing", hidden=hidden)
                yield thread, post, said.problems(post)
            else:
                problems.append(left_out("a thing of this listing is neither post nor comment", item))
        elif not is_nothing(item):
            problems.append(left_out("a value of this listing is no post", item))


def _place(said: Fields, line: int | None) -> tuple[str, str, bool]:
    """The thread of a post, its own name, and whether it is a comment."""
    id = said.name("id") or f"line-{line}"
    link = said.name("link_id")
    if link is None and "body" not in said:
        return f"t3_{id}", f"t3_{id}", False
    return link or f"t3_{id}", f"t1_{id}", True


def _post(said: Fields, line: int | None) -> tuple[str, RawPost]:
    thread, key, comment = _place(said, line)
    body = said.body("body", "selftext")
    kind = GONE.get(body.strip(), "post")
    name = said.text("author")
    address = said.text("url")
    if not comment and kind == "post" and address and not said.get("is_self"):
        body = f"<{address}>\n\n{body}".strip()
    permalink = said.text("permalink")
    created = said.time("created_utc")
    notes = [word for flag, word in (("stickied", "Pinned"), ("distinguished", "Marked as official")) if said.get(flag)]
    return thread, RawPost(
        key=key,
        native_id=key,
        parent=(said.name("parent_id") or thread) if comment else None,
        kind=kind,
        author=Author(name=name) if name and name != "[deleted]" else None,
        created=created.at,
        created_text=created.shown,
        # Old ones only say that they were edited.
        edited=said.time("edited").at if not isinstance(said.get("edited"), bool) else None,
        score=said.number("score"),
        line=line,
        url=f"https://www.reddit.com{permalink}" if permalink and permalink.startswith("/") else None,
        title=said.text("title"),
        body=body if kind == "post" else "",
        dialect="reddit",
        note=", ".join(notes) or None,
    )
