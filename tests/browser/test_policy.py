"""The content security policy as a header, in a real browser, while everything that a page offers is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rostra.system.http_headers import cache_control, media_type, security


class Host(SimpleHTTPRequestHandler):
    """Says with each file what a host says that reads ``_headers``."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def guess_type(self, path: object) -> str:
        return media_type(str(path))

    def end_headers(self) -> None:
        for name, value in security().items():
            self.send_header(name, value)
        self.send_header("Cache-Control", cache_control(self.path.lstrip("/")))
        super().end_headers()


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_every_page_and_all_that_it_offers_passes_the_policy(page: Page, host: str, site: Path) -> None:
    """The page fixture fails on any error that the browser tells, and a breach of the policy is one."""
    for path in sorted(site.rglob("*.html")):
        page.goto(host + path.relative_to(site).as_posix())
        # A page that leads on is left before the next is gone to.
        expect(page.locator('meta[http-equiv="refresh"]')).to_have_count(0)
        page.wait_for_load_state()
    page.goto(f"{host}debates/bridge/index.html")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Collapse replies").click()
    page.get_by_role("button", name="Collapse replies").click()
    page.locator("blockquote.unmarked .source a").first.hover()
    expect(page.locator(".preview")).to_have_count(1)
    page.locator("a.permalink").first.click()
    page.keyboard.press("?")
    expect(page.locator("dialog.help")).to_be_visible()
    page.get_by_role("button", name="Close").click()


def test_what_the_policy_forbids_does_not_run(browser: Browser, host: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{host}debates/bridge/index.html")
    ran, told = page.evaluate(
        """() => new Promise(done => {
            const told = [];
            document.addEventListener("securitypolicyviolation", e => told.push(e.effectiveDirective));
            const button = document.createElement("button");
            button.setAttribute("onclick", "window.owned = true");
            const picture = document.createElement("img");
            picture.src = "http://127.0.0.1:9/x.png";
            document.body.append(button, picture);
            button.click();
            setTimeout(() => done([window.owned === true, told]), 300);
        })"""
    )
    context.close()
    assert ran is False
    assert set(told) == {"script-src-attr", "img-src"}
