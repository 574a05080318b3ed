"""Where a site gives its authors pseudonyms, no name is published, and nothing that leads back to one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.redaction_rules import RedactionRule, append_rule
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.model import Problem
from rostra.privacy.pseudonyms import Pseudonyms
from support.published_files import as_text

POSTS = [
    {"id": "x1", "parent": None, "author": "hilarion_7", "title": "Ask hilarion_7", "body": "Who opened the upper gate last night?", "url": "https://mill.example/u/hilarion_7/1"},
    {"id": "x2", "parent": "x1", "author": "Theodora Quill", "body": "hilarion_7 wrote:\n\n> Who opened the upper gate last night?\n\nNot I, @Hilarion_7."},
    {"id": "x3", "parent": "x2", "author": "will", "body": "Theodora Quill will not say. See [her](https://mill.example/u/Theodora%20Quill)."},
    {"id": "x4", "parent": "x1", "author": "hilarion_7", "body": "Thank you, @will, I will ask."},
]  # fmt: skip


def site(folder: Path) -> dict[str, str]:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\npseudonyms = true\n')
    (folder / "content/gate.jsonl").write_text("".join(json.dumps(post) + "\n" for post in POSTS))
    build(load_site(folder))
    paths = [path for path in sorted((folder / "public").rglob("*")) if path.is_file()]
    return {path.relative_to(folder / "public").as_posix(): as_text(path) for path in paths}


def test_problems_of_the_whole_dump_lose_their_words_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Problem(code="unread", message="a file that is a dump is not read with this one: Hilarion.mbox (mail)")
    monkeypatch.setattr("rostra.ingest.dump_threads.unread_files", lambda _: [told])
    files = site(tmp_path)
    assert "a problem of the kind “unread”" in files["debates/gate/thread.json"]
    assert not any("hilarion" in text.lower() for text in files.values())


def test_no_name_is_left_and_nothing_that_leads_to_one(tmp_path: Path) -> None:
    files = site(tmp_path)
    for path, text in files.items():
        assert not re.search(r"hilarion|theodora|quill|@will", text, re.IGNORECASE), path
        assert "mill.example/u/" not in text, path
        assert '"x2"' not in text, path
    assert "debates/gate/gate.jsonl" not in files
    thread = json.loads(files["debates/gate/thread.json"])
    assert "will not say" in thread["posts"][2]["text"]
    first, *_, last = [post["author"]["name"] for post in thread["posts"]]
    assert first in (last, thread["posts"][3]["author"]["name"])
    assert thread["posts"][1]["quotes"][0]["source"]["post"] == thread["posts"][0]["id"]
    assert (tmp_path / "pseudonyms.key").stat().st_mode & 0o077 == 0


def test_they_are_the_same_in_every_build_and_others_with_another_key(tmp_path: Path) -> None:
    one = site(tmp_path / "one")
    assert site(tmp_path / "one") == one
    (tmp_path / "two").mkdir()
    (tmp_path / "two/pseudonyms.key").write_text((tmp_path / "one/pseudonyms.key").read_text())
    assert site(tmp_path / "two") == one
    assert site(tmp_path / "three")["debates/gate/thread.json"] != one["debates/gate/thread.json"]


def test_who_knows_the_names_but_not_the_key_cannot_tell_who_is_who() -> None:
    mine, theirs = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    assert mine.of("hilarion_7") != theirs.of("hilarion_7")
    assert mine.id("x1") != theirs.id("x1")


def test_a_person_is_redacted_by_the_name_that_the_dump_gives(tmp_path: Path) -> None:
    site(tmp_path)
    append_rule(tmp_path, RedactionRule(person="Theodora Quill"))
    thread = json.loads(site(tmp_path)["debates/gate/thread.json"])
    assert [post["kind"] for post in thread["posts"]].count("redacted") == 1


def test_a_key_that_is_damaged_is_not_replaced(tmp_path: Path) -> None:
    site(tmp_path)
    (tmp_path / "pseudonyms.key").write_text("what?")
    with pytest.raises(UsageError, match="not a key"):
        site(tmp_path)
    assert (tmp_path / "pseudonyms.key").read_text() == "what?"


def test_what_is_missing_wrong_or_corrected_leads_back_to_nobody_either(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    posts: list[dict[str, object]] = [
        *POSTS,
        {"id": "x7", "parent": "x6-lost", "author": None, "body": "Theodora Quill asked me.", "tags": ["hilarion_7"]},
        {"id": "x2", "parent": "x1", "author": "Theodora Quill", "body": "The same id twice."},
    ]
    lines = "".join(json.dumps(post) + "\n" for post in posts)
    (tmp_path / "content/gate-2.jsonl").write_text(lines)
    (tmp_path / "content/later.jsonl").write_text(lines.replace("Theodora Quill asked me.", "I forgot who asked me."))
    before = site(tmp_path)
    (id,) = {p["id"] for p in whole(before)["posts"] if "forgot" in p["text"]}
    card = (
        'title = "Ask hilarion_7"\nurl = "https://mill.example/x1"\nold_addresses = ["https://mill.example/{post}"]\n'
    )
    card += f'[[correction]]\npost = "{id}"\nauthor = "Xanthippe Vale"\nnote = "Xanthippe Vale wrote to us."\n'
    (tmp_path / "content/later.toml").write_text(card)
    files = site(tmp_path)
    thread = whole(files)
    post = next(p for p in thread["posts"] if p["id"] == id)
    assert post["author"] is not None
    assert len(post["revisions"]) == 1
    assert {"missing-post", "repeated-id"} <= {problem["code"] for problem in thread["problems"]}
    for path, text in files.items():
        assert not re.search(r"hilarion|theodora|quill|xanthippe|@will|mill\.example", text, re.IGNORECASE), path
        # Compressed pixels and outlines hold any three signs by chance.
        if not path.endswith((".png", ".woff2")):
            assert not re.search(r"[\"#-]x[1-7]\b|\bx[1-7] |x6-lost", text), path


def whole(files: dict[str, str]) -> Any:
    (thread,) = [
        json.loads(text) for path, text in files.items() if path.endswith("thread.json") and '"posts":[{' in text
    ]
    return thread
