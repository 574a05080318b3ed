"""Whom a message answers where its headers do not say so: the weight of each piece of evidence, each window, each guard."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rostra.model import Author, Join, RawPost, RawThread
from rostra.threads import evidence, infer_parents, quoted_lines
from rostra.threads.evidence import DAY, Evidence, QuotingLetter, minutes, telling
from rostra.threads.infer_parents import inferred
from rostra.threads.letters import (
    LONGEST,
    SHINGLE,
    Letter,
    Quoted,
    letter,
    letters,
    packed_digests,
    shingle_digests,
    unpacked_digests,
)
from rostra.threads.reply_forest import (
    AFTER,
    BEFORE,
    PERIOD,
    Forest,
    Trace,
    linked_decided,
    linked_forest,
    linked_inferred,
    open_posts,
    period_of,
    present_posts,
)

NOON = 1_709_553_600
"""2024-03-04T12:00:00Z, in the middle of a period."""
GATE = "Who opened the upper gate of the mill last night without asking anybody of us?"
BELL = "The bell of the mill rang at dusk, so that somebody must have been there before."
WEIR = "Nobody counts the sluices of the weir, and the keeper sleeps until late in spring."
SUBJECT = "The upper gate stays shut"


def stamp(time: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time, UTC).isoformat()


def said(
    key: str, body: str, *, who: str = "Ada Weir", at: int = NOON, title: str = "", parent: str | None = None
) -> Letter:
    """A message with an id, unless its key has no brackets."""
    native = key if key.startswith("<") else None
    author = Author(name=who) if who else None
    created = stamp(at)
    post = RawPost(key=key, native_id=native, author=author, created=created, title=title, body=body, dialect="mail")
    return letter(post, parent)


def quoting(*bodies: str) -> str:
    return "\n".join(f"> {line}" for body in bodies for line in body.split("\n"))


def joins(*found: Letter) -> dict[str, Join]:
    return inferred(found, {each.key: each.key for each in found})


ASKED = said("<1@x>", GATE, title=SUBJECT)


def test_a_message_answers_what_it_quotes_whatever_its_subject_says() -> None:
    answer = said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + DAY, title="Other things")
    assert joins(ASKED, answer) == {"<2@x>": Join("<1@x>", "quotation")}


def test_rewrapped_and_recased_words_are_the_same() -> None:
    words = GATE.upper().split()
    body = quoting(" ".join(words[:5]), " ".join(words[5:7]), " ".join(words[7:]))
    assert "<2@x>" in joins(ASKED, said("<2@x>", f"{body}\n\nI did.", who="Bede Hill", at=NOON + DAY))


def test_the_one_who_said_it_is_answered_not_the_one_who_quoted_it() -> None:
    second = said("<2@x>", f"{quoting(GATE)}\n\n{BELL}", who="Bede Hill", at=NOON + 60, parent="<1@x>")
    third = said("<3@x>", f"{quoting(GATE)}\n\n{WEIR}", who="Cy Brook", at=NOON + 120)
    assert inferred([ASKED, second, third], {"<3@x>": "<3@x>"}) == {"<3@x>": Join("<1@x>", "quotation")}


def test_who_quotes_both_answers_the_one_that_quoted_the_other() -> None:
    second = said("<2@x>", f"{quoting(GATE)}\n\n{BELL}", who="Bede Hill", at=NOON + 60, parent="<1@x>")
    body = f"> Ada Weir wrote:\n{quoting(quoting(GATE), BELL)}\n\n{WEIR}"
    third = said("<3@x>", body, who="Cy Brook", at=NOON + 120)
    assert inferred([ASKED, second, third], {"<3@x>": "<3@x>"}) == {"<3@x>": Join("<2@x>", "quotation")}


def test_what_is_quoted_last_and_answered_below_weighs_more() -> None:
    other = said("<2@x>", BELL, who="Bede Hill", at=NOON + 60)
    both = f"Ada Weir wrote:\n{quoting(GATE)}\n\nYes.\n\nBede Hill wrote:\n{quoting(BELL)}\n\nNo."
    last = QuotingLetter(said("<3@x>", both)).evidence(other, shared_of(said("<3@x>", both), other))
    assert last is not None
    assert (last.last, last.first) == (1, 0)
    below = f"{both}\n\n{quoting(WEIR)}"
    unanswered = said("<4@x>", below)
    found = QuotingLetter(unanswered).evidence(other, shared_of(unanswered, other))
    assert found is not None
    assert found.last == 1


def shared_of(letter: Letter, other: Letter) -> list[tuple[int, int, int]]:
    return infer_parents._shared({other.key: other}, {letter.key: letter}).get(letter.key, {}).get(other.key, [])


@pytest.mark.parametrize(
    "head",
    ["On 4 March 2024 at 12:00, Ada Weir wrote:", "Ada Weir <ada@mill.example> schrieb am 4.3.2024 12:00:", '>>>>> "AW" == Ada Weir <ada@mill.example> writes:', "-----Original Message-----\nFrom: Ada Weir\nSent: 4 March 2024 12:00"],
)  # fmt: skip
def test_the_line_above_a_quotation_names_the_author(head: str) -> None:
    body = f"{head}\n\n{GATE}" if head.startswith("-----") else f"{head}\n{quoting(GATE)}\n\nI did."
    answer = said("<2@x>", body, who="Bede Hill")
    found = QuotingLetter(answer).evidence(ASKED, shared_of(answer, ASKED))
    assert found is not None
    assert found.named
    assert found.quoted > 0.9


def test_the_names_of_supercite_mark_what_is_quoted() -> None:
    above = '>>>>> "AdaW" == Ada Weir <ada@mill.example>\n>>>>>     on Mon, 4 Mar 2024 12:00:00 writes:\n\n'
    answer = said("<2@x>", f"{above}    AdaW> {GATE}\n    BedeH> {BELL}\n\nI did.", who="Bede Hill")
    assert [(run.depth, run.said_at) for run in answer.quoted] == [(1, 0)]
    assert answer.quoted[0].digests == ASKED.own
    assert minutes(answer.quoted[0].named) == {0}


@pytest.mark.parametrize(
    ("above", "named"),
    [('> >>>>> "AdaW" == Ada Weir <ada@mill.example> writes:', True), (">>>>>> Ada Weir <ada@mill.example>\n>>>>>>     on Mon, 4 Mar 2024 12:00:00 writes:", False)],
)  # fmt: skip
def test_supercite_within_a_quotation_is_one_level_deeper(above: str, named: bool) -> None:
    name = "AdaW" if named else ""
    body = f"Bede Hill wrote:\n{above}\n>\n>     {name}> {GATE}\n> {BELL}\n\nI did."
    found = said("<2@x>", body, who="Cy Brook").quoted
    assert [(run.depth, run.said_at) for run in found if run.digests][-2:] == [(2, 1), (1, 0)]
    assert [run.digests for run in found][-2:] == [ASKED.own, said("<3@x>", BELL).own]
    assert "ada weir" in found[-2].named


@pytest.mark.parametrize("above", ['"AdaW" == Ada Weir', ">>>> Ada Weir <ada@mill.example>", ">>>>> Ada Weir wrote"])
def test_what_is_no_attribution_of_supercite_marks_nothing(above: str) -> None:
    found = said("<2@x>", f"{above}\nAdaW> {GATE}\n\nI did.").quoted
    assert all(run.digests != ASKED.own for run in found)


def test_an_unmarked_text_below_an_attribution_with_a_date_is_not_the_authors_own() -> None:
    answer = said("<2@x>", f"I did.\n\nOn 4 March 2024 12:00, Ada Weir wrote:\n{GATE}")
    assert [run.depth for run in answer.quoted] == [1]
    assert not set(unpacked_digests(answer.own)) & set(unpacked_digests(ASKED.own))
    undated = said("<3@x>", f"As Ada Weir wrote:\n{GATE}")
    assert not undated.quoted


def test_an_attribution_within_the_quotation_belongs_to_it() -> None:
    answer = said("<2@x>", f"I did.\n\n> On 4 March 2024 12:00, Ada Weir wrote:\n>\n{quoting(GATE)}")
    assert [(run.depth, run.said_at) for run in answer.quoted] == [(1, 0)]
    assert "ada weir" in answer.quoted[0].named


def test_signatures_and_footers_are_nobodys_words() -> None:
    foot = "_" * 20
    assert said("<1@x>", f"{GATE}\n-- \n{BELL}").own == said("<1@x>", GATE).own
    assert said("<1@x>", f"{GATE}\n{foot}\n{BELL}").own == said("<1@x>", GATE).own
    assert said("<1@x>", f"{GATE}\n{foot[1:]}\n{BELL}").own != said("<1@x>", GATE).own


WEIGHTS = {
    "quoted": evidence.QUOTED, "last": evidence.LAST, "first": evidence.FIRST, "named": evidence.NAMED,
    "misnamed": evidence.MISNAMED, "timed": evidence.TIMED, "subject": evidence.SUBJECT, "former": evidence.FORMER,
    "answer": evidence.ANSWER, "own": evidence.OWN, "later": evidence.LATER, "loosely": evidence.LOOSELY,
    "reversed": evidence.REVERSED,
}  # fmt: skip


@pytest.mark.parametrize("name", WEIGHTS)
def test_each_piece_of_evidence_has_its_weight(name: str) -> None:
    assert Evidence(**{name: 1}).weight == WEIGHTS[name]


def test_words_count_once_at_their_depth_or_anywhere() -> None:
    assert Evidence(quoted=1, loosely=1).weight == evidence.QUOTED
    assert Evidence(quoted=0.25, loosely=1).weight == evidence.LOOSELY


def test_evidence_is_enough_from_the_least_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + DAY)
    found = QuotingLetter(answer).evidence(ASKED, shared_of(answer, ASKED))
    assert found is not None
    monkeypatch.setattr(infer_parents, "LEAST", found.weight)
    assert joins(ASKED, answer)
    monkeypatch.setattr(infer_parents, "LEAST", found.weight + 0.001)
    assert not joins(ASKED, answer)


def test_a_later_post_that_quotes_an_answer_is_not_what_that_answers() -> None:
    """Clocks go wrong, so that a later post may be answered, but not by the post that it quotes."""
    answer = said("<2@x>", f"On 4 March, Cy Brook wrote:\n> So?\n\n{BELL}", who="Bede Hill", title=SUBJECT)
    later = said("<3@x>", f"{WEIR}\n\n{quoting(BELL)}", who="Cy Brook", at=NOON + 60, title=SUBJECT)
    assert joins(answer, later) == {"<3@x>": Join("<2@x>", "quotation")}
    fast = said("<3@x>", WEIR, who="Cy Brook", at=NOON + 60, title=SUBJECT)
    back = said("<2@x>", f"On 4 March, Cy Brook wrote:\n{quoting(WEIR)}\n\n{BELL}", who="Bede Hill", title=SUBJECT)
    assert inferred([back, fast], {"<2@x>": "<2@x>"}) == {"<2@x>": Join("<3@x>", "quotation")}


def test_of_posts_with_the_same_words_the_first_is_answered_unless_another_is_clearly_better() -> None:
    copy = said("<2@x>", GATE, at=NOON + 60, who="Tracker")
    body = f"{quoting(GATE)}\n\nI did."
    answer = said("<3@x>", body, who="Bede Hill", at=NOON + DAY)
    assert inferred([ASKED, copy, answer], {"<3@x>": "<3@x>"})["<3@x>"].parent == "<1@x>"
    named = said("<3@x>", f"On 4 March 2024, Tracker wrote:\n{body}", who="Bede Hill", at=NOON + DAY)
    assert inferred([ASKED, copy, named], {"<3@x>": "<3@x>"})["<3@x>"].parent == "<2@x>"


@pytest.mark.parametrize(("by", "clear"), [(0.24, False), (0.25, True)])
def test_how_much_better_is_clearly_better(by: float, clear: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = said("<2@x>", GATE, at=NOON + 60, title="Gate of the mill")
    answer = said("<3@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + DAY, title="Gate of the mill")
    monkeypatch.setattr(evidence, "SUBJECT", by)
    found = inferred([replace(ASKED, subject=""), copy, answer], {"<3@x>": "<3@x>"})
    assert found["<3@x>"].parent == ("<2@x>" if clear else "<1@x>")


@pytest.mark.parametrize(("after", "joined"), [(evidence.WINDOW, True), (evidence.WINDOW + 1, False), (-evidence.SKEW, True), (-evidence.SKEW - 1, False)])  # fmt: skip
def test_a_quotation_is_found_within_its_window(after: int, joined: bool) -> None:
    answer = said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + after)
    assert bool(inferred([ASKED, answer], {"<2@x>": "<2@x>"})) == joined


@pytest.mark.parametrize(
    ("title", "window"),
    [(f"Re: {SUBJECT}", evidence.SUBJECT_WINDOW), ("Re: sluices", evidence.BRIEF_WINDOW), (SUBJECT, evidence.CONTINUED_WINDOW), ("[village] Gate (PR#8180)", evidence.SUBJECT_WINDOW), (f"Night (was: {SUBJECT})", evidence.SUBJECT_WINDOW)],
)  # fmt: skip
def test_a_subject_connects_within_its_window(title: str, window: int) -> None:
    first = said("<1@x>", GATE, title=title.removeprefix("Re: ") if "was" not in title else SUBJECT)
    for after, joined in ((window, True), (window + 1, False)):
        answer = said("<2@x>", "I did.", who="Bede Hill", at=NOON + after, title=title)
        found = inferred([first, answer], {"<2@x>": "<2@x>"})
        assert found == ({"<2@x>": Join("<1@x>", "subject")} if joined else {})


@pytest.mark.parametrize(
    "title",
    ["Re: question", "Re: (no subject)", "Re:", "hello", "Help please", "Re: Frage", "Upper gate", "Re: [mill] Hello"],
)
def test_a_subject_that_says_nothing_connects_nothing(title: str) -> None:
    first = said("<1@x>", GATE, title=title.removeprefix("Re: "))
    assert not joins(first, said("<2@x>", "I did.", who="Bede Hill", at=NOON + 60, title=title))


DAYS = evidence.DAY


@pytest.mark.parametrize(
    ("first", "title", "window"),
    [
        ("mill gate", "Re: mill gate", 30 * DAYS),
        ("mill", "Re: mill", 7 * DAYS),
        ("question", "Re: question", 0),
        ("mill gate", "Night (was: mill gate)", 30 * DAYS),
        ("mill", "Night (was: mill)", 0),
        ("mill", "Re: Night (was: mill)", 7 * DAYS),
        ("mill gate night", "mill gate night", 5 * DAYS),
        ("mill gate", "mill gate", 0),
    ],
)
def test_how_many_telling_words_connect_for_how_long(first: str, title: str, window: int) -> None:
    """The words are counted, and the windows are in days: a change of a threshold or window by one fails here."""
    begun = said("<1@x>", GATE, title=first)
    for after in (60, 5 * DAYS, 5 * DAYS + 1, 7 * DAYS, 7 * DAYS + 1, 30 * DAYS, 30 * DAYS + 1):
        answer = said("<2@x>", "I did.", who="Bede Hill", at=NOON + after, title=title)
        found = inferred([begun, answer], {"<2@x>": "<2@x>"})
        assert bool(found) == (after <= window), after


def test_the_measured_thresholds_are_these() -> None:
    assert (evidence.TELLING, evidence.CONTINUED, evidence.FEW, evidence.SERIES) == (2, 3, 2, 4)
    assert (infer_parents.COMMON, infer_parents.CANDIDATES) == (12, 40)
    assert (evidence.WINDOW, evidence.SKEW) == (60 * DAYS, 14 * 3600)
    assert (evidence.LEAST, evidence.CLEAR) == (2.5, 0.25)
    assert [*WEIGHTS.values()] == [4, 1.5, 1.5, 2, -1.5, 2, 1.5, 1, 0.5, -1, -1, 2, -10]
    assert (SHINGLE, LONGEST, quoted_lines.MOST, quoted_lines.DEEPEST) == (4, 200_000, 4000, 4)
    assert (quoted_lines.ATTRIBUTION, quoted_lines.HEADED, quoted_lines.NAMED) == (3, 6, 300)
    assert (PERIOD, BEFORE, AFTER) == (30 * DAYS, 2, 1)


@pytest.mark.parametrize(("copies", "joined"), [(infer_parents.COMMON, True), (infer_parents.COMMON + 1, False)])
def test_quotations_that_many_repeat_say_nothing_of_who_repeats_them(copies: int, joined: bool) -> None:
    """The third answers the second, which quotes the first, unless too many quote it."""
    second = said("<s@x>", f"{quoting(GATE)}\n\n{BELL}", who="Bede Hill", at=NOON + 60)
    others = [
        said(f"<{n}@x>", quoting(GATE), who="Cy Brook", at=NOON + 100 + n, parent="<1@x>") for n in range(copies - 1)
    ]
    body = quoting(f"Bede Hill wrote:\n{quoting(GATE)}\n\n{BELL}")
    answer = said("<a@x>", f"{body}\n\n{WEIR}", who="Dot Fen", at=NOON + DAY)
    quoting_letter = QuotingLetter(answer)
    found = infer_parents._shared({each.key: each for each in (ASKED, second, *others)}, {"<a@x>": answer})["<a@x>"]
    weighed = quoting_letter.evidence(second, found["<s@x>"])
    assert weighed is not None
    assert (weighed.quoted == 1) == joined


def test_posts_of_the_same_time_answer_those_with_the_smaller_id_and_not_themselves() -> None:
    first, second = (said(f"<{n}@x>", "Who?", who=who, title=f"Re: {SUBJECT}") for n, who in ((1, "Ada"), (2, "Bede")))
    assert joins(first, second) == {"<2@x>": Join("<1@x>", "subject")}


def test_by_one_author_the_latest_is_continued() -> None:
    found = [said(f"<{n}@x>", "Who?", at=NOON + n, title=f"Re: {SUBJECT}", parent="<0@x>") for n in range(3)]
    last = said("<9@x>", "Nobody.", at=NOON + 60, title=f"Re: {SUBJECT}")
    assert inferred([*found, last], {"<9@x>": "<9@x>"}) == {"<9@x>": Join("<2@x>", "subject")}


def test_of_posts_that_are_only_named_the_latest_is_answered_and_of_those_with_the_words_the_first() -> None:
    title = f"Re: {SUBJECT}"
    found = [said(f"<{n}@x>", f"So {n}?", at=NOON + n, title=title, parent="<0@x>") for n in range(3)]
    answer = said("<9@x>", "Ada Weir wrote:\n> So?\n\nYes.", who="Bede Hill", at=NOON + 60, title=title)
    assert inferred([*found, answer], {"<9@x>": "<9@x>"}) == {"<9@x>": Join("<2@x>", "quotation")}
    copies = [said(f"<{n}@x>", GATE, at=NOON + n, title=title, parent="<0@x>") for n in range(3)]
    answer = said("<9@x>", f"{quoting(GATE)}\n\nYes.", who="Bede Hill", at=NOON + 60, title=title)
    assert inferred([*copies, answer], {"<9@x>": "<9@x>"}) == {"<9@x>": Join("<0@x>", "quotation")}


TIMELESS = replace(said("<1@x>", GATE, title=SUBJECT), time=None, home="a")


@pytest.mark.parametrize(
    ("answer", "others", "joined"),
    [
        (f"Re: {SUBJECT}", [], True),
        (SUBJECT, [], False),
        ("Re: Question", [], False),
        (f"Re: {SUBJECT}", [replace(TIMELESS, key="<2@x>")], False),
        (f"Re: {SUBJECT}", [replace(TIMELESS, key="<2@x>", home="b")], True),
        (f"Re: {SUBJECT}", [replace(TIMELESS, key="<2@x>", is_answer=True)], True),
        ("Re: The bells", [], False),
    ],
)
def test_a_reply_without_a_time_answers_the_only_post_that_began_its_subject(
    answer: str, others: list[Letter], joined: bool
) -> None:
    first = replace(TIMELESS, subject="question") if answer == "Re: Question" else TIMELESS
    late = replace(said("<9@x>", "I did.", who="Bede Hill", title=answer), time=None, home="a")
    found = inferred([first, *others, late], {"<9@x>": "<9@x>"})
    assert found == ({"<9@x>": Join("<1@x>", "subject")} if joined else {})


def test_a_post_without_a_time_is_not_answered_by_one_that_has_a_time() -> None:
    answer = said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=60, title=f"Re: {SUBJECT}")
    assert not inferred([replace(ASKED, time=None), answer], {"<2@x>": "<2@x>"})
    assert inferred([replace(ASKED, time=0), answer], {"<2@x>": "<2@x>"})


def test_a_post_that_no_dump_has_is_not_joined_and_of_two_readings_of_one_either_gives_the_same() -> None:
    answer = said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + 60)
    assert not inferred([replace(ASKED, missing=True), answer], {"<2@x>": "<2@x>"})
    assert not inferred([ASKED], {"<2@x>": "<2@x>"})
    assert inferred([replace(answer, missing=True), ASKED, answer], {"<2@x>": "<2@x>"})
    other = replace(ASKED, own=b"", time=NOON + 1)
    readings = [ASKED, other, answer]
    assert joins(*readings) == joins(*reversed(readings))


def test_a_post_without_an_id_is_continued_in_its_own_dump_only() -> None:
    first = replace(said("message-1", GATE, title=SUBJECT), home="a")
    answer = replace(said("<2@x>", "I did.", who="Bede Hill", at=NOON + 60, title=f"Re: {SUBJECT}"), home="a")
    assert joins(first, answer)
    assert not joins(replace(first, home="b"), answer)


def test_a_subject_that_is_empty_is_no_subject() -> None:
    assert not evidence.same_subject(said("<1@x>", GATE), said("<2@x>", BELL))
    assert not joins(said("<1@x>", GATE), said("<2@x>", "Ada Weir wrote:\n> So?\n\nI did.", who="Bede", at=NOON + 60))


def test_a_subject_that_says_nothing_connects_with_more_evidence() -> None:
    first = said("<1@x>", GATE, title="Question")
    answer = said("<2@x>", f"{quoting(GATE[:30])}\n\nI did.", who="Bede Hill", at=NOON + 60, title="Re: Question")
    assert joins(first, answer) == {"<2@x>": Join("<1@x>", "quotation")}


@pytest.mark.parametrize(("begun", "joined"), [(evidence.SERIES - 1, True), (evidence.SERIES, False)])
def test_a_daily_notice_is_no_debate(begun: int, joined: bool) -> None:
    found = [said(f"<{n}@x>", GATE, at=NOON + n * DAY, title=SUBJECT) for n in range(begun)]
    assert bool(joins(*found)) == joined


def test_several_people_talk_under_a_subject_that_the_archiver_left_without_its_marks() -> None:
    who = ["Ada Weir", "Bede Hill", "Cy Brook"] * 3
    found = [said(f"<{n}@x>", f"So {n}.", who=each, at=NOON + n, title=SUBJECT) for n, each in enumerate(who)]
    assert joins(*found) == {f"<{n + 1}@x>": Join(f"<{n}@x>", "subject") for n in range(8)}


def test_by_subject_the_latest_by_somebody_else_is_answered() -> None:
    second = said("<2@x>", BELL, who="Bede Hill", at=NOON + 60, title=f"Re: {SUBJECT}", parent="<1@x>")
    third = said("<3@x>", WEIR, who="Bede Hill", at=NOON + 120, title=f"Re: {SUBJECT}")
    assert inferred([ASKED, second, third], {"<3@x>": "<3@x>"}) == {"<3@x>": Join("<1@x>", "subject")}
    other = replace(third, author="cy brook")
    assert inferred([ASKED, second, other], {"<3@x>": "<3@x>"}) == {"<3@x>": Join("<2@x>", "subject")}


@pytest.mark.parametrize(("copies", "joined"), [(infer_parents.COMMON, True), (infer_parents.COMMON + 1, False)])
def test_words_that_many_have_say_nothing(copies: int, joined: bool) -> None:
    found = [said(f"<{n}@x>", GATE, at=NOON + n) for n in range(copies)]
    answer = said("<a@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + DAY)
    assert bool(inferred([*found, answer], {"<a@x>": "<a@x>"})) == joined


@pytest.mark.parametrize(
    ("between", "found"), [(infer_parents.CANDIDATES - 1, True), (infer_parents.CANDIDATES, False)]
)
def test_how_many_posts_of_a_subject_are_compared(between: int, found: bool) -> None:
    title = f"Re: {SUBJECT}"
    others = [
        said(f"<o{n}@x>", f"{n}", who="Cy Brook", at=NOON + 1 + n, title=title, parent="<1@x>") for n in range(between)
    ]
    answer = said("<a@x>", "Ada Weir wrote:\n> Who?\n\nI did.", who="Bede Hill", at=NOON + DAY, title=title)
    first = said("<1@x>", "Who?", title=SUBJECT)
    made = inferred([first, *others, answer], {"<a@x>": "<a@x>"})
    assert (made["<a@x>"] == Join("<1@x>", "quotation")) == found


def test_few_words_are_not_enough_without_a_common_subject() -> None:
    some = GATE.split()[: SHINGLE + 1]
    for words, joined in ((some, True), (some[:-1], False)):
        answer = said("<2@x>", f"{quoting(' '.join(words))}\n\nI did.", who="Bede Hill", at=NOON + 60)
        assert bool(joins(ASKED, answer)) == joined


def test_a_post_without_an_id_is_known_in_its_own_dump_only() -> None:
    first = replace(said("message-1", GATE), home="a.mbox")
    answer = replace(said("<2@x>", f"{quoting(GATE)}\n\nI did.", who="Bede Hill", at=NOON + 60), home="a.mbox")
    assert joins(first, answer)
    assert not joins(replace(first, home="b.mbox"), answer)


def test_a_missing_post_is_joined_by_what_its_answer_quotes_of_it() -> None:
    body = f"On 4 March, Bede Hill wrote:\n{quoting(BELL, quoting(GATE))}\n\n{WEIR}"
    answer = said("<3@x>", body, who="Cy Brook", at=NOON + DAY, parent="<2@x>")
    assert inferred([ASKED, answer], {"<2@x>": "<3@x>"}) == {"<2@x>": Join("<1@x>", "quotation")}


@pytest.mark.parametrize(
    ("subject", "words"),
    [("the upper gate", 2), ("question", 0), ("水闸昨晚", 2), ("re of no", 0), ("gate gates gated", 3)],
)
def test_words_that_tell_what_a_subject_is_about(subject: str, words: int) -> None:
    assert telling(subject) == words


def test_minutes_of_a_text() -> None:
    assert minutes("on 4.3.2024 at 12:05 (or 9.17)") == {5, 17}


def test_letters_leave_out_what_was_inferred_and_keep_the_root() -> None:
    posts = (
        RawPost(key="<2@x>", native_id="<2@x>", parent=None, kind="missing"),
        RawPost(key="<3@x>", native_id="<3@x>", parent="<2@x>", body="Yes.", dialect="mail"),
        RawPost(key="<4@x>", native_id="<4@x>", parent="<3@x>", parent_by="subject", body="No.", dialect="mail"),
    )
    found = letters(RawThread(posts=posts, native_id="<1@x>"))
    assert [(each.key, each.parent) for each in found] == [("<2@x>", "<1@x>"), ("<3@x>", "<2@x>"), ("<4@x>", None)]


@pytest.mark.parametrize("more", [0, 1])
def test_how_many_words_are_compared(more: int) -> None:
    words = [f"w{n}" for n in range(quoted_lines.MOST + more)]
    body = f"> {' '.join(words)}\n{GATE}"
    assert bool(said("<1@x>", body).own) == (not more)


@pytest.mark.parametrize("more", [0, 1])
def test_how_much_of_a_body_is_compared(more: int) -> None:
    words = GATE.rstrip("?")
    body = " " * (LONGEST - len(words) + more) + words
    assert (shingle_digests(words.casefold().split())[-1] in unpacked_digests(said("<1@x>", body).own)) == (not more)


@pytest.mark.parametrize(("depth", "compared"), [(quoted_lines.DEEPEST, True), (quoted_lines.DEEPEST + 1, False)])
def test_how_deep_quotations_are_compared(depth: int, compared: bool) -> None:
    assert bool(said("<1@x>", f"{'>' * depth} {GATE}").quoted) == compared


@pytest.mark.parametrize(("lines", "named"), [(quoted_lines.ATTRIBUTION, True), (quoted_lines.ATTRIBUTION + 1, False)])
def test_how_many_lines_may_say_who_is_quoted(lines: int, named: bool) -> None:
    above = "\n".join(["Ada Weir", *["<ada@mill.example>"] * (lines - 2), "wrote:"])
    answer = said("<2@x>", f"{above}\n{quoting(GATE)}")
    assert ("ada weir" in answer.quoted[0].named) == named


@pytest.mark.parametrize(("lines", "named"), [(quoted_lines.HEADED, True), (quoted_lines.HEADED + 1, False)])
def test_how_long_the_header_of_a_quoted_message_may_be(lines: int, named: bool) -> None:
    above = "\n".join(["From: Ada Weir", *["To: the village"] * (lines - 1)])
    answer = said("<2@x>", f"Yes.\n{above}\n{GATE}")
    assert bool(answer.quoted[0].named) == named


@pytest.mark.parametrize("more", [0, 1])
def test_how_long_a_line_may_be_that_says_who_is_quoted(more: int) -> None:
    rest = " wrote:".rjust(quoted_lines.NAMED - len("ada weir") + more, "x")
    answer = said("<2@x>", f"Ada Weir{rest}\n{quoting(GATE)}")
    assert answer.quoted[0].named.startswith("ada") == (not more)


def test_digests_are_of_consecutive_words() -> None:
    words = GATE.split()
    assert len(shingle_digests(words)) == len(words) - SHINGLE + 1
    assert not shingle_digests(words[: SHINGLE - 1])


def test_no_post_is_below_itself() -> None:
    forest = Forest()
    assert forest.link("b", "a")
    assert forest.link("c", "b")
    assert not forest.link("a", "c")
    assert not forest.link("c", "a")
    assert forest.root("c") == "a"


def traced(key: str, parent: str | None = None, *, missing: bool = False, time: int | None = NOON) -> Trace:
    return Trace(missing, key, parent, time)


@pytest.mark.parametrize("order", [1, -1])
def test_a_post_says_itself_whom_it_answers_before_others_do(order: int) -> None:
    traces = [traced("b", "A", missing=True), traced("b", "x"), traced("x")][::order]
    assert linked_forest(traces).parents == {"b": "x"}


def test_of_links_that_form_a_cycle_the_last_is_left_out_and_the_others_stay() -> None:
    cycle = [traced("a", "b"), traced("b", "c"), traced("c", "a"), traced("d", "c"), traced("e", "d", missing=True)]
    for traces in (cycle, cycle[::-1]):
        assert linked_forest(traces).parents == {"a": "b", "b": "c", "d": "c", "e": "d"}
    assert linked_forest([traced("a", "a"), traced("b", "a")]).parents == {"b": "a"}
    # What another says of the post counts then.
    assert linked_forest([*cycle, traced("c", "z", missing=True)]).parents["c"] == "z"


@pytest.mark.parametrize("seed", range(300))
def test_links_are_those_that_are_made_one_by_one_in_order(seed: int) -> None:
    chance = random.Random(seed)
    keys = "abcdef"[: chance.randint(2, 6)]
    traces = [
        traced(
            chance.choice(keys), chance.choice([None, *keys]), missing=chance.random() < 0.3, time=chance.randrange(3)
        )
        for _ in range(chance.randint(1, 9))
    ]
    forest = Forest()
    for each in sorted(traces, key=lambda each: (each.missing, each.key, each.parent or "", each.time)):
        if each.parent is not None:
            forest.link(each.key, each.parent)
    chance.shuffle(traces)
    found = linked_forest(traces)
    assert found.parents == forest.parents
    assert [found.root(key) for key in keys] == [forest.root(key) for key in keys]


def test_a_card_decides_where_the_source_says_nothing() -> None:
    traces = [traced("a"), traced("b"), traced("c", "a")]
    forest, present = linked_forest(traces), present_posts(traces)
    assert linked_decided(forest, present, {"b": "a", "c": "b", "a": None}) == {"b": Join("a", "card")}
    assert forest.parents == {"b": "a", "c": "a"}
    assert open_posts(present, forest, {"b": "a", "a": None}) == {}


def test_open_are_posts_without_a_parent_and_missing_ones_by_their_first_answer() -> None:
    traces = [traced("a", time=NOON), traced("c", "m", time=NOON + PERIOD), traced("b", "m", time=NOON)]
    assert open_posts(present_posts(traces), linked_forest(traces), {}) == {NOON // PERIOD: {"a": "a", "m": "b"}}


@pytest.mark.parametrize("order", [1, -1])
def test_a_missing_post_is_shown_by_its_earliest_answer_with_a_time_and_only_if_it_is_open(order: int) -> None:
    traces = [
        traced("b", "m"), traced("c", "m"), traced("d", "m", time=NOON + 1), traced("a", "m", time=None),
        traced("e", "n", time=None), traced("f", "b"), traced("g", "k"), traced("k", "b", missing=True),
    ][::order]  # fmt: skip
    assert open_posts(present_posts(traces), linked_forest(traces), {}) == {NOON // PERIOD: {"m": "b"}}


@pytest.mark.parametrize(("other", "first"), [("a", "a"), ("z", "m")])
def test_missing_posts_and_those_without_a_time_are_joined_in_the_order_of_their_keys(other: str, first: str) -> None:
    present = present_posts([traced(other, time=None)])
    found = {"m": Join(other, "subject"), other: Join("m", "subject")}
    assert linked_inferred(Forest(), present, found).keys() == {first}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_copies_of_a_post_one_without_a_time_counts_as_of_1970(order: int) -> None:
    traces = [traced("a", time=None), traced("a", time=NOON)][::order]
    assert present_posts(traces) == {"a": traced("a", time=None)}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_copies_of_a_post_the_earlier_tells_its_time_in_any_order(order: int) -> None:
    traces = [traced("a", time=NOON), traced("a", time=NOON + PERIOD), traced("a", time=NOON - PERIOD, missing=True)]
    assert present_posts(traces[::order]) == {"a": traced("a", time=NOON)}


def test_what_would_be_below_itself_is_not_joined() -> None:
    present = present_posts([traced("a"), traced("b")])
    found = linked_inferred(Forest(), present, {"a": Join("b", "quotation"), "b": Join("a", "subject")})
    assert found == {"a": Join("b", "quotation")}


def test_the_windows_lie_within_the_periods_that_are_compared() -> None:
    assert evidence.WINDOW <= BEFORE * PERIOD
    assert evidence.SKEW <= AFTER * PERIOD
    assert max(evidence.SUBJECT_WINDOW, evidence.BRIEF_WINDOW, evidence.CONTINUED_WINDOW) <= evidence.WINDOW


def test_the_posts_that_are_compared_grow_with_the_posts_even_if_all_say_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []
    whole = QuotingLetter.evidence

    def counted(self: QuotingLetter, other: Letter, shared: evidence.Shared | None) -> Evidence | None:
        calls.append(other.key)
        return whole(self, other, shared)

    monkeypatch.setattr(QuotingLetter, "evidence", counted)
    counts = []
    for many in (150, 300):
        calls.clear()
        joins(*(said(f"<{n}@x>", f"{quoting(GATE)}\n{BELL}", at=NOON + n, title=f"Re: {SUBJECT}") for n in range(many)))
        counts.append(len(calls))
    assert counts[1] <= 2.5 * counts[0]


WORDS = f"{GATE} {BELL} {WEIR}".split()


@st.composite
def lists(draw: st.DrawFn) -> list[Letter]:
    chance = random.Random(draw(st.integers(0, 10**6)))
    found: list[Letter] = []
    bodies: list[str] = []
    for n in range(draw(st.integers(2, 12))):
        own = " ".join(chance.choices(WORDS, k=chance.randint(3, 20)))
        quoted = quoting(chance.choice(bodies)) + "\n" if bodies and chance.random() < 0.7 else ""
        bodies.append(f"{quoted}{own}")
        title = chance.choice([SUBJECT, f"Re: {SUBJECT}", "Hello", "Re: sluices", ""])
        who = chance.choice(["Ada Weir", "Bede Hill", ""])
        found.append(said(f"<{n}@x>", bodies[-1], who=who, at=NOON + chance.randrange(0, 40 * DAY), title=title))
    return found


@given(lists(), st.randoms(use_true_random=False))
def test_joins_do_not_depend_on_the_order_of_posts(found: list[Letter], chance: random.Random) -> None:
    def rooted(some: Sequence[Letter]) -> dict[str, Join]:
        traces = [Trace(False, each.key, each.parent, each.time) for each in some]
        answers = inferred(some, {each.key: each.key for each in some})
        return linked_inferred(linked_forest(traces), present_posts(traces), answers)

    mixed = [*found]
    chance.shuffle(mixed)
    assert rooted(mixed) == rooted(found)
    forest = Forest()
    assert all(forest.link(key, join.parent) for key, join in rooted(found).items())


def bare(key: str, **more: Any) -> Letter:
    """A letter of which only this is known."""
    known: dict[str, Any] = {
        "native": key, "parent": None, "time": NOON, "author": key, "subject": "", "was": "", "number": "", "is_answer": False,
        "missing": False, "own": b"", "quoted": (), **more,
    }  # fmt: skip
    return Letter(key=key, **known)


def run(depth: int, *digests: int, named: str = "", said_at: int = 0, answered: bool = False) -> Quoted:
    return Quoted(depth, packed_digests(digests), named, said_at, answered)


def weighed(letter: Letter, other: Letter) -> Evidence | None:
    return QuotingLetter(letter).evidence(other, shared_of(letter, other))


def test_shares_are_of_what_is_quoted_at_its_depth_first_and_last() -> None:
    quoted = (run(2, 9, 10), run(1, 1, 2, 3, 4), run(1, 7, 8, answered=True), run(1, answered=True))
    other = bare("b", own=packed_digests([1, 2, 7]), quoted=(run(1, 9), run(2, 10), run(1, 3)))
    found = weighed(bare("a", quoted=quoted), other)
    assert found is not None
    # Of eight: 1, 2 and 7 are its own words, 9 is quoted one level less deep; 10 and 3 are not where they would be.
    assert (found.quoted, found.loosely, found.first, found.last) == (4 / 8, 3 / 8, 2 / 4, 1 / 2)


def test_without_words_of_its_own_at_the_first_depth_nothing_is_quoted_as_it_was() -> None:
    found = weighed(bare("a", quoted=(run(2, 1, 2), run(1, 3))), bare("b", own=packed_digests([1, 2])))
    assert found is not None
    assert (found.quoted, found.loosely, found.first, found.last) == (0, 2 / 3, 0, 0)


def test_what_is_quoted_deeper_is_not_the_last_answer() -> None:
    letter = bare("a", quoted=(run(1, 1, 2, answered=True), run(2, 3, answered=True)))
    assert weighed(letter, bare("b", own=packed_digests([1, 2, 3]))).last == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("letter", "other", "name"),
    [
        ({}, {}, ""),
        ({"quoted": (run(1, 1, 2, named="ada wrote 11:59"),)}, {"author": "ada"}, "named"),
        ({"quoted": (run(1, 1, 2, named="ada wrote"),)}, {"author": "ada w"}, "named"),
        ({"quoted": (run(1, 1, 2, named="ada wrote"),)}, {"author": "ada weir"}, "misnamed"),
        ({"quoted": (run(1, 1, 2, named="ada wrote"),)}, {"author": ""}, "misnamed"),
        ({"quoted": (run(1, 1, 2, named="ada wrote", said_at=1),)}, {"author": "ada"}, ""),
        ({"subject": "mill"}, {"subject": "mill"}, "subject"),
        ({"subject": "mill", "number": "7"}, {"subject": "weir", "number": "7"}, "subject"),
        ({"subject": "mill"}, {"subject": "weir"}, ""),
        ({"was": "mill"}, {"subject": "mill"}, "former"),
        ({"was": ""}, {"subject": ""}, ""),
        ({"is_answer": True}, {}, "answer"),
        ({"author": "ada"}, {"author": "ada"}, "own"),
        ({"author": ""}, {"author": ""}, ""),
        ({}, {"time": NOON + 1}, "later"),
        ({}, {"time": NOON}, ""),
    ],
)
def test_what_each_piece_of_evidence_is(letter: dict[str, Any], other: dict[str, Any], name: str) -> None:
    found = weighed(bare("a", **{"quoted": (run(1, 1, 2),), **letter}), bare("b", own=packed_digests([1, 2]), **other))
    assert found is not None
    flags = ("named", "misnamed", "timed", "subject", "former", "answer", "own", "later")
    assert [flag for flag in flags if getattr(found, flag)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("own", "other", "after", "turned"),
    [
        ([5, 6, 7], [5, 6, 7], 1, True),
        ([5, 6, 7], [5, 6, 7], 0, False),
        ([5, 6, 7], [5, 6], 1, False),
        ([5, 6], [5, 6], 1, False),
        ([5, 6, 7], [8, 9, 10], 1, False),
    ],
)
def test_an_answer_is_turned_round_by_a_later_post_that_quotes_more_of_it_than_it_quotes(
    own: list[int], other: list[int], after: int, turned: bool
) -> None:
    letter = bare("a", own=packed_digests(own), quoted=(run(1, 1, 2),))
    later = bare("b", own=packed_digests([1, 2]), quoted=(run(1, other[0]), run(2, *other[1:])), time=NOON + after)
    found = weighed(letter, later)
    assert found is not None
    assert found.reversed == turned


@pytest.mark.parametrize(("own", "turned"), [([5, 6], True), ([5], False)])
def test_few_words_turn_no_answer_round(own: list[int], turned: bool) -> None:
    letter = bare("a", subject="mill", own=packed_digests(own), quoted=(run(1, 1, named="bb wrote"),))
    later = bare("b", author="bb", subject="mill", quoted=(run(1, 5, 6),), time=NOON + 1)
    assert weighed(letter, later).reversed == turned  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("named", "timed"), [("at 12:00", True), ("at 5:00", True), ("at 12:01", False), ("at noon", False)]
)
def test_a_time_is_the_same_to_the_minute_in_whatever_zone(named: str, timed: bool) -> None:
    found = weighed(bare("a", quoted=(run(1, 1, 2, named=named),)), bare("b", own=packed_digests([1, 2])))
    assert found is not None
    assert found.timed == timed


@pytest.mark.parametrize(
    ("shared", "subject", "named", "enough"),
    [(2, False, False, True), (1, False, False, False), (1, False, True, False), (1, True, False, True), (0, True, True, True),
     (0, True, False, False), (0, False, True, False)],
)  # fmt: skip
def test_how_little_is_weighed(shared: int, subject: bool, named: bool, enough: bool) -> None:
    letter = bare("a", subject="mill", quoted=(run(1, 1, 2, named="b wrote" if named else ""),))
    other = bare("b", author="bb", subject="mill" if subject else "weir", own=packed_digests([1, 2][:shared]))
    letter = replace(letter, quoted=(run(1, 1, 2, named="bb wrote" if named else ""),))
    assert (weighed(letter, other) is not None) == enough


@pytest.mark.parametrize(("time", "period"), [(0, 0), (PERIOD - 1, 0), (PERIOD, 1), (-1, -1), (None, -1_000_000)])
def test_which_period_a_time_is_in(time: int | None, period: int) -> None:
    assert period_of(time) == period


def test_a_card_decides_nothing_of_posts_that_are_not_there() -> None:
    present = present_posts([traced("a"), traced("b", missing=True), traced("c")])
    assert linked_decided(Forest(), present, {"c": "b"}) == {}
    assert linked_decided(Forest(), present, {"b": "a"}) == {}
    assert linked_decided(Forest(), present, {"c": "a"}) == {"c": Join("a", "card")}


@pytest.mark.parametrize("order", [1, -1])
def test_decisions_and_joins_that_form_a_ring_are_taken_in_one_order(order: int) -> None:
    present = present_posts([traced("a", time=NOON + 9), traced("b", time=NOON)][::order])
    decided = dict([("a", "b"), ("b", "a")][::order])
    assert linked_decided(Forest(), present, decided) == {"a": Join("b", "card")}
    found = dict([("a", Join("b", "subject")), ("b", Join("a", "quotation"))][::order])
    assert linked_inferred(Forest(), present, found) == {"b": Join("a", "quotation")}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_sources_that_differ_one_counts_in_any_order(order: int) -> None:
    traces = [traced("c", "a"), traced("c", "b"), traced("a"), traced("b")][::order]
    assert linked_forest(traces).parents == {"c": "a"}
