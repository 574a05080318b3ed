"""WhatsApp's chats: in which order days and months stand, who speaks, and what the program says itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import Thread
from rostra.readers import Dump, choose
from rostra.readers.chats import whatsapp


def chat(tmp_path: Path, text: str, name: str = "WhatsApp Chat with Gate.txt") -> list[Thread]:
    dump = tmp_path / name
    dump.write_text(text, encoding="utf-8")
    return list(read_threads(Dump(dump), Card(format="whatsapp")))


def times(tmp_path: Path, *dates: str) -> list[str | None]:
    found = chat(tmp_path, "".join(f"{date} - Ada: Said {n}.\n" for n, date in enumerate(dates)))
    said = sorted((post.raw.body, post.raw.created_text) for thread in found for post in thread.posts)
    return [time for _, time in said]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["04/03/24, 10:00"], ["2024-03-04 10:00"]),  # zeros: not the United States
        (["4/3/24, 10:00"], ["4/3/24, 10:00"]),  # nothing tells
        (["4/3/24, 10:00 AM"], ["2024-04-03 10:00"]),
        (["04/03/24, 10:00 am"], ["2024-03-04 10:00"]),
        (["4.3.24, 10:00"], ["2024-03-04 10:00"]),
        (["4-3-2024 10:00"], ["2024-03-04 10:00"]),
        (["2024-03-04, 10:00"], ["2024-03-04 10:00"]),
        (["2024/3/4, 10:00"], ["2024-03-04 10:00"]),
        (["4/3/24, 10:00", "4/12/24, 10:00"], ["4/3/24, 10:00", "4/12/24, 10:00"]),
        (["4/3/24, 10:00", "4/13/24, 10:00"], ["2024-04-03 10:00", "2024-04-13 10:00"]),
        (["3/4/24, 10:00", "13/4/24, 10:00"], ["2024-04-03 10:00", "2024-04-13 10:00"]),
        (["5/1/24, 10:00", "6/1/24, 10:00", "1/2/24, 10:00"], ["2024-01-05 10:00", "2024-01-06 10:00", "2024-02-01 10:00"]),
        (["13/13/24, 10:00"], ["13/13/24, 10:00"]),
        (["04/03/24, 12:00 AM"], ["2024-03-04 00:00"]),
        (["04/03/24, 12:00 p. m."], ["2024-03-04 12:00"]),
        (["04/03/24, 11:59\u202fPM"], ["2024-03-04 23:59"]),
        (["13/3/24, 12:15 π.μ.", "13/3/24, 9:15 μ.μ."], ["2024-03-13 00:15", "2024-03-13 21:15"]),
        (["١٣/٣/٢٠٢٤، ٩:١٥ ص", "١٣/٣/٢٠٢٤، ٩:١٥ م"], ["2024-03-13 09:15", "2024-03-13 21:15"]),
        (["2024. 3. 13. 오전 12:15", "2024. 3. 13. 오후 9:15"], ["2024-03-13 00:15", "2024-03-13 21:15"]),
        (["2024/3/13 上午9:15", "2024/3/13 下午9:15"], ["2024-03-13 09:15", "2024-03-13 21:15"]),
        (["2024/3/13 午前9:15", "2024/3/13 午後9:15"], ["2024-03-13 09:15", "2024-03-13 21:15"]),
        (["13.3.2024 klo 21.15"], ["2024-03-13 21:15"]),
        (["13.03.24 г., 21:15"], ["2024-03-13 21:15"]),
        (["13.03.24 г., 21:15 ч."], ["2024-03-13 21:15"]),
        (["2024년 3월 13일 오후 9:15"], ["2024-03-13 21:15"]),
        (["2024年3月13日 午後9:15"], ["2024-03-13 21:15"]),
        (["1/1/2009, 10:00", "2/1/2009, 10:00", "13/1/2009, 10:00"], ["2009-01-01 10:00", "2009-01-02 10:00", "2009-01-13 10:00"]),
        (["31/12/2008, 10:00"], ["31/12/2008, 10:00"]),
        (["31/12/2099, 10:00"], ["2099-12-31 10:00"]),
        (["31/1/2100, 10:00"], ["31/1/2100, 10:00"]),
    ],
)  # fmt: skip
def test_the_whole_chat_tells_which_of_its_numbers_are_days(
    dates: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert times(tmp_path, *dates) == expected


@pytest.mark.parametrize(
    ("date", "how"),
    [
        ("4/3/24, 10:00", "they are shown as written"),
        ("04/03/24, 10:00", "they are read with the day first"),
        ("4-3-2024 10:00", "they are read with the day first"),
        ("4/3/24, 10:00 AM", "they are read with the month first"),
        ("4.3.24, 10:00", None),
        ("12/12/24, 10:00", None),
        ("13/12/24, 10:00", None),
        ("12/13/24, 10:00", None),
        ("2024/12/12, 10:00", None),
    ],
)
def test_where_nothing_tells_it_for_certain_that_is_a_problem(date: str, how: str | None, tmp_path: Path) -> None:
    (thread,) = chat(tmp_path, f"{date} - Ada: Who opened it?\n")
    assert [(problem.code, problem.message.partition("; ")[2]) for problem in thread.problems] == (
        [("bad-time", how)] if how else []
    )


def test_a_name_is_whose_words_these_are_and_without_it_they_are_nobodys(tmp_path: Path) -> None:
    (thread,) = chat(tmp_path, "13/03/24, 10:00 - Ada: Who opened it?\n13/03/24, 10:01 - I shall be back at six\n")
    assert [(post.raw.body, post.raw.author and post.raw.author.name) for post in thread.posts] == [
        ("Who opened it?", "Ada")
    ]
    assert [problem.message for problem in thread.problems] == ["1 event in the chat; events are not posts"]


@pytest.mark.parametrize(
    "event",
    [
        'Ada changed the subject to "Weir: dry"',
        "Ada changed the group description: all of it",
        "Ada added +44 7700 900123",
        "Bede left",
    ],
)
def test_what_happened_is_nobodys_words(event: str, tmp_path: Path) -> None:
    (thread,) = chat(tmp_path, f"04/03/24, 10:00 - Ada: Who opened it?\n04/03/24, 10:01 - {event}\n")
    assert len(thread.posts) == 1


def test_numbers_that_stand_for_names_are_not_shown_and_stay_two_people(tmp_path: Path) -> None:
    text = "".join(f"04/03/24, 10:00 - +44 7700 {n} 123: Said {n}.\n" for n in (111, 222))
    (thread,) = chat(tmp_path, text)
    assert [post.raw.author and post.raw.author.name for post in thread.posts] == ["number …123", "number …123 (2)"]


def test_a_line_before_the_first_message_is_not_lost_in_silence(tmp_path: Path) -> None:
    (thread,) = chat(tmp_path, "The chat of the mill\n13/03/24, 10:00 - Ada: Who opened it?\n")
    assert [(problem.code, problem.line) for problem in thread.problems] == [("left-out", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "04/03/24, 10:00 - the gate was opened\n",
        "Notes\n04/03/24, 10:00 - Ada: Who opened it?\n",
        "[10:00] Ada: Who opened it?\n",
        "On 04/03/24, 10:00 - Ada: said so\n",
    ],
)
def test_other_texts_are_no_chats(text: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(text, encoding="utf-8")
    assert whatsapp.recognise(Dump(tmp_path / "notes.txt")) == 0


def test_marks_of_direction_are_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "_chat.txt").write_text("\ufeff\u200e[04/03/24, 10:00:01] Ada: \u200fWer da?\n", encoding="utf-8")
    assert choose(Dump(tmp_path / "_chat.txt")).NAME == "whatsapp"
    (thread,) = chat(tmp_path, "\u200e[04/03/24, 10:00:01] Ada: \u200fWer da?\n", "_chat.txt")
    assert [post.raw.body for post in thread.posts] == ["Wer da?"]


def test_markdown_is_not_whatsapps(tmp_path: Path) -> None:
    for name, found in (("a.txt", 0.93), ("a.md", 0)):
        (tmp_path / name).write_text("[13.03.24, 21:15] Ada: Who opened it?\n")
        assert whatsapp.recognise(Dump(tmp_path / name)) == found
