"""What a dump is published as can be stored everywhere and runs nowhere, and its former address leads to it."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.identity.file_names import (
    ENDINGS,
    LISTS,
    LONGEST,
    NUMBER,
    SEGMENT,
    TYPED,
    UNTYPED,
    can_be_stored,
    debate_id,
    dump_name,
    dump_path,
    former_path,
    is_device,
    moved_beside,
    name_clashes,
    path_key,
    record_path,
)
from rostra.identity.permalinks import digest
from rostra.system.http_headers import media_type


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("well.txt", "well.txt"),
        ("well.JSON", "well.JSON"),
        ("2024.01.mbox.gz", "2024.01.mbox.gz"),
        ("RC_2019-01.zst", "RC_2019-01.zst"),
        ("lists.2024-01.jsonl", "lists.2024-01.jsonl"),
        ("talk.wiki", "talk.wiki"),
        ("a#b ü.txt", "a#b ü.txt"),
        ("page.php", "page-php.txt"),
        ("page.php.txt", "page-php.txt"),
        ("page.PHP.json", "page-PHP.json"),
        ("page.html.gz", "page-html.gz"),
        ("viewtopic.php?t=12", "viewtopic-php-t=12.txt"),
        ("drawing.svgz", "drawing-svgz.txt"),
        ("page.asp;.txt", "page-asp-.txt"),
        ("letter.eml", "letter-eml.txt"),
        ("v1.2.page.php", "v1-2-page-php.txt"),
        ("x.2024", "x.2024.txt"),
        ("README", "README.txt"),
        (".htaccess", "htaccess.txt"),
        ("_headers", "headers.txt"),
        ("web.config", "web-config.txt"),
        ("name.", "name-.txt"),
        ("a\u202etxt.exe", "a-txt-exe.txt"),
    ],
)
def test_only_endings_that_run_nowhere_keep_their_dot(name: str, published: str) -> None:
    assert dump_name(name, markup=False) == published


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("well.txt", "well.txt"),
        ("well.json", "well.json"),
        ("well.csv", "well.csv"),
        ("well.mbox", "well-mbox.txt"),
        ("well.zst", "well-zst.txt"),
        ("well.txt.gz", "well-txt-gz.txt"),
    ],
)
def test_what_a_browser_may_take_for_html_has_an_ending_that_every_server_knows(name: str, published: str) -> None:
    assert dump_name(name, markup=True) == published


PIECES = ["a", "é", "\u0301", ".", " ", "-", "_", "1", "con", ".php", ".txt", ".gz", ":", "\0", "\ud800", "漢" * 20]
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)


@given(NAMES | st.text(min_size=1, max_size=300), st.booleans(), st.booleans())
def test_every_name_is_published_under_one_that_can_be_stored_and_runs_nowhere(
    name: str, markup: bool, distinct: bool
) -> None:
    published = dump_name(name.replace("/", "-"), markup=markup, distinct=name if distinct else "")
    assert can_be_stored(published)
    assert len(published.encode()) <= LONGEST
    assert published[0] not in "._ "
    first, *endings = published.split(".")
    allowed = TYPED if markup else TYPED | UNTYPED
    assert first
    assert endings[-1].lower() in allowed
    assert all(each.lower() in allowed or NUMBER.fullmatch(each) for each in endings)


@pytest.mark.parametrize(
    ("name", "distinct", "published"),
    [
        ("con", "", "con-cfb5uk6f.txt"),
        ("con", "content/con", "con-anl2dmvp.txt"),
        (".", "", "zw2o4kxk.txt"),
        ("._ ", "", "ukwqmwxp.txt"),
    ],
)
def test_a_name_that_cannot_be_used_always_gets_the_same_digest(name: str, distinct: str, published: str) -> None:
    assert dump_name(name, markup=False, distinct=distinct) == published


def test_the_limits_of_names_are_part_of_addresses() -> None:
    assert (ENDINGS, SEGMENT, LONGEST) == (4, 250, 200)
    assert [len(dump_name("a" * n + ".txt", markup=False)) for n in (195, 196, 197, 300)] == [199, 200, 200, 200]


def test_a_name_is_shortened_past_the_most_bytes_and_keeps_its_beginning_and_ending() -> None:
    whole = "ü" * ((LONGEST - 4) // 2) + ".txt"
    assert len(whole.encode()) == LONGEST
    assert dump_name(whole, markup=False) == whole
    longer = dump_name("ü" * ((LONGEST - 4) // 2) + "a.txt", markup=False)
    assert longer != dump_name("ü" * ((LONGEST - 4) // 2) + "b.txt", markup=False)
    assert len(longer.encode()) <= LONGEST
    assert longer.startswith("ü" * 80)
    assert longer.endswith(".txt")
    endings = "a" + ".1" * (ENDINGS - 1) + ".txt"
    assert dump_name(endings, markup=False) == endings
    assert dump_name("a" + ".1" * ENDINGS + ".txt", markup=False) == "a-1" + ".1" * (ENDINGS - 1) + ".txt"
    assert dump_name(f"a.{'1' * 16}.txt", markup=False) == f"a.{'1' * 16}.txt"
    assert dump_name(f"a.{'1' * 17}.txt", markup=False) == f"a-{'1' * 17}.txt"


@pytest.mark.parametrize(
    "name", ["con", "NUL.txt", "aux.tar.gz", "com1", "COM¹.txt", "lpt0", "prn .txt", "conin$", "CONOUT$.x"]
)
def test_names_of_devices_are_told_from_others(name: str) -> None:
    assert is_device(name)
    assert not can_be_stored(f"a/{name}/b")
    assert not is_device(f"x{name}")
    assert not is_device(dump_name(name, markup=False))


@pytest.mark.parametrize("name", ["com", "com10", "comma.txt", "console", "nul-1", "auxiliary.txt"])
def test_what_only_begins_like_a_device_is_none(name: str) -> None:
    assert not is_device(name)
    assert can_be_stored(name)


def test_a_part_of_a_path_has_at_most_so_many_bytes_and_no_dot_or_space_at_its_end() -> None:
    assert can_be_stored(f"a/{'x' * SEGMENT}")
    assert not can_be_stored(f"a/{'x' * (SEGMENT + 1)}")
    assert can_be_stored(f"a/{'é' * (SEGMENT // 2)}")
    assert not can_be_stored(f"a/{'é' * (SEGMENT // 2 + 1)}")
    assert not any(map(can_be_stored, ("a./b", "a/b ", "", "a//b")))


def test_case_and_normalisation_are_folded() -> None:
    assert path_key("Straße/É") == path_key(normalize("NFD", "STRASSE/é"))
    assert path_key("a") != path_key("b")


@pytest.mark.parametrize("ending", sorted(TYPED | UNTYPED))
def test_every_ending_is_served_as_data(ending: str) -> None:
    kind = media_type(f"dumps/a.{ending}").partition(";")[0]
    assert kind in {
        "application/gzip", "application/json", "application/mbox", "application/x-ndjson", "application/zstd",
        "text/csv", "text/markdown", "text/plain", "text/tab-separated-values",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dump", "many", "former", "now"),
    [
        ("content/well.txt", False, "debates/x/well.txt", "debates/x/well.txt"),
        ("content/page.html", False, "debates/x/page.html.txt", "debates/x/page-html.txt"),
        ("content/page.php", False, "debates/x/page.php", "debates/x/page-php.txt"),
        ("content/index.html", False, "debates/x/dump-index.html.txt", "debates/x/index-html.txt"),
        ("content/thread.json", False, "debates/x/dump-thread.json", "debates/x/dump-thread.json"),
        ("content/Thread.json.gz", False, "debates/x/Thread.json.gz", "debates/x/dump-Thread.json.gz"),
        ("content/citations.json", False, "debates/x/citations.json", "debates/x/dump-citations.json"),
        ("../lists/a.b.mbox", True, "dumps/lists-a.b.mbox", "dumps/lists-a-b.mbox"),
        ("index.html", True, "dumps/index.html.txt", "dumps/index-html.txt"),
        ("s3://bucket/a.xml", True, "dumps/s3--bucket-a.xml.txt", "dumps/s3--bucket-a-xml.txt"),
    ],
)
def test_where_a_dump_is_published_and_where_it_was(dump: str, many: bool, former: str, now: str) -> None:
    assert dump_path(dump, "x", many=many, markup=False) == now
    assert former_path(dump, now) == former


def test_one_of_two_dumps_of_a_debate_had_a_digest_before_its_name() -> None:
    apart = digest("content/a.html")
    assert former_path("content/a.html", f"debates/x/{apart}-a-html.txt") == f"debates/x/{apart}-a.html.txt"
    assert former_path("content/b.html", f"debates/x/{apart}-a-html.txt") == "debates/x/b.html.txt"


def test_the_record_of_a_digest_is_beside_the_dump_or_among_the_dumps() -> None:
    assert record_path("content/a.mbox", "debates/x/a.mbox") == "debates/x/a.mbox.source.json"
    name = dump_name("content-a.mbox", markup=False, distinct="content/a.mbox")
    assert name.startswith("content-a-")
    assert name.endswith(".mbox")
    assert record_path("content/a.mbox", None) == f"dumps/{name}.source.json"


def test_a_dump_beside_a_debate_moves_with_it() -> None:
    assert moved_beside("debates/x/a.txt", "x", "y") == "debates/y/a.txt"
    assert moved_beside("debates/xx/a.txt", "x", "y") == "debates/xx/a.txt"
    assert moved_beside("dumps/a.txt", "x", "y") == "dumps/a.txt"
    assert moved_beside(None, "x", "y") is None


def test_an_id_that_is_no_free_folder_has_a_digest() -> None:
    assert debate_id("con") == "con-cfb5uk"
    assert debate_id("well") == "well"
    for id in (*LISTS, "con", "com1"):
        assert debate_id(id).startswith(f"{id}-")
        assert debate_id(debate_id(id)) == debate_id(id)


@pytest.mark.parametrize(
    "dumps",
    [
        ("a/b.mbox", "a-b.mbox"), ("A.mbox", "a.mbox"), ("\u00e9.txt", "e\u0301.txt"), ("x.php", "x-php.txt"), ("x.html", "x.html.txt"),
        ("x.mbox", "x-mbox.txt"), ("../a.txt", "a.txt"), ("a:b.txt", "a;b.txt"), ("_a.txt", "a.txt"), ("Straße.txt", "STRASSE.TXT"), ("a.txt-", "a-txt-.txt"),
    ],
)  # fmt: skip
def test_dumps_whose_names_would_be_one_are_told(dumps: tuple[str, str]) -> None:
    assert name_clashes(dumps) == name_clashes([*dumps, "other.txt"]) == set(dumps)


def test_dumps_are_told_whose_names_are_one_only_if_they_are_no_html() -> None:
    """As HTML, their names are too long, and so have a digest each."""
    dumps = [f"{sign * (LONGEST - 3)}.gz" for sign in "aA"]
    assert path_key(dump_name(dumps[0], markup=True)) != path_key(dump_name(dumps[1], markup=True))
    assert name_clashes(dumps) == set(dumps)


def test_dumps_whose_names_stay_apart_are_not_told() -> None:
    assert name_clashes(["l.mbox", "l.mbox.gz", "a.b.txt", "ab.txt", "2024.01.txt", "2024-1.txt", "c.txt"]) == set()


@given(st.lists(st.text(st.sampled_from("aA.-_/t1xé ;"), min_size=1, max_size=8), unique=True, max_size=6))
def test_dumps_that_are_not_told_are_published_under_names_of_their_own(dumps: list[str]) -> None:
    same = name_clashes(dumps)
    for markup in (False, True):
        paths = [path_key(dump_path(dump, "x", many=True, markup=markup, distinct=dump in same)) for dump in dumps]
        assert len(set(paths)) == len(paths)
