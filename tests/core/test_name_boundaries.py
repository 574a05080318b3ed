"""Where a name is found, and where it is not, by one character; and that the quick way finds what the plain way does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.i18n.text_folding import FoldedReading, fold_text, readings
from rostra.privacy.name_forms import Form, NameKind, SearchedName, form
from rostra.privacy.name_parts import NamePart
from rostra.privacy.name_patterns import Names, _stands, name_matcher


def looked_for(*wanted: str, others: tuple[str, ...] = ()) -> Names:
    return name_matcher([SearchedName(each, each) for each in wanted], others)


def spans(text: str, *wanted: str, others: tuple[str, ...] = (), cut: bool = False) -> list[str]:
    return [text[each.start : each.end] for each in looked_for(*wanted, others=others).spans(text, cut=cut)]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        # Nobody knows where the surname begins.
        ("Zoë Müller-Qvist", "Müller-Qvist, Zoë"),
        ("Zoë Müller-Qvist", "MUELLER-QVIST ZOE"),
        ("Zoë Müller-Qvist", "Qvist, Zoë Müller"),
        ("Zoë Müller-Qvist", "Z. Müller-Qvist"),
        ("Zoë Müller-Qvist", "Z. Qvist"),
        ("Jan van der Berg", "van der Berg, Jan"),
        ("Jan van der Berg", "Berg, Jan van der"),
        ("Jan van der Berg", "J. van der Berg"),
        ("Sean O'Brien", "O’Brien, Sean"),
        ("Sean O'Brien", "OBrien, Sean"),
        ("Sean O'Brien", "S. O'Brien"),
        ("Jean-Luc d'Aubigné", "J.-L. d’Aubigné"),
        ("Anna Maria Smith", "A.M. Smith"),
        ("Anna Maria Smith", "A. Smith"),
        # The comma says it.
        ("Müller-Qvist, Zoë", "Zoë Müller-Qvist"),
        ("Müller-Qvist, Zoë", "Z. Müller-Qvist"),
        ("van der Berg, Jan Piet", "Jan Piet van der Berg"),
        ("van der Berg, Jan Piet", "J. van der Berg"),
        ("van der Berg, Jan Piet", "J. P. van der Berg"),
        # A surname of five words.
        ("Al Bo de la Cruz y Puig", "de la Cruz y Puig, Al Bo"),
        # An initial of a name with four letters.
        ("Ann O'Ney", "A. O'Ney"),
    ],
)
def test_a_surname_of_several_words_is_found_before_the_given_name(name: str, written: str) -> None:
    assert spans(f"I met {written} there", name) == [written]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller-Qvist, Zoë", "Qvist, Zoë Müller"),
        ("Al de la la Cruz y Puig", "de la la Cruz y Puig, Al"),
        ("Ann O'Ba", "A. O'Ba"),
        ("Ann 4real", "A. 4real"),
        # Without a word on one side, a comma says nothing.
        ("Jan Berg,", "J. Jan"),
        (", Jan Berg", "J. Jan"),
    ],
)
def test_what_is_no_surname_is_not_found(name: str, written: str) -> None:
    assert written not in spans(f"I met {written} there", name)


@pytest.mark.parametrize(
    "text",
    [
        "Smith, J. said",
        "Smith, J.",
        "SMITH, J. SAID",
        "smith, j. said",
        "(Smith, J)",
        "Smith, J; Li, K",
        "Smith, J\n\n\n\nand",
        "Smith, J., K. Li",
        "Smith, J. I think",
        "Smith, J.Also",
        # Three spaces are a gap.
        "Smith, J   said",
        "Smith, J. 1950",
        "Smith, J.   K.",
        "J. Smith",
        "J Smith",
    ],
)
def test_an_initial_after_a_surname_and_a_comma_is_a_name(text: str) -> None:
    assert spans(text, "J. Robert Smith") in (["Smith, J"], ["SMITH, J"], ["smith, j"], ["J. Smith"], ["J Smith"])


@pytest.mark.parametrize(
    "text",
    [
        # Another initial is another person's.
        "Smith, K.",
        "K. Smith",
        "Smith, J. K.",
        "Smith, J.K.",
        "Smith, J.K",
        "Smith, J-K.",
        "Smith, J.  K.",
        "Smith, J K",
        # What is no initial.
        "Smith, j said",
        "Smith, j",
        "Smith, J said",
        "Smith, J  said",
        "Smith, J-tree",
        "Smith, J2",
        "Smith J.",
        "Smith. J.",
        "Smith, Jo",
        "Frank Smith",
    ],
)
def test_a_letter_after_a_surname_is_no_name_if_it_is_another_s_or_a_word(text: str) -> None:
    assert spans(text, "J. Robert Smith") == []


def test_both_initials_are_found_after_a_surname() -> None:
    assert spans("Smith, J. R. and Smith, J.R.; Smith, J R", "J. Robert Smith") == [
        "Smith, J. R",
        "Smith, J.R",
        "Smith, J R",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("Anna Smith, M…", []), ("Anna Smith, Ma…", []), ("Anna Smith M…", ["Anna"]), ("Smith, Mary Anna…", [])],
)
def test_a_turned_name_is_kept_where_it_was_cut_only_with_its_comma(text: str, found: list[str]) -> None:
    assert spans(text, "Anna", others=("Mary Anna Smith",), cut=True) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        # An unmistakable name may be part of a word, unless its own words are apart.
        ("Marguerite Ann", "xmargueriteannx", True),
        ("Marguerite Ann", "xmarguerite annx", False),
        ("Marguerite Ann Bo", "xmarguerite annbox", False),
        ("Marguerite Ann Bo", "xmargueriteannbox", True),
        ("Ann Marguerite", "xannmargueritex", True),
        ("Bo Ann Marguerite", "xboannmargueritex", True),
        ("Bo Ann Marguerite", "xboann margueritex", False),
        # Short words follow each other without a sign only with a capital, or in a handle.
        ("Lee Jo", "a leejo", False),
        ("Lee Jo", "a LeeJo", True),
        ("Lee Jo", "@leejo", True),
        ("Lee Jo", "@leejo9", False),
        ("Lee Jo", "leejo@", False),
        ("Lee Jo Al", "a leejo al", False),
        ("Lee Jo Al", "a lee jo al", True),
        ("Jo Lee", "a jolee", False),
        ("Jo Lee", "a JoLee", True),
        ("Jo Lee", "@jolee", True),
        ("Al Jo Lee", "a al jolee", False),
        ("Al Jo Lee", "a aljo lee", False),
        # Three signs, and any number of spaces as one of them.
        ("Lee Jo", "lee - jo", True),
        ("Lee Jo", "lee -- jo", False),
        ("Lee Jo", "lee; jo", False),
        ("Lee Jo", "lee, jo", True),
        ("Lee Jo", "lee      jo", True),
        ("Lee Jo", "lee .\n\n\n\n\njo", True),
        ("Lee Jo", "lee -      jo", True),
        ("Lee Jo", "lee --      jo", False),
        ("Jo Lee", "jo - lee", True),
        ("Jo Lee", "jo -- lee", False),
        ("Jo Lee", "jo      lee", True),
        ("Jo Lee", "jo      .- lee", False),
        ("Jo Lee", "jo      -- lee", False),
        ("Jo Lee", "jo      --lee", True),
        ("Lee Jo", "lee-  - jo", False),
        ("Lee Jo", "lee-  jo", True),
        # A letter of a script without spaces is another word.
        ("Anna", "说anna", True),
        ("Anna", "anna说", True),
        ("Anna", "XANNA", False),
        ("Anna", "xANNA", True),
        # A single sign of a script without spaces.
        ("李", "李", True),
        ("李", "见 李, 子", True),
        ("李", "小李", False),
        ("李", "!小李", False),
        ("李", "李子", False),
        ("李", "李子!", False),
        # A digit before a name, and a letter before it.
        ("Anna", "x9anna", True),
        ("Anna", "9xanna", False),
        ("Anna", "anna", True),
        # Everyday words.
        ("Will", "Wills", False),
        ("Will", "Will9", False),
        ("Will", "9Will", False),
        ("Will", "xWill", False),
        ("Will", "@will", True),
        ("Will", "@wills", False),
        ("Will", "will", False),
        ("Will", "@ will", False),
        ("will", "will @", False),
        ("will", "@will", True),
        ("will", "will wrote", True),
        ("will", "will write", False),
        ("Will of May", "Will of May came", True),
        ("Will of May", "will of may came", False),
        # A text without letters.
        (" ", "a b", False),
    ],
)
def test_a_name_is_found_up_to_a_boundary_and_not_beyond(name: str, text: str, found: bool) -> None:
    assert looked_for(name).found(text) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Jack Frost", "JACK FROST", True),
        ("Jack Frost", "JACK frost", False),
        ("Jack Will", "JACK WILL", True),
        ("May Will", "MAY WILL", False),
    ],
)
def test_in_capitals_an_everyday_word_is_a_name_unless_it_is_one_of_the_commonest(
    name: str, text: str, found: bool
) -> None:
    assert name_matcher([SearchedName(name, name, kind=NameKind.EVERYDAY)]).found(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wade", True),
        ("WADE", True),
        ("a Wade", True),
        ("wade", False),
        ("a wade", False),
        ("@wade", True),
        ("x/wade", True),
        ("@ wade", False),
        ("@xwade", False),
        ("wade, Wade", True),
        ("by May willow here", True),
        ("by may willow here", False),
    ],
)
def test_an_everyday_part_of_a_name_needs_a_capital_unless_it_is_a_handle(text: str, found: bool) -> None:
    more = [NamePart("Wade", capital=True).form("W")]
    two = form(SearchedName("May willow", "M", person=False), kind=NameKind.EVERYDAY)
    assert two
    assert name_matcher([], more=[*more, two]).found(text) == found


def test_names_beside_each_other_are_two_and_those_that_overlap_one() -> None:
    assert spans("AnnaZeus", "Anna", "Zeus") == ["Anna", "Zeus"]
    assert spans("by Anna Smithson Bo too", "Anna Smithson", "Smithson Bo") == ["Anna Smithson Bo"]
    assert spans("Zeus and Anna Smithson", "Zeus", "Anna Smithson", "Anna") == ["Zeus", "Anna Smithson"]


def test_of_two_names_at_one_place_the_longer_one_labels_both() -> None:
    found = looked_for("Anna", "Anna Smithson").spans("Anna Smithson")
    assert [each.label for each in found] == ["Anna Smithson"]


def test_a_name_before_a_longer_one_of_another_is_found() -> None:
    assert spans("Anna, then Anna Smith", "Anna", others=("Anna Smith",)) == ["Anna"]
    assert spans("Anna Smith, then Anna", "Anna", others=("Anna Smith",)) == ["Anna"]


def test_a_longer_name_of_another_has_the_label_of_the_first_in_it() -> None:
    assert looked_for("Anna", "Zeus", others=("Anna Zeus",)).kept == {"Anna Zeus": "Anna"}


def test_only_where_a_text_may_be_cut_the_rest_of_a_name_is_kept() -> None:
    matcher = looked_for("Anna", others=("Anna Smith",))
    assert matcher.found("I met Anna Sm…")
    assert matcher.guard("")("I met Anna Sm…") is None
    assert matcher.guard("")("I met Anna Xm…") is not None
    # How a word goes on that was cut, nobody knows; but a name that is searched is no reason to keep another.
    assert spans("I met Anna…", "Anna", others=("Mary Anna Smith",), cut=True) == []
    assert spans("I met Anna Sm…", "Anna", "Anna Smith", cut=True) == ["Anna"]
    assert spans("Mary Anna S…" + " x" * 60, "Anna", others=("Mary Anna Smith",), cut=True) == []


def test_sixty_characters_before_a_name_may_be_the_rest_of_it() -> None:
    for many, found in ((59, []), (60, ["Anna"])):
        first = "y" + "x" * (many - 1)
        assert spans(f"{first} Anna S…", "Anna", others=(f"{first} Anna Smith",), cut=True) == found


def test_a_guard_finds_a_name_of_three_letters_and_none_of_two() -> None:
    assert looked_for("Ada").guard("")("by Ada") is not None
    assert looked_for("Al").guard("")("by Al") is None


PARTS = ["ann", "annalee", "anna", "Anna", "ANNA", "jo", "Jo", "lee", "smithson", "Smithson", "will", "Will", "WILL", "may", "bin", "李", "o'brien"]  # fmt: skip
BETWEEN = ["", " ", "  ", "\n\n\n", "-", ", ", " - ", " -- ", "@", "_", ".", "s ", "es ", "9", "x", "…", "<b>", "</b>", "&amp;", " wrote", "\\n", "%20"]  # fmt: skip


def plain(matcher: Names, reading: FoldedReading) -> set[tuple[Form, int, int]]:
    """Look for each word of each form at every place."""
    return {
        (made, *span)
        for made in matcher._forms
        for n in range(len(made.words))
        for found in re.finditer(f"(?={re.escape(made.words[n])})", reading.low)
        if (span := _stands(made, n, reading, found.start(), found.start() + len(made.words[n])))
    }


@given(
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(" ".join), max_size=4),
    st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(BETWEEN)), max_size=12),
    st.sampled_from([None, NameKind.EVERYDAY]),
    st.lists(st.sampled_from(["Will", "Anna", "Lee"]), max_size=2),
)
@settings(max_examples=150, deadline=None)
def test_the_quick_way_finds_what_the_plain_way_does(
    wanted: list[str], said: list[tuple[str, str]], kind: NameKind | None, parts: list[str]
) -> None:
    more = [NamePart(each, capital=True).form(each) for each in parts]
    matcher = name_matcher([SearchedName(each, each, kind=kind) for each in wanted], more=more)
    text = "".join(part for pair in said for part in pair)
    for reading in (*readings(text), fold_text(f"@{text}")):
        assert set(matcher._matches(reading)) == plain(matcher, reading)
