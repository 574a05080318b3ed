"""What all tests share: the browser, and the code of templates."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings
from jinja2 import Environment
from playwright.sync_api import Browser, sync_playwright

from support.compiled_templates import compiling_once
from support.optional_parts import missing

# A machine that is busy is no mistake: nothing here is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def templates() -> Iterator[None]:
    """Layouts are compiled once, not in each of some thousand builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compiling_once(Environment.compile))
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or whatever Chromium or Chrome is on the path."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        missing("Chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-quic"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=flags)
        yield chromium
        chromium.close()
