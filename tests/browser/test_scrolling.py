"""A debate of 550 posts on one page: what a browser handles while it scrolls does not grow with the page, and nothing moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import ceil

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served

POSTS, LEAST, MOST, ENTRIES = 550, 4, 6, 50
BOXES, LARGER = 10, 16
"""The least and the most boxes of a larger one."""
PAINTED = """() => [...document.querySelectorAll("article.post")].filter((it) => it.checkVisibility({ contentVisibilityAuto: true })).length"""
FILLED = """() => [...document.querySelectorAll(".chunk")].map((box) => [...box.querySelectorAll("article.post")].filter((it) => it.closest(".chunk") === box).length)"""
SHARED = """() => [...document.querySelectorAll(".chunk")].map((box) => [...box.querySelectorAll(".chunk")].filter((it) => it.parentElement.closest(".chunk") === box).length)"""
OUTER = """() => [...document.querySelectorAll(".chunk")].filter((it) => !it.parentElement.closest(".chunk")).length"""
HEIGHT = "document.documentElement.scrollHeight"
UNCUT = """() => {
  document.querySelectorAll(".chunk").forEach((it) => it.classList.remove("measured"));
  return document.documentElement.scrollHeight;
}"""


def posts(parent: str) -> str:
    """A long debate: chains, one answer after another to the opening, or posts that answer nothing."""
    parents: dict[str, Callable[[int], int]] = {
        "chains": lambda n: n - 1 if n % 40 != 1 else 1,
        "star": lambda n: 1,
        "chain": lambda n: n - 1,
    }
    return "\n".join(
        json.dumps(
            {
                "id": f"{parent}-{n}",
                "parent_id": f"{parent}-{parents[parent](n)}" if n > 1 else None,
                "author": f"speaker {n % 40}",
                "title": parent,
                "created": f"2024-01-{1 + n % 28:02}T{n % 24:02}:00:00Z",
                # One quotation gives the page its margin.
                "body": f"> Answer 1 of the {parent}: the weir was raised by 1 feet.\n\n" * (n == 2)
                + f"Answer {n} of the {parent}: the weir was raised by {n} feet."
                + "\n\nNobody was asked." * (n % 5),
            }
        )
        for n in range(1, POSTS + 1)
    )


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("scrolling")
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text('title = "Long debates"\nposts_a_page = 2000\n')
    for name in ("chains", "star", "chain"):
        (folder / f"content/{name}.jsonl").write_text(posts(name))
    assert build(load_site(folder)).failures == ()
    with served(folder / "public") as address:
        yield f"{address}debates/"


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 740}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".chunk.measured").first.wait_for(state="attached")


@pytest.mark.parametrize("name", ["chains", "star", "chain"])
def test_few_posts_are_painted_and_few_boxes_watched(shown: Page, there: str, name: str) -> None:
    opened(shown, f"{there}{name}/index.html")
    boxes = shown.locator(".chunk").count()
    filled = [n for n in shown.evaluate(FILLED) if n]
    assert POSTS / (2 * MOST) < len(filled) <= POSTS / LEAST
    assert max(filled) <= MOST
    assert sum(n >= LEAST for n in filled) > len(filled) / 2
    shared = [n for n, own in zip(shown.evaluate(SHARED), shown.evaluate(FILLED), strict=True) if not own]
    assert len(shared) == boxes - len(filled)
    if name == "star":
        # What a browser watches in every frame.
        assert shown.evaluate(OUTER) < POSTS / LEAST / BOXES + BOXES
        assert {*shared[:-1]} == {BOXES}
        assert max(shared) <= LARGER
    assert shown.evaluate("""() => [...document.querySelectorAll("body *")].filter((it) => getComputedStyle(it).contentVisibility === "auto").length""") == boxes + ceil(POSTS / ENTRIES)  # fmt: skip
    entries = shown.evaluate("""() => [...document.querySelectorAll("#map-list > ol")].map((it) => it.children.length)""")  # fmt: skip
    assert (sum(entries), max(entries)) == (POSTS, ENTRIES)
    height = shown.evaluate(HEIGHT)
    for step in range(6):
        shown.evaluate(f"scrollTo(0, {step * 4000})")
        shown.wait_for_timeout(200)
        assert 0 < shown.evaluate(PAINTED) < POSTS / 5, (name, step)
        assert abs(shown.evaluate(HEIGHT) - height) <= 2, "nothing moves"
    assert abs(shown.evaluate(UNCUT) - height) <= 2


def styled(page: Page, far: int) -> list[int]:
    """How many elements a browser styles at once while it scrolls down by so many pixels, in each place where it does."""
    found: list[int] = []
    ended: list[bool] = []
    cdp = page.context.new_cdp_session(page)
    cdp.on("Tracing.dataCollected", lambda data: found.extend(each["args"].get("elementCount", 0) for each in data["value"] if each["name"] == "UpdateLayoutTree"))  # fmt: skip
    cdp.on("Tracing.tracingComplete", lambda _: ended.append(True))
    cdp.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["devtools.timeline"], "excludedCategories": ["*"]}})  # fmt: skip
    for _ in range(0, far, 400):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(30)
    cdp.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    cdp.detach()
    return found


@pytest.mark.parametrize("name", ["chains", "star"])
def test_posts_that_come_near_are_styled_already(shown: Page, there: str, name: str) -> None:
    """What a box alone has when it is measured; what its posts inherit would be worked out for all of them as they come near."""
    opened(shown, f"{there}{name}/index.html")
    # With its fonts at hand, a page is measured once.
    shown.reload()
    opened(shown, f"{there}{name}/index.html")
    shown.mouse.move(300, 300)
    shown.wait_for_timeout(500)
    counts = styled(shown, 12_000)
    assert sum(count > 0 for count in counts) > 3, "boxes came near"
    assert max(counts) < 30


def test_no_box_begins_to_contain_its_style_and_none_has_its_width_asked(shown: Page, there: str) -> None:
    """Either has a browser go through the whole page, the first as often as a box comes near."""
    opened(shown, f"{there}chains/index.html")
    shown.evaluate("document.querySelectorAll('.chunk').forEach((it) => it.classList.remove('measured'))")
    contained = """() => [...document.querySelectorAll(".chunk")].map((it) => getComputedStyle(it).contain)"""
    assert {"style" in each for each in shown.evaluate(contained)} == {True}
    around = """(it) => { const found = []; for (; it; it = it.parentElement) found.push(getComputedStyle(it).containerType); return found; }"""
    assert shown.locator(".page.noted main.margin").count() == 1
    assert set(shown.locator("article.post").last.evaluate(around)) == {"normal"}


def test_a_rule_about_directions_is_asked_only_of_elements_that_it_names(shown: Page, there: str) -> None:
    """A browser puts rules that end with ``:is(…)`` or ``*`` to each element that comes into view."""
    opened(shown, f"{there}star/index.html")
    asked = shown.evaluate("""() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) => rule.selectorText?.split(/, (?![^(]*\\))/) || []).filter((each) => /:dir\\(rtl\\)$/.test(each) && !/^\\.turned|^summary:not/.test(each))""")  # fmt: skip
    assert len(asked) > 20
    assert [each for each in asked if not each.rpartition(" ")[2].lstrip(".#")[:1].isalpha()] == []


def test_the_reader_is_found_among_posts_that_are_not_painted(shown: Page, there: str) -> None:
    opened(shown, f"{there}star/index.html")
    shown.evaluate("scrollTo(0, 45000)")
    # The reader is at the first post that begins in the upper quarter of the window.
    number = shown.evaluate("""() => [...document.querySelectorAll("article.post")].find((it) => it.getBoundingClientRect().top >= 0).querySelector("h3 .number").textContent""")  # fmt: skip
    assert int(number) > POSTS / 4
    expect(shown.locator(".walk .at")).to_have_text(f"{number} of {POSTS}")


def test_a_target_far_below_is_kept_and_in_sight(shown: Page, there: str) -> None:
    shown.goto("about:blank")
    opened(shown, f"{there}star/index.html#p-star-450")
    assert shown.evaluate("document.querySelector(':target').id") == "p-star-450"
    expect(shown.locator("#p-star-450")).to_be_in_viewport()


def test_what_is_hidden_or_in_another_order_leaves_no_gap(shown: Page, there: str) -> None:
    opened(shown, f"{there}chains/index.html")
    whole = shown.evaluate(HEIGHT)
    shown.get_by_label("Show").select_option("level:1")
    shown.wait_for_timeout(400)
    few = shown.evaluate(HEIGHT)
    assert few < whole / 4
    assert abs(shown.evaluate(UNCUT) - few) <= 2
    opened(shown, f"{there}star/index.html")
    shown.get_by_role("button", name="In order of time").click()
    shown.wait_for_timeout(400)
    timely = shown.evaluate(HEIGHT)
    assert abs(shown.evaluate(UNCUT) - timely) <= 2
    shown.get_by_role("button", name="In order of time").click()
    numbers = shown.locator("article.post > header h3 .number").all_text_contents()
    assert numbers == list(map(str, range(1, POSTS + 1)))


def test_the_order_of_replies_comes_back_around_a_target_in_no_box(browser: Browser, there: str) -> None:
    page = browser.new_page()
    # As in a browser that goes to the target before any script runs.
    page.add_init_script("""addEventListener("DOMContentLoaded", () => { const { hash } = location; location.hash = ""; location.hash = hash; }, true)""")  # fmt: skip
    opened(page, f"{there}star/index.html#p-star-250")
    assert page.locator("#p-star-250").evaluate("(it) => !it.parentElement.matches('div.chunk')")
    for _ in range(2):
        page.locator("button[data-act=time]").evaluate("(it) => it.click()")
    numbers = page.locator("article.post > header h3 .number").all_text_contents()
    assert numbers == list(map(str, range(1, POSTS + 1)))
    page.close()


def test_a_menu_at_the_end_of_a_box_is_above_the_next_one(shown: Page, there: str) -> None:
    opened(shown, f"{there}star/index.html")
    last = shown.locator(".chunk").nth(1).locator("article.post").last
    last.scroll_into_view_if_needed()
    last.locator(".more > summary").click()
    link = last.locator(".more a.cite")
    expect(link).to_be_visible()
    assert link.evaluate("""(it) => { const box = it.getBoundingClientRect(); return it.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }""")  # fmt: skip


def read_at(page: Page, there: str, post: str) -> Callable[[], float]:
    """Scroll to a post, none being folded; how many pixels the top of a post is below the top of the window."""
    page.goto(f"{there}chains/index.html")
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    opened(page, f"{there}chains/index.html")
    place = page.locator(f"#{post}")
    place.evaluate("it => it.scrollIntoView()")
    page.wait_for_timeout(300)
    return lambda: float(place.evaluate("it => it.getBoundingClientRect().top"))


def test_the_reader_stays_at_a_post_when_the_page_takes_another_form(shown: Page, there: str) -> None:
    top = read_at(shown, there, "p-chains-50")
    wide = shown.viewport_size
    assert wide
    forms: dict[str, Callable[[], object]] = {
        "narrow": lambda: shown.set_viewport_size({"width": 500, "height": 740}),
        "wide": lambda: shown.set_viewport_size(wide),
        "large letters": lambda: shown.evaluate("document.documentElement.style.fontSize = '150%'"),
        "letters": lambda: shown.evaluate("document.documentElement.style.fontSize = ''"),
        "all folded": lambda: shown.keyboard.press("O"),
        "all open": lambda: shown.keyboard.press("O"),
    }
    for name, change in forms.items():
        change()
        shown.wait_for_timeout(400)
        if name.startswith("all"):
            # Every fortieth post answers the opening: what is left of this chain is its first post.
            expect(shown.locator("#p-chains-41 > header")).to_be_in_viewport()
        else:
            assert abs(top() - 16) < 80, (name, top())
        assert abs(shown.evaluate(HEIGHT) - shown.evaluate(UNCUT)) <= 2, name
        shown.evaluate("document.querySelectorAll('.chunk').forEach((it) => it.classList.add('measured'))")
