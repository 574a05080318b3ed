"""What a page writes between posts is nobody's words; what looks alike within somebody's words is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.errors import UsageError
from rostra.model import RawThread
from rostra.readers.copied import reading
from rostra.readers.copied.cut import cut
from rostra.readers.copied.known import common_notices, read_layout
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.page import page_thread
from support.copied_threads import read

CLOSED = "{account} closed this {any} {time}"
ADDED = "{author} added {answers}"


def thread(text: str, written: str, *notices: str) -> RawThread:
    lines = text.strip("\n").split("\n")
    found = cut(prepared(lines), PageLayout(templates=(template(written),), name="the card", notices=notices))
    assert found is not None
    return page_thread.thread(lines, found, ())


def said(found: RawThread) -> list[tuple[str | None, str]]:
    return [(post.author.name if post.author else None, post.body) for post in found.posts]


def told(found: RawThread) -> list[int | None]:
    return [problem.line for problem in found.problems if problem.code == "page-around"]


HEADED = "{author} wrote {time}\n{body}"


def test_a_notice_below_a_post_is_nobodys_and_is_said_once() -> None:
    page = "ada wrote 1h\nMine.\nbede closed this as done 2h\n\ncy closed this again 3h\nbede wrote 4h\nYours.\ncy closed this 5h"
    found = thread(page, HEADED, CLOSED)
    assert said(found) == [("ada", "Mine."), ("bede", "Yours.")]
    assert told(found) == [3]
    assert "3 notices" in found.problems[0].message
    assert "bede closed this as done 2h" in found.problems[0].message


def test_what_looks_like_a_notice_within_words_is_part_of_them() -> None:
    found = thread("ada wrote 1h\nSo he wrote:\nbede closed this 2h\nand left.", HEADED, CLOSED)
    assert said(found) == [("ada", "So he wrote:\nbede closed this 2h\nand left.")]
    assert told(found) == []


def test_a_post_says_something_whatever_it_looks_like() -> None:
    found = thread("ada wrote 1h\nbede closed this 2h\ncy closed this 3h\nbede wrote 4h\nYours.", HEADED, CLOSED)
    assert said(found) == [("ada", "bede closed this 2h"), ("bede", "Yours.")]
    assert told(found) == [3]


def test_a_notice_between_a_foot_and_a_head_hides_neither() -> None:
    page = "ada\n1h\nMine.\nReply\nbede closed this 2h\nbede\n3h\nYours.\nReply"
    assert said(thread(page, "{author}\n{time}\n{body}\nReply", CLOSED)) == [("ada", "Mine."), ("bede", "Yours.")]


def test_a_notice_above_the_first_post_is_no_title_and_no_opening() -> None:
    found = thread("The race\n2 comments\nada closed this 1h\nada wrote 2h\nMine.", HEADED, CLOSED)
    assert (found.title, said(found), told(found)) == ("The race", [("ada", "Mine.")], [2, 3])


CHAT = "[{time}] {author}: {body}"


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("ada added bede", True), ("You added bede", True), ("Nobody added oil", False), ("ada added oil, and it ran.", False),
        ("[10:02] ada added bede", True), ("[10:02] cy: ada added bede", False), ("[10:02] <cy> ada added bede", False),
        ("[10:02] The wheel stops", True), ("[10:02:11] The wheel stops", False), ("[2 days ago] The wheel stops", False),
    ],
)  # fmt: skip
def test_what_only_a_name_or_a_time_tells_is_told_by_those_of_posts(line: str, notice: bool) -> None:
    found = thread(
        f"[10:01] ada: Mine.\n{line}\n[10:03] bede: Yours.", CHAT, ADDED, "[{time}] {any}", "[{time}] " + ADDED
    )
    assert told(found) == ([2] if notice else [])
    assert said(found)[-1] == ("bede", "Yours.")
    assert (said(found)[0] == ("ada", "Mine.")) is (notice or "cy:" in line)


def test_a_name_before_a_colon_is_no_author_where_a_notice_tells_more() -> None:
    changed = '[10:02] bede changed the subject to "Mill: the race"'
    found = thread(
        f"[10:01] ada: Mine.\n{changed}\n[10:03] bede: Yours.", CHAT, "[{time}] {author} changed the subject {any}"
    )
    assert said(found) == [("ada", "Mine."), ("bede", "Yours.")]


def test_what_is_right_above_words_below_a_head_is_part_of_them() -> None:
    found = thread("ada wrote 1h\nbede closed this 2h\ncy closed this 3h\nand I saw it.", HEADED, CLOSED)
    assert said(found) == [("ada", "bede closed this 2h\ncy closed this 3h\nand I saw it.")]
    found = thread("[10:01] ada: Mine.\nbede closed this 2h\nand I saw it.", CHAT, CLOSED)
    assert said(found) == [("ada", "Mine.\nbede closed this 2h\nand I saw it.")]


DATED = PageLayout(
    templates=(template("{author} {clock}\n{body}"), template("{clock}\n{body}", "same")),
    days=("{time}", "topic {any} {time}"),
)


def test_a_time_of_day_has_the_day_above_it() -> None:
    page = "Ada 9:12 AM\nOne.\nMarch 4, 2024\nBede 09:15\nTwo.\n9:16\nThree.\ntopic oil Today\n9:17\nFour.\nCy 오전 9:18\nFive.\nMarch 5\nis a day."
    lines = page.split("\n")
    found = cut(prepared(lines), DATED)
    assert found is not None
    posts = page_thread.thread(lines, found, ()).posts
    assert [(post.author and post.author.name, post.created_text, post.body) for post in posts] == [
        ("Ada", "9:12 AM", "One."), ("Bede", "March 4, 2024, 09:15", "Two."), ("Bede", "March 4, 2024, 9:16", "Three."),
        (None, "Today, 9:17", "Four."), ("Cy", "Today, 오전 9:18", "Five.\nMarch 5\nis a day."),
    ]  # fmt: skip


def test_a_name_from_the_post_above_is_no_word_of_a_post_that_is_unnamed() -> None:
    lines = ["Ada 9:12 AM", "One.", "9:13 AM", "Two."]
    found = cut(prepared(lines), DATED)
    assert found is not None
    doubted, _ = reading.believed(reading.LayoutReading(cut=found, value=0, doubts=("it is odd",)), ())
    assert said(page_thread.thread(lines, doubted, ())) == [(None, "Ada\nOne."), (None, "Two.")]


@pytest.mark.parametrize(
    ("line", "is_clock"),
    [("Ada 9:12", True), ("Ada 9:12 PM", True), ("Ada 21:12:05", True), ("Ada Mar 4, 9:12", False), ("Ada 2h", False), ("Ada March 4", False)],
)  # fmt: skip
def test_a_clock_is_a_time_without_a_day(line: str, is_clock: bool) -> None:
    (shown,) = prepared([line])
    assert (template("{author} {clock}\n{body}").items[0].match(shown) is not None) is is_clock


def test_a_notice_may_have_several_lines() -> None:
    page = "ada wrote 1h\nMine.\nbede\nclosed this\non 2 days ago\nbede wrote 3h\nYours."
    for written in (page, page.replace("\non 2 days ago", "")):
        found = thread(written, HEADED, "{account}\nclosed this\n? on {time}")
        assert (said(found), told(found)) == ([("ada", "Mine."), ("bede", "Yours.")], [3])


def test_what_many_pages_write_is_left_out_of_a_layout_that_the_text_teaches(tmp_path: Path) -> None:
    assert common_notices()
    posts = [
        f"{who}\nsent {n} hours ago\nWords of {who} number {n}.\nAnswer"
        for n, who in enumerate(("ada", "bede", "cy", "dee"), 2)
    ]
    posts.insert(2, "Esk Ford joined the chat")
    path = tmp_path / "dump.txt"
    path.write_text("\n".join(posts), encoding="utf-8")
    found = read(path)
    assert said(found) == [
        (who, f"Words of {who} number {n}.") for n, who in enumerate(("ada", "bede", "cy", "dee"), 2)
    ]
    assert told(found) == [9]


def test_a_notice_that_is_written_wrongly_is_refused_at_its_line() -> None:
    with pytest.raises(UsageError, match=r"no slot \{who\}"):
        read_layout(
            "mill.toml",
            'place = "M"\nphrases = []\nnotices = ["{who} left"]\n\n[[post]]\ntemplate = "{author} {time}: {body}"\n',
        )
