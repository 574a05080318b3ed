"""ConvoKit corpora: ``utterances.jsonl`` with its conversations and speakers, or the utterances alone.

The form is described in ConvoKit's documentation, "Data Format"; older corpora say ``user``, ``root``
and ``reply-to`` for ``speaker``, ``conversation_id`` and ``reply_to``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rostra.errors import UnreadableDump
from rostra.late import late
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping, shared
from rostra.readers.json_files import instant, lines, load, number_of, text_of

NAME = "convokit"
ABOUT = "ConvoKit corpora: a folder with utterances.jsonl, or that file alone"
CARRIES = ("tree", "authors", "times", "titles", "scores where the corpus has them")
MANY = True

UTTERANCES = "utterances.jsonl"
SHAPE = late(r'(?=.*"(?:conversation_id|root)"\s*:)(?=.*"(?:speaker|user)"\s*:)(?=.*"reply[-_]to"\s*:)', re.DOTALL)
EPOCH = 10**8
"""Below this a timestamp counts turns, not seconds since 1970."""
TITLES = ("title", "conversation_title", "thread_title", "movie_name", "case_name")
GONE = {"[deleted]": "deleted", "[removed]": "removed"}


def recognise(dump: Dump) -> float:
    """Sure of the corpus' file by its name in a folder, and of its keys in a file."""
    if dump.is_folder:
        return 0.95 if any(file.path.name.startswith(UTTERANCES) for file in dump.files()) else 0
    first = dump.head_text.lstrip().partition("\n")[0]
    return 0.95 if first.startswith("{") and SHAPE.match(first) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The conversations of a corpus, by their ids."""
    files = {file.path.name.removesuffix(".gz").removesuffix(".zst"): file for file in dump.files()}
    utterances = files.get(UTTERANCES) if dump.is_folder else dump
    if utterances is None:
        raise UnreadableDump(f"there is no {UTTERANCES} in this folder", path=dump.name, hint="is the corpus whole?")
    problems: list[Problem] = []
    titles = _titles(files["conversations.json"], problems) if "conversations.json" in files else {}
    with Grouping() as grouping:
        count = 0
        for item in lines(utterances):
            if isinstance(item, Problem):
                problems.append(item)
            elif isinstance(item[1], dict):
                count += 1
                thread, post, problem = _utterance(item[1], item[0])
                grouping.add(thread, post)
                problems += [problem] if problem else []
            else:
                problems.append(Problem(code="bad-line", message="this line is no utterance", line=item[0]))
        if not count:
            raise UnreadableDump("there is no utterance in this corpus", path=dump.name, hint="is it whole?")
        for thread, posts in grouping.threads():
            mine, problems = shared(problems, posts)
            yield RawThread(
                native_id=thread,
                title=titles.get(thread) or next((post.title for post in posts if post.title), None),
                posts=tuple(posts),
                problems=mine,
            )


def _titles(file: Dump, problems: list[Problem]) -> dict[str, str]:
    """The titles of conversations, where the corpus' people gave them one."""
    value, found = load(file)
    problems += found
    titles: dict[str, str] = {}
    for id, said in value.items() if isinstance(value, dict) else ():
        meta = said.get("meta", said) if isinstance(said, dict) else {}
        if isinstance(meta, dict) and (title := next((t for key in TITLES if (t := text_of(meta.get(key)))), None)):
            titles[id] = title
    return titles


def _utterance(said: dict[str, Any], line: int) -> tuple[str, RawPost, Problem | None]:
    key = _name(said.get("id")) or f"line-{line}"
    thread = _name(said.get("conversation_id", said.get("root"))) or key
    parent = _name(said.get("reply_to", said.get("reply-to")))
    speaker = said.get("speaker", said.get("user"))
    name = _name(speaker.get("id") or speaker.get("name") if isinstance(speaker, dict) else speaker)
    meta = said["meta"] if isinstance(said.get("meta"), dict) else {}
    body = text_of(said.get("text")) or ""
    kind = GONE.get(body.strip(), "post")
    time = said.get("timestamp")
    seconds = _seconds(time)
    permalink = text_of(meta.get("permalink"))
    on_reddit = "subreddit" in meta or (permalink or "").startswith("/r/")
    created = (
        instant(seconds) if seconds is not None and seconds >= EPOCH else instant(time) if seconds is None else None
    )
    problem = None
    if "text" in said and not isinstance(said["text"], str) and said["text"] is not None:
        problem = Problem(code="bad-field", message="the text of this utterance is no text", post=key, line=line)
        body = json.dumps(said["text"], ensure_ascii=False)
    post = RawPost(
        key=key,
        native_id=key,
        # An utterance that says nothing of what it answers, and is not the first, answers the first.
        parent=parent or (thread if key != thread else None),
        kind=kind,  # type: ignore[arg-type]  # kinds come from the table above
        author=Author(name=name) if name and name not in GONE else None,
        created=created,
        created_text=None if created or time is None else str(time),
        score=number_of(meta.get("score")),
        line=line,
        url=f"https://www.reddit.com{permalink}" if on_reddit and permalink and permalink.startswith("/") else None,
        title=text_of(meta.get("title")),
        body=body if kind == "post" else "",
        dialect="reddit" if on_reddit else "text",
    )
    return thread, post, problem


def _name(value: Any) -> str | None:
    """An id as text; corpora write them as strings or numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
