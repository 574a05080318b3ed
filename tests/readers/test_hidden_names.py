"""Names that lines about changes, buttons or what all names have behind them no longer hide."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.edited_lines import without_changes
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.name_doubts import doubts_of


@pytest.mark.parametrize(
    ("lines", "masked"),
    [
        (["Ada (last edited 4 March 2024) (new)", "3 March 2024"], "Ada (new)"), (["3 March 2024", "Ada (edited 4 March 2024)"], "Ada"),
        (["Ada (edited 4 March 2024)", "So.", "3 March 2024"], None), (["Ada (joined 4 March 2024)", "3 March 2024"], None),
        (["(edited 4 March 2024)", "3 March 2024"], None), (["2 March 2024 Ada (edited 4 March 2024)", "3 March 2024"], None),
    ],
)  # fmt: skip
def test_the_time_of_a_change_is_not_the_post_s_if_that_is_beside_it(lines: list[str], masked: str | None) -> None:
    before = prepared(lines)
    after = without_changes(before)
    changed = [line for line, old in zip(after, before, strict=True) if line != old]
    assert [(line.masked, line.times) for line in changed] == ([] if masked is None else [(masked, ())])


@pytest.mark.parametrize(("account", "named"), [("ada", True), ("ada2", False)])
def test_an_account_beside_the_same_name_elsewhere_makes_a_name_certain(account: str, named: bool) -> None:
    layout = PageLayout(templates=(template("{author}\n@{handle} {time}\n{body}"),))
    post = "Ada Weir\n@ada 3h\nIt turns."
    later = f"Fold replies\nAda Weir\n@{account} 2h\nIt stops."
    made = cut(prepared(f"{post}\n\nBede\n@bede 3h\nSo.\n\n{later}".split("\n")), layout)
    assert made is not None
    assert ("author" in made.records[-1].held) is named


def test_what_japanese_pages_write_behind_each_name_is_no_doubt() -> None:
    assert list(doubts_of(["さくら餅さん", "北の猫さん", "山登り好きさん", "りんごさん"])) == []
    assert list(doubts_of(["さくら餅返信", "北の猫返信", "山登り好き返信", "りんご返信"])) != []
