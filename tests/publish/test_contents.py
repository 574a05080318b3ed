"""What a published commit holds is told by its files, and by its list only where that is known to be right."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rostra.output.manifest import MANIFEST
from rostra.publish import contents
from rostra.publish.contents import Contents, trusted, verified
from rostra.publish.difference import Difference
from rostra.publish.git import Git, GitError
from rostra.publish.mark import MARK, PublishMark, encode_mark
from rostra.publish.remote import THERE, Remote
from support.plain_site import PlainHome, listing, sha
from support.site_repository import git

SITE = {"index.html": b"index", "a/b.html": b"page", "empty.txt": b"", "ü b.html": b"name"}
LISTED = SITE | {MANIFEST: listing(SITE)}
DIGESTS = {path: sha(content) for path, content in LISTED.items()}


@pytest.fixture
def remote(plain: PlainHome) -> Remote:
    git("config", "uploadpack.allowFilter", "true", at=plain.remote)
    git("config", "uploadpack.allowAnySHA1InWant", "true", at=plain.remote)
    # A path is no place to leave objects at: it is cloned by the file.
    return Remote(plain.site, f"file://{plain.remote}", "gh-pages")


def seen(remote: Remote) -> str:
    tip = remote.look()
    assert tip
    return tip.commit


def look(remote: Remote, home: PlainHome, here: dict[str, str] | None = None) -> Contents:
    return verified(remote.git, seen(remote), THERE, home.folder / "public", here or {})


def test_of_a_commit_that_was_made_here_the_list_and_the_domain_tell_all(plain: PlainHome, remote: Remote) -> None:
    plain.push(LISTED | {"CNAME": b"mill.example\n", "theirs.html": b"theirs", ".domains": b"mill\n"})
    assert trusted(remote.git, seen(remote)) == Contents(
        files=DIGESTS | {"CNAME": sha(b"mill.example\n"), ".domains": sha(b"mill\n")}
    )
    plain.push({MANIFEST: listing(SITE)})
    assert trusted(remote.git, seen(remote)).files == DIGESTS
    plain.push({"index.html": b"index"})
    assert trusted(remote.git, seen(remote)) == Contents(files={})


def test_a_domain_that_is_a_link_is_none(plain: PlainHome, remote: Remote) -> None:
    plain.push(LISTED)
    place = plain.remote.parent / "theirs"
    (place / "CNAME").symlink_to("index.html")
    git("add", "-A", at=place)
    git("commit", "-q", "-m", "Link", at=place)
    git("push", "-q", str(plain.remote), "HEAD:gh-pages", at=place)
    assert trusted(remote.git, seen(remote)).files == DIGESTS


def test_of_any_other_commit_every_file_is_digested(plain: PlainHome, remote: Remote) -> None:
    plain.push(LISTED | {MARK: encode_mark(PublishMark(version="0.1")), "CNAME": b"mill"})
    assert look(remote, plain) == Contents(files=DIGESTS | {"CNAME": sha(b"mill")})


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"index.html": b"other"}, Difference(changed=("index.html",))),
        ({"new.html": b"other"}, Difference(added=("new.html",))),
        ({"index.html": None}, Difference(removed=("index.html",))),
        ({MANIFEST: listing(SITE | {"CNAME": b"mill"}), "CNAME": b"mill"}, Difference()),
        ({MANIFEST: listing(SITE | {"CNAME": b"mill"}), "CNAME": b"other"}, Difference(changed=("CNAME",))),
        ({MANIFEST: listing(SITE | {"CNAME": b"mill"})}, Difference(removed=("CNAME",))),
        ({MANIFEST: None}, Difference(added=tuple(sorted(SITE)))),
    ],
)
def test_what_differs_from_the_list_is_named(
    plain: PlainHome, remote: Remote, change: dict[str, bytes | None], differs: Difference
) -> None:
    files = {path: content for path, content in {**LISTED, **change}.items() if content is not None}
    plain.push(files)
    found = look(remote, plain)
    assert found.differs == differs
    assert found.files == {path: sha(content) for path, content in files.items()}


@pytest.mark.parametrize("kind", ["link", "program"])
@pytest.mark.parametrize("first", [True, False])
def test_what_is_no_plain_file_has_no_digest(plain: PlainHome, remote: Remote, kind: str, first: bool) -> None:
    # The domain is the first of the names, and another the last.
    name = "CNAME" if first else "index.html"
    plain.push(LISTED | ({name: b"index"} if first else {}))
    place = plain.remote.parent / "theirs"
    if kind == "program":
        (place / name).chmod(0o755)
    else:
        (place / name).unlink()
        (place / name).symlink_to("a/b.html")
    git("add", "-A", at=place)
    git("commit", "-q", "-m", "Other", at=place)
    git("push", "-q", str(plain.remote), "HEAD:gh-pages", at=place)
    found = look(remote, plain, plain.show(SITE))
    assert found.files == DIGESTS | {name: ""}
    assert found.differs == (Difference() if first else Difference(changed=("index.html",)))


def fetched(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is asked for by each fetch of single files."""
    asked: list[bytes] = []
    run = Git.run

    def note(self: Git, *arguments: str, given: bytes | None = None) -> bytes:
        if "--stdin" in arguments:
            asked.append(given or b"")
        return run(self, *arguments, given=given)

    monkeypatch.setattr(Git, "run", note)
    return asked


def blob(content: bytes) -> str:
    from hashlib import sha1

    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def test_only_what_the_output_lacks_is_downloaded_at_once(
    plain: PlainHome, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.push(LISTED)
    here = plain.show({path: SITE[path] for path in ("empty.txt", "ü b.html")})
    asked = fetched(monkeypatch)
    commit = seen(remote)
    found = verified(remote.git, commit, THERE, plain.folder / "public", here)
    assert (found.files, found.differs) == (DIGESTS, Difference())
    wanted = sorted(blob(SITE[path]) for path in ("index.html", "a/b.html"))
    assert [sorted(set(each.decode().split()) - {blob(LISTED[MANIFEST])}) for each in asked] == [wanted]
    assert asked[0].decode().split() == sorted(asked[0].decode().split())
    assert verified(remote.git, commit, THERE, plain.folder / "public", {}).files == DIGESTS
    # The rest, and nothing twice.
    assert len(asked) == 2
    assert not set(asked[1].split()) & set(asked[0].split())
    assert verified(remote.git, commit, THERE, plain.folder / "public", {}).files == DIGESTS
    assert len(asked) == 2


@pytest.mark.parametrize("harm", ["changed", "gone", "digest"])
def test_a_file_here_proves_nothing_of_another_one(plain: PlainHome, remote: Remote, harm: str) -> None:
    """The list there, and the list here, say what the file there is not."""
    plain.push(LISTED | {"index.html": b"other"})
    here = plain.show(SITE)
    if harm == "changed":
        (plain.folder / "public/index.html").write_bytes(b"other")
    elif harm == "gone":
        (plain.folder / "public/index.html").unlink()
    found = look(remote, plain, here)
    assert found.files["index.html"] == sha(b"other")
    assert found.differs == Difference(changed=("index.html",))


def test_a_file_that_only_this_build_lists_is_digested(plain: PlainHome, remote: Remote) -> None:
    plain.push(LISTED | {"new.html": b"theirs"})
    here = plain.show(SITE | {"new.html": b"ours"})
    found = look(remote, plain, here)
    assert found.files["new.html"] == sha(b"theirs")
    assert found.differs == Difference(added=("new.html",))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 16, 17])
def test_a_file_of_any_size_is_digested_in_pieces(
    plain: PlainHome, remote: Remote, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(contents, "PIECE", 8)
    site = {"a.html": b"x" * size, "b.html": b"y" * size, "c.html": b"z"}
    plain.push(site | {MANIFEST: listing(site)})
    here = plain.show(site)
    for known in ({}, here):
        found = look(remote, plain, known)
        assert found.files == here
        assert not found.differs


def test_files_are_read_no_more_than_a_piece_at_a_time(
    plain: PlainHome, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert contents.PIECE == 1 << 20
    monkeypatch.setattr(contents, "PIECE", 1 << 12)
    sizes: list[int] = []
    big = {"big.bin": bytes(range(256)) * 256}
    plain.push(big | {MANIFEST: listing(big)})
    talking = Git.talking

    class Told:
        def __init__(self, told: object) -> None:
            self.told = told

        def readline(self) -> bytes:
            return self.told.readline()  # type: ignore[attr-defined,no-any-return]

        def read(self, size: int) -> bytes:
            sizes.append(size)
            return self.told.read(size)  # type: ignore[attr-defined,no-any-return]

    @contextmanager
    def told(self: Git, *arguments: str):  # type: ignore[no-untyped-def]
        with talking(self, *arguments) as (asked, answer):
            yield asked, Told(answer)

    monkeypatch.setattr(Git, "talking", told)
    assert not look(remote, plain).differs
    assert max(sizes) == 1 << 12


def test_a_file_that_git_has_lost_is_told(plain: PlainHome, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    plain.push(LISTED)
    commit = seen(remote)
    monkeypatch.setattr(contents, "_download", lambda *_: None)
    remote.git.environment["GIT_NO_LAZY_FETCH"] = "1"
    monkeypatch.setattr(contents, "_blobs", lambda *_: {"lost.html": "0" * 40})
    with pytest.raises(GitError, match=r"'lost\.html' cannot be read"):
        verified(remote.git, commit, THERE, Path("nowhere"), {})
    tree = remote.git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()
    monkeypatch.setattr(contents, "_blobs", lambda *_: {"folder": tree})
    with pytest.raises(GitError, match="'folder' cannot be read"):
        verified(remote.git, commit, THERE, Path("nowhere"), {})


class Asked:
    """The program of git that tells what blobs hold: it answers once a request is sent, and waits for nothing."""

    def __init__(self, blobs: dict[str, bytes]) -> None:
        self.blobs, self.kept, self.answers = blobs, b"", b""

    def write(self, said: bytes) -> None:
        self.kept += said

    def flush(self) -> None:
        for id in self.kept.decode().split("\n")[:-1]:
            content = self.blobs.get(id)
            self.answers += b"%s missing\n" % id.encode() if content is None else b"%s blob %d\n%s\n" % (id.encode(), len(content), content)  # fmt: skip
        self.kept = b""

    def read(self, size: int) -> bytes:
        """Return so many bytes, of which there must be as many."""
        piece, self.answers = self.answers[:size], self.answers[size:]
        assert 0 < size == len(piece)
        return piece

    def readline(self) -> bytes:
        line, end, self.answers = self.answers.partition(b"\n")
        assert end
        return line + end


def test_each_blob_is_asked_for_and_read_to_its_end_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "PIECE", 4)
    blobs = {"1": b"", "2": b"one", "3": b"four", "4": b"fives", "5": b"\n" * 9, "6": b"blob"}
    asked = Asked(blobs)
    git: Any = SimpleNamespace(talking=lambda *_: nullcontext((asked, asked)))
    found = contents._digests(git, {f"{id}.html": id for id in blobs})
    assert dict(found) == {f"{id}.html": sha(content) for id, content in blobs.items()}
    assert not asked.answers
    with pytest.raises(GitError, match=r"'lost\.html' cannot be read"):
        dict(contents._digests(git, {"lost.html": "7"}))
