"""Blocks of which most is quoted have a bar beside them in place of highlighted words; a quotation says whose words it holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rostra.ingest.inspection import inspections
from rostra.render.post_html import BETWEEN, SHORTEST
from rostra.render.thread_json import encode_document

WORDS = [
    "miller",
    "wheel",
    "gate",
    "brook",
    "meadow",
    "sluice",
    "lantern",
    "barley",
    "granite",
    "harvest",
    "weaver",
    "copper",
    "orchard",
    "thistle",
    "candle",
]


def words(size: int, first: int = 0) -> str:
    """A text of so many code points."""
    text = " ".join(WORDS[(first + n) % len(WORDS)] + chr(97 + n % 26) for n in range(size))[:size]
    return text[:-1] + "x" if text.endswith(" ") else text


def shown(quoted: int, size: int, folder: Path) -> str:
    """The body of a post of ``size`` code points of which another quotes the first ``quoted``."""
    said = words(quoted)
    body = said + " " + words(size - quoted - 1, 7)
    assert len(body) == size
    posts = [
        {"id": "1", "parent": None, "author": "Ada", "body": body},
        {"id": "2", "parent": "1", "author": "Bede", "body": f"> {said}\n\nNo."},
    ]
    dump = folder / "gate.jsonl"
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts))
    (edition,) = inspections(dump)
    html = json.loads(encode_document(edition))["posts"][0]["html"]
    assert "quoted-by" in html
    return str(html)


@pytest.mark.parametrize(
    ("quoted", "size", "bar"),
    [
        pytest.param(30, 40, True, id="three quarters of a short block"),
        pytest.param(30, 41, False, id="less of a short block"),
        pytest.param(SHORTEST, 2 * SHORTEST - 1, True, id="more than half of a long block"),
        pytest.param(SHORTEST, 2 * SHORTEST, False, id="half of a long block"),
        pytest.param(SHORTEST - 1, 2 * SHORTEST - 8, False, id="more than half of a shorter block"),
    ],
)
def test_a_bar_stands_for_most_of_a_block(quoted: int, size: int, bar: bool, tmp_path: Path) -> None:
    html = shown(quoted, size, tmp_path)
    assert ('class="much-quoted"' in html) is bar
    assert ("<mark" in html) is not bar


def test_a_bar_stands_for_most_of_a_block_of_code(tmp_path: Path) -> None:
    log = "\n".join(f"gate {n} was opened by the wheel at {n} past two" for n in range(6))
    posts = [
        {"id": "1", "parent": None, "author": "Ada", "body": f"Look:\n\n```\n{log}\n```\n\nWho was it?"},
        {"id": "2", "parent": "1", "author": "Bede", "body": "> " + log.replace("\n", "\n> ") + "\n\nNobody."},
    ]
    dump = tmp_path / "gate.jsonl"
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts))
    (edition,) = inspections(dump)
    html = json.loads(encode_document(edition))["posts"][0]["html"]
    assert '<pre class="much-quoted" tabindex="0"><code>' in html
    assert "<mark" not in html


@pytest.mark.parametrize(("left", "last"), [(BETWEEN, True), (BETWEEN + 1, False)])
def test_beside_a_bar_the_sign_follows_the_last_words(left: int, last: bool, tmp_path: Path) -> None:
    html = shown(4 * BETWEEN + 4, 5 * BETWEEN + 4 + (left - BETWEEN), tmp_path)
    assert 'class="much-quoted"' in html
    assert (re.search(r"</span></p>$", html) is not None) is last


@pytest.mark.parametrize(
    ("quoting", "header"), [("1", "Bede &amp; Co"), ("2", "Bede &amp; Co, source not found in this archive")]
)
def test_a_quotation_without_a_source_names_the_author_that_its_markup_names(
    quoting: str, header: str, tmp_path: Path
) -> None:
    row = {"topic_id": 7, "username": "ada", "post_time": 1709542800, "post_subject": "The gate"}
    quotation = '[quote="Bede & Co"]The old weir was never on any map.[/quote]\nSo he told me.'
    dump = tmp_path / "gate.json"
    dump.write_text(json.dumps([row | {"post_id": int(id), "post_text": quotation if id == quoting else "A word."} for id in "12"]))  # fmt: skip
    (edition,) = inspections(dump)
    posts = {each["native_id"]: each["html"] for each in json.loads(encode_document(edition))["posts"]}
    assert re.findall(r'<header class="source none"[^>]*>(.*?)</header>', posts[quoting]) == [header]
