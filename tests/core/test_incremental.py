"""What was kept changes nothing: a rebuild gives byte for byte what a clean build gives, and does less."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import BuildReport
from rostra.build.pipeline import build as whole_build
from rostra.build.rebuild import rebuild
from rostra.config.site import Site, load_site
from rostra.output.manifest import Standing
from rostra.system.file_state import Look, below
from rostra.system.progress import Progress
from support.changing_site import Archive, copied, files


def build(site: Site) -> BuildReport:
    return rebuild(site, lambda standing: whole_build(site, standing=standing))


def clean(root: Path, target: Path) -> BuildReport:
    return build(load_site(copied(root, target)))


# Those from 30 to 201 play dumps of one debate, and of others, that clash by their names; the last one a dump that fails.
@pytest.mark.parametrize("seed", [0, 1, 2, 30, 40, 201, 1017])
def test_whatever_changes_a_rebuild_gives_what_a_clean_build_gives(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    build(load_site(archive.root))
    for step in range(8):
        what = [archive.change() for _ in range(archive.chance.randint(1, 3))]
        again = build(load_site(archive.root))
        fresh = clean(archive.root, tmp_path / f"clean-{step}")
        assert [str(failure) for failure in again.failures] == [str(failure) for failure in fresh.failures]
        # What a dump held before it failed stays published; a clean build has nothing to keep.
        if not again.kept:
            assert files(archive.root / "public") == files(tmp_path / f"clean-{step}/public"), (seed, step, what)
            assert again.problems == fresh.problems


def test_what_is_made_no_more_is_forgotten(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(7))

    def units(root: Path) -> list[tuple[str]]:
        base = sqlite3.connect(root / ".rostra/editions.sqlite")
        with base:
            return sorted(base.execute("SELECT name FROM units UNION SELECT person FROM people"))

    lone = archive.root / "content/lone.jsonl"
    lone.write_text('{"id": 1, "parent": null, "author": "Zoe", "body": "Nobody else says so."}\n')
    build(load_site(archive.root))
    assert any("zoe" in name for (name,) in units(archive.root))
    for step in range(4):
        lone.unlink(missing_ok=True)
        build(load_site(archive.root))
        clean(archive.root, tmp_path / f"clean-{step}")
        assert units(archive.root) == units(tmp_path / f"clean-{step}")
        archive.change()


def test_there_are_quotations_across_debates_in_what_is_compared(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(1))
    for _ in range(6):
        archive.add()
    build(load_site(archive.root))
    pages = (archive.root / "public").rglob("thread.json")
    threads = [json.loads(page.read_text()) for page in pages]
    sources = [
        (t["id"], q["source"]["thread"]) for t in threads for p in t["posts"] for q in p["quotes"] if q["source"]
    ]
    assert any(here != there for here, there in sources)
    assert any(reference for t in threads for p in t["posts"] for reference in p["references"])


def test_what_did_not_change_is_not_touched(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(2))
    build(load_site(archive.root))
    before = {path: path.stat().st_mtime_ns for path in (archive.root / "public").rglob("*") if path.is_file()}
    report = build(load_site(archive.root))
    assert report.written.touched == ()
    assert before == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.parametrize("damage", ["cut", "garbage", "another version", "a folder's worth of nothing"])
def test_a_cache_that_is_damaged_or_another_version_s_is_thrown_away(tmp_path: Path, damage: str) -> None:
    archive = Archive(tmp_path / "site", random.Random(3))
    build(load_site(archive.root))
    cache = archive.root / ".rostra/editions.sqlite"
    match damage:
        case "cut":
            cache.write_bytes(cache.read_bytes()[:5000])
        case "garbage":
            cache.write_bytes(b"no database" * 999)
        case "another version":
            with sqlite3.connect(cache) as base:
                base.execute("UPDATE stamp SET stamp = 'old'")
        case _:
            cache.write_bytes(b"")
    archive.change()
    build(load_site(archive.root))
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_a_build_that_breaks_off_leaves_what_was_kept_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "site", random.Random(4))
    build(load_site(archive.root))
    archive.add()
    with monkeypatch.context() as patch:
        patch.setattr("rostra.render.pages.archive_units", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(load_site(archive.root))
    build(load_site(archive.root))
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_where_nothing_changed_nothing_is_built(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    first = build(load_site(archive.root))
    # What was saved right before it was read is read once more.
    time.sleep(0.06)
    build(load_site(archive.root))
    site = load_site(archive.root)
    again = rebuild(site, lambda _: pytest.fail("it was built"))
    assert (again.threads, again.posts, again.problems) == (first.threads, first.posts, first.problems)
    assert again.written.touched == ()
    for path in sorted(archive.root.rglob("*")):
        if path.is_file() and ".rostra" not in path.parts:
            about = path.stat()
            words = path.read_bytes()
            path.write_bytes(words[::-1])
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
            built = []
            rebuild(site, lambda _: built.append(path) or again)  # noqa: B023  # called at once
            assert built, f"{path} was changed, of the same size and time"
            path.write_bytes(words)


def test_a_build_called_in_the_site_s_own_folder_is_noted(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    # As above; and Python looks for modules in the folder where it is called so.
    time.sleep(0.06)
    subprocess.run([sys.executable, "-m", "rostra", "build"], cwd=archive.root, check=True, capture_output=True)
    assert (archive.root / ".rostra/built").exists()


def test_what_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(6))
    site = load_site(archive.root)
    dump = archive.dumps()[0]

    def disturbed(_: Standing) -> BuildReport:
        report = whole_build(site)
        dump.write_text(dump.read_text().replace("the", "teh"))
        return report

    rebuild(site, disturbed)
    build(site)
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_a_line_that_begins_a_debate_behind_one_that_is_read_again_begins_one_of_its_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(9))
    many = archive.root / "content/many.jsonl"
    posts = [json.dumps({"id": n, "parent": None, "body": "Words.", "thread": f"t{n}"}) for n in range(5)]
    many.write_text("\n".join((*posts[:4], '{"id": ')))
    build(load_site(archive.root))
    # The fourth post is read again, and with it what its debate was called by.
    many.write_text("\n".join((*posts[:4], '{"id": 9', posts[4], "no post")))
    build(load_site(archive.root))
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_a_picture_is_drawn_again_only_where_it_shows_something_else_or_was_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "site", random.Random(8))
    (archive.root / "rostra.toml").write_text('title = "Mill"\naddress = "https://mill.example/"\n')
    build(load_site(archive.root))
    dump = archive.dumps()[0]
    drawn: list[str] = []
    monkeypatch.setattr("rostra.render.pages.opengraph.draw", lambda title, *_: drawn.append(title) or b"")
    dump.write_text(dump.read_text().replace("the", "teh"))
    build(load_site(archive.root))
    assert not drawn
    picture = archive.root / f"public/debates/{dump.stem}/preview.png"
    picture.write_bytes(picture.read_bytes()[::-1])
    build(load_site(archive.root))
    assert len(drawn) == 1
    dump.write_text(dump.read_text().replace('"ada"', '"Ada"').replace('"bede"', '"Bede"').replace('"cy"', '"Cy"'))
    build(load_site(archive.root))
    assert len(drawn) == 2


LOADS = """
import sys
from rostra.cli import main
# With more, a slow machine would start a pool of processes.
sys.argv = ["rostra", "build", "--quiet", "--workers", "1", "--site", sys.argv[1]]
try:
    main()
except SystemExit as end:
    assert not end.code
print(*sys.modules)
"""


def test_a_rebuild_of_plain_words_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(10))
    dump = archive.dumps()[0]
    dump.write_text('{"id": 1, "parent": null, "title": "Gate", "body": "Plain words."}\n')
    built = archive.root / "public/debates" / dump.stem / "index.html"
    for words in ("Plain words", "Other words"):
        dump.write_text(dump.read_text().replace("Plain words", words))
        done = subprocess.run(
            [sys.executable, "-c", LOADS, str(archive.root)], check=True, capture_output=True, text=True
        )
        assert words in built.read_text()
    loaded = set(done.stdout.split())
    assert {"rostra.build.pipeline", "rostra.readers.posts"} <= loaded
    others = {"PIL", "lxml", "markdown_it", "pygments", "email.message", "importlib.metadata", "urllib.request", "ssl",
              "asyncio", "multiprocessing", "concurrent.futures.process", "dask", "fsspec", "uvicorn", "watchdog"}  # fmt: skip
    assert not loaded & others


def test_drafts_are_previewed_and_never_built(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(7))
    dump = archive.dumps()[0]
    dump.with_suffix(".toml").write_text("draft = true\n")
    (archive.root / "content/news.md").write_text("+++\ndraft = true\ntitle = 'News'\n+++\nWords.\n")
    build(load_site(archive.root, previewed=True))
    report = build(load_site(archive.root))
    built, previewed = files(archive.root / "public"), files(archive.root / ".rostra/preview")
    assert not report.failures
    assert {"news.html", f"debates/{dump.stem}/index.html"} <= previewed.keys()
    assert not [path for path in built if "news" in path or dump.stem in path]
    assert not [path for path, words in built.items() if b"News" in words or dump.stem.encode() in words]
    assert dump.stem not in (archive.root / "rostra.ledger").read_text()


def test_what_is_wrong_in_a_page_s_front_is_told_with_its_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(8))
    (archive.root / "content/news.md").write_text("+++\ntitle = 'News'\ndarft = true\n+++\nWords.\n")
    (failure,) = build(load_site(archive.root)).failures
    assert str(failure).startswith("content/news.md:3: there is no setting 'darft'")


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c/d"]), st.sampled_from(["", "x", "longer"])), max_size=6))
def test_a_look_tells_every_change_and_knows_what_it_would_be_after_it(changes: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "c").mkdir()
        (Path(folder) / "b").write_text("there")
        before, said_before = Look(below(folder)), files(Path(folder))
        for name, said in changes:
            path = Path(folder, name)
            path.write_text(said) if said else path.unlink(missing_ok=True)
        after = Look(below(folder))
        touched = {folder, f"{folder}/c", *(f"{folder}/{name}" for name, _ in changes)}
        assert before.digest_after(touched) == after.digest == Look.unpacked(after.packed()).digest
        assert before.digest != after.digest or files(Path(folder)) == said_before
        assert Look(sorted(below(folder), reverse=True)).digest == after.digest


def test_what_is_done_after_a_stage_is_counted_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0])
    monkeypatch.setattr("rostra.system.progress.perf_counter", lambda: next(clock))
    progress = Progress()
    for name in ("one", "two"):
        progress.begin(name)
        progress.end()
    progress.end()
    progress.end()
    # One begins at 1 and two at 7.
    assert [(stage.name, stage.seconds) for stage in progress.stages] == [("one", 6.0), ("two", 56.0)]
