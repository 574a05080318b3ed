"""GitHub and similar hosts (Gitea, Forgejo): issues, pull requests and discussions, from their APIs and archives.

REST and GraphQL responses, ``gh … --json``, ``gh api --paginate``, archive.json, python-github-backup, archives of a
migration and lines of GH Archive nest the same few objects under different names: an object with a title and a number
or address of its own opens a thread; objects among its comments, or that name it, are replies.

The author of a post is its own ``author`` or ``user``, or its ``original_author`` if it was imported from elsewhere;
only in archive.json a review names the reviewer once for its comments.  Without these the post has no author.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, is_nothing, left_out
from rostra.readers.dumps.json_series import series
from rostra.readers.guards.audit import dismiss
from rostra.readers.guards.completeness import FEWER, distinct
from rostra.readers.records.grouping import Grouping
from rostra.readers.sites.github_items import (
    GITHUB,
    OPENING,
    REVIEW,
    WHO,
    address_of,
    closed_repository,
    github_post,
    goes_on,
    holds_comments,
    holds_post,
    is_closed,
    labels,
    names_of,
    opens_thread,
    place_of,
)
from rostra.system.lazy_regex import late

NAME = "github"
ABOUT = (
    "GitHub, Gitea, Forgejo: issues, pull requests, discussions, from their APIs, gh and backups; a file or a folder"
)
CARRIES = ("tree", "authors", "absolute times", "edits", "labels", "reviews", "answers", "addresses")
MANY = True

SHAPE = late(
    r'"(?:issue_url|pull_request_url|author_association|authorAssociation)"\s*:'
    r'|"(?:url|html_url)"\s*:\s*"https?://[^"\s]+/[^"/\s]+/[^"/\s]+/(?:issues|pulls?|discussions)/\d+'
    r'|"repository"\s*:\s*\{(?:\s*"\w+"\s*:\s*"[^"]*"\s*,){0,5}\s*"(?:issue|pullRequest|discussion)s?"\s*:\s*\{'
)
BODY = late(r'"body(?:Text)?"\s*:')
MIGRATED = late(
    r"(?:issues|issue_comments|pull_requests|pull_request_reviews|pull_request_review_comments)_\d{6}\.json"
)
"""The files of a migration's archive."""
NOT_SHOWN = {
    "description": "the purpose of a label, a milestone or a repository",
    "message": "the message of a commit",
    "reactions": "the people who reacted to a post; how many did is shown",
    "reactionGroups": "likewise",
}
ASIDE = ("event_data", "commit_data", "commits", "base", "head", "repository", "milestone")
"""Fields of an issue that are not text of a person: events, commits, branches, plans."""
NESTED = ("comments", "reviews", "review_comments", "reviewThreads", "replies")
"""Fields of a post that hold posts, including short ones."""
CONTAINERS = (list, dict)
UNKNOWN = "0"
"""The thread of posts that do not name a thread."""


class About(Struct):
    """The data of a thread besides its posts; ``private``: its repository was not public.

    ``names`` maps other names of posts to their keys, ``within`` has the posts that contain others,
    and ``pages`` says of posts whether all present pages of their comments announce another page.
    """

    title: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    pages: dict[str, bool] = field(default_factory=dict)
    private: bool = False


def recognise(dump: Dump) -> float:
    """Return a high confidence for GitHub's own keys and addresses, or for a folder with such files or a migration's."""
    if dump.is_folder:
        files = list(islice(_json(dump), 20))
        if sum(MIGRATED.fullmatch(file.path.name) is not None for file in files) > 1:
            return 0.93
        return min(map(recognise, files[:2]), default=0)
    head = dump.head_text.lstrip()
    return 0.93 if head.startswith(("{", "[")) and SHAPE.search(head) and BODY.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the issues, pull requests and discussions of a dump."""
    found = _DumpContents()
    with Grouping() as grouping:
        for file in _json(dump):
            for _, value in series(file, found.problems):
                for thread, post, wrong in found.posts(value):
                    grouping.add(thread, post, wrong)
        if not found.about:
            raise UnreadableDump("there is no issue in this dump", path=dump.name, hint="export issues with comments")
        problems = found.problems
        for thread, posts, wrongs in grouping.threads():
            about = found.about.get(thread, About())
            about.private |= thread.rstrip("0123456789") in found.closed
            yield _thread(thread, about, posts, [*problems, *wrongs])
            problems = []


def _json(dump: Dump) -> Iterator[Dump]:
    suffixes = (".json", ".jsonl", ".ndjson")
    yield from (file for file in dump.files() if not dump.is_folder or file.path.suffix in suffixes)


def _thread(thread: str, about: About, found: list[RawPost], problems: list[Problem]) -> RawThread:
    posts = _latest(found, problems)
    keys = {post.key for post in posts}
    if OPENING not in keys:
        posts.insert(0, RawPost(key=OPENING, kind="missing"))
        problems.append(Problem(code="missing-post", message="the issue is not in the dump", post=OPENING))
        keys.add(OPENING)
    hint = "fetch all pages and put them into one folder"
    problems += (
        Problem(code=FEWER, message="the comments continue on another page", post=key, hint=hint)
        for key, more in about.pages.items()
        if more
    )
    return RawThread(
        native_id=thread,
        title=about.title,
        url=about.url,
        tags=about.tags,
        posts=tuple(_placed(post, keys, about) for post in posts),
        problems=tuple(problems),
    )


def _latest(found: list[RawPost], problems: list[Problem]) -> list[RawPost]:
    """Return the posts, each in its latest version: archives of events and overlapping pages repeat posts."""
    latest: dict[tuple[Any, ...], RawPost] = {}
    opening = next((post for post in found if post.key == OPENING and (post.body or post.created)), None)
    for post in distinct(found):
        # Ids of different kinds may be equal, but an issue that comes with a comment may have no more than its title.
        is_bare = post.key == OPENING and not (post.body or post.created)
        of = opening if opening and is_bare else post
        known = (of.key, of.created, of.author and of.author.name)
        other = latest.setdefault(known, post)
        if other is not post:
            newer = (bool(post.body), post.edited or "") >= (bool(other.body), other.edited or "")
            latest[known] = post if newer else other
            if any(one and two and one != two for one, two in ((post.body, other.body), (post.title, other.title))):
                message = f"the dump has two versions of {post.key}; the later one is shown"
                problems.append(Problem(code="earlier-version", message=message, post=post.key))
    return list(latest.values())


def _placed(post: RawPost, keys: set[str], about: About) -> RawPost:
    """Return the post with its parent's key, whichever of the parent's names the post gives."""
    if about.private:
        post = replace(post, private="a private repository")
    parent = post.parent
    if parent is None or parent in keys:
        return post
    parent = about.names.get(parent, parent)
    if parent not in keys and (within := about.within.get(post.key)):
        parent = within
    if parent == post.key or (parent not in keys and (parent.startswith(REVIEW) or f"#{REVIEW}" in parent)):
        # A review that only contains comments on lines is often not exported.
        parent = OPENING
    return replace(post, parent=parent)


class _Nesting(NamedTuple):
    """The position of a nested object: its thread, the post above it, that post's author, the site, and its privacy."""

    thread: str | None = None
    parent: str | None = None
    by: Any = None
    site: str = GITHUB
    private: bool = False


class _DumpContents:
    """The contents of a dump's values: ``about`` the threads, and the problems."""

    def __init__(self) -> None:
        self.about: dict[str, About] = {}
        self.problems: list[Problem] = []
        self.closed: set[str] = set()
        """The beginnings of the ids of threads in private repositories."""
        self._unnamed = 0

    def posts(self, value: Any) -> Iterator[tuple[str, RawPost, tuple[Problem, ...]]]:
        """Yield every post of a value with its thread and problems; uses a stack, since depth is unbounded."""
        repository = value["repo"] if isinstance(value, dict) and isinstance(value.get("repo"), str) else ""
        stack: list[tuple[Any, _Nesting]] = [(value, _Nesting())]
        while stack:
            item, place = stack.pop()
            if isinstance(item, list):
                stack.extend((each, place) for each in reversed(item))
                continue
            if not isinstance(item, dict):
                continue
            if not item.keys().isdisjoint(NESTED):
                self._note_strays(item)
            inner = item
            if is_closed(item):
                place = place._replace(private=True)
                self.closed.update(filter(None, [closed_repository(item)]))
            if made := self._post(item, place, repository):
                post, said, place = made
                if (more := goes_on(said)) is not None:
                    pages = self.about[place.thread or UNKNOWN].pages
                    pages[post.key] = more and pages.get(post.key, True)
                yield place.thread or UNKNOWN, post, said.problems(post, *(labels(said) if not post.parent else ()))
                inner = {
                    name: each
                    for name, each in item.items()
                    if each.__class__ in CONTAINERS and each and (name in NESTED or holds_comments(each))
                }
            elif "actor" in item:
                # An action without text.
                dismiss(item)
            if inner:
                stack.extend((each, place) for each in reversed(inner.values()) if each.__class__ in CONTAINERS)

    def _post(self, item: dict[str, Any], place: _Nesting, repository: str) -> tuple[RawPost, Fields, _Nesting] | None:
        """Return the post of an object and the position of nested objects; None if it is not a post."""
        said, speaks = Fields(item), holds_post(item)
        if speaks and not item.keys().isdisjoint(ASIDE):
            _set_aside([item[name] for name in ASIDE if name in item])
        if opens_thread(item) and (speaks or place.thread is None):
            site, thread = place_of(said, repository)
            place = _Nesting(thread or UNKNOWN, OPENING, None, site or place.site, place.private)
            post = github_post(said, OPENING, None, place.site)
            about = self.about.setdefault(place.thread or UNKNOWN, About())
            about.title, about.url, about.tags = said.text("title"), address_of(said), labels(said)
            about.private |= place.private
            return post, said, place
        if not speaks:
            return None
        site, thread = (place.site, place.thread) if place.thread else place_of(said, repository)
        if not (thread := thread or UNKNOWN * _stands_alone(item)):
            self.problems.append(left_out("a comment does not name its issue", item))
            return None
        about = self.about.setdefault(thread, About())
        about.private |= place.private
        self._unnamed += 1
        if place.by and item.keys().isdisjoint(WHO):
            said = said.changed(author=place.by)  # archive.json names the reviewer once
        above, site = place.parent or OPENING, site or place.site
        post = github_post(said, f"comment-{self._unnamed}", above, site)
        for name in names_of(said, post):
            about.names.setdefault(name, post.key)
        if OPENING != above != post.parent:
            about.within[post.key] = above
        by = item.get("author") if "state" in item else None
        return post, said, _Nesting(thread, post.key, by, site, place.private)

    def _note_strays(self, item: dict[str, Any]) -> None:
        self.problems += (
            left_out(f"an entry of `{name}` is not an object", None)
            for name in NESTED
            if isinstance(item.get(name), list)
            for each in item[name]
            if not isinstance(each, list | dict) and not is_nothing(each)
        )


def _set_aside(stack: list[Any]) -> None:
    """Mark objects as not posts, though they have a person and a time, except those with text."""
    while stack:
        here = stack.pop()
        if isinstance(here, list):
            stack += here
        elif isinstance(here, dict) and not holds_post(here):
            dismiss(here)
            stack += here.values()


def _stands_alone(item: dict[str, Any]) -> bool:
    return "issue_url" in item or "pull_request_url" in item
