"""Sites whose dumps, debates, people and pages have names that not every system can store, or that two of them share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.check import check
from rostra.config.site import load_site
from rostra.identity.file_names import BESIDE, LISTS, TYPED, UNTYPED, dump_name, path_key

HTML = "<!DOCTYPE html><html><body><p>Words of a saved page</p><script>alert(1)</script></body></html>"
TEXT = "Shall we?\n\n  1 year ago\n\n  Yes.\n"

RECORD = ".source.json"


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
