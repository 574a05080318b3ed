"""Files are fetched politely, once, and as what they are: against a real server on the loopback interface."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rostra.media.download import Downloader
from rostra.media.downloads import PROVENANCE, Downloads, Provenance
from support.media_servers import Server
from support.sample_pictures import picture

GATE = picture("PNG", (300, 200))


class Run:
    """A run of the downloader with a clock of its own, which sleeping moves."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.now = 1_709_283_600.0
        self.slept: list[float] = []
        self.told: dict[str, str] = {}
        self.folder = folder
        self.downloader = Downloader(folder, private=True, clock=lambda: self.now, sleep=self.sleep, **more)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def fetch(self, *addresses: str) -> int:
        return self.downloader.fetch(addresses, self.told.__setitem__)

    def lines(self) -> list[Provenance]:
        path = self.folder / PROVENANCE
        return (
            [msgspec.json.decode(line, type=Provenance) for line in path.read_bytes().splitlines()]
            if path.exists()
            else []
        )


def test_a_file_is_kept_with_where_it_is_from_and_not_asked_for_again(tmp_path: Path, server: Server) -> None:
    server.answers["/a.png"] = [(200, {"Content-Type": "image/png"}, GATE)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png") == 1
    digest = sha256(GATE).hexdigest()
    assert run.lines() == [
        Provenance(
            address=f"{server.at}/a.png",
            time="2024-03-01T09:00:00Z",
            digest=digest,
            size=len(GATE),
            media_type="image/png",
        )
    ]
    found = Downloads(tmp_path).find(f"{server.at}/a.png")
    assert found
    assert found.read_bytes() == GATE
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 0
    assert server.paths() == ["/a.png"]
    assert all("rostra/" in headers["User-Agent"] for _, headers in server.asked)


def test_what_robots_txt_forbids_is_not_asked_for(tmp_path: Path, server: Server) -> None:
    server.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nDisallow: /private/\n")]
    server.answers["/a.png"] = server.answers["/private/b.png"] = [(200, {}, GATE)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/private/b.png", f"{server.at}/a.png") == 1
    assert server.paths() == ["/a.png"]
    assert "robots.txt" in run.told[f"{server.at}/private/b.png"]


@pytest.mark.parametrize(("status", "came"), [(404, 1), (403, 1), (500, 0), (503, 0), (429, 0)])
def test_a_host_whose_robots_txt_is_unknown_is_left_alone(
    tmp_path: Path, server: Server, status: int, came: int
) -> None:
    server.answers["/robots.txt"] = [(status, {}, b"")]
    server.answers["/a.png"] = [(200, {}, GATE)]
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == came
    assert len(server.paths()) == came


def test_there_is_a_pause_between_two_requests(tmp_path: Path, server: Server) -> None:
    server.answers["/a.png"] = server.answers["/b.png"] = [(200, {}, GATE)]
    run = Run(tmp_path, pause=1.5)
    run.fetch(f"{server.at}/a.png", f"{server.at}/b.png")
    assert run.slept == [1.5]


@pytest.mark.parametrize(("asked", "slept", "came"), [(7, [7.0], 2), (60, [60.0], 2), (61, [], 0)])
def test_a_longer_pause_is_kept_if_robots_txt_asks_for_it(
    tmp_path: Path, server: Server, asked: int, slept: list[float], came: int
) -> None:
    server.answers["/robots.txt"] = [(200, {}, f"User-agent: *\nCrawl-delay: {asked}\nAllow: /\n".encode())]
    server.answers["/a.png"] = server.answers["/b.png"] = [(200, {}, GATE)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png", f"{server.at}/b.png") == came
    assert run.slept == slept


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_is_busy_is_asked_when_it_says(tmp_path: Path, server: Server, status: int) -> None:
    server.answers["/a.png"] = [(status, {"Retry-After": "9"}, b""), (200, {}, GATE)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png") == 1
    assert run.slept == [9.0]


@pytest.mark.parametrize("after", [{}, {"Retry-After": "61"}, {"Retry-After": "soon"}])
def test_a_host_that_is_busy_for_long_is_left_alone_for_this_run(
    tmp_path: Path, server: Server, after: dict[str, str]
) -> None:
    server.answers["/a.png"] = [(503, after, b"")]
    server.answers["/b.png"] = [(200, {}, GATE)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png", f"{server.at}/b.png") == 0
    assert server.paths() == ["/a.png"]
    assert run.lines() == []
    assert Run(tmp_path).fetch(f"{server.at}/b.png") == 1


def test_what_was_cut_off_goes_on_where_it_ended(tmp_path: Path, server: Server) -> None:
    half = len(GATE) // 2
    server.answers["/a.png"] = [
        (200, {"ETag": '"v1"', "Content-Length": str(len(GATE))}, GATE[:half]),
        (206, {"ETag": '"v1"', "Content-Range": f"bytes {half}-{len(GATE) - 1}/{len(GATE)}"}, GATE[half:]),
    ]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png") == 0
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 1
    *_, (_, headers) = server.asked
    assert (headers["Range"], headers["If-Range"]) == (f"bytes={half}-", '"v1"')
    found = Downloads(tmp_path).find(f"{server.at}/a.png")
    assert found
    assert found.read_bytes() == GATE


def test_a_file_that_changed_meanwhile_is_fetched_anew(tmp_path: Path, server: Server) -> None:
    server.answers["/a.png"] = [
        (200, {"ETag": '"v1"', "Content-Length": str(len(GATE))}, GATE[:50]),
        (200, {"ETag": '"v2"'}, GATE),
    ]
    Run(tmp_path).fetch(f"{server.at}/a.png")
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 1
    assert Downloads(tmp_path).find(f"{server.at}/a.png").read_bytes() == GATE  # type: ignore[union-attr]  # it came


@pytest.mark.parametrize("tag", [{}, {"ETag": 'W/"v1"'}])
def test_without_a_strong_mark_it_begins_again(tmp_path: Path, server: Server, tag: dict[str, str]) -> None:
    server.answers["/a.png"] = [(200, {**tag, "Content-Length": str(len(GATE))}, GATE[:50]), (200, tag, GATE)]
    Run(tmp_path).fetch(f"{server.at}/a.png")
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 1
    assert "Range" not in server.asked[-1][1]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("more", "came"), [(0, 1), (1, 0)])
def test_a_file_that_is_too_large_is_not_kept(tmp_path: Path, server: Server, more: int, came: int, told: bool) -> None:
    headers = {} if told else {"Content-Length": "", "Connection": "close"}
    server.answers["/a.png"] = [(200, headers, GATE)]
    run = Run(tmp_path, largest=len(GATE) - more)
    assert run.fetch(f"{server.at}/a.png") == came
    assert [bool(each.gone) for each in run.lines()] == [not came]
    assert not list((tmp_path / "parts").iterdir())


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (410, b""), (200, b"<html>Please log in</html>"), (200, b"MZ\x90")]
)
def test_what_is_gone_or_no_picture_is_not_asked_for_again(
    tmp_path: Path, server: Server, status: int, body: bytes
) -> None:
    server.answers["/a.png"] = [(status, {}, body)]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png") == 0
    assert run.lines()[0].gone
    Run(tmp_path).fetch(f"{server.at}/a.png")
    assert server.paths() == ["/a.png"]


@pytest.mark.parametrize("status", [400, 401, 500, 502])
def test_another_answer_may_be_better_tomorrow(tmp_path: Path, server: Server, status: int) -> None:
    server.answers["/a.png"] = [(status, {}, b""), (200, {}, GATE)]
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 0
    assert Run(tmp_path).fetch(f"{server.at}/a.png") == 1


def test_it_follows_a_few_leads_and_says_where_they_ended(tmp_path: Path, server: Server) -> None:
    server.answers["/a.png"] = [(302, {"Location": "/b.png"}, b"")]
    server.answers["/b.png"] = [(200, {}, GATE)]
    server.answers["/round.png"] = [(301, {"Location": "/round.png"}, b"")]
    server.answers["/away.png"] = [(302, {"Location": "file:///etc/passwd"}, b"")]
    run = Run(tmp_path)
    assert run.fetch(f"{server.at}/a.png", f"{server.at}/round.png", f"{server.at}/away.png") == 1
    assert [(each.final, each.gone) for each in run.lines()] == [
        (f"{server.at}/b.png", ""),
        ("", "it redirects too often"),
        ("", "it leads to no address of the web"),
    ]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/a.png", "javascript:alert(1)", "a.png"])
def test_only_addresses_of_the_web_are_asked(tmp_path: Path, address: str) -> None:
    run = Run(tmp_path)
    assert (run.fetch(address), run.told) == (0, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "2130706433"])
def test_this_machine_and_its_network_are_not_asked(tmp_path: Path, host: str, server: Server) -> None:
    told: dict[str, str] = {}
    downloader = Downloader(tmp_path, sleep=lambda _: None)
    assert downloader.fetch([f"http://{host}:{server.server.server_port}/a.png"], told.__setitem__) == 0
    assert server.asked == []


def test_a_line_that_was_cut_off_costs_that_line_only(tmp_path: Path, server: Server) -> None:
    server.answers["/a.png"] = [(200, {}, GATE)]
    Run(tmp_path).fetch(f"{server.at}/a.png")
    with (tmp_path / PROVENANCE).open("ab") as file:
        file.write(b'{"address":"http://x.exa')
    assert Downloads(tmp_path).find(f"{server.at}/a.png")


@pytest.mark.parametrize("digest", ["../../secret", "", "ab" * 31, "AB" * 32, "0" * 64])
def test_the_list_leads_to_nothing_but_saved_files(tmp_path: Path, digest: str) -> None:
    (tmp_path / PROVENANCE).write_bytes(
        msgspec.json.encode(Provenance(address="http://x.example/a", time="", digest=digest))
    )
    assert Downloads(tmp_path).find("http://x.example/a") is None
