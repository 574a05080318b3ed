"""What is found by a quick way is what the plain way finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rostra.quotations.align import subsequence
from rostra.quotations.index import AGAIN, COMMON, MOST, SeedIndex
from rostra.quotations.tokens import Tokens, likeness, near

FEW = st.sampled_from(
    [
        "the",
        "of",
        "a",
        "wood",
        "woods",
        "word",
        "wrod",
        "sword",
        "gate",
        "gaet",
        "gates",
        "agte",
        "late",
        "abcd",
        "acbd",
        "dabc",
    ]
)
TYPED = st.text(alphabet="abcé", max_size=7)


def words(said: list[str]) -> Tokens:
    return Tokens(said, list(range(len(said))), list(range(1, len(said) + 1)), set())


@given(st.lists(FEW, max_size=14), st.lists(st.tuples(FEW, st.booleans()), max_size=20), st.booleans())
def test_the_words_in_common_are_those_of_the_plain_table(here: list[str], there: list[tuple[str, bool]], all_may: bool) -> None:  # fmt: skip
    source = [word for word, _ in there]
    allowed = None if all_may else [may for _, may in there]
    n, m = len(here), len(source)
    alike = [[near(a, b) and (allowed is None or allowed[j]) for j, b in enumerate(source)] for a in here]
    table = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if alike[i][j] else max(table[i + 1][j], table[i][j + 1])
    plain, i, j = list[tuple[int, int]](), 0, 0
    while i < n and j < m and table[i][j]:
        if table[i][j] == table[i + 1][j]:
            i += 1
        elif table[i][j] == table[i][j + 1]:
            j += 1
        else:
            plain.append((i, j))
            i, j = i + 1, j + 1
    assert subsequence(words(here), 0, n, words(source), 0, m, allowed) == plain


@given(TYPED, TYPED)
def test_words_that_are_near_share_a_sign(one: str, other: str) -> None:
    if one != other and near(one, other):
        assert set(likeness(one)) & set(likeness(other))


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=40), max_size=5), st.sampled_from([0, 1, 4, COMMON, MOST]))
def test_every_seed_is_found_in_every_earlier_post_unless_it_is_at_too_many_places(
    posts: list[list[str]], most: int
) -> None:
    texts = [words(said) for said in posts]
    index = SeedIndex(texts)
    for post, said in enumerate(posts):
        plain: dict[int, list[tuple[int, int]]] = {}
        for at in range(len(said) - 2):
            places: list[tuple[int, int]] = []
            for other, whole in enumerate(posts[:post]):
                for place in range(len(whole) - 2):
                    if whole[place : place + 3] == said[at : at + 3] and len(places) < MOST:
                        places += [(other, place)] * (sum(other == known for known, _ in places) < AGAIN)
            for other, place in places if len(places) <= most else ():
                plain.setdefault(other, []).append((at, place))
        assert index.seeds(post, 0, len(said), most) == plain
        index.add(post, [True] * len(said))
