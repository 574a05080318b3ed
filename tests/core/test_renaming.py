"""Where nothing of a debate changed but the digest of its dump, that is exchanged in the files that are there."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from rostra.build import renaming
from rostra.build.pipeline import build
from rostra.build.renaming import Debate, Renaming, places_of
from rostra.config.site import load_site
from rostra.errors import Disturbed
from rostra.output.manifest import Standing
from rostra.output.report import Written
from rostra.output.writer import OutputFile, Writer
from rostra.store import made_files
from rostra.store.made_files import MadeFiles, Pages
from support.changing_site import Archive, copied, files

OLD, NEW = "a" * 64, "b" * 64
TEXTS = {"one.html": f"<p>{OLD} and {NEW} and {OLD}</p>", "two.png": "x", "three.json": f'"{OLD}"'}


@pytest.fixture(params=["here", "by programs"])
def _where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "by programs":
        monkeypatch.setattr(renaming, "FEW", 0)


def written(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """The files of a build, with their digests."""
    with Writer(folder / "public", folder / "kept") as writer:
        for path, text in texts.items():
            writer.put(OutputFile(path, text.encode()))
    return {path: sha256(text.encode()).hexdigest() for path, text in texts.items()}


def exchanged(
    folder: Path,
    files: dict[str, str],
    *,
    expected: tuple[str, ...] = (NEW, OLD),
    fails: bool = False,
    standing: Standing | None = None,
) -> tuple[Written | None, Pages]:
    """What a build did that exchanges both names in those files, and what it noted."""
    base = sqlite3.connect(":memory:")
    base.executescript(made_files.TABLES)
    noted = MadeFiles(base)
    found = {path: places_of([OLD, NEW], text.encode()) for path, text in TEXTS.items()}
    naming = {path: found[path] for path in files if found[path]}
    noted.note_pages("debate", Pages(files=files, sums=(OLD, NEW), naming=naming))
    with Writer(folder / "public", folder / "kept", standing) as writer, Renaming(noted, writer) as names:
        names.expect([("debate", expected)])
        names.add("debate", names.pages("debate"), (NEW, OLD))
        names.finish()
        if fails:
            raise RuntimeError
    return writer.written, noted.pages("debate")


@pytest.mark.usefixtures("_where")
def test_a_name_is_exchanged_where_it_stands_and_nothing_else_is_touched(tmp_path: Path) -> None:
    files = written(tmp_path, TEXTS)
    before = (tmp_path / "public/two.png").stat().st_mtime_ns
    told, noted = exchanged(tmp_path, files)
    assert (tmp_path / "public/one.html").read_text() == f"<p>{NEW} and {OLD} and {NEW}</p>"
    assert (tmp_path / "public/three.json").read_text() == f'"{NEW}"'
    assert noted.files == {name: sha256((tmp_path / "public" / name).read_bytes()).hexdigest() for name in files}
    assert noted.sums == (NEW, OLD)
    assert told is not None
    assert told.changed == ("one.html", "three.json")
    assert (tmp_path / "public/two.png").stat().st_mtime_ns == before


@pytest.mark.usefixtures("_where")
def test_a_name_is_not_exchanged_where_the_build_fails(tmp_path: Path) -> None:
    files = written(tmp_path, TEXTS)
    with pytest.raises(RuntimeError):
        exchanged(tmp_path, files, fails=True)
    assert {path: (tmp_path / "public" / path).read_text() for path in TEXTS} == TEXTS


@pytest.mark.usefixtures("_where")
def test_what_is_not_where_it_was_noted_is_left_as_it_is(tmp_path: Path) -> None:
    files = written(tmp_path, TEXTS)
    page = tmp_path / "public/one.html"
    page.write_text(f"<h1>{OLD} and {NEW} and {OLD}</h1>")
    _, noted = exchanged(tmp_path, files)
    assert page.read_text() == f"<h1>{OLD} and {NEW} and {OLD}</h1>"
    assert noted.files["one.html"] == sha256(page.read_bytes()).hexdigest()


@pytest.mark.usefixtures("_where")
def test_nothing_is_written_into_a_file_that_somebody_changed_since_it_was_looked_at(tmp_path: Path) -> None:
    files, page = written(tmp_path, TEXTS), tmp_path / "public/one.html"
    standing = Standing(tmp_path / "public", tmp_path / "kept")
    assert standing.look.holds(str(page))
    theirs = TEXTS["one.html"].replace(" and ", " or  ")
    page.write_text(theirs)
    with pytest.raises(Disturbed, match=r"one\.html was changed by another program"):
        exchanged(tmp_path, files, standing=standing)
    assert page.read_text() == theirs


@pytest.mark.usefixtures("_where")
def test_nothing_is_expected_of_a_debate_that_has_other_dumps_now(tmp_path: Path) -> None:
    files = written(tmp_path, TEXTS)
    told, noted = exchanged(tmp_path, files, expected=(NEW,))
    assert (tmp_path / "public/three.json").read_text() == f'"{NEW}"'
    assert noted.sums == (NEW, OLD)
    assert told is not None
    assert told.changed == ("one.html", "three.json")


def test_what_a_program_does_not_do_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "FEW", 0)
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    exchanged(tmp_path, written(tmp_path, TEXTS))
    assert (tmp_path / "public/three.json").read_text() == f'"{NEW}"'


@pytest.mark.usefixtures("_where")
def test_of_a_mailbox_that_grows_each_debate_is_as_if_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanged, expected = list[str](), list[str]()

    def exchange(self: Renaming, debate: Debate, answers: Iterable[str]) -> None:
        exchanged.append(debate.id)
        Renaming._exchange(self, debate, answers)

    def begin(self: Renaming, debates: Sequence[Debate]) -> None:
        expected.extend(debate.id for debate in debates)
        Renaming._begin(self, debates)

    told = type("Told", (Renaming,), {"_exchange": exchange, "_begin": begin})
    monkeypatch.setattr("rostra.build.pipeline.Renaming", told)
    archive = Archive(tmp_path / "site", random.Random(11))
    build(load_site(archive.root))
    for step in range(6):
        archive.mail()
        build(load_site(archive.root))
        build(load_site(copied(archive.root, tmp_path / f"anew-{step}")))
        assert files(archive.root / "public") == files(tmp_path / f"anew-{step}/public")
    assert exchanged
    if renaming.FEW == 0:
        # Some of which that was expected had changed.
        assert len(exchanged) < len(expected)


def test_of_two_dumps_that_were_the_same_only_the_one_that_grew_is_called_otherwise(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    mill, copy = tmp_path / "content/mill.jsonl", tmp_path / "content/copy.jsonl"
    lines = [
        f'{{"id": {n}, "thread": "{n}", "parent": null, "author": "ada", "created": "2024-03-0{n}T09:00:00Z", "body": "Day {n}, the gate of the mill stays shut."}}\n'
        for n in range(1, 4)
    ]
    mill.write_text("".join(lines[:2]))
    copy.write_text("".join(lines[:2]))
    build(load_site(tmp_path))
    mill.write_text("".join(lines))
    build(load_site(tmp_path))
    told = json.loads((tmp_path / "public/debates/1/thread.json").read_text())
    sums = {each["path"]: each["sha256"] for each in (told["source"], *told["other_sources"])}
    assert sums == {f"content/{path.name}": sha256(path.read_bytes()).hexdigest() for path in (mill, copy)}
