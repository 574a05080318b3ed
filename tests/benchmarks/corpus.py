"""Debates to measure with: the same for the same seed, in the shapes of several formats, any number of posts.

    python tests/benchmarks/corpus.py reddit 200000 /tmp/corpus

Threads are heavy-tailed, about 40 posts each; a third of the posts quote the one that they answer;
an author wrote eight of them or so.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

START = datetime(2020, 1, 1, tzinfo=UTC)
OPEN_THREADS = 200
"""Threads that go on at the same time, so that posts of several stand interleaved."""


class Post(NamedTuple):
    """A post of the corpus; ``parent`` is another's number, None for an opening."""

    number: int
    thread: int
    parent: int | None
    author: str
    created: datetime
    quoted: str | None
    words: str


def corpus(posts: int, seed: int = 1) -> Iterator[Post]:
    """That many posts, threads interleaved; only what is open is held."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("bcdfghlmnprstvw", k=1) + chance.choices("aeiou", k=1)) * chance.randint(1, 3) + chance.choice("nrstl") for _ in range(4_000)]  # fmt: skip
    weights = [1 / (rank + 2) for rank in range(len(words))]
    bag = chance.choices(words, weights, k=50_000)
    running: dict[int, list[tuple[int, str]]] = {}
    length: dict[int, int] = {}
    for number in range(1, posts + 1):
        if len(running) < min(OPEN_THREADS, max(1, posts // 40)):
            running[number] = []
            length[number] = max(1, int(chance.paretovariate(1.2) * 9))
            thread = number
        else:
            thread = chance.choice(list(running))
        said = running[thread]
        parent = chance.choice(said[-12:]) if said else None
        at = chance.randrange(len(bag) - 400)
        sentences = []
        for _ in range(chance.randint(2, 9)):
            size = chance.randint(6, 18)
            sentences.append(" ".join(bag[at : at + size]).capitalize() + ".")
            at += size
        quoted = parent[1] if parent and chance.random() < 1 / 3 else None
        said.append((number, chance.choice(sentences)))
        author = f"{chance.choice(words[: max(30, posts // 8)])}{number % max(1, posts // 32_000)}"
        yield Post(number, thread, parent[0] if parent else None, author,
                   START + timedelta(seconds=61 * number), quoted, " ".join(sentences))  # fmt: skip
        if len(said) >= length[thread]:
            del running[thread]


def mbox(posts: Iterator[Post], folder: Path) -> None:
    """One mailbox."""
    with (folder / "corpus.mbox").open("w", encoding="utf-8") as out:
        for post in posts:
            date = format_datetime(post.created)
            answers = f"In-Reply-To: <{post.parent}@bench.example>\n" if post.parent else ""
            quoted = f"> {post.quoted}\n\n" if post.quoted else ""
            out.write(
                f"From {post.author} {post.created:%a %b %d %H:%M:%S %Y}\nFrom: {post.author} <{post.author}@bench.example>\n"
                f"Date: {date}\nMessage-ID: <{post.number}@bench.example>\n{answers}Subject: {'Re: ' if answers else ''}"
                f"Thread {post.thread}\n\n{quoted}{post.words}\n\n"
            )


def reddit(posts: Iterator[Post], folder: Path) -> None:
    """Comments and submissions as Pushshift writes them, a line each."""
    with (folder / "corpus.ndjson").open("w", encoding="utf-8") as out:
        for post in posts:
            body = (f">{post.quoted}\n\n" if post.quoted else "") + post.words
            line = {"id": f"{post.number:x}", "author": post.author, "created_utc": int(post.created.timestamp()),
                    "subreddit": "bench", "subreddit_id": "t5_1", "score": 1}  # fmt: skip
            if post.parent is None:
                line |= {"title": f"Thread {post.thread}", "selftext": body, "is_self": True}
            else:
                kind = "t3" if post.parent == post.thread else "t1"
                line |= {"link_id": f"t3_{post.thread:x}", "parent_id": f"{kind}_{post.parent:x}", "body": body}
            out.write(json.dumps(line) + "\n")


def discourse(posts: Iterator[Post], folder: Path) -> None:
    """A folder of files with one post each, as discourse-archive keeps them."""
    numbers: dict[int, int] = {}
    counts: dict[int, int] = {}
    for post in posts:
        counts[post.thread] = numbers[post.number] = counts.get(post.thread, 0) + 1
        cooked = (f"<blockquote><p>{post.quoted}</p></blockquote>" if post.quoted else "") + f"<p>{post.words}</p>"
        place = folder / "corpus" / str(post.number // 1000)
        place.mkdir(parents=True, exist_ok=True)
        said = {"id": post.number, "topic_id": post.thread, "topic_title": f"Thread {post.thread}", "username": post.author,
                "post_number": numbers[post.number], "reply_to_post_number": numbers.get(post.parent or 0),
                "created_at": post.created.isoformat(), "cooked": cooked}  # fmt: skip
        (place / f"{post.number}.json").write_text(json.dumps(said))


def github(posts: Iterator[Post], folder: Path) -> None:
    """Issues and comments as the REST API returns them, in one list, with all fields of their people."""
    api = "https://api.github.com"
    inner = ("followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "orgs", "repos", "events{/privacy}", "received_events")  # fmt: skip
    found = []
    for post in posts:
        person = f"{api}/users/{post.author}"
        user = {"login": post.author, "id": post.number, "node_id": f"U_{post.number:x}", "avatar_url": f"{person}.png", "gravatar_id": "", "url": person,
                "html_url": f"https://github.com/{post.author}", "type": "User", "user_view_type": "public", "site_admin": False,
                **{f"{each.partition('{')[0]}_url": f"{person}/{each}" for each in inner}}  # fmt: skip
        issue, page = (
            f"{api}/repos/mill/weir/issues/{post.thread}",
            f"https://github.com/mill/weir/issues/{post.thread}",
        )
        reactions = {"url": f"{issue}/reactions", "total_count": 0, "+1": 0, "-1": 0, "laugh": 0, "hooray": 0, "confused": 0, "heart": 0, "rocket": 0, "eyes": 0}  # fmt: skip
        said = {"id": post.number, "node_id": f"I_{post.number:x}", "user": user, "created_at": _utc(post), "updated_at": _utc(post),
                "author_association": "NONE", "body": _marked(post), "reactions": reactions, "performed_via_github_app": None}  # fmt: skip
        if post.parent is None:
            said |= {"url": issue, "repository_url": f"{api}/repos/mill/weir", "labels_url": f"{issue}/labels{{/name}}", "comments_url": f"{issue}/comments",
                     "events_url": f"{issue}/events", "html_url": page, "number": post.thread, "title": f"Thread {post.thread}", "labels": [], "state": "open",
                     "locked": False, "assignee": None, "assignees": [], "milestone": None, "comments": 0, "closed_at": None, "active_lock_reason": None}  # fmt: skip
        else:
            said |= {"url": f"{api}/repos/mill/weir/issues/comments/{post.number}", "html_url": f"{page}#issuecomment-{post.number}", "issue_url": issue}  # fmt: skip
        found.append(said)
    (folder / "corpus.json").write_text(json.dumps(found))


def hackernews(posts: Iterator[Post], folder: Path) -> None:
    """Stories and comments as the API returns them, a line each."""
    with (folder / "corpus.ndjson").open("w", encoding="utf-8") as out:
        for post in posts:
            text = (f"&gt; {post.quoted}<p>" if post.quoted else "") + post.words
            item = {"by": post.author, "id": post.number, "time": int(post.created.timestamp()), "text": text}
            item |= {"type": "comment", "parent": post.parent} if post.parent else {"type": "story", "title": f"Thread {post.thread}", "score": 3}  # fmt: skip
            out.write(json.dumps(item) + "\n")


def lemmy(posts: Iterator[Post], folder: Path) -> None:
    """Posts and comments as views of the API, in one object."""
    views: dict[str, list[dict[str, object]]] = {"posts": [], "comments": []}
    paths: dict[int, str] = {}
    for post in posts:
        site = "https://lemmy.example"
        creator = {"id": post.number, "name": post.author, "actor_id": f"{site}/u/{post.author}", "banned": False, "local": True, "bot_account": False, "published": _utc(post)}  # fmt: skip
        opening = {"id": post.thread, "name": f"Thread {post.thread}", "ap_id": f"{site}/post/{post.thread}"}
        view: dict[str, object] = {"creator": creator, "community": {"id": 1, "name": "bench", "title": "Bench", "actor_id": f"{site}/c/bench"}, "saved": False}  # fmt: skip
        if post.parent is None:
            paths[post.number] = "0"
            views["posts"].append(view | {"post": opening | {"body": post.words, "published": _utc(post), "creator_id": post.number}, "counts": {"score": 1}})  # fmt: skip
        else:
            paths[post.number] = f"{paths[post.parent]}.{post.number}"
            comment = {"id": post.number, "post_id": post.thread, "creator_id": post.number, "content": _marked(post), "published": _utc(post),
                       "path": paths[post.number], "removed": False, "deleted": False, "ap_id": f"{site}/comment/{post.number}"}  # fmt: skip
            views["comments"].append(view | {"comment": comment, "post": opening, "counts": {"score": 1, "child_count": 0}})  # fmt: skip
    (folder / "corpus.json").write_text(json.dumps(views))


def zulip(posts: Iterator[Post], folder: Path) -> None:
    """Messages of one channel as the API returns them."""
    messages = [
        {"id": post.number, "sender_id": post.number, "sender_full_name": post.author, "sender_email": f"{post.author}@bench.example", "timestamp": int(post.created.timestamp()),
         "display_recipient": "bench", "stream_id": 4, "subject": f"Thread {post.thread}", "type": "stream", "content_type": "text/x-markdown", "client": "website",
         "avatar_url": f"/avatar/{post.author}", "is_me_message": False, "reactions": [], "topic_links": [], "flags": ["read"], "content": _marked(post)}
        for post in posts
    ]  # fmt: skip
    (folder / "corpus.json").write_text(json.dumps({"result": "success", "messages": messages}))


def lines(posts: Iterator[Post], folder: Path) -> None:
    """A post a line, in the project's own form."""
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as out:
        for post in posts:
            said = {"id": post.number, "parent": post.parent, "thread": str(post.thread), "author": post.author, "created": _utc(post), "body": _marked(post)}  # fmt: skip
            out.write(json.dumps(said | ({} if post.parent else {"title": f"Thread {post.thread}"})) + "\n")


def _utc(post: Post) -> str:
    return f"{post.created:%Y-%m-%dT%H:%M:%SZ}"


def _marked(post: Post) -> str:
    return (f"> {post.quoted}\n\n" if post.quoted else "") + post.words


FORMATS = {
    "mbox": mbox,
    "reddit": reddit,
    "discourse": discourse,
    "github": github,
    "hackernews": hackernews,
    "lemmy": lemmy,
    "zulip": zulip,
    "posts": lines,
}

if __name__ == "__main__":
    format, count, target = sys.argv[1:4]
    Path(target).mkdir(parents=True, exist_ok=True)
    FORMATS[format](corpus(int(count)), Path(target))
