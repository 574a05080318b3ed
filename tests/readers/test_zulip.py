"""Zulip: messages that move to another topic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card
from rostra.config.site import LEDGER, load_site
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump


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


@pytest.mark.parametrize(
    ("content", "parent"),
    [
        ('<p><span class="user-mention silent" data-user-id="1">Ada</span> <a href="/#narrow/channel/3-water/topic/gate/near/101">said</a>:</p>\n<blockquote><p>x</p></blockquote><p>Shut.</p>', "101"),
        ('<p><span class="user-mention" data-user-id="1">@Ada</span> <a class="message-link" href="/#narrow/stream/3-water/topic/gate/with/101">said</a>:</p>', "101"),
        ('<p>See what <span class="user-mention" data-user-id="1">@Ada</span> <a href="/#narrow/channel/3-water/topic/gate/near/101">said</a></p>', "100"),
        ('<p><span class="user-mention" data-user-id="1">@Ada</span> <a href="/#narrow/channel/3-water/topic/gate">said</a></p>', "100"),
    ],
)  # fmt: skip
def test_a_message_in_html_that_begins_with_a_quotation_is_a_reply_to_it(
    content: str, parent: str, tmp_path: Path
) -> None:
    value = json.loads(dump(["gate"] * 3))
    value["messages"][2] |= {"content": content, "content_type": "text/html"}
    (tmp_path / "water.json").write_text(json.dumps(value), encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "water.json"), Card())
    assert {post.raw.key: post.raw.parent for post in thread.posts}["102"] == parent
