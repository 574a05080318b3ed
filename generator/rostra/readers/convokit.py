"""ConvoKit corpora: ``utterances.jsonl`` with its conversations and speakers, or the utterances alone.

ConvoKit's documentation, "Data Format", describes the format; older corpora have ``user``, ``root``
and ``reply-to`` instead of ``speaker``, ``conversation_id`` and ``reply_to``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rostra.errors import UnreadableDump
from rostra.model import Author, PostKind, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, Time, bad_field, left_out
from rostra.readers.dumps.json_files import json_lines, load, sound
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "convokit"
ABOUT = "ConvoKit corpora: a folder with utterances.jsonl, or that file alone"
CARRIES = ("tree", "authors", "times", "titles", "scores where the corpus has them")
MANY = True

UTTERANCES = "utterances.jsonl"
SHAPE = (late(r'"(?:conversation_id|root)"\s*:'), late(r'"(?:speaker|user)"\s*:'), late(r'"reply[-_]to"\s*:'))
EPOCH = 10**8
"""A timestamp below this counts turns, not seconds since 1970."""
TITLES = ("title", "conversation_title", "thread_title", "movie_name", "case_name")
GONE: dict[str, PostKind] = {"[deleted]": "deleted", "[removed]": "removed"}


def recognise(dump: Dump) -> float:
    """Return a high confidence for the corpus' file name in a folder, and for its keys in a file."""
    if dump.is_folder:
        return 0.95 if any(dump.files(lambda name: name.startswith(UTTERANCES))) else 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return 0.95 if first.startswith("{") and all(sign.search(first) for sign in SHAPE) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the conversations of a corpus, by their ids."""
    files = {file.path.name.removesuffix(".gz").removesuffix(".zst"): file for file in dump.files()}
    utterances = files.get(UTTERANCES) if dump.is_folder else dump
    if utterances is None:
        raise UnreadableDump(
            f"there is no {UTTERANCES} in this folder", path=dump.name, hint="check that the corpus is complete"
        )
    problems: list[Problem] = []
    titles = _titles(files["conversations.json"], problems) if "conversations.json" in files else {}
    with Grouping() as grouping:
        count = 0
        for line, value in sound(json_lines(utterances), problems):
            if isinstance(value, dict):
                count += 1
                said = Fields(value)
                thread, post = _utterance(said, line)
                grouping.add(thread, post, said.problems(post))
            else:
                problems.append(left_out("this line is not an utterance", value, line, "bad-line"))
        if not count:
            raise UnreadableDump(
                "there is no utterance in this corpus", path=dump.name, hint="check that it is complete"
            )
        for thread, posts, wrong in grouping.threads():
            yield RawThread(
                native_id=thread,
                title=titles.get(thread) or next((post.title for post in posts if post.title), None),
                posts=tuple(posts),
                problems=(*problems, *wrong),
            )
            problems = []


def _titles(file: Dump, problems: list[Problem]) -> dict[str, str]:
    """Return the titles of conversations that the corpus' authors gave them."""
    value, found = load(file)
    problems += found
    conversations = Fields(value)
    titles: dict[str, str] = {}
    for id in conversations.said:
        said = conversations.within(id)
        if title := (said.within("meta") if "meta" in said else said).text(*TITLES):
            titles[id] = title
    problems += map(bad_field, conversations.wrong)
    return titles


def _utterance(said: Fields, line: int) -> tuple[str, RawPost]:
    key = _name(said, "id") or f"line-{line}"
    thread = _name(said, "conversation_id", "root") or key
    parent = _name(said, "reply_to", "reply-to")
    name = _name(said.person("speaker", "user"), "id", "name")
    meta = said.within("meta")
    body = said.body("text")
    kind = GONE.get(body.strip(), "post")
    created = said.time("timestamp")
    turn = _seconds(said.get("timestamp"))
    if turn is not None and turn < EPOCH:
        created = Time(None, said.text("timestamp"))
    permalink = meta.text("permalink") or ""
    on_reddit = "subreddit" in meta or permalink.startswith("/r/")
    post = RawPost(
        key=key,
        native_id=key,
        # An utterance without a parent that is not the first is a reply to the first.
        parent=parent or (thread if key != thread else None),
        kind=kind,
        author=Author(name=name) if name and name not in GONE else None,
        created=created.at,
        created_text=created.shown,
        score=meta.number("score"),
        line=line,
        url=f"https://www.reddit.com{permalink}" if on_reddit and permalink.startswith("/") else None,
        title=meta.text("title"),
        body=body if kind == "post" else "",
        dialect="reddit" if on_reddit else "text",
    )
    return thread, post


def _name(said: Fields, *names: str) -> str | None:
    return (said.name(*names) or "").strip() or None


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
