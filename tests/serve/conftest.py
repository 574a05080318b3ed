"""A real preview server on loopback over a small real site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parts import Preview
from rostra.new import make_site
from rostra.preview import Preview as Previewed
from rostra.preview import preview as serve
from rostra.serve.outcome import Outcome


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preview]:
    folder = tmp_path / "site"
    list(make_site(folder, "A preview"))
    (folder / "layouts").mkdir()
    builds: list[Outcome] = []
    lines: list[str] = []
    build = Previewed.build

    def noted(work: Previewed, shown: Callable[[Outcome], object] | None = None) -> Outcome:
        builds.append(build(work, shown))
        return builds[-1]

    monkeypatch.setattr(Previewed, "build", noted)
    started = threading.Event()
    at: list[object] = []

    def ready(address: str, stop: object) -> None:
        at.extend((address, stop))
        started.set()

    thread = threading.Thread(
        target=serve,
        args=(folder,),
        kwargs={"host": "127.0.0.1", "port": 0, "announce": lines.append, "ready": ready},
        daemon=True,
    )
    thread.start()
    assert started.wait(20)
    yield Preview(folder, str(at[0]), builds, lines)
    at[1]()  # type: ignore[operator]
    thread.join(20)
    assert not thread.is_alive()
