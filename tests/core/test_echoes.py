"""Hidden words are found again by runs of six, or of three within a quotation: one less is nobody's."""

from __future__ import annotations

import pytest

from rostra.markup import render
from rostra.model import Block, Body
from rostra.privacy.repeated_text import Echoes, RepeatedRun

HIDDEN = "The miller hid seven golden rings beneath the oldest willow by the weir."


def hidden(text: str, *secrets: str, dialect: str = "markdown") -> list[str]:
    echoes = Echoes()
    for secret in secrets or (HIDDEN,):
        echoes.learn(secret, "rule")
    body = render(text, dialect)  # type: ignore[arg-type]
    found = list(echoes.spans(body))
    assert {label for *_, label in found} <= {"rule"}
    return [body.text[start:end] for start, end, _ in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I know: miller hid seven golden rings, they say.", []),
        ("I know: miller hid seven golden rings beneath, they say.", ["miller hid seven golden rings beneath"]),
        ("Miller HID “seven” golden… rings, Beneath!", ["Miller HID “seven” golden… rings, Beneath"]),
        ("miller hid\nseven golden\nrings beneath", ["miller hid\nseven golden\nrings beneath"]),
        ("miller hid *seven* golden **rings** beneath", ["miller hid seven golden rings beneath"]),
        ("miller hid se\u00adven golden rings be\u200bneath", ["miller hid se\u00adven golden rings be\u200bneath"]),
        ("miller hid seven golden rings above", []),
        ("miller hid seven silver golden rings beneath the", []),
    ],
)
def test_six_words_in_a_row_are_hidden_and_five_stay(text: str, found: list[str]) -> None:
    # Stretches go on to the next line of a paragraph, and blocks are divided later.
    assert [" ".join(each.split()) for each in hidden(text)] == [" ".join(each.split()) for each in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        # The commonest words say little, so that more of them are needed: eight of any kind.
        ("it was in the end of the", False),
        ("it was in the end of the day", True),
        # Six that say 45 bits between them, and six that say less.
        ("the of to and a in is it", True),
        ("the of to and a in is", False),
        ("of the miller and to in", False),
        ("of the miller rings and willow", True),
        ("of the miller rings and to", False),
    ],
)
def test_common_words_count_for_less(words: str, found: bool) -> None:
    assert bool(hidden(f"Xyz {words} zyx", f"Abc {words} cba")) == found


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        # Half of a quotation in runs of three is enough: here three of six words, and three of seven.
        ("seven golden rings or so said", True),
        ("seven golden rings or so somebody said", False),
        # Two words are no run.
        ("golden rings", False),
        ("golden rings maybe", False),
    ],
)
def test_half_of_a_quotation_hides_all_of_it(quoted: str, found: bool) -> None:
    assert hidden(f"Mine.\n\n> {quoted}\n\nMine too.") == ([quoted] if found else [])
    assert hidden(f"He said “{quoted}” to me.") == ([quoted] if found else [])
    assert hidden(f"He said that {quoted} to me.") == []


def test_a_short_text_is_hidden_where_it_is_quoted_whole() -> None:
    assert hidden("> Not me.\n\nNot me.", "Not me") == ["Not me"]
    assert hidden("> Not me, no.", "Not me") == []
    assert hidden("> Not me.", "Not me", "golden") == ["Not me"]


def test_what_is_known_to_be_another_s_needs_whole_runs() -> None:
    echoes = Echoes()
    echoes.learn(HIDDEN, 1)
    body = render("> seven golden rings or\n\n> the miller hid seven golden rings or", "markdown")
    (first, *_), whole = body.blocks, [(0, len(body.text))]
    assert [each[:2] for each in echoes.spans(body, [(first.start, first.end)])] == [(first.end + 2, len(body.text))]
    assert [body.text[a:b] for a, b, _ in echoes.spans(body, whole)] == ["the miller hid seven golden rings"]
    # One that only reaches into the quotation is not within it.
    for reaching in ((first.start + 1, first.end), (first.start, first.end - 1)):
        assert [each[:2] for each in echoes.spans(body, [reaching])] == [(0, len(body.text))]


def test_no_run_leads_from_one_text_into_the_next() -> None:
    assert hidden("miller hid seven golden rings beneath", "the miller hid seven", "golden rings beneath it") == []


def test_the_longest_run_is_found_whole_wherever_it_begins() -> None:
    # A run of one text does not swallow the beginning of another's.
    secrets = ("one willow two gates three", "willow two gates three bells four")
    assert hidden("one willow two gates three bells", *secrets) == []
    said = "one willow two gates three bells four towers"
    assert hidden(said, *secrets) == ["willow two gates three bells four"]


def test_each_stretch_carries_the_label_of_the_text_that_it_repeats() -> None:
    echoes = Echoes()
    assert echoes.learn("alpha beta gamma delta epsilon zeta", 1)
    assert echoes.learn("eta theta iota kappa lambda omega", 2)
    assert not echoes.learn("Alpha, beta gamma: delta epsilon zeta!", 3)
    body = render("eta theta iota kappa lambda omega and alpha beta gamma delta epsilon zeta", "text")
    assert [label for *_, label in echoes.spans(body)] == [2, 1]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Seven golden rings", True),
        ("Seven golden", False),
        ("Seven golden rings here", False),
        ("Seven golden…", False),
        ("The miller hid…", True),
        ("The miller hid ...", True),
        ("The miller hid", False),
        ("The miller", False),
        # The last word may be cut.
        ("The miller h…", True),
        ("The miller i…", False),
        ("Seven golden rin…", True),
        ("Seven golden ringst…", False),
    ],
)
def test_a_title_is_hidden_that_is_all_of_a_text_or_how_it_begins(title: str, found: bool) -> None:
    echoes = Echoes()
    echoes.learn(HIDDEN)
    echoes.learn("seven golden rings")
    assert echoes.begins(title) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Bede: The miller h…", "The miller h…"),
        ("Bede | “The miller hid...”", "The miller hid..."),
        ("Bede:The miller hid…", "The miller hid…"),
        ("Bede — The miller hid… and so on…", "The miller hid…"),
        ("Bede: The miller…", None),
        ("Bede  : The miller hid…", None),
        ("Bede The miller hid…", None),
        ("Bede: Then the miller hid…", None),
        ("Bede: The miller hid", None),
        ("Bede: The miller\nhid…", None),
        ("So Bede: The miller hid…", None),
    ],
)
def test_the_cut_beginning_of_a_text_is_found_right_behind_a_name(line: str, found: str | None) -> None:
    echoes = Echoes()
    assert echoes.excerpt(line, 4) is None
    echoes.learn(HIDDEN)
    span = echoes.excerpt(line, 4)
    assert (line[slice(*span)] if span else None) == found


def test_what_is_learnt_later_begins_titles_too() -> None:
    echoes = Echoes()
    echoes.learn("seven golden rings")
    assert not echoes.begins("The miller h…")
    echoes.learn(HIDDEN)
    assert echoes.begins("The miller h…")
    # Below all texts, and behind them.
    assert not echoes.begins("Aaa bbb ccc…")
    assert not echoes.begins("Zzz zzz zzz…")


def test_a_title_may_be_cut_within_twenty_words_and_no_further() -> None:
    words = [f"word{n}" for n in range(40)]
    echoes = Echoes()
    echoes.learn(" ".join(words))
    assert echoes.begins(" ".join(words[:20]) + "…")
    assert echoes.begins(" ".join(words[:30]) + "…")
    assert not echoes.begins(" ".join(["other", *words[1:20]]) + "…")
    assert not echoes.begins(" ".join([*words[:19], "other"]) + "…")
    assert echoes.begins(" ".join([*words[:20], "other"]) + "…")


def test_of_a_title_only_runs_are_hidden() -> None:
    echoes = Echoes()
    assert not echoes
    assert echoes.learn("Golden rings found", title=True)
    assert not echoes.learn("golden rings found", title=True)
    assert echoes
    assert not echoes.begins("Golden rings found")
    assert not echoes.begins("Golden rings found…")
    assert echoes.learn("golden rings found")
    assert echoes.begins("Golden rings found")
    # Two words are many titles.
    assert echoes.learn("Not me")
    assert not echoes.begins("Not me")


def test_a_text_is_read_in_whichever_way_it_is_written() -> None:
    echoes = Echoes()
    assert not echoes.within(HIDDEN)
    echoes.learn(HIDDEN)
    assert echoes.within("the%20miller%20hid%20seven%20golden%20rings")
    assert echoes.within("the <b>mil</b>ler hid seven golden rings")
    assert not echoes.within("the miller hid seven golden")


def test_the_stamp_changes_with_every_text_and_not_with_their_order() -> None:
    def stamp(*texts: tuple[str, bool]) -> str:
        echoes = Echoes()
        for text, title in texts:
            echoes.learn(text, title=title)
        return echoes.stamp

    assert stamp(("a b", False), ("c d", False)) == stamp(("c d", False), ("a b", False))
    assert stamp(("a b", True), ("c d", True)) == stamp(("c d", True), ("a b", True))
    assert len({stamp(), stamp(("a b", False)), stamp(("a b", True)), stamp(("a b", False), ("c d", False))}) == 4


def test_a_body_without_words_or_hidden_texts_holds_nothing() -> None:
    block = Block(start=0, end=3, kind="paragraph", depth=1, mark=None, first=0, last=0)
    echoes = Echoes()
    assert list(echoes.spans(Body(text="abc", blocks=(block,)))) == []
    echoes.learn("Not me")
    assert list(echoes.spans(Body(text="…!?", blocks=(block,)))) == []
    assert not echoes.learn("…")


def test_each_run_is_given_once_and_whole_with_all_its_places_in_order() -> None:
    echoes = Echoes()
    echoes.learn("pea quince rose x pea quince rose")
    assert list(echoes.runs(["zed", "pea", "quince", "rose"])) == [RepeatedRun(1, 4, (0, 4))]
    # Of two that end together, the longer one is first.
    echoes = Echoes()
    echoes.learn("h0 cat dog eel h4 h5 h6 ant bat cat dog eel")
    assert list(echoes.runs(["ant", "bat", "cat", "dog", "eel", "z"])) == [
        RepeatedRun(0, 5, (7,)),
        RepeatedRun(2, 5, (1,)),
    ]
    assert list(echoes.runs(["cat", "dog"])) == []


def test_what_two_hidden_texts_say_has_the_label_of_the_first() -> None:
    echoes = Echoes()
    echoes.learn("alpha beta gamma delta epsilon zeta", 1)
    echoes.learn("so alpha beta gamma delta epsilon zeta", 2)
    echoes.learn("eta theta iota", 3)
    body = render("He said “eta theta iota and alpha beta gamma” and alpha beta gamma delta epsilon zeta", "text")
    assert [label for *_, label in echoes.spans(body)] == [3, 1]


def test_in_quotation_marks_what_is_another_s_may_end_at_them() -> None:
    echoes = Echoes()
    echoes.learn(HIDDEN, 1)
    body = render("He said “seven golden rings or” to me.", "text")
    start = body.text.index("seven")
    inside = (start, start + len("seven golden rings or"))
    assert list(echoes.spans(body)) == [(*inside, 1)]
    assert list(echoes.spans(body, [inside])) == []
