"""Reddit: pages and trees of its API and of others, archives of tools, and flat lines or lists.

A comments page (listings of things), more children, responses of Arctic Shift and Pushshift, their flat lines, and
posts that tools such as the Bulk Downloader for Reddit nest in ``comments`` and ``replies``.

The author of a post is its own ``author``; if that is missing or ``[deleted]``, the post has no author.  The text of a
cross-posted submission (``crosspost_parent_list``) is a quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, is_nothing, left_out
from rostra.readers.dumps.json_files import ALONE, json_values, line_records, sound
from rostra.readers.dumps.json_series import series
from rostra.readers.records.grouping import Grouping
from rostra.readers.records.record_pieces import Record
from rostra.readers.records.recorded import Opened, Recorded
from rostra.readers.sites.reddit_items import REDDIT, is_post, reddit_place, reddit_post
from rostra.system.lazy_regex import late

NAME = "reddit"
ABOUT = "Reddit: pages and trees of its API, archives of Pushshift, Arctic Shift and BDFR; JSON, or flat lines (NDJSON)"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "deleted and removed posts", "polls", "addresses")
MANY = True

LISTING = late(r'^\s*\[?\s*\{\s*"kind"\s*:\s*"(?:Listing|t[13])"')
SIGNS = late(
    r'"(link_id|parent_id)"\s*:\s*"t[13]_|"(is_self|selftext|is_submitter|subreddit_id|subreddit)"\s*:'
    r'|"(permalink)"\s*:\s*"/r/[^/"]+/comments/|"kind"\s*:\s*"(t1|t3|Listing)"'
)
OTHERS = late(r'"(?:permalink_url|conversation_id|reply[-_]to|speaker)"\s*:')
"""Keys of formats that hold Reddit's words in another form."""
SAYS = {"kind", "body", "selftext", "title", "author"}
"""Fields of a post or of a thing in a listing; each has at least one of them."""
KINDS = {"t1", "t3", "more", "Listing"}
"""Kinds of things that are read."""
NOT_SHOWN = {
    "body_html": "the same words as HTML",
    "selftext_html": "likewise",
    "media": "a description of the linked page",
    "secure_media": "likewise",
    "media_embed": "likewise",
    "secure_media_embed": "likewise",
    "preview": "likewise",
    "sr_detail": "a community's description of itself",
    "all_awardings": "who gave what",
    "author_flair_text": "a text next to a name",
    "author_flair": "likewise",
    "author_flair_richtext": "likewise",
    "link_flair_text": "a label",
    "link_flair_richtext": "likewise",
    "link_title": "the title of the submission, which is not the comment's",
    "user_reports": "what moderators see",
    "mod_reports": "likewise",
    "mod_note": "likewise",
    "removal_reason": "likewise",
    "mod_reason_title": "likewise",
}
NESTED = ("replies", "comments", "children")
"""Fields of a post that hold posts."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for listings; for other JSON, if its beginning has two of Reddit's own keys."""
    if dump.is_folder:
        return 0
    head = dump.head_text.lstrip()
    if LISTING.match(head):
        return 0.95
    if _in_lines(dump):
        head = head.partition("\n")[0]
    if not head.startswith(("{", "[")) or OTHERS.search(head):
        return 0
    return 0.9 if len({found.lastindex and found[found.lastindex] for found in SIGNS.finditer(head)}) >= 2 else 0


def _in_lines(dump: Dump) -> bool:
    """Whether the dump has one value per line: the first is a complete object."""
    text = dump.head_text.strip()
    first, _, rest = text.partition("\n")
    whole = first.startswith("{") and first.rstrip().endswith("}")
    follows = not rest or rest.lstrip().startswith("{") or ALONE.match(rest.lstrip()) is not None
    return whole and follows and not LISTING.match(text)


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the threads of a dump: those of lines in order, others sorted by native id."""
    if RECORDS.holds(dump):
        yield from RECORDS.read(dump)
        return
    problems: list[Problem] = []
    with Grouping() as grouping:
        for line, value in series(dump, problems):
            for thread, post, wrong in _posts(value, line, problems):
                grouping.add(thread, post, wrong)
        found = False
        for thread, posts, wrongs in grouping.threads():
            found = True
            yield _thread(thread, posts, [*problems, *wrongs])
            problems = []
        if not found:
            raise RECORDS.nothing(dump)


def _scan(opened: Opened, start: Record) -> Iterator[tuple[Record, Iterable[str]]]:
    return line_records(opened, start, _terms)


def _terms(value: Any) -> Iterable[str]:
    if _is_flat(value):
        return (reddit_place(Fields(value), "", "")[0],)
    return {thread for thread, _, _ in _posts(value, None, [])}


def _make(opened: Opened, records: Sequence[Record]) -> Iterator[RawThread]:
    others: list[Problem] = []
    threads: dict[str, tuple[list[RawPost], list[Problem]]] = {}
    for line, value in sound(json_values(opened, records), others):
        found = False
        for thread, post, wrong in _posts(value, line, others):
            found = True
            posts, problems = threads.setdefault(thread, ([], []))
            posts.append(post)
            problems += wrong
        if not found:
            others.append(left_out("this line is not a post", value, line, "bad-line"))
    for thread, (posts, problems) in threads.items():
        yield _thread(thread, posts, [*others, *problems])
        others = []


RECORDS = Recorded(
    _scan, _make, ("there is no post in this dump", "check that it is a complete comments page"), _in_lines
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
        # A submission in another dump has the same address, so they are one debate.
        url=(opening.url if opening else None) or f"{REDDIT}/comments/{thread.removeprefix('t3_')}",
        posts=tuple(posts),
        problems=tuple(problems),
    )


class _CommentPlace(NamedTuple):
    """A position: the thread, and the comment above."""

    thread: str = ""
    above: str | None = None


def _is_flat(value: Any) -> bool:
    """Whether a value is a post without nested posts, as nearly every line is."""
    return isinstance(value, dict) and "kind" not in value and value.keys().isdisjoint(NESTED) and is_post(value)


def _posts(value: Any, line: int | None, problems: list[Problem]) -> Iterator[tuple[str, RawPost, tuple[Problem, ...]]]:
    """Yield the posts of a value with thread and problems; uses a stack, since depth is unbounded."""
    if _is_flat(value):
        said = Fields(value)
        thread, post = reddit_post(said, f"line-{line}", "", None, line)
        yield thread, post, said.problems(post)
        return
    last, unnamed = "", 0
    stack: list[tuple[Any, _CommentPlace]] = [(value, _CommentPlace())]
    while stack:
        item, where = stack.pop()
        if isinstance(item, list):
            stack.extend((each, where) for each in reversed(item))
        elif isinstance(item, dict):
            kind = item.get("kind")
            data = Fields(item).within("data").said if isinstance(kind, str) and kind in KINDS else {}
            if kind == "more":
                yield _more(Fields(data), where.thread or last)
            elif kind == "Listing":
                stack.append((data.get("children"), where))
            elif data or is_post(item):
                said = Fields(data or item)
                unnamed += 1
                name = f"line-{line}" if line and unnamed == 1 else f"post-{line or ''}-{unnamed}"
                thread, post = reddit_post(said, name, where.thread or last, where.above, line)
                yield thread, post, said.problems(post)
                last = thread
                below = _CommentPlace(thread, post.key if post.parent else None)
                stack += (
                    (inner, below) for name in reversed(NESTED) if isinstance(inner := said.get(name), list | dict)
                )
            elif inner := [each for each in reversed(item.values()) if isinstance(each, list | dict) and each]:
                stack += ((each, where) for each in inner)
            elif not SAYS.isdisjoint(item) and (line is None or item is not value):
                problems.append(left_out("an object is neither a post nor a comment", item, line))
        elif not is_nothing(item):
            problems.append(left_out("a value of this listing is not a post", item, line))


def _more(said: Fields, thread: str) -> tuple[str, RawPost, tuple[Problem, ...]]:
    """Return a placeholder for comments that were not loaded."""
    parent = said.text("parent_id") or thread
    hidden = max(said.number("count") or 0, len(said.values("children")), 1)
    post = RawPost(key=f"more-{parent}", parent=parent, kind="missing", hidden=hidden)
    return thread, post, said.problems(post)
