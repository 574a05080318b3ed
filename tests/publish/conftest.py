"""A small site in a repository of its own, built and committed, with a real remote beside it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from homes import Home, git
from rostra.build import build
from rostra.new import make_site
from rostra.rebuild import rebuild
from rostra.site import load_site


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of whoever runs the tests: no settings, no identity, no repository around."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "EMAIL", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "gitconfig").write_text(
        "[user]\n name = Ada\n email = ada@example.org\n[init]\n defaultBranch = main\n"
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "site"
    list(make_site(folder, "Letters"))
    site = load_site(folder)
    time.sleep(0.02)
    rebuild(site, lambda outputs: build(site, outputs=outputs))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "site")
    home = Home(tmp_path / "site", tmp_path / "remote.git")
    git("init", "-q", "--bare", str(home.remote), at=tmp_path)
    home.git("init", "-q")
    home.git("remote", "add", "origin", str(home.remote))
    home.git("add", "-A")
    home.git("commit", "-q", "-m", "Begin")
    return home
