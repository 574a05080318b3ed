"""A real preview server on loopback over a small real site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parts import Preview
from rostra.build import build
from rostra.errors import RostraError
from rostra.layouts import built_in
from rostra.new import make_site
from rostra.serve import serve
from rostra.serve.outcome import Outcome
from rostra.site import load_site


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    folder = tmp_path / "site"
    list(make_site(folder, "A preview"))
    (folder / "layouts").mkdir()
    builds: list[Outcome] = []
    lines: list[str] = []

    def rebuild() -> Outcome:
        try:
            report = build(load_site(folder))
            made = Outcome(changed=report.written.touched, errors=report.failures)
        except RostraError as error:
            made = Outcome(changed=(), errors=(error,))
        builds.append(made)
        return made

    started = threading.Event()
    at: list[object] = []

    def ready(address: str, stop: object) -> None:
        at.extend((address, stop))
        started.set()

    thread = threading.Thread(
        target=serve,
        args=(load_site(folder), rebuild),
        kwargs={"port": 0, "announce": lines.append, "also": lambda: [built_in()], "ready": ready},
        daemon=True,
    )
    thread.start()
    assert started.wait(20)
    yield Preview(folder, str(at[0]), builds, lines)
    at[1]()  # type: ignore[operator]
    thread.join(20)
    assert not thread.is_alive()
