"""A built site on loopback and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.browser_profile import Profile, watched
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


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[Profile]:
    """The profile of ``page``."""
    made = Profile(browser, viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    yield made
    made.context.close()


@pytest.fixture
def page(profile: Profile) -> Iterator[Page]:
    """A page of a reader who was nowhere before."""
    with watched(profile.context) as made:
        yield made
    profile.forget()


@pytest.fixture(scope="session")
def still(browser: Browser) -> Iterator[Page]:
    """One page for all tests that only look at an address."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    with watched(context) as made:
        yield made
    context.close()


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never loaded anything, for tests of what loading does."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    with watched(context) as made:
        yield made
    context.close()
