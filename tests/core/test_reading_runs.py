"""Which lines of a dump an earlier version read as a body, and which post stands there now."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.identity import ledger
from rostra.identity.ledger import body_words
from rostra.identity.permalinks import digest, digits
from rostra.model import RawPost, RawThread, Source
from rostra.readers import Dump
from rostra.threads import earlier_readings
from rostra.threads.assemble import assemble
from rostra.threads.earlier_readings import HEAD, LONGEST, line_ranges, with_readings


def dumped(folder: Path, said: str | bytes) -> Dump:
    path = folder / "gate.txt"
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return Dump(path)


def known(said: str) -> str:
    words = body_words(said)
    return digits(" ".join(words))[: None if len(words) >= ledger.FEW else ledger.SHORT]


def found(folder: Path, said: str | bytes, *wanted: str) -> list[tuple[int, int]]:
    return [(run.first, run.last) for run in line_ranges(dumped(folder, said), {known(each) for each in wanted})]


@pytest.mark.parametrize(
    ("dump", "body", "place"),
    [
        ("Ada\n\nThe gate.\nShut it.\n\nReply\n", "The gate.\nShut it.\n\nReply", (3, 6)),
        ("Ada\r\nThe gate is shut.\r\nBede\r\n", "The gate is shut.", (2, 2)),
        ("Ada: the gate is shut. So it was.", "the gate is shut", (1, 1)),
        ("Ada: the gate is shut. So it was.", "So it was.", (1, 1)),
        (":The gate is shut. --[[User:Ada]] 09:00", "The gate is shut. --", (1, 1)),
        ("<p>The <b>gate</b></p><p>is shut</p>", "<div>The gate <i>is</i> shut</div>", (1, 1)),
        ("Ada &amp; Bede\nshut it", "Ada & Bede shut it", (1, 2)),
        ("Thank you\n", "thank you", (1, 1)),
        ("Thanks\n", "Thanks!", (1, 1)),
        ("e\u0301clair and gate\n", "e\u0301clair and gate", (1, 1)),
    ],
)
def test_lines_in_a_row_are_found_by_the_digest_of_their_words(
    tmp_path: Path, dump: str, body: str, place: tuple[int, int]
) -> None:
    assert found(tmp_path, dump, body) == [place]


def test_words_that_are_no_lines_in_a_row_are_not_found(tmp_path: Path) -> None:
    assert found(tmp_path, "The gate is shut at dusk\n", "gate is shut", "The gate is shut") == []
    assert found(tmp_path, "The gate\nis shut\n") == []


def test_a_body_is_as_long_as_it_may_be_and_no_longer(tmp_path: Path) -> None:
    assert (LONGEST, HEAD) == (90, 20)
    lines = [f"word{n} here" for n in range(HEAD + LONGEST + 5)]
    dump = "\n".join(lines)
    assert found(tmp_path, dump, "\n".join(lines[HEAD : HEAD + LONGEST])) == [(HEAD + 1, HEAD + LONGEST)]
    assert found(tmp_path, dump, "\n".join(lines[HEAD : HEAD + LONGEST + 1])) == []
    # One that begins with the dump may be all of it.
    assert found(tmp_path, dump, "\n".join(lines[HEAD - 1 :])) == [(HEAD, len(lines))]
    assert found(tmp_path, dump, "\n".join(lines[HEAD:])) == []


def test_a_dump_that_nobody_copied_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = "The gate is shut.\n"
    assert (earlier_readings.PIECES, earlier_readings.MOST) == (50_000, 16 * 1024 * 1024)
    assert found(tmp_path, shut.encode() + b"\0\n", shut) == []
    monkeypatch.setattr(earlier_readings, "PIECES", 9)
    assert found(tmp_path, shut + "word\n" * 8, shut) == [(1, 1)]
    assert found(tmp_path, shut + "word\n" * 9, shut) == []
    monkeypatch.setattr(earlier_readings, "MOST", len(shut))
    assert found(tmp_path, shut, shut) == [(1, 1)]
    assert found(tmp_path, shut + " ", shut) == []
    assert list(line_ranges(Dump(tmp_path), {known(shut)})) == []


def test_what_is_no_digest_in_a_ledger_is_not_looked_for(tmp_path: Path) -> None:
    # The digest of three words or more is a whole one.
    assert line_ranges(dumped(tmp_path, "The gate is shut."), {known("The gate is shut.")[:8]}) == []
    wanted = {"-", "a", "0189018901", "p-1", known("The gate is shut.")}
    assert [run.words for run in line_ranges(dumped(tmp_path, "The gate is shut."), wanted)] == [
        ["the", "gate", "is", "shut"]
    ]


def marks(folder: Path, dump: str, body: str, *lines: tuple[int | None, str]) -> list[bool]:
    """Of posts on lines, which one a body's reading marks."""
    raw = tuple(
        RawPost(key=str(n), line=line, body=said, parent="0" if n else None) for n, (line, said) in enumerate(lines)
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    after = with_readings(thread, line_ranges(dumped(folder, dump), {known(body)}))
    return [bool(post.history.readings) for post in sorted(after.posts, key=lambda post: post.raw.key)]


def test_the_post_in_which_a_reading_begins_is_its_successor(tmp_path: Path) -> None:
    dump = "Ada\nThe gate is shut.\nReply\nBede\nThe weir is dry.\nReply\n"
    two = (1, "The gate is shut."), (4, "The weir is dry.")
    assert marks(tmp_path, dump, "The gate is shut. Reply Bede", *two) == [True, False]
    assert marks(tmp_path, dump, "The weir is dry. Reply", *two) == [False, True]
    # One that begins on the very line of a post, and one that ends there.
    assert marks(tmp_path, dump, "Bede The weir is dry.", *two) == [False, True]
    assert marks(tmp_path, dump, "Reply Bede The weir is dry.", *two) == [False, True]
    # What holds nothing of a post is none.
    assert marks(tmp_path, dump, "Reply Bede", *two) == [False, False]
    assert marks(tmp_path, dump, "Ada", *two) == [False, False]


def test_posts_are_looked_for_by_their_lines(tmp_path: Path) -> None:
    dump = "Ada\nThe gate is shut.\nReply\nBede\nThe weir is dry.\nReply\n"
    assert marks(tmp_path, dump, "The weir is dry. Reply", (4, "The weir is dry."), (1, "The gate is shut.")) == [True, False]  # fmt: skip
    # What two posts say is that of the one in which it begins.
    twice = "Ada\nThe gate is shut.\nReply\nBede\nThe gate is shut.\nReply no\n"
    same = (1, "The gate is shut."), (4, "The gate is shut.")
    assert marks(tmp_path, twice, "The gate is shut. Reply no", *same) == [False, True]
    # What begins above the first post is that.
    assert marks(tmp_path, dump, "Ada The gate is shut.", (2, "The gate is shut."), (5, "The weir is dry.")) == [True, False]  # fmt: skip


def test_a_post_without_a_line_or_words_is_no_successor(tmp_path: Path) -> None:
    # Nor does it hide the one that it stands in.
    long = "The gate\nis shut\nat dusk now\n"
    assert marks(tmp_path, long, "at dusk now", (1, "The gate is shut at dusk now"), (2, "")) == [True, False]
    assert marks(tmp_path, "Ada\nThe gate is shut.\n", "The gate is shut.", (1, "…")) == [False]
    dump = "Ada\nThe gate is shut.\nReply\n"
    assert marks(tmp_path, dump, "The gate is shut.\nReply", (None, "The gate is shut."), (2, "")) == [False, False]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("The gate is shut. Reply", "The gate is shut", True),
        ("Reply. Bede. The gate is shut", "The gate is shut", True),
        # What was cut in two.
        ("is shut at dusk", "The gate is shut at dusk", True),
        ("The gate is old", "The gate is shut", True),
        ("The gate was shut", "The gate is shut", False),
        ("Me Reply", "Me", True),
        ("Reply Me", "You", False),
    ],
)
def test_three_words_in_a_row_make_a_successor(tmp_path: Path, old: str, new: str, same: bool) -> None:
    assert marks(tmp_path, old, old, (1, new)) == [same]


WORDS = ["gate", "weir", "shut", "dusk", "and", "the", "miller", "bell"]


@given(st.integers(0, 10**6))
@settings(max_examples=60)
def test_whatever_an_earlier_version_read_of_a_page_leads_to_the_post_that_begins_there(seed: int) -> None:
    chance = random.Random(seed)
    lines: list[str] = []
    old, new = [], []
    for n in range(chance.randint(1, 8)):
        begun = len(lines) + 1
        lines += [f"name{n}", "1 day ago"]
        said = [
            " ".join([f"mark{n}", *chance.choices(WORDS, k=chance.randint(0, 9))]) for _ in range(chance.randint(1, 3))
        ]
        body = [*said, *chance.sample(["3", "Reply", "Share", "Report abuse"], k=chance.randint(0, 4))]
        lines += body
        old.append(known("\n".join(body)))
        new.append((begun, "\n".join(said)))
    raw = tuple(
        RawPost(key=str(n), line=line, body=said, parent="0" if n else None) for n, (line, said) in enumerate(new)
    )
    thread = assemble(RawThread(posts=raw), id="t", title="T", source=Source(path="", format="", sha256=""))
    pieces = [(n, body_words(line)) for n, line in enumerate(lines, 1)]
    after = with_readings(thread, earlier_readings._runs(pieces, set(old)))
    by_key = {post.raw.key: post.history.readings for post in after.posts}
    assert all(digest in by_key[str(n)] for n, digest in enumerate(old))


def test_the_digest_of_a_run_is_that_of_a_body() -> None:
    assert digest("the gate") == digits("the gate")
