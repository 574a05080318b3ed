"""A person who is redacted is named in no published file, and every other word stays."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.redaction_rules import RedactionRule, append_rule
from rostra.config.site import load_site
from rostra.privacy.guard import text_of_file
from rostra.privacy.name_forms import SearchedName
from rostra.privacy.name_patterns import name_matcher

NAME = "Sean O'Brien"
POSTS = [
    {"id": "sean-o-brien-1", "parent": None, "author": NAME, "title": f"Ask {NAME} anything", "tags": ["sean_obrien"],
     "url": "https://mill.example/u/sean_o'brien/1", "body": "The upper gate of the mill was never meant to be opened before the end of April."},
    {"id": "2", "parent": "sean-o-brien-1", "author": "bede", "body": f"I agree with [him](https://mill.example/u/Sean%20O%27Brien), and {NAME.upper()} knows it. <b>Sean</b> O’Brien!",
     "attachments": [{"name": "sean-obrien.png", "url": "https://mill.example/files/Sean%20O'Brien.png"}]},
    {"id": "3", "parent": "sean-o-brien-gone", "author": "cy", "body": 'He said "the upper gate of the mill was never meant to be opened", no less.', "title": f"Re: {NAME}"},
    {"id": "4", "parent": "3", "author": "dot", "body": "I think that the end of the day is the end of the day."},
]  # fmt: skip


def hidden(
    root: Path, rule: RedactionRule, posts: list[dict[str, object]] = POSTS, name: str = "sean-o-brien"
) -> BuildReport:
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    data = "".join(json.dumps(post) + "\n" for post in posts).encode()
    (root / f"content/{name}.jsonl.gz").write_bytes(gzip.compress(data))
    (root / "content/river.jsonl").write_text(
        json.dumps({"id": "r1", "parent": None, "author": "eve", "title": "The river", "body": f"Ask {NAME}:\n\n> the upper gate of the mill was never meant to be opened\n\nSo there."}) + "\n"
    )  # fmt: skip
    (root / "content/river.toml").write_text(
        f'title = "The river, by {NAME}"\ntags = ["Sean O\'Brien"]\n[[correction]]\npost = "p-r1"\nnote = "Told by {NAME}."\n'
    )
    append_rule(root, rule)
    return build(load_site(root))


def everything(root: Path) -> dict[str, str]:
    """All that is published, file by file, with the names of the files."""
    paths = [path for path in sorted((root / "public").rglob("*")) if path.is_file()]
    return {(name := path.relative_to(root / "public").as_posix()): name + "\n" + text_of_file(name, path.read_bytes()) for path in paths}  # fmt: skip


@pytest.mark.parametrize("before", [False, True])
def test_a_person_is_in_nothing_that_is_published(tmp_path: Path, before: bool) -> None:
    if before:
        hidden(tmp_path, RedactionRule(address="nowhere to be found"))
    report = hidden(tmp_path, RedactionRule(person=NAME, reason="at his request"))
    assert not report.failures
    wanted = name_matcher([SearchedName(NAME, NAME)])
    files = everything(tmp_path)
    for path, text in files.items():
        assert not wanted.found(text), (path, wanted.spans(text))
        assert "upper gate of the mill" not in text, path
    assert not [path for path in files if path.endswith((".gz", ".jsonl"))]
    assert any("at his request" in text for text in files.values())
    assert any("the end of the day is the end of the day" in text for text in files.values())
    first = everything(tmp_path)
    build(load_site(tmp_path))
    assert everything(tmp_path) == first


@pytest.mark.parametrize("name", ["Summary", "April", "post", "Article", "Posts", "content", "kind"])
def test_somebody_who_is_called_as_a_word_of_rostra_s_own_stops_no_build(tmp_path: Path, name: str) -> None:
    posts = [
        {"id": 1, "parent": None, "author": name, "created": "2024-04-03T09:00:00Z", "body": "The gate is shut."},
        {"id": 2, "parent": 1, "author": "bede", "created": "2024-04-03T10:00:00Z", "body": f"Thank you, @{name}."},
    ]
    report = hidden(tmp_path, RedactionRule(person=name), posts, "gate")
    assert not report.failures
    thread = json.loads((tmp_path / "public/debates/gate/thread.json").read_bytes())
    assert thread["posts"][0]["author"] is None
    assert thread["posts"][1]["text"] == "Thank you, @█████."


def test_a_dump_is_not_published_where_only_a_reader_sees_the_name(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\npublish_addresses = true\n')
    said = base64.b64encode(f"{NAME} opened the gate.\n".encode()).decode()
    head = "From bede Fri Mar  1 09:00:00 2024\nFrom: Bede <bede@mill.example>\nDate: Fri, 1 Mar 2024 09:00:00 +0000\n"
    head += (
        "Message-ID: <1@mill.example>\nSubject: The gate\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    )
    (tmp_path / "content/mill.mbox").write_text(f"{head}Content-Transfer-Encoding: base64\n\n{said}\n")
    build(load_site(tmp_path))
    assert (tmp_path / "public/dumps/content-mill.mbox").is_file()
    append_rule(tmp_path, RedactionRule(person=NAME))
    build(load_site(tmp_path))
    assert not list((tmp_path / "public").rglob("*.mbox"))
    assert any("█████ opened the gate" in text for text in everything(tmp_path).values())


def test_a_post_of_a_debate_in_two_dumps_goes_from_both_and_from_where_it_is_quoted(tmp_path: Path) -> None:
    posts = [
        {"id": n, "parent": 1 if n > 1 else None, "author": f"a{n}", "created": f"2024-03-0{n}T09:00:00Z", "title": "Gate" if n == 1 else None,
         "body": f"The number {n} of the keys to the upper gate hangs behind the miller's door, where nobody looks for number {n}."}
        for n in range(1, 5)
    ]  # fmt: skip
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    for name, part in (("a", posts[:3]), ("b", posts[1:])):
        (tmp_path / f"content/{name}.jsonl").write_text("".join(json.dumps(post) + "\n" for post in part))
    quoting = {"id": 9, "parent": None, "author": "eve", "created": "2024-04-01T09:00:00Z", "title": "Elsewhere",
               "body": "> The number 4 of the keys to the upper gate hangs behind the miller's door\n\nIndeed?"}  # fmt: skip
    (tmp_path / "content/c.jsonl").write_text(json.dumps(quoting) + "\n")
    assert build(load_site(tmp_path)).threads == 2
    append_rule(tmp_path, RedactionRule(post="p-4", thread="a"))
    for _ in range(2):
        build(load_site(tmp_path))
        texts = everything(tmp_path)
        assert not [path for path, text in texts.items() if "number 4" in text]
        assert not [path for path in texts if path.endswith("b.jsonl")]
        assert any("number 3" in text for text in texts.values())
