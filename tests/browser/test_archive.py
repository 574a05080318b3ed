"""The archive's lists and its search, below a path, under the content security policy that pages carry."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.search import shards

SAID = [
    ("gate", "Ada", "2023-03-04T09:00:00Z", "The upper gate stays shut from dusk until the miller rings his bell."),
    ("gate", "Bede", "2024-03-05T09:00:00Z", "> The upper gate stays shut from dusk until the miller rings his bell.\n\nNobody asked the lantern keeper."),
    ("gate", None, None, "The keepers of lanterns sleep."),
    ("weir", "ada", "2024-05-06T09:00:00Z", "A weir keeps water, and a keeper keeps the weir."),
    ("weir", "Zeus ∽", "2025-05-06T09:00:00Z", "<img src=x onerror=alert(1)> is what the lantern said."),
]  # fmt: skip
MANY = 230
LOST = "0" * 16
"""The digest of no part."""


class Below(SimpleHTTPRequestHandler):
    """A host that serves a site below a path, and its page for what is not found."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/on/a/path"))

    def send_error(self, code: int, *_: str | None) -> None:
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an archive of several parts, with a slash at the end."""
    root = tmp_path_factory.mktemp("below")
    (root / "content").mkdir()
    (root / "rostra.toml").write_text('title = "Below"\naddress = "https://example.org/on/a/path/"\n')
    posts: dict[str, list[dict[str, object]]] = {}
    for thread, who, when, body in SAID:
        of = posts.setdefault(thread, [])
        parent = 1 if of else None
        of.append({"id": len(of) + 1, "parent": parent, "author": who, "created": when, "body": body})
    for n in range(MANY):
        body = f"Nothing much is said in number {n}."
        posts[f"small-{n}"] = [{"id": 1, "parent": None, "author": "Many", "title": f"Small debate {n}", "body": body}]
    for thread, of in posts.items():
        (root / f"content/{thread}.jsonl").write_text("".join(json.dumps(post) + "\n" for post in of))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "POSTS", 7)
        assert build(load_site(root)).failures == ()
    assert len(list((root / "public/search").iterdir())) == 4
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Below, directory=str(root / "public")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/on/a/path/"
    server.shutdown()
    server.server_close()


def results(page: Page) -> list[str]:
    """Who and where, of each result that is shown."""
    expect(page.locator(".found")).to_contain_text("post")
    return [" ".join(text.split()) for text in page.locator(".results > li > h2 + .facts").all_inner_texts()]


def test_a_word_is_found_with_who_said_it_when_and_in_which_debate_and_leads_there(page: Page, below: str) -> None:
    page.goto(below + "search.html")
    page.get_by_role("searchbox").fill("weir")
    assert results(page) == ["ada · 6 May 2024 · post 1"]
    assert page.locator(".results p mark").all_inner_texts() == ["weir", "weir"]
    assert page.url.endswith("/on/a/path/search.html?q=weir")
    page.locator(".results a").click()
    page.wait_for_url("**/debates/weir/#p-1")
    expect(page.locator("#p-1")).to_contain_text("A weir keeps water")
    found = page.evaluate("[...CSS.highlights.get('found')].map(String)")
    assert [word for word in found if word != "weir"] == []
    assert len(found) >= 2


def test_quoted_words_are_found_at_their_author_and_where_they_are_quoted_only_if_asked(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=dusk%20miller")
    assert results(page) == ["Ada · 4 March 2023 · post 1"]
    page.get_by_text("Filters").click()
    page.get_by_label("Search quotations too").check()
    expect(page.locator(".found")).to_have_text("2 posts")
    assert page.url.endswith("?q=dusk+miller&quotations=1")
    assert len(results(page)) == 1
    # There is room, so the other post of the debate is shown with its passage.
    expect(page.locator(".also > li")).to_contain_text("upper gate stays shut")
    assert page.locator(".also mark").all_inner_texts() == ["dusk", "miller"]
    page.locator(".also a").click()
    page.wait_for_url("**/debates/gate/#p-2")


def test_results_are_grouped_by_debate_and_narrowed_and_the_address_says_so(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=lantern")
    expect(page.locator(".found")).to_have_text("2 posts, 1 with a longer word")
    assert len(results(page)) == 2
    page.get_by_text("Filters").click()
    page.get_by_label("Debate").select_option("gate")
    expect(page.locator(".found")).to_have_text("1 post, 1 with a longer word")
    assert len(results(page)) == 2
    page.get_by_label("Year").select_option("2024")
    expect(page.locator(".found")).to_have_text("1 post")
    assert page.url.endswith("?q=lantern&debate=gate&year=2024")
    page.reload()
    assert results(page) == ["Bede · 5 March 2024 · post 2"]
    page.goto(below + "search.html?person=ada")
    assert sorted(results(page)) == ["Ada · 4 March 2023 · post 1", "ada · 6 May 2024 · post 1"]
    page.get_by_label("Order").select_option("new")
    expect(page.locator(".results > li").first).to_contain_text("6 May 2024")
    page.goto(below + "search.html?q=weir")
    results(page)
    page.get_by_text("Filters").click()
    page.get_by_label("Place").select_option(label="Source not given (posts) (1)")
    expect(page.locator(".found")).to_have_text("1 post")


def test_more_results_come_when_asked_for_and_take_the_focus(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=nothing")
    expect(page.locator(".found")).to_have_text(f"{MANY} posts")
    expect(page.locator(".results > li")).to_have_count(10)
    page.get_by_role("button", name="More").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".results > li")).to_have_count(20)
    expect(page.locator(".results > li").nth(10).get_by_role("link")).to_be_focused()


def test_the_search_is_used_by_keyboard_alone(page: Page, below: str) -> None:
    page.goto(below + "debates/gate/")
    page.keyboard.press("/")
    page.wait_for_url("**/search.html*")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("weir")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=weir")
    results(page)
    page.get_by_role("searchbox").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/debates/weir/#p-1")
    page.goto(below)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_what_a_stranger_wrote_is_text_in_results(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=onerror")
    assert len(results(page)) == 1
    assert page.locator(".results img").count() == 0
    expect(page.locator(".results")).to_contain_text("<img src=x")


def test_nothing_found_is_said(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=xylophonquark")
    expect(page.locator(".found")).to_have_text("0 posts")
    page.goto(below + "search.html?q=%22%20%2B%20%22")
    expect(page.locator(".found")).to_have_text("Enter a word to search for.")


def test_a_word_that_nobody_wrote_leads_to_the_nearest_and_says_so(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=lantren")
    expect(page.locator(".found")).to_have_text("No post has “lantren”. Results for “lantern”: 2 posts")
    assert len(results(page)) == 2


def test_a_name_finds_the_person_above_the_posts(page: Page, below: str) -> None:
    page.goto(below + "search.html?q=ada")
    link = page.locator(".named a")
    expect(link).to_have_count(1)
    expect(page.locator(".named li")).to_contain_text("2 posts")
    link.click()
    page.wait_for_url("**/people/few_0.html#ada")
    expect(page.locator("#ada")).to_contain_text("da")


def test_an_index_that_is_replaced_while_somebody_searches_is_read_again(page: Page, below: str) -> None:
    read: list[str] = []

    def stale(route: Route) -> None:
        # The first list of each bundle names parts that the host no longer has.
        read.append(route.request.url)
        if read.count(route.request.url) > 1:
            route.continue_()
            return
        entry, end, held = route.fetch().body().partition(b"\n")
        known = json.loads(entry)
        shards = [each | {"texts": [[first, LOST] for first, _ in each["texts"]]} for each in known["shards"]]
        lost = {"index": [LOST] * len(known["index"]), "vocabulary": LOST, "shards": shards}
        assert lost.keys() == known.keys()
        route.fulfill(body=json.dumps(known | lost).encode() + end + held)

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/search/*/shards.bin", stale)
    page.goto(below + "search.html?q=weir")
    assert results(page) == ["ada · 6 May 2024 · post 1"]
    assert any(LOST in url for url in asked)
    assert len(read) == 2 * len(set(read)) == 8


def test_an_address_of_nothing_leads_on_by_its_own_words_at_any_depth(browser: Browser, below: str) -> None:
    page = browser.new_page()
    page.goto(below + "debates/2024/weir-keeper/x.html")
    box = page.get_by_role("searchbox")
    expect(box).to_have_value("2024 weir keeper")
    box.fill("weir")
    box.press("Enter")
    page.wait_for_url("**/on/a/path/search.html?q=weir")
    assert results(page) == ["ada · 6 May 2024 · post 1"]
    page.close()


def test_from_disk_and_without_scripts_the_search_says_why_and_offers_lists(browser: Browser, site: Path) -> None:
    address = (site / "search.html").as_uri()
    for context in (browser.new_context(), browser.new_context(java_script_enabled=False)):
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#search")).to_be_hidden()
        expect(page.locator(".instead")).to_contain_text("Search needs JavaScript")
        lists = page.locator(".instead a")
        assert lists.all_inner_texts() == ["Debates", "People", "Years", "Tags"]
        for way in lists.all():
            assert (site / (way.get_attribute("href") or "")).is_file()
        context.close()


def test_all_of_a_list_is_filtered_and_sorted_not_only_its_page(page: Page, below: str) -> None:
    page.goto(below + "debates/index.html")
    assert page.locator(".rows li:visible").count() == 200
    page.get_by_label("Filter").fill("small 229")
    expect(page.locator(".rows li:visible")).to_have_count(1)
    page.locator(".rows li:visible a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Small debate 229")
    page.goto(below + "debates/index.html")
    page.get_by_label("Order").select_option("-size")
    expect(page.locator(".rows li:visible").first).to_contain_text("The upper gate")
    page.get_by_role("button", name="32 more").click()
    expect(page.locator(".rows li:visible")).to_have_count(MANY + 2)
    page.get_by_label("Order").select_option("date")
    expect(page.locator(".rows li:visible").first).to_contain_text("The upper gate")
    page.get_by_label("Order").select_option("title")
    expect(page.locator(".rows li:visible")).to_have_count(200)


def test_without_scripts_lists_are_walked_page_by_page(browser: Browser, below: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(below + "debates/by-size.html")
    seen = page.locator(".rows li a").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    seen += page.locator(".rows li a").all_inner_texts()
    assert len(seen) == len(set(seen)) == MANY + 2
    assert page.get_by_role("link", name="Next").count() == 0
    context.close()


@pytest.mark.parametrize(
    "path", ["", "debates/", "people/", "people/few_0.html", "years/", "search.html?q=lantern&person=ada", "404.html"]
)
def test_a_phone_never_scrolls_an_archive_page_sideways(page: Page, below: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(below + path)
    if "search" in path:
        results(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
