"""No reader loses a record or words in silence: each case of each format, with something in it that its reader does not know.

Nothing here knows a format: a text is added to an object, a list of posts is put beside what is there, a container gets
another name.  What is lost by that must be a problem, or the dump fails.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rostra.config.cards import Card
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump
from rostra.readers.dumps.fields import instant
from rostra.readers.guards.words_shown import says_enough
from rostra.readers.records import record_search
from rostra.readers.records.record_search import RecordSearch
from spoiled_dumps import Seen, _lines, _places, letters, samples

WORDS = "these very many words of nobody are in a field that no reader of any format knows about "
POST = {
    "id": "unheard-7",
    "author": "nobody",
    "created_at": "2024-03-04T09:00:00Z",
    "text": "Whoever says this is unheard.",
}
MOST = 12
"""Places of a case that are tried."""

JSON = [(format, dump) for format, dump in samples() if (dump.suffix.startswith((".json", ".ndjson")) or dump.is_dir())]


def files(dump: Path) -> list[Path]:
    found = [dump] if dump.is_file() else sorted(dump.rglob("*"))
    return [each for each in found if each.is_file() and each.suffix in (".json", ".jsonl", ".ndjson", ".jsonld")]


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of a value that look like posts."""
    return [each.value for each in RecordSearch({}).records(value) if not each.optional]


def spread(found: list[Any]) -> list[int]:
    """Some of the places, over all of them."""
    return list(range(0, len(found), max(1, len(found) // MOST)))


class Case:
    """A case that is read as it is, and with changes."""

    def __init__(self, format: str, dump: Path, folder: Path) -> None:
        self.format, self.dump, self.folder = format, dump, folder
        self.before = Seen(dump, format)
        self.count = 0

    def read(self, file: Path, value: list[Any]) -> Seen:
        """The dump with a file of other JSON, as it is read."""
        return Seen(self.copy(file, value), self.format)

    def copy(self, file: Path, value: list[Any]) -> Path:
        """The dump with a file of other JSON."""
        self.count += 1
        copy = self.folder / str(self.count) / self.dump.name
        copy.parent.mkdir()
        if self.dump.is_dir():
            shutil.copytree(self.dump, copy)
        else:
            shutil.copy(self.dump, copy)
        (copy / file.relative_to(self.dump) if self.dump.is_dir() else copy).write_text(
            "\n".join(json.dumps(each, ensure_ascii=False) for each in value), encoding="utf-8"
        )
        return copy

    def is_told(self, after: Seen) -> bool:
        return after.failure is not None or bool(after.told - self.before.told)


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    format, dump = request.param
    return Case(format, dump, tmp_path)


def each_case(test: Any) -> Any:
    names = [f"{format}-{dump.stem}" for format, dump in JSON]
    return pytest.mark.parametrize("case", JSON, ids=names, indirect=True)(test)


def values(case: Case) -> Iterator[tuple[Path, int]]:
    """Each file of a case, with how many records it has."""
    for file in files(case.dump):
        value = _lines(file.read_bytes())
        if value is not None:
            yield file, len(records(value))


@each_case
def test_words_in_a_field_that_no_reader_knows_are_a_problem(case: Case) -> None:
    for file, count in values(case):
        for number in spread(list(range(count))):
            value = _lines(file.read_bytes())
            record = records(value)[number]
            if not is_shown(record, case.before):
                continue  # it is deleted, private, or only holds what is shown
            record["unheard_of"] = WORDS * (1 + len(json.dumps(record)) // 20)
            after = case.read(file, value or [])
            assert case.is_told(after) or letters(WORDS) in after.letters, (file.name, number)


@each_case
def test_posts_under_a_name_that_no_reader_knows_are_a_problem(case: Case) -> None:
    for file, count in values(case):
        for number in spread(list(range(count))):
            value = _lines(file.read_bytes())
            records(value)[number]["unheard_of"] = [POST, POST | {"id": "unheard-8"}]
            after = case.read(file, value or [])
            assert case.is_told(after) or letters(POST["text"]) in after.letters, (file.name, number)


@each_case
def test_a_container_with_another_name_is_a_problem(case: Case) -> None:
    for file, _ in values(case):
        names = sorted(holding(_lines(file.read_bytes())))
        for name in names:
            value = _lines(file.read_bytes())
            rename(value, name)
            after = case.read(file, value or [])
            lost = case.before.letters != after.letters
            assert case.is_told(after) or not lost, (file.name, name)


@each_case
def test_a_post_whose_text_is_taken_out_is_a_problem(case: Case) -> None:
    for file, count in values(case):
        for number in spread(list(range(count))):
            for name in sorted(record_search.TEXTS & records(_lines(file.read_bytes()))[number].keys()):
                value = _lines(file.read_bytes())
                del records(value)[number][name]
                for post, told in silent(case.copy(file, value or []), case.format):
                    assert told, (file.name, number, name, post)


@each_case
def test_a_record_in_an_object_that_is_no_place_for_it_is_a_problem(case: Case) -> None:
    """It is moved there, alone and not in a list."""
    for file, _ in values(case):
        objects = [number for number, (holder, key) in enumerate(_places(_lines(file.read_bytes()))) if isinstance(holder[key], dict)]  # fmt: skip
        for place, record in zip(spread(objects), reversed(spread(objects)), strict=True):
            value = _lines(file.read_bytes())
            found = _places(value)
            (holder, key), (other, name) = found[objects[record]], found[objects[place]]
            moved, target = holder[key], other[name]
            if not records(moved) or any(each is target for each in inner(moved)):
                continue
            said = [str(each[text]) for each in records(moved) for text in record_search.TEXTS & each.keys()]
            holder.pop(key)
            target["unheard_of"] = moved
            after = case.read(file, value or [])
            known = {letters(each) for each in said if says_enough(each)}
            lost = [each for each in known if each in case.before.letters and each not in after.letters]
            assert case.is_told(after) or not lost, (file.name, key, name)


@each_case
def test_times_under_a_name_that_no_reader_knows_are_a_problem(case: Case) -> None:
    for file, _ in values(case):
        value = _lines(file.read_bytes())
        rename_times(value)
        after = case.read(file, value or [])
        assert case.is_told(after) or after.timed >= case.before.timed, file.name


def silent(dump: Path, format: str) -> Iterator[tuple[str, bool]]:
    """The posts of a dump that show nothing, and whether a problem says so."""
    try:
        for thread in read_threads(Dump(dump), Card(format=format, publish_private=True)):
            told = {problem.post for problem in thread.problems}
            for each in thread.posts:
                raw = each.raw
                if raw.kind == "post" and not (raw.body.strip() or raw.title or raw.attachments or raw.note):
                    yield raw.key, each.id in told
    except RostraError:
        return


def inner(value: Any) -> Iterator[Any]:
    """A value and all that is in it."""
    yield value
    for holder, key in _places(value):
        yield holder[key]


def is_shown(record: dict[str, Any], seen: Seen) -> bool:
    """Whether what an object says itself is on a page."""
    said = [letters(record[name]) for name in record_search.TEXTS & record.keys() if isinstance(record[name], str)]
    return any(len(each) > 3 and each in seen.letters for each in said)


def holding(value: Any) -> set[str]:
    """The names of fields that hold records, at any depth."""
    found: set[str] = set()
    stack: list[Any] = [value]
    while stack:
        here = stack.pop()
        for name, each in here.items() if isinstance(here, dict) else enumerate(here):
            if isinstance(each, dict | list):
                stack.append(each)
                if isinstance(name, str) and records(each):
                    found.add(name)
    return found


def rename(value: Any, name: str) -> None:
    """Give a field another name wherever it is."""
    stack: list[Any] = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict) and isinstance(held := here.get(name), dict | list) and records(held):
            here["unheard_of"] = here.pop(name)
        stack += (each for each in (here.values() if isinstance(here, dict) else here) if isinstance(each, dict | list))


def rename_times(value: Any) -> None:
    """Give every field of a time another name."""
    stack: list[Any] = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            for name in [name for name, each in here.items() if record_search.TIME.search(name) and instant(each)]:
                here[f"unheard_{name}_time"] = here.pop(name)
        stack += (each for each in (here.values() if isinstance(here, dict) else here) if isinstance(each, dict | list))


def test_most_formats_of_json_are_among_them() -> None:
    assert {format for format, dump in JSON if not Dump(dump).is_folder} >= {
        "activitypub", "discourse", "forum-dl", "forum-export", "github", "hackernews", "lemmy", "posts", "reddit", "rostra", "slack",
        "zulip", "convokit",
    }  # fmt: skip


def counted(format: str, value: Any, tmp_path: Path) -> list[str]:
    """The codes of the problems of a dump of one JSON value."""
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps(value), encoding="utf-8")
    return sorted(Seen(dump, format).problems.elements())


TIME = 1_709_542_800


def discourse(posts: int, stream: int, count: int) -> Any:
    rows = [
        {"id": 100 + n, "username": "ada", "cooked": f"<p>Said {n}.</p>", "post_number": n, "created_at": "2024-03-04T09:00:00Z", "topic_id": 7}
        for n in range(1, posts + 1)
    ]  # fmt: skip
    return {
        "id": 7,
        "title": "The weir",
        "posts_count": count,
        "post_stream": {"posts": rows, "stream": [101 + n for n in range(stream)]},
    }


def hackernews(comments: int, kids: int, count: int) -> Any:
    story = {"id": 1, "by": "ada", "time": TIME, "title": "The gate", "type": "story", "descendants": count, "kids": [*range(2, 2 + kids)]}  # fmt: skip
    return [story, *({"id": n, "by": "bede", "parent": 1, "text": f"Said {n}.", "time": TIME + n, "type": "comment"} for n in range(2, 2 + comments))]  # fmt: skip


def reddit(comments: int, hidden: int, count: int) -> Any:
    post = {"id": "a1", "title": "The gate", "selftext": "Who opened it?", "is_self": True, "author": "ada", "num_comments": count, "created_utc": TIME}  # fmt: skip
    said = [
        {"kind": "t1", "data": {"id": f"c{n}", "body": f"Said {n}.", "author": "bede", "link_id": "t3_a1", "parent_id": "t3_a1", "created_utc": TIME + n}}
        for n in range(comments)
    ]  # fmt: skip
    more = [{"kind": "more", "data": {"count": hidden, "parent_id": "t3_a1", "children": ["x"]}}] if hidden else []
    return [
        {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": post}]}},
        {"kind": "Listing", "data": {"children": [*said, *more]}},
    ]


def github(comments: int, count: int, *, more: bool = False) -> Any:
    said = [
        {"id": f"IC_{n}", "author": {"login": "bede"}, "body": f"Said {n}.", "createdAt": "2024-03-04T10:00:00Z"} for n in range(comments)
    ]  # fmt: skip
    total = {"totalCount": count} if count else {}
    return {
        "number": 1, "title": "The gate", "body": "It sticks.", "url": "https://github.com/mill/weir/issues/1", "author": {"login": "ada"},
        "createdAt": "2024-03-04T09:00:00Z", "comments": {**total, "pageInfo": {"hasNextPage": more}, "nodes": said},
    }  # fmt: skip


def slack(replies: int, count: int) -> Any:
    opening = {"type": "message", "username": "U1 Weir", "text": "Who opened it?", "ts": "1709542860.000001", "thread_ts": "1709542860.000001", "reply_count": count}  # fmt: skip
    return [opening, *({"type": "message", "username": "U2 Weir", "text": f"Said {n}.", "ts": f"170954287{n}.000001", "thread_ts": "1709542860.000001"} for n in range(replies))]  # fmt: skip


def mastodon(replies: int, count: int) -> Any:
    def status(id: str, parent: str | None, count: int = 0) -> dict[str, Any]:
        account = {"acct": "ada", "username": "ada"}
        return {"id": id, "in_reply_to_id": parent, "account": account, "content": f"<p>Said {id}.</p>", "created_at": "2024-03-04T09:00:00Z", "replies_count": count}  # fmt: skip

    return {"ancestors": [], "descendants": [status(f"2{n}", "1") for n in range(replies)], "status": status("1", None, count)}  # fmt: skip


def lemmy(comments: int, count: int) -> Any:
    post = {"id": 1, "name": "The gate", "creator_id": 2, "ap_id": "https://mill.example/post/1", "published": "2024-03-04T09:00:00Z"}  # fmt: skip
    said = [
        {
            "comment": {"id": 10 + n, "content": f"Said {n}.", "creator_id": 2, "post_id": 1, "path": f"0.{10 + n}", "published": "2024-03-04T10:00:00Z"},
            "creator": {"name": "bede"},
            "counts": {"child_count": 0},
        }
        for n in range(comments)
    ]  # fmt: skip
    return {"post_view": {"post": post, "creator": {"name": "ada"}, "counts": {"comments": count}}, "comments": said}


@pytest.mark.parametrize(
    ("format", "value", "codes"),
    [
        ("discourse", discourse(3, 3, 3), []),
        ("discourse", discourse(3, 3, 4), ["fewer-posts"]),
        ("discourse", discourse(2, 3, 2), ["missing-post"]),
        ("hackernews", hackernews(2, 2, 2), []),
        ("hackernews", hackernews(2, 2, 3), ["fewer-posts"]),
        ("hackernews", hackernews(1, 2, 2), ["missing-post"]),
        ("hackernews", hackernews(1, 2, 3), ["fewer-posts", "missing-post"]),
        ("reddit", reddit(2, 0, 2), []),
        ("reddit", reddit(2, 0, 3), ["fewer-posts"]),
        ("reddit", reddit(2, 3, 5), ["more-replies"]),
        ("reddit", reddit(2, 3, 6), ["fewer-posts", "more-replies"]),
        ("github", github(2, 2), []),
        ("github", github(2, 3), ["fewer-posts"]),
        ("github", github(2, 0, more=True), ["fewer-posts"]),
        ("github", github(2, 0), []),
        ("slack", slack(2, 2), []),
        ("slack", slack(1, 2), ["fewer-posts"]),
        ("activitypub", mastodon(2, 2), []),
        ("activitypub", mastodon(1, 2), ["fewer-posts"]),
        ("lemmy", lemmy(2, 2), []),
        ("lemmy", lemmy(1, 2), ["fewer-posts"]),
    ],
)
def test_what_a_dump_counts_is_held_against_what_it_holds(
    format: str, value: Any, codes: list[str], tmp_path: Path
) -> None:
    assert counted(format, value, tmp_path) == codes


def test_words_of_a_view_in_a_field_that_nobody_knows_are_told(tmp_path: Path) -> None:
    seed = Path(__file__).parents[2] / "seeds/lemmy/gate.json"
    view = json.loads(seed.read_text(encoding="utf-8"))["comments"][0]
    dump = tmp_path / "gate.json"
    for more, told in (
        ({"aside": {"note": "Words that nobody knows"}}, True),
        ({"aside": [{"box": [{"note": "Words that nobody knows"}]}]}, True),
        ({"aside": {"note": "Two words"}}, False),
        ({"aside": "", "community": {"note": "Words that nobody knows"}}, False),
    ):
        dump.write_text(json.dumps({"comments": [view | more]}), encoding="utf-8")
        problems = [each.code for thread in read_threads(Dump(dump), Card()) for each in thread.problems]
        assert ("lost-words" in problems) == told
