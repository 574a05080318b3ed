"""Stack Exchange: what a post counts is compared with what the tables hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump

TIME = 'CreationDate="2024-03-04T09:00:00.000"'


def told(folder: Path, question: str, comments: int | None) -> list[str]:
    """The messages about a question with one answer, and with that many comments; None if there is no table of them."""
    rows = f'<row Id="1" PostTypeId="1" {TIME} Body="Open?" Title="Gate" {question} /><row Id="2" PostTypeId="2" ParentId="1" {TIME} Body="No." />'
    (folder / "Posts.xml").write_text(f"<posts>\n{rows}\n</posts>\n", encoding="utf-8")
    if comments is not None:
        said = "\n".join(f'<row Id="{n}" PostId="1" {TIME} Text="Said {n}." />' for n in range(1, comments + 1))
        (folder / "Comments.xml").write_text(f"<comments>\n{said}\n</comments>\n", encoding="utf-8")
    threads = read_threads(Dump(folder), Card(format="stackexchange"))
    return [each.message for thread in threads for each in thread.problems if each.code == "fewer-posts"]


@pytest.mark.parametrize(
    ("question", "comments", "expected"),
    [
        ('AnswerCount="1" CommentCount="2"', 2, []),
        ('AnswerCount="1" CommentCount="2"', 1, ["its source counts 3 replies to it; 2 are here or have a placeholder"]),
        ('AnswerCount="2" CommentCount="0"', 0, ["its source counts 2 replies to it; 1 are here or have a placeholder"]),
        ('AnswerCount="1" CommentCount="0"', None, []),
        ('AnswerCount="2"', None, ["its source counts 2 replies to it; 1 are here or have a placeholder"]),
        ('AnswerCount="1" CommentCount="2"', None, ["its posts count 2 comments, and there is no Comments.xml"]),
        ("", 1, []),
    ],
)  # fmt: skip
def test_answers_and_comments_are_as_many_as_their_post_counts(
    question: str, comments: int | None, expected: list[str], tmp_path: Path
) -> None:
    assert told(tmp_path, question, comments) == expected


def problems(folder: Path, rows: str) -> list[tuple[str, str]]:
    (folder / "Posts.xml").write_text(f"<posts>\n{rows}\n</posts>\n", encoding="utf-8")
    threads = read_threads(Dump(folder), Card(format="stackexchange"))
    return [(each.code, each.message) for thread in threads for each in thread.problems]


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ('Aside="one word more"', True),
        ('Aside="two words"', False),
        ('Aside="who opened it"', False),
        ('LastEditorDisplayName="one word more"', False),
    ],
)
def test_words_of_an_attribute_that_no_dump_has_are_a_problem(attribute: str, told: bool, tmp_path: Path) -> None:
    found = problems(tmp_path, f'<row Id="1" PostTypeId="1" {TIME} Body="Who opened it?" Title="Gate" {attribute} />')
    assert found == [("lost-words", "words of `Aside` do not reach the page")] * told


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", None),
        ("<!-- of 2024 = old -->", None),
        ('<line Id="2" Body="No."/>', "an element of posts.xml is no row and is not read"),
        (
            '<line Id="2" Body="No."/>\n<line Id="3" Body="No."/>',
            "2 elements of posts.xml are no rows and are not read",
        ),
    ],
)
def test_elements_that_are_no_rows_are_a_problem(rows: str, message: str | None, tmp_path: Path) -> None:
    found = problems(tmp_path, f'<row Id="1" PostTypeId="1" {TIME} Body="Who opened it?" Title="Gate" />\n{rows}')
    assert found == ([("bad-row", message)] if message else [])
