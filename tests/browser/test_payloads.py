"""Every payload in a real browser, without the content security policy: the policy is not the defence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served
from support.link_payloads import LINKS, LIVE, take_policies, write

SITES: dict[str, dict[str, Any]] = {
    "whole": {},
    # Words within payloads: a scheme, an attribute, a tag's name, an entity, a host.
    "redacted": {"hidden": ("javascript", "dataset", "onerror", "script", "nbsp", "evil")},
    "pseudonyms": {"pseudonyms": True},
}


@pytest.fixture(scope="module", params=SITES)
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[str], int]]:
    """The address of a site that holds every payload, without its policy; its pages, and how many posts there are."""
    folder = tmp_path_factory.mktemp("payloads")
    links = LINKS if request.param == "whole" else LINKS[::8]
    count = write(folder, links, LIVE, **SITES[request.param])
    assert build(load_site(folder)).failures == ()
    public = folder / "public"
    pages = take_policies(public)
    with served(public) as address:
        yield address, pages, count


def test_no_payload_runs_loads_or_frames_anything(
    browser: Browser, attacked: tuple[str, list[str], int], request: pytest.FixtureRequest
) -> None:
    address, pages, count = attacked
    assert count >= (500 if request.node.callspec.params["attacked"] == "whole" else 150)
    wrong: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (wrong.append(f"dialog in {page.url}"), dialog.dismiss()))
    page.on(
        "request", lambda request: None if request.url.startswith(address) else wrong.append(f"asks for {request.url}")
    )
    page.on("popup", lambda opened: wrong.append(f"opens {opened.url}"))
    opened = 0
    for name in (name for name in pages if name.startswith(("debates/", "people/", "index.html"))):
        page.goto(address + name)
        opened += 1
        found = page.evaluate(
            """() => ({
                owned: document.documentElement.dataset.owned || "",
                frames: window.frames.length,
                links: [...document.querySelectorAll("[href], [src], [action], [formaction]")]
                    .flatMap((each) => [each.href, each.src, each.action, each.formAction])
                    .map((link) => (link && link.baseVal !== undefined ? link.baseVal : link))
                    .filter((link) => typeof link === "string" && /^\\s*(javascript|vbscript|data:text|blob|view-source|feed)/i.test(link)),
            })"""
        )
        if found["owned"] or found["frames"] or found["links"]:
            wrong.append(f"{name}: {found}")
    context.close()
    assert opened > 10
    assert wrong == []


def test_a_payload_that_stood_in_a_page_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    """The page's own proof: the same mark is set where such a script does stand in a page."""
    (tmp_path / "index.html").write_text("<script>document.documentElement.dataset.owned=1</script>", encoding="utf-8")
    with served(tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}index.html")
        assert page.evaluate("document.documentElement.dataset.owned") == "1"
        page.close()
