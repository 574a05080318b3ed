"""Citing a post, linking to a passage, and reading a debate in the order of time, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

MILL = "debates/mill/"
BRIDGE = "debates/bridge/index.html"


@pytest.fixture
def reader(page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_post_is_cited_in_every_form_as_the_files_beside_the_page_have_it(
    reader: Page, address: str, site: Path
) -> None:
    reader.goto(address + MILL)
    reader.locator("#p-2 > header .more > summary").click()
    reader.locator("#p-2 > header a.cite").click()
    box = reader.get_by_role("dialog", name="Cite this post")
    forms = {}
    for form in ("Link", "Text", "BibTeX", "CSL-JSON"):
        button = box.get_by_label(f"Copy: {form}")
        button.click()
        expect(button).to_have_text("Copied")
        forms[form] = copied(reader)
    assert forms["Link"].endswith("/debates/mill/#p-2")
    assert forms["Link"] in forms["Text"]
    beside = (site / "debates/mill/citations.bib").read_text()
    entry = next(each for each in beside.split("\n\n") if each.startswith("@online{mill-p-2,"))
    ours = {line for line in forms["BibTeX"].splitlines() if not re.match(r"  url(date)? ", line)}
    assert ours == set(entry.strip().splitlines()) - {""}
    (item,) = json.loads(forms["CSL-JSON"])
    assert item["archive_location"] == "mill#p-2"
    assert item["URL"] == forms["Link"]
    reader.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(reader.locator("#p-2 > header .more > summary")).to_be_focused()


def select(page: Page, start: str, end: str) -> None:
    """Select from the words ``start`` to the words ``end`` of the page's posts."""
    page.evaluate(
        """([start, end]) => {
          const walker = document.createTreeWalker(document.querySelector("section.posts"), NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          let begun = false;
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!begun && node.data.includes(start)) { range.setStart(node, node.data.indexOf(start)); begun = true; }
            if (begun && node.data.includes(end)) { range.setEnd(node, node.data.indexOf(end) + end.length); break; }
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [start, end],
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [("It cannot go", "like this"), ("annot g", "lik"), ("The bridge was", "like this")],
    ids=["words", "parts of words", "paragraphs"],
)
def test_a_passage_has_a_link_that_a_browser_finds_it_by(reader: Page, address: str, start: str, end: str) -> None:
    reader.goto(address + BRIDGE)
    select(reader, start, end)
    reader.get_by_role("button", name="Link to this passage").click()
    link = copied(reader)
    base, _, words = link.partition(":~:text=")
    assert re.fullmatch(r".*/debates/bridge/#p-[a-z0-9]+", base)
    assert re.fullmatch(r"[\w.!~*'()%]+(-,)?(,?[\w.!~*'()%]+)*", words), words
    first = re.sub(r"^.*-,", "", words).partition(",")[0]
    assert unquote(first) in " ".join(reader.locator(f"#{base.rpartition('#')[2]} > .body").inner_text().split())
    other = reader.context.new_page()
    other.set_viewport_size({"width": 400, "height": 120})
    other.goto(link)
    expect(other.locator(f"#{base.rpartition('#')[2]} > .body")).to_be_in_viewport()


def test_nothing_is_offered_for_what_is_not_a_posts_words(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.wait_for_timeout(300)
    expect(page.get_by_role("button", name="Link to this passage")).to_be_hidden()


def test_keys_never_clash_with_typing(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    page.evaluate("document.querySelector('main').prepend(document.createElement('textarea'))")
    page.locator("textarea").fill("")
    page.locator("textarea").press_sequentially("jokcpnt?")
    expect(page.locator("textarea")).to_have_value("jokcpnt?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_folding_to_the_first_answers_and_back_by_key(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    shown = page.locator("article.post:visible").count()
    page.keyboard.press("Shift+O")
    folded = page.locator("article.post:visible").count()
    assert 1 < folded < shown
    expect(page.get_by_role("button", name="Collapse replies")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Shift+O")
    assert page.locator("article.post:visible").count() == shown


def test_the_map_says_where_one_is(page: Page, address: str) -> None:
    page.goto(address + "debates/chain/index.html")
    for number in (1, 2, 3):
        page.get_by_role("button", name="Next post").click()
        page.wait_for_timeout(200)
        # Posts so short that the next two begin in the upper quarter of the window too.
        expect(page.locator(".walk .at")).to_have_text(f"{number} of 61")
    page.goto(address + "debates/chain/index.html#" + str(page.locator("article.post").last.get_attribute("id")))
    expect(page.locator(".walk .at")).to_have_text("61 of 61")
    expect(page.locator('.map a[aria-current="true"]')).to_have_count(1)
    assert page.get_by_role("button", name="Parent post").is_visible()


def test_what_is_folded_is_printed(page: Page, address: str, site: Path) -> None:
    page.goto(address + BRIDGE)
    page.keyboard.press("Shift+O")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    count = len(json.loads((site / "debates/bridge/thread.json").read_text())["posts"])
    assert page.locator("article.post > header:visible").count() == count
    quoted = page.locator(".quoted-by a[data-number]").first
    assert quoted.evaluate("e => getComputedStyle(e, '::after').content").strip('"').startswith(" ❞")


def test_nothing_moves_while_a_page_loads(stranger: Page, address: str) -> None:
    stranger.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) moved += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for width in (1280, 360):
        stranger.set_viewport_size({"width": width, "height": 740})
        stranger.goto(address + "debates/seed/index.html")
        stranger.wait_for_timeout(300)
        # A font that comes between the first two frames moves the end of a line by a fraction of a pixel.
        assert stranger.evaluate("moved") < 0.001


def test_a_page_of_forty_posts_is_light_and_its_fonts_come_once(stranger: Page, address: str, site: Path) -> None:
    """60 kB compressed with the fonts kept from before, 140 kB on the first visit: all that a browser asks for."""
    asked: list[str] = []
    stranger.on("response", lambda response: asked.append(response.url))
    stranger.goto(f"{address}debates/seed/index.html")
    stranger.wait_for_load_state("networkidle")
    files = [site / url.removeprefix(address) for url in dict.fromkeys(asked)]
    assert {".html", ".css", ".js", ".woff2"} <= {file.suffix for file in files}
    fonts = sum(file.stat().st_size for file in files if file.suffix == ".woff2")
    others = sum(len(gzip.compress(file.read_bytes())) for file in files if file.suffix != ".woff2")
    assert others <= 60_000
    assert others + fonts <= 140_000
