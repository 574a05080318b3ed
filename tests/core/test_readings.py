"""What an earlier version of Rostra read as a post is found again where this version reads another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site
from rostra.identity import ledger_file, registry
from rostra.identity.ledger import READING
from rostra.model import Author, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.text import text
from support.host_server import BareServer, Reader

SAID = {
    "Ada": "Who opened the upper gate?",
    "Bede": "Me.",
    "Cy": "Nobody saw you do it, and the gate has been shut since the frost.",
    "Dot": "Who opened the upper gate? So he says.",
}
PAGE = "Skip to content\n\n" + "".join(
    f"{name}\n1 day ago\n\n{said}\n\n3\nReply\nShare ›\n\n" for name, said in SAID.items()
)


def worse(dump: Dump) -> Iterator[RawThread]:
    """As a version reads it that takes buttons, and the next one's name, for words."""
    lines = dump.text()[0].split("\n")
    heads = [n for n, line in enumerate(lines) if line == "1 day ago"]
    posts = [
        RawPost(
            key=str(n), parent=str(heads[0]) if n != heads[0] else None, line=n + 1, body="\n".join(lines[n + 1 : end])
        )
        for n, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]
    yield RawThread(posts=tuple(posts))


def better(dump: Dump) -> Iterator[RawThread]:
    """As it is, with other words, authors and parents, so that nothing of a post is what it was."""
    lines = dump.text()[0].split("\n")
    posts, last = [], None
    for name, said in SAID.items():
        if name in lines:
            posts.append(
                RawPost(key=name, parent=last, author=Author(name=name), line=lines.index(name) + 1, body=said)
            )
            last = name
    yield RawThread(posts=tuple(posts))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that an earlier version built."""
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    (tmp_path / "content/gate.txt").write_text(PAGE)
    monkeypatch.setattr(text, "read", worse)
    build(load_site(tmp_path))
    shutil.rmtree(tmp_path / ".rostra")
    monkeypatch.setattr(text, "read", better)
    return tmp_path


@pytest.fixture
def raised(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that says that it reads otherwise."""
    for module in (ledger_file, registry):
        monkeypatch.setattr(module, "READING", READING + 1)


def posts(site: Path) -> dict[str, str]:
    """The posts of the page by their words."""
    page = Reader(BareServer(site / "public"))
    page.follow("/debates/gate/index.html")
    (elements,) = page.named.values()
    found = {}
    for id, element in elements.items():
        if element.tag == "article":
            body = element.find("./div[@class='body e-content']")
            found[" ".join(body.text_content().split())] = id
    return found


def arrived(site: Path, id: str) -> str | None:
    arrival = Reader(BareServer(site / "public")).follow(f"/debates/gate/index.html#{id}")
    assert arrival is not None
    assert arrival.element is not None
    body = arrival.element.find("./div[@class='body e-content']") if arrival.element.tag == "article" else None
    return None if body is None else " ".join(body.text_content().split())


@pytest.mark.usefixtures("raised")
def test_a_version_that_reads_otherwise_keeps_every_address(site: Path) -> None:
    before = posts(site)
    build(load_site(site))
    assert posts(site) == {
        said: next(id for old, id in before.items() if old.startswith(f"{said} 3 ")) for said in SAID.values()
    }
    written = (site / LEDGER).read_bytes(), {p: p.read_bytes() for p in (site / "public").rglob("*") if p.is_file()}
    assert f"# reading {READING + 1}\n".encode() in written[0]
    shutil.rmtree(site / ".rostra")
    build(load_site(site))
    assert (
        (site / LEDGER).read_bytes(),
        {p: p.read_bytes() for p in (site / "public").rglob("*") if p.is_file()},
    ) == written


@pytest.mark.usefixtures("raised")
def test_a_file_that_is_renamed_meanwhile_is_still_the_debate(site: Path) -> None:
    before = posts(site)
    (site / "content/gate.txt").rename(site / "content/weir.txt")
    build(load_site(site))
    assert set(posts(site).values()) == set(before.values())


@pytest.mark.usefixtures("raised")
def test_two_copies_of_a_page_keep_the_addresses_of_both(site: Path) -> None:
    build(load_site(site))
    before = posts(site)
    more = PAGE + "Eve\n1 day ago\n\nI shut it again at noon.\n\n1\nReply\n"
    (site / "content/gate-2.txt").write_text(more.replace("1 day", "2 days").replace("2 days", "1 day"))
    build(load_site(site))
    assert before.items() <= posts(site).items()


def test_within_one_version_a_post_that_is_gone_is_gone_whoever_repeats_its_words(site: Path) -> None:
    build(load_site(site))
    (id,) = (id for said, id in posts(site).items() if said == SAID["Ada"])
    # Ada's post is gone, and its words are a sentence of Dot's.
    (site / "content/gate.txt").write_text(PAGE.replace(f"Ada\n1 day ago\n\n{SAID['Ada']}\n", "", 1))
    build(load_site(site))
    assert arrived(site, id) is None


@pytest.mark.usefixtures("raised")
def test_as_long_as_a_dump_cannot_be_read_its_ledger_is_of_the_earlier_version(
    site: Path,
) -> None:
    (site / "content/gate.toml").write_text('format = "mail"\n')
    (site / "content/other.txt").write_text("Eve\n1 day ago\n\nI shut it.\n")
    assert build(load_site(site)).failures
    assert f"# reading {READING}\n" in (site / LEDGER).read_text()
    (site / "content/gate.toml").unlink()
    assert not build(load_site(site)).failures
    assert f"# reading {READING + 1}\n" in (site / LEDGER).read_text()


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("", 0),
        ("# reading 7\n", 7),
        # Two branches that were merged.
        ("# reading 3\n# reading 2\n", 2),
        ("# reading 12345678901\n", 0),
        ("# I was reading 5 of it\n", 0),
    ],
)
def test_a_ledger_says_which_version_read_what_it_knows(tmp_path: Path, heading: str, number: int) -> None:
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    (tmp_path / LEDGER).write_text(heading + "gate @ gate.txt\ngate p-1 - abcdefghij - - -\n")
    ledger_file.load_ledger(base, tmp_path / LEDGER)
    assert base.execute("SELECT number FROM reading").fetchall() == [(number,)]


def test_where_there_is_no_ledger_nothing_was_read_earlier(tmp_path: Path) -> None:
    import sqlite3

    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    ledger_file.load_ledger(base, tmp_path / LEDGER)
    assert base.execute("SELECT number FROM reading").fetchall() == [(READING,)]
