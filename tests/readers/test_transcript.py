"""Transcripts of spoken debates, and texts that only look like one, each at the boundary of a guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.text.transcript import turns
from support.copied_threads import read

SIX = ["Ada: One.", "Bede: Two.", "Ada: Three.", "Bede: Four.", "Ada: Five.", "Bede: Six."]

ONCE = [f"{name} Elm: Once." for name in ("Cy", "Dot", "Em", "Fay", "Gil", "Hob")]


def speakers(*paragraphs: str) -> list[str | None]:
    return [each.name for each in turns("\n\n".join(paragraphs).split("\n"))]


def test_a_name_and_a_colon_begin_what_somebody_says() -> None:
    found = turns(
        ["ADA WEIR (Hull): Good evening.", "", "It rains.", "", "ＤＲ：Ｙes.", *(x for x in SIX for x in (x, ""))]
    )
    assert [(each.first, each.inline) for each in found[:1]] == [(0, 17)]
    assert [each.name for each in found[1:]] == ["Ada", "Bede"] * 3


@pytest.mark.parametrize(
    ("paragraphs", "found"),
    [
        (SIX[:5], 5),
        (SIX[:4], 0),  # too few
        (["Ada: One.", "Ada: Two.", "Bede: Three.", "Bede: Four.", "Ada: Five."], 5),
        (["Ada: One.", "Ada: Two.", "Ada: Three.", "Bede: Four.", "Bede: Five."], 0),  # one change in four
        (["Ada: One.", "Ada: Two.", "Bede: Three.", "Bede: Four.", "Bede: Five.", "Ada: Six."], 0),  # two changes in five
        ([*SIX, *ONCE], 12),
        ([*SIX[:5], *ONCE], 0),  # five of eleven turns are of people who speak again
        (["Ada: One.", "Cy Marsh: Two.", "Ada: Three.", "Ada: Four.", "Ada: Five."], 0),  # one person recurs
        (["ADA: One.", "It rains.", "CY: Two.", "ADA: Three.", "So it does.", "ADA: Four.", "ADA: Five."], 0),  # nor do these paragraphs
        (["Ada: One.", "It rains.", "Bede: Two.", "Ada: Three.", "It rains.", "So it does.", "Bede: Four.", "Ada: Five.", "No.", "Yes."], 5),
        (["Ada: One.", "It rains.", "Bede: Two.", "Ada: Three.", "It rains.", "So it does.", "No.", "Bede: Four.", "Ada: Five.", "No.", "Yes."], 0),  # five of eleven
        ([*SIX, "It rains."], 0),  # longer than any turn
        (["Ada: One.", "It rains.", *SIX[1:], "It rains."], 6),
        (["Name: Ada", "Age: 3", "Name: Bede", "Age: 4.", "Name: Cy", "Age: 5."], 0),  # two of six end as sentences
        (["Name: Ada", "Age: 3.", "Name: Bede", "Age: 4.", "Name: Cy", "Age: 5.”"], 6),
    ],
)  # fmt: skip
def test_guards_at_their_boundaries(paragraphs: list[str], found: int) -> None:
    assert len(speakers(*paragraphs)) == found


def test_who_speaks_once_begins_a_turn_if_written_as_the_others() -> None:
    loud = [each.upper() for each in SIX]
    assert speakers(*loud, "CY: SEVEN.")[-1] == "CY"
    assert speakers(*loud, "Note: Seven.") == []  # it would be a second paragraph of the last turn
    assert speakers(*loud[:5], "Note: Six.", "BEDE: SEVEN.")[-2:] == ["ADA", "BEDE"]
    assert speakers(*SIX[:5], "Cy Marsh: Six.", "Bede: Seven.")[-2:] == ["Cy Marsh", "Bede"]
    assert speakers(*SIX[:5], "Note: Six.", "Bede: Seven.")[-2:] == ["Ada", "Bede"]
    assert speakers(*SIX[:5], "Please note: Six.", "Bede: Seven.")[-2:] == ["Ada", "Bede"]


@pytest.mark.parametrize(
    "line",
    ["http://mill.example", "9: ten.", "A: one.", "So I said, quite plainly: no.", ": no.", "x" * 41 + ": no."],
)
def test_other_lines_with_colons_name_nobody(line: str) -> None:
    assert speakers(*(x for each in SIX for x in (each, line)), "Ada: Yes.").count("Ada") in (0, 4)
    assert line.partition(":")[0] not in speakers(*SIX, "Ada: Yes.", "It rains.", line, line, "Bede: Yes.", "Ada: No.")


@pytest.mark.parametrize("label", ["Note", "NB.", "Nachtrag"])
def test_an_addition_belongs_to_who_speaks(label: str) -> None:
    added = [x for each in SIX for x in (each, f"{label}: It rains.")]
    assert speakers(*added) == ["Ada", "Bede"] * 3


def test_a_name_may_be_alone_on_its_line() -> None:
    found = turns([line for each in SIX for line in (*each.replace(": ", ":\n").split("\n"), "")])
    assert [(each.name, each.inline) for each in found] == [("Ada", None), ("Bede", None)] * 3
    assert turns([line for each in SIX for line in each.replace(": ", " said:\n").split("\n")]) == []


def test_small_letters_name_somebody_beside_their_words() -> None:
    small = [each.lower() for each in SIX]
    assert speakers(*small) == ["ada", "bede"] * 3


def test_the_line_below_a_name_alone_ends_the_sentence() -> None:
    below = [each.replace(": ", ":\n\n") for each in SIX]
    assert speakers(*below) == ["Ada", "Bede"] * 3
    assert speakers(*(each.removesuffix(".") for each in below)) == []


def test_a_tab_before_words_is_four_columns() -> None:
    assert [each.inline for each in turns([f"\t{each}".replace(": ", ":\t") for each in SIX])][:2] == [12, 12]
    assert all(each.who == each.name for each in turns(SIX))


def test_the_first_line_begins_a_paragraph() -> None:
    assert [each.first for each in turns([*SIX, ""])] == [0, 1, 2, 3, 4, 5]
    assert turns(["It rains.", *SIX, "It rains."])[-1].first == 6


TURNS = [f"{name}: {n}." for n in range(25) for name in ("Ada", "Bede")]


@pytest.mark.parametrize("share", ["begun", "recurring", "changes", "spoken"])
def test_a_share_just_below_half_is_too_small(share: str) -> None:
    rest = ["It rains."] * 25
    texts = {
        "begun": [TURNS[0], *rest, TURNS[1], *rest, *TURNS[2:]],
        "recurring": [*TURNS, *(f"{chr(65 + n // 26)}{chr(97 + n % 26)} Elm: Once." for n in range(50))],
        "changes": [*TURNS, TURNS[-1], *["Bede: Yes."] * 48],
        "spoken": [*TURNS, *(each.removesuffix(".") for each in TURNS)],
    }[share]
    assert speakers(*texts)
    assert (
        speakers(
            *texts[:1],
            *{"begun": rest[:1], "recurring": ["Zoe Elm: Once."], "changes": texts[:1] * 2, "spoken": ["Bede: no"]}[
                share
            ],
            *texts[1:],
        )
        == []
    )


def test_of_loud_and_other_names_no_label_is_one() -> None:
    assert speakers(*(each.replace("Ada", "ADA") for each in SIX[:5]), "GATE: Six.", "Bede: Seven.")[-2:] == [
        "ADA",
        "Bede",
    ]


def test_the_longest_turn_may_be_the_one_above_the_last() -> None:
    assert len(speakers(*SIX[:5], "It rains.", SIX[5], "It rains.")) == 6


def test_several_blank_lines_are_no_paragraphs() -> None:
    assert len(turns("\n\n\n\n".join(SIX).split("\n"))) == 6
    wrapped = [line for each in SIX for line in (each, "It rains", "and rains.", "So it does.", "")]
    assert len(turns(wrapped)) == 6


def written(folder: Path, text: str) -> list[tuple[str | None, str]]:
    """Return the authors and the words of the posts of a dump."""
    (folder / "dump.txt").write_text(text, encoding="utf-8")
    return [(post.author and post.author.name, post.body) for post in read(folder / "dump.txt").posts]


def test_a_conversation_in_a_post_of_a_page_with_times_is_a_quotation(tmp_path: Path) -> None:
    dated = "Dora Lock\n3 days ago\nThe gate is open.\n\n"
    quoting = f"Esk Ford\n2 days ago\nThis was said:\n\n{(talk := chr(10).join(SIX))}"
    assert written(tmp_path, dated + quoting) == [
        ("Dora Lock", "The gate is open."),
        ("Esk Ford", f"This was said:\n\n{talk}"),
    ]
    # A single time is that of the debate.
    told = written(tmp_path, f"The gate, a debate\n3 days ago\n\n{talk}")
    assert told[1:] == [tuple(each.split(": ")) for each in SIX]


def test_indentation_shows_who_answers_whom_in_a_transcript_too(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text("\n\n".join(f"{'    ' * (n % 2)}{each}" for n, each in enumerate(SIX)))
    thread = read(tmp_path / "dump.txt")
    assert not thread.flat
    assert [post.parent for post in thread.posts] == [None, "line-1", None, "line-5", None, "line-9"]
    assert [(each.code, each.line) for each in thread.problems] == [("no-structure", 1)]


def test_words_beside_a_name_have_no_space_before_them(tmp_path: Path) -> None:
    text = "\n\n".join(f"  {each}\n  So it is.\n    Yes." for each in SIX)
    assert written(tmp_path, text)[0] == ("Ada", "One.\nSo it is.\n  Yes.")
