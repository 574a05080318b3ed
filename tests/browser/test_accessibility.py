"""What WCAG 2.2 asks for and axe cannot see: keyboard, focus, order, reflow, spacing, motion, forced colours, languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from support.page_kinds import PAGES

BRIDGE, SEED, HEBREW = "debates/bridge/index.html", "debates/seed/index.html", "debates/shaar/index.html"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
"""Success criterion 1.4.12."""
LARGE = "html { font-size: 200% !important }"
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const at = [[.5, .5], [.1, .5], [.9, .5]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  return {
    name: it.outerHTML.slice(0, 90),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: at.some((found) => found && (it.contains(found) || found.contains(it))),
  };
}"""
"""What has the focus, whether an outline shows it, and whether any of it can be seen (2.4.7, 2.4.11)."""
OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter((it) => {
  const style = getComputedStyle(it);
  return style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && it.scrollWidth > it.clientWidth + 1
    && it.clientWidth > 1;
}).map((it) => it.outerHTML.slice(0, 90))"""


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A context that takes styles from outside, as a reader's own settings are."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    yield context
    context.close()


def opened(context: BrowserContext, address: str, width: int, height: int = 800) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_read_aloud_by_its_landmarks_and_headings(still: Page, address: str, path: str) -> None:
    still.goto(address + path)
    assert still.get_by_role("main").count() == 1
    assert still.get_by_role("heading", level=1).count() == 1
    assert still.locator("body > header").count() == 1
    assert still.locator("body > footer").count() == 1
    names = still.locator("nav").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert all(names)
    assert len(set(names)) == len(names)
    assert still.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("debate", ["bridge", "chain", "shaar"])
def test_posts_have_one_level_of_headings_and_stand_in_reading_order(
    still: Page, address: str, site: Path, debate: str
) -> None:
    still.goto(f"{address}debates/{debate}/index.html")
    written = [post["id"] for post in json.loads((site / "debates" / debate / "thread.json").read_text())["posts"]]
    posts = still.locator("article.post")
    assert posts.evaluate_all("all => all.map(each => each.id)") == written
    heads = "all => all.map(each => [...each.children].flatMap(at => [...at.querySelectorAll(':scope > h3')]).length)"
    assert set(posts.evaluate_all(heads)) == {1}
    assert still.locator("article.post > header :is(h1, h2, h4, h5, h6)").count() == 0
    tops = still.locator("article.post > header").evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
    assert tops == sorted(tops)


@pytest.mark.parametrize("path", ["index.html", BRIDGE, HEBREW])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_keyboard_reaches_everything_and_the_focus_is_seen(
    plain: BrowserContext, address: str, path: str, width: int
) -> None:
    page = opened(plain, address + path, width, 640)
    # A menu lies over the text below it, and closes when another opens.
    page.evaluate("document.querySelectorAll('details:not(.more)').forEach((each) => { each.open = true; })")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")]
        .filter((it) => it.checkVisibility() && !it.disabled && !it.closest("dialog:not([open])")).length"""
    )
    met, hidden = [], []
    page.keyboard.press("Tab")
    while (focused := page.evaluate(FOCUSED)) and len(met) <= wanted + 5:
        met.append(focused["name"])
        if not (focused["outline"] and focused["seen"]):
            hidden.append(focused)
        page.keyboard.press("Tab")
    assert hidden == []
    assert len(met) >= wanted
    page.close()


def test_the_first_tab_leads_past_the_navigation(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_fold_opens_and_closes_by_the_keyboard(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    fold = page.locator("details.replies").nth(1)
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("open") is None
    page.keyboard.press("Space")
    assert fold.get_attribute("open") is not None


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_when_a_reader_zooms_or_spaces_the_text(plain: BrowserContext, address: str, path: str) -> None:
    page = opened(plain, address + path, 320)
    for width, style in ((320, ""), (640, ""), (1280, LARGE), (640, LARGE), (1280, SPACED), (360, SPACED)):
        page.set_viewport_size({"width": width, "height": 800})
        own = page.add_style_tag(content=style) if style else None
        # A script looks at the size of the letters before the next frame.
        page.evaluate("() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, style)
        assert page.evaluate(OVERFLOWING) == [], (width, style)
        if own:
            own.evaluate("(style) => style.remove()")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_moves_where_motion_is_not_wanted(still: Page, address: str, path: str) -> None:
    still.goto(address + path)
    moving = still.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("*")].filter((it) => {
          const style = getComputedStyle(it);
          return style.scrollBehavior === "smooth" || style.animationName !== "none"
            || style.transitionDuration.split(",").some((each) => parseFloat(each) > .01);
        }).map((it) => it.outerHTML.slice(0, 90))"""
    )
    assert moving == []


def test_forced_colours_keep_what_colour_said(page: Page, address: str, site: Path) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    posts = json.loads((site / "debates/bridge/thread.json").read_text())["posts"]
    quoted = next(post["id"] for post in posts if post["quoted_by"])
    page.goto(f"{address}{BRIDGE}#{quoted}")
    style = "(e, name) => getComputedStyle(e)[name]"
    bar = page.locator(".much-quoted").first
    assert bar.evaluate(style, "borderLeftStyle") == "solid"
    assert bar.evaluate(style, "color") == page.locator("body").evaluate(style, "color")
    assert page.locator(f"#{quoted} > header").evaluate(style, "outlineStyle") == "solid"
    assert page.locator("button.plain:visible").first.evaluate(style, "borderTopStyle") == "solid"
    link = page.locator("a.permalink").first
    page.keyboard.press("Tab")
    link.focus()
    assert link.evaluate(style, "outlineStyle") == "solid"
    assert float(link.evaluate(style, "outlineWidth").removesuffix("px")) >= 2
    page.goto(f"{address}debates/seed/index.html")
    mark = page.locator("mark.quoted").first
    assert "underline" in mark.evaluate(style, "textDecorationLine")
    assert mark.evaluate(style, "color") == page.locator("body").evaluate(style, "color")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_debate_from_the_right_is_laid_out_from_the_right(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + HEBREW)
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "ltr"
    assert page.locator(".page").get_attribute("dir") == "rtl"
    assert page.locator("h1").get_attribute("lang") == "he"
    edges = page.locator("article.post > .body").evaluate_all(
        "all => all.map(e => [e.lang, getComputedStyle(e).direction, e.getBoundingClientRect().right])"
    )
    assert [each[:2] for each in edges] == [["he", "rtl"], ["", "ltr"], *[["he", "rtl"]] * 4]
    assert edges[2][2] < edges[0][2]
    assert edges[3][2] < edges[2][2]
    code = page.locator(".body pre").first
    assert code.evaluate("e => getComputedStyle(e).direction + getComputedStyle(e).textAlign") == "ltrleft"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rail = page.locator("details.replies > .inside").first
    widths = rail.evaluate("e => [getComputedStyle(e).borderRightWidth, getComputedStyle(e).borderLeftWidth]")
    assert widths == ["1px", "0px"]
    facts = page.locator("header.thread .facts")
    assert facts.evaluate("e => getComputedStyle(e).direction + getComputedStyle(e).textAlign") == "ltrright"
    title, line = page.locator("h1").bounding_box(), facts.locator(".fact").last.bounding_box()
    assert title
    assert line
    assert abs(title["x"] + title["width"] - line["x"] - line["width"]) < 2
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_from_the_left_keeps_a_text_from_the_right_to_itself(page: Page, address: str) -> None:
    page.goto(address)
    title = page.get_by_text("השער העליון").first
    assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.evaluate("document.documentElement.dir") == "ltr"
