"""How much of a record reaches its post, and of a post its page, at the boundaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.model import Attachment, Author, RawPost
from rostra.readers.guards.words_shown import FEW, Leaf, differ, says_enough, shortfall, unrendered, words

TEN = "alpha betas gamma delta epsil zetas theta iotas kappa lamda"
"""Ten words of five letters."""


def post(body: str = "", **fields: object) -> RawPost:
    return RawPost(key="1", body=body, **fields)  # type: ignore[arg-type]  # fields of its own types


def lost(body: str, *texts: str, others: tuple[str | None, ...] = (), **fields: object) -> bool:
    leaves = [Leaf(f"field{n}", text) for n, text in enumerate(texts)]
    return shortfall(leaves, post(body, **fields), others) is not None


def test_nine_tenths_are_enough_and_less_is_a_problem() -> None:
    nine, eight = TEN.rpartition(" ")[0], TEN.rsplit(" ", 2)[0]
    assert not lost(nine, TEN)
    assert lost(eight, TEN)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("one two", False),
        ("one two three", True),
        ("one 2 3 4", False),
        ("<p>one</p> two https://mill.example/three/four", False),
        ("[b]one[/b] two", False),
        ("[one two three]", True),
        ("[quote=ada of the mill]one two[/quote]", False),
        ("[quote author=ada of the mill]one two[/quote:u:2ab3]", False),
        ("[*:m:2ab3]one[/*:m:2ab3] two", False),
        ("[note: one two three]", True),
        ("誰が上の水門を開け", True),
        ("誰が上の水門を", False),
        ("", False),
    ],
)
def test_a_text_says_something_with_three_words_or_as_much_without_spaces(text: str, says: bool) -> None:
    assert says_enough(text) == says
    assert lost("", text) == says


def test_the_same_words_in_another_markup_are_the_same() -> None:
    assert not lost("Who *opened* the gate & left it?", "<p>Who <em>opened</em> the gate &amp; left it?</p>")
    assert not lost("[b]Who opened[/b] the gate?", "<b>Who opened</b> the gate?")


def test_words_of_a_link_of_slack_are_shown() -> None:
    """The address and the words are within the same angle brackets."""
    linked = "See <https://mill.example|who opened the gate> & <@U1>"
    assert not lost(linked, "Who opened the gate", dialect="slack")
    assert lost(linked, "Who opened the gate", dialect="markdown")


def test_single_words_that_are_elsewhere_prove_nothing() -> None:
    assert lost("the gate was who it opened by night", "who opened the gate by the night")


@pytest.mark.parametrize(
    "shown",
    [
        {"title": TEN},
        {"note": TEN},
        {"created_text": TEN},
        {"author": Author(name=TEN)},
        {"attachments": (Attachment(name=TEN),)},
        {"others": (None, TEN)},
    ],
)
def test_what_is_shown_beside_the_body_counts(shown: dict[str, object]) -> None:
    assert not lost("", TEN, **shown)  # type: ignore[arg-type]  # either kind
    assert lost("", TEN)


@pytest.mark.parametrize("kind", ["deleted", "removed", "missing"])
def test_a_post_that_is_not_there_loses_nothing(kind: str) -> None:
    assert not lost("", TEN, kind=kind)


def test_many_texts_are_held_against_the_post_like_few() -> None:
    texts = [f"{TEN} {n * 'x'}" for n in range(1, FEW + 5)]
    assert not lost(" ".join(texts), *texts)
    assert lost(texts[0], *texts[:FEW], TEN.replace("a", "o"))


@pytest.mark.parametrize(
    ("reason", "told"), [("one two three", True), ("one two", False), ("alpha betas words", False)]
)
def test_a_field_of_which_nothing_is_shown_is_a_problem_however_long_the_post(reason: str, told: bool) -> None:
    long = f"{TEN} " * 20
    problem = shortfall([Leaf("body", long), Leaf("reason", reason)], post(long))
    assert bool(problem) == told
    assert problem is None or "`reason`" in problem.message


def test_a_problem_names_fields_and_quotes_nothing() -> None:
    problem = shortfall([Leaf("body", "said and shown here"), Leaf("secret", TEN)], post("said and shown here"))
    assert problem is not None
    assert "`secret`" in problem.message
    assert "`body`" not in problem.message
    assert "alpha" not in problem.message


@given(st.text())
def test_a_text_that_is_the_body_is_never_lost(text: str) -> None:
    assert not lost(text, text)


@given(st.lists(st.text(alphabet="abc <>[]&;", max_size=20)))
def test_words_hold_letters_alone(texts: list[str]) -> None:
    assert all(word.isalpha() for word in words(" ".join(texts)))


@pytest.mark.parametrize(
    ("body", "dialect", "shown", "code"),
    [
        (f"<p>{TEN}</p>", "html", [TEN], None),
        (f"<p>{TEN}</p>", "html", [TEN.rpartition(" ")[0]], None),
        (f"<p>{TEN}</p>", "html", [TEN.rsplit(" ", 2)[0]], "lost-words"),
        (f"<p>{TEN}</p>", "html", ["alpha betas gamma delta", "epsil zetas theta iotas kappa lamda"], None),
        (f"<p>{TEN}</p>", "markdown", ["alpha"], None),
        (f"<p>{TEN}</p>", "html", [""], "empty-post"),
        (TEN, "markdown", [], "empty-post"),
        (f"<!-- {TEN} -->", "github", [""], "empty-post"),
        (f'<!-- {TEN} --><img src="x.png">', "html", ["picture"], None),
        (f"<!-- {TEN} -->Twice.", "github", ["Twice."], None),
        (f"<style>{TEN}</style>", "html", [""], "empty-post"),
        (f"<style>{TEN}</style><p>{TEN}</p>", "html", ["alpha"], None),
        (f'<style>{TEN}</style><img src="x.png">', "html", [""], None),
        ('<img src="x.png">', "html", [""], None),
        ("", "html", [""], None),
        ('See <a href="https:&#x2F;&#x2F;mill.example&#x2F;on&#x2F;weirs">https:&#x2F;&#x2F;mill.example&#x2F;on&#x2F;weirs</a>', "hackernews", ["See https://mill.example/on/weirs"], None),
        ("<p>At <span>https://</span><span>mill.example/on/weirs</span></p>", "html", ["At https://mill.example/on/weirs"], None),
        ("<p>At <span>https://</span><span>mill.example/on/weirs</span></p>", "html", ["At https://mill.example/on/banks"], "lost-words"),
        ("<code>&lt;pass name=one&gt; &lt;pass name=two&gt;</code>", "html", ["<pass name=one> <pass name=two>"], None),
        ("<code>&lt;pass name=one&gt; &lt;pass name=two&gt;</code>", "html", ["<pass name=one>"], "lost-words"),
    ],
)  # fmt: skip
def test_what_a_body_says_is_shown(body: str, dialect: str, shown: list[str], code: str | None) -> None:
    problem = unrendered(post(body, dialect=dialect), shown)
    assert (problem and problem.code) == code


def test_a_raised_figure_is_no_part_of_the_word_that_it_follows() -> None:
    assert words("The weir² leaks¹⁰.") == ["the", "weir", "leaks"]
    body = "The weir leaks².\n\n² Said the keeper on Tuesday."
    assert unrendered(post(body, dialect="mail"), ["The weir leaks.", "Said the keeper on Tuesday."]) is None


def test_a_word_without_end_is_read_once() -> None:
    """A run of letters that begins anew at each of them would take minutes here."""
    assert differ("z" * 100_000 + " other words of it", TEN)
