"""Which files an archive has by default, and which it has with the setting ``extras``."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.check import check
from rostra.config.site import load_site
from rostra.i18n.text_folding import person_key
from rostra.people.appearances import address
from rostra.people.person_pages import PersonPages, shelf_of, shelves_for
from support.changing_site import files
from support.published_files import ReadShard, read_bundle


def site(root: Path, settings: str = "", **posts: int) -> Path:
    """An archive with a debate for each name, of that many posts by somebody of that name."""
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text(f'title = "Mill"\n{settings}')
    for name, count in posts.items():
        said = (
            {"id": n, "parent": n - 1 or None, "author": name, "body": f"Word {n} of {name}: the miller keeps the upper gate shut."}
            for n in range(1, count + 1)
        )  # fmt: skip
        (root / f"content/{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in said))
    report = build(load_site(root))
    assert not report.failures
    assert not check(load_site(root)).findings
    return root / "public"


def test_people_with_few_posts_share_a_page_and_are_linked_there(tmp_path: Path) -> None:
    public = site(tmp_path, ada=9, bede=10, cy=1)
    assert sorted(path.name for path in (public / "people").glob("*.html")) == ["bede.html", "few_0.html", "index.html"]
    shared = (public / "people/few_0.html").read_text()
    assert re.findall(r'<h2 id="([^"]+)"', shared) == ["ada", "cy"]
    assert shared.count("<li><p") == 10
    assert "Word 9 of ada" in shared
    for name, href in (("ada", "few_0.html#ada"), ("bede", "bede.html"), ("cy", "few_0.html#cy")):
        assert f'href="../../people/{href}"' in (public / f"debates/{name}/index.html").read_text()
        assert f'href="../people/{href}"' in (public / "people/index.html").read_text()
        assert f"people/{href}" in (public / "people/list-1.json").read_text()
    assert 'data-shelves="1"' in (public / "404.html").read_text()


def test_who_gets_a_page_is_linked_there_from_every_debate(tmp_path: Path) -> None:
    public = site(tmp_path, ada=9, bede=1)
    more = {"id": 7, "parent": None, "author": "Ada", "body": "One word more."}
    (tmp_path / "content/more.jsonl").write_text(json.dumps(more) + "\n")
    changed = build(load_site(tmp_path)).written.changed
    assert {"people/ada.html", "people/few_0.html", "debates/ada/index.html"} <= set(changed)
    assert "debates/bede/index.html" not in changed
    assert 'href="../../people/ada.html"' in (public / "debates/ada/index.html").read_text()
    assert not check(load_site(tmp_path)).findings


def test_an_archive_with_extras_has_every_file(tmp_path: Path) -> None:
    public = site(tmp_path, "extras = true\n", ada=1)
    files = {path.relative_to(public).as_posix() for path in public.rglob("*")}
    assert {"people/ada.html", "people/ada.xml", "debates/ada/feed.xml", "debates/ada/citations.bib"} <= files
    assert not [path for path in files if "few_" in path]
    assert "data-shelves" not in (public / "404.html").read_text()


@pytest.mark.parametrize(("posts", "file"), [(1, False), (19, False), (20, True)])
def test_a_reference_manager_finds_every_debate(tmp_path: Path, posts: int, file: bool) -> None:
    """Zotero reads the fields named ``citation_…`` (its translator for embedded metadata), whether there is a file or not."""
    public = site(tmp_path, 'address = "https://mill.example/"\n', ada=posts)
    page = (public / "debates/ada/index.html").read_text()
    fields = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page))
    assert fields == {
        "citation_title": "Word 1 of ada: the miller keeps the upper gate shut.",
        "citation_author": "ada",
        "citation_public_url": "https://mill.example/debates/ada/",
        "citation_language": "en",
    }
    assert '<meta property="og:site_name" content="Mill">' in page
    assert ('type="application/x-bibtex"' in page) is file
    assert page.count('class="cite"') == posts


def test_a_reference_manager_finds_the_day_also_without_a_zone(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    letter = "From a@mill.example Mon Mar  4 09:00:00 2024\nFrom: Ada <a@mill.example>\nDate: Mon Mar  4 09:00:00 2024\nSubject: Gate\n\nOpen.\n"
    (tmp_path / "content/gate.mbox").write_text(letter)
    build(load_site(tmp_path))
    (page,) = (tmp_path / "public/debates").glob("*/index.html")
    assert '<meta name="citation_publication_date" content="2024/03/04">' in page.read_text()


def test_short_debates_have_two_files(tmp_path: Path) -> None:
    public = site(tmp_path, ada=19, bede=20)
    for name, more in (("ada", set[str]()), ("bede", {"citations.bib"})):
        folder = public / "debates" / name
        assert {path.name for path in folder.iterdir()} == {"index.html", "thread.json"} | more
        cited = re.findall(r'class="cite" href="([^"]+)"', (folder / "index.html").read_text())
        assert set(cited) == (more or {f"#{id}" for id in re.findall(r'<article[^>]* id="([^"]+)"', (folder / "index.html").read_text())})  # fmt: skip


@pytest.mark.parametrize("address", ["", "https://mill.example/"])
def test_what_only_other_sites_read_is_made_where_the_site_has_an_address(tmp_path: Path, address: str) -> None:
    public = site(tmp_path, f'address = "{address}"\n', ada=3)
    page = (public / "debates/ada/index.html").read_text()
    told = [(public / "debates/ada/preview.png").exists(), "og:image" in page, "application/ld+json" in page]
    assert told == [bool(address)] * 3


@pytest.mark.parametrize(("posts", "shelves"), [(0, 1), (400, 1), (401, 4), (1600, 4), (1601, 16), (1_000_000, 4096)])
def test_shelves_grow_with_the_archive(posts: int, shelves: int) -> None:
    assert shelves_for(posts) == shelves


def test_a_shelf_is_that_of_the_published_digest() -> None:
    """Test values of FNV-1a, 32 bits, by its authors."""
    whole = 1 << 32
    assert [shelf_of(text, whole) for text in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]
    assert PersonPages(4, ()).path("Ada Lovelace") == f"people/few_{shelf_of('ada-lovelace', 4)}.html#ada-lovelace"
    assert PersonPages(4).path("Ada Lovelace") == "people/ada-lovelace.html"


FORGED = ("a*!&:", "a?:{$")
"""Two names whose addresses have the same digest, found by trying 21,000."""


@pytest.mark.parametrize("settings", ["", "extras = true\n"])
@pytest.mark.parametrize("posts", [9, 10])
def test_names_with_one_digest_have_pages_apart(tmp_path: Path, settings: str, posts: int) -> None:
    assert address(FORGED[0]) == address(FORGED[1]) == "a-4sewrk"
    (tmp_path / "content").mkdir()
    for number, name in enumerate(FORGED):
        rows = ({"id": n, "author": name, "body": f"Word {n} of dump {number}."} for n in range(posts))
        (tmp_path / f"content/{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "rostra.toml").write_text(f'title = "Mill"\n{settings}')
    second = tmp_path / "content/1.jsonl"
    kept = second.read_bytes()
    for there in (True, False, True):
        second.write_bytes(kept) if there else second.unlink()
        assert not build(load_site(tmp_path)).failures
        assert not check(load_site(tmp_path)).findings
        # The address of the first does not change with the second.
        assert re.search(r"people/(few_0.html#)?a-4sewrk[.\"]", (tmp_path / "public/debates/0/index.html").read_text())
        longer = re.findall(
            r'href="\.\./\.\./people/([^"]*a-4sewrk-[0-9a-f]{64}[^"]*)"',
            (tmp_path / "public/debates/1/index.html").read_text(),
        )
        assert bool(longer) == there
        # The search leads to the same pages.
        found = {name: key for shard in shards_of(tmp_path / "public") for key, name, _ in shard.people}
        assert len(found) == len(set(found.values())) == 1 + there
        assert found[FORGED[0]] == "a-4sewrk"
        assert not there or re.search(rf"\b{re.escape(found[FORGED[1]])}(\.html)?$", longer[0])
    (tmp_path / "content/0.jsonl").unlink()
    build(load_site(tmp_path))
    assert not re.search(r"a-4sewrk-[0-9a-f]", (tmp_path / "public/debates/1/index.html").read_text())
    again = tmp_path / "again"
    shutil.copytree(tmp_path / "content", again / "content")
    shutil.copy(tmp_path / "rostra.toml", again)
    shutil.copy(tmp_path / "rostra.ledger", again)
    build(load_site(again))
    assert files(tmp_path / "public") == files(again / "public")


def shards_of(public: Path) -> list[ReadShard]:
    """The shards of a site's index."""
    return [shard for bundle in sorted((public / "search").iterdir()) for shard in read_bundle(bundle)]


NAMES = st.text("aAé -.1", min_size=1, max_size=8).filter(lambda name: bool(name.strip()))


@given(NAMES, NAMES)
@example("Ada Weir", "ada-weir")
@example("Ada  Weir", "ada weir")
@example("A\u00e9", "Ae\u0301")
def test_people_have_one_address_only_if_they_are_one(name: str, other: str) -> None:
    assert (address(name) == address(other)) == (person_key(name) == person_key(other))
