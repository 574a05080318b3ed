"""Zulip: messages that move to another topic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site


def dump(topics: list[str]) -> str:
    messages = [
        {
            "id": 100 + n, "sender_id": n % 3, "sender_full_name": ("Ada", "Bede", "Cy")[n % 3], "timestamp": 1_709_542_800 + n,
            "display_recipient": "water", "subject": topic, "type": "stream", "content": f"Message {n} speaks of the weir.",
        }
        for n, topic in enumerate(topics)
    ]  # fmt: skip
    return json.dumps({"result": "success", "messages": messages})


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (["gate", "gate", "weir", "weir"], {"p-102", "p-103"}),
        (["weir", "weir", "gate", "gate"], {"p-100", "p-101"}),
        (["weir", "gate", "gate", "gate"], {"p-100"}),
    ],
)
def test_where_some_messages_of_a_topic_move_every_address_leads_on(
    after: list[str], moved: set[str], tmp_path: Path
) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    for topics in (["gate"] * 4, after):
        (tmp_path / "content/water.json").write_text(dump(topics), encoding="utf-8")
        build(load_site(tmp_path))
    page = (tmp_path / "public/debates/water-gate/index.html").read_text(encoding="utf-8")
    there = (tmp_path / "public/debates/water-weir/index.html").read_text(encoding="utf-8")
    ledger = (tmp_path / LEDGER).read_text(encoding="utf-8")
    for number in range(4):
        id = f"p-{100 + number}"
        assert (f'id="{id}"' in there) == (id in moved)
        assert id in page
        assert (f"water-gate {id} > water-weir {id}" in ledger) == (id in moved)
