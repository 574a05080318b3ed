"""One archive as programs read it: at an address, and at none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.render.pages import pictures

SITE = Path(__file__).parent / "site"
ADDRESS = "https://archive.example/debates-kept/"
DEPTH = 3000


def made(folder: Path) -> Path:
    """The archive built twice: one of its debates is withdrawn in between."""
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    chain = (
        {"id": n, "parent": n - 1 or None, "author": f"speaker {n % 40}", "created": f"2022-01-{1 + n // 200:02}T{n % 24:02}:00:00Z",
         "body": f"Answer number {n} of a long chain."}
        for n in range(1, DEPTH + 1)
    )  # fmt: skip
    (folder / "content/chain.jsonl").write_text("".join(json.dumps(post) + "\n" for post in chain))
    with pytest.MonkeyPatch.context() as drawn:
        # The debates of these tests are small, and their shape is drawn all the same.
        drawn.setattr(pictures, "FEWEST", 3)
        drawn.setattr(pictures, "NAMED", 0)
        build(load_site(folder))
        (folder / "content/withdrawn.toml").write_text('withdrawn = "They were private."\n')
        report = build(load_site(folder))
    assert report.failures == ()
    return folder / "public"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, which stands at ``ADDRESS``."""
    return made(tmp_path_factory.mktemp("machines"))


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same archive, which has no address yet."""
    folder = tmp_path_factory.mktemp("nowhere")
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    settings = folder / "rostra.toml"
    settings.write_text("".join(line for line in settings.read_text().splitlines(True) if "address" not in line))
    assert build(load_site(folder)).failures == ()
    return folder / "public"
