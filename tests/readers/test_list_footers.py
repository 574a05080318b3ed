"""The footer that a list puts below its messages without dashes is found by how often it is there, not by its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup import render
from rostra.readers import Dump, choose
from rostra.readers.mail import list_footers
from rostra.readers.mail.list_footers import LONGEST, PEOPLE, SUBJECTS, WORDS, learned, with_dashes

FOOTER = "Gate-List at the mill\nWrite to leave at mill.example to be left alone"


def mailbox(bodies: list[str], people: int = 4) -> str:
    return "".join(
        f"From p{n % people}@mill.example Mon Mar  4 09:00:{n:02} 2024\nFrom: Person {n % people} <p{n % people}@mill.example>\n"
        f"Date: Mon, 4 Mar 2024 09:00:{n:02} +0000\nMessage-ID: <{n}@mill.example>\nSubject: Gate {n}\n\n{body}\n\n"
        for n, body in enumerate(bodies)
    )


def shown(folder: Path, text: str) -> list[list[str]]:
    """Return the kinds of the blocks of each message."""
    (folder / "gate.mbox").write_text(text)
    dump = Dump(folder / "gate.mbox")
    posts = [post for thread in choose(dump).read(dump) for post in thread.posts]
    return [[block.kind for block in render(post.body, post.dialect).blocks] for post in posts]


@pytest.mark.parametrize("people", [PEOPLE, PEOPLE - 1])
def test_what_ends_messages_of_several_people_is_the_lists(tmp_path: Path, people: int) -> None:
    bodies = [f"The gate has been open {n} times.\n\nNobody asked.\n\n{FOOTER}" for n in range(6)]
    ends = "signature" if people == PEOPLE else "paragraph"
    assert {each[-1] for each in shown(tmp_path, mailbox(bodies, people))} == {ends}
    assert {each[0] for each in shown(tmp_path, mailbox(bodies, people))} == {"paragraph"}


@pytest.mark.parametrize("lacks", [0, 1])
def test_only_so_many_bytes_of_the_first_messages_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: int
) -> None:
    text = mailbox([f"The gate has been open {n} times.\n\n{FOOTER}" for n in range(max(PEOPLE, SUBJECTS))])
    monkeypatch.setattr(list_footers, "MOST", len(text) - lacks)
    assert {each[-1] for each in shown(tmp_path, text)} == {"paragraph" if lacks else "signature"}


@pytest.mark.parametrize("subjects", [SUBJECTS, SUBJECTS - 1])
def test_a_footer_is_about_no_subject(subjects: int) -> None:
    found = learned((str(n), f"Re: gate {n % subjects}", f"Text {n}.\n\n{FOOTER}") for n in range(9))
    assert (found != frozenset()) == (subjects == SUBJECTS)


def test_a_message_below_all_its_answers_is_no_footer(tmp_path: Path) -> None:
    said = "\n\n".join(f"The gate was open in year {n}, they say." for n in range(LONGEST + 3))
    answers = [f"I know {n}.\n\n-----Original Message-----\n\n{said}" for n in range(3)]
    text = re.sub(r"Gate \d", "Re: The gate", mailbox([said, *answers]))
    assert {kind for kinds in shown(tmp_path, text) for kind in kinds} <= {"paragraph", "attribution"}


def test_a_footer_has_words_and_is_no_thanks() -> None:
    few = " ".join(["thanks"] * (WORDS - 1))
    assert learned((str(n), str(n), f"Text {n}.\n\n{few}") for n in range(9)) == frozenset()
    assert learned((str(n), str(n), f"Text {n}.\n\n{few} all") for n in range(9)) == {(f"{few} all",)}


def test_a_footer_ends_one_message_in_ten() -> None:
    def said(of: int) -> frozenset[tuple[str, ...]]:
        return learned((str(n), str(n), f"Text {n}.\n" + FOOTER * (n < PEOPLE)) for n in range(of))

    assert said(30)
    assert not said(31)


def test_lines_that_are_quoted_are_no_footer() -> None:
    assert not learned((str(n), str(n), f"Text {n}.\n> The gate of the mill is open now, they say.") for n in range(9))


def test_a_message_that_is_all_footer_and_one_with_dashes_stay_as_they_are() -> None:
    footers = frozenset({tuple(FOOTER.split("\n"))})
    assert with_dashes(f"\n{FOOTER}\n", footers) == f"\n{FOOTER}\n"
    assert with_dashes(f"Text.\n-- \n{FOOTER}", footers) == f"Text.\n-- \n{FOOTER}"
    assert with_dashes(f"Text.\n\n{FOOTER}\n", footers) == f"Text.\n\n-- \n{FOOTER}\n"
    assert with_dashes(f"Text.\n\n{FOOTER}", frozenset()) == f"Text.\n\n{FOOTER}"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_line_is_lost(body: str, ends: list[str]) -> None:
    footers = learned((str(n), str(n), body) for n in range(PEOPLE)) | {tuple(filter(None, map(str.strip, ends)))}
    footers -= {()}
    out = with_dashes(body, footers).split("\n")
    assert out == body.split("\n") or [line for n, line in enumerate(out) if n != out.index("-- ")] == body.split("\n") or out.count("-- ") > 1  # fmt: skip
