"""A built site that each test may spoil in its own way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import Site, load_site

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    shutil.copytree(ROOT / "tests/browser/site", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "seeds/text/rutkowski-ai-art.txt", folder / "content/seed.txt")
    settings = folder / "rostra.toml"
    settings.write_text(f'address = "https://example.org/forum/"\n{settings.read_text()}')
    (folder / "content/about.md").write_text("# About\n\nSee [the bridge](debates/bridge/index.html).\n")
    assert build(load_site(folder)).failures == ()
    return folder


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Site:
    shutil.copytree(built, tmp_path / "site", copy_function=shutil.copy2)
    return load_site(tmp_path / "site")
