"""Tabs of one browser hear of every build over one stream, and none shows a page that is older than the site."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from rostra.serve.live import Live
from rostra.serve.outcome import BuildOutcome
from support.optional_parts import Preview
from support.preview_server import until

TIMEOUT = 20_000


class Site(Struct):
    """A preview, what serves it, and what it has told the tabs."""

    folder: Path
    address: str
    builds: list[BuildOutcome]
    live: Live
    told: list[BuildOutcome]

    @property
    def streams(self) -> int:
        return len(self.live._listeners)

    def read(self, path: str) -> str:
        with urlopen(self.address + path, timeout=10) as answer:
            return str(answer.read().decode())

    def write(self, path: str, text: str) -> None:
        """Save a file, and wait until the build with it has been told of."""
        before = len(self.builds)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        # It comes into place whole: a build that reads it while it is still empty would be told of first.
        draft = self.folder.parent / "draft"
        draft.write_text(text)
        draft.replace(self.folder / path)
        until(lambda: any(made.changed and any(made is one for one in self.told) for made in self.builds[before:]))

    def about(self, title: str) -> None:
        """Give a page another title, and wait until that has been told."""
        self.write("content/about.md", f"# {title}\n\nWords.\n")
        # What is told first may be of the build before.
        until(lambda: title in self.read("about.html"))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Live], list[BuildOutcome]]:
    """What serves, and what it has told, once a preview has begun."""
    lives: list[Live] = []
    told: list[BuildOutcome] = []
    tell = Live.tell

    def noted(live: Live, outcome: BuildOutcome) -> None:
        tell(live, outcome)
        lives.append(live)
        told.append(outcome)

    monkeypatch.setattr(Live, "tell", noted)
    return lives, told


@pytest.fixture
def site(served: tuple[list[Live], list[BuildOutcome]], preview: Preview) -> Site:
    lives, told = served
    return Site(preview.folder, preview.address, preview.builds, lives[0], told)


@pytest.fixture
def tabs(browser: Browser) -> Iterator[BrowserContext]:
    """One browser, with a profile of its own."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1000, "height": 600})
    context.set_default_timeout(TIMEOUT)
    yield context
    context.close()


def until_in(page: Page, true: Callable[[], object]) -> None:
    """As `until`, while the browser's own events are heard."""
    end = time.monotonic() + TIMEOUT / 1000
    while not true():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(20)


def opened(tabs: BrowserContext, address: str) -> Page:
    page = tabs.new_page()
    page.goto(address)
    return page


@contextmanager
def failing(site: Site) -> Iterator[None]:
    """A site that cannot be built, which every page says once it hears of it."""
    settings = site.folder / "rostra.toml"
    before = settings.read_text()
    settings.write_text('title = "T"\nlanguge = "en"\n')
    yield
    settings.write_text(before)


def heard(page: Page) -> None:
    expect(page.locator("#rostra-errors")).to_contain_text("did you mean 'language'?", timeout=TIMEOUT)


def test_many_tabs_of_one_page_all_reload(site: Site, tabs: BrowserContext) -> None:
    pages = [opened(tabs, site.address + "about.html") for _ in range(8)]
    until(lambda: site.streams == 1)
    site.about("All of them")
    for page in pages:
        expect(page.locator("h1")).to_have_text("All of them", timeout=TIMEOUT)
    with failing(site):
        for page in pages:
            heard(page)
        # Who comes later is told too, and nobody opens another stream.
        heard(opened(tabs, site.address))
        assert site.streams == 1
    for page in pages:
        expect(page.locator("#rostra-errors")).to_have_count(0, timeout=TIMEOUT)


def test_a_style_is_swapped_in_every_tab_without_a_reload(site: Site, tabs: BrowserContext) -> None:
    pages = [opened(tabs, site.address + path) for path in ("about.html", "", "debates/well/")]
    until(lambda: site.streams == 1)
    with failing(site):
        for page in pages:
            heard(page)
            page.evaluate("window.notReloaded = true")
    site.write("layouts/styles/95-own.css", "body { border-top: 7px solid green; }\n")
    for page in pages:
        expect(page.locator("body")).to_have_css("border-top-width", "7px", timeout=TIMEOUT)
        assert page.evaluate("window.notReloaded") is True


class Held:
    """Requests that wait until they are let go; the first ``spared`` pass."""

    def __init__(self, tabs: BrowserContext, pattern: str, spared: int = 0) -> None:
        self.waiting: list[Route] = []
        self._spared = spared
        self._open = False
        tabs.route(pattern, self._met)

    def _met(self, route: Route) -> None:
        if self._open or self._spared > 0:
            self._spared -= 1
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self) -> None:
        self._open = True
        for route in self.waiting:
            route.continue_()


def test_when_the_tab_that_listens_closes_another_misses_nothing(site: Site, tabs: BrowserContext) -> None:
    stream = Held(tabs, "**/__rostra__/events", spared=1)
    first = opened(tabs, site.address + "about.html")
    until_in(first, lambda: site.streams == 1)
    others = [opened(tabs, site.address + "about.html") for _ in range(2)]
    assert not stream.waiting
    first.close()
    until_in(others[0], lambda: stream.waiting and site.streams == 0)
    site.about("While nobody listened")
    stream.let_go()
    for page in others:
        expect(page.locator("h1")).to_have_text("While nobody listened", timeout=TIMEOUT)
    until_in(others[0], lambda: site.streams == 1)


def test_a_tab_that_sleeps_lets_another_listen_and_catches_up(site: Site, tabs: BrowserContext) -> None:
    sleeps = opened(tabs, site.address + "about.html")
    until(lambda: site.streams == 1)
    sleeps.evaluate(
        "window.notReloaded = true; dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    )
    until(lambda: site.streams == 0)
    other = opened(tabs, site.address + "about.html")
    until(lambda: site.streams == 1)
    site.about("While it slept")
    expect(other.locator("h1")).to_have_text("While it slept", timeout=TIMEOUT)
    assert sleeps.evaluate("window.notReloaded") is True
    sleeps.evaluate("setTimeout(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))")
    expect(sleeps.locator("h1")).to_have_text("While it slept", timeout=TIMEOUT)
    until(lambda: site.streams == 1)


def test_where_there_are_no_locks_each_tab_that_is_seen_listens(site: Site, tabs: BrowserContext) -> None:
    tabs.add_init_script("delete Navigator.prototype.locks")
    pages = [opened(tabs, site.address + "about.html") for _ in range(2)]
    until(lambda: site.streams == 2)
    seen = """now => {
        Object.defineProperty(document, "hidden", { value: !now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    pages[1].evaluate(seen, False)
    until(lambda: site.streams == 1)
    site.about("Seen")
    expect(pages[0].locator("h1")).to_have_text("Seen", timeout=TIMEOUT)
    pages[1].evaluate(f"setTimeout({seen}, 0, true)")
    expect(pages[1].locator("h1")).to_have_text("Seen", timeout=TIMEOUT)


def test_a_page_that_comes_from_the_cache_is_told_what_it_missed(site: Site, tabs: BrowserContext) -> None:
    posts = "".join(f"\n    • Person {n}\n    1 year ago\n\n    {'Words that fill a line. ' * 30}\n" for n in range(40))
    site.write("content/well.txt", f"Shall we?\n{posts}")
    page = opened(tabs, site.address + "debates/well/")
    expect(page.locator("article.post")).to_have_count(41, timeout=TIMEOUT)
    page.evaluate("document.querySelectorAll('article.post')[20].scrollIntoView()")
    top = "document.querySelectorAll('article.post')[20].getBoundingClientRect().top"
    before = page.evaluate(top)
    page.goto(site.address + "about.html")
    site.write("content/well.txt", f"Shall we, now?\n{posts}")
    page.go_back()
    expect(page.locator("article.post").first).to_contain_text("Shall we, now?", timeout=TIMEOUT)
    until_in(page, lambda: abs(page.evaluate(top) - before) < 12)


def test_an_edit_between_a_page_and_its_script_is_seen(site: Site, tabs: BrowserContext) -> None:
    script = Held(tabs, "**/__rostra__/live.js*")
    page = tabs.new_page()
    page.goto(site.address + "about.html", wait_until="commit")
    until_in(page, lambda: script.waiting)
    site.about("In between")
    script.let_go()
    expect(page.locator("h1")).to_have_text("In between", timeout=TIMEOUT)


def test_a_style_that_changed_while_a_page_was_left_is_shown(site: Site, tabs: BrowserContext) -> None:
    page = opened(tabs, site.address + "debates/well/")
    page.goto(site.address + "about.html")
    site.write("layouts/styles/95-own.css", "body { border-top: 7px solid green; }\n")
    page.go_back()
    expect(page.locator("body")).to_have_css("border-top-width", "7px", timeout=TIMEOUT)


def asked(tabs: BrowserContext, part: str) -> list[str]:
    """The methods of what is asked for from now on at addresses with a part."""
    methods: list[str] = []

    def noted(request: Request) -> None:
        if part in request.url:
            methods.append(request.method)

    tabs.on("request", noted)
    return methods


def test_a_page_that_is_as_the_site_is_now_asks_for_nothing(site: Site, tabs: BrowserContext) -> None:
    methods = asked(tabs, site.address)
    page = opened(tabs, site.address)
    for path in ("about.html", "debates/well/", "about.html", "nowhere"):
        page.goto(site.address + path)
    page.reload()
    other = opened(tabs, site.address)
    with failing(site):
        for each in (page, other):
            heard(each)
    assert "HEAD" not in methods


LATEST = re.compile(r' data-page="\w+" data-build="[^"]+" ')


@pytest.mark.parametrize("shown", ["as it was", "another each time", "never", "gone"])
def test_no_page_is_reloaded_again_and_again(site: Site, tabs: BrowserContext, shown: str) -> None:
    page = tabs.new_page()
    times = 0

    def met(route: Route) -> None:
        nonlocal times
        if route.request.method == "HEAD":
            route.abort() if shown == "never" else route.continue_()
            return
        times += 1
        digest = times if shown == "another each time" else 0
        body = LATEST.sub(f' data-page="{digest:016x}" data-build="old" ', site.read("index.html"))
        route.fulfill(body=body, content_type="text/html", status=404 if shown == "gone" else 200)

    path = "nowhere" if shown == "gone" else "about.html"
    tabs.route(f"**/{path}", met)
    page.goto(site.address + path)
    builds = site.live._builds
    for n in range(2):
        site.about(f"Title {n}")
        with failing(site):
            heard(page)
        expect(page.locator("#rostra-errors")).to_have_count(0, timeout=TIMEOUT)
    assert times == 1 if shown == "never" else 1 < times <= 1 + site.live._builds - builds


def test_a_page_that_is_taken_away_and_comes_back_is_followed(site: Site, tabs: BrowserContext) -> None:
    page = opened(tabs, site.address + "about.html")
    source = site.folder / "content/about.md"
    text = source.read_text()
    source.unlink()
    expect(page.locator("h1")).not_to_contain_text("About", timeout=TIMEOUT)
    source.write_text(text)
    expect(page.locator("h1")).to_have_text("About this archive", timeout=TIMEOUT)


def test_another_preview_at_the_same_address_has_other_builds() -> None:
    one, other = Live(lambda name: None), Live(lambda name: None)
    assert one.build == one.build != other.build
