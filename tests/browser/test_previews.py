"""What a link to another debate leads to is shown beside the link, from a small file, on a server only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.render.pages.previews import LONGEST
from support.folder_server import served

WORDS = "The weir above the northern mill was raised by two feet in the dry summer, and nobody downstream was asked."
CODE = "    raise(weir, above = northern_mill, by = two_feet)\n    shut(gate, until = nobody_downstream_was_asked)\n"


def line(id: int, body: str, title: str, who: str, parent: int | None = None) -> str:
    created = f"2024-03-0{id}T09:00:00Z"
    return json.dumps({"id": id, "parent_id": parent, "author": who, "created": created, "title": title, "body": body})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A debate that another quotes, with markup around the passage, code, and a paragraph that is too long."""
    folder = tmp_path_factory.mktemp("previews")
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    (folder / "content").mkdir()
    said = f"*Last year:* {WORDS} [The gazette](https://gazette.example/) has it.\n\n{CODE}\nSo it was."
    (folder / "content/weirs.jsonl").write_text(
        f"{line(1, said, 'Weirs', 'Ada')}\n{line(2, 'No <b>word</b>.', 'Weirs', 'Cy', 1)}"
    )
    asks = f"They said:\n\n> {WORDS}\n\nThey *did* not.\n\n> {CODE.strip()}\n\nNor that."
    (folder / "content/echo.jsonl").write_text(line(3, asks, "Echo", "Bede"))
    assert build(load_site(folder)).failures == ()
    return folder / "public"


@pytest.fixture(scope="module")
def there(site: Path) -> Iterator[str]:
    with served(site) as found:
        yield found + "debates/"


def files(site: Path, debate: str) -> dict[str, dict[str, str]]:
    return json.loads((site / f"debates/{debate}/thread.previews.json").read_text())  # type: ignore[no-any-return]


def test_the_file_has_the_paragraphs_that_other_debates_lead_to_and_no_others(site: Path) -> None:
    quoted = files(site, "weirs")
    assert {entry["who"] for entry in quoted.values()} == {"1 Ada"}
    first = next(iter(quoted.values()))
    assert first["html"] == f"<p><em>Last year:</em> {WORDS} The gazette has it.</p>"
    quoting = files(site, "echo")
    assert quoting["p-3-q1"] == {"who": "1 Bede", "html": "<p>They <em>did</em> not.</p>"}


@pytest.mark.parametrize(("more", "shown"), [(0, True), (1, False)])
def test_a_paragraph_that_is_too_long_is_not_shown(tmp_path: Path, more: int, shown: bool) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    said = f"{WORDS} ".ljust(LONGEST + more, "x")
    (tmp_path / "content/weirs.jsonl").write_text(line(1, said, "Weirs", "Ada"))
    (tmp_path / "content/echo.jsonl").write_text(line(2, f"> {WORDS}\n\nNo.", "Echo", "Bede"))
    assert build(load_site(tmp_path)).failures == ()
    assert (tmp_path / "public/debates/echo/thread.previews.json").exists()
    assert (tmp_path / "public/debates/weirs/thread.previews.json").exists() == shown


def test_a_quotation_shows_its_source_and_a_passage_what_is_said_of_it(page: Page, there: str) -> None:
    page.goto(f"{there}echo/index.html")
    page.locator(".source a").first.hover()
    expect(page.locator(".preview .facts")).to_have_text("1 Ada")
    expect(page.locator(".preview em")).to_have_text("Last year:")
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_have_count(0)
    page.goto(f"{there}weirs/index.html")
    page.locator(".quoted-by a").first.focus()
    expect(page.locator(".preview .body")).to_have_text("They did not.")


def test_the_pointer_can_rest_on_a_preview_and_read_all_of_it(page: Page, there: str) -> None:
    """WCAG 1.4.13: what is shown on hover can be pointed at, and is dismissed by a key."""
    page.goto(f"{there}echo/index.html")
    page.locator(".source a").first.hover()
    preview = page.locator(".preview")
    preview.hover()
    page.wait_for_timeout(400)
    expect(preview).to_be_visible()
    assert preview.evaluate("it => getComputedStyle(it).overflowY") == "auto"
    page.mouse.move(0, 0)
    expect(preview).to_have_count(0)
    page.locator(".source a").first.hover()
    preview.hover()
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)


def test_who_is_gone_before_the_answer_sees_nothing(page: Page, there: str) -> None:
    page.goto(f"{there}echo/index.html")
    page.route("**/thread.previews.json", lambda route: page.wait_for_timeout(300) or route.continue_())
    page.locator(".source a").first.focus()
    page.locator("h1 + p").evaluate("it => { it.tabIndex = 0; it.focus(); }")
    page.wait_for_timeout(600)
    expect(page.locator(".preview")).to_have_count(0)


def test_a_first_touch_shows_and_the_second_follows(browser: Browser, there: str) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{there}echo/index.html")
    page.locator(".source a").first.tap()
    expect(page.locator(".preview")).to_contain_text("Last year:")
    page.locator(".source a").first.tap()
    page.wait_for_url("**/weirs/**")
    context.close()


def test_a_touch_follows_a_link_of_which_nothing_is_known(browser: Browser, there: str) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.route("**/thread.previews.json", lambda route: route.fulfill(status=404))
    page.goto(f"{there}echo/index.html")
    page.locator(".source a").first.tap()
    page.wait_for_url("**/weirs/**")
    context.close()


def test_from_disk_the_link_does(page: Page, site: Path) -> None:
    page.goto((site / "debates/echo/index.html").as_uri())
    page.locator(".source a").first.hover()
    page.wait_for_timeout(400)
    expect(page.locator(".preview")).to_have_count(0)
    page.locator(".source a").first.click()
    assert "/debates/weirs/index.html#p-1-s" in page.url
