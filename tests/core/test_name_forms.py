"""Which forms a name has, and which keys tell its person, at each boundary."""

from __future__ import annotations

import pytest

from rostra.privacy.name_forms import NameKind, SearchedName, derived, form, name_keys, name_variants


def made_of(text: str) -> NameKind | None:
    made = form(SearchedName(text, 1))
    return made.kind if made else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Will", NameKind.EVERYDAY),
        ("Will Go", NameKind.EVERYDAY),
        ("Will Qu", NameKind.UNMISTAKABLE),
        ("Ada", NameKind.ALONE),
        ("Anna", NameKind.NAME),
        ("Bedelia", NameKind.NAME),
        ("Xenobius", NameKind.UNMISTAKABLE),
        # With a capital within, a digit or a second word, six letters are enough.
        ("XenoB", NameKind.NAME),
        ("XenoBi", NameKind.UNMISTAKABLE),
        ("xeno99", NameKind.UNMISTAKABLE),
        ("XENOBI", NameKind.UNMISTAKABLE),
        ("Xe Nob", NameKind.NAME),
        ("Xe Nobi", NameKind.UNMISTAKABLE),
        ("★", None),
    ],
)
def test_a_name_is_looked_for_by_how_likely_its_letters_are(text: str, kind: NameKind | None) -> None:
    assert made_of(text) == kind


def test_the_words_of_a_person_follow_each_other_from_eight_letters_on() -> None:
    joins = {text: form(SearchedName(text, 1, person=person)) for text, person in (("abc defg", True), ("abcd efgh", True), ("ab cd", False), ("abcd", True))}  # fmt: skip
    assert [made.joins for made in joins.values() if made] == [False, True, True, True]
    kind = form(SearchedName("Marguerite", 1, kind=NameKind.ALONE), kind=NameKind.EVERYDAY)
    assert kind
    assert kind.kind is NameKind.EVERYDAY


def words(name: str) -> list[str]:
    return [" ".join(each.words) for each in name_variants(SearchedName(name, 1))]


def test_a_name_is_also_written_as_in_addresses_from_four_letters_on() -> None:
    assert words("Bo Łi") == ["bo li"]
    assert words("O'Ba") == ["o ba", "oba"]
    assert words("Ørsted") == ["orsted", "rsted"]
    assert words("Øabcd") == ["oabcd", "abcd"]
    assert words("Øabc") == ["oabc"]
    assert words("★") == []


def turned(name: str, *, abbreviated: bool = False) -> list[tuple[str, NameKind, bool]]:
    """The forms of a name, those with initials after a comma apart."""
    found = [each for each in derived(SearchedName(name, 1)) if each.abbreviated == abbreviated]
    return [(" ".join(each.written), each.kind, each.turned) for each in found]


def test_a_name_of_two_words_has_its_surname_first_and_its_given_name_as_an_initial() -> None:
    assert turned("Anna Smith") == [("Smith Anna", NameKind.UNMISTAKABLE, True), ("A Smith", NameKind.ALONE, False)]
    assert turned("Smith, Anna") == [("Anna Smith", NameKind.UNMISTAKABLE, True), ("A Smith", NameKind.ALONE, False)]
    assert [*derived(SearchedName("Anna Smith", 1, person=False))] == []
    assert turned("AnnaSmith") == turned(" Anna ") == turned("Böhm-Li") == []
    assert turned("Anna ★") == []
    # Without a given name of two letters, or with a surname of three, there is no initial.
    assert [each for each, *_ in turned("A Smith")] == ["Smith A"]
    assert [each for each, *_ in turned("A Maria Smit")][:4] == ["Maria Smit A", "Smit A Maria", "A Smit", "A M Smit"]
    assert [each for each, *_ in turned("Al Smit")] == ["Smit Al", "A Smit"]
    assert [each for each, *_ in turned("Anna Smi")] == ["Smi Anna"]
    assert [each for each, *_ in turned("Anna Smit2")] == ["Smit2 Anna"]
    assert [each for each, *_ in turned("Ann4 Smith")] == ["Smith Ann4"]


def test_initials_are_after_the_surname_too_where_they_shorten_the_name() -> None:
    for name in ("Anna Smith", "Smith, Anna"):
        assert turned(name, abbreviated=True) == [("Smith A", NameKind.ALONE, True)]
    assert [each for each, *_ in turned("J. Robert Smith", abbreviated=True)] == ["Smith J", "Smith J R"]
    assert [each for each, *_ in turned("A B Smith", abbreviated=True)] == ["Smith A"]
    assert turned("A Smith", abbreviated=True) == turned("Anna Smi", abbreviated=True) == []


def test_a_name_is_also_written_without_the_initials_that_it_has() -> None:
    assert turned("J. Robert Smit")[-2:] == [
        ("Robert Smit", NameKind.UNMISTAKABLE, False),
        ("Smit Robert", NameKind.UNMISTAKABLE, True),
    ]
    assert ("Jo Li Smit", NameKind.UNMISTAKABLE, False) in turned("Jo B Li C Smit")
    # It needs a name of two letters, and a surname of four.
    assert [each for each, *_ in turned("A B Smit")] == ["B Smit A", "Smit A B", "A Smit"]
    assert [each for each, *_ in turned("Jo B Smi")] == ["B Smi Jo", "J B Smi", "Smi Jo B"]


def test_a_surname_begins_at_any_word_or_where_the_comma_says() -> None:
    found = [each for each, _, is_turned in turned("Al Bo Cy Dan Ed Flo Gus") if is_turned]
    assert found == ["Cy Dan Ed Flo Gus Al Bo", "Dan Ed Flo Gus Al Bo Cy", "Ed Flo Gus Al Bo Cy Dan", "Flo Gus Al Bo Cy Dan Ed", "Gus Al Bo Cy Dan Ed Flo"]  # fmt: skip
    assert [each for each, *_ in turned("van der Berg, Jan Piet")] == [
        "Jan Piet van der Berg",
        "J Van Der Berg",
        "J P Van Der Berg",
    ]
    assert [each for each, *_ in turned("Jan van Berg")] == [
        "van Berg Jan",
        "J Van Berg",
        "Berg Jan van",
        "J Berg",
        "J V Berg",
    ]


def test_umlauts_are_two_letters_too_and_apostrophes_none() -> None:
    assert [each for each, *_ in turned("Jo Böhm")] == ["Bohm Jo", "J Bohm", "Jo Boehm", "Boehm Jo", "J Boehm"]
    assert [each for each, *_ in turned("Jo O'Ney")] == ["O Ney Jo", "J O Ney", "Ney Jo O", "Jo ONey", "ONey Jo", "J Oney"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("", ()),
        (" ★ ", ("★",)),
        ("Anna", (("anna",),)),
        ("Anna Sm", (("anna", "sm"),)),
        ("Anna Smit", (("anna", "smit"), "annasmit")),
        ("Smith, Anna", (("smith", "anna"), ("anna", "smith"), "smithanna")),
        ("Müller-Qvist, Zoë", (("muller", "qvist", "zoe"), ("zoe", "muller", "qvist"), "mullerqvistzoe")),
        ("Smith,", (("smith",),)),
        (", Ann", (("ann",),)),
        ("Ann Li via the list, more", (("ann", "li"),)),
        ("Li, Ann (at work, today)", (("li", "ann"), ("ann", "li"))),
        ("A Li via x, y", (("a", "li"),)),
        ("Ann [Li]", (("ann", "li"),)),
    ],
)
def test_a_person_is_known_by_the_words_of_the_name(name: str, keys: tuple[object, ...]) -> None:
    assert name_keys(name) == keys
