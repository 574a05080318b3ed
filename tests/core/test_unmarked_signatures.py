"""Signatures without dashes: what several mails of an author end with, if the author's name is in it; no word is lost."""

from __future__ import annotations

import pytest

from rostra.i18n.catalogue import Catalogue
from rostra.markup import render
from rostra.model import Author, Edited, Edition, Post, RawPost, Source, Thread
from rostra.model.raw import Dialect
from rostra.render.context import Context
from rostra.render.folds import folds
from rostra.render.signatures import BLOCKS, FEWEST, WIDEST, with_signatures

SIGNED = "Ada Weir\nThe Lower Mill\nNorthbrook"
ADDRESS = "https://mill.example/"


def post(n: int, body: str, author: str = "Ada Weir", dialect: Dialect = "mail") -> Edited:
    raw = RawPost(key=str(n), author=Author(name=author), body=body, dialect=dialect)
    return Edited(post=Post(id=f"p-{n}", parent=None, depth=0, raw=raw), body=render(body, dialect))


def signed(*bodies: str, author: str = "Ada Weir", dialect: Dialect = "mail") -> list[str]:
    """Return the words of the signatures, with dots where a post has none."""
    posts = [post(n, body, author, dialect) for n, body in enumerate(bodies)]
    found = with_signatures(posts)
    return [
        "/".join(body.text[each.start : each.end] for each in body.blocks if each.kind == "signature")
        if (body := found.get(each.post.id))
        else "."
        for each in posts
    ]


def mails(signature: str) -> tuple[str, str]:
    return f"The gate is open.\n\n{signature}\n", f"It is shut again.\n\n{signature}\n"


def test_what_two_mails_of_an_author_end_with_is_a_signature() -> None:
    assert signed(*mails(SIGNED)) == [SIGNED, SIGNED]
    assert signed(mails(SIGNED)[0], "It is shut again.\n\nAda\n") == [".", "."]
    assert signed(*mails(SIGNED), dialect="text") == [".", "."]


def test_mails_of_two_people_have_none_in_common() -> None:
    one, other = mails(SIGNED)
    assert with_signatures([post(1, one), post(2, other, "Bede Weir")]) == {}


def test_a_name_above_an_address_is_no_part_of_it_where_the_address_has_the_name() -> None:
    assert signed(*mails(f"Ada\n\n{SIGNED}")) == [SIGNED, SIGNED]
    assert signed(*mails("Ada\n\nThe Lower Mill\nNorthbrook")) == ["Ada/The Lower Mill\nNorthbrook"] * 2


def test_a_signature_is_above_the_quotation_that_follows() -> None:
    quoted = "\nOn Monday Bede wrote:\n> Who has the key to the gate?\n"
    one, other = mails(SIGNED)
    assert signed(one + quoted, other) == [SIGNED, SIGNED]


@pytest.mark.parametrize(
    ("signature", "found"),
    [
        pytest.param("\n".join(SIGNED.split("\n")[: FEWEST - 1]), False, id="two lines"),
        pytest.param(f"{SIGNED}\n{ADDRESS.ljust(WIDEST, 'x')}", True, id="widest line"),
        pytest.param(f"{SIGNED}\n{ADDRESS.ljust(WIDEST + 1, 'x')}", False, id="too wide"),
        pytest.param(SIGNED.replace("Ada Weir", "Yours truly"), False, id="no name"),
        pytest.param(f"{SIGNED}\nWater has never asked a miller", True, id="a motto"),
        pytest.param("Ada Weir\nWater has never asked a miller\nand the miller has never asked the", False, id="prose"),
        pytest.param("Ada Weir\nNorthbrook\nWater has never asked a miller\nand no miller has ever told it", True, id="half prose"),
        pytest.param("> Ada Weir\n> The Lower Mill\n> Northbrook", False, id="quoted"),
        pytest.param("    Ada Weir = x;\n    mill = y;\n    north = z;", False, id="code"),
    ],
)  # fmt: skip
def test_only_what_is_surely_one(signature: str, found: bool) -> None:
    assert (signed(*mails(signature)) != [".", "."]) is found


@pytest.mark.parametrize(("count", "found"), [(BLOCKS, True), (BLOCKS + 1, False)])
def test_mails_that_share_more_are_copies(count: int, found: bool) -> None:
    said = "\n\n".join([*(f"Ada {n}\nline\nline" for n in range(count - 1)), SIGNED])
    assert (signed(*mails(said)) != [".", "."]) is found


CARD = "Ada Weir\nThe Lower Mill\n+44 (0)20 8525 0696"


@pytest.mark.parametrize(
    ("signature", "author", "found"),
    [
        pytest.param(CARD, "Ada Weir", True, id="telephone"),
        pytest.param(f"Regards,\n{SIGNED}\n<ada@mill.example>", "Weir, Ada", True, id="mail"),
        pytest.param(f"{SIGNED}\nwww.mill.example", "Dr Ada Weir", True, id="page"),
        pytest.param(f"Ada Weir https://mill.example/\n{SIGNED}", "Ada Weir", True, id="one line"),
        pytest.param(f"Ada Weir\n\n{CARD}", "Ada Weir", True, id="name above"),
        pytest.param("Ada Weir\n\nThe Lower Mill\nNorthbrook\nada@mill.example", "Ada Weir", True, id="paragraphs"),
        pytest.param(SIGNED, "Ada Weir", False, id="no address"),
        pytest.param("Ada Weir\nThe Lower Mill\n123456", "Ada Weir", False, id="six digits"),
        pytest.param("Ada Weir\nThe Lower Mill\n1234567", "Ada Weir", True, id="seven digits"),
        pytest.param("Ada Weir\nThe Lower Mill\n1.000001e-06 x=1234567", "Ada Weir", False, id="figures"),
        pytest.param(CARD, "Ada", False, id="one name"),
        pytest.param(CARD.replace("Ada Weir", "Ada Mill"), "Ada Weir", False, id="another's name"),
        pytest.param("See\nhttps://mill.example/gate\nAda Weir", "Ada Weir", False, id="address above"),
        pytest.param("https://mill.example/gate\n\nMany thanks\nto all\nAda Weir", "Ada Weir", False, id="address far above"),
        pytest.param("\n".join(CARD.split("\n")[1:]), "Ada Weir", False, id="no name"),
        pytest.param(CARD.replace("\nThe Lower Mill", ""), "Ada Weir", False, id="two lines"),
    ],
)  # fmt: skip
def test_one_mail_has_one_with_a_name_and_an_address(signature: str, author: str, found: bool) -> None:
    shown = signed(mails(signature)[0], author=author)
    assert (shown != ["."]) is found


@pytest.mark.parametrize(("count", "found"), [(BLOCKS, True), (BLOCKS + 1, False)])
def test_the_signature_of_one_mail_is_its_last_paragraphs(count: int, found: bool) -> None:
    lines = [
        "Ada Weir, Miller",
        *("The Lower Mill\nNorthbrook" for _ in range(count - 2)),
        "ph 020 8525 0696\nfax none",
    ]
    assert (signed(mails("\n\n".join(lines))[0]) != ["."]) is found


def test_a_mail_that_is_an_address_has_no_signature() -> None:
    assert signed(f"{CARD}\n") == ["."]
    assert signed(f"> Who are you?\n\n{CARD}\n") == [CARD]


def test_a_mail_of_nothing_else_is_no_signature() -> None:
    assert signed(f"{SIGNED}\n", f"{SIGNED}\n") == [".", "."]
    assert signed(f"{SIGNED}\n", mails(SIGNED)[1]) == [".", SIGNED]


def test_it_is_folded_as_one_and_quotes_nobody() -> None:
    both = f"{SIGNED}\n\nph 1\nfax 2"
    posts = tuple(post(n, body) for n, body in enumerate(mails(both)))
    context = Context(
        Edition(
            thread=Thread(
                id="t",
                title="T",
                native_id=None,
                url=None,
                source=Source(path="a.mbox", sha256="", format="mail"),
                posts=(),
            ),
            posts=posts,
        ),
        Catalogue("en"),
    )
    body = context.signed["p-0"]
    ((first, last, label),) = folds(body, Catalogue("en"))
    assert label == "Signature"
    assert (body.tags[first][1], body.tags[last][1]) == ("<p>", "</p>")
    assert body.text == posts[0].body.text
    assert body.text[body.tags[first][0] : body.tags[last][0]] == both
