"""What reads the same compares the same, and each reading knows where its characters stand in the original."""

from __future__ import annotations

import base64
import json
from html import escape
from unicodedata import normalize
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.i18n.base64_texts import decodings
from rostra.i18n.text_folding import fold_keeping_case, folded_words, letters_of, readings


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zéno\u00adbie", "Zenobie"),
        (normalize("NFD", "Zénobie"), "Zenobie"),
        ("Ｚénobie\u2060 \ufeffMarch\u200dbanks", "Zenobie Marchbanks"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("Łódź Ørsted Straße ŒUVRE", "Lodz Orsted Strasse OeUVRE"),
        ("ﬁne № ½", "fine No 1|2"),
        ("O’Brien Jean‑Luc Anne–Marie", "O'Brien Jean-Luc Anne-Marie"),
        ("“a” → b", "|a| | b"),
        ("Андрей Ёлкин", "Андреи Елкин"),
        # Voicing marks and vowel signs tell words apart.
        ("ガ", "カ\u3099"),
        ("कुमार", "कुमार"),
        ("\ud83d", "|"),
        ("Z\u0336e\u0338n\u20ddo\u0489bie\u20e3 ≠", "Zenobie ="),
        ("a🎉b 👍🏽", "a\x1ab \x1a\x1a"),
    ],
)
def test_a_text_is_folded(text: str, plain: str) -> None:
    assert fold_keeping_case(text) == plain


@given(st.text(max_size=40))
def test_folding_is_letter_by_letter_the_same_in_lower_case_and_done_once(text: str) -> None:
    plain = fold_keeping_case(text)
    assert fold_keeping_case(plain) == plain
    assert len(plain.casefold()) == len(plain)
    assert letters_of(text) == "".join(folded_words(text))


def encoded(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


WAYS = {
    "plain": lambda text: text,
    "html": lambda text: escape(text).replace("é", "&eacute;"),
    "numeric": lambda text: "".join(f"&#{ord(sign)};" if sign == "é" else sign for sign in text),
    "hexadecimal": lambda text: text.replace("é", "&#xE9;").replace("Z", "&#x5a"),
    "json": lambda text: json.dumps(text)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)),
    "url": quote,
    "form": lambda text: quote(text).replace("%20", "+"),
    "url twice": lambda text: quote(quote(text)),
    "url in html": lambda text: quote(text).replace("%", "&#37;"),
    "quoted-printable": lambda text: text.replace("é", "=C3=A9").replace("M", "=\nM"),
    "header": lambda text: f"=?utf-8?q?{quote(text).replace('%', '=')}?=",
    "header, whole": lambda text: "".join(f"={each:02X}" for each in text.encode()),
    "header in base64": lambda text: f"=?iso-8859-2?B?{encoded(text, 'iso-8859-2')}?=",
    "header of several words": lambda text: (
        f"=?utf-8?b?{encoded(text[:4])}?=\n =?iso-8859-1*fr?q?{text[4:].replace(' ', '_')}?="
    ),
    "header of Windows": lambda text: f"=?windows-1250?Q?{quote(text, encoding='cp1250').replace('%', '=')}?=",
    "url of Windows": lambda text: quote(text, encoding="cp1252"),
    "quoted-printable of Windows": lambda text: text.replace("é", "=E9").replace("M", "=\r\nM"),
    "line break": lambda text: text.replace(" ", "<br class='x'>"),
    "javascript": lambda text: text.replace("é", "\\xe9"),
    "tags": lambda text: text.replace("no", "<b>n</b>o<a href='x'>").replace(" M", "</a> <i>M"),
    "pictures": lambda text: text.replace("no", "n🎉\u200d👍🏽o").replace("rch", "r☃ch"),
    "pictures in json": lambda text: json.dumps(text.replace("no", "n🎉o"))[1:-1],
    "lines through letters": lambda text: "".join(f"{sign}\u0336" for sign in text),
    "soft": lambda text: text.replace("no", "n&shy;o"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_text_is_read_however_it_is_escaped(way: str) -> None:
    said = WAYS[way]("Zénobie Marchbanks")
    found = {" ".join(folded_words(each.text)) for each in readings(f"x {said} y")}
    assert any("zenobie marchbanks" in each for each in found), found


def test_what_is_escaped_three_times_is_read_by_nobody() -> None:
    said = quote(quote(quote("Zénobie")))
    assert not any("zenobie" in each.low for each in readings(said))


@pytest.mark.parametrize(
    ("text", "low", "original"),
    [
        ("a Z%C3%A9nobie b", "zenobie", "Z%C3%A9nobie"),
        ("a &quot;Zénobie&quot; b", "zenobie", "Zénobie"),
        ("<b>Ze</b>nobie\u0301\u0302, b", "zenobie", "Ze</b>nobie\u0301\u0302"),
        ("x\u00adZ\u00ade\u00ad\u00ady", "ze", "Z\u00ade\u00ad\u00ad"),
        ("ﬁne Zoé", "zoe", "Zoé"),
        ("ßß Zoé ßß", "zoe", "Zoé"),
        ("xn--znobie-bva.example", "zenobie", "xn--znobie-bva"),
        ("\\ud835\\udc4dsaid", "z", "\\ud835\\udc4d"),
        ("a\\nb", "b", "b"),
        ("x Ze🎉no y", "zeno", "Ze🎉no"),
        ("x Ze&#127881;no y", "zeno", "Ze&#127881;no"),
        ("🎉Ze🎉", "ze", "Ze"),
    ],
)
def test_each_reading_knows_where_it_stands(text: str, low: str, original: str) -> None:
    found = {text[slice(*each.span(at, at + len(low)))] for each in readings(text) if (at := each.low.find(low)) >= 0}
    assert original in found


@given(st.lists(st.sampled_from(["é", "e\u0301", "\u00ad", "a", "Ｚ", "ß", "%41", "%C3%A9", "%E9", "=?utf-8?q?=C3=A9?=", "<br>", "&amp;", "&#233;", "<b>", "</p>", "\\u00e9", "=\n", " ", "\\n", "%25", "🙂"]), max_size=14))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_every_stretch_of_a_reading_has_its_place_in_the_original(pieces: list[str]) -> None:
    text = "".join(pieces)
    for each in readings(text):
        ends = [each.span(at, at + 1) for at in range(len(each.text))]
        assert all(0 <= start <= end <= len(text) for start, end in ends)
        assert ends == sorted(ends)
        # What reads as a letter stands where that letter, or its escape, is.
        assert all("a" in text[start:end].casefold() or "41" in text[start:end] for at, (start, end) in enumerate(ends) if each.low[at] == "a" and "&a" not in text)  # fmt: skip
        if each.text:
            assert each.span(0, len(each.text))[1] == ends[-1][1]


def test_a_tag_that_sets_apart_is_more_than_one_that_does_not() -> None:
    *_, last = readings("<td>Ze</td><td>no</td> <b>Ze</b>no")
    assert last.low.count("zeno") == 1
    assert "||||" in last.low
    assert [each.text for each in readings("1 < 2 and 3 > 2")] == ["1 < 2 and 3 > 2"]


def test_signs_are_read_too_where_nothing_is_folded() -> None:
    assert [each.text for each in readings("★&#9733;", unfolded=True)] == ["★&#9733;", "★★"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"=?iso-8859-2?q?{'a' * 297}=B3?=", True),
        (f"=?iso-8859-2?q?{'a' * 298}=B3?=", False),
        ("=?unheard-of?q?x=B3?=", False),
        ("=?iso-8859-2?b?x?=", False),
        ("=?iso-8859-2?b?eLM?=", True),
        ("=?iso-8859-2?q?=B3é?=", False),
        ("=?iso-8859-2?q?=B3 ?=", False),
    ],
)
def test_an_encoded_word_of_a_header_is_read_in_its_character_set(text: str, read: bool) -> None:
    assert any("ł" in each.text for each in readings(text, unfolded=True)) == read


def test_white_space_counts_beside_an_encoded_word_and_not_between_two() -> None:
    assert [each.text for each in readings("a =?utf-8?q?b?= \n =?utf-8?q?c_d?= e")][1:] == ["a bc d e"]


@pytest.mark.parametrize("said", ["Zoe M\xe9ry", "\xc9l\xe9onores", "xx\xe9xx\xe9xx"])
def test_base64_of_windows_is_read_where_most_of_it_is_plain(said: str) -> None:
    assert said in [what for *_, what in decodings(f"u={encoded(said, 'cp1252')}")]
    more = [what for *_, what in decodings(f"u={encoded(said.replace('x', 'é', 1), 'cp1252')}")]
    assert ("é" in "".join(more)) == ("x" not in said)


def test_less_than_three_quarters_of_plain_letters_are_no_text() -> None:
    assert "x\xe9" not in "".join(what for *_, what in decodings(encoded("x" * 20 + "\xe9" * 7, "cp1252")))


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", ["", "u=", "x/"])
def test_base64_of_utf_16_is_read(charset: str, before: str) -> None:
    said = f"{before}{encoded('Ask Zénobie Marchbanks!', charset)}"
    assert any("Zénobie Marchbanks" in what for *_, what in decodings(said))


@pytest.mark.parametrize(("zeros", "wide"), [(4, True), (3, False)])
def test_base64_with_few_zeros_is_no_utf_16(zeros: int, wide: bool) -> None:
    data = "Anna".encode("utf-16-be")[: 2 * zeros] + b"xxyyzz  mill"[: 16 - 2 * zeros]
    assert data.count(0) == zeros
    found = [what for *_, what in decodings(f"u={base64.b64encode(data).decode()}")]
    assert any("Ann" in what for what in found) == wide


def test_base64_stands_where_it_begins_and_is_decoded_once() -> None:
    text = f"{encoded('Zenobie Marchbanks!')} and"
    assert [(start, end, what) for start, end, what in decodings(text) if "archbanks" in what] == [(0, 28, "Zenobie Marchbanks!")]  # fmt: skip


@pytest.mark.parametrize("before", ["", "x ", "/u/", "/user/", "id=", "a/b/c/d/"])
@pytest.mark.parametrize("made", [encoded, lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")])
@pytest.mark.parametrize("said", ["Zénobie Marchbanks", "I am Zénobie Marchbanks.", "??>>Zénobie Marchbanks"])
def test_base64_is_read_wherever_it_begins(before: str, made: object, said: str) -> None:
    text = f"{before}{made(said)} after"  # type: ignore[operator]
    found = [(text[start:end], what) for start, end, what in decodings(text)]
    assert any("nobie Marchbanks" in what for _, what in found), found
    assert all(not token.endswith("after") for token, _ in found)


@pytest.mark.parametrize(
    "text", ["internationalisation", "iPhone", "9f86d081884c7d65", "p-abcdefghij", "JavaScript", "aB", "abcD="]
)
def test_what_only_looks_like_base64_says_nothing(text: str) -> None:
    assert not list(decodings(text))


def test_what_is_short_counts_only_where_all_of_it_is_text() -> None:
    assert [what for *_, what in decodings("QW5uYQ==")] == ["Anna"]
    assert [what for *_, what in decodings("aW5uYQ")] == ["inna"]
    assert [what for *_, what in decodings("aW5uY")] == []
    assert "Anna Li" not in [what for *_, what in decodings(f"x{encoded('Anna Li')}")]
    assert "I am Anna" in [what for *_, what in decodings(f"{encoded('I am Anna')}x")]
    # Seven letters behind what is no text, and eight.
    noise = b"\x00\xff\x01"
    assert not list(decodings(base64.b64encode(noise + b"sevenXY\x00\x00").decode()))
    assert [what for *_, what in decodings(base64.b64encode(noise + b"eightXYZ\x00").decode())] == ["eightXYZ"]
