"""What a dump may be: sizes, compressed files, pipes, devices, and links that lead elsewhere."""

from __future__ import annotations

import gzip
import json
import os
import resource
import socket
import subprocess
import sys
from contextlib import chdir
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card
from rostra.config.site import Limits, load_site
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.packed import bounded_lines, unpacked
from rostra.readers.dumps.special_files import is_sparse

MEBIBYTE = 1 << 20
SMALL = Limits(post=1, record=1, text=1, json=1, unpacked=1)
POST = '{"id": "1", "parent": null, "body": "An innocent word."}\n'
HAND = "# T\n\n## [1] ada\n\nAn innocent word.\n"


def read(path: Path, limits: Limits = SMALL) -> tuple[int, list[str]]:
    """How many posts a dump has, and the codes of its problems."""
    found = list(read_threads(Dump(path, limits=limits), Card()))
    return sum(len(each.posts) for each in found), [problem.code for each in found for problem in each.problems]


@pytest.mark.parametrize(("more", "fails"), [(0, False), (1, True)])
def test_a_text_that_is_read_whole_has_a_limit_that_its_failure_names(tmp_path: Path, more: int, fails: bool) -> None:
    path = tmp_path / "x.md"
    path.write_text(HAND + "x" * (MEBIBYTE - len(HAND) + more))
    if not fails:
        assert read(path)[0] == 1
        return
    with pytest.raises(UnreadableDump) as raised:
        read(path)
    assert raised.value.hint is not None
    assert "`text`" in raised.value.hint
    assert read(path, Limits(text=2, post=2))[0] == 1


@pytest.mark.parametrize(("more", "codes"), [(0, []), (1, ["too-long"])])
def test_a_line_that_is_too_long_is_left_out_and_the_next_is_read(tmp_path: Path, more: int, codes: list[str]) -> None:
    path = tmp_path / "x.jsonl"
    line = '{"id": "2", "parent": "1", "body": "y", "x": "' + "x" * MEBIBYTE
    path.write_text(POST + line[: MEBIBYTE + more - 3] + '"}\n' + POST.replace('"1"', '"3"'))
    posts, found = read(path)
    assert [code for code in found if code == "too-long"] == codes
    assert posts >= 2


@pytest.mark.parametrize(("more", "codes"), [(0, []), (1, ["too-long"])])
def test_a_message_that_is_too_long_is_cut_and_the_next_is_read(tmp_path: Path, more: int, codes: list[str]) -> None:
    head = "From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\nSubject: s\nMessage-ID: <{}@x>\n\n"
    path = tmp_path / "x.mbox"
    first = head.format(1)
    path.write_text(
        first + "x\n" * ((MEBIBYTE - len(first)) // 2) + "y" * more + "\n" * bool(more) + head.format(2) + "z\n"
    )
    posts, found = read(path, Limits(post=2, record=1))
    assert (posts, found) == (2, codes)


def test_long_lines_are_told_with_their_size() -> None:
    assert list(bounded_lines(BytesIO(b"ab\nabc\nabcd\nabcdefghi"), 3)) == [
        (b"ab\n", 3),
        (b"abc", 4),
        (b"abc", 5),
        (b"abc", 9),
    ]
    assert list(bounded_lines(BytesIO(b"ab"), 2)) == [(b"ab", 2)]


@pytest.mark.parametrize("pack", ["gzip", "zstd"])
@pytest.mark.parametrize(("more", "fails"), [(0, False), (1, True)])
def test_no_more_than_a_limit_comes_out_of_a_compressed_file(tmp_path: Path, pack: str, more: int, fails: bool) -> None:
    path = tmp_path / "x"
    path.write_bytes(packed(b"x" * (5 * MEBIBYTE + more), pack))
    with unpacked(path.open("rb"), 5 * MEBIBYTE, "x") as stream:
        if fails:
            with pytest.raises(UnreadableDump, match="more than 5 MiB"):
                stream.read()
        else:
            assert len(stream.read()) == 5 * MEBIBYTE


@pytest.mark.parametrize("pack", ["gzip", "zstd"])
def test_a_compressed_file_that_is_cut_short_gives_what_is_whole_and_says_so(tmp_path: Path, pack: str) -> None:
    path = tmp_path / "x.jsonl"
    rows = "".join(POST.replace('"1"', f'"{n}"').replace("word", os.urandom(40).hex()) for n in range(3_000))
    path.write_bytes(packed(rows.encode(), pack)[:-60_000])
    posts, found = read(path, Limits())
    assert 0 < posts < 3_001
    assert "truncated" in found


@pytest.mark.parametrize(("log", "fails"), [(27, False), (31, True)])
def test_a_frame_that_asks_for_much_more_memory_than_it_holds_is_refused(tmp_path: Path, log: int, fails: bool) -> None:
    from backports import zstd

    options = {zstd.CompressionParameter.window_log: log, zstd.CompressionParameter.enable_long_distance_matching: 1}
    path = tmp_path / "x.jsonl"
    compressor = zstd.ZstdCompressor(options=options)
    path.write_bytes(compressor.compress(POST.encode()) + compressor.flush())
    if not fails:
        assert read(path)[0] == 1
        return
    with pytest.raises(UnreadableDump, match="asks for more memory"):
        read(path)
    assert read(path, Limits(unpacked=16_384))[0] == 1


def packed(data: bytes, pack: str) -> bytes:
    from backports import zstd

    return gzip.compress(data) if pack == "gzip" else zstd.compress(data)


def test_an_attack_is_refused_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb.jsonl").write_bytes(packed(POST.encode() + b" " * (64 * MEBIBYTE), "zstd") * 20)
    (tmp_path / "line.jsonl").write_text(POST)
    with (tmp_path / "line.jsonl").open("ab") as file:
        file.truncate(1 << 30)
    (tmp_path / "dense.json").write_bytes(b'{"post_stream": {"posts": [' + b"[]," * (40 * MEBIBYTE))
    code = "import sys\nsys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\nfrom rostra.config.cards import Card\nfrom rostra.errors import RostraError\nfrom rostra.readers import Dump\nfrom rostra.ingest.dump_threads import read_threads as threads\ntry:\n    print(sum(len(each.posts) for each in threads(Dump(Path(sys.argv[2])), Card())))\nexcept RostraError as error:\n    print(error.hint)\n"

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    for name in ("bomb.jsonl", "line.jsonl", "dense.json"):
        command = [sys.executable, "-c", code, str(Path(__file__).parent.parent), str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limited)
        assert done.returncode == 0, f"{name}: {done.stderr[-300:]}"
        assert done.stdout.strip(), name


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_never_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    made(path, kind)
    for look in (
        lambda: Dump(path).open(),
        lambda: Dump(path).sha256,
        lambda: Dump(path).is_packed,
        lambda: Dump(path).head,
    ):
        with pytest.raises(UnreadableDump, match="not a file"):
            look()


def made(path: Path, kind: str) -> None:
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            # The address of a socket has few bytes, whatever folder tests have.
            with socket.socket(socket.AF_UNIX) as server, chdir(path.parent):
                server.bind(path.name)
        case _:
            path.symlink_to("/dev/zero")


def site(folder: Path, **files: str) -> Path:
    (folder / "site/content").mkdir(parents=True)
    (folder / "site/rostra.toml").write_text('title = "T"\n')
    for name, text in {"innocent": POST, **files}.items():
        (folder / f"site/content/{name}.jsonl").write_text(text)
    return folder / "site"


@pytest.mark.parametrize("name", ["x.jsonl", "x.toml", "x.md"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_in_a_content_folder_it_is_a_failure_and_the_others_are_built(tmp_path: Path, kind: str, name: str) -> None:
    root = site(tmp_path)
    # It is unknown what a card that cannot be read hides; what was published stays.
    build(load_site(root))
    made(root / "content" / name, kind)
    report = build(load_site(root))
    assert [failure.path for failure in report.failures] == [f"content/{name}"]
    assert (root / "public/debates/innocent/index.html").exists()


PLACES = {
    "pipe": os.mkfifo,
    "link out": lambda path: path.symlink_to("/dev/null"),
    "broken link": lambda path: path.symlink_to("gone"),
    "loop": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("card", ["", 'title = "T"\n', 'withdrawn = "x"\n', "draft = true\n", 'withdrawn = "x\n'])
def test_in_the_place_of_a_dump_it_keeps_the_debate_unless_a_card_hides_it(
    tmp_path: Path, kind: str, card: str
) -> None:
    root = site(tmp_path, gate=POST.replace("innocent", "secret"))
    build(load_site(root))
    (root / "content/gate.jsonl").unlink()
    PLACES[kind](root / "content/gate.jsonl")
    if card:
        (root / "content/gate.toml").write_text(card)
    report = build(load_site(root))
    assert "content/gate.jsonl" in [failure.path for failure in report.failures]
    # Whatever is there, the address is not gone.
    page = (root / "public/debates/gate/index.html").read_text()
    assert ("secret" in page) == (card in ("", 'title = "T"\n'))
    assert any(b"secret" in path.read_bytes() for path in (root / "public").rglob("*.html")) == ("secret" in page)
    assert (root / "public/debates/innocent/index.html").exists()


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("card", ['withdrawn = "x"\n', "draft = true\n"])
@pytest.mark.parametrize("name", ["gate.toml", "other.toml"])
def test_in_the_place_of_a_card_it_publishes_nothing_that_the_card_hid(
    tmp_path: Path, kind: str, card: str, name: str
) -> None:
    root = site(tmp_path, gate=POST.replace("innocent", "secret"))
    (root / "content" / name).write_text(f'dump = "gate.jsonl"\n{card}')
    build(load_site(root))
    (root / "content" / name).unlink()
    PLACES[kind](root / "content" / name)
    report = build(load_site(root))
    assert [failure.path for failure in report.failures] == [f"content/{name}"]
    assert not any(b"secret" in path.read_bytes() for path in (root / "public").rglob("*") if path.is_file())
    assert (root / "public/debates/innocent/index.html").exists()


def test_links_stay_within_the_content_folders(tmp_path: Path) -> None:
    root = site(tmp_path)
    (tmp_path / "secret.jsonl").write_text(POST.replace("innocent", "secret"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/y.jsonl").write_text(POST.replace("innocent", "secret"))
    (root / "content/within").mkdir()
    (root / "content/within/z.jsonl").write_text(POST.replace('"1"', '"9"'))
    for name, target in {
        "a.jsonl": tmp_path / "secret.jsonl",
        "b": tmp_path / "folder",
        "c.jsonl": "within/z.jsonl",
    }.items():
        (root / "content" / name).symlink_to(target)
    report = build(load_site(root))
    assert sorted(str(failure.path) for failure in report.failures) == ["content/a.jsonl", "content/b"]
    assert all("content" in (failure.hint or "") for failure in report.failures)
    everything = b"".join(path.read_bytes() for path in (root / "public").rglob("*.html"))
    assert b"secret" not in everything
    # Once it is a content folder too, it is meant.
    (root / "rostra.toml").write_text(f'title = "T"\ncontent = ["content", {json.dumps(str(tmp_path / "folder"))}]\n')
    assert [failure.path for failure in build(load_site(root)).failures] == ["content/a.jsonl"]


def test_a_card_beside_a_link_that_leads_out_publishes_nothing(tmp_path: Path) -> None:
    root = site(tmp_path)
    (tmp_path / "secret.jsonl").write_text(POST.replace("innocent", "secret"))
    (root / "content/a.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (root / "content/a.toml").write_text('title = "A"\n')
    assert "content/a.jsonl" in [failure.path for failure in build(load_site(root)).failures]
    assert not any(b"secret" in path.read_bytes() for path in (root / "public").rglob("*.html"))


def test_within_a_folder_that_is_a_dump_they_are_problems(tmp_path: Path) -> None:
    folder = tmp_path / "mail/cur"
    folder.mkdir(parents=True)
    (folder / "1").write_text("From: A <a@b.example>\nSubject: s\nMessage-ID: <1@x>\nDate: x\n\nAn innocent word.\n")
    (tmp_path / "secret").write_text((folder / "1").read_text().replace("1@x", "2@x"))
    os.mkfifo(folder / "pipe")
    (folder / "away").symlink_to(tmp_path / "secret")
    (folder / "here").symlink_to("1")
    (folder / "nowhere").symlink_to("gone")
    posts, found = read(tmp_path / "mail")
    assert posts == 1
    assert found.count("refused") == 3


@pytest.mark.parametrize("target", ["..", "../..", "/", "."])
def test_a_link_to_a_folder_above_takes_no_dump_away(tmp_path: Path, target: str) -> None:
    root = site(tmp_path / "a")
    (root / "content/up").symlink_to(target)
    report = build(load_site(root))
    assert [failure.path for failure in report.failures] == ([] if target == "." else ["content/up"])
    assert report.threads == 1


@pytest.mark.parametrize(
    ("size", "blocks", "sparse"),
    [
        (1 << 32, (1 << 32) // 512 // 256, True),
        (1 << 32, (1 << 32) // 512 // 256 + 1, False),
        ((1 << 32) - 1, 0, False),
        (1 << 40, 8, True),
        (0, 0, False),
    ],
)
def test_a_large_file_of_which_almost_nothing_is_stored_is_sparse(size: int, blocks: int, sparse: bool) -> None:
    about = SimpleNamespace(st_size=size, st_blocks=blocks)
    assert is_sparse(cast("os.stat_result", about)) is sparse


def test_a_file_of_holes_is_a_failure(tmp_path: Path) -> None:
    root = site(tmp_path)
    with (root / "content/holes.jsonl").open("wb") as file:
        file.truncate(1 << 33)
    report = build(load_site(root))
    assert [(failure.path, failure.message) for failure in report.failures] == [
        ("content/holes.jsonl", "it is a file of holes, not of data")
    ]
    assert report.threads == 1


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_of_holes_is_not_read_through_a_link_or_by_its_name(tmp_path: Path, linked: bool) -> None:
    holes = tmp_path / ".holes"
    with holes.open("wb") as file:
        file.truncate(1 << 33)
    (tmp_path / "holes.jsonl").symlink_to(holes)
    folder = Dump(tmp_path, roots=(tmp_path.resolve(),))
    assert [(problem.code, problem.message) for problem in folder.refused] == [
        ("refused", "holes.jsonl is not read: it is a file of holes, not of data")
    ]
    with pytest.raises(UnreadableDump, match="this is a file of holes, not of data"):
        Dump(tmp_path / "holes.jsonl" if linked else holes).open()


@pytest.mark.parametrize("target", [".", "..", "../content"])
def test_dumps_are_no_media_though_addresses_are_mapped_to_their_folder(tmp_path: Path, target: str) -> None:
    root = site(tmp_path, other=POST.replace("innocent", "other"))
    (root / "content/innocent.toml").write_text(f'media = {{"https://mill.example/" = "{target}"}}\n')
    assert build(load_site(root)).threads == 2
