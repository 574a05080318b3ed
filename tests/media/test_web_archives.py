"""Files are found in web archives, whatever is damaged in them."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rostra.media.web_archives import TABLES, WebArchive
from support.media_servers import warc
from support.sample_pictures import picture

GATE, WHEEL = picture("PNG"), picture("JPEG")
AT = "https://mill.example/uploads/gate.png"


@pytest.fixture
def base() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect("", isolation_level=None)
    made.executescript(TABLES)
    yield made
    made.close()


def content(archive: WebArchive, address: str) -> bytes | None:
    inner = archive.find(address)
    return b"".join(archive.content(inner)) if inner else None


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wacz"])
def test_a_file_is_found_by_its_address(tmp_path: Path, base: sqlite3.Connection, name: str) -> None:
    whole = warc(
        ("https://mill.example/", "200 OK", b"<html>"),
        (AT, "200 OK", GATE),
        ("https://mill.example/no.png", "404 Not Found", b"no"),
        gzip=name != "a.warc",
    )
    if name == "a.wacz":
        with zipfile.ZipFile(tmp_path / name, "w") as wacz:
            wacz.writestr("datapackage.json", "{}")
            wacz.writestr("archive/data.warc.gz", whole)
    else:
        (tmp_path / name).write_bytes(whole)
    archive = WebArchive(tmp_path / name, base)
    assert content(archive, AT) == GATE
    assert content(archive, AT.replace("https", "http")) == GATE
    assert content(archive, f"{AT}#there") == GATE
    assert archive.find("https://mill.example/no.png") is None
    assert archive.find("https://mill.example/other.png") is None
    assert archive.problem is None


def test_of_several_captures_the_last_counts(tmp_path: Path, base: sqlite3.Connection) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc((AT, "200 OK", WHEEL), (AT, "200 OK", GATE), (AT, "500 No", b"")))
    assert content(WebArchive(tmp_path / "a.warc.gz", base), AT) == GATE


def test_an_archive_is_indexed_again_only_if_it_changed(
    tmp_path: Path, base: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rostra.media import web_archives

    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc((AT, "200 OK", GATE)))
    WebArchive(path, base)
    indexed = web_archives._captures
    monkeypatch.setattr(web_archives, "_captures", None)
    assert content(WebArchive(path, base), AT) == GATE
    monkeypatch.setattr(web_archives, "_captures", indexed)
    path.write_bytes(warc(("https://mill.example/b.png", "200 OK", WHEEL)))
    archive = WebArchive(path, base)
    assert (content(archive, AT), content(archive, "https://mill.example/b.png")) == (None, WHEEL)


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_a_damaged_archive_is_read_as_far_as_it_goes(tmp_path: Path, base: sqlite3.Connection, cut: float) -> None:
    whole = warc((AT, "200 OK", GATE), *((f"https://mill.example/{n}.png", "200 OK", WHEEL) for n in range(20)))
    (tmp_path / "a.warc.gz").write_bytes(whole[: int(len(whole) * cut)] + b"damaged" * 100)
    assert content(WebArchive(tmp_path / "a.warc.gz", base), AT) == GATE


@pytest.mark.parametrize(
    ("name", "whole"), [("a.warc.gz", b"no archive at all" * 100), ("a.wacz", b"PK\x03\x04damaged"), ("a.warc", b"")]
)
def test_what_is_no_archive_is_told_and_harms_nothing(
    tmp_path: Path, base: sqlite3.Connection, name: str, whole: bytes
) -> None:
    (tmp_path / name).write_bytes(whole)
    archive = WebArchive(tmp_path / name, base)
    assert archive.find(AT) is None
    assert archive.problem


def test_a_place_that_no_longer_holds_anything_is_an_error_of_reading(tmp_path: Path, base: sqlite3.Connection) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc((AT, "200 OK", GATE)))
    archive = WebArchive(path, base)
    inner = archive.find(AT)
    assert inner
    path.write_bytes(b"damaged" * 1000)
    with pytest.raises(OSError, match="a\\.warc\\.gz"):
        b"".join(archive.content(inner))
