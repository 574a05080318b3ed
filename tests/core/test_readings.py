"""What an earlier version of Rostra read as a post is found again where this version reads another."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosts import BareServer, Reader
from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site
from rostra.identity import ledger, ledger_file, registry
from rostra.identity.ledger import READING, body_words
from rostra.identity.permalinks import digest, digits
from rostra.ingest.dump_threads import assemble
from rostra.model import Author, RawPost, RawThread, Source
from rostra.readers import Dump
from rostra.readers.text import text
from rostra.threads import earlier_readings
from rostra.threads.earlier_readings import HEAD, LONGEST, PIECES, line_ranges, marked

SAID = {
    "Ada": "Who opened the upper gate?",
    "Bede": "Me.",
    "Cy": "Nobody saw you do it, and the gate has been shut since the frost.",
    "Dot": "Who opened the upper gate? So he says.",
}
PAGE = "Skip to content\n\n" + "".join(
    f"{name}\n1 day ago\n\n{said}\n\n3\nReply\nShare ›\n\n" for name, said in SAID.items()
)


def worse(dump: Dump) -> Iterator[RawThread]:
    """As a version reads it that takes buttons, and the next one's name, for words."""
    lines = dump.text()[0].split("\n")
    heads = [n for n, line in enumerate(lines) if line == "1 day ago"]
    posts = [
        RawPost(
            key=str(n), parent=str(heads[0]) if n != heads[0] else None, line=n + 1, body="\n".join(lines[n + 1 : end])
        )
        for n, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]
    yield RawThread(posts=tuple(posts))


def better(dump: Dump) -> Iterator[RawThread]:
    """As it is, with other words, authors and parents, so that nothing of a post is what it was."""
    lines = dump.text()[0].split("\n")
    posts, last = [], None
    for name, said in SAID.items():
        if name in lines:
            posts.append(
                RawPost(key=name, parent=last, author=Author(name=name), line=lines.index(name) + 1, body=said)
            )
            last = name
    yield RawThread(posts=tuple(posts))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that an earlier version built."""
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (tmp_path / "content/gate.txt").write_text(PAGE)
    monkeypatch.setattr(text, "read", worse)
    build(load_site(tmp_path))
    shutil.rmtree(tmp_path / ".rostra")
    monkeypatch.setattr(text, "read", better)
    return tmp_path


@pytest.fixture
def raised(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that says that it reads otherwise."""
    for module in (ledger_file, registry):
        monkeypatch.setattr(module, "READING", READING + 1)


def posts(site: Path) -> dict[str, str]:
    """The posts of the page by their words."""
    page = Reader(BareServer(site / "public"))
    page.follow("/debates/gate/index.html")
    (elements,) = page.named.values()
    found = {}
    for id, element in elements.items():
        if element.tag == "article":
            body = element.find("./div[@class='body e-content']")
            found[" ".join(body.text_content().split())] = id
    return found


def arrived(site: Path, id: str) -> str | None:
    arrival = Reader(BareServer(site / "public")).follow(f"/debates/gate/index.html#{id}")
    assert arrival is not None
    assert arrival.element is not None
    body = arrival.element.find("./div[@class='body e-content']") if arrival.element.tag == "article" else None
    return None if body is None else " ".join(body.text_content().split())


@pytest.mark.usefixtures("raised")
def test_a_version_that_reads_otherwise_keeps_every_address(site: Path) -> None:
    before = posts(site)
    build(load_site(site))
    assert posts(site) == {
        said: next(id for old, id in before.items() if old.startswith(f"{said} 3 ")) for said in SAID.values()
    }
    written = (site / LEDGER).read_bytes(), {p: p.read_bytes() for p in (site / "public").rglob("*") if p.is_file()}
    assert f"# reading {READING + 1}\n".encode() in written[0]
    shutil.rmtree(site / ".rostra")
    build(load_site(site))
    assert (
        (site / LEDGER).read_bytes(),
        {p: p.read_bytes() for p in (site / "public").rglob("*") if p.is_file()},
    ) == written


@pytest.mark.usefixtures("raised")
def test_a_file_that_is_renamed_meanwhile_is_still_the_debate(site: Path) -> None:
    before = posts(site)
    (site / "content/gate.txt").rename(site / "content/weir.txt")
    build(load_site(site))
    assert set(posts(site).values()) == set(before.values())


@pytest.mark.usefixtures("raised")
def test_two_copies_of_a_page_keep_the_addresses_of_both(site: Path) -> None:
    build(load_site(site))
    before = posts(site)
    more = PAGE + "Eve\n1 day ago\n\nI shut it again at noon.\n\n1\nReply\n"
    (site / "content/gate-2.txt").write_text(more.replace("1 day", "2 days").replace("2 days", "1 day"))
    build(load_site(site))
    assert before.items() <= posts(site).items()


def test_within_one_version_a_post_that_is_gone_is_gone_whoever_repeats_its_words(site: Path) -> None:
    build(load_site(site))
    (id,) = (id for said, id in posts(site).items() if said == SAID["Ada"])
    # Ada's post is gone, and its words are a sentence of Dot's.
    (site / "content/gate.txt").write_text(PAGE.replace(f"Ada\n1 day ago\n\n{SAID['Ada']}\n", "", 1))
    build(load_site(site))
    assert arrived(site, id) is None


@pytest.mark.usefixtures("raised")
def test_as_long_as_a_dump_cannot_be_read_its_ledger_is_of_the_earlier_version(
    site: Path,
) -> None:
    (site / "content/gate.toml").write_text('format = "mail"\n')
    (site / "content/other.txt").write_text("Eve\n1 day ago\n\nI shut it.\n")
    assert build(load_site(site)).failures
    assert f"# reading {READING}\n" in (site / LEDGER).read_text()
    (site / "content/gate.toml").unlink()
    assert not build(load_site(site)).failures
    assert f"# reading {READING + 1}\n" in (site / LEDGER).read_text()


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("", 0),
        ("# reading 7\n", 7),
        # Two branches that were merged.
        ("# reading 3\n# reading 2\n", 2),
        ("# reading 12345678901\n", 0),
        ("# I was reading 5 of it\n", 0),
    ],
)
def test_a_ledger_says_which_version_read_what_it_knows(tmp_path: Path, heading: str, number: int) -> None:
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.executescript(registry.TABLES + ledger_file.TABLES)
    (tmp_path / LEDGER).write_text(heading + "gate @ gate.txt\ngate p-1 - abcdefghij - - -\n")
    ledger_file.load_ledger(base, tmp_path / LEDGER)
    assert base.execute("SELECT number FROM reading").fetchall() == [(number,)]


def test_where_there_is_no_ledger_nothing_was_read_earlier(tmp_path: Path) -> None:
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.executescript(registry.TABLES + ledger_file.TABLES)
    ledger_file.load_ledger(base, tmp_path / LEDGER)
    assert base.execute("SELECT number FROM reading").fetchall() == [(READING,)]


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
    lines = [f"word{n} here" for n in range(HEAD + LONGEST + 5)]
    dump = "\n".join(lines)
    assert found(tmp_path, dump, "\n".join(lines[HEAD : HEAD + LONGEST])) == [(HEAD + 1, HEAD + LONGEST)]
    assert found(tmp_path, dump, "\n".join(lines[HEAD : HEAD + LONGEST + 1])) == []
    # One that begins with the dump may be all of it.
    assert found(tmp_path, dump, "\n".join(lines[HEAD - 1 :])) == [(HEAD, len(lines))]
    assert found(tmp_path, dump, "\n".join(lines[HEAD:])) == []


def test_a_dump_that_nobody_copied_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = "The gate is shut.\n"
    assert found(tmp_path, shut + "word\n" * (PIECES - 1), shut) == [(1, 1)]
    assert found(tmp_path, shut + "word\n" * PIECES, shut) == []
    monkeypatch.setattr(earlier_readings, "MOST", len(shut))
    assert found(tmp_path, shut, shut) == [(1, 1)]
    assert found(tmp_path, shut + " ", shut) == []
    assert found(tmp_path, b"\0" + shut.encode()[1:], shut) == []
    assert list(line_ranges(Dump(tmp_path), {known(shut)})) == []


def test_what_is_no_digest_in_a_ledger_is_not_looked_for(tmp_path: Path) -> None:
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
    after = marked(thread, line_ranges(dumped(folder, dump), {known(body)}))
    return [bool(post.raw.readings) for post in sorted(after.posts, key=lambda post: post.raw.key)]


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


def test_a_post_without_a_line_or_words_is_no_successor(tmp_path: Path) -> None:
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
    after = marked(thread, earlier_readings._runs(pieces, set(old)))
    by_key = {post.raw.key: post.raw.readings for post in after.posts}
    assert all(digest in by_key[str(n)] for n, digest in enumerate(old))


def test_the_digest_of_a_run_is_that_of_a_body() -> None:
    assert digest("the gate") == digits("the gate")
