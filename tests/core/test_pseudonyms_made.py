"""How pseudonyms are made and put: the same in every version, since addresses of people depend on them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from rostra.config.cards import Card, Correction, Decision, SamePerson
from rostra.markup import render
from rostra.model import Attachment, Author, Mark, Post, Problem, RawPost, RawThread, Source, Thread
from rostra.privacy.pseudonyms import NOBODY, Pseudonyms

KEY = b"a" * 32


def known(*people: str, keep: tuple[str, ...] = ()) -> Pseudonyms:
    made = Pseudonyms(KEY, keep)
    made.people.update(people)
    return made


@pytest.mark.parametrize(
    ("name", "pseudonym"),
    [
        ("hilarion_7", "Clear Finch qoawd"),
        ("Theodora Quill", "Quiet Bittern ek2nl"),
        ("will", "Golden Heron cfh5h"),
        ("Ünal", "Early Ibis x5yyq"),
        ("Ada", "Clear Owl ei3qd"),
        ("Bede", "Calm Owl sohwk"),
    ],
)
def test_a_name_has_this_pseudonym_for_ever(name: str, pseudonym: str) -> None:
    assert Pseudonyms(KEY).of(name) == pseudonym


def test_an_id_has_this_replacement_for_ever() -> None:
    made = Pseudonyms(KEY)
    assert (made.id("x1"), made.id(None), made.id("")) == ("w2ad4jf3so", None, None)
    assert (made.alias("p-x"), made.alias("x"), made.alias("")) == ("p-ltnyib2hvg", "a5oafx53aj", "")


def test_authors_are_learnt_from_posts_and_cards() -> None:
    made = Pseudonyms(KEY)
    posts = (
        RawPost(key="1", author=Author(name="Ada", id="a7")),
        RawPost(key="2", author=Author(name="Bede")),
        RawPost(key="3"),
    )
    made.learn(RawThread(posts=posts))
    corrections = (Correction(post="p-1", author="Cy"), Correction(post="p-2", author=""), Correction(post="p-3"))
    made.learn_card(Card(correction=corrections, person=(SamePerson(name="Dot", ids=("d",), names=("Dottie",)),)))
    assert made.people == {"Ada", "a7", "Bede", "Cy", "Dot", "Dottie"}


def test_the_stamp_changes_with_key_people_and_words_to_keep_and_not_with_their_order() -> None:
    many = [f"Ada{n}" for n in range(400)]
    assert known(*many, keep=tuple(many)).stamp == known(*reversed(many), keep=tuple(reversed(many))).stamp
    other = Pseudonyms(b"b" * 32)
    assert len({known().stamp, known("Ada").stamp, known(keep=("Ada",)).stamp, other.stamp}) == 4
    assert known().key_digest == known("Ada").key_digest != other.key_digest


def test_of_two_spellings_the_first_one_is_meant_and_of_two_people_with_one_part_nobody() -> None:
    for name in ("Zorica", "Yorick", "Xerxes", "Wolfram", "Vaclav", "Ulrika", "Tiberius", "Sieglinde"):
        assert known(name.lower(), name).text(f"{name.upper()}!") == f"{Pseudonyms(KEY).of(name)}!"
    two = known("Zorica Quill", "Zorica Marchbanks", "Yorick Vale")
    assert two.text("Zorica and Yorick") == f"{NOBODY} and {two.of('Yorick Vale')}"


def test_words_to_keep_are_kept_as_names_and_as_parts_of_names() -> None:
    made = known("Zorica", "Yorick Vale", keep=("zorica", "YORICK"))
    assert made.text("Zorica, Yorick and Vale.") == f"Zorica, Yorick and {made.of('Yorick Vale')}."
    assert known("Zorica", "Yorick Vale").tells("Zorica")


def test_a_text_has_pseudonyms_where_it_had_names_and_is_else_the_same() -> None:
    made = known("Zorica", "Yorick")
    z, y = made.of("Zorica"), made.of("Yorick")
    assert made.text("Zorica met Yorick") == f"{z} met {y}"
    assert made.text("So Zorica met Yorick.") == f"So {z} met {y}."
    assert made.text("nobody") == "nobody"
    body = made.body(render("So *Zorica* met.", "markdown"))
    assert body.text == f"So {z} met."
    assert made.mark(Mark(author="Zorica", post="1", thread="2")) == Mark(
        author=z, post=made.id("1"), thread=made.id("2")
    )
    assert made.mark(Mark()) == Mark()


def test_whoever_is_called_so_is_found_however_the_name_is_written() -> None:
    made = known("Zorica Quill", "ZORICA QUILL", "Yorick")
    assert made.called("quill, zorica") == [made.of(each) for each in ("ZORICA QUILL", "Zorica Quill", "quill, zorica")]
    assert made.called("Nobody") == [made.of("Nobody")]


def test_nothing_of_a_thread_leads_to_its_source() -> None:
    made = known("Ada")
    post = RawPost(
        key="1", id="p-1", parent="0", native_id="n1", author=Author(name="Ada", id="a7", url="https://mill.example/a"), body="x",
        url="https://mill.example/1", attachments=(Attachment(name="a.png", url="https://mill.example/a.png"),),
    )  # fmt: skip
    bare = RawPost(key="", body="y")
    thread = RawThread(
        native_id="t", url="https://mill.example", title="Gate", posts=(post, bare),
        problems=(Problem(code="odd", message="post n1 is odd", post="n1"),),
    )  # fmt: skip
    assert made.thread(thread) == RawThread(
        native_id=made.id("t"), url=None, title="Gate",
        posts=(
            RawPost(
                key=made.id("1") or "", id=made.alias("p-1"), parent=made.id("0"), native_id=made.id("n1"), author=Author(name=made.of("Ada")),
                body="x", url=None, attachments=(Attachment(name="a.png", url=None),),
            ),
            bare,
        ),
        problems=(Problem(code="odd", message="a problem of the kind “odd”", post=made.id("n1")),),
    )  # fmt: skip


def test_an_id_that_is_a_digest_of_words_is_replaced_and_no_other() -> None:
    made = known()

    def post(n: int, raw: RawPost) -> Post:
        return Post(id=f"p-{n}", parent="p-1" if n > 1 else None, depth=int(n > 1), raw=raw)

    raws = (
        RawPost(key="1"),
        RawPost(key="2", native_id="n2"),
        RawPost(key="3", id="p-3"),
        RawPost(key="4", native_id="n4", id="p-4"),
    )
    source = Source(path="gate.txt", format="text", sha256="")
    thread = Thread(id="gate", title="Gate", native_id=None, url=None, source=source, posts=tuple(post(n, raw) for n, raw in enumerate(raws, 1)))  # fmt: skip
    found = made.unguessable(thread)
    ids = [made.alias("p-1"), "p-2", "p-3", "p-4"]
    assert [each.id for each in found.posts] == [each.raw.id for each in found.posts] == ids
    assert [each.parent for each in found.posts] == [None, *[ids[0]] * 3]
    assert [replace(each.raw, id=None) for each in found.posts] == [replace(raw, id=None) for raw in raws]


def test_nothing_of_a_card_leads_to_anybody() -> None:
    made = known("Zorica")
    z = made.of("Zorica")
    card = Card(
        url="https://mill.example", old_addresses=("https://mill.example/{post}",), withdrawn="for Zorica", title="Gate",
        quotation=(Decision(post="p-1", text="Zorica said", words="by Zorica"), Decision(post="p-2", text="x")),
        correction=(Correction(post="p-1", author="Zorica", withdrawn="for Zorica"), Correction(post="p-2", author=""), Correction(post="p-3")),
    )  # fmt: skip
    assert made.card(card) == Card(
        withdrawn=f"for {z}", title="Gate",
        quotation=(Decision(post="p-1", text=f"{z} said", words=f"by {z}"), Decision(post="p-2", text="x")),
        correction=(Correction(post="p-1", author=z, withdrawn=f"for {z}"), Correction(post="p-2", author=""), Correction(post="p-3")),
    )  # fmt: skip
