"""Convert one object of GitHub's, Gitea's or Forgejo's APIs, or of an archive of them, to a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from rostra.i18n import remarks
from rostra.identity.permalinks import slug
from rostra.model import Attachment, Author, Declared, RawPost
from rostra.readers.dumps.fields import Fields
from rostra.readers.guards.restricted import FLAGS, is_restricted
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

OPENING = "opening"
"""The key of the post that opens a thread."""
REVIEW = "pullrequestreview-"
"""The prefix of the keys of reviews."""
GITHUB = "https://github.com"
PLACE = late(r"(?:/repos)?/([^/]+)/([^/]+)/(?:issues|pulls?|discussions)/(\d+)")
API = late(r"/api(?:/v\d+)?$")
STATES = {
    "closed": remarks.CLOSED,
    "merged": remarks.MERGED,
    "approved": remarks.APPROVED,
    "changes_requested": remarks.CHANGES_REQUESTED,
    "request_changes": remarks.CHANGES_REQUESTED,
    "dismissed": remarks.DISMISSED,
    "commented": remarks.REVIEWED,
    "comment": remarks.REVIEWED,
}
TEXTS = ("body", "bodyText", "body_text")
WHO = ("author", "user")
WHEN = ("createdAt", "created_at", "submitted_at", "submittedAt")
DESCRIBED = FLAGS | {"repository", "repo", "base"}
"""Fields that may say that an object was not public."""
CONNECTION = ("nodes", "edges", "node")
WHERE = ("html_url", "url", "issue_url", "pull_request_url", "issue", "pull_request")
"""Fields whose address identifies the thread; archives of a migration have addresses instead of objects."""
ANSWERED = ("replyTo", "parent_id", "in_reply_to_id", "in_reply_to", "pull_request_review_id", "pull_request_review")
"""Fields that name a post's parent."""
COUNTED = ("comments", "replies", "review_comments")
"""Fields that count a post's replies, or hold them."""
NOTED = ("merged_at", "mergedAt", "merged", "state", "isAnswer", "isMinimized")
"""Fields that give the state of a post."""
CODE = ("diff_hunk", "diffHunk", "pull_request_review_id")
"""Fields that only comments on code have."""


def holds_post(item: dict[str, Any]) -> bool:
    """Whether an object is a post: it has a body, or a person and a time."""
    if not item.keys().isdisjoint(TEXTS):
        return True
    return not (item.keys().isdisjoint(WHO) or item.keys().isdisjoint(WHEN))


def opens_thread(item: dict[str, Any]) -> bool:
    """Whether an object is an issue, a pull request or a discussion: it has a title, and a number or such an address.

    Milestones, projects and releases also have a title and a number, but other addresses.
    """
    if "title" not in item:
        return False
    address = next((item[name] for name in ("html_url", "url") if isinstance(item.get(name), str)), None)
    placed = address is not None and PLACE.search(address) is not None and "#" not in address
    return placed or ("number" in item and (address is None or not address.startswith("http")))


def place_of(said: Fields, repository: str) -> tuple[str | None, str | None]:
    """Return site and native id of the thread that an object's own addresses name; the id may be the number alone.

    An id is repository and number; issues and pull requests share the numbers.
    """
    for name in WHERE:
        address = said.said.get(name)
        if isinstance(address, str) and (found := PLACE.search(address)):
            return _site(address[: found.start()]), f"{_repository(found[1])}-{_repository(found[2])}-{found[3]}"
    number = said.name("number")
    return None, f"{_repository(repository)}-{number}" if repository and number else number


_repository = lru_cache(1_000)(slug)


@lru_cache(1_000)
def _site(prefix: str) -> str:
    """Return the address prefix of a site's people: that of its API without the API's own part."""
    if not prefix.startswith("http"):
        return GITHUB
    return API.sub("", prefix).replace("://api.", "://", 1)


def address_of(said: Fields) -> str | None:
    """Return the address of the post's page."""
    url = said.get("url")
    if isinstance(url, str) and ("://api." in url or "/api/v" in url):
        url = None
    return said.text("html_url") or (url if isinstance(url, str) and url else None)


def is_closed(item: dict[str, Any]) -> bool:
    """Whether an object, its repository, or the repository that a pull request changes was not public."""
    if item.keys().isdisjoint(DESCRIBED):
        return False
    base = item.get("base")
    around = (item, item.get("repository"), item.get("repo"), base.get("repo") if isinstance(base, dict) else None)
    return any(map(is_restricted, around))


def closed_repository(item: dict[str, Any]) -> str | None:
    """Return the beginning of the ids of a repository's threads if an object is a repository that was not public."""
    if not is_restricted(item):
        return None
    address = item.get("full_name") or item.get("nameWithOwner") or item.get("html_url") or item.get("url")
    parts = [_repository(part) for part in str(address).rstrip("/").split("/")[-2:]]
    return f"{'-'.join(parts)}-" if len(parts) == 2 else None


def labels(said: Fields) -> tuple[str, ...]:
    """Return the names of the labels; archives of a migration have their addresses."""
    found = said.within("labels").texts("nodes") if isinstance(said.get("labels"), dict) else said.texts("labels")
    return tuple(
        unquote(each.rpartition("/")[2]) if each.startswith("http") and "/labels/" in each else each for each in found
    )


def github_post(said: Fields, unnamed: str, above: str | None, site: str) -> RawPost:
    """Return the post of an object, below the post ``above``; an opening if that is None.

    ``unnamed`` is its key if it has none of its own.
    """
    address = address_of(said)
    fragment = address.partition("#")[2] if address and above else ""
    native = fragment or (said.name("id", "databaseId") if above else None)
    created = said.time(*WHEN)
    updated = said.time("updatedAt", "updated_at").at if above else None
    edited = said.time("lastEditedAt").at if "lastEditedAt" in said else updated
    key = native or (unnamed if above else OPENING)
    parent = (answered(said) or above) if above else None
    return RawPost(
        key=key,
        native_id=native or (said.name("number") if not above else None),
        parent=parent if parent != key else above,
        author=user_author(said, site),
        created=created.at,
        created_text=created.shown,
        edited=edited if edited != created.at else None,
        url=address,
        title=None if above else said.text("title"),
        body=_hunk(said) + said.body(*TEXTS),
        reactions=reactions(said.get("reactions") or said.get("reactionGroups")),
        dialect="github",
        note=_note(said),
        declared=_declared(said),
        attachments=tuple(_files(said)) if "assets" in said else (),
    )


def _files(said: Fields) -> Iterator[Attachment]:
    """Yield the files of a post, which Gitea lists next to its text."""
    for each in said.objects("assets"):
        if name := each.text("name"):
            yield Attachment(name=name, url=each.text("browser_download_url"))


def _declared(said: Fields) -> Declared | None:
    """Return how many comments and replies the source counts: as numbers, or next to a page of them."""
    if said.said.keys().isdisjoint(COUNTED):
        return None
    counts = {
        name: value if isinstance(value, int) else Fields(value).number("totalCount")
        for name in COUNTED
        if isinstance(value := said.get(name), int | dict) and value and value is not True
    }
    answers = [count for name in ("comments", "replies") if (count := counts.get(name)) is not None]
    below = [count for count in counts.values() if count is not None]
    return Declared(answers=sum(answers) if answers else None, below=sum(below)) if below else None


def goes_on(said: Fields) -> bool | None:
    """Whether the comments in an object are a page followed by another.

    None if it does not say, or counts them all.
    """
    if said.said.keys().isdisjoint(COUNTED):
        return None
    held = [value for name in COUNTED if isinstance(value := said.get(name), dict) and "totalCount" not in value]
    pages = [Fields(each.get("pageInfo")).get("hasNextPage") for each in held]
    return None if all(page is None for page in pages) else any(page is True for page in pages)


def answered(said: Fields) -> str | None:
    """Return the name of an object's parent, a comment or review; one of its ``names_of``."""
    if said.said.keys().isdisjoint(ANSWERED):
        return None
    answer = said.within("replyTo")
    if (name := answer.name("id")) or (number := answer.name("databaseId")):
        return name or f"discussion_r{number}"
    if number := said.name("parent_id"):
        return f"discussioncomment-{number}"
    if number := said.name("in_reply_to_id"):
        return f"discussion_r{number}"
    if address := said.text("in_reply_to"):
        return address
    if number := said.name("pull_request_review_id"):
        return f"{REVIEW}{number}"
    address = said.get("pull_request_review")
    return address if isinstance(address, str) and address else None


def names_of(said: Fields, post: RawPost) -> set[str]:
    """Return the names by which replies refer to a post: ids of several kinds, and its address."""
    id, node = said.name("id"), said.name("node_id")
    names = {name for name in (id, node, post.url) if name}
    number = said.name("databaseId") or id
    if number and not said.said.keys().isdisjoint(CODE):
        names.add(f"discussion_r{number}")
    if "replyTo" in said or "replies" in said:
        # A reply may give the number of its parent without saying whether that is a discussion's.
        names |= {f"discussion_r{number}", f"discussioncomment-{number}"} if number else set()
    names.discard(post.key)
    return names


def user_author(said: Fields, site: str) -> Author | None:
    """Return the author: ``author`` or ``user`` of the object itself.

    An imported post belongs to its ``original_author``, not to the person who imported it.
    """
    if name := said.text("original_author"):
        return Author(name=name)
    who = said.person(*WHO)
    name, url = who.text("login", "username", "name"), who.text("html_url", "url")
    if name and name.startswith(("https://", "http://")):
        name, url = unquote(urlsplit(name).path.rstrip("/").rpartition("/")[2]) if _is_address(name) else name, name
    if not name or name.casefold() == "ghost":
        return None
    if not url or "://api." in url or "/api/v" in url:
        url = f"{site}/{name}"
    return Author(name=name, url=url)


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).path.strip("/"))
    except ValueError:
        return False


def _hunk(said: Fields) -> str:
    """Return the lines that a comment on code refers to."""
    hunk = said.text("diff_hunk", "diffHunk")
    if not hunk:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", hunk)), default=2) + 1)
    return f"{max(fence, '```')}diff\n{hunk}\n{max(fence, '```')}\n\n"


def _note(said: Fields) -> str | None:
    if said.said.keys().isdisjoint(NOTED):
        return None
    notes = []
    if said.get("merged_at") or said.get("mergedAt") or said.get("merged") is True:
        notes.append(remarks.MERGED)
    elif state := STATES.get((said.text("state") or "").lower()):
        notes.append(state)
    if said.get("isAnswer"):
        notes.append(remarks.THE_ANSWER)
    if said.get("isMinimized"):
        notes.append(remarks.HIDDEN_AS % {"what": (said.text("minimizedReason") or "off-topic").lower()})
    return ", ".join(notes) or None


def holds_comments(value: Any) -> bool:
    """Whether a value is a list of people's posts, under any name."""
    while isinstance(value, dict):
        if value.keys().isdisjoint(CONNECTION):
            return False
        value = next(value[name] for name in CONNECTION if name in value)
    return isinstance(value, list) and any(
        isinstance(each, dict)
        and "title" not in each
        and isinstance(each.get("body"), str)
        and not (each.keys().isdisjoint(WHO) and each.keys().isdisjoint(WHEN))
        for each in value
    )
