"""Sitemaps hold against their protocol and name every page; robots.txt lets everybody in."""

from __future__ import annotations

from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from machines.conftest import ADDRESS
from rostra.config.site import load_site
from rostra.render.pages import sitemap
from rostra.render.templates import Layouts

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "sitemap.xsd"))


def locations(path: Path) -> dict[str, str | None]:
    tree = etree.parse(path)
    SCHEMA.assertValid(tree)
    return {each.findtext("{*}loc"): each.findtext("{*}lastmod") for each in tree.getroot()}


def test_the_index_leads_to_sitemaps_and_those_to_pages_that_are_there(archive: Path) -> None:
    pages = {}
    for part in locations(archive / "sitemap.xml"):
        pages |= locations(archive / part.removeprefix(ADDRESS))
    for page in pages:
        path = archive / page.removeprefix(ADDRESS)
        assert (path / "index.html" if page.endswith("/") else path).is_file()
    assert pages[f"{ADDRESS}debates/gate/"] == "2025-03-01T00:00:00Z"
    assert pages[f"{ADDRESS}debates/chain/"] == "2022-01-16T00:00:00Z"
    assert pages[f"{ADDRESS}debates/unknown/"] is None, "no time is made up"
    assert {f"{ADDRESS}about.html", f"{ADDRESS}people/ada.html"} <= pages.keys()
    assert f"{ADDRESS}debates/withdrawn/" not in pages


def test_a_sitemap_holds_no_more_than_the_protocol_lets_it(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST", 3)
    site = load_site(archive.parent)

    class Nobody:
        def own_pages(self) -> list[str]:
            return [f"people/speaker-{n}.html" for n in range(4)]

    class Small:
        threads = ()
        pages = ()
        people = Nobody()

    class Thread:
        updated = "2024-01-01T00:00:00Z"

        def __init__(self, id: str) -> None:
            self.id = id

    small = Small()
    small.threads = tuple(Thread(f"d{n}") for n in range(7))  # type: ignore[assignment]
    files = {
        file.path: etree.fromstring(file.content)
        for unit in sitemap.archive_units(site, small, Layouts(site))  # type: ignore[arg-type]
        for file in unit.files()
        if file.path.endswith(".xml")
    }
    for tree in files.values():
        SCHEMA.assertValid(tree)
        assert len(tree) <= (3 if tree.tag.endswith("urlset") else 6)
    parts = [
        "sitemaps/1.xml",
        "sitemaps/2.xml",
        "sitemaps/3.xml",
        "sitemaps/4.xml",
        "sitemaps/people-1.xml",
        "sitemaps/people-2.xml",
    ]
    assert sorted(files) == ["sitemap.xml", *parts]
    assert sum(len(files[f"sitemaps/{n}.xml"]) for n in (1, 2, 3, 4)) == 10


def test_the_schema_does_find_what_is_wrong() -> None:
    wrong = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>debates/gate/</loc></url></urlset>'
    assert not SCHEMA.validate(etree.fromstring(wrong))


def test_robots_are_let_in_and_shown_the_sitemap(archive: Path) -> None:
    robots = RobotFileParser()
    robots.parse((archive / "robots.txt").read_text().splitlines())
    assert robots.can_fetch("anybody", f"{ADDRESS}debates/gate/")
    assert robots.site_maps() == [f"{ADDRESS}sitemap.xml"]


def test_an_archive_without_an_address_has_no_sitemap(nowhere: Path) -> None:
    assert not (nowhere / "sitemap.xml").exists()
    robots = RobotFileParser()
    robots.parse((nowhere / "robots.txt").read_text().splitlines())
    assert robots.can_fetch("anybody", "/debates/gate/")
    assert robots.site_maps() is None
