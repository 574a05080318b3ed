"""Blocks of which most is quoted, or a quotation, have a bar beside them in place of marks; a quotation says whose words it holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rostra.ingest.inspection import inspections
from rostra.render.bars import SHORTEST
from rostra.render.post_html import BETWEEN
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


def mail(folder: Path, *bodies: str) -> list[str]:
    """The bodies of letters that each answer the one before, as published."""
    posts = [
        {"id": str(n), "parent": str(n - 1) if n > 1 else None, "author": f"P{n}", "dialect": "mail", "body": body}
        for n, body in enumerate(bodies, 1)
    ]
    dump = folder / "letters.jsonl"
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts))
    (edition,) = inspections(dump)
    return [str(each["html"]) for each in json.loads(encode_document(edition))["posts"]]


def quoted(text: str) -> str:
    return re.sub("^", "> ", text.rstrip("\n"), flags=re.MULTILINE) + "\n"


FIRST = "Who left the upper gate open when the brook was high last night?\n"
SECOND = f"On Mon, 4 Mar 2024, Ada Weir wrote:\n{quoted(FIRST)}\nNobody did, as the keeper of the lower mill says.\n"
THIRD = f"On Tue, 5 Mar 2024, Bede Hill wrote:\n{quoted(SECOND)}\nThen it was the heron.\n"


def test_a_line_that_says_who_is_quoted_is_not_marked_as_quoted(tmp_path: Path) -> None:
    _, second, third = mail(tmp_path, FIRST, SECOND, THIRD)
    assert "On Mon, 4 Mar 2024, Ada Weir wrote:</p>" in second
    assert second.count("quoted-by") == 1
    assert 'class="quoting"' not in third
    assert "not found" not in third
    # Whoever links to the quotation still finds it.
    assert 'id="p-3-q1"' in third


def test_a_quotation_that_begins_with_such_a_line_names_its_author_in_a_box(tmp_path: Path) -> None:
    _, second = mail(tmp_path, FIRST, f"{quoted('On Mon, 4 Mar 2024, Ada Weir wrote:')}>\n{quoted(FIRST)}\nNobody.\n")
    assert '<header class="source" id="p-2-q1">' in second
    assert 'class="quoting"' not in second


def test_the_footer_of_a_list_is_no_part_of_a_quotation(tmp_path: Path) -> None:
    footer = "\n".join(["_" * 47, "wendle mailing list", "wendle@lists.example", "https://lists.example/wendle"])
    _, second = mail(tmp_path, FIRST, f"{quoted(FIRST)}{quoted(footer)}\nNobody.\n")
    assert '<header class="source" id="p-2-q1">' in second
    assert "not found" not in second


def test_a_quotation_of_list_items_names_its_author_above_the_list(tmp_path: Path) -> None:
    items = "- the gate is opened at dawn by the miller\n- the weir is raised in the dry summer\n"
    posts = [
        {"id": "1", "parent": None, "author": "Ada", "body": f"I propose:\n\n{items}"},
        {"id": "2", "parent": "1", "author": "Bede", "body": f"{quoted(items)}\nNo."},
    ]
    dump = tmp_path / "gate.jsonl"
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts))
    (edition,) = inspections(dump)
    html = json.loads(encode_document(edition))["posts"][1]["html"]
    assert re.search(r'<blockquote>\s*<header class="source" id="p-2-q1">.*?</header>\s*<ul>', html)


@pytest.mark.parametrize(("own", "bar"), [(SHORTEST - 1, True), (SHORTEST, False)])
def test_a_bar_stands_for_a_quotation_that_is_most_of_a_block(own: int, bar: bool, tmp_path: Path) -> None:
    """A typed quotation within a paragraph: more than half of it, or less."""
    said = words(SHORTEST - 2)
    body = f"“{said}” {words(own - 1, 7)}"
    posts = [
        {"id": "1", "parent": None, "author": "Ada", "body": f"Mind that {said} {words(40, 3)}"},
        {"id": "2", "parent": "1", "author": "Bede", "body": body},
    ]
    dump = tmp_path / "gate.jsonl"
    dump.write_text("".join(json.dumps(post) + "\n" for post in posts))
    (edition,) = inspections(dump)
    html = json.loads(encode_document(edition))["posts"][1]["html"]
    assert "source-inline" in html
    assert ('class="much-quoting"' in html) is bar
    assert ('class="quoting"' in html) is not bar
