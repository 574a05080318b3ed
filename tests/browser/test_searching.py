"""What readers ask for is found: every question of questions.toml, in one page."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.search import shards
from support.folder_server import served

ASKED = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))
SEED = Path(__file__).parent.parent.parent / "seeds/text/rutkowski-ai-art.txt"
WORDS = [
    "gate",
    "miller",
    "bell",
    "weir",
    "keeper",
    "water",
    "bridge",
    "night",
    "lantern",
    "river",
    "stone",
    "barge",
    "sluice",
    "towpath",
    "lock",
    "mill",
]
RECALL = 0.95
FOUND = """() => [...document.querySelectorAll(".results > li")].flatMap((entry) => {
  const debate = new URL(entry.querySelector("h2 a").href).pathname.split("/").at(-2);
  return [...entry.querySelectorAll(".facts")].map((facts) => [debate, Number(facts.textContent.match(/post (\\d+)/)?.[1])]);
}).filter(([, number]) => number)"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration among the debates of the set and generated ones, in four shards."""
    root = tmp_path_factory.mktemp("asked")
    (root / "content").mkdir()
    (root / "rostra.toml").write_text('title = "Asked"\n')
    shutil.copy(SEED, root / "content/seed.txt")
    chance = random.Random(11)
    made: dict[str, dict[str, Any]] = dict(ASKED["debates"])
    for n in range(30):
        posts = [[f"Miller {chance.randrange(40)}", " ".join(chance.choices(WORDS, k=25))] for _ in range(12)]
        made[f"mill-{n}"] = {"title": f"Mill {n}", "posts": posts}
    for id, debate in made.items():
        posts = [
            {"id": n, "parent": None if n == 1 else 1, "title": debate["title"], "author": who, "body": body}
            for n, (who, body) in enumerate(debate["posts"], 1)
        ]
        for each in posts[1:]:
            del each["title"]
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in posts)
        (root / f"content/{id}.jsonl").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "POSTS", 120)
        assert build(load_site(root)).failures == ()
    assert len(list((root / "public/search").iterdir())) == 4
    with served(root / "public") as address:
        yield address


def test_readers_find_what_they_ask_for(browser: Browser, archive: str) -> None:
    page = browser.new_page()
    page.goto(archive + "search.html")
    recalls, wrong = list[float](), dict[str, object]()
    for question in ASKED["question"]:
        found, told, names = answer(page, question["q"])
        wanted = {(debate, number) for debate, numbers in question["finds"].items() for number in numbers}
        first = question.get("first")
        if wanted:
            recalls.append(len(wanted & set(found[:10])) / len(wanted))
        if not wanted <= set(found[:10]) or (found and not wanted):
            wrong[question["q"]] = found, wanted
        if question.get("instead", "") not in told or bool(question.get("instead")) != told.startswith("No post has"):
            wrong[f"{question['q']}, instead"] = told
        if names[:1] != ([question["person"]] if "person" in question else []):
            wrong[f"{question['q']}, person"] = names
        if first and found[0] not in first.items():
            wrong[f"{question['q']}, first"] = found
    page.close()
    assert wrong == {}
    assert len(ASKED["question"]) >= 60
    assert sum(recalls) / len(recalls) >= RECALL


def answer(page: Page, asked: str) -> tuple[list[tuple[str, int]], str, list[str]]:
    """The posts that are found, each a debate and a number, what is said above them, and the people above that."""
    field = page.get_by_role("searchbox")
    field.fill(asked)
    field.press("Enter")
    expect(page.locator(".found")).not_to_have_text("Searching …")
    expect(page.locator(".found")).not_to_be_empty()
    told = page.locator(".found").inner_text()
    assert "could not be carried out" not in told, asked
    return [tuple(each) for each in page.evaluate(FOUND)], told, page.locator(".named a").all_inner_texts()
