"""A card beside a dump: it is found whatever the dump is called, and no dump is published against it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.ingest.sources import Sources, gather

HAND = "# The upper gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n"
PAGE = "# About\n\nThis archive is of the mill.\n"
NAMED = 'dump = "x.txt"\ndraft = true\n'


def site(folder: Path, files: dict[str, str | bytes]) -> Path:
    (folder / "content").mkdir(parents=True)
    for name, said in {"rostra.toml": 'title = "Mill"\n', **files}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return folder


def gathered(folder: Path) -> Sources:
    return gather(load_site(folder))


def titles(found: Sources) -> list[tuple[str, str | None]]:
    return [(entry.dump.name, entry.card.title) for entry in found.entries]


def test_a_card_beside_what_was_written_by_hand_is_its_card(tmp_path: Path) -> None:
    found = gathered(site(tmp_path, {"content/x.md": HAND, "content/x.toml": 'title = "T"\n'}))
    assert titles(found) == [("content/x.md", "T")]
    assert found.failures == found.pages == ()


@pytest.mark.parametrize("card", ["draft = true\n", 'withdrawn = "x"\n', "draft = tru\n", "drafft = true\n", "\xff"])
@pytest.mark.parametrize("dump", ["x.md", "x.txt"])
def test_nothing_is_published_against_the_card_beside_it(tmp_path: Path, card: str, dump: str) -> None:
    folder = site(tmp_path, {f"content/{dump}": HAND, "content/x.toml": card.encode("latin-1")})
    build(load_site(folder))
    written = [path for path in (folder / "public").rglob("*") if path.is_file()]
    assert not [path for path in written if b"Who opened it" in path.read_bytes()]


def test_a_card_beside_a_page_is_not_the_page_s(tmp_path: Path) -> None:
    found = gathered(site(tmp_path, {"content/x.md": PAGE, "content/x.toml": "draft = true\n"}))
    (failure,) = found.failures
    assert failure.message == "the card names no dump, and there is none beside it"
    assert failure.path == "content/x.toml"
    assert found.entries == ()
    assert [page.slug for page in found.pages] == ["x"]


@pytest.mark.parametrize("name", ["x.txt", "x.json", "x.zip"])
def test_where_a_page_and_a_dump_lie_beside_a_card_it_is_the_dump_s(tmp_path: Path, name: str) -> None:
    found = gathered(site(tmp_path, {"content/x.md": PAGE, f"content/{name}": HAND, "content/x.toml": 'title = "T"\n'}))
    assert titles(found) == [(f"content/{name}", "T")]
    assert [page.slug for page in found.pages] == ["x"]
    assert found.failures == ()


def test_of_two_dumps_beside_a_card_the_one_that_can_be_no_page_has_it(tmp_path: Path) -> None:
    found = gathered(site(tmp_path, {"content/x.md": HAND, "content/x.txt": HAND, "content/x.toml": 'title = "T"\n'}))
    assert titles(found) == [("content/x.md", None), ("content/x.txt", "T")]


def test_a_card_is_of_nothing_that_is_only_called_alike(tmp_path: Path) -> None:
    others = ("x.y.txt", "xy.txt", "x-1.txt", "X.txt", "x.txt.gz.txt")
    found = gathered(site(tmp_path, {**{f"content/{name}": HAND for name in others}, "content/x.toml": "id = 'a'\n"}))
    assert "there is none beside it" in found.failures[0].message
    assert [entry.card.id for entry in found.entries] == [None] * len(others)


@pytest.mark.parametrize("card", ["draft = true\n", "draft = tru\n"])
def test_a_link_to_a_dump_has_the_card_beside_it_and_is_not_published_without(tmp_path: Path, card: str) -> None:
    folder = site(tmp_path, {"content/within/y.txt": HAND, "content/x.toml": card})
    (folder / "content/x.txt").symlink_to("within/y.txt")
    assert gathered(folder).entries == ()


def test_a_link_to_a_dump_is_one_dump(tmp_path: Path) -> None:
    folder = site(tmp_path, {"content/within/y.txt": HAND, "content/x.toml": 'title = "T"\n'})
    (folder / "content/x.txt").symlink_to("within/y.txt")
    assert titles(gathered(folder)) == [("content/within/y.txt", "T")]


@pytest.mark.parametrize(
    "card",
    [
        (NAMED + "title = \n").encode(),
        (NAMED + "titel = 'A'\n").encode(),
        (NAMED + "tags = 'a'\n").encode(),
        (NAMED + "title = '\xff'\n").encode("latin-1"),
        NAMED.encode("utf-16"),
        b"draft = tru\ndump='x.txt'\n",
        b"draft = tru\n  dump  =  '../content/x.txt'\n",
    ],
)
def test_a_dump_that_is_named_by_a_card_that_is_wrong_is_not_published_as_if_it_had_none(
    tmp_path: Path, card: bytes
) -> None:
    found = gathered(site(tmp_path, {"content/x.txt": HAND, "content/y.txt": HAND, "content/of-x.toml": card}))
    assert [entry.dump.name for entry in found.entries] == ["content/y.txt"]
    assert len(found.failures) == 1


def test_more_cards_are_no_more_listings_of_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    scandir = os.scandir

    def counted(path: str) -> object:
        asked.append(path)
        return scandir(path)

    def listings(many: int) -> int:
        names = [f"content/{number}" for number in range(many)]
        files = {f"{name}.txt": HAND for name in names} | {f"{name}.toml": 'title = "T"\n' for name in names}
        folder = site(tmp_path / str(many), dict(files))
        asked.clear()
        assert {entry.card.title for entry in gathered(folder).entries} == {"T"}
        return len(asked)

    monkeypatch.setattr("os.scandir", counted)
    assert listings(2) == listings(20)


@pytest.mark.parametrize(
    ("card", "said", "its"),
    [
        ("well.txt.toml", "", True),
        ("well.toml", "", True),
        ("well.toml", 'dump = "well.txt"\n', True),
        ("well.toml", 'dump = "well.json"\n', False),
    ],
)
def test_a_dump_is_inspected_with_the_card_that_it_is_built_with(
    tmp_path: Path, card: str, said: str, its: bool
) -> None:
    dump = tmp_path / "well.txt"
    dump.write_text("Shall we?\n\n  1 year ago\n\n  Yes.\n")
    (tmp_path / "well.json").write_text("[]")
    (tmp_path / card).write_text(f'{said}title = "Told"\n')
    (edition,) = inspections(dump)
    assert (edition.thread.title == "Told") is its
