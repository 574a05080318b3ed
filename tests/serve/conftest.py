"""A real preview server on loopback over a small real site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rostra.new_site import make_site
from rostra.serve.outcome import BuildOutcome
from rostra.serve.preview import Preview as Previewed
from support.optional_parts import Preview
from support.preview_server import serving


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preview]:
    folder = tmp_path / "site"
    list(make_site(folder, "A preview"))
    (folder / "layouts").mkdir()
    builds: list[BuildOutcome] = []
    build = Previewed.build

    def noted(work: Previewed, shown: Callable[[BuildOutcome], object] | None = None) -> BuildOutcome:
        builds.append(build(work, shown))
        return builds[-1]

    monkeypatch.setattr(Previewed, "build", noted)
    with serving(folder, builds) as begun:
        yield begun


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview for tests that only ask; beside its output is a file that nobody may see, to which links lead."""
    folder = tmp_path_factory.mktemp("unchanged") / "site"
    list(make_site(folder, "A preview"))
    outside = folder.with_name("outside")
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    with serving(folder) as begun:
        (begun.output / "link").symlink_to(outside)
        (begun.output / "secret-link.txt").symlink_to(outside / "secret.txt")
        yield begun
