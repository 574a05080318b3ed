"""Lists of debates and of people: everything is in them once, whatever it is called, and each page is light."""

from __future__ import annotations

import json
import re
import string
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.output.staging import OutputFile
from rostra.people import appearances
from rostra.render.pages import lists
from rostra.render.pages.rows import ROWS, anchor, initial, parts, sort_key, subject_address
from rostra.render.pages.unit import Task, Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive, Summary


def site(root: Path, debates: dict[str, list[dict[str, Any]]], cards: dict[str, str] | None = None) -> Path:
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Lists"\nextras = true\n')
    for name, posts in debates.items():
        lines = (json.dumps({"id": n, "parent": None if n == 1 else 1} | post) for n, post in enumerate(posts, 1))
        (root / f"content/{name}.jsonl").write_text("\n".join(lines) + "\n")
    for name, card in (cards or {}).items():
        (root / f"content/{name}.toml").write_text(card)
    report = build(load_site(root))
    assert report.failures == ()
    return root / "public"


def linked(page: Path) -> list[str]:
    main = page.read_text().partition('<div class="rows">')[2].partition("</main>")[0]
    return re.findall(r'<li>(?:<span[^<]*</span> )?<a href="([^"]+)"', main)


def summary(number: int, **values: Any) -> Summary:
    made: dict[str, Any] = {
        "id": f"d{number}",
        "title": f"{string.ascii_letters[number * 7 % 52]} debate {number}",
        "opening": "It began. " * 20,
        "posts": number % 97 + 1,
        "first": f"{1990 + number % 30}-03-01T00:00:00Z",
        "format": "text",
        "place": "",
        "tags": (),
    }
    made |= dict.fromkeys(("url", "captured", "language", "last"))
    made |= dict.fromkeys(("missing", "depth", "named", "unnamed", "quotations", "problems"), 2) | {"quoting": False}
    return Summary(**(made | values))


class NoStore:
    """Lists of debates ask nothing of the store."""


def test_a_hundred_thousand_debates_stand_each_once_in_each_order_on_light_pages(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "Large"\n')
    made = load_site(tmp_path)
    threads = [summary(number, last="2024-01-01T00:00:00Z") for number in range(100_000)]
    archive = Archive(threads, (), NoStore())  # type: ignore[arg-type]
    units = list(lists.archive_units(made, archive, Layouts(made)))
    whole = [unit for unit in units if unit.name.startswith("list/debates/")]
    assert len(whole) == 3 * 500
    for order in ("title", "date", "size"):
        assert (
            len([unit for unit in whole if f"by-{order}" in unit.name or (order == "title" and "index" in unit.name)])
            == 500
        )

    def file_of(unit: Unit) -> OutputFile:
        (task,) = unit.files()
        assert isinstance(task, Task)
        (file,) = task.done()
        return file

    seen: list[str] = []
    for unit in (whole[0], whole[1], whole[250], whole[499]):
        file = file_of(unit)
        assert len(file.content) < 85_000
        assert len(re.findall(rb"<li><a href=", file.content.partition(b'"rows"')[2])) >= ROWS
        seen += re.findall(r'href="\.\./(?:\.\./)?debates/(d\d+)/index\.html"', file.content.decode())
    assert len(seen) == len(set(seen)) == 4 * ROWS
    index = [unit for unit in units if unit.name.startswith("index/")]
    rows = [row for unit in index[:2] for row in json.loads(file_of(unit).content)["rows"]]
    assert len(index) == 50
    assert len(rows) == 4000


@given(st.integers(0, 900), st.integers(1, 40))
def test_pages_of_a_list_hold_everything_once_in_order(many: int, most: int) -> None:
    pages = list(parts("x.html", "x", range(many), most))
    assert [item for page in pages for item in page.items] == list(range(many))
    assert all(page.items for page in pages) or many == 0
    assert len({page.path for page in pages}) == len(pages)
    for page in pages:
        ways = {link.path for link in page.numbers if link.path}
        assert ways <= {each.path for each in pages} - {page.path}
        assert page.of == 1 or {pages[0].path, pages[-1].path} - {page.path} <= ways


@pytest.mark.parametrize(
    ("title", "letter"),
    [("Éclair", "E"), ("“Quoted”", "Q"), ("  zeta", "Z"), ("42 gates", "0–9"), ("…", "…"), ("", "…"), ("ωμέγα", "Ω")],
)
def test_a_title_is_found_under_its_first_letter(title: str, letter: str) -> None:
    assert initial(title) == letter


def test_titles_are_sorted_as_people_look_for_them() -> None:
    assert sorted(["Zoe", "éa", "apple", "“Bee”", "Echo"], key=sort_key) == ["apple", "“Bee”", "éa", "Echo", "Zoe"]
    # The names of one heading are next to each other, whatever they are made of, so that its id stands once in a page.
    names = [f"{chr(sign)}{rest}" for sign in range(0x20, 0x3200) for rest in ("", "x")]
    headings = [heading for heading, _ in groupby(sorted(names, key=sort_key), key=initial)]
    assert len(headings) == len(set(map(anchor, headings)))
    assert headings[:2] == ["…", "0–9"]
    assert [initial(name) for name in ("ışık", "İzmir", "²", "٣", "½", "𐄇", "〜", "ßa")] == ["ı", "I", "0–9", "0–9", "0–9", "…", "…", "S"]  # fmt: skip


@given(st.lists(st.text(max_size=12), unique_by=lambda tag: " ".join(normalize("NFC", tag).split()), max_size=30))
def test_no_two_tags_share_an_address_whatever_the_disk_thinks_of_case(labels: list[str]) -> None:
    addresses = [subject_address(label).casefold() for label in labels]
    assert len(set(addresses)) == len(labels)
    assert all(
        re.fullmatch(r"[a-z0-9.-]+", each) and each != "index" and not each.startswith(".") for each in addresses
    )


def test_tags_with_one_digest_share_a_list(tmp_path: Path) -> None:
    tags = ["a*!&:", "a?:{$"]
    assert subject_address(tags[0]) == subject_address(tags[1])
    cards = {name: f"tags = {json.dumps(given)}\n" for name, given in {"x": tags, "y": tags[1:], "z": []}.items()}
    public = site(tmp_path, {name: [{"body": f"Word of {name}."}] for name in cards}, cards)
    shared = public / f"tags/{subject_address(tags[0])}.html"
    assert sorted(linked(shared)) == ["../debates/x/index.html", "../debates/y/index.html"]


@given(st.lists(st.text(min_size=1, max_size=12), unique_by=appearances.person_key, max_size=30))
def test_no_two_people_share_an_address_nor_that_of_the_list(names: list[str]) -> None:
    names = [name for name in names if appearances.person_key(name)]
    addresses = [appearances.address(name) for name in names]
    assert len({each.casefold() for each in addresses}) == len(names)
    assert "index" not in addresses


def test_one_tag_typed_in_several_ways_is_one_list(tmp_path: Path) -> None:
    cards = {"a": 'tags = ["gate  keeper", " "]\n', "b": 'tags = ["gate\\tkeeper"]\n'}
    public = site(tmp_path, {name: [{"author": "Ada", "body": f"Of the {name}."}] for name in "ab"}, cards)
    (listed,) = (path for path in (public / "tags").glob("*.html") if path.name != "index.html")
    assert sorted(linked(listed)) == ["../debates/a/index.html", "../debates/b/index.html"]


def test_debates_stand_by_year_tag_and_place_and_each_where_it_belongs(tmp_path: Path) -> None:
    post = {"author": "Ada", "body": "Words.", "title": "T"}
    public = site(
        tmp_path,
        {
            "old": [post | {"created": "1999-12-31T23:00:00Z", "url": "https://www.forum.example/1"}],
            "new": [post | {"created": "2024-01-01T00:00:00Z", "url": "http://[broken"}],
            "never": [post],
        },
        {
            "old": 'tags = ["Gates", "gates"]\nurl = "https://www.forum.example/t/1"\n',
            "new": 'tags = ["gates", "../x", "index"]\n',
        },
    )
    assert linked(public / "years/1999.html") == ["../debates/old/index.html"]
    assert linked(public / "years/undated.html") == ["../debates/never/index.html"]
    assert linked(public / "places/forum.example.html") == ["../debates/old/index.html"]
    assert set(linked(public / "places/posts.html")) == {"../debates/new/index.html", "../debates/never/index.html"}
    assert linked(public / "tags/gates.html") == ["../debates/new/index.html", "../debates/old/index.html"]
    assert len(list((public / "tags").rglob("*.html"))) == 5
    assert 'href="../../tags/gates.html"' in (public / "debates/new/index.html").read_text()


def test_unnamed_people_are_nobody_and_cases_of_one_name_are_one(tmp_path: Path) -> None:
    posts: list[dict[str, Any]] = [
        {"author": "Ada", "body": "The gate stays shut from dusk until the miller rings."},
        {"author": None, "body": "Why?"},
        {"author": "", "body": "Because."},
        {"author": "ada", "body": "So it is written."},
        {"author": "index", "body": "I am not a list."},
        {"author": "Zeus ∽", "body": "> The gate stays shut from dusk until the miller rings.\n\nNo."},
    ]
    public = site(tmp_path, {"gate": posts})
    listed = {Path(href).stem for href in linked(public / "people/index.html")}
    assert {appearances.address(name) for name in ("Ada", "index", "Zeus ∽")} == listed
    page = (public / "people/ada.html").read_text()
    assert "2 posts · 1 debate" in re.sub("<[^>]*>", "", page)
    assert f'href="../people/{appearances.address("Zeus ∽")}.html"' in page
    assert "Why?" not in page
    debate = (public / "debates/gate/index.html").read_text()
    assert debate.count('href="../../people/ada.html"') == 2


def test_someone_of_many_posts_is_shown_a_page_at_a_time_with_every_post_once(tmp_path: Path) -> None:
    many = {f"d{d}": [{"author": "Bot", "body": f"Word {d}-{n}.", "created": f"20{d:02}-01-01T00:00:00Z"} for n in range(95)]
            for d in range(3)}  # fmt: skip
    public = site(tmp_path, many)
    pages = [public / "people/bot.html", public / "people/bot/2.html", public / "people/bot/3.html"]
    texts = [page.read_text() for page in pages]
    found = [word for text in texts for word in re.findall(r'<p dir="ltr">(Word \d-\d+\.)', text)]
    assert len(found) == len(set(found)) == 285
    assert found[0].startswith("Word 2-")
    assert not (public / "people/bot/4.html").exists()
    assert 'rel="next" href="../people/bot/2.html"' in texts[0].replace("../../", "../")


def test_one_debate_that_changes_remakes_only_the_lists_that_it_is_in(tmp_path: Path) -> None:
    debates = {name: [{"author": who, "body": f"Said by {who}.", "created": f"{year}-01-01T00:00:00Z"}]
               for name, who, year in (("a", "Ada", 1999), ("b", "Bede", 2000), ("c", "Cy", 2001))}  # fmt: skip
    public = site(tmp_path, debates)
    dump = tmp_path / "content/b.jsonl"
    dump.write_text(dump.read_text().replace("Said by Bede", "Once more said by Bede"))
    changed = build(load_site(tmp_path)).written.changed
    assert "people/bede.html" in changed
    assert not {"people/ada.html", "people/cy.html", "years/1999.html", "404.html", "people/index.html"} & set(changed)
    assert public.is_dir()


def test_an_archive_of_nothing_has_its_pages_too(tmp_path: Path) -> None:
    public = site(tmp_path, {})
    assert "no debate here yet" in (public / "index.html").read_text()
    assert "no debate here yet" in (public / "debates/index.html").read_text()
    assert "named author" in (public / "people/index.html").read_text()
    for page in public.rglob("*.html"):
        for href in re.findall(r'href="([^"#:]+)"', page.read_text()):
            base = public if page.name == "404.html" else page.parent
            assert (base / href.lstrip("/")).exists(), (page, href)
