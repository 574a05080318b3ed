"""A debate of several pages: every post keeps its address on the first, with scripts and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served

WORDS = "The weir above the northern mill was raised by two feet in the dry summer, and nobody downstream was asked."


def line(id: int, parent: int | None, body: str, day: int = 1, who: str = "Ada") -> str:
    created = f"2024-0{day // 28 + 1}-{day % 28 + 1:02}T09:00:00Z"
    return json.dumps(
        {"id": id, "parent_id": parent, "author": who, "created": created, "title": "Weirs", "body": body}
    )


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 posts at ten a page: a chain, and one last answer to the opening; another debate quotes a later page."""
    site = tmp_path_factory.mktemp("long")
    (site / "rostra.toml").write_text('title = "Long"\nposts_a_page = 10\n')
    (site / "content").mkdir()
    chain = [line(n, n - 1 or None, f"Post {n} of the chain.", day=n) for n in range(1, 35)]
    chain[24] = line(25, 24, WORDS, day=25)
    chain[29] = line(
        30, 29, f"> Post 3 of the chain.\n\nI read that again.\n\n> {WORDS}\n\nSo I did.", day=30, who="Bede"
    )
    # Written second, it stands last: it answers the opening.
    chain.append(line(35, 1, "A late branch of an early day.", day=3, who="Cyra"))
    (site / "content" / "weirs.jsonl").write_text("\n".join(chain))
    (site / "content" / "echo.jsonl").write_text(line(1, None, f"They said:\n\n> {WORDS}\n\nThey did not.", day=50))
    report = build(load_site(site))
    assert report.failures == ()
    return site / "public"


@pytest.fixture(scope="module")
def there(long: Path) -> Iterator[str]:
    with served(long) as found:
        yield found + "debates/"


def numbers(page: Page) -> list[int]:
    return [int(text) for text in page.locator("article.post > header h3 .number").all_text_contents()]


def test_every_post_stands_on_one_page_and_has_its_address_on_the_first(page: Page, there: str, long: Path) -> None:
    seen = []
    for name in ("index", "2", "3", "4"):
        page.goto(f"{there}weirs/{name}.html")
        seen += numbers(page)
    assert seen == list(range(1, 36))
    ids = [post["id"] for post in json.loads((long / "debates/weirs/thread.json").read_text())["posts"]]
    first = (long / "debates/weirs/index.html").read_text()
    assert all(first.count(f' id="{id}"') == 1 for id in ids)
    assert not (long / "debates/weirs/5.html").exists()


@pytest.mark.parametrize("address", ["weirs/#p-25", "weirs/2.html#p-25", "weirs/index.html#p-25"])
def test_an_address_leads_on_to_the_post_wherever_it_stands(page: Page, there: str, address: str) -> None:
    page.goto(there + address)
    page.wait_for_url("**/weirs/3.html#p-25")
    expect(page.locator("#p-25")).to_be_in_viewport()


def test_without_scripts_the_first_page_shows_the_way(browser: Browser, there: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{there}weirs/index.html#p-25")
    entry = page.locator("#p-25 a")
    expect(entry).to_be_in_viewport()
    entry.click()
    page.wait_for_url("**/weirs/3.html#p-25")
    page.get_by_label("Pages of the debate, above the posts").get_by_role("link", name="Next page").click()
    assert numbers(page) == [31, 32, 33, 34, 35]
    context.close()


def test_a_quotation_finds_its_passage_across_pages_and_back(page: Page, there: str) -> None:
    page.goto(f"{there}weirs/3.html")
    page.locator("#p-30 > .body .source a").first.click()
    page.wait_for_url("**/weirs/#p-3-s0")
    page.locator("#p-3").get_by_label("Quoted by Bede").first.click()
    page.wait_for_url("**/weirs/3.html#p-30-q1")


def test_another_debate_finds_a_passage_of_a_later_page(page: Page, there: str) -> None:
    page.goto(f"{there}echo/index.html")
    page.locator(".source a").first.click()
    page.wait_for_url("**/weirs/3.html#p-25-s0")
    page.locator("#p-25 > .body .quoted-by > button").click()
    page.locator("#p-25 > .body .quoted-by [popover] a").last.click()
    page.wait_for_url("**/echo/#p-1-q1")


def test_answers_across_a_border_say_what_they_answer_and_where_the_page_begins(page: Page, there: str) -> None:
    page.goto(f"{there}weirs/3.html")
    expect(page.locator(".above")).to_have_text(
        "This page continues the replies to #1 Ada › … › #17 Ada › #18 Ada › #19 Ada › #20 Ada"
    )
    above = page.locator("#p-21 > header a.parent")
    expect(above).to_be_visible()
    expect(above).to_have_attribute("href", "2.html#p-20")
    expect(page.locator("#p-22 > header a.parent")).to_be_hidden()
    expect(page.locator("#p-21 > header .depth")).to_have_text("level 20")
    page.goto(f"{there}weirs/4.html")
    expect(page.locator("#p-35 > header a.parent")).to_have_attribute("href", "index.html#p-1")
    page.locator("#p-35 > header a.permalink").focus()
    page.keyboard.press("p")
    page.wait_for_url("**/weirs/*#p-1")


def test_the_next_post_of_a_pages_last_is_on_the_next_page(page: Page, there: str) -> None:
    page.goto(f"{there}weirs/2.html#p-20")
    page.locator("#p-20 > header a.permalink").focus()
    page.keyboard.press("j")
    page.wait_for_url("**/weirs/3.html")


def test_a_permalink_is_the_lasting_address_also_on_a_later_page(page: Page, there: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{there}weirs/3.html")
    page.locator("#p-25 > header a.permalink").click()
    expect(page.get_by_role("status")).to_have_text("Permanent link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{there}weirs/#p-25"
    assert page.url == f"{there}weirs/3.html#p-25"


def test_the_order_of_time_and_back(page: Page, there: str) -> None:
    page.goto(f"{there}weirs/4.html")
    assert page.locator(".in-time .number").all_text_contents() == ["35", "31", "32", "33", "34"]
    button = page.get_by_role("button", name="In order of time")
    button.click()
    assert numbers(page) == [35, 31, 32, 33, 34]
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("t")
    assert numbers(page) == [31, 32, 33, 34, 35]
    expect(button).to_have_attribute("aria-pressed", "false")
