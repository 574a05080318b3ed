"""A built site on loopback and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served

ROOT = Path(__file__).parent.parent.parent
SITE = Path(__file__).parent / "site"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's debate that lost most names, and the test site's debates, built."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "seeds/text/rutkowski-ai-art.txt", folder / "content/seed.txt")
    (folder / "content/about.md").write_text("# About this archive\n\nSee [the bridge](debates/bridge/index.html).\n")
    report = build(load_site(folder))
    assert report.failures == ()
    return folder / "public"


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration archive as it is, built."""
    folder = tmp_path_factory.mktemp("demonstration")
    for name in ("content", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("rostra.toml", "redactions.toml", "rostra.ledger"):
        shutil.copy(ROOT / name, folder / name)
    report = build(load_site(folder))
    assert report.failures == ()
    return folder / "public"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served, with a slash at the end."""
    with served(site) as found:
        yield found


def _is_ours(message: ConsoleMessage) -> bool:
    """Whether a message is an error of ours: from disk, browsers refuse to fetch fonts early, and fetch them later."""
    early = message.location["url"].endswith(".woff2") or ("file:///" in message.text and ".woff2" in message.text)
    return message.type == "error" and not early


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which any error of ours, and any request elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if _is_ours(message) else None)
    made.on(
        "request",
        lambda request: (
            errors.append(request.url) if not request.url.startswith(("http://127.0.0.1:", "data:", "file:")) else None
        ),
    )
    yield made
    context.close()
    assert errors == []
