"""What is tied, to the character; what is not; and promises that hold for any thread."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.editorial.edition import edit
from rostra.model import Author, Edition, RawPost, RawThread, Source, decode_edition, encode_edition
from rostra.quotations import paragraphs
from rostra.quotations.index import COMMON
from rostra.threads.assemble import assemble

HERE = Path(__file__).parent


def cases(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))["case"]  # type: ignore[no-any-return]


def edition(bodies: list[str], by: list[str] | None = None, order: list[int] | None = None) -> Edition:
    posts = [
        RawPost(
            key=str(n),
            native_id=str(n),
            parent=str(n - 1) if n else None,
            body=body,
            author=Author(name=by[n]) if by else None,
            created=f"2020-01-01T{n // 60:02}:{n % 60:02}:00Z",
        )
        for n, body in enumerate(bodies)
    ]
    chosen = tuple(posts[n] for n in order) if order else tuple(posts)
    return edit(assemble(RawThread(posts=chosen), id="t", title="T", source=Source(path="", format="text", sha256="")))


@pytest.mark.parametrize("case", cases("silent.toml"), ids=lambda case: case["about"])
def test_what_must_not_fire(case: dict[str, Any]) -> None:
    for each in edition(case["posts"], case.get("by")).posts:
        assert [quote for quote in each.quotes if quote.source] == []
        assert each.quoted_by == ()


@pytest.mark.parametrize("name", ["tied.toml", "silent.toml"])
def test_paragraphs_that_share_a_digest_are_told_apart_by_their_words(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [case["posts"] for case in cases(name)]
    plain = [edition(posts) for posts in bodies]
    monkeypatch.setattr(paragraphs, "hash", lambda words: 0, raising=False)
    assert [edition(posts) for posts in bodies] == plain


def test_an_edition_is_kept_with_each_post_once() -> None:
    made = edition(["The upper gate is locked.", "Since when?"])
    kept = encode_edition(made)
    assert decode_edition(kept) == made
    # As it was written, and as it is read.
    assert kept.count(b"Since when?") == 2


@pytest.mark.parametrize("case", cases("tied.toml"), ids=lambda case: case["about"])
def test_what_is_tied_is_tied_to_the_character(case: dict[str, Any]) -> None:
    made = edition([post.replace("⟦", "").replace("⟧", "") for post in case["posts"]], case.get("by")).posts
    source = case.get("source", len(made) - 2)
    (quote,) = [quote for quote in made[-1].quotes if quote.source]
    assert quote.source is not None
    assert quote.source.post == made[source].post.id

    def marked(text: str) -> list[str]:
        return [" ".join(part.split("⟧")[0].removeprefix("> ").split()) for part in text.split("⟦")[1:]]

    quoted = " ".join(made[-1].body.text[quote.start : quote.end].split())
    assert [quoted.rstrip(".")] == [part.rstrip(".") for part in marked(case["posts"][-1])]
    spans = [" ".join(made[source].body.text[a:b].split()).rstrip(".") for a, b in quote.source.spans]
    assert spans == [part.rstrip(".") for part in marked(case["posts"][source])]


def consistent(made: Edition) -> None:
    """Spans lie in their texts, sources came before, and each link has its way back."""
    by_id = {each.post.id: each for each in made.posts}
    forward = set()
    for each in made.posts:
        last = 0
        for quote in sorted(each.quotes, key=lambda quote: quote.start):
            assert last <= quote.start < quote.end <= len(each.body.text) or quote.kind == "inline"
            last = quote.end if quote.kind == "block" else last
            if quote.source is None:
                continue
            source = by_id[quote.source.post]
            assert (source.post.raw.created or "") < (each.post.raw.created or "~")
            assert quote.source.spans
            end = 0
            for a, b in quote.source.spans:
                assert end <= a < b <= len(source.body.text)
                end = a
            assert 0 <= (quote.score or 0) <= 1
            number = each.quotes.index(quote) + 1
            forward |= {(each.post.id, number, a, b, quote.source.post) for a, b in quote.source.spans}
    back = {(way.post, way.quote, way.start, way.end, each.post.id) for each in made.posts for way in each.quoted_by}
    assert back == forward


WORDS = [
    "the",
    "mill",
    "wheel",
    "turns",
    "by",
    "night",
    "when",
    "water",
    "runs",
    "under",
    "bridge",
    "and",
    "nobody",
    "of",
    "valley",
    "sleeps",
    "well",
    "for",
    "long",
    "oak",
    "elm",
    "deed",
    "flood",
]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(
    lambda words: " ".join(words).capitalize() + "."
)


@st.composite
def debates(draw: st.DrawFn) -> list[str]:
    posts = [draw(SENTENCE)]
    for _ in range(draw(st.integers(1, 6))):
        parts = draw(
            st.lists(
                st.one_of(
                    SENTENCE,
                    st.sampled_from(posts),
                    st.sampled_from(posts).map(lambda p: "> " + p.replace("\n", "\n> ")),
                ),
                min_size=1,
                max_size=3,
            )
        )
        posts.append("\n\n".join(parts))
    return posts


@given(debates(), st.integers(0, 99))
@settings(max_examples=120, deadline=None)
def test_links_are_consistent_and_a_shuffled_dump_gives_the_same(posts: list[str], seed: int) -> None:
    made = edition(posts)
    consistent(made)
    order = list(range(len(posts)))
    random.Random(seed).shuffle(order)
    again = edition(posts, order=order)
    assert [(e.post.id, e.quotes, e.quoted_by) for e in again.posts] == [
        (e.post.id, e.quotes, e.quoted_by) for e in made.posts
    ]


@given(st.lists(st.text(alphabet='ab >"“”.\n[]…1', max_size=60), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_nothing_that_people_type_breaks_it(posts: list[str]) -> None:
    consistent(edition(posts))


PASSAGE = [
    "nobody",
    "who",
    "ever",
    "worked",
    "at",
    "that",
    "weir",
    "in",
    "winter",
    "would",
    "dream",
    "of",
    "opening",
    "its",
    "upper",
    "gate",
    "before",
    "the",
    "lower",
    "one",
    "stands",
    "clear",
    "of",
    "ice",
    "and",
    "branches",
]


@given(st.lists(st.integers(0, len(PASSAGE) - 1), min_size=0, max_size=12, unique=True))
@settings(max_examples=80, deadline=None)
def test_a_worse_quotation_never_scores_higher(broken: list[int]) -> None:
    def score(changed: list[int]) -> float:
        words = [f"zz{n}" if n in changed else word for n, word in enumerate(PASSAGE)]
        made = edition([" ".join(PASSAGE) + ".", "> " + " ".join(words) + ".\n\nNo."])
        quote = made.posts[1].quotes[0]
        return quote.score or 0.0

    scores = [score(broken[:count]) for count in range(0, len(broken) + 1, 3)]
    assert scores == sorted(scores, reverse=True)


def test_a_marked_quotation_that_nobody_said_stays_without_a_source() -> None:
    made = edition(["The mill.", "> Words that nobody here has ever said.\n\nNo."])
    (quote,) = made.posts[1].quotes
    assert (quote.source, quote.score, quote.kind) == (None, None, "block")
    assert quote.reason


def test_one_word_a_hundred_thousand_times_is_no_trouble() -> None:
    consistent(edition(["spam " * 20_000, "spam " * 20_000, "> " + "spam " * 5_000]))


def test_a_chain_of_three_thousand_posts_that_quote_each_other_is_resolved() -> None:
    posts = ["The first word of all that was ever said about the mill and its wheel."]
    posts += [
        f"> Number {n - 1} says something of its own about gate {n * 7919}.\n\nNumber {n} says something of its own about gate {(n + 1) * 7919}."
        for n in range(1, 3000)
    ]
    made = edition(posts)
    assert sum(bool(each.quotes and each.quotes[0].source) for each in made.posts) > 2990


def test_a_title_by_nobody_is_a_subject_and_not_a_passage() -> None:
    posts = (
        RawPost(key="1", body="What would it take to sell the mill?"),
        RawPost(key="2", parent="1", body="What would it take to sell the mill?\n\nA buyer, for one."),
    )
    made = edit(assemble(RawThread(posts=posts), id="t", title="T", source=Source(path="", format="text", sha256="")))
    assert [each.quotes for each in made.posts] == [(), ()]


@pytest.mark.parametrize(("said", "linked"), [(1, True), (COMMON, True), (COMMON + 1, False)])
def test_words_that_many_posts_say_are_nobody_s_passage_unless_they_are_marked(said: int, linked: bool) -> None:
    """As the name that a debate calls somebody by, in three words or more."""
    passage = "weir keeper opened sluice gates before dusk without asking miller whose wheel stopped"
    copies = [f"Number {n} x{n}a y{n}b: {passage} z{n}c w{n}d v{n}e u{n}f." for n in range(said)]
    bodies = ["Who did it?", *copies, f"Somebody wrote already that {passage} and nobody minded anything else at all.", f"> {passage}\n\nIndeed."]  # fmt: skip
    posts = tuple(
        RawPost(key=str(n), native_id=str(n), parent="0" if n else None, body=body, created=f"2020-01-01T00:00:{n:02}Z")
        for n, body in enumerate(bodies)
    )
    thread = assemble(RawThread(posts=posts), id="t", title="T", source=Source(path="", format="text", sha256=""))
    *_, unmarked, marked = edit(thread).posts
    assert [quote.source.post for quote in unmarked.quotes if quote.source] == [thread.posts[1].id] * linked
    assert marked.quotes[0].source
