"""Pictures show what is known and no more, are told in words, and stay small; previews are PNG, the same every time."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from msgspec.structs import replace
from PIL import Image

from machines.conftest import ADDRESS
from rostra.config.site import Settings, Site
from rostra.i18n.catalogue import Catalogue
from rostra.model import Author, Edited, Edition, Post, RawPost, Source, Thread
from rostra.model import Body as Text
from rostra.render.pages.opengraph import draw, font_text
from rostra.render.pages.pictures import pictures as draw_pictures
from rostra.render.pages.shape import LANES, STEPS, shape
from rostra.render.pages.years import years
from rostra.render.templates import Layouts
from rostra.store.archive import Summary, summarise

LARGEST = 15_000
"""Bytes of a picture in a page."""


def edition(*posts: tuple[str | None, str | None]) -> Edition:
    """A debate of posts by who wrote them and when."""
    made = tuple(
        Post(
            id=f"p-{n}",
            parent=f"p-{n - 1}" if n else None,
            depth=n,
            raw=RawPost(key=str(n), author=Author(name=who) if who else None, created=created),
        )
        for n, (who, created) in enumerate(posts)
    )
    source = Source(path="x", format="posts", sha256="0")
    thread = Thread(id="x", title="X", native_id=None, url=None, source=source, posts=made)
    return Edition(thread=thread, posts=tuple(Edited(post=post, body=Text(text="x")) for post in made))


def pictures(archive: Path, debate: str) -> list[etree._Element]:
    page = html.fromstring((archive / f"debates/{debate}/index.html").read_bytes())
    return page.xpath("//section[contains(@class, 'pictures')]//svg[@role='img']")


def test_posts_stand_at_their_times() -> None:
    found = shape(
        edition(("a", "2024-01-01T00:00:00Z"), ("b", "2024-01-03T00:00:00+02:00"), ("a", "2024-01-05T00:00:00Z"))
    )
    assert [(lane.name, lane.places) for lane in found.lanes] == [("a", (0, STEPS)), ("b", (48,))]
    assert (found.begin, found.end) == ("2024-01-01T00:00:00Z", "2024-01-05T00:00:00Z")


def test_times_are_told_in_their_own_zone_or_in_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.render.pages.pictures.FEWEST", 3)
    monkeypatch.setattr("rostra.render.pages.pictures.NAMED", 2)
    found = shape(edition(("a", "2024-01-05T00:20:00+01:00"), ("b", "2024-01-04T22:50:00Z")))
    assert (found.begin, found.end) == ("2024-01-04T22:50:00Z", "2024-01-05T00:20:00+01:00")
    made = edition(("a", None), ("b", None), ("a", None))
    local = ("2024-01-04T22:50:00", "2024-01-04T23:10:00", "2024-01-04T23:40:00")
    posts = tuple(
        replace(each, post=replace(each.post, raw=replace(each.post.raw, created_local=at)))
        for each, at in zip(made.posts, local, strict=True)
    )
    shown = draw_pictures(replace(made, posts=posts), Layouts(Site(root=tmp_path, settings=Settings(title="X"))))
    assert shown is not None
    assert ">4 January 2024, 22:50<" in shown.timeline
    assert "UTC" not in shown.timeline
    assert [(row.first, row.last) for row in shown.rows] == [("4 January 2024",) * 2] * 2


@pytest.mark.parametrize("created", [None, "last week", "2024-01-01T00:00:00Z"])
def test_where_a_time_is_missing_posts_stand_in_their_order_and_no_time_is_said(created: str | None) -> None:
    found = shape(
        edition(("a", "2024-01-01T00:00:00Z"), ("b", created), ("b", None if created else "2025-01-01T00:00:00Z"))
    )
    assert [lane.places for lane in found.lanes] == [(50, 100), (0,)]
    assert found.begin is found.end is None


def test_unnamed_posts_are_a_lane_without_a_name_and_no_person() -> None:
    found = shape(edition((None, None), ("a", None), (None, None), (None, None)))
    assert [(lane.name, lane.others, lane.posts) for lane in found.lanes] == [("a", 0, 1), (None, 0, 3)]


def test_a_name_is_one_person_whatever_its_case() -> None:
    found = shape(edition(("Ada", None), ("ADA", None), ("ada ", None)))
    assert [(lane.name, lane.posts) for lane in found.lanes] == [("Ada", 3)]


@given(
    st.lists(
        st.tuples(
            st.none() | st.text(min_size=1, max_size=3), st.none() | st.datetimes().map(lambda t: t.isoformat() + "Z")
        )
    )
)
@settings(max_examples=100)
def test_every_post_is_in_one_lane(posts: list[tuple[str | None, str | None]]) -> None:
    found = shape(edition(*posts))
    assert sum(lane.posts for lane in found.lanes) == found.posts == len(posts)
    assert len(found.lanes) <= LANES + 2
    assert all(0 <= place <= STEPS for lane in found.lanes for place in lane.places)


@pytest.mark.parametrize("debate", ["gate", "chain", "untimed"])
def test_a_picture_is_small_told_in_words_and_asks_for_nothing(archive: Path, debate: str) -> None:
    found = pictures(archive, debate)
    assert found
    for each in found:
        text = etree.tostring(each)
        assert len(text) <= LARGEST
        for id in each.get("aria-labelledby", "").split():
            assert each.xpath("string(//*[@id=$id])", id=id)
        assert not re.search(rb"style=|href=|<image|<script|url\(", text)


def test_what_is_drawn_stands_beside_it_as_a_table(archive: Path) -> None:
    page = html.fromstring((archive / "debates/gate/index.html").read_bytes())
    rows = page.xpath("//section[contains(@class, 'pictures')]//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert [row[:2] for row in cells] == [
        ["ad ada", "2"],
        ["be bede", "1"],
        ["ŁŻ Łukasz Żółw", "1"],
        ["שר שרה", "1"],
        ["unnamed", "1"],
    ]
    ada = next(row for row in cells if row[0].endswith("ada"))
    assert "Łukasz Żółw" in ada[4]
    assert "bede" in ada[5]


@pytest.mark.parametrize(
    ("posts", "named", "unnamed", "drawn"), [(20, 5, 0, True), (19, 5, 0, False), (20, 4, 0, False), (20, 4, 1, False)]
)
def test_a_shape_is_drawn_of_enough_posts_by_enough_people(
    tmp_path: Path, posts: int, named: int, unnamed: int, drawn: bool
) -> None:
    authors = [*"abcde"[:named], *[None] * unnamed]
    made = edition(*((authors[n % len(authors)], None) for n in range(posts)))
    found = draw_pictures(made, Layouts(Site(root=tmp_path, settings=Settings(title="X"))))
    assert (found is not None) == drawn
    assert found is None or (found.dated, found.quotes) == (False, False)


def test_every_debate_has_a_preview_that_its_page_names(archive: Path) -> None:
    for debate in ("gate", "chain", "untimed", "unknown"):
        image = Image.open(archive / f"debates/{debate}/preview.png")
        image.load()
        assert (image.format, image.size) == ("PNG", (1200, 630))
        page = html.fromstring((archive / f"debates/{debate}/index.html").read_bytes())
        said = {
            meta.get("property"): meta.get("content") for meta in page.xpath("//meta[starts-with(@property, 'og:')]")
        }
        assert said["og:image"] == f"{ADDRESS}debates/{debate}/preview.png"
        assert said["og:url"] == f"{ADDRESS}debates/{debate}/"
        assert said["og:image:type"] == "image/png"
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["og:type"] == "article"
        assert said["og:title"]
        assert said["og:image:alt"]


def test_a_title_is_drawn_where_the_font_has_its_letters() -> None:
    assert font_text("Über Łódź — “жизнь” και ζωή 🙂 …", 68) == "Über Łódź — “жизнь” και ζωή …"
    assert font_text("שלום", 68) == ""
    assert font_text("夏目漱石 and others", 68) == ""


@given(title=st.text(), facts=st.text(max_size=40))
@settings(max_examples=25, deadline=None)
def test_whatever_a_debate_is_called_its_preview_is_drawn_alike(title: str, facts: str) -> None:
    found = shape(edition(("a", None), (None, None), ("b", None)))
    first = draw(title, facts, found.lanes)
    assert first == draw(title, facts, found.lanes)
    assert Image.open(BytesIO(first)).size == (1200, 630)


def test_a_preview_stays_small(archive: Path) -> None:
    assert all(path.stat().st_size < 30_000 for path in archive.rglob("preview.png"))
    assert len(draw("word " * 10_000, "x" * 10_000, shape(edition()).lanes)) < 30_000


def summary(*posts: tuple[int, int]) -> Summary:
    made = edition(*(("a", f"{year}-06-01T00:00:00Z") for year, count in posts for _ in range(count)))
    return summarise(made)


def test_years_are_those_of_posts_that_have_a_time() -> None:
    assert summary((2004, 3), (2007, 1)).years == ((2004, 3), (2007, 1))
    assert summarise(edition(("a", None), ("b", None))).years == ()


def test_an_archive_of_years_is_drawn_with_every_year_in_its_place() -> None:
    found = years([summary((2004, 3), (2005, 1)), summary((2008, 2))], Catalogue())
    assert found is not None
    assert found.rows == (("2004", 3), ("2005", 1), ("2008", 2))
    bars = etree.fromstring(found.picture).xpath("//rect/@x")
    assert bars == ["0%", "20%", "80%"]


def test_few_years_are_not_drawn_and_many_stay_small() -> None:
    assert years([summary((2004, 1), (2005, 1))], Catalogue()) is None
    found = years([summary(*((year, 1) for year in range(1900, 2030)))], Catalogue())
    assert found is not None
    assert found.rows[0] == ("before 1970", 70)
    assert len(found.picture) < LARGEST
