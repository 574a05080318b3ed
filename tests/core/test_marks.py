"""Marks of quoted passages: whole words, after the punctuation, one sign for passages that end together."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.i18n.catalogue import Catalogue
from rostra.markup import render
from rostra.render.context import Quoter
from rostra.render.folds import LEFT, LINES, WORDS, folds
from rostra.render.marks import before_space, passage_ends, past_punctuation, sign, whole_words
from rostra.render.spans import covered, parts_outside

TEXT = "The miller’s gate (the upper one) was open.”  Why?"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(5, 8, "miller"), (4, 10, "miller"), (0, 5, "The miller"), (11, 12, "s"), (13, 16, "gate"), (19, 21, "the")],
)
def test_a_mark_begins_and_ends_at_the_edge_of_a_word(start: int, end: int, words: str) -> None:
    first, last = whole_words(TEXT, start, end)
    assert TEXT[first:last] == words


@pytest.mark.parametrize(("end", "shown"), [(32, "one)"), (42, "open.”"), (50, "Why?"), (10, "miller’")])
def test_a_sign_follows_the_punctuation(end: int, shown: str) -> None:
    assert TEXT[: past_punctuation(TEXT, end)].endswith(shown)


@pytest.mark.parametrize("spaces", [0, 1, 2])
def test_a_sign_is_never_after_a_space(spaces: int) -> None:
    said = TEXT.index("”") + 1
    assert before_space(TEXT, said + spaces) == said
    assert before_space(" \n", 2) == 0


RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple)).map(sorted)


@given(RANGES, st.integers(0, 30), st.integers(0, 30))
def test_what_is_covered_and_what_is_outside(ranges: list[tuple[int, int]], start: int, end: int) -> None:
    inside = {n for a, b in ranges for n in range(a, b)} & set(range(start, end))
    assert covered(ranges, start, end) == len(inside)
    left = [n for a, b in parts_outside(start, end, ranges) for n in range(a, b)]
    assert left == sorted(set(range(start, end)) - inside)


def mail(quoted: int, signature: int) -> str:
    lines = "\n".join(f"> word{n} and" for n in range(quoted // 2))
    signed = "\n".join(f"line {n}" for n in range(signature))
    return f"I agree.\n\nOn Monday Ada wrote:\n{lines}\n" + (f"-- \n{signed}\n" if signature else "")


@pytest.mark.parametrize(
    ("quoted", "signature", "said"),
    [
        (WORDS, 0, [f"Quotation, {WORDS} words"]),
        (WORDS - 2, 0, []),
        (2, LINES + 1, ["Signature"]),
        (2, LINES, []),
        (WORDS, LINES + 1, [f"Quotation, {WORDS} words"]),
    ],
)
def test_what_is_repeated_is_folded_and_named(quoted: int, signature: int, said: list[str]) -> None:
    body = render(mail(quoted, signature), "mail")
    assert [words for _, _, words in folds(body, Catalogue())] == said


def test_a_quotation_above_its_answer_is_not_folded() -> None:
    body = render("On Monday Ada wrote:\n" + "> word and\n" * WORDS + "\nI agree.\n", "mail")
    assert list(folds(body, Catalogue())) == []


@pytest.mark.parametrize(("count", "said"), [(LEFT - 1, []), (LEFT, [f"Quotation, {LEFT} words"])])
def test_a_very_long_quotation_below_an_answer_is_folded_though_nobody_is_named(count: int, said: list[str]) -> None:
    quoted = "> " + "word " * (count - 6) + "\n>\n> On Monday Ada wrote:\n>> one\n>> two\n>\n"
    body = render(f"I agree.\n\n{quoted}", "mail")
    assert [words for _, _, words in folds(body, Catalogue())] == said
    for first, last, _ in folds(body, Catalogue()):
        tags = [tag for _, tag in body.tags[first : last + 1]]
        assert (tags[0], tags[-1]) == ("<blockquote>", "</blockquote>")
    assert list(folds(render(f"{quoted}\nI agree.", "mail"), Catalogue())) == []


LETTER = "On Monday Bede wrote:\n> The key?\n\nIt hangs by the door.\n\n-- \nAda\nThe Weir\n"


def named(*passages: tuple[str, str]) -> list[tuple[str, str]]:
    """The links of quotations of a letter, given as the words that each quotes, with the words before which each is named."""
    body = render(LETTER, "mail")
    quoters = []
    for href, words in passages:
        start = body.text.index(words)
        quoters.append(Quoter("p-2", href, "", "", None, ((start, start + len(words)),)))
    return [(body.text[:end].rpartition("\n")[2], each.href) for end, each in passage_ends(body, quoters)]


def test_a_quotation_is_named_at_words_of_the_author() -> None:
    wrote, own = "On Monday Bede wrote:", "It hangs by the door."
    assert named(("#p-2-q1", "hangs by the door")) == [(own, "#p-2-q1")]
    text = render(LETTER, "mail").text
    both = text[text.index(own) : text.index("Ada") + 3]
    assert named(("#p-2-q1", both)) == [(own, "#p-2-q1")], "not after the signature"
    assert named(("#p-2-q1", wrote), ("#p-2-q2", own)) == [(own, "#p-2-q2"), (own, "#p-2-q1")]
    assert named(("#p-2-q1", wrote), ("#p-3-q1", own)) == [(wrote, "#p-2-q1"), (own, "#p-3-q1")], (
        "somebody else quotes that"
    )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("See", "See"),
        ("the", "the upper gate"),
        ("upper", "the upper gate"),
        ("the upper gate", "the upper gate"),
        ("now", "now"),
    ],
)
def test_quotations_of_words_within_a_link_are_named_behind_it(words: str, shown: str) -> None:
    """Their signs are there, so that those of one link are one."""
    body = render("See [the upper gate](https://mill.example/) now.", "markdown")
    start = body.text.index(words)
    quoter = Quoter("p-2", "#p-2-q1", "", "", None, ((start, start + len(words)),))
    ((end, _),) = passage_ends(body, [quoter])
    assert body.text[:end].rstrip(".").endswith(shown)


def test_a_post_that_quotes_a_passage_several_times_has_one_line() -> None:
    quoters = [
        Quoter(post, f"#{post}-q{n}", f"Ada, in {post}", f"Quoted by Ada, in {post}", None, ((0, 9),))
        for post, n in (("p-2", 1), ("p-3", 1), ("p-2", 2), ("p-2", 3))
    ]
    html = sign(quoters, "p-1-b9", Catalogue("en"))
    assert 'data-count="4"' in html
    assert 'aria-label="quoted 4 times"' in html
    lines = html.partition("popover>")[2].split("<br>")
    assert [re.findall('href="([^"]+)" title="([^"]+)"', line) for line in lines] == [
        [("#p-2-q1", "Ada, in p-2"), ("#p-2-q2", "2"), ("#p-2-q3", "3")],
        [("#p-3-q1", "Ada, in p-3")],
    ]
    assert "<button" not in sign(quoters[:1], "p-1-b9", Catalogue("en"))
