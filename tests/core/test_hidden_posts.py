"""Which posts the rules hide: by id, author, words that moved, and what an earlier version read; and which ids tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.config.redaction_rules import RedactionRule
from rostra.identity.ledger import Traits, signs, traits
from rostra.identity.permalinks import digest
from rostra.identity.published_posts import PostAddress
from rostra.model import Author, Former, History, Kept, Post, RawPost, Source, Thread
from rostra.privacy.hidden_posts import HiddenPosts, alias

KEY = b"key"
TIME, ELSEWHERE = "2024-03-04T10:00:00Z", "2024-03-04T11:00:00+01:00"
BEDE = RedactionRule(person="Bede", also=("Bede the Miller",))
PASSAGE = "seven golden rings beneath the willow"


def post(n: int, author: str | None = None, body: str = "x", *, created: str | None = TIME, **more: Any) -> Post:
    raw = RawPost(key=str(n), author=Author(name=author) if author else None, body=body, created=created)
    return Post(id=f"p-{n}", parent=None, depth=0, raw=raw, history=History(**more))


def thread(*posts: Post, id: str = "gate") -> Thread:
    source = Source(path="gate.jsonl", format="posts", sha256="")
    return Thread(id=id, title="Gate", native_id=None, url=None, source=source, posts=posts)


def hidden(*rules: RedactionRule) -> HiddenPosts:
    return HiddenPosts(dict(enumerate(rules, 1)), KEY)


def of(made: HiddenPosts, *posts: Post, id: str = "gate") -> dict[str, tuple[int, ...]]:
    return made.of(thread(*posts, id=id))


def test_an_alias_is_of_the_same_kind_as_its_id() -> None:
    assert alias(KEY, "p-1").startswith("p-")
    assert not alias(KEY, "gate").startswith("p-")
    assert len({alias(KEY, "p-1"), alias(KEY, "p-2"), alias(b"other", "p-1")}) == 3


def test_rules_are_given_in_order_and_noted_once_each() -> None:
    rules = [RedactionRule(post="p-1"), *(RedactionRule(address=f"{n}") for n in range(6)), BEDE]
    made = hidden(*rules)
    assert of(made, post(1, "bede the miller"), post(2, "Ada")) == {"p-1": (1, 8)}
    assert made.met[1] == made.met[8] == {("gate", "p-1")}
    assert made.met[2] == set()


def test_without_a_rule_of_a_person_nobody_is_one() -> None:
    made = hidden(RedactionRule(post="p-9"), RedactionRule(address="Bede"))
    assert of(made, post(1, "Bede"), post(2, None)) == {}
    assert made.person("Bede") is None
    assert hidden(RedactionRule(post="p-9", also=("Bede",))).person("Bede") is None


@pytest.mark.parametrize("field", ["name", "id", "given"])
def test_an_author_is_known_by_each_name(field: str) -> None:
    author = Author(name="Ada") if field != "name" else Author(name="BEDE")
    author = author if field == "name" else replace(author, **{field: "bede"})
    one = post(1)
    assert of(hidden(BEDE), replace(one, raw=replace(one.raw, author=author))) == {"p-1": (1,)}


@pytest.mark.parametrize(
    ("named", "there", "hides"),
    [
        (None, "gate", True),
        ("gate", "gate", True),
        ("gate", "weir", False),
        (alias(KEY, "gate"), "gate", True),
        ("gate", alias(KEY, "gate"), True),
        (alias(KEY, "gate"), "weir", False),
        ("weir", alias(KEY, "gate"), False),
        (None, alias(KEY, ""), True),
    ],
)
@pytest.mark.parametrize("id", ["p-1", alias(KEY, "p-1")])
def test_a_post_is_named_by_either_id_in_its_debate(named: str | None, there: str, hides: bool, id: str) -> None:
    made = hidden(RedactionRule(post=id, thread=named))
    assert (made.by_id(there, "p-1") == [1]) == hides
    assert made.by_id(there, "p-2") == []


def followed(*places: PostAddress, of_post: Post) -> HiddenPosts:
    made = hidden(RedactionRule(post="p-old"))
    made.follow((1, place, {*signs(traits(of_post))}) for place in places)
    return made


def test_a_post_that_moved_is_hidden_where_its_words_are() -> None:
    said = post(1, "Ada", "I hid the seven rings.")
    made = followed(("weir", "p-7"), of_post=said)
    assert of(made, said, post(2, "Ada", "Hm.")) == {"p-1": (1,)}
    assert of(hidden(RedactionRule(post="p-old")), said) == {}


def test_where_the_hidden_post_is_still_there_one_with_the_same_words_is_another() -> None:
    said = post(1, "Ada", "I hid the seven rings.")
    twin = replace(said, id="p-2")
    made = followed(("gate", "p-1"), of_post=said)
    assert of(made, said, twin) == {"p-1": (1,)}
    # In another debate, where its place is not, it may be the same.
    assert of(made, twin, id="weir") == {"p-2": (1,)}
    made = followed(("gate", "p-1"), ("weir", "p-9"), of_post=said)
    assert of(made, said, twin) == {"p-1": (1,)}


def moment(name: str, time: str | None = None) -> str:
    return digest(name, time) if time else digest(name)[:8]


@pytest.mark.parametrize(
    ("of_moment", "times", "hides"),
    [
        (moment("Bede"), (), True),
        (moment("Bede the Miller"), ("",), True),
        (moment("Bede", "2024-03-04T10:00:00"), (TIME,), True),
        (moment("Bede", "2024-03-04T10:00:00"), ("", ELSEWHERE), True),
        (moment("Bede", "2024-03-04T10:00:00"), (), False),
        (moment("Bede", "2024-03-04T10:00:01"), (TIME,), False),
        (moment("Ada"), (TIME,), False),
        (moment("Cy"), (TIME,), False),
        ("", (TIME,), False),
        (digest("")[:8], (), False),
    ],
)
def test_who_wrote_a_former_post_is_known_by_its_moment(of_moment: str, times: tuple[str, ...], hides: bool) -> None:
    made = hidden(RedactionRule(address="x"), RedactionRule(post="p-9", thread="gate"), BEDE)
    assert list(made.former(Former("gate", "p-1", of_moment), times)) == ([3] if hides else [])
    # A rule of a post needs no moment.
    assert list(made.former(Former("gate", "p-9", ""), times)) == [2]
    only = hidden(RedactionRule(address="Bede"), RedactionRule(post="p-2"))
    assert list(only.former(Former("gate", "p-1", of_moment), times)) == []


def test_a_post_that_holds_a_hidden_former_one_is_hidden() -> None:
    former = Former("gate", "p-old", moment("Bede", "2024-03-04T10:00:00"))
    made = hidden(BEDE)
    assert of(made, post(1, "Ada", holds=(former,))) == {"p-1": (1,)}
    assert made.formers == {former}
    made = hidden(BEDE)
    assert of(made, post(1, "Ada", holds=(former,), created=None)) == {}
    assert made.formers == set()


@pytest.mark.parametrize(
    ("body", "numbers", "said"),
    [
        # The passage is whole in it: only it is hidden.
        (f"I hid {PASSAGE}.", (1,), False),
        # A part of it: the whole post is hidden.
        ("Beneath the willow. And the weir is high, as it ever is in spring.", (1, 2), True),
        ("They shine. I hid seven golden", (1, 2), True),
        ("The weir is high, as it ever is in spring.", (1,), False),
    ],
)
def test_of_a_passage_that_an_earlier_version_read_in_one_post_each_part_is_hidden(
    body: str, numbers: tuple[int, ...], said: bool
) -> None:
    made = hidden(RedactionRule(post="p-old", passage=PASSAGE))
    assert of(made, post(1, "Ada", body, holds=(Former("gate", "p-old", ""),))) == {"p-1": numbers}
    assert (1 in made.said) == said
    assert made.whole(numbers) == (2 in numbers)
    # A rule of a whole post has no part.
    plain = hidden(RedactionRule(post="p-old"))
    assert of(plain, post(1, "Ada", body, holds=(Former("gate", "p-old", ""),))) == {"p-1": (1,)}
    assert plain.said == set()


def way(known: dict[str, Traits]) -> Any:
    def found(_: str, id: str) -> Iterator[tuple[PostAddress, Traits]]:
        if id in known:
            yield ("gate", id), known[id]

    return found


def kept(made: HiddenPosts, each: Kept, **known: Traits) -> Kept:
    shown = {"weir": ["p-there"], "": []}
    (found,) = made.kept("gate", [each], way({f"p-{id}": of_it for id, of_it in known.items()}), shown)
    return found


def known(moment: str = "", native: str = "", parent: str = "") -> Traits:
    return Traits(native, "words", moment, parent, "")


def test_a_post_that_is_shown_where_it_moved_to_keeps_its_id() -> None:
    made = hidden(BEDE)
    for each in (Kept(post="p-1"), Kept(post="p-1", thread="weir", to="p-there"), Kept(post="p-1", thread="weir")):
        assert kept(made, each) == each
        assert kept(made, each, **{"1": known(moment("Ada"))}) == each


def test_a_post_that_is_not_shown_there_has_an_alias_at_both_ends() -> None:
    made = hidden(BEDE)
    assert kept(made, Kept(post="p-1", thread="weir", to="p-gone")) == Kept(
        post=made.alias("p-1"), thread="weir", to=made.alias("p-gone")
    )


def test_an_id_made_of_hidden_words_is_replaced_and_one_of_the_source_is_not() -> None:
    made = hidden(BEDE)
    here, masked = Kept(post="p-1", thread="weir", to="p-there"), Kept(post=made.alias("p-1"), thread="weir", to="p-there")  # fmt: skip
    assert kept(made, here, **{"1": known(moment("Bede"))}) == masked
    assert kept(made, here, **{"1": known(moment("Bede"), native="7")}) == here
    # Of its parent's words too.
    assert kept(made, here, **{"1": known(parent="p-2"), "2": known(moment("Bede"))}) == masked
    assert kept(made, here, **{"1": known(parent="p-2"), "2": known(moment("Ada"))}) == here
    assert kept(made, here, **{"1": known(parent="p-2")}) == here
    # And of a post that a rule hides where it is.
    made.met[1].add(("gate", "p-1"))
    assert kept(made, here, **{"1": known()}) == masked
    made.met[1] = {("gate", "p-2"), ("weir", "p-1")}
    assert kept(made, here, **{"1": known()}) == here
    assert kept(made, here, **{"1": known(parent="p-2")}) == masked


def test_one_rule_of_several_is_enough_for_an_alias() -> None:
    made = hidden(BEDE, RedactionRule(post="p-9"))
    made.met[2].add(("gate", "p-1"))
    here = Kept(post="p-1", thread="weir", to="p-there")
    assert kept(made, here, **{"1": known()}).post == made.alias("p-1")


def test_rules_of_posts_that_hide_nothing_are_problems() -> None:
    rules = [BEDE, RedactionRule(post="p-1", thread="gate"), RedactionRule(post="p-2", thread="gate"), RedactionRule(post="p-1", passage="rings"), RedactionRule(post="p-1", passage="bells"), RedactionRule(address="x")]  # fmt: skip
    made = hidden(*rules)
    of(made, post(1, "Ada", "Seven rings."))
    made.said.add(4)
    third, fifth = made.problems([10, 20, 30, 40, 50, 60])
    assert (third.code, third.line, third.hint) == ("unused-rule", 30, "`rostra redact --undo 3` removes it")
    assert third.message == "rule 3 names p-2, which is not in any debate of that id"
    assert (fifth.code, fifth.line, fifth.hint) == ("unused-rule", 50, "copy them from the dump")
    assert fifth.message == "p-1 does not contain the words that rule 5 hides"
    assert [each.line for each in made.problems([None] * 6)] == [None, None]
