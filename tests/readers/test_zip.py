"""Archives are read as the folders that they hold, and nothing of them is unpacked."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card
from rostra.config.site import load_site
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump, choose
from rostra.readers.dumps.zipped import ZipArchive

SEEDS = Path(__file__).parent.parent.parent / "seeds"
ENVELOPE = "From a@x.example Mon Mar  4 09:00:00 2024\n"
MESSAGE = '[{"type": "message", "ts": "1709542800.000100", "username": "Ada", "text": "Who opened it?"}]'


def packed(folder: Path, archive: Path) -> Path:
    with ZipFile(archive, "w", ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            out.write(path, path.relative_to(folder))
    return archive


def said(dump: Dump) -> list[tuple[str | None, list[str]]]:
    return [(thread.native_id, [post.raw.body for post in thread.posts]) for thread in read_threads(dump, Card())]


@pytest.mark.parametrize("sample", ["slack/mill", "telegram", "whatsapp"])
def test_an_archive_says_what_its_folder_says(sample: str, tmp_path: Path) -> None:
    dump = packed(SEEDS / sample, tmp_path / "dump.ZIP")
    assert said(Dump(dump)) == said(Dump(SEEDS / sample))
    assert [path.name for path in tmp_path.iterdir()] == ["dump.ZIP"]


def mail(number: int, above: int = 0) -> str:
    reply = f"In-Reply-To: <{above}@x.example>\n" if above else ""
    return f"From: Ada <a@x.example>\nDate: Mon, 4 Mar 2024 09:00:0{number} +0000\nSubject: Gate\nMessage-ID: <{number}@x.example>\n{reply}\nSaid {number}.\n"


@pytest.mark.parametrize(
    "files",
    [
        {"a.mbox": f"{ENVELOPE}{mail(1)}\n{ENVELOPE}{mail(2, 1)}"},
        {"mail/a.mbox": f"{ENVELOPE}{mail(1)}", "mail/b.mbox": f"{ENVELOPE}{mail(2, 1)}"},
        {"box/cur/1": mail(1), "box/new/2": mail(2, 1), "box/new/empty": ""},
    ],
)
def test_mail_in_an_archive_is_read(files: dict[str, str], tmp_path: Path) -> None:
    with ZipFile(tmp_path / "mail.zip", "w", ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name, text)
    assert said(Dump(tmp_path / "mail.zip")) == [("<1@x.example>", ["Said 1.", "Said 2."])]


def test_what_is_no_archive_of_a_format_is_refused(tmp_path: Path) -> None:
    packed(SEEDS / "rostra", tmp_path / "other.zip")
    (tmp_path / "text.zip").write_text("Who opened it?\n", encoding="utf-8")
    assert choose(Dump(tmp_path / "text.zip")).NAME == "text"
    with pytest.raises(UnreadableDump):
        choose(Dump(tmp_path / "other.zip"))


def slack(archive: Path, **more: str) -> Path:
    with ZipFile(archive, "w", ZIP_DEFLATED) as out:
        for name, text in {"users.json": "[]", "channels.json": "[]", "gate/1.json": MESSAGE, **more}.items():
            out.writestr(name, text)
    return archive


@pytest.mark.parametrize("name", ["../up.json", "/etc/up.json", "gate/../../up.json"])
def test_a_name_that_leads_out_is_told_and_not_read(name: str, tmp_path: Path) -> None:
    (thread,) = read_threads(Dump(slack(tmp_path / "dump.zip", **{name: MESSAGE})), Card())
    assert [(problem.code, "outside of the archive" in problem.message) for problem in thread.problems] == [
        ("refused", True)
    ]
    assert len(thread.posts) == 1


def test_what_is_hidden_or_of_a_system_alone_is_passed_over(tmp_path: Path) -> None:
    more = {"__MACOSX/gate/._1.json": "{", "gate/.hidden.json": "{"}
    (thread,) = read_threads(Dump(slack(tmp_path / "dump.zip", **more)), Card())
    assert thread.problems == ()


@pytest.mark.parametrize(
    ("size", "fits"), [((1 << 20) - len(MESSAGE) - 4, True), ((1 << 20) - len(MESSAGE) - 3, False)]
)
def test_no_more_comes_out_than_the_limit(size: int, fits: bool, tmp_path: Path) -> None:
    more = {"gate/2.json": " " * (size - 2) + "[]", "gate/film.mp4": " " * (2 << 20)}
    dump = slack(tmp_path / "dump.zip", **more)
    archive = ZipArchive(dump, "dump.zip", 1 << 20)
    files = [path for path, _ in archive.within() if path.suffix == ".json"]
    if fits:
        assert sum(len(archive.open(path).read()) for path in files) == 1 << 20
        assert len(archive.open(files[0]).read()) > 0
    else:
        with pytest.raises(UnreadableDump, match="more than 1 MiB"):
            [archive.open(path) for path in files]


def test_half_of_an_archive_is_refused(tmp_path: Path) -> None:
    whole = packed(SEEDS / "slack/mill", tmp_path / "dump.zip")
    whole.write_bytes(whole.read_bytes()[:200])
    with pytest.raises(UnreadableDump, match="cannot be read"):
        said(Dump(whole))


def test_a_damaged_file_within_is_told(tmp_path: Path) -> None:
    whole = slack(tmp_path / "dump.zip")
    data = bytearray(whole.read_bytes())
    at = data.index(b"gate/1.json") + len(b"gate/1.json")
    data[at : at + 8] = bytes(8)
    whole.write_bytes(bytes(data))
    with pytest.raises(UnreadableDump):
        said(Dump(whole))


def test_a_site_builds_from_an_archive_and_sees_it_change(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    slack(tmp_path / "content/ws.zip")
    build(load_site(tmp_path))
    page = tmp_path / "public/debates/gate-2024-03-04/index.html"
    assert "Who opened it?" in page.read_text(encoding="utf-8")
    slack(
        tmp_path / "content/ws.zip",
        **{"gate/2.json": MESSAGE.replace("Who opened it?", "I did.").replace(".0001", ".0002")},
    )
    build(load_site(tmp_path))
    assert "I did." in page.read_text(encoding="utf-8")
    shutil.rmtree(tmp_path / "public")


def test_the_list_of_an_archive_is_read_once_not_for_each_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise three thousand empty files take half a minute; a file that was replaced meanwhile is read anew."""
    read = list[Path]()

    class Counted(ZipFile):
        def __init__(self, file: Path) -> None:
            read.append(file)
            super().__init__(file)

    monkeypatch.setattr("rostra.readers.dumps.zipped.ZipFile", Counted)
    for count in (20, 10):
        with ZipFile(tmp_path / "a.zip", "w") as out:
            for number in range(count):
                out.writestr(f"{number:02}.txt", f"said {number} of {count}")
        files = list(Dump(tmp_path / "a.zip").files())
        assert [file.head.decode() for file in files] == [f"said {n} of {count}" for n in range(count)]
        assert len(read) == 2  # to list the files, and to read them
        read.clear()
