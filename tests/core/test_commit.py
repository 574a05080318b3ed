"""Wherever a build dies or fails, the site is the old one or the new one once the next build has begun, and until then is marked."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec import Struct, json

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.errors import Disturbed, RostraError, UsageError
from rostra.output.journal import JOURNAL, PART, STAGING, Heading, JournalStep, recover, refuse_pending, write_journal
from rostra.output.manifest import MANIFEST, Standing, note_owned
from rostra.output.staging import OutputFile
from rostra.output.writer import Writer
from rostra.serve.preview import Preview
from support.changing_site import copied, files
from support.disk_faults import dies, interrupted

OLD = {"index.html": "old", "x": "page", "y/index.html": "page", "y/z/deep.html": "page", "gone/one.html": "gone", "same.html": "same", "sum.html": "<p>aaaa and aaaa</p>"}  # fmt: skip
NEW = {"index.html": "new", "x/index.html": "page", "y": "page", "new/and/deep.html": "new", "same.html": "same", "sum.html": "<p>bbbb and bbbb</p>"}  # fmt: skip
BEGIN = "Writer._put_in_place"
Found = TypeVar("Found")


def digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()


def old(folder: Path) -> None:
    """A site, with a stranger's files in its output, and a ledger."""
    with Writer(folder / "public", folder / "kept") as writer:
        for path, text in OLD.items():
            writer.put(OutputFile(path, text.encode()))
    (folder / "public/CNAME").write_text("example.org")
    (folder / "public/gone/own.txt").write_text("mine")
    (folder / "ledger").write_text("old")


def new(folder: Path, early: tuple[str, ...] = ()) -> None:
    """Another build of it, of which some pages are shown early."""
    with Writer(folder / "public", folder / "kept") as writer:
        (folder / f"ledger{PART}").write_text("new")
        for path in sorted(NEW, key=lambda path: (path not in early, path)):
            writer.put(OutputFile(path, NEW[path].encode()))
            if path in early:
                writer.place()
        writer.renew(folder / "ledger")


def state(folder: Path) -> str:
    """Which site is there, with its ledger; "neither" where it is a mixture."""
    ledger = (folder / "ledger").read_text()
    present = {path: said.decode() for path, said in files(folder / "public").items()}
    listed = present.pop(MANIFEST, "")
    strange = {"CNAME": "example.org", "gone/own.txt": "mine"}
    for name, site in (("old", OLD), ("new", NEW)):
        lines = "".join(f"{digest(text)}  {path}\n" for path, text in sorted(site.items()))
        if (present, ledger, listed) == (site | strange, name, lines):
            return name
    return "neither"


def is_marked(folder: Path) -> bool:
    try:
        refuse_pending(folder / "kept", "public")
    except RostraError as error:
        return "rostra build" in str(error)
    return False


class Death(Struct):
    """What was found after a death, and after what came next."""

    died: bool
    again: bool
    state: str
    marked: bool
    after: str
    left: list[str]
    known: bool


def deaths(top: Path, early: tuple[str, ...]) -> Iterator[Death]:
    """A death before each step of putting a site in place, and another one while that is made good."""
    number, died = 0, True
    while died:
        folder = top / str(number)
        folder.mkdir()
        old(folder)
        died = dies(number, "Writer.place" if early else BEGIN, new, folder, early)
        found, marked = state(folder), is_marked(folder)
        again = dies(number * 7 % 40, "recover", recover, folder / "kept", folder / "ledger")
        recover(folder / "kept", folder / "ledger")
        left = sorted(path.name for path in (folder / "kept").iterdir())
        known = Standing(folder / "public", folder / "kept")
        said = {path: text for path, text in files(folder / "public").items() if path in known.listed}
        ours = set(known.listed) >= files(folder / "public").keys() - {MANIFEST, "CNAME", "gone/own.txt"}
        right = {path for path in known.listed if digest(said.get(path, b"").decode()) != known.listed[path]}
        yield Death(died, again, found, marked, state(folder), left, ours and right == known.touched)
        number += 1


def died(what: str, folder: Path, kind: type[Found]) -> list[Found]:
    """All deaths, in a process of its own, which has no threads that a copy would lack."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, __file__, what, str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.decode(done.stdout, type=list[kind])  # type: ignore[valid-type]


def test_a_build_that_dies_at_any_step_leaves_the_old_site_or_the_new_one_or_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    found = died("plain", tmp_path / "plain", Death)
    assert len(found) > 50
    assert [each.died for each in found] == [True] * (len(found) - 1) + [False]
    for each in found:
        assert each.marked or each.state in ("old", "new")
        assert each.after == ("new" if each.marked else each.state)
        assert each.left == [MANIFEST]
        assert each.known
    seen = [each.state for each in found]
    # It is the old one until the journal is there, and the new one from the last file on.
    assert {"old", "neither", "new"} == set(seen)
    assert [each.marked for each in found if each.state == "neither"] == [True] * seen.count("neither")
    assert any(each.again and each.marked for each in found)


def test_pages_that_are_shown_early_are_known_as_ours_wherever_the_build_dies(tmp_path: Path) -> None:
    found = died("early", tmp_path / "early", Death)
    assert len(found) > 80
    for each in found:
        assert each.marked or each.state in ("old", "new")
        assert each.after in ("old", "new") or JOURNAL in each.left
        assert each.known
    assert any(JOURNAL in each.left for each in found)


class Stop(BaseException):
    """What a person at the keyboard causes."""


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), Stop()])
def test_a_build_that_fails_at_any_step_leaves_the_old_site_or_is_finished_by_the_next(
    tmp_path: Path, error: BaseException
) -> None:
    def fail() -> None:
        raise error

    seen, number, taken = set(), 0, list[str]()
    while len(taken) == number:
        folder = tmp_path / str(number)
        folder.mkdir()
        old(folder)
        with suppress(type(error), Disturbed), interrupted(number, fail, BEGIN) as taken:
            new(folder)
        marked, found = is_marked(folder), state(folder)
        assert marked or found in ("old", "new")
        # Nothing is left that will not be needed, unless it was just being removed.
        assert marked or found == "new" or not (folder / "kept/staging").exists()
        seen.add((found, marked))
        assert recover(folder / "kept", folder / "ledger") == marked
        assert state(folder) == ("new" if marked else found)
        assert not (folder / f"ledger{PART}").exists()
        assert sorted(path.name for path in (folder / "kept").iterdir()) == [MANIFEST]
        number += 1
    assert seen == {("old", False), ("old", True), ("neither", True), ("new", True), ("new", False)}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A site of which half is put in place."""
    old(tmp_path)
    with suppress(Stop), interrupted(1 << 30, list, BEGIN) as taken:
        new(tmp_path)
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    old(tmp_path)

    def stop() -> None:
        raise Stop

    with suppress(Stop), interrupted([n for n, name in enumerate(taken) if name == "replace"][2], stop, BEGIN):
        new(tmp_path)
    assert (state(tmp_path), is_marked(tmp_path)) == ("neither", True)
    assert {"index.html", "new/and/deep.html"} < files(tmp_path / "public").keys()
    assert not {"x", "x/index.html", "y", "y/index.html"} & files(tmp_path / "public").keys()
    return tmp_path


def lose(folder: Path) -> None:
    shutil.rmtree(folder / "kept/staging")


def tear(folder: Path) -> None:
    # As a power failure does to what the disk did not hold yet.
    for path in (folder / "kept/staging").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")


def pull(folder: Path) -> None:
    (folder / "ledger").write_text("of another machine")


def cut(folder: Path) -> None:
    lines = (folder / "kept" / JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / "kept" / JOURNAL).write_bytes(b"".join(lines[:-2]) + b'["sum')


def tear_ledger(folder: Path) -> None:
    (folder / f"ledger{PART}").write_bytes(b"")


@pytest.mark.parametrize("harm", [lose, tear, tear_ledger, pull, cut])
def test_a_journal_that_cannot_be_carried_out_stays_until_a_build_is_whole(
    broken: Path, harm: Callable[[Path], None]
) -> None:
    harm(broken)
    ledger = (broken / "ledger").read_text()
    for _ in range(2):
        assert recover(broken / "kept", broken / "ledger")
        assert is_marked(broken)
        assert not (broken / "kept/staging").exists()
    assert (broken / "ledger").read_text() == ledger
    with suppress(RuntimeError), Writer(broken / "public", broken / "kept"):
        raise RuntimeError
    assert is_marked(broken)
    (broken / "ledger").write_text("old")
    # All that either build had placed is ours.
    with Writer(broken / "public", broken / "kept") as writer:
        writer.put(OutputFile("index.html", b"last"))
    assert not is_marked(broken)
    strange = {"CNAME": b"example.org", "gone/own.txt": b"mine"}
    assert {path: said for path, said in files(broken / "public").items() if path != MANIFEST} == {"index.html": b"last"} | strange  # fmt: skip


def test_a_build_that_changes_nothing_ends_a_journal_too(broken: Path) -> None:
    lose(broken)
    recover(broken / "kept", broken / "ledger")
    present = {path: said for path, said in files(broken / "public").items() if path not in (MANIFEST, "CNAME", "gone/own.txt")}  # fmt: skip
    for _ in range(2):
        with Writer(broken / "public", broken / "kept") as writer:
            for path, said in present.items():
                writer.put(OutputFile(path, said))
        assert not is_marked(broken)


def test_a_build_that_finds_all_in_place_ends_a_journal_too(tmp_path: Path) -> None:
    old(tmp_path)
    write_journal(tmp_path / "kept", Heading("../public", whole=False), [])
    assert recover(tmp_path / "kept", None)
    assert is_marked(tmp_path)
    old(tmp_path)
    assert (state(tmp_path), is_marked(tmp_path)) == ("old", False)


def test_what_came_in_the_way_since_a_build_died_is_named(broken: Path) -> None:
    (broken / "public/y").write_text("mine")
    with pytest.raises(UsageError, match="public/y is in the way, and no build wrote it"):
        recover(broken / "kept", broken / "ledger")
    assert is_marked(broken)
    assert (broken / "public/y").read_text() == "mine"
    (broken / "public/y").unlink()
    assert recover(broken / "kept", broken / "ledger")
    assert (state(broken), is_marked(broken)) == ("new", False)


@pytest.mark.parametrize("step", [JournalStep("a/new.html", digest("new")), JournalStep("a/old.html")])
def test_nothing_is_finished_through_a_folder_that_became_a_link(tmp_path: Path, step: JournalStep) -> None:
    for path, said in (
        ("kept/staging/a/new.html", "new"),
        ("public/a/old.html", "old"),
        ("public/SHA256SUMS", f"{digest('old')}  a/old.html\n"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(said)
    note_owned(tmp_path / "public", tmp_path / "kept")
    (tmp_path / "public/a").rename(tmp_path / "elsewhere")
    (tmp_path / "public/a").symlink_to("../elsewhere")
    write_journal(tmp_path / "kept", Heading("../public", whole=True), [step])
    with pytest.raises(UsageError, match="public/a is a link"):
        recover(tmp_path / "kept", None)
    assert files(tmp_path / "elsewhere") == {"old.html": b"old"}
    (tmp_path / "public/a").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "public/a")
    recover(tmp_path / "kept", None)
    assert not is_marked(tmp_path)
    assert files(tmp_path / "public").keys() - {MANIFEST} == ({"a/old.html", "a/new.html"} if "new" in step.path else {"a/old.html"} if step.digest else set())  # fmt: skip


def test_a_disk_that_is_still_full_is_told(broken: Path) -> None:
    def refuse() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(RostraError, match=r"cannot be completed: .*No space left") as told, interrupted(0, refuse, "place_file"):  # fmt: skip
        recover(broken / "kept", broken / "ledger")
    assert "staging" in (told.value.hint or "")
    assert is_marked(broken)
    assert recover(broken / "kept", broken / "ledger")
    assert state(broken) == "new"


@pytest.mark.parametrize("said", [None, b"", b"\xff\x00 no journal", b"[]\n", b'{"output": 1}\n'])
def test_what_is_no_journal_is_thrown_away(tmp_path: Path, said: bytes | None) -> None:
    old(tmp_path)
    place = tmp_path / "kept" / JOURNAL
    if said is None:
        place.mkdir()
        (place / "precious").write_text("no")
    else:
        place.write_bytes(said)
    assert recover(tmp_path / "kept", None)
    assert not place.exists()
    assert not recover(tmp_path / "kept", None)
    assert state(tmp_path) == "old"


@pytest.mark.parametrize("linked", ["kept", "public", "both"])
def test_a_build_is_finished_where_its_folders_really_are(tmp_path: Path, linked: str) -> None:
    for name in ("kept", "public"):
        if linked in (name, "both"):
            (tmp_path / "elsewhere/deep" / name).mkdir(parents=True)
            (tmp_path / name).symlink_to(f"elsewhere/deep/{name}")
    old(tmp_path)

    def stop() -> None:
        raise Stop

    with suppress(Stop), interrupted(0, stop, "place_file"):
        new(tmp_path)
    assert (state(tmp_path), is_marked(tmp_path)) == ("neither", True)
    assert recover(tmp_path / "kept", tmp_path / "ledger")
    assert (state(tmp_path), is_marked(tmp_path)) == ("new", False)


def test_an_output_on_another_disk_is_put_in_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def within_disks(rename: Callable[[str, str], None], source: str, target: str) -> None:
        if "staging" in str(source) and "public" in str(target):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(source, target)

    for name in ("replace", "rename"):
        monkeypatch.setattr(os, name, partial(within_disks, getattr(os, name)))
    old(tmp_path)
    new(tmp_path)
    assert state(tmp_path) == "new"
    assert not Standing(tmp_path / "public", tmp_path / "kept").touched


SECRET, NAME = "the sluice was opened by my own hand at night", "Zenobia Marchbanks"


def posts(name: str, *said: tuple[str, str]) -> str:
    lines = [
        {"id": n, "parent": 1 if n > 1 else None, "author": who, "created": f"2024-03-0{n}T09:00:00Z", "body": body, "title": name if n == 1 else None}
        for n, (who, body) in enumerate(said, 1)
    ]  # fmt: skip
    return "".join(json.encode(line).decode() + "\n" for line in lines)


def archive(root: Path, *, preview: bool = False) -> None:
    """A built or previewed site, of which then one debate is removed, one added, and a person redacted."""
    content = root / "content"
    content.mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    (content / "mill.jsonl").write_text(posts("Mill", ("Ada", "Who did it?"), (NAME, f"I tell you that {SECRET}.")))
    (content / "weir.jsonl").write_text(posts("Weir", ("Bede", f"> {SECRET}\n\nSo {NAME} says."), ("Cy", "Indeed.")))
    (content / "gone.jsonl").write_text(posts("Gone", ("Ada", "Nobody answers this.")))
    previewed(root) if preview else rebuilt(root)
    (content / "gone.jsonl").unlink()
    (content / "new.jsonl").write_text(posts("New", ("Ada", "Something else."), ("Bede", "As you like.")))
    (root / "redactions.toml").write_text(f'[[redact]]\nperson = "{NAME}"\nreason = "asked"\n')


def rebuilt(root: Path) -> None:
    site = load_site(root)
    rebuild(site, lambda standing: build(site, standing=standing))


def telling(root: Path, *words: bytes) -> set[str]:
    """The files that hold words, but for the dumps, the rule, and the store, which has what dumps say."""
    kept = {path: said for path, said in files(root).items() if not path.startswith(("content/", "redactions.toml", ".rostra/editions.sqlite", ".rostra/partitions/"))}  # fmt: skip
    return {path for path, said in kept.items() if any(word in said + path.encode() for word in words)}


class Redaction(Struct):
    """What was found after a death, and after the build that came next."""

    died: bool
    state: str
    marked: bool
    told: list[str]
    left: list[str]
    others: list[str]
    """The files that differ from those of a clean build."""


def redactions(top: Path) -> Iterator[Redaction]:
    """A death before some of the steps from the commit of a redaction to the end of its build."""
    archive(top / "site")
    # The ledger's mark of the rules depends on it; each site would make its own.
    (top / "site/redactions.key").write_text("ab" * 32)
    rebuilt(copied(top / "site", top / "clean"))
    clean, before = files(top / "clean"), telling(top / "site", SECRET.encode())
    assert before
    was = files(top / "site")
    shutil.copytree(top / "site", top / "counted")
    with interrupted(1 << 30, list, BEGIN) as taken:
        rebuilt(top / "counted")
    for number in sorted({0, 8, *range(16, len(taken), max(1, len(taken) // 6)), len(taken) - 1}):
        root = top / str(number)
        shutil.copytree(top / "site", root)
        killed = dies(number, BEGIN, rebuilt, root)
        now = files(root)
        whole = {name for name, site in (("old", was), ("new", clean)) if shown(site) == shown(now)}
        marked, told = (root / ".rostra" / JOURNAL).exists(), telling(root, SECRET.encode()) - before
        rebuilt(root)
        left = telling(root, SECRET.encode(), NAME.encode(), b"zenobia") | {
            path for path in files(root) if "staging" in path or path.endswith(("journal", ".part"))
        }
        yield Redaction(
            killed,
            min(whole, default="neither"),
            marked,
            sorted(told),
            sorted(left),
            sorted({path for path, _ in shown(files(root)).items() ^ shown(clean).items()}),
        )


def shown(site: dict[str, bytes]) -> dict[str, bytes]:
    return {path: said for path, said in site.items() if path == "rostra.ledger" or path.startswith("public/")}


def test_nothing_that_is_redacted_outlives_the_next_build_wherever_one_dies(tmp_path: Path) -> None:
    found = died("redaction", tmp_path / "redaction", Redaction)
    for each in found:
        assert each.died
        assert each.marked or each.state in ("old", "new")
        # Not in a new place, even while it is in its old ones.
        assert each.told == []
        assert each.left == []
        assert each.others == []
    assert {each.state for each in found} == {"old", "neither", "new"}


class Previewed(Struct):
    """What was found after a preview died, and after the next one."""

    died: bool
    pending: bool
    clean: bool
    left: bool


def previewed(root: Path) -> None:
    Preview(root).build(lambda made: None)


def previews(top: Path) -> Iterator[Previewed]:
    """A death before some of the steps from the first page that is shown to the end of a preview."""
    archive(top / "site", preview=True)
    previewed(copied(top / "site", top / "clean"))
    clean = files(top / "clean/.rostra/preview")
    shutil.copytree(top / "site", top / "counted")
    with interrupted(1 << 30, list, "Writer.place") as taken:
        previewed(top / "counted")
    placed = taken.index("replace")
    for number in (placed, placed + 1, placed + 6, placed + 12, (placed + len(taken)) // 2, len(taken) - 1):
        root = top / str(number)
        shutil.copytree(top / "site", root)
        killed = dies(number, "Writer.place", previewed, root)
        pending = (root / ".rostra/previewed" / JOURNAL).exists()
        previewed(root)
        left = any((root / ".rostra/previewed" / name).exists() for name in (JOURNAL, STAGING))
        yield Previewed(killed, pending, files(root / ".rostra/preview") == clean, left)


def test_a_preview_that_dies_after_its_first_page_is_shown_is_made_good_by_the_next(tmp_path: Path) -> None:
    found = died("previewed", tmp_path / "previewed", Previewed)
    assert [(each.died, each.clean, each.left) for each in found] == [(True, True, False)] * len(found)
    assert [each.pending for each in found[:4]] == [False, True, True, True]


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    early = ("new/and/deep.html", "x/index.html") if what == "early" else ()
    done = {"redaction": redactions, "previewed": previews}.get(what, partial(deaths, early=early))(folder)
    sys.stdout.buffer.write(json.encode(list(done)))
