"""What is indexed is what a post says itself, the same bytes each time, and nothing that is not published."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
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
from rostra.model import RawPost, RawThread, Source
from rostra.render.pages import search as pages
from rostra.search.documents import decode_documents, own_words, searched
from rostra.search.index import ALONE, MANY, Indexing, SearchIndex, SearchRecord, program
from rostra.threads.assemble import assemble
from support.optional_parts import missing
from support.published_files import unpacked

WORDS = ["gate", "miller", "bell", "weir", "keeper", "water", "bridge", "night", "lantern", "river", "stone", "barge"]


@pytest.fixture(autouse=True)
def _pagefind() -> None:
    if program() is None:
        missing("Pagefind (pagefind-bin)")


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


def index(records: Sequence[SearchRecord], language: str) -> SearchIndex:
    return Indexing(records, language, len(records)).result()


def plain(public: Path) -> dict[str, bytes]:
    """Every file that is searched, unpacked."""
    paths = (path for path in (public / "search").rglob("*") if path.is_file())
    return {path.relative_to(public).as_posix(): unpacked(path) for path in paths}


RECORDS = """
import random, sys
sys.path.insert(0, {package!r})
from hashlib import sha256
from rostra.search.index import Indexing, SearchRecord as Record
chance = random.Random(3)
words = [chance.randbytes(3).hex() for _ in range(900)]
records = [Record(f"d{{n % 9}}#p-{{n}}", " ".join(chance.choices(words, k=60)), words[n] if n % 9 == 0 else "") for n in range(300)]
made = Indexing(records, "en", 300).result()
total = sha256()
for path, content in sorted(made.files.items()):
    total.update(path.encode() + b"\\0" + content)
print(total.hexdigest(), sha256(repr(sorted(made.names.items())).encode()).hexdigest())
"""


def test_the_index_is_the_same_to_the_byte_in_other_processes_and_on_other_numbers_of_processors() -> None:
    package = str(Path(pages.__file__).parent.parent.parent)
    code = RECORDS.format(package=package)
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={"RAYON_NUM_THREADS": threads}, capture_output=True, check=True
        ).stdout
        for threads in ("1", "2", "7", "7")
    }
    assert len(found) == 1


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


def test_unmarked_and_inline_quotations_are_not_own_words_and_notes_are(tmp_path: Path) -> None:
    bridge = Path(__file__).parent.parent / "browser/site/content/bridge.txt"
    (edition,) = inspections(bridge)
    said = [own_words(each) for each in edition.posts]
    assert sum("carried lorries for sixty years" in text for text in said) == 1
    assert sum("So did the old one" in text for text in said) == 1
    assert sum("Words that nobody here has said" in text for text in said) == 0
    assert any("In 1911, with eleven people" in text for text in said)
    assert any("Nobody will miss them" in text for text in said)


@given(st.integers(0, 9), st.integers(1, 4), st.integers(0, 3))
def test_every_so_many_th_post_that_is_searched_can_be_had(posts: int, step: int, first: int) -> None:
    # Every third says nothing.
    raws = tuple(RawPost(key=str(n), native_id=str(n), body=f"Gate {n}." if n % 3 else "") for n in range(posts))
    source = Source(path="", format="text", sha256="")
    edition = edit(assemble(RawThread(posts=raws), id="t", title="Gates", source=source))
    title, every = decode_documents(searched(edition))
    assert title == "Gates"
    assert [each.text for each in every if each.text] == [f"Gate {n}." for n in range(posts) if n % 3]
    assert [edition.posts[each.at - 1].post.id for each in every] == [each.post for each in every]
    assert decode_documents(searched(edition), first, step) == (title, every[first::step])


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


def test_without_pagefind_there_is_no_search_and_no_way_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = site(tmp_path, debates(2))
    build(load_site(tmp_path))
    assert (public / "search.html").is_file()
    monkeypatch.setattr("rostra.search.index.pagefind_version", lambda: None)
    build(load_site(tmp_path))
    assert not (public / "search.html").exists()
    assert not (public / "search").exists()
    for page in public.rglob("*.html"):
        assert "search.html" not in page.read_text(), page


def test_one_debate_that_changes_is_indexed_again_with_its_own_part_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PART", 10)
    public = site(tmp_path, debates(20))
    build(load_site(tmp_path))
    folders = {path.name for path in (public / "search").iterdir()}
    assert len(folders) > 3
    dump = tmp_path / "content/d3.jsonl"
    dump.write_text(dump.read_text().replace("gate", "portcullis"))
    changed = build(load_site(tmp_path)).written.changed
    touched = {path.split("/")[1] for path in changed if path.startswith("search/")}
    assert len(touched) == 1
    assert "search.html" not in changed


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


def test_every_post_has_its_place_in_exactly_one_file_of_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PART", 30)
    monkeypatch.setattr(pages, "PACK", 5)
    public = site(tmp_path, debates(20))
    build(load_site(tmp_path))
    found = []
    for folder in (public / "search").iterdir():
        facets = json.loads((folder / "facets.json").read_bytes())
        packs = {path.stem: json.loads(path.read_bytes()) for path in folder.glob("posts-*.json")}
        assert sum(map(len, packs.values())) == len(facets["posts"])
        for name, debate, person, _ in facets["posts"]:
            shown = packs[f"posts-{name.rpartition('_')[2][: facets['digits']] or 'all'}"][name]
            assert shown[0] == facets["debates"][debate][0]
            assert shown[4] == facets["people"][person][1]
            found.append((shown[0], shown[2]))
    assert len(found) == len(set(found)) == 80


def test_a_debate_too_large_for_one_part_is_found_in_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PART", 2)
    monkeypatch.setattr(pages, "SLICE", 3)
    public = site(tmp_path, debates(1))
    build(load_site(tmp_path))
    found = {
        folder.name: len(json.loads((folder / "facets.json").read_bytes())["posts"])
        for folder in (public / "search").iterdir()
    }
    assert sorted(found.values()) == [2, 2]


def test_few_posts_are_one_part_and_many_are_more_but_never_too_large_ones() -> None:
    assert [pages._parts(n) for n in (0, 1, 160, 161, 625, 5_000, 10_000, 192_000, 192_001, 1_000_000)] == [
        1, 1, 1, 2, 4, 32, 64, 64, 128, 512,
    ]  # fmt: skip


def test_a_program_that_breaks_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "pagefind"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("rostra.search.index.program", lambda: broken)
    with pytest.raises(RostraError, match="stopped unexpectedly"):
        index([SearchRecord("a", "words")], "en")


def test_what_keeps_a_record_from_being_read_is_told_and_nobody_waits_for_the_program() -> None:
    def records() -> Iterator[SearchRecord]:
        yield SearchRecord("a", "words")
        raise RostraError("this one cannot be read")

    with pytest.raises(RostraError, match="cannot be read"):
        Indexing(records(), "en", 2)
    for thread in threading.enumerate():
        if isinstance(thread, Indexing):
            thread.join(10)
            assert thread.done()
    assert index([SearchRecord("b", "other words")], "en").names.keys() == {"b"}


def test_words_that_only_a_machine_could_read_break_nothing() -> None:
    records = [
        SearchRecord("a", "… — !"),
        SearchRecord("b", "日本語の文章です"),
        SearchRecord("c", "<b>&amp; ]]> \u200b x"),
        SearchRecord("d", "word " * 50_000),
    ]
    made = index(records, "xx-unknown")
    assert made.names.keys() <= {"a", "b", "c", "d"}
    assert {"b", "c", "d"} <= made.names.keys()
    assert made.wasm == "wasm.unknown.pagefind"


@pytest.mark.parametrize("language", ["en", "de", "pt-BR", "ar", "zh"])
def test_the_program_for_the_language_is_there(language: str) -> None:
    made = index([SearchRecord("a", "some words")], language)
    assert made.wasm in made.files


def test_an_index_of_many_posts_waits_for_another_and_small_ones_do_not() -> None:
    records = [SearchRecord(str(n), "the upper gate stays shut") for n in range(MANY + 1)]
    with ALONE:
        large = Indexing(records, "en", len(records))
        assert index(records[:2], "en").names.keys() == {"0", "1"}
        large.join(1)
        assert not large.done()
    assert len(large.result().names) == MANY + 1
