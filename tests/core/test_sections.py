"""The publisher's own pages in the navigation: a folder of pages is one link, to an index of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.content_files import page_folder
from rostra.render.sections import section_of, sections
from rostra.store.archive import PageLink


def page(slug: str, folder: str = "") -> PageLink:
    return PageLink(slug=slug, title=slug.upper(), folder=folder)


def links(*pages: PageLink) -> list[tuple[str, str, list[str]]]:
    return [(each.link.slug, each.link.title, [of.slug for of in each.pages]) for each in sections(pages)]


def test_a_folder_is_one_link_where_its_first_page_was() -> None:
    found = links(page("about"), page("keys", "hand_book"), page("lock", "hand_book"), page("thanks"))
    assert found == [
        ("about", "ABOUT", []),
        ("hand-book", "Hand book", ["keys", "lock"]),
        ("thanks", "THANKS", []),
    ]


def test_a_folder_of_one_page_is_that_page() -> None:
    assert links(page("keys", "manual")) == [("keys", "KEYS", [])]


@pytest.mark.parametrize("inside", ["", "manual"])
def test_a_page_with_the_name_of_the_folder_stands_above_its_list(inside: str) -> None:
    assert links(page("keys", "manual"), page("manual", inside)) == [("manual", "MANUAL", ["keys"])]


def test_two_folders_with_one_address_share_an_index() -> None:
    assert links(page("keys", "Manual"), page("lock", "manual")) == [("manual", "Manual", ["keys", "lock"])]


def test_every_page_has_its_link() -> None:
    pages = [page("about"), page("keys", "manual"), page("lock", "manual"), page("alone", "other")]
    assert [section_of(each, pages).link.slug for each in pages] == ["about", "manual", "manual", "alone"]


@pytest.mark.parametrize(
    ("name", "content", "folder"),
    [
        ("content/about.md", ["content"], ""),
        ("content/manual/keys.md", ["content"], "manual"),
        ("content/manual/part/keys.md", ["content"], "manual"),
        ("content/manual/keys.md", ["content", "content/manual"], ""),
        ("s3://bucket/a/manual/keys.md", ["s3://bucket/a"], "manual"),
        ("content/search/keys.md", ["content"], ""),
    ],
)
def test_the_folder_of_a_page_is_below_its_content_folder(name: str, content: list[str], folder: str) -> None:
    assert page_folder(name, content) == folder


def test_the_index_lists_its_pages_and_they_lead_back(tmp_path: Path) -> None:
    files = {
        "rostra.toml": 'title = "Mill"\n',
        "content/about.md": "# About\n\nThe mill.\n",
        "content/manual/keys.md": "# Keys\n\nThe keys hang by the door.\n",
        "content/manual/lock.md": "# Locks\n\n## Old ones\n\nTurn *twice*.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert build(load_site(tmp_path)).failures == ()
    index, keys, front = (
        (tmp_path / "public" / name).read_text() for name in ("manual.html", "keys.html", "index.html")
    )
    shown = re.findall(r'<li><a href="(\w+\.html)" dir="auto">(\w+)</a>\n<p class="facts" dir="auto">([^<]*)', index)
    assert shown == [
        ("keys.html", "Keys", "The keys hang by the door."),
        ("lock.html", "Locks", "Turn twice."),
    ]
    assert '<p class="crumb"><a href="manual.html">Manual</a></p>' in keys
    assert 'href="manual.html" aria-current="true"' in keys
    assert 'href="manual.html" aria-current="page"' in index
    assert 'href="manual.html">Manual</a>' in front
    assert 'href="keys.html"' not in front
