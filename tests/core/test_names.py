"""A redacted name is found however it is written and wherever it stands; a word that only looks like one stays."""

from __future__ import annotations

import gzip
import html
import json
from unicodedata import normalize
from urllib.parse import quote

import pytest
import zstandard

from rostra.privacy.guard import text_of_file
from rostra.privacy.name_forms import SearchedName, name_keys
from rostra.privacy.name_patterns import Names, name_matcher

HIDDEN = {
    "Zeus": ["Zeus", "ZEUS", "zeus", "zeus's", "@zeus", "u/Zeus", "ZeusFan", "zeus_99", "zeus99", "zeus@olympus.example"],
    "Ada": ["Ada", "ada", "ADA", "@Ada", "Ada-Lovelace"],
    "Anna": ["Annas", "ANNAS", "Anna's", "Anna’s", "Annas’", "@anna", "@Annas", "/u/anna/", "/t/ask-anna-anything/12", "photo_anna.jpg", "anna-2.png", "AskAnna", "annaB", "anna1990"],
    "Fritz": ["Fritzes", "fritzes", "Fritzs"],
    "Oldcastle": ["oldcastle", "Oldcastleish", "theOldCastle", "OLDCASTLE"],
    "Marguerite Oldcastle": ["marguerite  oldcastle", "MARGUERITE\nOLDCASTLE", "marguerite_oldcastle", "MargueriteOldcastle", "marguerite.oldcastle@x.example", "Marguerite%20Oldcastle"],
    "Sean O'Brien": ["Sean O’Brien", "Sean O&#39;Brien", "sean-o-brien", "SEAN OBRIEN", "Sean O\\u0027Brien"],
    "Zoë Müller": [normalize("NFD", "Zoë Müller"), quote("Zoë Müller"), "zoe-muller", "Zo\\u00eb M\\u00fcller", "ZOË MÜLLER", "zoë_müller"],
    "x_Dark-Lord_x": ["x_dark-lord_x", "xDarkLordx", "/x_Dark-Lord_x"],
    "Will": ["@will", "/will", "Will", "Will wrote"],
    "★★★": ["by ★★★ today"],
    "+43 660 123 45 67": ["+43 660 1234567", "+43-660-123-45-67"],
    "12 Mill Lane": ["12 mill lane", "12 Mill\nLane"],
}  # fmt: skip
STAYS = {
    "Zeus": ["zeusian", "Zoe", "zebus"],
    "Ada": ["Canada", "Adam", "adage", "granada", "Adas"],
    "Anna": ["Annapolis", "Hannah", "Susanna", "savannas", "manna", "annals", "Annasach"],
    "Oldcast": ["Oldcastle", "oldcaster"],
    "Will": ["I will go", "goodwill", "Willow"],
    "will": ["I will go", "will it rain", "Will you?"],
    "member": ["remember"],
    "Sean O'Brien": ["Sean", "O'Brien"],
}


def looked_for(*wanted: str, others: tuple[str, ...] = ()) -> Names:
    return name_matcher([SearchedName(each, each) for each in wanted], others)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in HIDDEN.items() for text in texts])
def test_a_name_is_found_however_it_is_written(name: str, text: str) -> None:
    wanted = looked_for(name)
    for content in (text, html.escape(text), json.dumps(text), quote(text, safe="@/")):
        for packed in (content.encode(), gzip.compress(content.encode()), zstandard.compress(content.encode())):
            assert wanted.found(text_of_file("", packed)), content


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in STAYS.items() for text in texts])
def test_what_is_no_name_stays(name: str, text: str) -> None:
    assert not looked_for(name).found(text)


@pytest.mark.parametrize("content", [b"\x1f\x8b", b"\x1f\x8bnothing", b"\x28\xb5\x2f\xfdnothing", b"\xff\xfe\x00", b""])
def test_what_is_no_text_is_no_error(content: bytes) -> None:
    assert isinstance(text_of_file("", content), str)


def spans(text: str, *wanted: str, others: tuple[str, ...] = (), cut: bool = False) -> list[str]:
    return [text[each.start : each.end] for each in looked_for(*wanted, others=others).spans(text, cut=cut)]


FOUND = [
    ("Zénobie Marchbanks", "Marchbanks, Zénobie said", "Marchbanks, Zénobie"),
    ("Marchbanks, Zénobie", "as Zénobie Marchbanks said", "Zénobie Marchbanks"),
    ("Anna Maria Smith", "Smith, Anna Maria", "Smith, Anna Maria"),
    ("Zénobie Marchbanks", "Z. Marchbanks and I", "Z. Marchbanks"),
    ("Marchbanks, Zénobie", "Z. Marchbanks and I", "Z. Marchbanks"),
    ("Zénobie Marchbanks", "in Marchbanks, Z., Letters", "Marchbanks, Z"),
    ("J. Zénobie Marchbanks", "as Zénobie Marchbanks said", "Zénobie Marchbanks"),
    ("J. Zénobie Marchbanks", "Marchbanks, Zénobie", "Marchbanks, Zénobie"),
    ("Zénobie Marchbanks", '<a title="Zénobie<br>Marchbanks">', "Zénobie<br>Marchbanks"),
    ("Zénobie Marchbanks", '<a title="of <i>Zénobie</i> <BR/>Marchbanks!">', "Zénobie</i> <BR/>Marchbanks"),
    ("Zénobie Marchbanks", '<a title="Zénobie&lt;br /&gt;Marchbanks">', "Zénobie&lt;br /&gt;Marchbanks"),
    ("Zénobie Marchbanks", "write to zmarchbanks@x.example", "zmarchbanks"),
    ("Zénobie Marchbanks", "Zénobie\u00a0Marchbanks’s", "Zénobie\u00a0Marchbanks"),
    ("Zénobie Marchbanks", "Z\u00e9no\u00adbie Marchbanks", "Z\u00e9no\u00adbie Marchbanks"),
    ("Zénobie Marchbanks", "Zénobie   \n  Marchbanks", "Zénobie   \n  Marchbanks"),
    ("Zénobie Marchbanks", "https://x.example/?who=Z%C3%A9nobie+Marchbanks&a=b", "Z%C3%A9nobie+Marchbanks"),
    ("Zénobie Marchbanks", "d/U3BlYWs6IFrDqW5vYmllIE1hcmNoYmFua3M/x", "d/U3BlYWs6IFrDqW5vYmllIE1hcmNoYmFua3M/x"),
    ("Jürgen Müller", "Juergen Mueller", "Juergen Mueller"),
    ("Jürgen Müller", "Mueller, Juergen", "Mueller, Juergen"),
    ("Łukasz Nowak", "people/ukasz-nowak.html", "ukasz-nowak"),
    ("Łukasz Nowak", "Lukasz Nowak", "Lukasz Nowak"),
    ("Al O'Dea", "al odea", "al odea"),
    ("Al O'Dea", "ask @alodea", "alodea"),
    ("Ed Ward", "EdWard", "EdWard"),
    ("Ed Ward", "ed_ward", "ed_ward"),
    ("Ed Ward", "Ward, Ed", "Ward, Ed"),
    ("李明", "李明说", "李明"),
    ("김철수", "김철수는", "김철수"),
    ("สมชาย", "คุณสมชายครับ", "สมชาย"),
    ("Will Young", "Will Young came", "Will Young"),
    ("Will Young", "WILL YOUNG came", "WILL YOUNG"),
    ("Will", "will said so", "will"),
    ("will", "will said so", "will"),
    ("will", "see /will and @WILL", "will"),
    ("Anna", "99anna", "anna"),
    ("Anna", "anna99x", "anna"),
    ("Fritz", "Fritzes", "Fritzes"),
]  # fmt: skip
NOT_FOUND = [
    ("Ed Ward", "Edward"),
    ("Ed Ward", "armed ward"),
    ("Ed Ward", "ed, for once, ward"),
    ("Ed Ward", "Ed | Ward"),
    ("Ed Ward", "Ed: Ward"),
    ("Ed Ward", 'Ed" Ward'),
    ("Ed Ward", "Ed (- Ward"),
    ("Zénobie Marchbanks", '<a title="Zénobie<p>Marchbanks">'),
    ("Zénobie Marchbanks", "<li>Zénobie</li><li>Marchbanks</li>"),
    ("Zénobie Marchbanks", "Zénobie<brx>, <Marchbanks>"),
    ("Zénobie Marchbanks", "Marchbanks, Y., Letters"),
    ("Zénobie Marchbanks", "Zénobie"),
    ("Zénobie Marchbanks", "Marchbanks"),
    ("Zénobie Marchbanks", "Maz Marchbanks"),
    ("Zénobie Marchbanks", "y. Marchbanks"),
    ("zenobie_marchbanks", "marchbanks, zenobie"),
    ("Jo Lee", "J. Lee"),
    ("J Smith", "J"),
    ("김철수", "김철순"),
    ("明", "明天"),
    ("Will", "I WILL go"),
    ("Anna", "annab"),
    ("Anna", "AnnaB".lower()),
    ("Ada", "ada99"),
    ("Ada", "Adas"),
    ("Oldcast", "Oldcastle"),
    ("ab_1c", "xab1cx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "found"), FOUND)
def test_a_name_is_found_in_other_forms_and_no_more_than_it(name: str, text: str, found: str | None) -> None:
    assert spans(text, name)[:1] == ([found] if found else [])


@pytest.mark.parametrize(("name", "text"), NOT_FOUND)
def test_what_only_shares_letters_with_a_name_stays(name: str, text: str) -> None:
    assert spans(text, name) == []


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("abcdefgh", True),
        ("abcdefg", False),
        ("abcde1", True),
        ("abcd1", False),
        ("AbcDef", True),
        ("ABCDEF", True),
        ("abcdef", False),
    ],
)
def test_within_a_longer_word_a_name_is_found_from_eight_letters_on_or_six_of_no_plain_word(
    name: str, inside: bool
) -> None:
    assert bool(spans(f"xx{name.lower()}yy", name)) == inside


@pytest.mark.parametrize(("name", "found"), [("abcd", True), ("abc", False)])
def test_a_capital_or_an_ending_ends_a_name_from_four_letters_on(name: str, found: bool) -> None:
    for text in (f"{name.capitalize()}Fan", f"{name}s", f"x{name.capitalize()}"):
        assert bool(spans(text, name)) == found, text


OTHERS = ("Anna Smith", "anna99", "Mary Anna", "Annabel", "Zoe")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna", ["Anna"]),
        ("Anna Smith and ANNA", ["ANNA"]),
        ("Thanks Anna 🎉 Smith, and An🎉na", ["Anna", "An🎉na"]),
        ("anna_smith, annasmith and Smith, Anna", []),
        ("people/anna-smith.html", []),
        ("@anna99 and anna98", ["anna"]),
        ("Mary Anna and Marie Anna", ["Anna"]),
        ("Anna <b>Smith</b>", []),
        ("Anna%20Smith &amp; Anna", ["Anna"]),
        # The next paragraph is another matter.
        ("Anna\n\nSmith", ["Anna"]),
        ("Anna\nSmith", []),
        ("Annabel", []),
        ("Smith, Anna", []),
        ("Smith and Anna; Smith & Anna", ["Anna", "Anna"]),
    ],
)
def test_a_longer_name_of_somebody_else_is_kept(text: str, found: list[str]) -> None:
    assert spans(text, "Anna", others=OTHERS) == found
    assert looked_for("Anna", others=OTHERS).kept.keys() == {"Anna Smith", "anna99", "Mary Anna"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I met Anna…", True),
        ("I met Anna Sm…", True),
        ("I met Anna Sm...", True),
        ("I met Anna Smx…", False),
        ("I met Anna and so on…", False),
        ("I met Mary Anna", True),
        ("I met Anna Sm", False),
        ("I met Anna<br>Sm…", False),
        ("I met Anna " + "S" * 70 + "…", False),
    ],
)
def test_where_a_line_was_cut_what_is_left_of_a_longer_name_is_no_finding(text: str, kept: bool) -> None:
    assert bool(spans(text, "Anna", others=OTHERS, cut=True)) != kept
    if "Mary" not in text:
        assert spans(text, "Anna", others=OTHERS) == ["Anna"]


def test_the_rest_of_a_longer_name_may_stand_before_where_it_was_cut() -> None:
    others = ("Mary Anna Smith",)
    assert spans("Mary Anna S…", "Anna", others=others, cut=True) == []
    assert spans("Marie Anna S…", "Anna", others=others, cut=True) == ["Anna"]


def test_a_form_that_only_derives_from_a_name_is_not_looked_for_where_it_is_another_s() -> None:
    assert spans("J. Smith", "John Smith") == ["J. Smith"]
    assert spans("J. Smith", "John Smith", others=("Jane Smith",)) == []
    assert spans("Smith, J.", "John Smith", others=("Jane Smith",)) == []
    assert spans("Bo Smith", "J. Bo Smith", others=("Bo Smith",)) == []
    assert spans("J. Smith", "John Smith", others=("J Smith",)) == []
    assert spans("John Smith", "John Smith", others=("Jane Smith",)) == ["John Smith"]
    # Of two that are looked for, nobody can tell which is meant.
    found = looked_for("John Smith", "Jane Smith").spans("J. Smith; John Smith")
    assert [each.label for each in found] == [None, "John Smith"]
    # What only one of them is called is that one's.
    found = looked_for("John Smith", "Jane Smith", "Anna Li").spans("Smith, John; Smith, J.; A. Li")
    assert [each.label for each in found] == ["John Smith", None]
    assert [each.label for each in looked_for("John Smith", "Anna Liss").spans("A. Liss")] == ["Anna Liss"]


def test_a_file_is_guarded_but_for_words_of_rostra_s_own_and_initials() -> None:
    guard = looked_for("Summary", "Anna Smith", "Al").guard("<summary>Posts by April</summary>")
    assert guard("<summary>") is None
    assert guard("AL Al al") is None
    found = guard("x Anna Smith y")
    assert found is not None
    assert (found.start, found.end, found.label) == (2, 12, "Anna Smith")
    assert looked_for("★", "Al").guard("")("a ★") is not None


def test_nothing_is_looked_for_where_nothing_is_wanted() -> None:
    assert not looked_for()
    assert looked_for("Anna")
    assert looked_for("★")
    assert spans("Anna ★") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sean O'Brien", "sean_o’brien", True),
        ("Sean O'Brien", "Brien, Sean O'", False),
        ("Anna Smith", "Smith, Anna", True),
        ("Anna Smith", "Smith Anna", False),
        ("Zénobie Marchbanks", normalize("NFD", "ZÉNOBIE  marchbanks"), True),
        ("Zénobie Marchbanks", "zenobiemarchbanks", True),
        ("Zénobie Marchbanks", "Zénobie Marchbanks via mill-list", True),
        ("Zénobie Marchbanks", "Zénobie Marchbanks (at work)", True),
        ("Ed Ward", "Edward", False),
        ("abcd efgh", "abcdefgh", True),
        ("abc defg", "abcdefg", False),
        ("Anna", "Anna (Berlin)", False),
        ("Anna", "Anna via mill-list", False),
        ("Anna", "Annas", False),
        ("★", " ★ ", True),
        ("★", "☆", False),
    ],
)
def test_whether_two_names_are_one_person_s(one: str, other: str, same: bool) -> None:
    assert set(name_keys(one)).isdisjoint(name_keys(other)) != same
    assert name_keys(" ") == ()
