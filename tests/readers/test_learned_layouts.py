"""Layouts that no file describes are learned from the text; where that is not certain, nobody is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.readers.copied import reading
from rostra.readers.copied.doubts.layout_doubts import layout_doubts
from rostra.readers.copied.doubts.name_doubts import doubts_of
from rostra.readers.copied.layout import NoTemplate, PageLayout, prepared, template
from rostra.readers.copied.records import CutText, PostRecord
from rostra.readers.copied.times.time_spans import times
from support.copied_threads import assembled, read

NAMES = (
    "ada", "bede_of_hill", "Cy Weir", "dee-lock", "Esk Ford", "fenn", "gull42", "Hob Miller", "ivo", "Jo Quay", "kelp", "Lin Sluice",
)  # fmt: skip
SAID = (
    "The wheel turns, and it has turned since the flood.", "Nobody asked the brook about it.", "Oil it, then.",
    "It squeaks on every third turn.\n\nThat is the bearing.", "Who pays for the oil?", "The parish does, as the deed says it must.",
    "I have read the deed; it says nothing of oil.", "Then read the other side.", "No.", "The miller left us a can in the loft.",
    "A can of what, though?", "Yes, and it was empty in March.", "Let us ask the council before the frost.", "They meet on Tuesdays.",
)  # fmt: skip
AGES = ("2 minutes ago", "50 minutes ago", "3 hours ago", "1 day ago", "2 months ago", "3 years ago")
Post = tuple[int, str, str]
SHAPES: dict[str, Callable[[Post], list[str]]] = {
    "buttons below": lambda p: [p[1], AGES[p[0] % 6], p[2], "", "Answer", f"Agree {p[0]}", "Tell a friend", ""],
    "profile above": lambda p: [p[1], "Resident", f"Letters: {p[0] * 7}", f"on {p[0] % 9 + 1} March 2024 at 9:{p[0] % 50 + 10}", "", p[2], "", "Cite", ""],
    "one line": lambda p: [f"№ {p[0]} {p[1]} wrote {AGES[p[0] % 6]} to the board", "", p[2], "", "~~~", ""],
    "german": lambda p: [f"{p[1]} schrieb am {p[0] % 9 + 1}. März 2024 um 09:{p[0] % 50 + 10} Uhr:", p[2], "", "Antworten Zitieren", ""],
    "time below": lambda p: [p[1], p[2], "Agree", "Answer", f"{p[0] % 50 + 1}h", ""],
    "month": lambda p: [f"{p[1]} in {('May', 'June', 'Sept.')[p[0] % 3]} {2000 + p[0] % 20}", p[2], "Answer", ""],
    "chat": lambda p: [f"[09:{p[0] % 50 + 10}, 3/4/2024] {p[1]}: {p[2]}"],
}  # fmt: skip


def posts(seed: int, many: int) -> list[Post]:
    chance = random.Random(seed)
    return [
        (n, chance.choice(NAMES), f"{chance.choice(SAID)} {n}." if n % 3 else chance.choice(SAID)) for n in range(many)
    ]


def written(shape: str, of: list[Post]) -> str:
    above = ["The board of the mill", "Home | Letters | Help", ""]
    return "\n".join([*above, *(line for post in of for line in SHAPES[shape](post)), "", "About | Privacy | Contact"])


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_forty_posts_teach_who_said_what_and_when(shape: str, tmp_path: Path) -> None:
    of = posts(7, 40)
    path = tmp_path / "dump.txt"
    path.write_text(written(shape, of), encoding="utf-8")
    found = [post for post in read(path).posts if post.kind == "post" and post.created_text]
    assert [post.author and post.author.name for post in found] == [name for _, name, _ in of]
    assert [" ".join(post.body.split()) for post in found] == [" ".join(said.split()) for _, _, said in of]


@given(st.integers(0, 10_000), st.integers(3, 24), st.sampled_from(sorted(SHAPES)))
@settings(max_examples=120, deadline=None)
def test_nobody_is_given_the_words_of_another(
    tmp_path_factory: pytest.TempPathFactory, seed: int, many: int, shape: str
) -> None:
    of = posts(seed, many)
    path = tmp_path_factory.mktemp("t") / "dump.txt"
    path.write_text(written(shape, of), encoding="utf-8")
    for post in assembled(read(path)).posts:
        if post.raw.author:
            words = " ".join(post.raw.body.split())
            assert any(" ".join(said.split()) in words and name == post.raw.author.name for _, name, said in of)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ada 3 hours ago | parent", ["3 hours ago"]), ("vor 3 Jahren", ["vor 3 Jahren"]), ("il y a un mois", ["il y a un mois"]),
        ("3 года назад", ["3 года назад"]), ("2024年3月4日 09:00", ["2024年3月4日 09:00"]), ("a year ago", ["a year ago"]),
        ("Mar 4 '24 at 9:00", ["Mar 4 '24 at 9:00"]), ("2h", ["2h"]), ("Version 1.2.3", []), ("won 3:2", []), ("25:61", []), ("24:59", ["24:59"]),
        ("May 2023", ["May 2023"]), ("maio de 2023", ["maio de 2023"]), ("Sept. 2020", ["Sept. 2020"]), ("May 2023 5 comments", ["May 2023"]), ("may 12345", []), ("May 4, 2023", ["May 4, 2023"]),
        ("ada18 Mar 4, 2024", ["Mar 4, 2024"]), ("ada0715 Mar 4 at 10:21", ["Mar 4 at 10:21"]), ("ada4 March 2024", ["4 March 2024"]), ("18 Mar 4, 2024", ["18 Mar 4, 2024"]),
        ("11 out of 18 found this", []), ("12 out 2024", ["12 out 2024"]), ("ada-man 03/05/24 10:21", ["03/05/24 10:21"]), ("4-Mar-2024", ["4-Mar-2024"]),
        ("24-3-4 09:03 hull", ["24-3-4 09:03"]), ("1-2-3 go", []), ("#4 May Weir 2h", ["2h"]), ("5 min. temu", ["5 min. temu"]), ("5 min temu", ["5 min temu"]), ("2 godz temu", ["2 godz temu"]), ("I waited 5 min. Then", ["5 min"]),
    ],
)  # fmt: skip
def test_times_are_found_in_many_languages_and_versions_are_none(line: str, expected: list[str]) -> None:
    assert [line[start:end] for start, end in times(line)] == expected


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{author}\n{time}", "needs one line with {body}"), ("{who}\n{time}\n{body}", "there is no slot {who}"),
        ("{author}\n{body}", "needs a line with {time}"), ("? {time}\n{body}", "needs a line with {time}"),
        ("{time} {body} end", "{body} must be at the beginning or the end"), ("{time\n{body}", "braces"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said(text: str, wrong: str) -> None:
    with pytest.raises(NoTemplate) as error:
        template(text)
    assert wrong in str(error.value)


HEADED = template("{author}\n{time}\n{body}\nAnswer")


def record(n: int, name: str | None = "ada", *, body: tuple[int, int] = (2, 3), complete: bool = True) -> PostRecord:
    held = {"time": "1 day ago"} | ({"author": name} if name else {})
    return PostRecord(template=HEADED, first=n, column=0, held=held, body=body, complete=complete)


def doubts(records: list[PostRecord], text: str = "", refused: int = 0, first: int = 1) -> list[str]:
    lines = tuple(range(first, first + refused))
    of = CutText(layout=PageLayout(templates=(HEADED,)), records=tuple(records), above=0, below=99, refused=lines, explained=9)  # fmt: skip
    return list(layout_doubts(of, prepared(text.split("\n"))))


def test_a_layout_is_doubted_past_each_bound_and_not_at_it() -> None:
    whole = [record(n) for n in range(20)]
    assert doubts(whole) == []
    assert doubts([record(n, complete=n > 2) for n in range(20)]) == []
    assert "lack lines" in doubts([record(n, complete=n > 3) for n in range(20)])[0]
    assert doubts(whole, refused=2) == []
    assert "begin none" in doubts(whole, refused=3)[0]
    assert doubts(whole, refused=3, first=0) == []  # above the first post
    assert doubts([record(n, body=(2, 3) if n > 3 else (0, 0)) for n in range(20)]) == []
    assert "would be empty" in doubts([record(n, body=(2, 3) if n > 4 else (0, 0)) for n in range(20)])[0]


def test_names_that_are_sentences_or_share_a_word_are_doubted() -> None:
    many = [f"n{n}" for n in range(100)]
    assert list(doubts_of([*many[3:], "He said: no.", "So, it is.", "Oh; well."])) == []
    assert "sentences" in next(doubts_of([*many[4:], "He said: no.", "So, it is.", "Oh; well.", "Why, oh?"]))
    assert list(doubts_of(["by ada", "by bede", "cy", "dee"])) == []
    assert "in common" in next(doubts_of(["by ada", "by bede", "by cy", "dee", "esk"]))


def test_times_within_many_bodies_are_doubted() -> None:
    spans = [record(n, ("ada", "bede")[n % 2], body=(2 * n, 2 * n + 2)) for n in range(20)]
    stray = "\n".join(
        f"Words of {chr(97 + n)}.\n{'3 days ago' if n < 4 else f'{chr(97 + n)} and more words.'}" for n in range(20)
    )
    assert any("consist of a time" in each for each in doubts(spans, stray))
    fewer = "\n".join(
        f"Words of {chr(97 + n)}.\n{'3 days ago' if n < 3 else f'{chr(97 + n)} and more words.'}" for n in range(20)
    )
    assert not any("consist of a time" in each for each in doubts(spans, fewer))


@pytest.mark.parametrize(("above", "name"), [("Answer", None), ("So he said.", "ada")])
def test_whoever_writes_above_a_post_that_is_not_found_is_unnamed(above: str, name: str | None) -> None:
    said = [
        line
        for n in range(8)
        for line in (("ada", "bede")[n % 2], f"{n + 2} days ago", f"It squeaks {n} times.", "Answer")
    ]
    lines = prepared([*said[:3], above, "Cy (host) 3 days ago", "No.", *said[3:]])
    found = reading._reading(lines, PageLayout(templates=(HEADED,)))
    assert found is not None
    assert found.stray == (4,)
    assert [record.held.get("author") for record in found.cut.records][:2] == [name, "bede"]
    assert [problem.line for problem in reading.believed(found, ())[1] if problem.code == "unexplained-lines"] == [5]
