"""What a reader does with a debate, in a real browser, with scripts and without."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

BRIDGE = "debates/bridge/index.html"


def posts(site: Path, debate: str) -> list[dict[str, object]]:
    return json.loads((site / "debates" / debate / "thread.json").read_text())["posts"]  # type: ignore[no-any-return]


def test_the_front_page_leads_to_a_debate_and_back(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Bridge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    page.get_by_role("navigation", name="Archive").get_by_role("link", name="Debates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All debates")
    page.get_by_role("link", name="Debates for tests").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Debates for tests")


def test_the_address_bar_shows_what_is_cited(page: Page, address: str) -> None:
    page.goto(address + BRIDGE + "#x")
    assert page.url == f"{address}debates/bridge/#x"


def test_a_permalink_is_highlighted_where_it_lands(page: Page, address: str, site: Path) -> None:
    id = posts(site, "bridge")[2]["id"]
    page.goto(f"{address}{BRIDGE}#{id}")
    plain = page.locator("article.post > header").first.evaluate("e => getComputedStyle(e).backgroundColor")
    shown = page.locator(f"#{id} > header").evaluate("e => getComputedStyle(e).backgroundColor")
    assert shown != plain


def test_a_link_into_a_fold_opens_it(page: Page, address: str, site: Path) -> None:
    page.goto(address + BRIDGE)
    page.get_by_role("button", name="Collapse replies").click()
    deep = posts(site, "bridge")[4]["id"]
    expect(page.locator(f"#{deep}")).to_be_hidden()
    page.evaluate(f"location.hash = '{deep}'")
    expect(page.locator(f"#{deep}")).to_be_visible()


def test_folds_are_remembered_over_a_reload(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    first = page.locator("details.replies").nth(1)
    first.locator("summary").first.click()
    # A browser tells of a fold in a task of its own, and what it told is noted in another.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))")
    page.reload()
    assert page.locator("details.replies").nth(1).get_attribute("open") is None


def test_a_quotation_leads_to_its_passage_and_the_passage_back(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    link = page.locator("blockquote.unmarked .source a").first
    expect(link).to_have_text("Ada, 1 post above")
    link.click()
    anchor = page.locator(":target")
    assert "-s" in (anchor.get_attribute("id") or "")
    quoted = page.locator("article", has=anchor).last
    quoted.locator(".quoted-by > button").first.click()
    quoted.get_by_label("Quoted by Bede").first.click()
    expect(page.locator("blockquote:has(> .source:target)")).to_contain_text("The bridge was built for carts")


def test_hover_and_focus_show_the_source(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    link = page.locator("blockquote.unmarked .source a").first
    link.hover()
    expect(page.locator(".preview")).to_contain_text("It cannot go on like this")
    page.mouse.move(0, 0)
    expect(page.locator(".preview")).to_have_count(0)
    link.focus()
    expect(page.locator(".preview")).to_contain_text("It cannot go on like this")
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_have_count(0)


def test_a_note_links_both_ways(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    page.locator('[role="doc-noteref"]').first.click()
    expect(page.locator("li:target")).to_contain_text("In 1911")
    page.locator('li:target [role="doc-backlink"]').click()
    expect(page.locator("sup.call:target")).to_have_count(1)


def test_keys_walk_the_debate_and_can_be_turned_off(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)

    def at() -> str:
        return str(
            page.evaluate("document.activeElement.closest('article.post')?.querySelector('.number').textContent")
        )

    for key, number in (("j", "1"), ("j", "2"), ("j", "3"), ("p", "2"), ("j", "3"), ("n", "6"), ("k", "5")):
        page.keyboard.press(key)
        assert at() == number, key
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn shortcuts off").click()
    page.get_by_role("button", name="Close").click()
    page.locator("a.permalink").nth(1).focus()
    page.keyboard.press("j")
    assert at() == "2"


def test_a_button_that_is_pressed_can_be_read_while_it_is_pointed_at(page: Page, address: str) -> None:
    page.goto(address + "debates/bridge/index.html")
    button = page.get_by_role("button", name="Collapse replies")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    ink, ground = button.evaluate("it => { const s = getComputedStyle(it); return [s.color, s.backgroundColor]; }")
    assert ink == page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground != ink


def test_print_adds_the_address_of_a_link_that_does_not_show_it(page: Page, address: str) -> None:
    page.goto(address + "debates/sluice/index.html")
    page.emulate_media(media="print")
    shown, hidden = "#p-1 > .body a.bare", "#p-6 > .body a[href]"
    added = "(it) => getComputedStyle(it, '::after').content"
    assert page.locator(shown).evaluate(added) == "none"
    assert "gazette.example" in page.locator(hidden).evaluate(added)


def test_the_theme_follows_the_system_until_it_is_chosen_and_then_stays(page: Page, address: str) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    page.goto(address + BRIDGE)
    light = paper()
    page.emulate_media(color_scheme="dark")
    dark = paper()
    assert dark != light
    page.get_by_role("button", name="Theme").click()
    page.emulate_media(color_scheme="light")
    assert paper() == dark
    page.reload()
    assert paper() == dark


def test_nothing_that_a_stranger_wrote_runs(page: Page, address: str) -> None:
    page.goto(address + BRIDGE)
    assert "owned" not in page.title()
    said = page.locator(".post > .body").get_by_text(
        '<script>document.title = "owned"</script> <b>bold</b>', exact=True
    )
    expect(said).to_be_visible()


@pytest.mark.parametrize("debate", ["bridge", "chain", "seed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(page: Page, address: str, debate: str, scheme: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}debates/{debate}/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    narrowest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.post > .body')].map(e => e.getBoundingClientRect().width))"
    )
    assert narrowest >= 200


def test_print_leaves_out_the_tools_and_keeps_every_post(page: Page, address: str, site: Path) -> None:
    page.goto(address + BRIDGE)
    page.emulate_media(media="print")
    for gone in ("nav.map", "header.site nav", "header.site .tools", ".walk"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("article.post .number:visible")).not_to_have_count(0)
    assert page.locator("article.post > header:visible").count() == len(posts(site, "bridge"))


def test_without_scripts_everything_but_comfort_works(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + BRIDGE)
    page.locator("blockquote.unmarked .source a").first.click()
    assert re.search(r"#p-.*-s\d+$", page.url)
    page.locator("details.replies > summary").nth(1).click()
    deep = posts(site, "bridge")[2]["id"]
    expect(page.locator(f"#{deep}")).to_be_hidden()
    assert page.locator("#map-list > ol a").count() == len(posts(site, "bridge"))
    context.close()


def test_the_same_files_work_from_disk(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Bridge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    expect(page.locator(".site").first).to_have_css("border-bottom-style", "solid")
    page.get_by_role("link", name="bridge.txt", exact=True).click()
    assert page.url.endswith("/debates/bridge/bridge.txt")


def test_a_chain_of_sixty_answers_keeps_its_order_and_names_its_parents(page: Page, address: str) -> None:
    page.goto(address + "debates/chain/index.html")
    numbers = page.locator("article.post > header h3 .number").all_text_contents()
    assert numbers == [str(n) for n in range(1, 62)]
    last = page.locator("article.post").last
    expect(last.locator("a.parent")).to_contain_text("#60")


def test_notes_stand_in_the_margin_where_there_is_room_and_below_where_there_is_not(page: Page, address: str) -> None:
    page.goto(address + "debates/seed/index.html")

    def edges() -> tuple[float, float, float]:
        body = page.locator("article:has(> .notes) > .body").bounding_box()
        notes = page.locator(".notes li").first.bounding_box()
        assert body
        assert notes
        return body["x"] + body["width"], notes["x"], notes["y"] - body["y"] - body["height"]

    page.set_viewport_size({"width": 1440, "height": 900})
    end, start, _ = edges()
    assert start >= end
    page.set_viewport_size({"width": 1000, "height": 900})
    _, _, below = edges()
    assert below >= 0


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("debates/mill-race/#p-1", "debates/mill/#p-1"),
        ("debates/mill-race/#p-9", "debates/mill/#p-3"),
        ("debates/mill-race/", "debates/mill/"),
        ("t/mill/1/", "debates/mill/"),
        ("viewtopic.php/?p=2", "debates/mill/#p-2"),
        ("viewtopic.php/?start=20&p=3#p3", "debates/mill/#p-3"),
    ],
)
def test_an_address_that_was_left_leads_to_where_its_post_is(page: Page, address: str, old: str, now: str) -> None:
    page.goto(address + old)
    page.wait_for_url(lambda url: "/debates/mill/" in url)
    page.wait_for_load_state()
    assert page.url.replace("index.html", "").removeprefix(address) == now


def test_earlier_wordings_and_corrections_can_be_seen(page: Page, address: str) -> None:
    page.goto(address + "debates/mill/")
    earlier = page.locator("#p-2 details.revision").first
    assert "before the water is high" not in page.locator("#p-2 > .body").first.inner_text()
    earlier.locator("summary").click()
    assert "before the water is high" in earlier.inner_text()
    assert "1 March 2025 no longer has this post" in page.locator("#p-4").inner_text()
    assert "Corrected by the publisher: by the same person as other unnamed posts" in page.locator("#p-4").inner_text()
