"""A host that builds the site replaces none that has debates which the new one lacks."""

from __future__ import annotations

import io
import json
import re
import socket
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.request import Request

import pytest
from click.testing import CliRunner

from rostra import __version__
from rostra.cli import command
from rostra.config.site import load_site
from rostra.errors import RostraError
from rostra.hosts import hosts
from rostra.output.manifest import MANIFEST
from rostra.publish.online import AT_ONCE, MOST, changed_documents, content_at, refuse_unlike_online
from support.folder_server import served
from support.plain_site import fill, listing


def debates(*ids: str, gone: tuple[str, ...] = ()) -> bytes:
    """The list of a site with these debates; of one that is ``gone`` there is a page only."""
    live = {f"debates/{id}/{name}": b"x" for id in ids for name in ("index.html", "thread.json", "citations.bib")}
    return listing(live | {f"debates/{id}/index.html": b"gone" for id in gone})


def site(root: Path, manifest: bytes, address: str = "https://mill.example/a/") -> Path:
    (root / "public").mkdir(parents=True, exist_ok=True)
    (root / "content").mkdir(exist_ok=True)
    (root / "rostra.toml").write_text(f'title = "Mill"\naddress = "{address}"\n')
    (root / "public" / MANIFEST).write_bytes(manifest)
    return root


MANY = tuple(f"d{n:02}" for n in range(20))


@pytest.mark.parametrize(
    ("online", "here", "refused", "compared"),
    [
        (debates("gate", "weir"), debates("gate", "weir"), None, True),
        (debates("gate"), debates("gate", "weir"), None, True),
        (debates("gate", "weir"), debates("gate"), "debates/weir/index.html was published and would be missing", True),
        (debates("gate", gone=("weir",)), debates("gate"), "debates/weir/index.html", True),
        (debates(*MANY), debates(*MANY[2:], gone=MANY[:2]), None, True),
        (debates(*MANY), debates(*MANY[3:], gone=MANY[:3]), "3 of 20 debates would be removed at once", True),
        (None, debates("gate"), None, False),
        (b"", debates("gate"), None, False),
        # The page that a host shows at any address that it lacks.
        (b"<!DOCTYPE html>\n<title>Not found</title>\n", debates("gate"), None, False),
    ],
)
def test_what_is_online_stays_at_its_address(
    tmp_path: Path, online: bytes | None, here: bytes, refused: str | None, compared: bool
) -> None:
    asked = list[str]()

    def read(address: str) -> bytes | None:
        asked.append(address)
        return online

    made = load_site(site(tmp_path, here))
    if refused:
        with pytest.raises(RostraError, match=re.escape(refused)) as raised:
            refuse_unlike_online(made, read)
        assert "in place of `rostra check --online`" in (raised.value.hint or "")
    else:
        assert refuse_unlike_online(made, read) == compared
    assert asked == ["https://mill.example/a/SHA256SUMS"]


def document(*ids: str, kept: tuple[str, ...] = ()) -> bytes:
    said = {"posts": [{"id": id, "text": "x"} for id in ids], "kept": [{"post": id, "thread": "weir"} for id in kept]}
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("online", "here", "refused"),
    [
        (document("p-1", "p-2"), document("p-1", "p-2", "p-3"), None),
        # A post that moved or is gone is listed, with its new address or none.
        (document("p-1", "p-2"), document("p-1", kept=("p-2",)), None),
        (document("p-1", kept=("p-2",)), document("p-1", "p-2"), None),
        (document("p-1", "p-2"), document("p-1", "p-3"), "debates/gate/index.html#p-2 is online and would lead to no post"),
        (document("p-1", kept=("p-2",)), document("p-1"), "debates/gate/index.html#p-2 is online and would lead to no post"),
        (document("p-1", "p-2"), document(), "debates/gate/index.html#p-1 is online and would lead to no post, and 1 more"),
        (document("p-1", "p-2", "p-3"), document(), "debates/gate/index.html#p-1 is online and would lead to no post, and 2 more"),
        # What is online is not there any more, or another file.
        (None, document("p-1"), None),
        (b"<!DOCTYPE html>", document("p-1"), None),
        (b"[1]", document("p-1"), None),
    ],
)  # fmt: skip
def test_posts_that_are_online_stay_at_their_addresses(
    tmp_path: Path, online: bytes | None, here: bytes, refused: str | None
) -> None:
    ours = {"debates/gate/index.html": b"new", "debates/gate/thread.json": here, "debates/weir/thread.json": b"same"}
    theirs = ours | {"debates/gate/index.html": b"old", "debates/gate/thread.json": online or b"unknown"}
    there = {
        "https://mill.example/a/SHA256SUMS": listing(theirs),
        "https://mill.example/a/debates/gate/thread.json": online,
    }
    made = load_site(site(tmp_path, listing(ours)))
    fill(made.output, ours)
    # Only documents that changed are read.
    if refused:
        with pytest.raises(RostraError, match=re.escape(refused)) as raised:
            refuse_unlike_online(made, there.__getitem__)
        assert raised.value.message == refused
        assert "in place of `rostra check --online`" in (raised.value.hint or "")
    else:
        assert refuse_unlike_online(made, there.__getitem__)


@pytest.mark.parametrize(
    ("changed", "compared"), [(0, 0), (1, 1), (MOST, MOST), (MOST + 1, -(-(MOST + 1) // 2)), (3 * MOST, MOST)]
)
def test_so_many_documents_are_compared_at_most_from_all_over_the_archive(changed: int, compared: int) -> None:
    old = {f"debates/d{number:05}/thread.json": f"{number}" for number in range(changed)}
    beside = {
        "debates/list-1.json": "a",
        "debates/d00000/index.html": "b",
        "lists/thread.json": "c",
        "debates/lost/thread.json": "d",
    }
    found = changed_documents(old | beside, dict.fromkeys((*old, *list(beside)[:3]), "new"))
    assert len(found) == compared
    assert set(found) <= set(old)
    assert found[-1:] >= [f"debates/d{changed * 9 // 10:05}/thread.json"] or not changed
    assert changed_documents(old, old) == []
    assert (AT_ONCE, MOST) == (8, 1_000)


@pytest.mark.parametrize("address", ["https://mill.example/a", "https://mill.example/a/"])
def test_an_address_with_or_without_a_slash_is_a_folder(tmp_path: Path, address: str) -> None:
    asked = list[str]()
    made = load_site(site(tmp_path, debates("gate"), address))
    assert not refuse_unlike_online(made, asked.append)
    assert asked == ["https://mill.example/a/SHA256SUMS"]


def test_without_an_address_nothing_is_read(tmp_path: Path) -> None:
    made = load_site(site(tmp_path, debates("gate"), ""))
    assert not refuse_unlike_online(made, lambda _: pytest.fail("it reads"))


def test_content_is_read_or_there_is_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b"all of it")
    with served(tmp_path) as address:
        assert content_at(f"{address}{MANIFEST}") == b"all of it"
        assert content_at(f"{address}nowhere") is None


@pytest.mark.parametrize("code", [401, 403, 410, 500, 503])
def test_a_server_that_does_not_say_is_no_empty_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    monkeypatch.setattr(
        "support.folder_server.Quiet.do_GET", lambda self: BaseHTTPRequestHandler.send_error(self, code)
    )
    with served(tmp_path) as address:
        if code == 410:
            assert content_at(address) is None
            return
        with pytest.raises(RostraError, match=f"cannot be read, so it is not known what is online: {code} "):
            content_at(address)


def test_a_server_that_is_not_there_is_no_empty_site() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(RostraError, match="not known what is online") as raised:
            content_at(f"http://127.0.0.1:{free.getsockname()[1]}/SHA256SUMS")
    assert raised.value.path == "rostra.toml"
    assert "`address` must be where the site is" in (raised.value.hint or "")


def test_a_server_is_told_who_asks_and_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Request, timeout: float | None = None) -> io.BytesIO:
        assert timeout is not None
        return io.BytesIO(f"{asked.full_url} {asked.get_header('User-agent')}".encode())

    monkeypatch.setattr("rostra.publish.online.urlopen", answer)
    assert (
        content_at("https://mill.example/SHA256SUMS")
        == f"https://mill.example/SHA256SUMS rostra/{__version__}".encode()
    )


def test_the_command_compares_and_says_what_it_cannot(tmp_path: Path) -> None:
    """An archive of which a push takes the ledger's lines back, with the dump."""
    there, here = tmp_path / "there", tmp_path / "here"
    for root, names in ((there, ("gate", "weir")), (here, ("gate",))):
        site(root, b"")
        (root / "public" / MANIFEST).unlink()
        for name in names:
            (root / f"content/{name}.md").write_text(
                f"# T\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nThe {name} is shut.\n"
            )
        assert CliRunner().invoke(command, ["build", "--site", str(root)]).exit_code == 0
    with served(there / "public") as address:
        for said, status in ((address, 1), (f"{address}nowhere/", 0), ("", 0)):
            (here / "rostra.toml").write_text(f'title = "Mill"\naddress = "{said}"\n' if said else 'title = "Mill"\n')
            assert CliRunner().invoke(command, ["build", "--site", str(here)]).exit_code == 0
            done = CliRunner().invoke(command, ["check", "--online", "--site", str(here)])
            assert (isinstance(done.exception, RostraError), done.exit_code) == (bool(status), status), done.output
            if not status:
                assert ("nothing is online" if said else "no `address`") in done.output


def test_hosts_that_build_without_a_branch_compare() -> None:
    building = [host for host in hosts().values() if "requirements.txt" in host.files_of_site and not host.branch]
    assert [host.name for host in building] == ["cloudflare", "github", "gitlab", "netlify"]
    for host in building:
        assert "rostra check --online" in "".join(host.files_of_site.values())
