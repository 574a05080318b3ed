"""Header fields: raw bytes of any charset, names behind lists, marks before subjects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.readers.mail.mail_headers import LONGEST, Headers, parse_headers
from rostra.readers.mail.senders import sender_of
from rostra.readers.mail.subjects import bare_subject, is_answer


@pytest.mark.parametrize(
    ("charset", "encoding", "certain"),
    [
        ("iso-8859-1", "latin-1", True),
        ("iso-8859-1", "utf-8", True),
        ("koi8-r", "koi8-r", True),
        ("gb2312", "gb18030", True),
        ("euc-kr", "euc-kr", True),
        ("iso-2022-jp", "iso-2022-jp", True),
        ("no-such", "utf-8", True),
        ("us-ascii", "latin-1", False),
        ("", "latin-1", False),
        ("", "utf-8", True),
    ],
)
def test_raw_bytes_are_in_the_charset_of_the_body_or_a_likely_one(charset: str, encoding: str, certain: bool) -> None:
    name = {"koi8-r": "Олег", "gb18030": "磨坊主人", "euc-kr": "방앗간", "iso-2022-jp": "水車小屋"}.get(
        encoding, "Jürgen"
    )
    block = f"From: {name} <x@mill.example>\nContent-Type: text/plain; charset={charset}".encode(encoding)
    headers = parse_headers(block)
    assert (headers.get("from"), headers.certain) == (f"{name} <x@mill.example>", certain)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?J=C3=BCrgen?= M.", "Jürgen M."),
        ("=?utf-8?q?J=C3?= =?utf-8?q?=BCrgen?=", "Jürgen"),
        ("=?iso-8859-1?Q?J=FCrgen?= =?utf-8?B?w58=?=", "Jürgenß"),
        ("a =?utf-8?q?b?= c =?utf-8?q?d_e?=", "a b c d e"),
        ("=?GB2312?B?xOO6ww==?=", "你好"),
        ("=?utf-8*de?q?J=C3=BCrgen?=", "Jürgen"),
        ("=?no-such?q?J=C3=BCrgen?=", "Jürgen"),
        ("=?utf-8?B?w?=", "=?utf-8?B?w?="),
        ("=?x", "=?x"),
        ("x" * LONGEST + "=?utf-8?q?a?=", "x" * LONGEST + "=?utf-8?q?a?="),
    ],
)
def test_encoded_words_are_decoded_as_far_as_they_can_be(value: str, text: str) -> None:
    assert parse_headers(f"Subject: {value}".encode()).get("subject") == text


def test_the_first_field_of_a_name_counts_and_folded_ones_are_whole() -> None:
    headers = parse_headers(b"Subject: one\n two\nSUBJECT: three\nno field\nX: 1", {"subject"})
    assert headers == Headers({"subject": "one two"})


LIST = {"from": "Bede Hill via Village <village@lists.example>"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (LIST, "Bede Hill"),
        (
            {"from": "'Cy Marsh' via Talk <village@lists.example>", "x-original-from": "Cy Marsh <c@x.example>"},
            "Cy Marsh",
        ),
        ({"from": "Cy via Talk <v@lists.example>", "reply-to": "Cy <cy@x.example>"}, "Cy"),
        ({"from": "Cy via Talk <v@lists.example>", "list-post": "<mailto:v@lists.example>"}, "Cy"),
        ({"from": "Cy via Talk <v@lists.example>", "to": "v@lists.example"}, "Cy"),
        ({"from": "village at lists.example (Bede Hill via village)"}, "Bede Hill"),
        (
            {
                "from": "Village <v@lists.example>",
                "list-post": "<mailto:v@lists.example>",
                "reply-to": "Cy <c@x.example>",
            },
            "Cy",
        ),
        (
            {"from": "Village <v@lists.example>", "list-id": "Talk <v.lists.example>", "reply-to": "Cy <c@x.example>"},
            "Cy",
        ),
        # None of these is a list that writes itself there.
        ({"from": "Maria via Dolorosa <maria@x.example>"}, "Maria via Dolorosa"),
        ({"from": "Maria via Dolorosa <maria@x.example>", "reply-to": "Ada <a@x.example>"}, "Maria via Dolorosa"),
        (
            {"from": "Ada <ada@x.example>", "list-post": "<mailto:v@lists.example>", "reply-to": "V <v@lists.example>"},
            "Ada",
        ),
        ({"from": "V <v@lists.example>", "list-post": "<mailto:v@lists.example>", "reply-to": "v@lists.example"}, "V"),
        ({"from": "Ada <ada@x.example>", "reply-to": "Bede <b@x.example>"}, "Ada"),
        # Names and addresses in every form.
        ({"from": '"Weir, Ada" <ada@x.example>'}, "Weir, Ada"),
        ({"from": "ada@x.example (Ada Weir)"}, "Ada Weir"),
        ({"from": "ada@x.example"}, "ada"),
        ({"from": "<ada@x.example>"}, "ada"),
        ({"from": "ada at x.example (Ada Weir)"}, "Ada Weir"),
        ({"from": ""}, None),
        ({}, None),
    ],
)
def test_who_wrote_is_told_also_behind_a_list(fields: dict[str, str], name: str | None) -> None:
    author = sender_of(Headers(fields))
    assert (author and author.name) == name


@pytest.mark.parametrize(
    "mark",
    ["Re: ", "RE : ", "re[2]: ", "Re(3): ", "Re^2: ", "Antwort: ", "AW: ", "SV: ", "Vs: ", "回复：", "答复: ", "返信: ", "Odp: ", "Отв: ",
     "[village] Re: ", "Re: [village] ", "Re: Re: ", "Re:", "ΑΠ: ", "תשובה: ", "رد: ", "RES: "],
)  # fmt: skip
def test_marks_of_answers_in_many_languages_are_taken_off(mark: str) -> None:
    assert is_answer(f"{mark}The gate: now")
    assert bare_subject(f"{mark}The gate: now") == "The gate: now"


@pytest.mark.parametrize("mark", ["Fwd: ", "WG: ", "TR: ", "转发：", "[village] "])
def test_what_is_passed_on_answers_nothing(mark: str) -> None:
    assert not is_answer(f"{mark}The gate")
    assert bare_subject(f"{mark}The gate") == "The gate"


@pytest.mark.parametrize(
    "subject",
    ["Research: gates", "R: a language", "Resolved: gates", "Are: you", "re the gate", "SVG: gates", "Gate re: weir"],
)
def test_other_words_are_the_subjects_own(subject: str) -> None:
    assert not is_answer(subject)
    assert bare_subject(subject) == subject


@given(st.binary(max_size=200))
def test_whatever_bytes_stand_there_some_text_comes_out(data: bytes) -> None:
    headers = parse_headers(b"Subject: " + data)
    assert "\0" not in "".join(headers.fields.values())
    sender_of(headers)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('"Ada \\"Lady\\" Byron" <ada@x.example>', 'Ada "Lady" Byron'),
        ('"Byron, Ada" (at home) <ada@x.example>', "Byron, Ada (at home)"),
        ('"Ada" Byron <ada@x.example>', "Ada Byron"),
        ('"Ada <3" <ada@x.example>', "Ada <3"),
        ('"Ada Byron <ada@x.example>', "Ada Byron"),
        ("Ada Byron [mailto:ada@x.example]", "Ada Byron"),
        ("<ada@x.example>", "ada"),
        ("ada@x.example", "ada"),
        ('""', None),
        ("undisclosed-senders:;", None),
        ("Ada: the miller;", "Ada: the miller;"),
    ],
)
def test_a_name_is_what_is_written_beside_the_address(field: str, name: str | None) -> None:
    author = sender_of(Headers({"from": field}))
    assert (author and author.name) == name
