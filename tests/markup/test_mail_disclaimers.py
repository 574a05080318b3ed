"""Disclaimers and the lines of telephones below mails are nobody's words."""

from __future__ import annotations

import pytest

from rostra.markup import render
from rostra.markup.mail_disclaimers import FULL, LEAST, LONGEST, disclaimers

THREE = "This e-mail is confidential. If you had it in error, burn it."


def found(text: str, depth: int = 0) -> list[str]:
    """The lines of a mail that are such, all being of one depth."""
    lines = text.split("\n")
    return [lines[n] for n in disclaimers([(depth, line) for line in lines])]


@pytest.mark.parametrize(
    "line",
    ["Sent from my telephone", "sent from my iPad mini", "Get Outlook for Nothing", "Von meinem Telefon gesendet", "Envoyé de mon iPhone", "Enviado desde mi iPad"],
)  # fmt: skip
def test_a_line_of_a_telephone_is_alone_in_its_paragraph(line: str) -> None:
    assert found(f"It is open.\n\n{line}") == [line]
    assert found(f"It is open.\n\n{line}\n\nBede asked.", 1) == [line]
    assert found(f"It is open.\n{line}") == []
    assert found(f"{line}\nIt is open.") == []


def test_a_sentence_that_begins_like_one_is_the_author_s() -> None:
    assert found("Sent from my mill, the flour " + "is as white as snow " * 4) == []
    assert found("Sent by my mill.") == []


def test_what_mailman_leaves_of_a_disclaimer_is_one_with_the_rule_above() -> None:
    assert found("Ada\n----------\nLEGAL NOTE\\ Unless said\notherwise...{{dropped}}") == [
        "----------", "LEGAL NOTE\\ Unless said", "otherwise...{{dropped}}",
    ]  # fmt: skip
    assert found("Ada\nThis is sec...{{dropped:12}}") == ["This is sec...{{dropped:12}}"]
    assert found("Ada\n---------\nThis is sec...{{dropped:12}}") == ["This is sec...{{dropped:12}}"], "no rule"
    assert found("Mailman writes {{dropped}} there.") == []


def test_a_disclaimer_says_three_things_the_mail_among_them() -> None:
    assert LEAST == 3
    assert found(f"It is open.\n\n{THREE}") == [THREE]
    assert found("This e-mail is confidential, says the miller.") == []
    assert found(THREE.ljust(LONGEST, "x")) != []
    assert found(THREE.ljust(LONGEST + 1, "x")) == []
    assert found("What is confidential, unauthorised, or opened in error, he burns.") == []
    assert found("A message that is confidential, unauthorised, or opened in error, he burns.") == []
    assert found("Diese Nachricht ist vertraulich. Haben Sie sie\nirrtümlich, so verbrennen Sie sie.") != []


def test_a_disclaimer_that_is_wrapped_begins_with_its_first_words() -> None:
    wrapped = "This e-mail and what is in it are confi-\ndential or privileged; it is for the intended\nrecipient."
    assert found(f"Ada\nThe Weir\n{wrapped}") == wrapped.split("\n")
    long = "Whatever the miller and his keepers may say of it"
    assert found(f"Ada\n{long[: FULL - 1]}\n{wrapped}") == wrapped.split("\n")
    assert found(f"Ada\n{long[:FULL]}\n{wrapped}") == [long[:FULL], *wrapped.split("\n")]
    assert found(f"Ada\n**********\nNOTE:\n{wrapped}") == ["**********", "NOTE:", *wrapped.split("\n")]


def test_a_mail_shows_them_as_added_and_those_in_quotations_too() -> None:
    body = render(f"> It is open.\n>\n> {THREE}\n\nI know.\n\n{THREE}\n", "mail")
    assert [(block.depth, block.kind) for block in body.blocks] == [
        (1, "paragraph"), (1, "furniture"), (0, "paragraph"), (0, "furniture"),
    ]  # fmt: skip
