"""A small site in a repository of its own, built and committed, with a real remote beside it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.new_site import make_site
from rostra.publish import branch, storage
from rostra.publish.mark import MARK
from support.object_storage import object_storage, use_storage
from support.plain_site import PlainHome, plain_home
from support.site_repository import Home


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
    (folder / "content/about.md").write_text("# About this archive\n\nLetters of a mill.\n")
    site = load_site(folder)
    time.sleep(0.02)
    rebuild(site, lambda standing: build(site, standing=standing))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "site")
    home = Home(tmp_path / "site", tmp_path / "remote.git")
    home.begin()
    return home


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlainHome:
    """A site that is as good as built: what its output holds is for the test to say."""
    for module in (branch, storage):
        monkeypatch.setattr(module, "refuse_unready", lambda *_, **__: None)
    return plain_home(tmp_path)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3-compatible server."""
    with object_storage() as address:
        yield address


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A bucket, as a client of S3 sees it."""
    import boto3

    use_storage(monkeypatch, s3)
    client = boto3.client("s3", endpoint_url=s3)
    client.create_bucket(Bucket=tmp_path.name.replace("_", "-").lower()[-60:].strip("-"))
    yield client
    client.close()


@pytest.fixture
def target(tmp_path: Path) -> str:
    return f"s3://{tmp_path.name.replace('_', '-').lower()[-60:].strip('-')}/debates"


@pytest.fixture
def stored(bucket: Any) -> Any:
    """What stands below an address in the bucket, but for the mark of who put it there."""

    def found(target: str) -> dict[str, bytes]:
        name, _, prefix = target.removeprefix("s3://").partition("/")
        pages = bucket.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=f"{prefix}/")
        keys = [each["Key"] for page in pages for each in page.get("Contents", ()) if not each["Key"].endswith(MARK)]
        return {key.removeprefix(f"{prefix}/"): bucket.get_object(Bucket=name, Key=key)["Body"].read() for key in keys}

    return found
