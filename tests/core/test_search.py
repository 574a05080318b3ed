"""What is indexed is what a post says itself, the same bytes each time, and nothing that is not published."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.editorial.edition import edit
from rostra.errors import RostraError
from rostra.ingest.inspection import inspections
from rostra.model import Author, RawPost, RawThread, Source
from rostra.people.appearances import address
from rostra.people.person_pages import PersonPages
from rostra.render.pages import search as pages
from rostra.search import bundles, lists, shards, texts, word_index
from rostra.search.bundles import bundle_count, bundle_files, column_count
from rostra.search.documents import Searched, SearchedThread, decode_documents, own_words, quoted_words, searched
from rostra.search.lists import Labels
from rostra.search.shards import make_shard, shard_count, shard_of
from rostra.search.texts import text_files
from rostra.search.tokens import CODE, SIGNS, code_words, joined_words
from rostra.system.workers import Workers
from rostra.threads.assemble import assemble
from support.published_files import ReadShard, read_bundle, read_shards, unpacked

WORDS = ["gate", "miller", "bell", "weir", "keeper", "water", "bridge", "night", "lantern", "river", "stone", "barge"]
FORGED = ("a*!&:", "a?:{$")
"""Two names whose addresses have the same digest."""
LABELS = Labels(lambda author: author.name, str, "from {}".format, address)


def site(root: Path, debates: dict[str, list[dict[str, Any]]]) -> Path:
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Searched"\n')
    for name, posts in debates.items():
        lines = (json.dumps({"id": n, "parent": None if n == 1 else 1} | post) for n, post in enumerate(posts, 1))
        (root / f"content/{name}.jsonl").write_text("\n".join(lines) + "\n")
    return root / "public"


def debates(many: int) -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(7)
    return {
        f"d{n}": [{"author": chance.choice("ABC"), "body": " ".join(chance.choices(WORDS, k=30))} for _ in range(4)]
        for n in range(many)
    }


def plain(public: Path) -> dict[str, bytes]:
    """Every file of the index, unpacked."""
    paths = (path for path in (public / "search").rglob("*") if path.is_file())
    return {path.relative_to(public).as_posix(): unpacked(path) for path in paths}


def post(n: int, text: str, **said: Any) -> Searched:
    told = {"quoted": "", "title": "", "author": None, "created": None, "created_text": None} | said
    told["code"] = code_words(text)
    return Searched(post=f"p-{n}", at=n, text=text, **told)


def thread(id: str, *posts: Searched) -> SearchedThread:
    return SearchedThread(id, f"Debate {id}", "example.org", "mail", posts)


def files_of(*shards: Sequence[SearchedThread], columns: int = 3) -> dict[str, bytes]:
    """The files of a bundle of shards."""
    made = [make_shard(f"{n}/", threads, columns, LABELS) for n, threads in enumerate(shards)]
    files = [*bundle_files("", [shard for shard, _ in made]), *chain.from_iterable(texts.files() for _, texts in made)]
    return {file.path: file.content for file in files}


def made(*threads: SearchedThread) -> ReadShard:
    _, (shard,) = read_shards(files_of(threads))
    return shard


def found(shard: ReadShard, words: str, column: str = "text") -> list[int]:
    return [row for (row,) in shard.rows("SELECT rowid FROM found WHERE found MATCH ?", f'{column} : "{words}"')]


MADE = """
import random, sys
sys.path.insert(0, sys.argv[1])
from hashlib import sha256
from rostra.model import Author
from rostra.search.documents import Searched, SearchedThread
from rostra.search.lists import Labels
from rostra.search.bundles import bundle_files
from rostra.search.shards import make_shard
chance = random.Random(3)
words = [chance.randbytes(3).hex() for _ in range(900)]
threads = [
    SearchedThread(f"t{n}", words[n], "", "x", tuple(
        Searched(f"p-{k}", k, " ".join(chance.choices(words, k=60)), "", "", Author(name=words[k]), None, None, "") for k in range(1, 30)
    ))
    for n in range(20)
]
total = sha256()
shard, texts = make_shard("", threads, 2, Labels(lambda author: author.name, str, str, str))
for file in bundle_files("", [shard]) + texts.files():
    total.update(file.path.encode() + file.content)
print(total.hexdigest())
"""


def test_a_shard_is_the_same_to_the_byte_in_other_processes() -> None:
    package = str(Path(pages.__file__).parent.parent.parent.parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", MADE, package], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(digests) == 1


def test_no_byte_of_a_shard_names_the_version_of_sqlite() -> None:
    assert made(thread("a", post(1, "gate"))).index[0][96:100] == bytes(4)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=3), st.integers(1, 5))
def test_an_entry_names_every_part_and_each_shard_has_its_share_of_it(sizes: list[int], columns: int) -> None:
    chance = random.Random(str(sizes))
    files = files_of(
        *(
            [thread(f"t{at}", *(post(n, chance.randbytes(900).hex(" ", 3)) for n in range(1, size)))]
            for at, size in enumerate(sizes)
        ),
        columns=columns,
    )
    entry, read = read_shards(files)
    of_texts = {f"{n}/parts/{digest}.bin" for n, shard in enumerate(entry.shards) for _, digest in shard.texts}
    named = {*(f"parts/{digest}.bin" for digest in (*entry.index, entry.vocabulary)), *of_texts}
    assert files.keys() == {"shards.bin", *named}
    assert all(Path(path).stem == sha256(files[path]).hexdigest()[:16] for path in named)
    for shard in read:
        head, *rest = [len(piece) for piece in shard.index]
        assert head == shard.entry.head
        assert head + sum(rest) == shard.entry.size
        assert len(rest) == columns
        pages = sum(rest) // word_index.PAGE
        assert {size // word_index.PAGE for size in rest} <= {pages // columns, -(-pages // columns)}
        assert sum(size % word_index.PAGE for size in rest) == 0


def test_what_leads_to_a_word_is_in_the_head() -> None:
    chance = random.Random(1)
    shard = made(thread("a", *(post(n, chance.randbytes(300).hex(" ", 3)) for n in range(1, 900))))
    head = shard.index[0]
    assert len(shard.index) > 2
    # The trees of the index and of its words have one level above their leaves: the root, in the head.
    for table in ("found_data", "found_idx"):
        ((root,),) = shard.rows("SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
        page = head[(root - 1) * word_index.PAGE :][: word_index.PAGE]
        kind, cells = page[0], int.from_bytes(page[3:5])
        # Database File Format, 1.6: 5 is an interior page of a table, 10 a leaf of an index.
        assert kind == (5 if table == "found_data" else 10)
        assert cells > 10
    # The structure of the index is row 10 of its data (sqlite.org/fts5.html, 7), in the first leaf.
    assert int.from_bytes(head[36:40]) == 0
    ((structure,),) = shard.rows("SELECT hex(block) FROM found_data WHERE id = 10")
    assert bytes.fromhex(structure) in head
    # Four bytes of a counter, the number of levels, that of segments: one, so nothing was merged.
    assert structure[10:12] == "01"


def test_texts_are_found_again_by_the_number_of_their_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FEWEST", 5_000)
    monkeypatch.setattr(texts, "MOST", 20_000)
    chance = random.Random(4)
    threads = [
        thread(f"t{n:02}", *(post(k, " ".join(chance.choices(WORDS, k=chance.randrange(100)))) for k in range(1, 30)))
        for n in range(12)
    ]
    shard = made(*threads)
    said = [(number, each) for number, thread in enumerate(threads) for each in thread.posts]
    rows = [(first + n, row) for first, held in shard.texts for n, row in enumerate(held)]
    assert len(shard.texts) > 2
    assert [row for _, row in rows] == [
        [each.post, each.at, None, False, None, None, each.text or each.title, ""] for _, each in said
    ]
    assert [at for at, _ in rows] == list(range(1, len(said) + 1))
    assert shard.facts[0] == [number for number, _ in said]


def sized(*sizes: int) -> list[int]:
    """How many posts each file of texts has, of threads of one post with so many characters."""
    some = (thread(str(n), post(1, "x" * size)) for n, size in enumerate(sizes))
    return [len(rows) for _, rows in text_files(some, LABELS)]


def test_a_file_of_texts_ends_at_a_thread_or_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "ENDS", 1)
    assert sized(texts.FEWEST - 1, 1, 1) == [2, 1]
    assert sized(texts.FEWEST, 1) == [1, 1]
    monkeypatch.setattr(texts, "ENDS", 1 << 20)
    assert sized(texts.MOST - 1, 1, 1) == [2, 1]
    assert sized(texts.MOST, 1) == [1, 1]


def test_a_debate_that_changes_moves_the_texts_of_few_others() -> None:
    chance = random.Random(6)
    threads = [
        thread(f"{n:04}", *(post(k, chance.randbytes(300).hex()) for k in range(1, chance.randrange(30))))
        for n in range(150)
    ]
    before = made(*threads).entry.texts
    threads[40] = thread("0040", post(1, "Another text."))
    after = made(*threads).entry.texts
    assert len(before) > 15
    assert 1 <= len({digest for _, digest in after} - {digest for _, digest in before}) <= 6


def test_texts_that_are_the_same_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST", 1)
    files = files_of([thread("a", post(1, "Gate.")), thread("b", post(1, "Gate."))])
    _, (shard,) = read_shards(files)
    assert [first for first, _ in shard.entry.texts] == [1, 2]
    assert len({digest for _, digest in shard.entry.texts}) == 1


def test_words_are_found_whatever_their_case_their_accents_and_their_script() -> None:
    shard = made(
        thread(
            "a",
            post(1, "The CAFÉ is closed; the ｗｉｄｅ letters, too."),
            post(2, "Die Straße am Fluß in Łódź, œuvre"),
            post(3, "日本語の文章です"),
            post(4, "Use C++ or .libPaths() with --workers=2, not -O3; see #27 and C#."),
            post(5, "हिन्दी में लिखा"),
            post(6, "libPaths and workers and c"),
        )
    )
    assert found(shard, "cafe") == found(shard, "Café") == found(shard, "wide") == [1]
    assert found(shard, "strasse") == found(shard, "fluss") == found(shard, "lodz") == found(shard, "OEuvre") == [2]
    assert found(shard, "日本 本語") == found(shard, "語の") == [3]
    assert found(shard, "हिन्दी") == [5]
    assert found(shard, "libpaths") == [4, 6]
    signs = {
        word: found(shard, code_words(word), "code") for word in ("C++", ".libPaths", "--workers", "-O3", "#27", "C#")
    }
    assert all(rows == [4] for rows in signs.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++, g++ and F#.", "C++ g++ F#"),
        ("a.b or x+y or 1-2", ""),
        ("see .libPaths().", ".libPaths"),
        ("--no-cache --x -v9 -v", "--no-cache --x -v9 -v"),
        ("(@ada:example.org)", "@ada:example.org"),
        ("/etc/hosts", "/etc/hosts"),
        ("an end. Another", ""),
        ("std::vector ::global", "::global"),
        ("- item", ""),
        ("." + "a" * 64, "." + "a" * 64),
        ("." + "a" * 65, ""),
        ("naïve++", "naïve++"),
    ],
)
def test_words_that_signs_set_apart(text: str, words: str) -> None:
    back = {value: key for key, value in SIGNS.items()}
    assert code_words(text).translate(back) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a co-operative, or an e-mail", "cooperative email"),
        ("state-of-the-art", "stateoftheart"),
        ("one-two-three-four-five", "onetwothreefour"),
        ("Mühlen‐Rad x‑ray", "MühlenRad xray"),
        ("a - b, 1-2, -v, x-1, well- and", ""),
        ("(semi-automatic/half-open)", "semiautomatic halfopen"),
        ("Groß-Straße, Ærø-ﬁsk", "GrossStrasse aerofisk"),
    ],
)
def test_words_that_hyphens_join(text: str, words: str) -> None:
    assert joined_words(text) == words


@given(st.lists(st.sampled_from([*"aé .:-+#*@~/\\(,\n", "::", "--", "++"])).map("".join))
def test_no_word_of_code_is_passed_over(text: str) -> None:
    assert bool(code_words(text)) == bool(CODE.search(text))


def test_a_place_is_a_host_or_a_format_in_the_words_of_the_site() -> None:
    shard = made(thread("a", post(1, "x")), SearchedThread("b", "B", "", "mbox", (post(1, "y"),)))
    assert [each[2:] for each in shard.threads] == [["example.org", "example.org"], ["mbox", "from mbox"]]


@pytest.mark.parametrize(("text", "count"), [("", 1), ("a gate", 2), ("ein Fluß", 2), ("水車", 3), ("the 水車 x", 5)])
def test_the_length_of_a_post_is_counted_in_words(text: str, count: int) -> None:
    assert made(thread("a", post(1, text))).facts[3] == [count]


def test_people_are_in_the_index_by_their_usual_spelling() -> None:
    shard = made(
        thread("a", post(1, "x", author=Author(name="ada lovelace")), post(2, "y", author=Author(name="Ada Lovelace"))),
        thread("b", post(1, "z", author=Author(name="Ada Lovelace")), post(2, "w")),
    )
    assert shard.people == [["ada-lovelace", "Ada Lovelace", 3]]
    assert found(shard, "lovelace ada", "name") == []
    assert found(shard, "ada lovelace", "name") == [word_index.PEOPLE]
    assert shard.facts[1] == [0, 0, 0, lists.NONE]


@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-02T00:00:00Z", 1),
        ("1969-12-31T23:00:00-05:00", -1),
        ("2005-03-01T12:27:43", 12843),
        (None, None),
        ("0000-01-01T00:00:00Z", None),
    ],
)
def test_the_day_of_a_post_is_a_number(created: str | None, day: int | None) -> None:
    assert made(thread("a", post(1, "x", created=created))).facts[2] == [lists.NONE if day is None else day]


def test_the_vocabulary_has_words_of_posts_by_how_many_have_them() -> None:
    shard = made(
        thread(
            "a",
            post(1, "gate gate ab abc 123 x9y " + "m" * 40 + " " + "n" * 41, author=Author(name="Zeus")),
            post(2, "gate bell", quoted="quotedonly"),
            post(3, "gate bell"),
            post(4, "gate"),
        )
    )
    known = dict(shard.vocabulary)
    assert known == {1: ["abc", "debate", "m" * 40], 2: ["bell"], 3: ["gate"]} or known == {
        1: ["abc", "m" * 40],
        2: ["bell"],
        3: ["gate"],
    }


@pytest.mark.parametrize(
    ("posts", "count"),
    [(0, 1), (2048, 1), (2049, 2), (4096, 2), (4097, 4), (65_536, 32), (65_537, 64), (10_000_000, 64)],
)
def test_there_are_as_many_shards_as_are_needed_and_never_many(posts: int, count: int) -> None:
    assert shard_count(posts) == count


@pytest.mark.parametrize(("shards", "count"), [(1, 1), (2, 1), (8, 1), (16, 2), (32, 4), (64, 4)])
def test_a_bundle_has_eight_shards_before_there_is_another(shards: int, count: int) -> None:
    assert bundle_count(shards) == count


@pytest.mark.parametrize(
    ("size", "count"), [(0, 1), (bundles.PART * 2 - 1, 1), (bundles.PART * 2, 2), (bundles.PART * 9, 8)]
)
def test_there_are_as_many_parts_of_an_index_as_are_full(size: int, count: int) -> None:
    assert column_count(size) == count


@given(st.text(), st.sampled_from([1, 2, 4]))
def test_a_thread_stays_where_it_is_or_moves_with_half_of_its_shard(id: str, count: int) -> None:
    assert shard_of(id, count * 2) % count == shard_of(id, count) < count


MAIL = """From a@example.org Mon Mar  4 09:00:00 2024
From: Ada <a@example.org>
Date: Mon, 4 Mar 2024 09:00:00 +0000
Subject: The gate
Message-ID: <1@example.org>

Who opened the upper gate before the bell had rung for the second time?

From b@example.org Mon Mar  4 10:00:00 2024
From: Bede <b@example.org>
Date: Mon, 4 Mar 2024 10:00:00 +0000
Subject: Re: The gate
Message-ID: <2@example.org>
In-Reply-To: <1@example.org>

On Monday, Ada wrote:
> Who opened the upper gate before the bell had rung for the second time?
> And these are words that nobody here has ever said.

I did, with the keeper.

--{}
Bede of the Hill, philosopher
""".format(" ")


def test_what_a_post_quotes_and_signs_is_not_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "gate.mbox").write_text(MAIL)
    (edition,) = inspections(tmp_path / "gate.mbox")
    first, second = [own_words(each) for each in edition.posts if each.post.raw.kind == "post"]
    assert first == "Who opened the upper gate before the bell had rung for the second time?"
    assert second == "I did, with the keeper."
    _, other = [quoted_words(each) for each in edition.posts if each.post.raw.kind == "post"]
    assert "opened the upper gate" in other
    assert "nobody here has ever said" in other
    assert "keeper" not in other


def test_unmarked_and_inline_quotations_are_not_own_words_and_notes_are(tmp_path: Path) -> None:
    bridge = Path(__file__).parent.parent / "browser/site/content/bridge.txt"
    (edition,) = inspections(bridge)
    said = [own_words(each) for each in edition.posts]
    assert sum("carried lorries for sixty years" in text for text in said) == 1
    assert sum("So did the old one" in text for text in said) == 1
    assert sum("Words that nobody here has said" in text for text in said) == 0
    assert any("In 1911, with eleven people" in text for text in said)
    assert any("Nobody will miss them" in text for text in said)


@given(st.integers(0, 9))
def test_every_post_that_says_something_is_searched(posts: int) -> None:
    # Every third says nothing.
    raws = tuple(RawPost(key=str(n), native_id=str(n), body=f"Gate {n}." if n % 3 else "") for n in range(posts))
    source = Source(path="", format="text", sha256="")
    edition = edit(assemble(RawThread(posts=raws), id="t", title="Gates", source=source))
    documents = decode_documents(searched(edition))
    assert (documents.id, documents.title, documents.place, documents.format) == ("t", "Gates", "", "text")
    assert [each.text for each in documents.posts if each.text] == [f"Gate {n}." for n in range(posts) if n % 3]
    assert [edition.posts[each.at - 1].post.id for each in documents.posts] == [each.post for each in documents.posts]


def test_what_was_hidden_is_in_no_part_of_the_index(tmp_path: Path) -> None:
    posts = [
        {"author": "Zeus Thunderer", "body": "My daughter goes to Hillcrest school, as Quetzalcoatl knows."},
        {
            "author": "Bede",
            "body": "> My daughter goes to Hillcrest school, as Quetzalcoatl knows.\n\nDoes she? Wonderful.",
        },
    ]
    public = site(tmp_path, {"gate": posts})
    build(load_site(tmp_path))
    assert any(b"hillcrest" in data.lower() for data in plain(public).values())
    (tmp_path / "redactions.toml").write_text('[[redact]]\nperson = "Zeus Thunderer"\n[[redact]]\npost = "gate#p-1"\n')
    build(load_site(tmp_path))
    for name, data in plain(public).items():
        for word in (b"hillcrest", b"quetzal", b"thunderer", b"zeus"):
            assert word not in data.lower(), (name, word)
    assert any(b"wonder" in data.lower() for data in plain(public).values())


def test_one_debate_that_changes_makes_its_own_shard_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "POSTS", 5)
    public = site(tmp_path, debates(20))
    build(load_site(tmp_path))
    assert len(list((public / "search").iterdir())) == 2
    dump = tmp_path / "content/d3.jsonl"
    dump.write_text(dump.read_text().replace("gate", "portcullis"))
    made = list[list[str]]()

    def watched(folder: str, threads: Sequence[SearchedThread], columns: int, labels: Labels) -> object:
        made.append([each.id for each in threads])
        return make_shard(folder, threads, columns, labels)

    monkeypatch.setattr(pages, "make_shard", watched)
    changed = build(load_site(tmp_path)).written.changed
    assert made == [sorted(id for id in debates(20) if shard_of(id, 16) == shard_of("d3", 16))]
    assert {path.split("/")[1] for path in changed if path.startswith("search/")} == {str(shard_of("d3", 2))}
    assert "search.html" not in changed
    rebuilt = {path: (public / path).read_bytes() for path in plain(public)}
    clean = site(tmp_path / "clean", debates(20))
    (tmp_path / "clean/content/d3.jsonl").write_text(dump.read_text())
    with Workers(2, patience=0) as workers:
        build(load_site(tmp_path / "clean"), workers=workers)
    assert {path: (clean / path).read_bytes() for path in plain(clean)} == rebuilt


def test_a_person_whose_address_somebody_else_gets_is_found_at_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a shard whose debates do not change."""
    monkeypatch.setattr(shards, "POSTS", 5)
    first, second = FORGED
    public = site(tmp_path, debates(15) | {"second": [{"author": second, "body": "The gate is shut."}]})

    def keys() -> set[tuple[str, str]]:
        assert not build(load_site(tmp_path)).failures
        read = (shard for folder in (public / "search").iterdir() for shard in read_bundle(folder))
        return {(name, key) for shard in read for key, name, _ in shard.people if name in FORGED}

    assert keys() == {(second, address(second))}
    assert shard_of("first", 16) != shard_of("second", 16)
    said = {"id": 1, "author": first, "body": "The weir is dry."}
    (tmp_path / "content/first.jsonl").write_text(json.dumps(said) + "\n")
    longer = PersonPages(twins=[second]).address(second)
    assert longer != address(second)
    assert keys() == {(first, address(first)), (second, longer)}


def test_shards_may_have_the_same_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "POSTS", 1)
    same = [{"author": "Ada", "body": "The gate."}]
    public = site(tmp_path, {f"d{n}": same for n in range(8)})
    with (tmp_path / "rostra.toml").open("a") as settings:
        settings.write("join_dumps = false\n")
    assert build(load_site(tmp_path)).failures == ()
    digests = [path.name for path in (public / "search").glob("*/*/parts/*")]
    assert len(set(digests)) < len(digests)


def test_shards_that_are_no_longer_needed_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = site(tmp_path, debates(6))
    with monkeypatch.context() as small:
        small.setattr(shards, "POSTS", 2)
        build(load_site(tmp_path))
        assert len(list((public / "search").iterdir())) == 2
        assert len(list((tmp_path / ".rostra/partitions").iterdir())) == 16 + 1
    build(load_site(tmp_path))
    assert [path.name for path in (public / "search").iterdir()] == ["0"]
    assert len(list((tmp_path / ".rostra/partitions").iterdir())) == 1 + 1


def test_every_post_is_in_exactly_one_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "POSTS", 10)
    public = site(tmp_path, debates(20))
    build(load_site(tmp_path))
    seen = []
    for shard in chain.from_iterable(map(read_bundle, (public / "search").iterdir())):
        names = [id for id, *_ in shard.threads]
        seen += Counter(names[thread] for thread in shard.facts[0]).items()
    assert sorted(seen) == sorted((f"d{n}", 4) for n in range(20))


def test_a_site_without_posts_has_an_index_of_nothing(tmp_path: Path) -> None:
    public = site(tmp_path, {})
    assert build(load_site(tmp_path)).failures == ()
    assert [shard.entry.posts for shard in read_bundle(public / "search/0")] == [0]


def test_who_waits_for_a_page_is_shown_it_before_its_words_are_indexed(tmp_path: Path) -> None:
    public = site(tmp_path, debates(3))
    build(load_site(tmp_path))
    dump, page = tmp_path / "content/d1.jsonl", public / "debates/d1/index.html"
    words, indexed = dump.read_text(), plain(public)
    dump.write_text(words.replace("gate", "portcullis"))

    def shown(changed: tuple[str, ...], failures: tuple[RostraError, ...]) -> None:
        assert "debates/d1/index.html" in changed
        assert b"portcullis" in page.read_bytes()
        assert plain(public) == indexed
        raise InterruptedError

    # Whatever breaks off then, the next build makes good.
    with pytest.raises(InterruptedError):
        build(load_site(tmp_path), shown=shown)
    dump.write_text(words)
    build(load_site(tmp_path))
    assert b"portcullis" not in page.read_bytes()
    assert plain(public) == indexed
