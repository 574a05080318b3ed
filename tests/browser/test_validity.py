"""Every kind of page before the Nu HTML checker, and before axe in light and dark, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from support.page_checkers import COLOURS, axe_violations, nu_messages
from support.page_kinds import PAGES

LISTS = [
    "debates/by-date.html",
    "debates/by-size.html",
    "years/index.html",
    "years/undated.html",
    "places/index.html",
    "places/text.html",
    "search.html",
]
"""Pages of a kind that is looked at elsewhere."""
LEADING_ON = ["debates/mill-race/index.html", "t/mill/1/index.html"]
"""Pages that a browser leaves at once."""


def test_the_nu_html_checker_reports_nothing(site: Path) -> None:
    assert nu_messages(site / page for page in (*PAGES, *LISTS, *LEADING_ON) if "?" not in page) == []


def test_the_checker_does_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a">')
    assert any("Duplicate ID" in message for _, _, message in nu_messages([tmp_path / "bad.html"]))


@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    """A page that takes axe in spite of its policy."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_reports_nothing(bare: Page, address: str, path: str, width: int) -> None:
    bare.set_viewport_size({"width": width, "height": 900})
    bare.emulate_media(color_scheme="light")
    bare.goto(address + path)
    if "?" in path:
        bare.locator(".results > li").first.wait_for()
    found = axe_violations(bare)
    bare.emulate_media(color_scheme="dark")
    found += axe_violations(bare, COLOURS)
    assert found == []


@pytest.mark.parametrize("archive", ["site", "demonstration"])
def test_every_internal_link_and_fragment_resolves_and_ids_are_unique(
    request: pytest.FixtureRequest, archive: str
) -> None:
    site: Path = request.getfixturevalue(archive)
    ids: dict[Path, list[str]] = {}
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        found = re.findall(r'\sid="([^"]+)"', page.read_text())
        assert len(found) == len(set(found)), page
        ids[page] = found
    for page in pages:
        if page.name == "404.html":
            continue
        for href in re.findall(r'(?:href|src)="([^"]+)"', page.read_text()):
            if re.match(r"[a-z]+:", href):
                continue
            path, _, fragment = href.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page, href)
            if fragment:
                assert fragment in ids[target], (page, href)
