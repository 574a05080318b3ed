"""What readers ask for is found: every question of questions.toml, in one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.search import bundles, shards, word_index
from support.asked_archive import ASKED, write_archive
from support.folder_server import served

RECALL = 0.95
FOUND = """() => [...document.querySelectorAll(".results > li")].flatMap((entry) => {
  const debate = new URL(entry.querySelector("h2 a").href).pathname.split("/").at(-2);
  return [...entry.querySelectorAll(".facts")].map((facts) => [debate, Number(facts.textContent.match(/post (\\d+)/)?.[1])]);
}).filter(([, number]) => number)"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demonstration among the debates of the set and generated ones, in four bundles of shards."""
    root = tmp_path_factory.mktemp("asked")
    write_archive(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "POSTS", 15)
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
    assert len(ASKED["question"]) >= 100
    assert sum(recalls) / len(recalls) >= RECALL


def test_a_word_with_soft_hyphens_is_marked_in_the_debate(browser: Browser, archive: str) -> None:
    page = browser.new_page()
    page.goto(archive + "debates/plans/?found=windlass&found=gate+of#p-3")
    page.wait_for_function("CSS.highlights.has('found')")
    assert "wind\u00adlass" in page.evaluate("[...CSS.highlights.get('found')].map(String)")
    page.close()


def test_a_part_is_fetched_once_and_only_if_it_is_needed(browser: Browser, archive: str) -> None:
    page = browser.new_page()
    parts = list[str]()
    page.on("request", lambda request: parts.append(request.url) if "/parts/" in request.url else None)
    page.goto(archive + "search.html")
    found, _, _ = answer(page, "histogram")
    assert found == [("seed", 36)]
    # The index of all shards but one is so small that it is in the first file of its bundle.  Few posts have the word, so
    # words that contain it are looked for in four vocabularies; and there is one passage.
    assert len(parts) == len(set(parts)) == 1 + 4 + 1
    answer(page, "histogran")
    answer(page, "zzqqxx")
    assert len(parts) == 6
    page.close()


def test_a_question_that_failed_is_asked_from_its_beginning(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(tmp_path)
    # An index of small pages, so that words are in parts.
    for name, value in (("PAGE", 4096), ("LEAF", 4096 - 84)):
        monkeypatch.setattr(word_index, name, value)
    monkeypatch.setattr(bundles, "PART", 4096)
    assert build(load_site(tmp_path)).failures == ()
    with served(tmp_path / "public") as address:
        page = browser.new_page()
        page.route("**/parts/*", lambda route: route.abort())
        page.goto(address + "search.html?q=%23水車小屋")
        expect(page.locator(".found")).to_contain_text("failed")
        page.unroute("**/parts/*")
        assert answer(page, "#水車小屋")[0] == [("workshop", 15)]
        page.close()


def answer(page: Page, asked: str) -> tuple[list[tuple[str, int]], str, list[str]]:
    """The posts that are found, each a debate and a number, what is said above them, and the people above that."""
    field = page.get_by_role("searchbox")
    field.fill(asked)
    field.press("Enter")
    expect(page.locator(".found")).not_to_have_text("Searching …")
    expect(page.locator(".found")).not_to_be_empty()
    told = page.locator(".found").inner_text()
    assert "search failed" not in told.lower(), asked
    return [tuple(each) for each in page.evaluate(FOUND)], told, page.locator(".named a").all_inner_texts()
