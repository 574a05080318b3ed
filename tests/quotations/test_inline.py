"""What stands in quotation marks within a sentence, and whose words it is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from rostra.markup import render
from rostra.model import Author, Passage, Quote, RawPost, RawThread, Source
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.inline import FEW, SPREAD, WordSpread, inline_quotes
from rostra.quotations.notes import with_notes
from rostra.quotations.tokens import tokenise
from rostra.quotations.zones import zones
from rostra.threads.assemble import assemble

SAID = "Nobody opened the sluice paddle at dusk, I think."


def inline(last: str, *earlier: str, by: str = "", taken: tuple[Quote, ...] = ()) -> list[Quote]:
    """The inline quotations of the last of posts that answer each other; ``by`` are their authors, a letter each."""
    said = [*earlier, last]
    authors = by or "ABCDEFGHIJ"[: len(said)]
    raw = tuple(
        RawPost(key=str(n), native_id=str(n), body=body, parent=str(n - 1) if n else None, author=Author(name=name))
        for n, (body, name) in enumerate(zip(said, authors, strict=True))
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    bodies = [render(body, "text") for body in said]
    cut = [zones(body, tokenise(body.text), set()) for body in bodies]
    return inline_quotes(
        thread,
        len(said) - 1,
        [with_notes(body) for body in bodies],
        cut,
        ThreadPositions(thread),
        taken,
        WordSpread(cut),
    )


def sources(last: str, *earlier: str, by: str = "") -> list[str]:
    return [quote.source.post for quote in inline(last, *earlier, by=by) if quote.source]


def test_exact_words_of_an_ancestor_are_a_quotation() -> None:
    (quote,) = inline("You say “the sluice paddle”, but which?", SAID)
    assert quote == Quote(
        start=9,
        end=26,
        kind="inline",
        source=Passage(thread="t", post="p-0", spans=((14, 31),), text="the sluice paddle"),
        score=1.0,
        tier="parent",
        reason="in quotation marks, 3 words, exact",
    )
    assert sources("You say “the sluice paddles”, but which?", SAID) == []
    assert sources("You say the sluice paddle, but which?", SAID) == []


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "„”", "‘’"])
def test_in_marks_of_every_kind(marks: str) -> None:
    assert sources(f"You say {marks[0]}the sluice paddle{marks[1]}, but which?", SAID) == ["p-0"]


def test_two_words_that_mean_something_must_be_among_them() -> None:
    assert sources("You say “sluice paddle”.", SAID) == ["p-0"]
    assert sources("You say “the paddle”.", "Nobody opened the paddle at dusk.") == []
    assert sources("You say “at dusk, I think”.", SAID) == []


def test_the_nearest_who_said_it_and_not_oneself() -> None:
    asks = "You say “sluice paddle”."
    assert sources(asks, SAID, SAID) == ["p-1"]
    assert sources(asks, SAID, "No.", SAID, by="ABAA") == []
    assert sources(asks, SAID, SAID, by="ABB") == ["p-0"]


def test_six_ancestors_are_searched_and_no_more() -> None:
    asks = "You say “sluice paddle”."
    assert sources(asks, SAID, *["No."] * 5) == ["p-0"]
    assert sources(asks, SAID, *["No."] * 6) == []


def test_only_words_that_are_the_other_s_own_count() -> None:
    asks = "You say “sluice paddle”."
    assert sources(asks, "> the sluice paddle\n\nNo.") == []
    assert sources(asks, "> the sluice paddle\n\nThe sluice paddle!") == ["p-0"]
    assert sources(asks, "> Nobody opened the sluice\n\npaddle") == []
    assert sources(asks, "Nobody opened the sluice\n\n> paddle") == []


def test_what_is_quoted_already_is_not_quoted_again() -> None:
    last = "You say “the sluice paddle”, but which?"
    (quote,) = inline(last, SAID)
    before, after = replace(quote, start=0, end=9), replace(quote, start=26, end=30)
    assert len(inline(last, SAID, taken=(before, after))) == 1
    for start, end in ((0, 10), (25, 30), (12, 14), (0, 30)):
        assert inline(last, SAID, taken=(replace(quote, start=start, end=end),)) == []
        assert len(inline(last, SAID, taken=(replace(quote, start=start, end=end, source=None),))) == 1


def test_what_the_quoter_quotes_of_another_is_not_theirs() -> None:
    assert sources("> You say “the sluice paddle”, but which?\n\nSo he asked.", SAID) == []


def test_one_that_is_none_hides_no_other() -> None:
    taken = inline("You say “the sluice paddle”.", SAID)
    assert sources("You say “I think”, “the bell rope” and “sluice paddle”.", SAID) == ["p-0"]
    last = "You say “the sluice paddle” and “sluice paddle at dusk”."
    assert len(inline(last, SAID)) == 2
    assert [quote.start for quote in inline(last, SAID, taken=tuple(taken))] == [33]


def test_at_either_end_of_a_post() -> None:
    assert sources("“sluice paddle”", "sluice paddle it was, all night") == ["p-0"]
    assert sources("“sluice paddle”", "Nobody opened the sluice paddle") == ["p-0"]
    assert sources("“sluice paddle”", "sluice paddle") == ["p-0"]
    assert sources("“sluice paddle”", "sluice") == []


def test_what_was_left_out_in_two_places_is_told_from_what_was_not() -> None:
    assert sources("You say “sluice sluice paddle”.", "Of the sluice sluice sluice paddle he spoke.") == ["p-0"]
    found = inline("You say “sluice sluice paddle”.", "Of the sluice sluice sluice paddle he spoke.")
    assert found[0].source is not None
    assert found[0].source.spans == ((14, 34),)


MORE = "The sluice paddle is heavy, and the sluice paddle is old."


def test_few_words_need_one_that_few_posts_have() -> None:
    """Words in quotation marks that everybody uses are held up to doubt, not quoted."""
    asks = "You say “the sluice paddle”, but which?"
    assert sources(asks, *[SAID] * SPREAD) != []
    assert sources(asks, *[SAID] * (SPREAD + 1)) == []
    assert sources(asks, SAID, *[MORE] * SPREAD) == []
    assert sources("You say “opened the sluice paddle”.", *[SAID] * (SPREAD + 1)) != [], f"more than {FEW} words"
    assert sources("The sluice? You say “sluice paddle”.", *[SAID] * SPREAD) != [], (
        "the quoter's own post is not counted"
    )
    assert sources("You say “sluice paddle at”.", "at dusk", "at dawn", "at noon", SAID) != [], (
        "one rare word is enough"
    )
    assert sources("You say “at dusk, sluice”.", *["At dusk, sluice!"] * 3) == []


def test_few_words_are_a_quotation_where_their_author_is_named_in_the_paragraph() -> None:
    earlier = [SAID] * (SPREAD + 1)
    assert sources("And C says “the sluice paddle”, but which?", *earlier) == ["p-2"]
    assert sources("And B says “the sluice paddle”, but which?", *earlier) == []
    assert sources("And Cc says “the sluice paddle”, but which?", *earlier) == []
    assert sources("I ask C.\n\nHe says “the sluice paddle”.", *earlier) == []


def test_strings_of_programs_and_names_of_senders_are_no_quotations() -> None:
    assert sources('You say "the sluice paddle" <ada@mill.example> wrote.', SAID) == []
    assert sources('You say "the sluice paddle" <ada> wrote.', SAID) == ["p-0"]
    assert sources('So:\n\n```\nopen("the sluice paddle")\n```\n', SAID) == []
