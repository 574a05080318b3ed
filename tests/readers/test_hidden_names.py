"""Names that lines about changes, buttons or what all names have behind them no longer hide."""

from __future__ import annotations

import pytest

from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.name_doubts import doubts_of
from rostra.readers.copied.doubts.unsure_places import without_unsure_places
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.times.edited_lines import as_unedited


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
    after = as_unedited(before)
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


@pytest.mark.parametrize(("plain", "named"), [(4, 4), (5, 9)])
def test_where_half_of_the_names_have_an_honorific_the_others_are_no_names(plain: int, named: int) -> None:
    page = [
        f"{'質問者' if n < plain else f'北の猫{n}さん'}\n{n + 1} hours ago\nIt turns."
        for n in range(9 if plain > 4 else 8)
    ]
    lines = prepared("\n\n".join(page).split("\n"))
    made = cut(lines, PageLayout(templates=(template("{author}\n{time}\n{body}"),)))
    assert made is not None
    assert sum("author" in each.held for each in without_unsure_places(lines, made.records)) == named
