"""Names, files, TeX, what a search finds and what an address asks for run nothing in a browser without a policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.browser_profile import Profile
from support.folder_server import served
from support.link_payloads import RUN, take_policies
from support.named_payloads import NAMES, write_named

OWNED = """() => ({
    owned: document.documentElement.dataset.owned || "",
    frames: window.frames.length,
    live: [...document.querySelectorAll("main *")].flatMap((each) => [...each.attributes]
        .filter((of) => /^on/i.test(of.name) || (/^(href|src|action|xlink:href|data)$/i.test(of.name) && /^\\s*(javascript|vbscript|data:text)/i.test(of.value)))
        .map((of) => each.tagName + " " + of.name)),
    scripts: [...document.querySelectorAll("main script, main iframe, main object, main embed, main style, main svg[onload]")]
        .filter((each) => !/^application\\/(ld\\+)?json$/.test(each.type || "")).map((each) => each.outerHTML.slice(0, 80)),
})"""
FOLLOW = """async (fragment) => {
    location.hash = "";
    location.hash = fragment;
    await new Promise((done) => setTimeout(done));
}"""
"""Go to a fragment, and wait until the page has heard of it."""
NOTHING = {"owned": "", "frames": 0, "live": [], "scripts": []}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of a site of such names, without its policy, and its pages."""
    folder = tmp_path_factory.mktemp("named")
    assert write_named(folder) > 200
    assert build(load_site(folder)).failures == ()
    public = folder / "public"
    pages = take_policies(public)
    with served(public) as address:
        yield address, pages


@pytest.fixture
def watched(profile: Profile, named: tuple[str, list[str]]) -> Iterator[tuple[Page, list[str]]]:
    """A page, and whatever it did that no page should."""
    wrong: list[str] = []
    page = profile.context.new_page()
    page.on("dialog", lambda dialog: (wrong.append(f"dialog in {page.url}"), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith(named[0]) else wrong.append(f"asks for {asked.url}"))
    page.on("popup", lambda opened: wrong.append(f"opens {opened.url}"))
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    yield page, wrong
    profile.forget()


def test_no_name_no_file_and_no_formula_runs_anything(
    watched: tuple[Page, list[str]], named: tuple[str, list[str]]
) -> None:
    page, wrong = watched
    address, pages = named
    for name in pages:
        page.goto(address + quote(name))
        if (found := page.evaluate(OWNED)) != NOTHING:
            wrong.append(f"{name}: {found}")
    # Every kind of page that shows a name.
    for part in ("index.html", "debates/", "people/", "tags/", "places/", "search.html", "404.html"):
        assert any(name.startswith(part) for name in pages), part
    assert wrong == []


def test_every_name_is_shown_as_it_was_given(watched: tuple[Page, list[str]], named: tuple[str, list[str]]) -> None:
    """They are there, and no page passes because it lacks them."""
    page, _ = watched
    page.goto(f"{named[0]}debates/names0/index.html")
    shown = page.locator("article.post .p-author").all_inner_texts()
    assert any("<script>" in each for each in shown)
    assert page.locator("article.post").count() == len(NAMES) + 1


@pytest.mark.parametrize(
    "form", ["show=person:{}", "show={}", "show=level:{}", "show=only:{}", "{}", "p-{}", ":~:text={}", "cite={}"]
)
def test_no_fragment_runs_anything(watched: tuple[Page, list[str]], named: tuple[str, list[str]], form: str) -> None:
    page, wrong = watched
    for name in NAMES:
        page.goto("about:blank")
        page.goto(f"{named[0]}debates/names0/index.html#{form.format(name)}")
        found = [page.evaluate(OWNED)]
        # A page that is there already takes it in another way.
        page.evaluate(FOLLOW, form.format(quote(name, safe="")))
        found.append(page.evaluate(OWNED))
        if found != [NOTHING, NOTHING]:
            wrong.append(f"{form.format(name)}: {found}")
    wrong = [each for each in wrong if not each.startswith("asks for about:")]
    assert wrong == []


def test_a_person_of_any_name_is_shown_alone(watched: tuple[Page, list[str]], named: tuple[str, list[str]]) -> None:
    page, wrong = watched
    page.goto(f"{named[0]}debates/names0/index.html")
    select = page.locator("select.show")
    options = select.locator("option").evaluate_all("(found) => found.map((each) => each.value)")
    people = [each for each in options if each.startswith("person:")]
    assert len(people) > len(NAMES) / 2
    for each in people:
        select.select_option(each)
        assert page.evaluate(OWNED) == NOTHING
        page.goto(page.url)
        assert select.input_value() == each
    assert wrong == []


def answered(page: Page) -> None:
    """Wait until a search is done; a busy machine takes its time."""
    expect(page.locator(".found")).not_to_have_text("Searching …", timeout=60_000)
    expect(page.locator(".found")).not_to_be_empty(timeout=60_000)


MARKUP = f"<img src=x onerror={RUN}>"


@pytest.mark.parametrize("asked", ["lantern", *NAMES, f"person:{NAMES[0]}", MARKUP])
def test_no_result_of_a_search_runs_anything(
    watched: tuple[Page, list[str]], named: tuple[str, list[str]], asked: str
) -> None:
    page, wrong = watched
    page.goto(f"{named[0]}search.html?q={quote(asked, safe='')}")
    answered(page)
    if asked == "lantern":
        assert page.locator(".results > li").count() > 5
        assert page.locator("#by-person option, [name=person] option").count() > len(NAMES) / 2
    assert page.evaluate(OWNED) == NOTHING
    filters = [f"{name}={quote(asked, safe='')}" for name in ("person", "debate", "year", "place", "order")]
    # Each filter reads what it was given alike: one payload is tried in each alone, the others in all at once.
    for given in filters if asked == MARKUP else ["&".join(filters)]:
        page.goto(f"{named[0]}search.html?q=lantern&{given}")
        answered(page)
        assert page.evaluate(OWNED) == NOTHING
    assert wrong == []


def test_a_page_that_held_such_markup_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    for said in (
        f"<img src=x onerror={RUN}>",
        "<a href='javascript:1'>x</a>",
        "<iframe></iframe>",
        "<script>1</script>",
    ):
        (tmp_path / "index.html").write_text(f"<main>{said}</main>", encoding="utf-8")
        with served(tmp_path) as address:
            page = browser.new_page()
            page.goto(f"{address}index.html")
            assert page.evaluate(OWNED) != NOTHING
            page.close()
