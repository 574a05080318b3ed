"""Dumps to a site, whole: what is good is built, what is bad is said, and the same input gives the same bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lxml import html

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.new_site import make_site

DUMP = """Shall we?

    • Ada
    1 year ago

    Yes, for the sake of those who come after us and have no say in it.

      1 year ago

      Yes, for the sake of those who come after us and have no say in it.

      They will thank nobody.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    list(make_site(tmp_path / "site", "An archive"))
    return tmp_path / "site"


def built(folder: Path) -> BuildReport:
    return build(load_site(folder))


def content(folder: Path) -> dict[str, bytes]:
    output = folder / "public"
    return {p.relative_to(output).as_posix(): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}


def test_a_new_site_builds_without_a_problem(folder: Path) -> None:
    report = built(folder)
    assert (report.threads, report.posts) == (1, 4)
    assert report.problems == ()
    assert report.failures == ()
    files = content(folder)
    assert {
        "index.html",
        "404.html",
        "debates/well/index.html",
        "debates/well/thread.json",
        "debates/well/well.txt",
        "SHA256SUMS",
    } <= files.keys()
    # Nobody has written it yet.
    assert "about.html" not in files
    assert files["debates/well/well.txt"] == (folder / "content/well.txt").read_bytes()
    assert b'href="debates/well/index.html"' in files["index.html"]


def test_footnotes_of_a_page_of_one_s_own_are_shown(folder: Path) -> None:
    (folder / "content/sources.md").write_text(
        "# Sources\n\nThe gate[^a&b] was shut[^2], by the miller[^a&b], at dusk[^3].\n\n"
        "[^a&b]: See *the ledger* <script>alert(1)</script> of the [mill](about.html).\n"
        "[^2]: So Bede says.\n[^9]: Nobody calls this.\n"
    )
    assert not built(folder).problems
    page = html.fromstring(content(folder)["sources.html"])
    (section,) = page.find_class("notes")
    notes = {note.get("id"): " ".join(note.text_content().split()) for note in section.iter("li")}
    assert [said.rstrip("\u21a9\ufe0e ") for said in notes.values()] == [
        "a&b See the ledger <script>alert(1)</script> of the mill.", "2 So Bede says.", "9 Nobody calls this.",
    ]  # fmt: skip
    calls = [call.find("a").get("href") for call in page.find_class("call")]
    first, second, _ = notes
    assert calls == [f"#{first}", f"#{second}", f"#{first}"]
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    backs = [link.get("href") for link in section.iter("a") if link.get("role") == "doc-backlink"]
    assert len(backs) == 2
    assert {back.removeprefix("#") for back in backs} <= set(ids)
    assert not list(section.iter("script"))
    assert "about.html" in [link.get("href") for link in section.iter("a")]
    assert not page.find_class("body")[0].xpath("//sup[contains(., '9')]")


def test_the_thread_document_is_what_the_page_was_made_of(folder: Path) -> None:
    built(folder)
    document = json.loads(content(folder)["debates/well/thread.json"])
    assert document["rostra"] == 2
    assert [post["depth"] for post in document["posts"]] == [0, 1, 2, 3]
    page = content(folder)["debates/well/index.html"].decode()
    for post in document["posts"]:
        assert f'id="{post["id"]}"' in page
    (quote,) = [q for post in document["posts"] for q in post["quotes"]]
    assert quote["source"]["post"] == document["posts"][1]["id"]


def test_building_again_writes_nothing(folder: Path) -> None:
    built(folder)
    assert built(folder).written.touched == ()


def test_the_same_input_gives_the_same_bytes_in_another_place_and_order(folder: Path, tmp_path: Path) -> None:
    (folder / "content/b.txt").write_text(DUMP)
    built(folder)
    other = tmp_path / "other"
    other.mkdir()
    for name in ("rostra.toml", "content"):
        (shutil.copytree if (folder / name).is_dir() else shutil.copy)(folder / name, other / name)
    for path in sorted((other / "content").iterdir(), reverse=True):
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
    built(other)
    assert content(other) == content(folder)


BAD = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\n", "empty"),
    "binary.txt": (b"\x00\x01\x02\xff" * 500, "binary"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "binary"),
    "unknown.json": (b'{"nothing": "of ours"}', ""),
    "cut.json": (b'{"post_stream": {"posts": [{"id": 1, ', ""),
    "deep.json": (b"[" * 100_000, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_dump_is_told_with_its_place_and_remedy_and_the_others_build(folder: Path, name: str) -> None:
    data, message = BAD[name]
    (folder / "content" / name).write_bytes(data)
    report = built(folder)
    assert report.threads == 1
    (failure,) = report.failures
    assert str(failure).startswith(f"content/{name}:1: ")
    assert failure.hint
    assert message in failure.message


def test_a_dump_in_another_encoding_is_read_and_told(folder: Path) -> None:
    (folder / "content/old.txt").write_bytes(DUMP.replace("sake", "s\u00e4ke").encode("cp1252"))
    report = built(folder)
    assert report.threads == 2
    assert "encoding" in [problem.code for _, problem in report.problems]
    assert "säke" in content(folder)["debates/old/index.html"].decode()


def test_two_debates_of_one_name_both_stand_and_the_one_that_was_there_keeps_its_address(folder: Path) -> None:
    before = built(folder)
    (folder / "content/a").mkdir()
    (folder / "content/a/well.txt").write_text(DUMP)
    for _ in range(2):
        report = built(folder)
        assert report.failures == ()
        assert report.posts == before.posts + 3
        files = content(folder)
        assert b"Shall we?" not in files["debates/well/index.html"]
        assert b"Shall we?" in files["debates/well-2/index.html"]
        assert files["debates/well/well.txt"] == (folder / "content/well.txt").read_bytes()
        assert files["debates/well-2/well.txt"] == DUMP.encode()
        shutil.rmtree(folder / ".rostra")


def test_an_id_that_a_card_gives_and_another_debate_has_is_told(folder: Path) -> None:
    (folder / "content/wheel.txt").write_text(DUMP)
    (folder / "content/wheel.toml").write_text('id = "well"\n')
    (failure,) = built(folder).failures
    assert failure.path == "content/wheel.txt"
    assert "already used by content/well.txt" in failure.message
    assert "`id`" in (failure.hint or "")


def test_a_dump_that_goes_takes_its_pages_with_it(folder: Path) -> None:
    (folder / "content/b.txt").write_text(DUMP)
    built(folder)
    (folder / "content/b.txt").unlink()
    removed = built(folder).written.removed
    assert "debates/b/b.txt" in removed
    # Its addresses were published: they stay, and say that it is gone.
    assert "debates/b/index.html" not in removed
    (folder / "rostra.ledger").unlink()
    assert "debates/b/index.html" in built(folder).written.removed


def test_names_that_the_dump_lost_are_never_invented_and_dates_neither(folder: Path) -> None:
    (folder / "content/b.txt").write_text(DUMP)
    built(folder)
    posts = json.loads(content(folder)["debates/b/thread.json"])["posts"]
    assert [post["author"] and post["author"]["name"] for post in posts] == [None, "Ada", None]
    assert [(post["created"], post["created_text"]) for post in posts] == [
        (None, None),
        (None, "1 year ago"),
        (None, "1 year ago"),
    ]


def test_nothing_of_a_dump_comes_out_live_in_any_file(folder: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    (folder / "content/evil.txt").write_text(
        f"{hostile}\n\n    • {hostile}\n    1 year ago\n\n    {hostile}\n\n    [x](javascript:alert(1))\n"
    )
    (folder / "content/evil.toml").write_text(
        f"title = '{hostile}'\nurl = 'https://x.example/?javascript:alert(1)'\ntags = ['{hostile}']\nlicence = '{hostile}'\n"
    )
    assert built(folder).failures == ()
    for name, data in content(folder).items():
        if name.endswith(".html"):
            assert b"<script>alert" not in data, name
            assert b"<img src=x" not in data, name
            assert b'href="javascript:' not in data, name


def test_a_publisher_may_keep_the_dump_unpublished(folder: Path) -> None:
    card = folder / "content/well.toml"
    card.write_text(card.read_text() + "publish_dump = false\n")
    built(folder)
    assert "debates/well/well.txt" not in content(folder)
    assert 'well.txt"' not in content(folder)["debates/well/index.html"].decode()


@pytest.mark.parametrize("name", ["letter.html", "letter.XHTML", "letter.htm"])
def test_a_dump_that_a_browser_would_run_is_published_as_text(folder: Path, name: str) -> None:
    (folder / "content" / name).write_text(
        "<!doctype html><title>Letter</title><p>Shall we?</p><script>steal()</script>"
    )
    assert built(folder).failures == ()
    files = content(folder)
    text = name.replace(".", "-") + ".txt"
    assert f"debates/letter/{text}" in files
    assert f"debates/letter/{name}" not in files
    assert f'href="{text}"'.encode() in files["debates/letter/index.html"]
    # Its address of before leads there.
    assert f"/debates/letter/{text}".encode() in files[f"debates/letter/{name}.txt/index.html"]
    assert not [
        path
        for path, data in files.items()
        if path.endswith("html") and b"steal()" in data and b"<script>steal" in data
    ]


def test_an_answer_does_not_repeat_the_subject_of_its_debate(folder: Path) -> None:
    subjects = ["The gate", "[mill] Re: The gate", "[mill] The weir (was: The gate)"]
    (folder / "content/mill.mbox").write_text(
        "".join(
            f"From a@mill.example Mon Mar  4 09:00:0{n} 2024\nFrom: Ada <a@mill.example>\nMessage-ID: <{n}@mill>\n"
            f"Date: Mon, 4 Mar 2024 09:00:0{n} +0000\nSubject: {subject}\n"
            + (f"In-Reply-To: <{n - 1}@mill>\n" if n else "")
            + f"\nText number {n}.\n\n"
            for n, subject in enumerate(subjects)
        )
    )
    built(folder)
    pages = [
        page.decode()
        for name, page in content(folder).items()
        if name.startswith("debates/") and b"Text number" in page and name.endswith("index.html")
    ]
    assert len(pages) == 1
    assert pages[0].count('<p class="title') == 1
    assert "The weir (was: The gate)</p>" in pages[0]
