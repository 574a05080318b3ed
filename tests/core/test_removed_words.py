"""A dump with words that moderators or authors took out is not published beside its debates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.model import Thread
from rostra.readers.records.record_search import holds_words
from rostra.threads.merge import unpublished

WORDS = "Nobody may read this."
ITEM = {"by": "ada", "id": 1, "time": 1709542800, "title": "Gate", "type": "story", "kids": [2]}


def comment(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "parent": 1, "by": "bede", "time": 1709542900 + number, "type": "comment", **more}


def published(site: Path, *items: dict[str, Any]) -> list[str]:
    """The dumps of a site with items of Hacker News in lines."""
    (site / "content").mkdir(exist_ok=True)
    (site / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    (site / "content/gate.ndjson").write_text("".join(json.dumps(each) + "\n" for each in items), encoding="utf-8")
    build(load_site(site))
    said = [path for path in (site / "public").rglob("*") if path.is_file() and WORDS.encode() in path.read_bytes()]
    return [path.name for path in said] + [path.name for path in (site / "public").rglob("*.ndjson")]


@pytest.mark.parametrize(
    ("reply", "dumps"),
    [
        (comment(2, text="I did."), 1),
        (comment(2, dead=True, text="[flagged]"), 1),
        (comment(2, deleted=True), 1),
        (comment(2, dead=True, text=WORDS), 0),
        (comment(2, deleted=True, text=WORDS), 0),
    ],
)
def test_a_dump_with_words_of_a_removed_post_is_not_published(
    reply: dict[str, Any], dumps: int, tmp_path: Path
) -> None:
    assert len(published(tmp_path, ITEM, reply)) == dumps


def test_a_dump_that_grows_stays_unpublished(tmp_path: Path) -> None:
    items = [ITEM, comment(2, dead=True, text=WORDS)]
    other = ITEM | {"id": 7, "title": "Weir", "kids": []}
    assert published(tmp_path, *items) == []
    assert published(tmp_path, *items, other) == []
    assert published(tmp_path, *items, other, other | {"id": 8, "title": "Toll"}) == []


def test_only_what_is_new_is_unpublished_if_such_a_dump_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(thread: Thread, dump: str | None = None) -> Thread:
        seen.append(thread.id)
        return unpublished(thread, dump)

    monkeypatch.setattr("rostra.store.store.unpublished", counted)
    items = [ITEM, comment(2, dead=True, text=WORDS), *(ITEM | {"id": n, "kids": []} for n in (7, 8))]
    assert published(tmp_path, *items) == []
    assert sorted(seen) == ["1", "7", "8"]
    seen.clear()
    assert published(tmp_path, *items, ITEM | {"id": 9, "kids": []}) == []
    assert seen == ["9"]


def test_posts_of_a_forum_that_nobody_approved_are_in_no_file(tmp_path: Path) -> None:
    rows = [
        {"id_msg": number, "id_topic": 7, "poster_name": "ada", "poster_time": 1709542800, "subject": "Gate", "body": body, "approved": number % 2}
        for number, body in ((1, "Who opened it?"), (2, WORDS))
    ]  # fmt: skip
    assert published(tmp_path, rows[0]) == ["content-gate.ndjson"]
    assert published(tmp_path, *rows) == []


@pytest.mark.parametrize("sample", ["tests/readers/disqus/gate.xml", "seeds/wordpress/mill.xml"])
def test_exports_with_addresses_of_people_are_never_published(sample: str, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\npublish_addresses = true\n', encoding="utf-8")
    (tmp_path / "content/gate.toml").write_text('dump = "gate.xml"\npublish_private = true\n', encoding="utf-8")
    text = (Path(__file__).parents[2] / sample).read_text(encoding="utf-8")
    # Words that were taken out are a reason of their own.
    text = text.replace("<isDeleted>true", "<isDeleted>false").replace("<isSpam>true", "<isSpam>false")
    (tmp_path / "content/gate.xml").write_text(text, encoding="utf-8")
    build(load_site(tmp_path))
    files = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert any(b"I did" in each for each in files)
    assert not any(address in each for each in files for address in (b"@mill.example", b"10.9.8", b"10.0.0."))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("[removed]", False),
        ("<p>(post deleted by author)</p>", False),
        ("[ Removed by reddit ]&nbsp;", False),
        ("This message was deleted.", False),
        (" ", False),
        (None, False),
        ("x", True),
        ("[removed] by x", True),
        ("[a] and [b]", True),
        (f"({'x' * 80})", False),
        (f"({'x' * 81})", True),
    ],
)
def test_a_placeholder_of_the_source_is_no_text(text: str | None, holds: bool) -> None:
    assert holds_words({"body": text}) is holds
    assert not holds_words({"unheard_of": text})


POST = {"id": "1", "parent": None, "author": "ada", "created": "2024-03-04T10:00:00Z", "title": "Gate", "body": "Who opened it?"}  # fmt: skip
ROWS = (
    '<posts>\n <row Id="1" PostTypeId="1" CreationDate="2024-03-04T10:00:00.000" Title="Gate" Body="Who opened it?" />\n'
    ' <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2024-03-04T11:00:00.000" Body="{}"{} />\n</posts>\n'
)
LINES = "".join(json.dumps(each) + "\n" for each in (POST, POST | {"id": "2", "parent": "1", "title": None, "body": WORDS, "kind": "KIND"}))  # fmt: skip


HANDWRITTEN = "# Gate\n\n## [1] ada\n\nWho opened it?\n\n## [2] bede{}\n\n{}\n"


@pytest.mark.parametrize("kind", ["post", "deleted", "removed"])
@pytest.mark.parametrize("format", ["posts", "handwritten", "stackexchange"])
def test_words_of_a_removed_post_are_on_no_page(format: str, kind: str, tmp_path: Path) -> None:
    deleted = "" if kind == "post" else ' DeletionDate="2024-03-05T10:00:00.000"'
    name, text = {
        "posts": ("gate.ndjson", LINES.replace("KIND", kind)),
        "handwritten": ("gate.md", HANDWRITTEN.format("" if kind == "post" else f", {kind}", WORDS)),
        "stackexchange": ("Posts.xml", ROWS.format(WORDS, deleted)),
    }[format]
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    (tmp_path / "content" / name).write_text(text, encoding="utf-8")
    build(load_site(tmp_path))
    files = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert any(WORDS.encode() in each for each in files) is (kind == "post")
    assert any(b"Who opened it?" in each for each in files)


@pytest.mark.parametrize("is_first", [False, True])
def test_words_of_a_post_that_is_deleted_elsewhere_in_the_dump_are_in_no_file(is_first: bool, tmp_path: Path) -> None:
    """Of ActivityPub, whose outboxes list activities in either order."""
    who, everybody = "https://mill.example/ada", "https://www.w3.org/ns/activitystreams#Public"
    note = {"id": f"{who}/1", "type": "Note", "attributedTo": who, "to": [everybody], "content": "Who opened it?", "published": "2024-03-04T10:00:00Z"}  # fmt: skip
    reply = note | {"id": f"{who}/2", "content": WORDS, "inReplyTo": f"{who}/1"}
    acts = [{"id": f"{each['id']}/a", "type": "Create", "actor": who, "object": each} for each in (note, reply)]
    deletion = {"id": f"{who}/3", "type": "Delete", "actor": who, "object": {"id": f"{who}/2", "type": "Tombstone"}}
    items = [deletion, *acts] if is_first else [*acts, deletion]
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    outbox = {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{who}/outbox", "type": "OrderedCollection", "orderedItems": items}  # fmt: skip
    (tmp_path / "content/gate.json").write_text(json.dumps(outbox), encoding="utf-8")
    build(load_site(tmp_path))
    files = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert any(b"Who opened it?" in each for each in files)
    assert not any(WORDS.encode() in each for each in files)
