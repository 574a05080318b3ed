"""What a dump is published as can be stored everywhere and runs nowhere, and its former address leads to it."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.build.pipeline import BuildReport, build
from rostra.check import check
from rostra.config.site import load_site
from rostra.identity.file_names import (
    BESIDE,
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
    name_clashes,
    path_key,
)
from rostra.system.http_headers import media_type

HTML = "<!DOCTYPE html><html><body><p>Words of a saved page</p><script>alert(1)</script></body></html>"
TEXT = "Shall we?\n\n  1 year ago\n\n  Yes.\n"

RECORD = ".source.json"


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
        ("s3://bucket/a.xml", True, "dumps/s3--bucket-a.xml.txt", "dumps/s3--bucket-a-xml.txt"),
    ],
)
def test_where_a_dump_is_published_and_where_it_was(dump: str, many: bool, former: str, now: str) -> None:
    assert dump_path(dump, "x", many=many, markup=False) == now
    assert former_path(dump, now) == former


def test_an_id_that_is_no_free_folder_has_a_digest() -> None:
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


def test_dumps_whose_names_stay_apart_are_not_told() -> None:
    assert name_clashes(["l.mbox", "l.mbox.gz", "a.b.txt", "ab.txt", "2024.01.txt", "2024-1.txt", "c.txt"]) == set()


@given(st.lists(st.text(st.sampled_from("aA.-_/t1xé ;"), min_size=1, max_size=8), unique=True, max_size=6))
def test_dumps_that_are_not_told_are_published_under_names_of_their_own(dumps: list[str]) -> None:
    same = name_clashes(dumps)
    for markup in (False, True):
        paths = [path_key(dump_path(dump, "x", many=True, markup=markup, distinct=dump in same)) for dump in dumps]
        assert len(set(paths)) == len(paths)


def site(folder: Path, files: dict[str, str], settings: str = "") -> Path:
    for name, said in {"rostra.toml": f'title = "T"\n{settings}', **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said)
    return folder


def built(folder: Path) -> tuple[BuildReport, dict[str, bytes]]:
    report = build(load_site(folder))
    public = folder / "public"
    return report, {
        path.relative_to(public).as_posix(): path.read_bytes() for path in public.rglob("*") if path.is_file()
    }


def post(words: str, thread: str = "") -> str:
    said = {"id": "1", "parent": None, "author": "ada", "created": "2024-03-04T09:00:00Z", "body": words}
    return json.dumps(said | ({"thread": thread, "title": thread} if thread else {})) + "\n"


def mail(id: str) -> str:
    return f"From ada Fri Mar  1 09:00:00 2024\nFrom: ada\nDate: Fri, 1 Mar 2024 09:00:00 +0000\nMessage-ID: <{id}@mill.example>\nSubject: Gate {id}\n\nThe gate {id} is shut.\n"  # fmt: skip


def test_a_renamed_dump_is_linked_and_its_former_address_leads_to_it(tmp_path: Path) -> None:
    folder = site(tmp_path, {"content/page.php": HTML, "content/a#b.txt": TEXT, "content/list.of.things.mbox": mail("1")}, 'address = "https://x.example/archive/"\npublish_addresses = true\n')  # fmt: skip
    report, files = built(folder)
    assert not report.failures
    assert files["debates/page/page-php.txt"].decode() == HTML
    assert b'href="page-php.txt"' in files["debates/page/index.html"]
    assert b'href="a%23b.txt"' in files["debates/a-b/index.html"]
    assert b'url=../page-php.txt"' in files["debates/page/page.php/index.html"].replace(b"../../../debates/page", b"..")
    assert b"content-list-of-things.mbox" in files["dumps/content-list.of.things.mbox/index.html"]
    assert files["_redirects"].decode().splitlines() == [
        "/archive/debates/page/page.php /archive/debates/page/page-php.txt 301",
        "/archive/dumps/content-list.of.things.mbox /archive/dumps/content-list-of-things.mbox 301",
    ]
    assert not check(load_site(folder)).findings
    again, same = built(folder)
    assert same == files
    assert not again.written.touched


def test_an_address_that_two_dumps_shared_leads_to_neither(tmp_path: Path) -> None:
    said = {"content/a/b.of.jsonl": post("The gate.", "1"), "content/a-b.of.jsonl": post("The mill.", "2")}
    report, files = built(site(tmp_path, said))
    assert not report.failures
    dumps = {path: said for path, said in files.items() if path.startswith("dumps/") and not path.endswith(RECORD)}
    assert sorted(dumps.values()) == sorted(map(str.encode, said.values()))
    assert all(path.startswith("dumps/content-a-b-of-") for path in dumps)
    assert "_redirects" not in files


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("content/l.jsonl", "content/L.jsonl"),
        ("content/\u00e9.jsonl", "content/e\u0301.jsonl"),
        ("content/a-b.jsonl", "content/a/b.jsonl"),
        ("content/x.php.jsonl", "content/x-php.jsonl"),
    ],
)
def test_dumps_that_would_have_one_name_are_told_apart_whichever_is_there_first(
    tmp_path: Path, one: str, other: str
) -> None:
    said = {one: post("The gate is shut.", "1"), other: post("The mill is old.", "2")}
    published = []
    for n, names in enumerate(((one, other), (other, one))):
        folder = site(tmp_path / str(n), {name: said[name] for name in names[:1]})
        built(folder)
        site(folder, {names[1]: said[names[1]]})
        report, files = built(folder)
        assert not report.failures
        assert not check(load_site(folder)).findings
        published.append({path: text for path, text in files.items() if path.startswith("dumps/") and "index.html" not in path and not path.endswith(RECORD)})  # fmt: skip
    assert published[0] == published[1]
    assert sorted(published[0].values()) == sorted(text.encode() for text in said.values())
    assert len({path_key(path) for path in published[0]}) == 2


def test_two_dumps_of_one_debate_whose_names_differ_by_case_are_both_published(tmp_path: Path) -> None:
    report, files = built(
        site(tmp_path, {"content/Gate.jsonl": post("The gate.", "9"), "content/b/gate.jsonl": post("The gate.", "9")})
    )
    assert not report.failures
    dumps = [path for path in files if path.endswith(".jsonl")]
    assert len({path_key(path) for path in dumps}) == 2
    assert {files[path] for path in dumps} == {post("The gate.", "9").encode()}


def test_every_file_of_ours_that_a_dump_could_be_called_is_reserved(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    _, files = built(site(tmp_path, {"content/well.txt": TEXT}))
    ours = {path.rpartition("/")[2] for path in files if path.startswith("debates/well/")} - {"well.txt"}
    assert {name for name in ours if name.rpartition(".")[2] in TYPED | UNTYPED} <= BESIDE | {f"well.txt{RECORD}"}
    assert not dump_name(f"well.txt{RECORD}", markup=False).endswith(RECORD)
    assert not {path.split("/")[1] for path in files if path.startswith("debates/by-") and path.count("/") > 1} - LISTS


@pytest.mark.parametrize("name", ["con", "AUX", "nul", "com1", "by-date"])
def test_a_debate_person_or_tag_with_a_reserved_name_has_another_address(tmp_path: Path, name: str) -> None:
    said = json.dumps({"id": "1", "parent": None, "author": name, "title": "T", "tags": [name], "body": "The gate is shut."})  # fmt: skip
    folder = site(tmp_path, {f"content/{name}.jsonl": said + "\n", f"content/more/{name}.md": "# A page\n\nWords.\n"})
    report, _ = built(folder)
    assert not report.failures
    assert not check(load_site(folder)).findings


def test_a_path_that_is_too_long_is_shortened_and_its_debate_is_built(tmp_path: Path) -> None:
    deep = "a-folder-with-a-name-of-some-length/" * 8
    names = [f"content/{deep}gate.jsonl", f"content/{'ü' * 120}.txt"]
    folder = site(tmp_path, {names[0]: post("Words about gates."), names[1]: TEXT})
    report, files = built(folder)
    assert not report.failures
    assert report.threads == 2
    assert post("Words about gates.").encode() in files.values()
    assert TEXT.encode() in files.values()
    assert not check(load_site(folder)).findings
