"""When a paragraph that stands again word for word is a quotation, and of which post."""

from __future__ import annotations

import pytest

from rostra.editorial.edition import edit
from rostra.markup import render
from rostra.model import Author, RawPost, RawThread, Source
from rostra.quotations import decide, paragraphs
from rostra.quotations.decide import ThreadPositions
from rostra.quotations.match import Match
from rostra.quotations.paragraphs import Paragraphs
from rostra.quotations.tokens import tokenise
from rostra.quotations.zones import zones
from rostra.threads.assemble import assemble

# Four rare words are 48 bits, two 24, five 60, seven 84.
RARE = ["sluice", "paddle", "capstan", "groyne", "culvert", "penstock", "bollard", "spillway"]


def rare(count: int) -> str:
    return " ".join(RARE[:count])


def asked(
    *posts: tuple[str, str, str | None], segment: int = 0, others: dict[int, range] | None = None
) -> Match | None:
    """What is found for a paragraph of the last post; each is its author, its words and the key of its parent.

    ``others`` are the words of a post that are another's.
    """
    raw = tuple(
        RawPost(key=str(n), native_id=str(n), body=said, parent=parent, author=Author(name=author) if author else None)
        for n, (author, said, parent) in enumerate(posts)
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    by_key = {post.raw.key: n for n, post in enumerate(thread.posts)}
    bodies = [render(post.raw.body, "text") for post in thread.posts]
    cut = [zones(body, tokenise(body.text), set()) for body in bodies]
    for post, theirs in (others or {}).items():
        for word in theirs:
            cut[post].own[word] = 0
    known = Paragraphs(cut, ThreadPositions(thread))
    last = by_key[str(len(posts) - 1)]
    for n in range(len(posts)):
        if n != last:
            known.add(n)
    return known.find(last, cut[last].segments[segment])


def source(*posts: tuple[str, str, str | None], segment: int = 0, others: dict[int, range] | None = None) -> int | None:
    found = asked(*posts, segment=segment, others=others)
    return found.post if found else None


END = "\n\nAnd so on for ever."
MORE = "\n\nSo it is with us."


def test_a_paragraph_is_its_source_word_for_word() -> None:
    found = asked(("Ada", f"{rare(4)}{END}", None), ("Bede", f"{rare(4)}{MORE}", "0"))
    assert found == Match(0, 0, 4, 1.0, 48.0, [(0, 0), (1, 1), (2, 2), (3, 3)], True)
    assert source(("Ada", f"{rare(4)}{END}", None), ("Bede", f"{rare(3)} wheel{MORE}", "0")) is None


def test_it_has_four_words_or_more_and_some_that_mean_something() -> None:
    assert source(("Ada", f"{rare(3)}{END}", None), ("Bede", f"{rare(3)}{MORE}", "0")) is None
    assert source(("Ada", f"{rare(2)} {rare(2)}{END}", None), ("Bede", f"{rare(2)} {rare(2)}{MORE}", "0")) == 0
    assert source(("Ada", f"sluice sluice sluice 7{END}", None), ("Bede", f"sluice sluice sluice 7{MORE}", "0")) is None


def test_a_short_paragraph_further_down_is_none() -> None:
    assert source(("A", f"No.\n\n{rare(3)}{END}", None), ("B", f"Yes.\n\n{rare(3)}{MORE}", "0"), segment=1) is None
    assert source(("A", f"No.\n\n{rare(4)}{END}", None), ("B", f"Yes.\n\n{rare(4)}{MORE}", "0"), segment=1) == 0


def test_a_paragraph_of_which_a_part_is_another_s_is_a_source() -> None:
    posts = ("A", f"{rare(4)}{END}", None), ("B", f"{rare(4)}{MORE}", "0")
    assert source(*posts, others={0: range(3)}) == 0
    assert source(*posts, others={0: range(4)}) is None


def test_words_are_compared_where_their_digests_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paragraphs, "hash", lambda _: 0, raising=False)
    assert source(("A", f"{rare(4)}{END}", None), ("B", f"{rare(3)} wheel{MORE}", "0")) is None
    assert source(("A", f"{rare(4)}{END}", None), ("B", f"{rare(4)}{MORE}", "0")) == 0


def test_an_opening_of_twenty_words_is_a_title() -> None:
    assert paragraphs.TITLE == 20


def test_only_the_last_paragraphs_end_two_posts() -> None:
    assert source(("A", f"No.\n\n{rare(6)}{END}", None), ("B", f"Yes.\n\nSo.\n\n{rare(6)}", "0"), segment=2) == 0
    assert source(("A", f"No.\n\nSo.\n\n{rare(6)}", None), ("B", f"Yes.\n\n{rare(6)}{MORE}", "0"), segment=1) == 0
    assert source(("A", f"No.\n\nSo.\n\n{rare(6)}", None), ("B", f"Yes.\n\nSo.\n\n{rare(6)}", "0"), segment=2) is None


def test_the_parent_is_preferred_then_an_ancestor_then_the_first_who_said_it() -> None:
    said = f"{rare(4)}{END}"
    quoting = f"{rare(4)}{MORE}"
    assert source(("A", said, None), ("B", said, "0"), ("C", quoting, "1")) == 1
    assert source(("A", said, None), ("B", "No.", "0"), ("D", said, "0"), ("C", quoting, "1")) == 0
    assert source(("A", "No.", None), ("B", said, "0"), ("D", said, "0"), ("E", "No.", "0"), ("C", quoting, "3")) == 1


def test_of_one_post_the_first_such_paragraph_is_meant() -> None:
    found = asked(("A", f"{rare(4)}\n\nNo.\n\n{rare(4)}{END}", None), ("B", f"{rare(4)}{MORE}", "0"))
    assert found is not None
    assert found.found[0] == (0, 0)


def test_the_same_words_at_the_end_of_two_posts_are_a_wish_unless_they_are_many() -> None:
    assert source(("A", f"No.\n\n{rare(6)}", None), ("B", f"Yes.\n\n{rare(6)}", "0"), segment=1) is None
    assert source(("A", f"No.\n\n{rare(7)}", None), ("B", f"Yes.\n\n{rare(7)}", "0"), segment=1) == 0
    assert source(("A", f"No.\n\n{rare(6)}", None), ("B", f"{rare(6)}{MORE}", "0")) == 0
    assert source(("A", f"{rare(6)}{END}", None), ("B", f"Yes.\n\n{rare(6)}", "0"), segment=1) == 0


def test_the_bits_that_a_wish_must_have_are_eighty(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (decide.AGAIN_BITS, decide.ENDING_BITS, decide.WHOLE_BITS) == (60.0, 80.0, 24.0)
    monkeypatch.setattr(paragraphs, "bits", lambda _: 20.0)
    assert source(("A", f"No.\n\n{rare(4)}", None), ("B", f"Yes.\n\n{rare(4)}", "0"), segment=1) == 0
    monkeypatch.setattr(paragraphs, "bits", lambda _: 19.99)
    assert source(("A", f"No.\n\n{rare(4)}", None), ("B", f"Yes.\n\n{rare(4)}", "0"), segment=1) is None


def test_ones_own_words_again_are_a_quotation_only_up_the_thread_and_at_some_length() -> None:
    long, short = f"{rare(5)}{END}", f"{rare(4)}{END}"
    assert source(("A", long, None), ("B", "No.", "0"), ("A", f"{rare(5)}{MORE}", "1")) == 0
    assert source(("A", short, None), ("B", "No.", "0"), ("A", f"{rare(4)}{MORE}", "1")) is None
    assert source(("B", "No.", None), ("A", long, "0"), ("A", f"{rare(5)}{MORE}", "0")) is None
    assert source(("A", f"No.\n\n{rare(8)}", None), ("A", f"Yes.\n\n{rare(8)}", "0"), segment=1) is None


def test_what_is_wholly_another_s_is_no_source() -> None:
    said = "\n".join(f"> {line}" for line in [rare(4)])
    raw = (
        RawPost(key="0", native_id="0", body=f"{rare(4)}{END}", author=Author(name="A")),
        RawPost(key="1", native_id="1", parent="0", body=f"{said}{MORE}", author=Author(name="B")),
        RawPost(key="2", native_id="2", parent="1", body=f"{rare(4)}{MORE}", author=Author(name="C")),
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    quotes = [quote for post in edit(thread).posts for quote in post.quotes if quote.source]
    assert [quote.source.post for quote in quotes if quote.source] == ["p-0", "p-0"]
