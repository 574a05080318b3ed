"""Convert one object of Reddit's API, or of an archive of it, to a submission or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from rostra.i18n import remarks
from rostra.model import Attachment, Author, Declared, PostKind, RawPost
from rostra.readers.dumps.fields import Fields
from rostra.readers.sites.polls import poll_text
from rostra.system.lazy_regex import late

REDDIT = "https://www.reddit.com"
GONE = late(r"\[\s*(deleted|removed)(?:\s+by\s+[\w ]{1,40})?\s*\]", re.IGNORECASE)
LONGEST = 80
"""The most code points of a marker that replaces a deleted text."""
NOBODY = {"[deleted]", "[removed]", "None"}
NOBODY_OF_BDFR, OF_BDFR = "DELETED", {"submission", "comments"}
"""What BDFR writes for a deleted account, and the fields that only its objects have."""
TYPED = late(r"t\d_\w")
PERMALINK = late(r"/comments/([a-z0-9]+)(?:/[^/?#]*(?:/([a-z0-9]+))?)?/?", re.IGNORECASE)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
OF_SUBMISSIONS = {"selftext", "is_self", "num_comments", "upvote_ratio", "link_flair_text", "crosspost_parent"}
RESTRICTED = {"private", "employees_only", "gold_only"}
"""Types of subreddits that not everyone can read; in others (``restricted``, ``user``, …) not everyone can write."""
SUFFIXES = {"jpeg": "jpg", "svg+xml": "svg"}


def is_post(item: dict[str, Any]) -> bool:
    """Whether an object is a comment or a submission, by its fields."""
    named = bool(item.get("id") or item.get("name") or item.get("permalink"))
    if is_comment(item):
        return "body" in item and (named or "author" in item)
    submitted = "author" in item or not item.keys().isdisjoint(OF_SUBMISSIONS)
    return named and submitted and ("selftext" in item or "title" in item)


def is_comment(item: dict[str, Any]) -> bool:
    """Whether a post is a comment: it names its parent, or has neither title nor ``selftext``."""
    if "link_id" in item or "parent_id" in item or "submission" in item or "is_submitter" in item:
        return True
    return "body" in item and "selftext" not in item and "title" not in item


def _is_message(name: Any) -> bool:
    """Whether a name is that of a message to somebody (``t4``)."""
    return name.__class__ is str and name.startswith("t4_")


def reddit_place(said: Fields, unnamed: str, thread: str) -> tuple[str, str, bool]:
    """Return a post's thread, its own name, and whether it is a comment.

    ``thread`` is the thread that contains it; ``unnamed`` is used if it has no name.
    """
    name = said.get("id") or said.get("name")
    if _is_message(own := said.get("name") or name):
        first = said.text("first_message_name") or own
        return first, own, first != own
    if not is_comment(said.said):
        own = typed_name(name, "t3") or f"t3_{_linked(said)[0] or unnamed}"
        return own, own, False
    key = typed_name(name, "t1") or f"t1_{_linked(said)[1] or unnamed}"
    for field in ("link_id", "submission"):
        value = said.get(field)
        if value and (link := typed_name(value, "t3")):
            return link, key, True
    if found := _linked(said)[0]:
        return f"t3_{found}", key, True
    parent = said.get("parent_id")
    # A comment that names no submission is a thread of its own.
    return thread or (parent if isinstance(parent, str) and parent.startswith("t3_") else f"t3_{key[3:]}"), key, True


def _linked(said: Fields) -> tuple[str | None, str | None]:
    """Return the submission and the comment that a post's address names."""
    found = PERMALINK.search(said.text("permalink") or "")
    return (found[1], found[2]) if found else (None, None)


def typed_name(value: Any, kind: str) -> str | None:
    """Return a name with its type: ``t1_`` for comments, ``t3_`` for submissions.

    Some archives write the name without the type, or as a number, which Reddit writes in base 36.
    """
    if isinstance(value, str):
        return value if value[2:3] == "_" and TYPED.match(value) else f"{kind}_{value}" if value.strip() else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{kind}_{_base36(value)}" if 0 <= value < 2**63 else None
    return None


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def reddit_post(said: Fields, unnamed: str, thread: str, above: str | None, line: int | None) -> tuple[str, RawPost]:
    """Return the thread's name and the post of an object; ``thread`` and ``above`` give its position."""
    thread, key, comment = reddit_place(said, unnamed, thread)
    raw = said.body("body", "selftext") if comment else said.body("selftext", "body", needed="title" not in said)
    gone = GONE.fullmatch(raw.strip()) if len(raw) < LONGEST else None
    kind: PostKind = "post" if not gone else "deleted" if gone[1].lower() == "deleted" else "removed"
    name = said.text("author")
    permalink = said.text("permalink")
    created = said.time("created_utc", "created")
    notes = [
        word for flag, word in (("stickied", remarks.PINNED), ("distinguished", remarks.OFFICIAL)) if said.get(flag)
    ]
    title = said.text("title", "subject")
    count = None if comment else said.number("num_comments")
    return thread, RawPost(
        key=key,
        native_id=key,
        parent=_parent(said, thread, above) if comment else None,
        kind=kind,
        author=Author(name=name) if name and not _is_nobody(name, said) else None,
        created=created.at,
        created_text=created.shown,
        # Old posts only say that they were edited.
        edited=said.time("edited").at if not isinstance(said.get("edited"), bool) else None,
        score=said.number("score"),
        line=line,
        url=reddit_url(permalink) if permalink and permalink.startswith(("/", "https://")) else None,
        # Titles, like bodies, have entities for typed characters.
        title=unescape(title) if title else None,
        body=(raw if comment else _submitted(said, raw)) if kind == "post" else "",
        dialect="reddit",
        note=", ".join(notes) or None,
        attachments=tuple(_pictures(said)) if kind == "post" and "gallery_data" in said else (),
        private=_private(said, key),
        declared=Declared(below=count) if count else None,
    )


def _private(said: Fields, key: str) -> str | None:
    """Return why a post was not public: it is a message, or in a subreddit that not everyone can read."""
    if _is_message(key):
        return "private messages"
    return "posts of private subreddits" if said.get("subreddit_type") in RESTRICTED else None


def reddit_url(address: str) -> str:
    """Return an address that may be relative to Reddit's."""
    return REDDIT + address if address.startswith("/") else address


def _parent(said: Fields, thread: str, above: str | None) -> str:
    value = said.get("parent_id")
    if isinstance(value, str) and value.startswith(("t1_", "t3_")):
        return value
    if isinstance(value, dict | list):
        said.name("parent_id")  # records what is wrong with it
        value = None
    if not (parent := typed_name(value, "t1")):
        return above or thread
    # A number or a name without a type may be the submission's.
    return thread if parent[3:] == thread[3:] and not (isinstance(value, str) and TYPED.match(value)) else parent


def _submitted(said: Fields, text: str) -> str:
    """Return a submission's body: its linked address, its text, its poll, and the words of others as quotations."""
    crossposts = list(said.objects("crosspost_parent_list"))
    parts = [_quoted(each) for each in crossposts]
    address = said.text("url")
    own = PERMALINK.search(address or "")
    if address and not (crossposts or said.get("is_self") or (own and said.name("id") == own[1])):
        parts.append(f"<{reddit_url(address)}>")
    options = [
        (option, each.number("vote_count"))
        for each in said.within("poll_data").objects("options")
        if (option := each.text("text"))
    ]
    return "\n\n".join(part for part in (*parts, text, poll_text(None, options)) if part.strip())


def _quoted(said: Fields) -> str:
    """Return a cross-posted submission: its author, and its words as a quotation."""
    title = re.sub(r"([\[\]\\])", r"\\\1", said.text("title") or said.name("id") or "")
    address = said.text("permalink", "url")
    who = ", ".join(f"{sign}/{name}" for sign, field in (("u", "author"), ("r", "subreddit")) if (name := said.text(field)))  # fmt: skip
    head = (f"[{title}](<{reddit_url(address)}>)" if address else title) + (f" ({who})" if who else "")
    words = _submitted(said, text) if not GONE.fullmatch((text := said.text("selftext") or "").strip()) else ""
    return "\n".join((head, "", *(f"> {line}" for line in words.split("\n")))) if words.strip() else head


def _pictures(said: Fields) -> Iterator[Attachment]:
    """Yield the pictures of a gallery, named by their captions."""
    files = said.within("media_metadata")
    for each in said.within("gallery_data").objects("items"):
        if not (id := each.name("media_id")):
            continue
        kind = Fields(files.get(id)).text("m")
        suffix = (kind or "").rpartition("/")[2]
        url = each.text("outbound_url") or (
            f"https://i.redd.it/{id}.{SUFFIXES.get(suffix, suffix)}" if suffix else None
        )
        caption = each.text("caption")
        yield Attachment(name=unescape(caption) if caption else id, url=url, media_type=kind)


def _is_nobody(name: str, said: Fields) -> bool:
    return name in NOBODY or (name == NOBODY_OF_BDFR and not OF_BDFR.isdisjoint(said.said))
