"""Posts in lists: stored person by person beside their edition, and read without passing through the main process."""

from __future__ import annotations

import sqlite3

from msgspec.msgpack import encode

from rostra.editorial.edition import edit
from rostra.model import Author, Edition, RawPost, RawThread, Source
from rostra.people.appearances import appearances, spoken_posts
from rostra.people.index import RECENT, TABLES, People, Spoken, speakers_of
from rostra.people.said import decode_said, encode_said, spans_of
from rostra.render.pages.shape import shape
from rostra.threads.assemble import assemble

NAMES = ("Zeno", "Ada", None, "ZENO", "", "Ada", "Ada")


def edition(names: tuple[str | None, ...] = NAMES) -> Edition:
    """A thread of posts by people of these names, each with a word of its own."""
    posts = tuple(
        RawPost(
            key=f"m{n}",
            parent="m0" if n else None,
            author=None if name is None else Author(name=name),
            created=f"2024-03-04T09:{n:02}:00Z",
            body=f"The gatehouse{n} is open.",
        )
        for n, name in enumerate(names)
    )
    source = Source(path="content/gate.jsonl", sha256="0", format="jsonl")
    return edit(assemble(RawThread(posts=posts), id="gate", title="Gate", source=source))


def spoken(of: Edition) -> Spoken:
    return speakers_of(of, encode_said(of))


def index(*threads: Spoken) -> People:
    """The index of people of an archive of these threads, whose names are numbers."""
    base = sqlite3.connect(":memory:")
    base.executescript(TABLES)
    people = People(base)
    for number, each in enumerate(threads):
        people.note(str(number), each)
    return people


def test_the_posts_of_a_person_are_consecutive_and_in_reading_order() -> None:
    made = edition()
    said = decode_said(encode_said(made), len(NAMES))
    assert sorted(said, key=lambda each: each.number) == list(spoken_posts(made))
    named = [(each.who, each.number) for each in said if each.named and each.who]
    assert named == [("Ada", 2), ("Ada", 6), ("Ada", 7), ("Zeno", 1), ("ZENO", 4)]
    assert not any(each.who for each in said[len(named) :])


def test_each_post_is_where_its_span_says() -> None:
    encoded = encode_said(edition())
    said = decode_said(encoded, len(NAMES))
    for each in said:
        start, end = spans_of(said)[each.post]
        assert decode_said(encoded[start:end], 1) == [each]
    assert decode_said(b"", 0) == []
    assert spans_of([]) == {}


def test_the_rows_of_a_thread_lead_to_its_posts_and_hold_none_of_their_words() -> None:
    made = edition()
    encoded, rows = encode_said(made), spoken(made)
    found = {}
    for person, _, _, posts, _, _, _, _, at, size, _ in rows.appearances:
        assert isinstance(posts, int)
        assert isinstance(at, int)
        assert isinstance(size, int)
        found[person] = [each.number for each in decode_said(encoded[at : at + size], posts)]
    assert found == {"ada": [2, 6, 7], "zeno": [1, 4]}
    assert b"gatehouse" in encoded
    assert b"gatehouse" not in encode(rows)


def test_the_latest_posts_of_a_thread_may_be_the_latest_of_the_archive() -> None:
    made = edition(("Ada",) * (RECENT + 2))
    encoded, people = encode_said(made), index(spoken(made))
    latest = [post for at in people.recent() for post in decode_said(encoded[at.at : at.at + at.size], 1)]
    assert [post.number for post in latest] == list(range(RECENT + 2, 2, -1))


def test_the_latest_posts_of_an_archive_are_those_of_several_threads() -> None:
    def of(thread: str, *posts: tuple[str, str]) -> Spoken:
        rows = [(post, moment, n, 1) for n, (post, moment) in enumerate(posts)]
        return Spoken([], [], [(thread, posts[-1][1], encode(rows))])

    people = index(
        of("a", ("p-1", "1"), ("p-2", "4")),
        of("b", ("p-2", "3"), ("p-1", "4")),
        of("c", ("p-9", "5")),
        of("d", ("p-1", "2")),
    )
    assert [(at.thread, at.at) for at in people.recent()] == [
        ("c", 0),
        ("a", 1),
        ("b", 1),
        ("b", 0),
        ("d", 0),
        ("a", 0),
    ]
    for most in range(7):
        assert people.recent(most) == people.recent()[:most]


def test_a_person_changes_with_the_words_of_one_of_their_posts() -> None:
    one = edition()
    posts = (*one.posts[:-1], one.posts[0])
    other = Edition(thread=one.thread, posts=posts, problems=())
    digests, others = ({row[0]: row[7] for row in spoken(of).appearances} for of in (one, other))
    assert digests["ada"] != others["ada"]


def test_a_post_that_quotes_somebody_piece_by_piece_counts_once() -> None:
    first, second = "The upper gate was open all night long.", "Nobody in the mill had heard the water rise."
    bodies = (
        ("Ada", f"{first}\n\n{second}"),
        ("Zeno", f"> {first}\n\nIt was.\n\n> {second}\n\nI had."),
        ("Zeno", f"> {first}\n\nI say it again."),
    )
    posts = tuple(
        RawPost(key=f"m{n}", parent="m0" if n else None, author=Author(name=who), body=body, dialect="markdown")
        for n, (who, body) in enumerate(bodies)
    )
    source = Source(path="content/gate.jsonl", sha256="0", format="jsonl")
    made = edit(assemble(RawThread(posts=posts), id="gate", title="Gate", source=source))
    assert [len(each.quotes) for each in made.posts] == [0, 2, 1]
    counts = {person: (each.quotes, each.quoted) for person, each in appearances(made, list(spoken_posts(made)))}
    assert counts == {"ada": ((), (("Zeno", 2),)), "zeno": ((("Ada", 2),), ())}
    assert [pair.count for pair in shape(made).pairs] == [2]
