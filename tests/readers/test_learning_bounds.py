"""Each bound of the learning of layouts, at it and past it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from rostra.readers.copied import reading
from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import PageLayout, TemplateLine, prepared, template
from rostra.readers.copied.learning import anchors, gaps, learn, line_keys, sides, splits, word_tokens, wording
from rostra.readers.copied.learning.anchors import anchor_groups, label
from rostra.readers.copied.learning.candidates import Learned
from rostra.readers.copied.learning.learn import learned_layouts
from rostra.readers.copied.learning.openings import opening_head
from support.copied_threads import read

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = [f"{a}{b}{a}" for a in LETTERS for b in LETTERS]


def layout(written: str) -> PageLayout:
    return PageLayout(templates=(template(written),))


# Anchors


@pytest.mark.parametrize(("many", "groups"), [(2, 0), (3, 1)])
def test_three_times_are_a_group(many: int, groups: int) -> None:
    assert anchors.FEWEST == 3
    assert len(anchor_groups(prepared(["1h"] * many))) == groups


@pytest.mark.parametrize(("length", "groups"), [(100, 1), (101, 0)])
def test_a_line_that_says_when_is_no_longer_than_its_bound(length: int, groups: int) -> None:
    lines = prepared(["2 days ago " + "a" * (length - 2)] * 3)
    assert len(lines[0].masked) == length
    assert len(anchor_groups(lines)) == groups


@pytest.mark.parametrize(("length", "found"), [(30, "a" * 30), (31, "")])
def test_a_label_is_no_longer_than_its_bound(length: int, found: str) -> None:
    assert label(prepared(["a" * length])[0]) == found


@pytest.mark.parametrize(("many", "labelled"), [(10, True), (11, False)])
def test_a_label_is_beside_a_share_of_all_times(many: int, labelled: bool) -> None:
    above = ["posted"] * 3 + [f"Words of {WORDS[n]}." for n in range(many - 3)]
    lines = prepared([line for each in above for line in (each, "1h", f"Under {each}, it is.")])
    found = anchor_groups(lines)
    assert [len(group) for group in found] == [many, many - 3, *([3] if labelled else [])]


def test_the_commonest_wordings_are_tried() -> None:
    lines = prepared([f"{WORDS[n]} 1h" for n in range(20) for _ in range(3 + (n == 19))])
    found = anchor_groups(lines)
    assert len(found) == anchors.TRIED
    assert len(found[0]) == len(lines)


# Wordings


def named(lines: Sequence[str]) -> str | None:
    found = wording.worded(prepared(list(lines)))
    return found and found.item.pattern


@pytest.mark.parametrize(("others", "alike"), [(1, True), (2, False)])
def test_nearly_all_lines_are_worded_alike(others: int, alike: bool) -> None:
    lines = [f"{WORDS[n]} said {n + 1}h" for n in range(10 - others)] + [
        f"{n + 1}h, {WORDS[n + 20]}, oh" for n in range(others)
    ]
    assert (named(lines) == "{author} said {time}") is alike


@pytest.mark.parametrize(("most", "found"), [(1, "{author} said {time} {?edited}"), (0, None)])
def test_few_parts_of_a_wording_may_be_absent(most: int, found: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MOST_ABSENT", most)
    assert named([f"{WORDS[n]} said {n + 1}h{' edited' * (n % 2)}" for n in range(10)]) == found


@pytest.mark.parametrize(("most", "found"), [(1, "{author} {time} beside {?{any}} so"), (0, None)])
def test_few_places_of_a_wording_have_any_words(most: int, found: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MOST_FREE", most)
    assert named([f"{WORDS[n]} {n + 1}h beside {WORDS[n + 20]} {WORDS[n + 40]} so" for n in range(10)]) == found


@pytest.mark.parametrize(("many", "found"), [(3, 3), (4, 0)])
def test_words_behind_numbers_are_few(many: int, found: int) -> None:
    tokens = [[word_tokens.WordToken("1", 0), word_tokens.WordToken(WORDS[n], 0)] for n in range(many)]
    assert len(word_tokens._units(tokens)) == found


@pytest.mark.parametrize(("names", "badges"), [(3, 1), (2, 0)])
def test_a_badge_is_beside_different_names(names: int, badges: int) -> None:
    badge = word_tokens.WordToken("op", 0)
    alone = [[word_tokens.WordToken(WORDS[n], 0)] for n in range(20, 30)]
    tokens = [[word_tokens.WordToken(WORDS[n % names], 0), badge] for n in range(6)]
    assert len(word_tokens._badges([*alone, *tokens])) == badges


@pytest.mark.parametrize(("alone", "badges"), [(6, 1), (5, 0)])
def test_most_names_beside_a_badge_are_without_it(alone: int, badges: int) -> None:
    badge = word_tokens.WordToken("op", 0)
    tokens = [[word_tokens.WordToken(WORDS[n], 0), *([badge] if n >= alone else [])] for n in range(10)]
    assert len(word_tokens._badges(tokens)) == badges


@pytest.mark.parametrize(("wrong", "ordered"), [(1, True), (2, False)])
def test_few_lines_have_words_in_another_order(wrong: int, ordered: bool) -> None:
    one, two = word_tokens.WordToken("one", 0), word_tokens.WordToken("two", 0)
    tokens = [[two, one] if n < wrong else [one, two] for n in range(10)]
    assert word_tokens.ordered_words(tokens, {one: 10, two: 10}) == ([one, two] if ordered else None)


def constant(lines: Sequence[str], word: str, least: float = 2) -> bool:
    """Whether a word of lines is the page's."""
    tokens = [word_tokens.line_tokens(line).tokens for line in lines]
    return any(token.text == word for token in word_tokens.constant_words(tokens, least))


@pytest.mark.parametrize(("least", "found"), [(3, True), (4, False)])
def test_a_mark_of_the_page_is_in_enough_lines(least: int, found: bool) -> None:
    assert constant([f"{WORDS[n]} {':' if n < 3 else ''}" for n in range(9)], ":", least) is found


@pytest.mark.parametrize(("many", "found"), [(9, True), (8, False)])
def test_a_word_beside_one_name_is_the_page_s_only_in_nearly_all_lines(many: int, found: bool) -> None:
    assert constant(["ada said" if n < many else WORDS[n] for n in range(10)], "said") is found


@pytest.mark.parametrize(("alone", "found"), [(1, True), (2, False)])
def test_a_word_of_the_page_is_rarely_alone(alone: int, found: bool) -> None:
    lines = ["said" if n < alone else f"{WORDS[n]} said" if n < 40 else WORDS[n] for n in range(50)]
    assert constant(lines, "said") is found


@pytest.mark.parametrize(("bare", "found"), [(60, True), (59, False)])
def test_a_word_may_be_alone_where_most_lines_have_none(bare: int, found: bool) -> None:
    assert constant([":"] * bare + ["said"] * (100 - bare), "said") is found


@pytest.mark.parametrize(("names", "found"), [(3, True), (2, False)])
def test_a_word_of_the_page_is_beside_different_names(names: int, found: bool) -> None:
    lines = [f"{WORDS[n % names]} said" if n < 8 else WORDS[n + 9] for n in range(10)]
    assert constant(lines, "said") is found


@pytest.mark.parametrize(
    ("words", "numbers", "total", "shown"),
    [
        (1, 0, 10, " {?{any}}"), (1, 0, 11, ""), (5, 6, 10, " {?{any}} {?{number}}"), (5, 5, 10, " {?{any}}"),
        (1, 1, 10, " {?{any}}"), (0, 1, 10, " {?{number}}"), (0, 10, 10, " {number}"),
    ],
)  # fmt: skip
def test_words_and_numbers_between_those_of_the_page_are_shown_past_their_shares(
    words: int, numbers: int, total: int, shown: str
) -> None:
    free = wording._Free(Counter({0: words}), Counter({0: numbers}), Counter(), Counter())
    assert wording._between(0, None, [word_tokens.WordToken("so", 0)], free, total, " so") == shown


# Lines between anchors


def side(between: Sequence[Sequence[str]], usual: Sequence[str] = ()) -> sides.Side:
    """The side below the anchors; each gap has these lines."""
    lines = prepared([line for gap in between for line in ("1h", *gap)] + ["1h"])
    at = [n + 1 for n, line in enumerate(lines[:-1]) if line.text == "1h"]
    return sides.Side(lines, at, [*(n - 1 for n in at[1:]), len(lines) - 1], 1, frozenset(usual))


def taken(between: Sequence[Sequence[str]], *, is_named: bool = True) -> list[str]:
    found = side(between)
    gaps.extend(found, named=is_named)
    return list(map(str, found.items))


def said(n: int) -> str:
    return f"So {WORDS[n]} said {WORDS[n + 30]}, and {WORDS[n + 60]} heard."


@pytest.mark.parametrize(("many", "items"), [(6, ["answer it"]), (5, [])])
def test_a_line_of_the_page_is_in_most_gaps_that_have_lines(many: int, items: list[str]) -> None:
    assert taken([["Answer it", said(n)] if n < many else [] for n in range(10)]) == items


@pytest.mark.parametrize(("many", "optional"), [(9, ""), (8, "? ")])
def test_a_line_that_few_gaps_lack_is_required(many: int, optional: str) -> None:
    found = taken([["Answer it", said(n)] if n < many else [said(n)] for n in range(10)])
    assert found == [f"{optional}answer it"]


@pytest.mark.parametrize(("length", "many", "items"), [(60, 8, 1), (61, 8, 0), (250, 9, 1), (251, 9, 0)])
def test_a_line_of_the_page_is_no_longer_than_its_bound(length: int, many: int, items: int) -> None:
    assert len(taken([["a" * length, said(n)] if n < many else [said(n)] for n in range(10)])) == items


@pytest.mark.parametrize(("repeated", "poorer"), [(3, True), (2, False)])
def test_a_line_that_names_further_on_determine_is_no_name(repeated: int, poorer: bool) -> None:
    people = [*range(6), *range(repeated)]
    between = [[WORDS[n % 4], WORDS[30 + n], said(k)] for k, n in enumerate(people)]
    assert gaps._Step(side(between), named=False).is_poorer is poorer


@pytest.mark.parametrize(("many", "items"), [(5, 1), (4, 0)])
def test_a_sentence_of_the_page_is_in_enough_posts(many: int, items: int) -> None:
    assert len(taken([["Was it good?", said(n)] for n in range(many)])) == items


@pytest.mark.parametrize(("speaking", "items"), [(19, ["{author}"]), (18, [])])
def test_names_are_above_something_that_is_said(speaking: int, items: list[str]) -> None:
    assert taken([[WORDS[n], *([said(n)] if n < speaking else [])] for n in range(20)], is_named=False) == items


@pytest.mark.parametrize(("many", "items"), [(3, ["? op", "{author}"]), (2, ["{author}"])])
def test_a_line_that_may_be_absent_is_in_a_share_of_the_gaps(many: int, items: list[str]) -> None:
    between = [[*(["OP"] if n < many else []), WORDS[n], said(n)] for n in range(100)]
    assert taken(between, is_named=False) == items


def rare(each: str, expected: str, count: int, same: int, total: int) -> bool:
    return gaps._Step(side([[said(0)], [said(1)]]), named=True).is_rare(each, expected, count, same, total)


@pytest.mark.parametrize(
    ("each", "expected", "count", "same", "total", "found"),
    [
        ("so be it", "words", 6, 6, 40, True), ("so be it", "words", 5, 5, 40, False), ("so be it", "words", 4, 4, 10, True),
        ("so be it", "words", 3, 3, 10, False), ("so be it", "words", 10, 6, 40, True), ("so be it", "words", 10, 5, 40, False),
        ("edited", "words", 2, 2, 40, True), ("edited", "words", 1, 1, 40, False), ("miller", "number", 10, 10, 40, True),
        ("miller", "number", 10, 9, 40, False), ("0 replies 0", "number", 10, 9, 40, True), ("0 replies 0", "number", 10, 8, 40, False),
        ("edit: {any}", "words", 10, 10, 40, False), ("town: {any}", "number", 10, 10, 40, True),
    ],
)  # fmt: skip
def test_what_is_rare_is_the_page_s_past_each_share(
    each: str, expected: str, count: int, same: int, total: int, found: bool
) -> None:
    assert rare(each, expected, count, same, total) is found


@pytest.mark.parametrize(
    ("own", "beyond", "named", "poorer"),
    [(4, 9, 30, True), (4, 8, 30, False), (1, 4, 30, True), (1, 3, 30, False), (4, 9, 27, True), (4, 9, 26, False)],
)
def test_a_line_is_no_name_where_names_further_on_differ_twice_as_much(
    own: int, beyond: int, named: int, poorer: bool
) -> None:
    between = [[WORDS[n // 3 % own], WORDS[30 + n % beyond] if n < named else "2 of them", said(n)] for n in range(30)]
    assert gaps._Step(side(between), named=False).is_poorer is poorer


@pytest.mark.parametrize(("ahead", "poorer"), [(5, True), (6, False)])
def test_names_are_looked_for_a_few_lines_further(ahead: int, poorer: bool) -> None:
    between = [
        ["clerk" if n % 2 else "miller", *[said(n + 30 * k) for k in range(ahead - 1)], WORDS[n]] for n in range(20)
    ]
    assert gaps._Step(side(between), named=False).is_poorer is poorer


def test_a_page_has_a_bounded_number_of_lines_at_one_end() -> None:
    between = [[*(f"button {WORDS[k]}" for k in range(gaps.LINES + 5)), said(n)] for n in range(4)]
    assert len(taken(between)) == gaps.LINES


@pytest.mark.parametrize(("many", "items"), [(6, ["answer it"]), (5, [])])
def test_something_is_left_where_a_line_of_the_page_is_taken(many: int, items: list[str]) -> None:
    assert taken([["Answer it", *([said(n)] if n < many else [])] for n in range(10)]) == items


@pytest.mark.parametrize(("many", "first"), [(2, "answer it"), (3, "? edited")])
def test_what_is_rare_is_taken_first_unless_nearly_all_have_the_usual_line(many: int, first: str) -> None:
    between = [[*(["Edited"] if n < many else []), "Answer it", said(n)] for n in range(20)]
    assert taken(between)[0] == first


@pytest.mark.parametrize(("many", "first"), [(3, "? edited"), (4, None)])
def test_a_few_changes_are_taken_before_the_names_that_they_hide(many: int, first: str | None) -> None:
    between = [[*(["Edited"] if n < many else []), WORDS[n % 7], said(n)] for n in range(20)]
    step = gaps._Step(side(between), named=False)
    assert (str(step.side.items[0]) if step._take_edited() else None) == first


def test_what_is_behind_a_label_may_be_a_name() -> None:
    between = [[f"Message {n}: by {WORDS[n % 9]}", f"Photo of {WORDS[n % 9]}", said(n)] for n in range(20)]
    assert not gaps._Step(side(between), named=False).is_poorer


@pytest.mark.parametrize(("length", "items"), [(60, 2), (61, 1)])
def test_a_line_that_may_be_absent_is_no_longer_than_its_bound(length: int, items: int) -> None:
    between = [[*(["a" * length] if n < 3 else []), WORDS[n], said(n)] for n in range(100)]
    assert len(taken(between, is_named=False)) == items


def answering(between: Sequence[Sequence[str]]) -> int:
    """In how many gaps the lower of two names is answered."""
    lines = prepared([line for gap in between for line in (*gap, "1h")])
    ends = [-1, *(n for n, line in enumerate(lines) if line.text == "1h")]
    above = sides.Side(lines, [n - 1 for n in ends[1:]], ends[:-1], -1, frozenset())
    return len(gaps._Step(above, named=False)._answering())


@pytest.mark.parametrize(("people", "answered"), [(3, 9), (2, 0)])
def test_nearly_all_posts_may_answer_people_who_wrote_further_up(people: int, answered: int) -> None:
    names = [WORDS[min(max(0, n - 1), people - 1)] for n in range(10)]
    assert answering([[said(n), WORDS[n], names[n]] for n in range(10)]) == (10 if answered else 0)


@pytest.mark.parametrize(("stacked", "answered"), [(9, 9), (10, 0)])
def test_some_posts_answer_nobody(stacked: int, answered: int) -> None:
    assert answering([[said(n), WORDS[n], *([WORDS[0]] if n < stacked else [])] for n in range(10)]) == answered


@pytest.mark.parametrize(("known", "answered"), [(3, 3), (2, 0)])
def test_most_of_those_who_are_answered_write_too(known: int, answered: int) -> None:
    below = [[WORDS[9]] if n < known else [WORDS[40 + n]] if n < 5 else [] for n in range(10)]
    assert answering([[said(n), WORDS[n], *below[n]] for n in range(10)]) == answered


@pytest.mark.parametrize(
    ("total", "named", "speaking", "is_taken"),
    [(10, 9, 10, True), (10, 8, 10, False), (20, 20, 19, True), (20, 20, 18, False)],
)
def test_a_shown_name_is_beside_nearly_all_accounts_and_above_words(
    total: int, named: int, speaking: int, is_taken: bool
) -> None:
    between = [[WORDS[n] if n < named else "2 of them", *([said(n)] if n < speaking else [])] for n in range(total)]
    found = side(between)
    found.items, found.authors = [TemplateLine("@{author}")], [f"a{n}" for n in range(total)]
    assert gaps._Step(found, named=True)._take_shown_name() is is_taken


# Templates


@pytest.mark.parametrize(("evidence", "certain"), [((3, 1), True), ((2, 1), False), ((1, 3), True), ((1, 2), False)])
def test_what_speaks_for_a_head_is_more_than_chance(
    monkeypatch: pytest.MonkeyPatch, evidence: tuple[int, int], certain: bool
) -> None:
    monkeypatch.setattr(splits, "_evidence", lambda *_: evidence)
    lines = prepared([line for n in range(4) for line in (WORDS[n], "wrote 1h", said(n), "Answer it")])
    circle = splits.Circle((TemplateLine("answer it"), TemplateLine("{author}"), TemplateLine("wrote {time}")), 2)
    assert splits.split(lines, [1, 5, 9, 13], circle)[1] is certain


@pytest.mark.parametrize(("apart", "sign"), [(8, -2), (7, 0)])
def test_most_heads_are_set_apart(apart: int, sign: int) -> None:
    text = [line for n in range(12) for line in (*([""] if 1 <= n <= apart else []), "wrote 1h", said(n))]
    lines = prepared(text)
    circle = splits.Circle((TemplateLine("wrote {time}"),), 0)
    assert splits._spaced(lines, list(range(0, 24, 2)), circle) == sign


@pytest.mark.parametrize(("apart", "begins"), [(8, True), (7, False)])
def test_space_above_most_names_shows_that_they_begin_a_post(apart: int, begins: bool) -> None:
    text = [line for n in range(11) for line in ("1h", "Answer it", *([""] if n < apart else []), WORDS[n], said(n))]
    lines = prepared(text)
    circle = splits.Circle((TemplateLine("{time}"), TemplateLine("answer it"), TemplateLine("{author}")), 0)
    anchors = [n for n, line in enumerate(lines) if line.text == "1h"]
    assert splits._begins(lines, anchors, circle) is begins


def test_names_with_space_on_both_sides_begin_nothing() -> None:
    lines = prepared([line for n in range(11) for line in ("1h", "", WORDS[n], "", said(n))])
    circle = splits.Circle((TemplateLine("{time}"), TemplateLine("{author}")), 0)
    assert not splits._begins(lines, list(range(0, 33, 3)), circle)


def test_a_line_that_says_since_when_with_a_time_of_its_own_is_beside_the_time_of_the_post() -> None:
    text = [
        line
        for n in range(6)
        for line in (WORDS[n], "12 posts since 4 Mar 2001", f"{n + 1} hours ago", said(n), "Answer it", "")
    ]
    best = max(learned_layouts(prepared(text)), key=lambda each: each.score)
    assert "{time}" in [item.pattern for item in best.layout.templates[0].items]
    label = [
        line for n in range(6) for line in (WORDS[n], "Member since", f"{n + 1} hours ago", said(n), "Answer it", "")
    ]
    assert list(learned_layouts(prepared(label))) == []


def test_a_layout_is_worth_the_lines_that_it_explains_less_what_it_costs() -> None:
    def score(answers: int) -> float:
        text = [
            line
            for n in range(10)
            for line in (WORDS[n], "wrote 1h", said(n), *("[answer]", "[share]", "[flag]")[:answers])
        ]
        return max(learned_layouts(prepared(text)), key=lambda each: each.score).score

    # Nine gaps have one line more each, for the cost of one item.
    assert score(2) - score(1) == 9 - learn.COST


def test_an_anchor_with_any_words_is_worth_less() -> None:
    def learned(places: int) -> Learned:
        text = [f"{WORDS[n]} in {WORDS[30 + n % places]} {n + 1}h\n{said(n)}" for n in range(10)]
        return max(learned_layouts(prepared("\n".join(text).split("\n"))), key=lambda each: each.score)

    one, ten = learned(1), learned(10)
    (worded, loose) = (str(each.layout.templates[0].items[0]) for each in (one, ten))
    assert worded.count("{any}") == 0
    assert loose.count("{any}") == 1
    assert one.score - ten.score == pytest.approx(10 * learn.LOOSE)


@pytest.mark.parametrize(("others", "better"), [(4, False), (6, True)])
def test_an_anchor_with_any_words_is_taken_if_it_finds_a_quarter_more_posts(others: int, better: bool) -> None:
    heads = [*["ada wrote 1h"] * 20, *["ada quoth 1h"] * others]
    lines = prepared("\n".join(f"{head}\n{said(n)}" for n, head in enumerate(heads)).split("\n"))
    loose, worded = (cut(lines, layout(f"{{author}} {words} {{time}}\n{{body}}")) for words in ("{any}", "wrote"))
    assert loose
    assert worded
    # The lines that the other layout refuses are no cost here: what is compared are the anchors.
    assert (reading._value(loose) > reading._value(replace(worded, refused=()))) is better


@pytest.mark.parametrize(("people", "costs"), [(1, 0), (2, 1), (10, 9)])
def test_each_name_more_costs_a_layout_a_tenth_of_a_line(people: int, costs: int) -> None:
    lines = prepared("\n".join(f"ada\n{WORDS[n % people]}\n1h\n{said(n)}" for n in range(10)).split("\n"))
    one, several = (
        cut(lines, layout(f"{head}\n{{time}}\n{{body}}")) for head in ("{author}\n{any}", "{any}\n{author}")
    )
    assert one
    assert several
    assert reading._value(one) - reading._value(several) == pytest.approx(reading.NAMED * costs)
    assert pytest.approx(0.1) == reading.NAMED


# Cutting


@pytest.mark.parametrize(
    ("behind", "speaks"), [("by day.", False), ("by the day.", True), (" by" * 8, False), (" by" * 9, True)]
)
def test_few_words_of_the_page_are_behind_a_time_and_fewer_with_a_full_stop(behind: str, speaks: bool) -> None:
    assert learn._speaks(prepared([f"Ada 3 days ago {behind}"])[0]) is speaks


@pytest.mark.parametrize(("others", "kept"), [(1, 9), (2, 10)])
def test_nearly_all_anchors_have_an_account(others: int, kept: int) -> None:
    lines = prepared([f"{'' if n < others else '@'}{WORDS[n]} 3 days ago" for n in range(10)])
    assert len(learn._with_accounts(lines, list(range(10)), TemplateLine("{author} {time}"))) == kept


@pytest.mark.parametrize(("many", "items"), [(7, 1), (5, 0)])
def test_a_sentence_with_the_author_s_own_name_is_the_page_s_in_most_gaps(many: int, items: int) -> None:
    between = [[f"Picture of {WORDS[n]}." if n < many else f"So {n} it is, then.", said(n)] for n in range(10)]
    found = side(between)
    found.authors = WORDS[:10]
    gaps.extend(found, named=True)
    assert len(found.items) == items


def test_a_long_thread_is_learned_where_an_early_line_is_worded_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "SAMPLE", 20)
    posts = [f"Post by {WORDS[n]} » 3 May 2020, 10:{n:02}\nSo {WORDS[n]} {n} said it.\nTop\n" for n in range(25)]
    posts[7] = "They say: 3 May 2020, 10:07\nSo they said.\nTop\n"
    lines = prepared("".join(posts).split("\n"))
    assert max(len(found.records) for each in learned_layouts(lines) if (found := cut(lines, each.layout))) >= 24


def test_the_first_name_is_one_that_writes_elsewhere() -> None:
    layout = PageLayout(templates=(template("? Rank {any}\n{author}\n{body}\nAnswer {time}"),))
    text = [
        "Rank 1",
        "Home",
        "Bede",
        "Mine.",
        "Answer 1h",
        "Ada",
        "Yours.",
        "Answer 2h",
        "Bede",
        "Nobody's.",
        "Answer 3h",
    ]
    found = cut(prepared(text), layout)
    assert found is not None
    assert [record.held.get("author") for record in found.records] == ["Bede", "Ada", "Bede"]


# Choosing


@pytest.mark.parametrize(("shown", "posts"), [(6, 8), (7, 7)])
def test_a_layout_of_names_and_times_alone_is_taken_where_single_headers_miss_a_quarter_of_the_posts(
    shown: int, posts: int, tmp_path: Path
) -> None:
    page = "".join(
        f"{WORDS[n]}\n{n + 2} hours ago\nThe wheel turned, {n}.\n\n" if n < shown else f"{WORDS[n]}\n  {n + 2}:15 PM\nThe wheel turned, {n}.\n\n"
        for n in range(8)
    )  # fmt: skip
    (tmp_path / "mill.txt").write_text(page)
    thread = read(tmp_path / "mill.txt")
    assert sum(post.author is not None or post.created_text is not None for post in thread.posts) == posts


# Anchors, openings, ranks


@pytest.mark.parametrize(("above", "kept"), [("Opened by nobody 3d", 11), ("Opened 3d", 10)])
def test_a_line_at_the_end_of_the_anchors_lacks_a_few_of_their_words(above: str, kept: int) -> None:
    lines = prepared([above, *(f"Comment by {WORDS[n]} 3d" for n in range(10))])
    assert len(learn._without_page(lines, list(range(11)))) == kept


@pytest.mark.parametrize(("other", "shapes"), [(4, 2), (3, 0)])
def test_times_have_several_shapes_if_each_is_in_a_share_of_the_anchors(other: int, shapes: int) -> None:
    lines = prepared([f"{n}y" for n in range(1, other + 1)] + [f"Mar {n}, 2024" for n in range(1, 10)])
    assert len(anchors._of_shapes(lines, range(len(lines)))) == shapes


def test_the_head_of_an_opening_has_a_known_name_and_a_time_as_the_others_have() -> None:
    def head(line: str, words: str = "answered") -> str | None:
        item = TemplateLine(f"{{author}} {words} {{time}}")
        found = opening_head(prepared([line, "So?", "Bede answered 3d"]), 2, item, {"Ada", "Ada Weir"})
        return found.item.pattern if found else None

    assert head("Ada Weir asked 4d") == "{author} asked {time}"
    assert head("Cy asked 4d") is None
    assert head("Ada asked 4 March 2024") is None
    assert head("Adalbert asked 4d") is None
    assert head("Ada 4d") is None
    assert head("Esk answered 4d (6 answers)") == "{author} answered {time} {any}"
    assert head("Esk 4d (6 answers)", "") is None


@pytest.mark.parametrize(
    ("key", "found"),
    [("town: ripon", "town: {any}"), ("posts: 0", "posts: 0"), ("so: he went. and", "so: he went. and")],
)
def test_a_label_is_all_that_lines_with_values_share(key: str, found: str) -> None:
    assert line_keys.labelled(key) == found


@pytest.mark.parametrize(("length", "is_short"), [(60, True), (61, False)])
def test_a_line_with_a_label_is_no_longer_than_its_bound(length: int, is_short: bool) -> None:
    key = "town: " + "r" * (length - 6)
    assert (line_keys.labelled(key) != key) is is_short
