"""Before the first publication, the check sums up what goes public."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.check.going_public import going_public
from rostra.config.site import load_site


def message(n: int, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "user": f"U{n % 2}", "text": f"Said {n}.", "ts": f"17095428{n:02}.000001", **fields}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "users.json": [{"id": "U0", "name": "ada"}, {"id": "U1", "name": "bede"}],
        "channels.json": [{"id": "C1", "name": "gate"}],
        "dms.json": [{"id": "D1"}],
        "gate/2024-03-04.json": [message(1, text="Write to cy@mill.example or CY@mill.example."), message(2, files=[{"title": "plan"}]), message(3)],
        "D1/2024-03-04.json": [message(4), message(5)],
    }  # fmt: skip
    for name, value in files.items():
        path = tmp_path / "content/ws" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    (tmp_path / "rostra.toml").write_text('title = "Mill"\npublish_addresses = true\n')
    return tmp_path


def test_it_counts_people_addresses_attachments_and_what_was_private(site: Path) -> None:
    assert going_public(load_site(site)) is None
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert (found.people, found.addresses, found.attachments, found.private) == (2, 1, 1, 2)
    assert str(found) == "never published from here; it would make public: 2 people, 1 e-mail address, 1 attachment; 2 private posts left out"  # fmt: skip


def test_addresses_that_are_left_out_are_not_counted(site: Path) -> None:
    (site / "rostra.toml").write_text('title = "Mill"\n')
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert found.addresses == 0


@pytest.mark.parametrize("record", ["publish.git/refs/published/x", "published/x.json"])
def test_what_was_published_before_is_not_summed_up_again(site: Path, record: str) -> None:
    build(load_site(site))
    place = load_site(site).cache / record
    place.parent.mkdir(parents=True)
    assert going_public(load_site(site)) is not None
    place.write_text("x")
    assert going_public(load_site(site)) is None


def test_a_document_that_is_damaged_is_passed_over(site: Path) -> None:
    build(load_site(site))
    for path in (site / "public/debates").glob("*/thread.json"):
        path.write_text("{")
    found = going_public(load_site(site))
    assert found is not None
    assert found.people == 0


def test_chats_whose_export_does_not_say_who_could_read_them_are_counted(site: Path) -> None:
    chat = "[04.03.24, 09:00:00] Ada: Who opened the gate?\n[04.03.24, 09:01:00] Bede: Nobody did.\n"
    (site / "content/WhatsApp Chat with Gate.txt").write_text(chat)
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert found.chats == 1
    assert "; 1 debate from chats whose export does not say who could read them; " in str(found)


def test_private_posts_of_dumps_of_which_nothing_is_shown_are_counted(site: Path) -> None:
    (site / "content/letters.json").write_text(json.dumps([message(6, channel="D1"), message(7, channel="D1")]))
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert found.private == 4
    for path in (site / "content/ws").rglob("*"):
        path.unlink(missing_ok=True) if path.is_file() else None
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert (found.people, found.private) == (0, 2)
    (site / "content/letters.json").unlink()
    build(load_site(site))
    found = going_public(load_site(site))
    assert found is not None
    assert found.private == 0
