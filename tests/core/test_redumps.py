"""A debate that was dumped more than once is one debate: nothing lost, nothing doubled, and edits can be seen."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.model import Author, RawPost, RawThread, Source
from rostra.threads.assemble import assemble
from rostra.threads.merge import merge_dumps

TOWN = [
    {"id": 1, "parent": None, "author": "ada", "created": "2024-03-01T09:00:00Z", "title": "The gate", "body": "Who opened the upper gate last night?"},
    {"id": 2, "parent": 1, "author": "bede", "created": "2024-03-01T10:00:00Z", "body": "The miller did, as he does every spring."},
    {"id": 3, "parent": 2, "author": "cy", "created": "2024-03-01T11:00:00Z", "body": "He has no right to open it before April."},
    {"id": 4, "parent": 1, "author": "dot", "created": "2024-03-01T12:00:00Z", "body": "Nobody asked those who live below the weir."},
]  # fmt: skip
COPIED = """Who opened the upper gate last night?

    • bede
    2 years ago

    The miller did, as he does every spring.

      • cy
      2 years ago

      He has no right to open it before April.

    • eve
    1 year ago

    It was me, and I would do it again.
"""


def site(folder: Path, **dumps: str) -> BuildReport:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    for name, text in dumps.items():
        (folder / "content" / name.replace("__", ".")).write_text(text)
    return build(load_site(folder))


def lines(posts: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(post) + "\n" for post in posts)


def thread(folder: Path) -> dict[str, Any]:
    (only,) = [
        json.loads(path.read_bytes())
        for path in (folder / "public/debates").glob("*/thread.json")
        if json.loads(path.read_bytes())["posts"]
    ]
    return only


def test_a_later_dump_adds_edits_and_loses_and_all_of_it_can_be_seen(tmp_path: Path) -> None:
    later = [
        post | {"body": "The miller did, and he was drunk."} if post["id"] == 2 else post
        for post in TOWN
        if post["id"] != 3
    ]
    later.append(
        {"id": 5, "parent": 4, "author": "ada", "created": "2024-03-02T09:00:00Z", "body": "They were asked in March."}
    )
    report = site(tmp_path, a2024__jsonl=lines(TOWN), b2025__jsonl=lines(later))
    assert report.failures == ()
    posts = {post["native_id"]: post for post in thread(tmp_path)["posts"]}
    assert sorted(posts) == ["1", "2", "3", "4", "5"]
    assert posts["2"]["text"] == "The miller did, and he was drunk."
    assert [earlier["text"] for earlier in posts["2"]["revisions"]] == ["The miller did, as he does every spring."]
    assert posts["3"]["vanished"] == "content/b2025.jsonl"
    assert [post["vanished"] for post in posts.values()].count(None) == 4
    page = next((tmp_path / "public/debates").glob("*/index.html")).read_text()
    assert "The dump of b2025.jsonl no longer has this post" in page
    assert "Earlier version, in the dump of a2024.jsonl" in page
    assert "as he does every spring" in page
    assert {source["path"] for source in thread(tmp_path)["other_sources"]} == {"content/a2024.jsonl"}


def test_the_order_in_which_dumps_came_is_told_by_their_cards(tmp_path: Path) -> None:
    later = [post | {"body": "Newer words for the second post."} if post["id"] == 2 else post for post in TOWN]
    site(
        tmp_path,
        a__jsonl=lines(later), a__toml='captured = "2025-01-01"\n',
        b__jsonl=lines(TOWN), b__toml='captured = "2024-01-01"\n',
    )  # fmt: skip
    assert thread(tmp_path)["posts"][1]["text"] == "Newer words for the second post."


def test_two_parts_that_overlap_are_one_debate(tmp_path: Path) -> None:
    site(tmp_path, a__jsonl=lines(TOWN[:3]), b__jsonl=lines(TOWN[1:]))
    posts = thread(tmp_path)["posts"]
    assert [(post["native_id"], post["kind"]) for post in posts] == [
        ("1", "post"),
        ("2", "post"),
        ("3", "post"),
        ("4", "post"),
    ]
    assert not any(post["vanished"] for post in posts)


def test_what_another_tool_copied_joins_and_keeps_what_only_it_has(tmp_path: Path) -> None:
    site(tmp_path, a__jsonl=lines(TOWN), b__txt=COPIED)
    posts = thread(tmp_path)["posts"]
    assert len(posts) == 5
    assert {post["author"]["name"] for post in posts} == {"ada", "bede", "cy", "dot", "eve"}
    assert not any(post["revisions"] for post in posts)
    assert all(post["created"] for post in posts if post["author"]["name"] != "eve")


def test_two_dumps_that_contradict_each_other_are_a_problem_that_names_both(tmp_path: Path) -> None:
    other = [post | {"author": "zeus"} if post["id"] == 3 else post for post in TOWN]
    report = site(tmp_path, a__jsonl=lines(TOWN), b__jsonl=lines(other))
    (problem,) = [problem for _, problem in report.problems if problem.code == "conflict"]
    assert "cy in content/a.jsonl and zeus in content/b.jsonl" in problem.message


def test_different_debates_that_share_a_polite_phrase_stay_two(tmp_path: Path) -> None:
    thanks = {
        "id": 2,
        "parent": 1,
        "author": "bede",
        "created": "2024-03-01T10:00:00Z",
        "body": "Thank you very much indeed.",
    }
    other = [TOWN[0] | {"body": "Where does the river rise, and who has seen it?", "title": "The river"}, thanks]
    report = site(tmp_path, a__jsonl=lines([TOWN[0], thanks]), b__jsonl=lines(other))
    assert report.threads == 2


@pytest.mark.parametrize("gone", ["a__jsonl", "b__jsonl"])
def test_a_dump_that_goes_leaves_what_the_other_holds_at_the_same_addresses(tmp_path: Path, gone: str) -> None:
    site(tmp_path, a__jsonl=lines(TOWN), b__jsonl=lines(TOWN))
    before = thread(tmp_path)
    (tmp_path / "content" / gone.replace("__", ".")).unlink()
    report = site(tmp_path)
    assert report.threads == 1
    assert [post["id"] for post in thread(tmp_path)["posts"]] == [post["id"] for post in before["posts"]]


def test_an_edit_between_a_copy_without_ids_and_a_dump_with_them_is_a_revision(tmp_path: Path) -> None:
    said = "He has no right to open it before April, and whoever says otherwise has not read the charter of the mill."
    long = [post | {"body": said} if post["id"] == 3 else post for post in TOWN]
    edited = [post | {"body": said.replace("April", "May")} if post["id"] == 3 else post for post in TOWN]
    copied = COPIED.replace("He has no right to open it before April.", said)
    site(tmp_path, a__txt=copied, b__jsonl=lines(edited), a__toml='id = "gate"\n', b__toml='id = "gate"\n')
    posts = {post["native_id"]: post for post in thread(tmp_path)["posts"]}
    assert posts["3"]["text"] == edited[2]["body"]
    assert [earlier["text"] for earlier in posts["3"]["revisions"]] == [long[2]["body"]]
    assert len(posts) == 5


GOES_ON = """Who opened the upper gate last night?

    • bede
    2 years ago

    The miller did, as he does every spring, and so did his father and his father's father before him.

And so it goes on, at great length and to no purpose, for whoever likes to read about millers and about gates.
"""
SHORT = [TOWN[0], TOWN[1] | {"body": "The miller did, as he does every spring, and so did his father and his father's father before him."}]  # fmt: skip


def test_a_copy_that_runs_on_into_what_stood_below_is_the_post_that_it_holds_whole(tmp_path: Path) -> None:
    site(tmp_path, a__txt=GOES_ON, b__jsonl=lines(SHORT), a__toml='id = "gate"\n', b__toml='id = "gate"\n')
    posts = thread(tmp_path)["posts"]
    assert [post["text"] for post in posts] == [post["body"] for post in SHORT]
    assert "to no purpose" in posts[1]["revisions"][0]["text"]


@pytest.mark.parametrize("copy_goes", [False, True], ids=["another version knows it", "the copy goes"])
def test_what_was_published_twice_and_is_one_post_now_is_led_to_from_both_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copy_goes: bool
) -> None:
    edited = [SHORT[0], SHORT[1] | {"body": SHORT[1]["body"].replace("every spring", "every single spring")}]
    copied = GOES_ON.partition("\nAnd so")[0]
    with monkeypatch.context() as patch:
        patch.setattr("rostra.threads.match_posts._edited", lambda *_: {})
        site(tmp_path, a__txt=copied, b__jsonl=lines(edited), a__toml='id = "gate"\n', b__toml='id = "gate"\n')
    _, *twice = thread(tmp_path)["posts"]
    assert len(twice) == 2
    if copy_goes:
        (tmp_path / "content/a.txt").unlink()
        (tmp_path / "content/a.toml").unlink()
    else:
        (tmp_path / ".rostra/editions.sqlite").unlink()
    for _ in range(2):
        site(tmp_path)
        now = thread(tmp_path)
        (post,) = now["posts"][1:]
        (other,) = {each["id"] for each in twice} - {post["id"]}
        assert [(each["post"], each["thread"], each["to"]) for each in now["kept"]] == [(other, now["id"], post["id"])]
        page = (tmp_path / f"public/debates/{now['id']}/index.html").read_text()
        assert f'id="{other}"' in page
        assert f'href="#{post["id"]}"' in page or f'index.html#{post["id"]}"' in page


def test_an_opening_that_nobody_signed_in_a_copy_is_the_one_that_was_edited(tmp_path: Path) -> None:
    said = "Who opened the upper gate last night, and who told him that it was to be opened in March?"
    copy = f"{said}\n\n    • bede\n    2 years ago\n\n    {TOWN[1]['body']}\n"
    edited = [TOWN[0] | {"body": said.replace("March", "April")}, TOWN[1]]
    site(tmp_path, a__txt=copy, b__jsonl=lines(edited), a__toml='id = "gate"\n', b__toml='id = "gate"\n')
    posts = thread(tmp_path)["posts"]
    assert [post["text"] for post in posts] == [post["body"] for post in edited]
    assert [each["text"] for each in posts[0]["revisions"]] == [said]


def test_where_one_copied_post_went_and_another_of_the_same_person_came_both_stay(tmp_path: Path) -> None:
    first = "The miller did, as he does every spring, and so did his father and his father's father before him."
    other = "Whoever has seen the keys that hang behind the door may tell us now, or else be silent about it for good."
    copy = "Who opened the upper gate last night?\n\n    • bede\n    2 years ago\n\n    {}\n"
    later = copy.format(first) + "\n    • cy\n    1 year ago\n\n    Nobody asked those who live below the weir.\n"
    cards = {f"{name}__toml": 'id = "gate"\n' for name in "ab"}
    site(tmp_path, a__txt=later, b__txt=later.replace(first, other), **cards)
    posts = thread(tmp_path)["posts"]
    assert {first, other} <= {post["text"] for post in posts}
    assert not any(post["revisions"] for post in posts)
    assert [post["text"] for post in posts if post["vanished"]] == [first]


def test_an_id_that_both_cards_give_brings_together_what_shares_nothing(tmp_path: Path) -> None:
    dumps = {"a__jsonl": lines(TOWN[:2]), "b__jsonl": lines(TOWN[3:])}
    assert site(tmp_path, **dumps).threads == 2
    report = site(tmp_path, a__toml='id = "gate"\n', b__toml='id = "gate"\n')
    assert (report.threads, report.failures) == (1, ())
    assert [post["native_id"] for post in thread(tmp_path)["posts"]] == ["1", "2", "4"]


def test_debates_of_different_sources_with_one_number_are_two_and_lose_nothing(tmp_path: Path) -> None:
    river = [
        post | {"body": f"Of the river, {post['body'][::-1]}", "title": "The river", "author": "eve"} for post in TOWN
    ]
    folder = tmp_path / "site"
    names = {"a__jsonl": lines([post | {"thread": "29"} for post in TOWN])}
    site(folder, **names)
    more = {"0__jsonl": lines([post | {"thread": "29"} for post in river]), "z__jsonl": lines([post | {"thread": "29", "id": post["id"] + 9, "parent": post["parent"] and 10} for post in river[:1]])}  # fmt: skip
    report = site(folder, **more)
    assert (report.threads, report.posts, report.failures) == (2, 8, ())
    found = {
        path.parent.name: json.loads(path.read_bytes()) for path in (folder / "public/debates").glob("*/thread.json")
    }
    assert {id: each["title"] for id, each in found.items()} == {"29": "The gate", "29-2": "The river"}
    # One of them goes, and the other stays where it is.
    (folder / "content/a.jsonl").unlink()
    assert site(folder).threads == 1
    assert json.loads((folder / "public/debates/29-2/thread.json").read_bytes())["title"] == "The river"


def test_what_one_part_lacks_is_filled_by_the_other_and_its_answers_stay_below_it(tmp_path: Path) -> None:
    cards = {f"{name}__toml": 'id = "gate"\n' for name in "abc"}
    site(tmp_path, a__txt=COPIED, b__jsonl=lines(TOWN[2:]), c__jsonl=lines(TOWN[:3]), **cards)
    posts = thread(tmp_path)["posts"]
    assert [post["native_id"] for post in posts if post["kind"] == "missing"] == []
    assert sorted(post["native_id"] or "" for post in posts) == ["", "1", "2", "3", "4"]
    assert {post["native_id"]: post["depth"] for post in posts if post["native_id"]} == {"1": 0, "2": 1, "3": 2, "4": 1}


def test_each_dump_is_published_as_it_is_under_its_own_name(tmp_path: Path) -> None:
    site(tmp_path, a__jsonl=lines(TOWN), b__jsonl=lines(TOWN))
    later = [*TOWN, {"id": 5, "parent": 4, "author": "ada", "created": "2024-03-02T09:00:00Z", "body": "They were."}]
    site(tmp_path, b__jsonl=lines(later))
    found = {path.name.removeprefix("content-"): path.read_bytes() for path in (tmp_path / "public").rglob("*.jsonl")}
    assert found == {path.name: path.read_bytes() for path in (tmp_path / "content").iterdir()}


@pytest.mark.parametrize("of", ["a", "b"])
@pytest.mark.parametrize("first", ["together", "dump", "card"])
def test_a_debate_that_one_dump_s_card_withdraws_is_published_from_no_other(
    tmp_path: Path, of: str, first: str
) -> None:
    other = "b" if of == "a" else "a"
    card = {f"{of}__toml": 'withdrawn = "It was private."\n'}
    dumps = {"a__jsonl": lines(TOWN), "b__jsonl": lines(TOWN)}
    if first == "dump":
        site(tmp_path, **dumps)
    elif first == "card":
        site(tmp_path, **{f"{of}__jsonl": lines(TOWN)}, **card)
    report = site(tmp_path, **dumps, **card)
    assert report.threads == 0
    for path in (tmp_path / "public").rglob("*"):
        assert not path.is_file() or b"miller" not in path.read_bytes(), path
    assert build(load_site(tmp_path)).threads == 0
    (tmp_path / f"content/{of}.toml").unlink()
    assert site(tmp_path).threads == 1
    assert len(thread(tmp_path)["posts"]) == 4
    assert len(thread(tmp_path)["other_sources"]) == 1, other


def test_a_post_that_one_dump_s_card_withdraws_is_in_no_dump_that_is_published(tmp_path: Path) -> None:
    card = '[[correction]]\npost = "p-2"\nwithdrawn = ""\n'
    site(tmp_path, a__jsonl=lines(TOWN), b__jsonl=lines(TOWN), a__toml=card)
    for path in (tmp_path / "public").rglob("*"):
        assert not path.is_file() or b"miller" not in path.read_bytes(), path


# The beginning and the end as one tool numbers them, sharing one post; a copy of a page; what another tool numbers.
LATER = [
    *TOWN,
    {"id": 5, "parent": 4, "author": "ada", "created": "2024-03-02T09:00:00Z", "body": "They were asked in March, at the long table."},
    {"id": 6, "parent": 5, "author": "dot", "created": "2024-03-02T10:00:00Z", "body": "Nobody told us of any table, long or short."},
    {"id": 7, "parent": 6, "author": "ada", "created": "2024-03-02T11:00:00Z", "body": "Then whoever sat there in your name was somebody else."},
]  # fmt: skip
PAGE = """{}

    • bede
    2 years ago

    {}

      • cy
      2 years ago

      {}

    • dot
    2 years ago

    {}

      • ada
      2 years ago

      {}

        • dot
        2 years ago

        {}

          • ada
          2 years ago

          {}
""".format(*(post["body"] for post in LATER))
ELSEWHERE = [
    post | {"id": int(post["id"]) + shift, "parent": post["parent"] and post["parent"] + shift}
    for shift in (3,)
    for post in LATER[3:]
]
THREE = {
    "parts and a copy": [("jsonl", lines(LATER[:4])), ("jsonl", lines(LATER[3:])), ("txt", PAGE)],
    "parts that share nothing, and a copy": [("jsonl", lines(LATER[:4])), ("jsonl", lines(LATER[4:])), ("txt", PAGE)],
    "another tool's end": [("jsonl", lines(LATER[:5])), ("jsonl", lines(ELSEWHERE)), ("txt", PAGE)],
}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("dumps", THREE.values(), ids=THREE.keys())
def test_three_dumps_that_hardly_share_a_post_are_one_debate_in_every_order(
    tmp_path: Path, dumps: list[tuple[str, str]], order: tuple[int, ...]
) -> None:
    names = {f"{'abc'[at]}{n}__{dumps[n][0]}": dumps[n][1] for at, n in enumerate(order)}
    assert site(tmp_path, **names).threads == 1
    posts = thread(tmp_path)["posts"]
    assert sorted(post["text"] for post in posts) == sorted(str(post["body"]) for post in LATER)
    depths = {post["text"]: post["depth"] for post in posts}
    assert [depths[str(post["body"])] for post in LATER] == [0, 1, 2, 1, 2, 3, 4]
    # One after another, each build with what the last one kept.
    steps = tmp_path / "steps"
    for name, text in names.items():
        site(steps, **{name: text})
    assert sorted(post["text"] for post in thread(steps)["posts"]) == sorted(str(post["body"]) for post in LATER)


posts = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["ada", "bede", None])), min_size=1, max_size=10)


@given(posts, st.data())
@settings(max_examples=120, deadline=None)
def test_nothing_is_lost_and_nothing_doubled_however_a_debate_is_cut_in_dumps(
    shape: list[tuple[int, str | None]], data: st.DataObject
) -> None:
    raws = [
        RawPost(key=str(n), parent=str(parent % n) if n else None, native_id=str(n), body=f"words of post {n}", author=Author(name=who) if who else None)
        for n, (parent, who) in enumerate(shape)
    ]  # fmt: skip
    parts = []
    for name in "abc":
        kept = [raw for raw in raws if data.draw(st.booleans()) or raw.key == "0"]
        source = Source(path=name, format="posts", sha256="")
        parts.append(assemble(RawThread(posts=tuple(kept)), id="t", title="T", source=source))
    whole = merge_dumps(parts)
    ids = [post.raw.native_id for post in whole.posts if post.raw.kind == "post"]
    held = {post.raw.native_id for part in parts for post in part.posts if post.raw.kind == "post"}
    assert sorted(ids) == sorted(held)
    assert len({post.id for post in whole.posts}) == len(whole.posts)
    assert merge_dumps(parts[::-1]) == whole
    assert not [problem for problem in whole.problems if problem.code == "conflict"]


SUBMITTED = {"id": "abc12", "title": "Who opened the gate?", "author": "ada", "selftext": "Tell me.", "is_self": True, "created_utc": 1709542790, "subreddit": "mill", "permalink": "/r/mill/comments/abc12/who/"}  # fmt: skip
FEBRUARY = [
    {"id": "k1", "author": "bede", "body": "I opened it myself.", "created_utc": 1709542800, "link_id": "t3_abc12", "parent_id": "t3_abc12", "subreddit": "mill"},
    {"id": "k9", "author": "eve", "body": "Nobody answers me here.", "created_utc": 1709542820, "link_id": "t3_abc12", "parent_id": "t3_abc12", "subreddit": "mill"},
]  # fmt: skip
MARCH = [{"id": "k2", "author": "cy", "body": "You did not do that.", "created_utc": 1709542860, "link_id": "t3_abc12", "parent_id": "t1_k1", "subreddit": "mill"}]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_a_submission_and_the_comments_of_two_months_are_one_debate(tmp_path: Path, order: tuple[str, ...]) -> None:
    parts = ([SUBMITTED], FEBRUARY, MARCH)
    site(tmp_path, **{f"{name}__ndjson": lines(part) for name, part in zip(order, parts, strict=True)})
    whole = thread(tmp_path)
    # A part without the opening neither names the debate nor tells that posts are gone.
    assert whole["title"] == "Who opened the gate?"
    assert whole["url"] == "https://www.reddit.com/r/mill/comments/abc12/who/"
    assert {post["native_id"]: (post["kind"], post["vanished"]) for post in whole["posts"]} == {
        "t3_abc12": ("post", None),
        "t1_k1": ("post", None),
        "t1_k9": ("post", None),
        "t1_k2": ("post", None),
    }
    assert whole["problems"] == []


def page(*numbers: int, answers: dict[int, int] | None = None) -> str:
    """A page of a Discourse topic of five posts, as its API gives it."""
    rows = [
        {"id": 100 + n, "post_number": n, "username": ["ada", "bede", "cy", "dot", "eve"][n - 1], "topic_id": 7,
         "cooked": f"<p>What number {n} has to say of the upper gate.</p>", "created_at": f"2024-03-01T0{n}:00:00Z",
         "reply_to_post_number": (answers or {}).get(n)}
        for n in numbers
    ]  # fmt: skip
    stream = {"posts": rows, "stream": [100 + n for n in range(1, 6)]}
    return json.dumps({"id": 7, "title": "The gate", "posts_count": 5, "post_stream": stream})


@pytest.mark.parametrize("names", [("a__json", "b__json"), ("b__json", "a__json")])
def test_a_later_page_without_the_opening_joins_it_and_nothing_is_said_to_be_gone(
    names: tuple[str, str], tmp_path: Path
) -> None:
    first, second = names
    report = site(tmp_path, **{first: page(1, 2, 3), second: page(4, 5, answers={4: 2})})
    whole = thread(tmp_path)
    assert [(post["author"]["name"], post["kind"], post["vanished"]) for post in whole["posts"]] == [
        ("ada", "post", None),
        ("bede", "post", None),
        ("dot", "post", None),
        ("cy", "post", None),
        ("eve", "post", None),
    ]
    parents = {post["native_id"]: post["parent"] for post in whole["posts"]}
    assert parents == {"1": None, "2": "p-1", "3": "p-1", "4": "p-2", "5": "p-1"}
    assert whole["title"] == "The gate"
    assert {problem.code for _, problem in report.problems} == set()


def test_a_later_page_alone_keeps_the_places_of_what_it_answers(tmp_path: Path) -> None:
    report = site(tmp_path, a__json=page(4, 5, answers={4: 2}))
    kinds = {post["native_id"]: (post["kind"], post["parent"]) for post in thread(tmp_path)["posts"]}
    assert kinds["1"] == ("missing", None)
    assert kinds["4"] == ("post", "p-2")
    assert kinds["5"] == ("post", "p-1")
    assert {problem.code for _, problem in report.problems} == {"missing-post"}
