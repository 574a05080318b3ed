"""Text that is still encoded, though its message does not say so, is decoded where that is certain, and only there."""

from __future__ import annotations

from base64 import b64encode
from binascii import b2a_qp
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.readers.mail.undeclared_encoding import FULL, LEAST, LEAST_BASE64, LEVELS, LONG, decode_undeclared

SIGNED = "if (hinge =3D=3D gate)"


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        ("The hinge =20\nsings=20", "The hinge  \nsings "),
        (f"{SIGNED} T=FCr", "if (hinge == gate) Tür"),
        (f"{SIGNED} T=C3=BCr", "if (hinge == gate) Tür"),
        (f"=46rom the mill\n=2D- {SIGNED}", "From the mill\n-- if (hinge == gate)"),
        (f"{SIGNED}\n=20of the mill\n=09now", "if (hinge == gate)\n of the mill\n\tnow"),
    ],
)
def test_what_only_an_encoder_writes_is_decoded(encoded: str, decoded: str) -> None:
    assert decode_undeclared(encoded, None) == decoded


@pytest.mark.parametrize(
    "text",
    [
        f"{SIGNED} a=20 b",
        f"{SIGNED} x = 20",
        f"{SIGNED} drop=FALSE",
        f"{SIGNED} T=FCr Tür",
        f"{SIGNED} =C2=99",
        "Use =3D once.",
        "=FCr =E4=",
    ],
)
def test_text_with_any_sign_that_an_encoder_does_not_write_stays(text: str) -> None:
    assert decode_undeclared(text, None) == text


def test_a_single_sign_proves_nothing() -> None:
    assert decode_undeclared("a =3D b\n" * (LEAST - 1), None) == "a =3D b\n" * (LEAST - 1)
    assert decode_undeclared("a =3D b\n" * LEAST, None) == "a = b\n" * LEAST


@pytest.mark.parametrize(
    ("length", "continues"),
    [(LONG.start - 1, False), (LONG.start, True), (LONG.stop - 1, True), (LONG.stop, False)],
)
def test_only_a_long_line_continues(length: int, continues: bool) -> None:
    line = "m" * (length - 1)
    assert decode_undeclared(f"{line}=\nill {SIGNED}", None).startswith(f"{line}ill") == continues


@pytest.mark.parametrize(("word", "continues"), [(FULL - 31, False), (FULL - 30, True)])
def test_a_line_that_the_next_word_would_make_too_long_continues(word: int, continues: bool) -> None:
    line = f"{'m' * 28} ="
    assert len(line) == 30
    text = f"{line}\n{'w' * word} ill\n{SIGNED}"
    assert decode_undeclared(text, None).startswith(f"{line[:-1]}w") == continues


def test_a_line_that_continues_nowhere_is_not_encoded() -> None:
    text = f"> {SIGNED}\n> {'m' * 70}=\nMine: x=20 a"
    assert decode_undeclared(text, None) == text


def test_a_quoted_message_is_decoded_and_the_reply_is_not() -> None:
    line = "m" * 70
    assert decode_undeclared(f"> {line}=\n> ill\n> > {SIGNED}\nUse x=20.", None) == (
        f"> {line}ill\n> > if (hinge == gate)\nUse x=20."
    )


def test_quotation_marks_within_an_encoded_message_are_its_own() -> None:
    line = "m" * 70
    assert decode_undeclared(f"Ada w=E4r {SIGNED}\n> {line}=\nill", None) == f"Ada wär if (hinge == gate)\n> {line}ill"


def test_levels_are_bounded() -> None:
    for level, decoded in ((LEVELS - 1, True), (LEVELS, False)):
        text = f"x=20 a\n{'>' * level}{SIGNED}"
        shallower = "".join(f"\n{'>' * each}x=20 a" for each in range(1, level))
        assert (decode_undeclared(text + shallower, None) != text + shallower) == decoded


@given(st.text(alphabet="=3D20FCE4> \naü", max_size=200))
def test_any_text_is_read(text: str) -> None:
    decode_undeclared(text, None)


@given(st.text(alphabet=[*"ab= ", "ü", "\n"], min_size=1, max_size=200))
def test_what_an_encoder_wrote_is_decoded_or_stays(text: str) -> None:
    encoded = b2a_qp(text.encode()).decode()
    assert decode_undeclared(encoded, None) in (text, encoded)


WORDS = "Grüße aus der Mühle,\nwir öffnen das Wehr am Montag um neun Uhr.\nWer kommt mit, wer bleibt?\n"


def code_of(words: str, width: int = 76, charset: str = "utf-8") -> str:
    return "\n".join(wrap(b64encode(words.encode(charset)).decode(), width))


@pytest.mark.parametrize("width", [24, 60, 64, 72, 76])
@pytest.mark.parametrize("after", ["", "\n", "\n\n", "\n\n____\nA list\n", "\n-- \nA list"])
def test_a_body_that_is_base64_is_decoded_and_a_footer_below_it_stays(width: int, after: str) -> None:
    assert decode_undeclared(code_of(WORDS, width) + after, None) == WORDS + after


def test_base64_is_decoded_in_the_charset_that_the_message_names() -> None:
    assert decode_undeclared(code_of(WORDS, charset="latin-1"), "iso-8859-1") == WORDS
    assert decode_undeclared(code_of(WORDS.replace("\n", "\r\n")), "utf-8") == WORDS


@pytest.mark.parametrize(
    "text",
    [
        f"Look:\n{code_of(WORDS)}",
        f"{code_of(WORDS)}\nRegards",
        f"{code_of(WORDS)}\n\nRegards",
        code_of(WORDS, 77),
        code_of(WORDS, 23),
        code_of(WORDS)[:-1],
        code_of(WORDS, charset="latin-1"),
        code_of(WORDS.replace("a", "\x01")),
        code_of("SupercalifragilisticWeir"),
        "A\n" + code_of(WORDS),
        code_of(WORDS[:39]) + "\n" + code_of(WORDS),
        "InternationalizationTests",
    ],
)
def test_what_only_looks_like_base64_stays(text: str) -> None:
    assert decode_undeclared(text, None) == text


def test_few_digits_of_base64_may_be_a_word() -> None:
    least, fewer = code_of("The weir is high!!"), code_of("The weir is ok!")
    assert (len(least), len(fewer)) == (LEAST_BASE64, LEAST_BASE64 - 4)
    assert decode_undeclared(least, None) == "The weir is high!!"
    assert decode_undeclared(fewer, None) == fewer
