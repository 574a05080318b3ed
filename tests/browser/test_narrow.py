"""Nothing that a post holds makes a page wider than a telephone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served

LINE = "~%" * 60
MAIL = (
    "From: Ada <ada@mill.example>\nDate: Mon, 4 Mar 2024 09:{minute:02}:00 +0000\nMessage-ID: <{number}@mill.example>\n"
)
OPENING = "The gate shuts at six in the evening, and nobody opens it before the miller has come.\n"


def test_signatures_and_many_quotations_fit_a_narrow_screen(tmp_path: Path, browser: Browser) -> None:
    """Each reply quotes the same words, so that their source has a sign for each."""
    letters = [
        f"{MAIL.format(number=1, minute=0)}Subject: The gate\n\n{OPENING}\n-- \n{LINE}\nhttps://mill.example/{'a' * 90}\n"
    ]
    letters += [
        f"{MAIL.format(number=n, minute=n)}Subject: Re: The gate\nIn-Reply-To: <1@mill.example>\n\n> {OPENING}\nNumber {n} agrees.\n"
        for n in range(2, 26)
    ]
    (tmp_path / "content").mkdir()
    (tmp_path / "content/gate.mbox").write_text(
        "".join(f"From ada@mill.example Mon Mar  4 09:00:00 2024\n{each}\n" for each in letters)
    )
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    assert build(load_site(tmp_path)).failures == ()
    (debate,) = (tmp_path / "public/debates").glob("*/index.html")
    with served(tmp_path / "public") as address:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(f"{address}debates/{debate.parent.name}/index.html")
        assert page.locator(".body .signature").count() == 1
        assert page.locator(".quoted-by a").count() == 24
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) == 0
        sign = page.locator(".quoted-by > button")
        assert sign.get_attribute("data-count") == "24"
        sign.click()
        assert page.locator(".quoted-by a").last.is_visible()
        assert page.evaluate(wider) == 0
        page.close()
