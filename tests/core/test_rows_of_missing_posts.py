"""Missing posts in a row are one line, unless a page shows something of one of them."""

from __future__ import annotations

from typing import Any

import pytest

from rostra.model import Attachment, Author, Body, Corrected, Edited, Post, RawPost, Reaction, Revision
from rostra.model.history import Corrections, History
from rostra.render.pages.gaps import is_gap


def missing(raw: dict[str, Any], **more: Any) -> Edited:
    return Edited(
        post=Post(id="p-1", parent="p-0", depth=1, raw=RawPost(kind="missing", **raw), **more), body=Body(text="")
    )


def test_what_tells_where_a_missing_post_is_is_shown_of_several() -> None:
    assert is_gap(missing({"key": "2", "id": "p-1", "native_id": "2", "parent": "1", "line": 7, "hidden": 3}))
    assert not is_gap(Edited(post=Post(id="p-1", parent=None, depth=0, raw=RawPost(key="2")), body=Body(text="")))


@pytest.mark.parametrize(
    "said",
    [
        {"author": Author(name="Ada")},
        {"created": "2024-03-01T09:00:00Z"},
        {"created_local": "2024-03-01T09:00:00"},
        {"created_text": "a year ago"},
        {"edited": "2024-03-01T09:00:00Z"},
        {"url": "https://mill.example/2"},
        {"title": "The gate"},
        {"note": "Lost in the flood."},
        {"score": 0},
        {"stance": "pro"},
        {"reactions": (Reaction(sign="+", count=1),)},
        {"attachments": (Attachment(name="gate.png"),)},
    ],
)
def test_what_a_page_shows_of_a_missing_post_is_not_lost_in_a_row(said: dict[str, Any]) -> None:
    assert not is_gap(missing({"key": "2", **said}))


@pytest.mark.parametrize(
    "more",
    [
        {"history": History(vanished="b.json")},
        {"history": History(revisions=(Revision(source="a.json", body="The gate.", dialect="text"),))},
        {"corrections": Corrections(made=(Corrected(what="parent", was=None),))},
        {"corrections": Corrections(withdrawn="")},
    ],
)
def test_nor_what_other_dumps_and_cards_say_of_it(more: dict[str, Any]) -> None:
    assert not is_gap(missing({"key": "2"}, **more))
