"""How a debate is shown: its state is in the address; what is new since the reader was last here is kept in the browser alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served

SHOWN = "[...document.querySelectorAll('article.post > header')].filter((it) => it.checkVisibility()).map((it) => it.parentElement.id.slice(2)).join(' ')"


def line(id: int, parent: int | None, who: str, day: int) -> str:
    post = {
        "id": id,
        "parent_id": parent,
        "author": who,
        "created": f"2024-03-{day:02}T09:00:00Z",
        "title": "Weirs",
        "body": f"Post number {id} of them.",
    }
    return json.dumps(post)  # fmt: skip


POSTS = [
    line(1, None, "Ada", 1), line(2, 1, "Bede", 2), line(3, 2, "Ada", 9), line(4, 3, "Cy", 4), line(5, 1, "Dot", 5), line(6, 5, "Bede", 6),
    line(7, 6, "Em", 7), line(8, 1, "Fay", 3),
]  # fmt: skip


def write(folder: Path, posts: list[str]) -> None:
    (folder / "content").mkdir(exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    (folder / "content/weirs.jsonl").write_text("\n".join(posts))
    assert build(load_site(folder)).failures == ()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("weirs")
    write(folder, POSTS)
    with served(folder / "public") as found:
        yield f"{found}debates/weirs/"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", "1 2 3 4 8 5 6 7"),
        ("#show=level:1", "1 2 8 5"),
        ("#show=level:2", "1 2 3 8 5 6"),
        ("#show=level:9", "1 2 3 4 8 5 6 7"),
        ("#show=level:0", "1 2 3 4 8 5 6 7"),
        ("#show=person:Bede", "1 2 5 6"),
        ("#show=person%3AEm", "1 5 6 7"),
        ("#show=person:Nobody", "1 2 3 4 8 5 6 7"),
        ("#show=only:quotes", "1 2 3 4 8 5 6 7"),
        ("#order=time", "1 2 8 4 5 6 7 3"),
        ("#show=person:Bede&order=time", "1 2 5 6"),
    ],
)
def test_each_way_of_showing_can_be_linked(page: Page, there: str, address: str, shown: str) -> None:
    page.goto(f"{there}{address}")
    assert page.evaluate(SHOWN) == shown
    page.goto(there)
    page.evaluate("hash => { location.hash = hash; }", address)
    page.wait_for_timeout(100)
    assert page.evaluate(SHOWN) == shown, "also without loading the page again"


def test_what_is_chosen_is_in_the_address(page: Page, there: str) -> None:
    page.goto(there)
    page.get_by_role("button", name="Collapse replies").click()
    assert page.url.endswith("#show=level%3A1")
    assert page.evaluate(SHOWN) == "1 2 8 5"
    page.get_by_role("button", name="In order of time").click()
    assert page.url.endswith("#show=level%3A1&order=time")
    page.get_by_role("button", name="In order of time").click()
    page.get_by_label("Show").select_option("person:Cy")
    assert page.url.endswith("#show=person%3ACy")
    page.reload()
    assert page.evaluate(SHOWN) == "1 2 3 4"
    page.get_by_label("Show").select_option("")
    assert "#" not in page.url
    assert page.evaluate(SHOWN) == "1 2 3 4 8 5 6 7"


def test_another_order_leaves_the_focus_where_it_is(page: Page, there: str) -> None:
    page.goto(there)
    for _ in range(3):
        page.keyboard.press("j")
    for _ in range(2):
        page.keyboard.press("t")
        expect(page.locator("#p-3 > header a.permalink")).to_be_focused()


def test_a_link_to_a_post_that_is_not_shown_shows_everything(page: Page, there: str) -> None:
    page.goto(f"{there}#show=person:Cy")
    page.evaluate("location.hash = 'p-7'")
    expect(page.locator("#p-7 > header")).to_be_in_viewport()


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def test_what_is_new_is_told_to_who_was_here_before(reader: BrowserContext, tmp_path: Path) -> None:
    write(tmp_path, POSTS[:6])
    with served(tmp_path / "public") as address:
        asked: list[str] = []
        reader.on("request", lambda request: asked.append(request.method))
        page = reader.new_page()
        page.goto(f"{address}debates/weirs/")
        page.reload()
        expect(page.locator(".news, .fresh")).to_have_count(0)
        # A browser that closes a page at once may not have stored yet what the page kept.
        other = reader.new_page()
        other.goto(f"{address}index.html")
        other.wait_for_function("Object.keys(localStorage).some((each) => each.startsWith('rostra-seen'))")
        other.close()
        page.close()
        write(tmp_path, POSTS)
        page = reader.new_page()
        page.goto(f"{address}debates/weirs/")
        news = page.get_by_role("button", name="2 new posts since")
        expect(news).to_be_visible()
        page.reload()
        expect(page.locator(".fresh")).to_have_count(2)
        news.click()
        assert page.url.endswith("#show=only%3Anew")
        assert page.evaluate(SHOWN) == "1 8 5 6 7"
        expect(page.locator("#p-8 > header a.permalink")).to_be_focused()
        page.close()
        page = reader.new_page()
        page.goto(f"{address}debates/weirs/")
        expect(page.locator(".news, .fresh")).to_have_count(0)
        assert set(asked) == {"GET"}
        assert page.context.cookies() == []


def test_a_page_that_cannot_keep_anything_says_nothing(page: Page, there: str) -> None:
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new Error(); } });"
    )
    page.goto(there)
    expect(page.locator(".news")).to_have_count(0)
    assert page.evaluate(SHOWN) == "1 2 3 4 8 5 6 7"
