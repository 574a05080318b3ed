"""No word of a copied page vanishes: it is in a post, or the page writes it at many posts, or a problem counts its line."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.model import RawPost, RawThread
from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts.cut_lines import words_left_out
from rostra.readers.copied.layout import PageLayout, prepared, template
from rostra.readers.copied.names import is_name
from rostra.readers.copied.reading import _without_others
from support.copied_threads import read

WORD = re.compile(r"[^\W\d_]+")
PEOPLE = ("Ada Weir", "bede", "Cy Noor", "dora", "Emil Kos", "fenn")
BRIEF = ("look at the dam", "look at the gate", "same here", "nice", "see page four", "look at Ada Weir", "ok")
LONG = (
    "I walked along the river, and the gate was open.",
    "Who took the lamps?\n\nNobody told us.",
    "It costs more. So what?",
)
PLACES = ("Hull", "Leeds", "Ely", "York", "Ripon")
PAGES = (
    "{who}\n{when}\n\n{text}\n",
    "{who}\n{when}\n{text}\nReply\n",
    "{when}\n{who}\n{text}\n",
    "{who} · {when}\n\n{text}\n\nReply",
    "{text}\n{who}\n{when}\n",
    "{text}\n{when}\n{who}\n",
    "{who}\nLocation: {place}\n{when}\n{text}\nQuote\n",
    "{who}\n{rank}\n{when}\n\n{text}\n\n{number}\nLike\n",
)


def shown(found: RawThread) -> set[str]:
    """The words that a thread shows."""
    said = [found.title]
    for post in found.posts:
        said += [post.body, post.title, post.note, post.created_text, post.author.name if post.author else None]
    return {word for text in said if text for word in WORD.findall(text.casefold())}


def counted(found: RawThread) -> int:
    """How many lines the problems of a thread count as left out."""
    return sum(int(n[0]) for each in found.problems if (n := re.match(r"\d+(?= lines?\b)", each.message)))


def page(form: str, posts: list[tuple[str, str, str, str]]) -> str:
    return "\n".join(
        form.format(who=who, when=f"{n + 2} hours ago", text=text, place=place, rank=rank, number=n * 3)
        for n, (who, text, place, rank) in enumerate(posts)
    )


TEXTS = st.one_of(st.sampled_from(BRIEF), st.sampled_from(LONG))
POSTS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), TEXTS, st.sampled_from(PLACES), st.sampled_from(("Member", "Keeper"))),
    min_size=3,
)


@given(st.sampled_from(PAGES), POSTS)
def test_every_word_is_shown_or_recurs_or_its_line_is_counted(
    tmp_path_factory: pytest.TempPathFactory, form: str, posts: list[tuple[str, str, str, str]]
) -> None:
    text = page(form, posts)
    path = tmp_path_factory.mktemp("page") / "dump.txt"
    path.write_text(text, encoding="utf-8")
    found = read(path)
    there = shown(found)
    lines = [frozenset(WORD.findall(line.casefold())) - {"hours", "ago"} - there for line in text.split("\n")]
    held = Counter(lines)
    vanished = [words for words in lines if words and (held[words] < 2 or 3 * held[words] < len(posts))]
    assert len(vanished) <= counted(found)


RANKED = "{who}\n{rank}\n{when}\n\n{text}\n\n{number}\nLike\n"


@pytest.mark.parametrize(("keepers", "told"), [(1, 1), (2, 2), (3, 0), (4, 0)])
def test_words_of_a_page_are_at_a_third_of_the_posts(tmp_path: Path, keepers: int, told: int) -> None:
    ranks = [("Keeper" if n < keepers else "Member") for n in range(9)]
    posts = [(PEOPLE[n % 5], LONG[n % 3], "", rank) for n, rank in enumerate(ranks)]
    (tmp_path / "dump.txt").write_text(page(RANKED, posts), encoding="utf-8")
    found = read(tmp_path / "dump.txt")
    assert [post.author.name for post in found.posts if post.author] == [who for who, *_ in posts]
    assert counted(found) == told


def test_lines_that_other_problems_count_are_not_read_at_each_post() -> None:
    lines = ["Ada", "1h", "It rains."] * 2_000
    found = cut(prepared(lines), PageLayout(templates=(template("{author}\n{time}\n{body}"),)))
    assert found is not None
    posts = [RawPost(key=str(each.first), line=each.first + 1) for each in found.records]
    begun = time.process_time()
    list(words_left_out(lines, found.records, posts, found.layout, len(lines), frozenset(range(10**6, 2 * 10**6))))
    assert len(posts) == 2_000
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("form", ["{when}\n{who}\n{text}\n", "{when}\n{who}\n{text}\nReply"])
def test_texts_that_begin_alike_are_no_names(tmp_path: Path, form: str) -> None:
    said = ["look at the dam", "look at the gate", "It costs more than it should, and nobody asked."]
    posts = [(who, text, "", "") for who, text in zip(PEOPLE[1:], said, strict=False)]
    (tmp_path / "dump.txt").write_text(page(form, posts), encoding="utf-8")
    found = read(tmp_path / "dump.txt")
    assert [(post.author and post.author.name, post.body) for post in found.posts if post.kind == "post"] == [
        (who, text) for who, text, *_ in posts
    ]


@pytest.mark.parametrize(
    ("said", "named"),
    [(("fine", "nice", "ok"), False), (("fine", "nice", "It rains."), True), (("fine", "fine", "fine", "nice"), False)],
)
def test_texts_that_may_be_names_leave_the_names_open(tmp_path: Path, said: tuple[str, ...], named: bool) -> None:
    assert all(map(is_name, said)) is not named
    posts = [(who, text, "", "") for who, text in zip(PEOPLE, said, strict=False)]
    (tmp_path / "dump.txt").write_text(page("{who}\n{when}\n{text}\n", posts), encoding="utf-8")
    found = read(tmp_path / "dump.txt")
    assert any(post.author for post in found.posts) is named
    assert ("unsure-names" in [each.code for each in found.problems]) is not named


@pytest.mark.parametrize(("above", "named"), [("Bede", False), ("bede", False), ("Dora", True)])
def test_somebody_s_name_above_a_time_within_a_text_leaves_its_author_open(above: str, named: bool) -> None:
    lines = prepared(["Ada", "1h", "7", "The gate is old.", above, "2h", "It rains.", "Bede", "3h", "9", "It is dry."])
    found = cut(lines, PageLayout(templates=(template("{author}\n{time}\n{number}\n{body}"),)))
    assert found is not None
    assert len(found.records) == 2
    records = list(_without_others(lines, found.records, [5], []))
    assert ["author" in each.held for each in records] == [named, True]


@pytest.mark.parametrize("name", ["(Mori)", "（Mori）"])
def test_a_name_in_brackets_is_another_name_of_somebody(tmp_path: Path, name: str) -> None:
    heads = [("@ada", "(Weir)"), ("@bede", ""), ("@cy", ""), ("@ada", name), ("@bede", ""), ("@cy", "")]
    page = "".join(
        "\n".join([*filter(None, head), f"{n + 2} hours ago", f"It rains {'a lot ' * n}here.", f"{n}", "", ""])
        for n, head in enumerate(heads)
    )
    (tmp_path / "dump.txt").write_text(page, encoding="utf-8")
    found = {post.author.name for post in read(tmp_path / "dump.txt").posts if post.author}
    assert found <= {"@ada", "@bede", "@cy", "ada", "bede", "cy"}
