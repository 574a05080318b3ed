"""What stands in object storage is told by the storage, not by the list that lies there; breaking off leaves no broken site."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fsspec
import pytest
from msgspec.structs import replace

from rostra.config.site import Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import storage
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark
from rostra.publish.storage import StorageTarget, put, upload
from support.site_repository import Home

Stored = Callable[[str], dict[str, bytes]]


class Bucket:
    """What lies below the target, for somebody who writes there without Rostra."""

    def __init__(self, client: Any, target: str) -> None:
        self.client = client
        self.name, _, self.prefix = target.removeprefix("s3://").partition("/")

    def write(self, path: str, said: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"{self.prefix}/{path}", Body=said)

    def read(self, path: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.name, Key=f"{self.prefix}/{path}")["Body"].read())

    def remove(self, path: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=f"{self.prefix}/{path}")


@pytest.fixture
def there(bucket: Any, target: str) -> Bucket:
    return Bucket(bucket, target)


@pytest.fixture
def sent(home: Home, there: Bucket, target: str) -> Home:
    """A site that was published there."""
    upload(home.site, target)
    return home


def forget(home: Home) -> None:
    """The site as on a machine that never published it."""
    shutil.rmtree(home.folder / ".rostra/published")


def built(home: Home) -> dict[str, bytes]:
    output = home.site.output
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


@pytest.mark.parametrize("recorded", [True, False])
def test_what_others_changed_or_took_away_is_sent_again_and_named(
    sent: Home, there: Bucket, target: str, stored: Stored, recorded: bool
) -> None:
    page = there.read("about.html")
    there.write("about.html", page[::-1])
    there.remove("index.html")
    if not recorded:
        forget(sent)
    plan = upload(sent.site, target)
    assert (plan.sent, plan.repaired) == (("about.html", "index.html"), ("about.html", "index.html"))
    assert (plan.added, plan.removed, plan.strange) == (("index.html",), (), ())
    assert stored(target) == built(sent)
    assert upload(sent.site, target).nothing


def test_what_changed_here_is_not_called_repaired(sent: Home, target: str) -> None:
    sent.write("content/about.md", "# About\n\nSecond.\n")
    plan = upload(sent.site, target)
    assert plan.sent
    assert plan.repaired == ()


def test_a_machine_without_a_record_sends_only_what_differs_and_then_has_one(
    sent: Home, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(sent)
    assert upload(sent.site, target, dry_run=True).nothing
    assert not (sent.folder / ".rostra/published").exists()
    assert upload(sent.site, target).nothing
    # From now on no file here is read.
    monkeypatch.setattr("rostra.publish.stored._md5", lambda path: "nothing")
    assert upload(sent.site, target).nothing


def test_where_nothing_proves_what_stands_there_all_is_sent_again(home: Home, tmp_path: Path) -> None:
    target = f"memory://{tmp_path.name}"
    put(home.site, target)
    assert put(home.site, target).nothing
    forget(home)
    plan = put(home.site, target)
    assert set(plan.repaired) == set(plan.sent) == set(built(home))
    assert plan.strange == plan.removed == ()


def test_what_others_put_there_stays_and_is_named(sent: Home, there: Bucket, target: str) -> None:
    there.write("theirs.txt", b"theirs")
    there.write("folder/", b"")
    for recorded in (True, False):
        if not recorded:
            forget(sent)
        plan = upload(sent.site, target)
        assert (plan.sent, plan.removed, plan.strange) == ((), (), ("theirs.txt",))
    assert there.read("theirs.txt") == b"theirs"


@pytest.mark.parametrize("recorded", [True, False])
def test_what_others_put_where_a_file_of_ours_is_to_stand_is_refused(
    sent: Home, there: Bucket, target: str, stored: Stored, recorded: bool
) -> None:
    there.write("more.html", b"theirs")
    sent.write("content/more.md", "# More\n")
    if not recorded:
        forget(sent)
    before = stored(target)
    with pytest.raises(RostraError, match=r"where it would put its own: more\.html") as refused:
        upload(sent.site, target)
    assert "move them elsewhere" in (refused.value.hint or "")
    assert stored(target) == before
    # What is already as it is to be is in nobody's way.
    there.write("more.html", (sent.site.output / "more.html").read_bytes())
    assert "more.html" not in upload(sent.site, target).sent


@pytest.mark.parametrize("recorded", [True, False])
def test_a_list_there_makes_nobody_s_file_ours(sent: Home, there: Bucket, target: str, recorded: bool) -> None:
    there.write("theirs.txt", b"theirs")
    there.write(MANIFEST, there.read(MANIFEST) + f"{sha256(b'other').hexdigest()}  theirs.txt\n".encode())
    if not recorded:
        forget(sent)
    plan = upload(sent.site, target)
    assert (plan.sent, plan.strange) == ((MANIFEST,), ("theirs.txt",))
    assert there.read("theirs.txt") == b"theirs"


def test_the_record_is_believed_rather_than_the_list_there(sent: Home, there: Bucket, target: str) -> None:
    there.write("theirs.txt", b"theirs")
    there.write(MANIFEST, f"{sha256(b'theirs').hexdigest()}  theirs.txt\n".encode())
    assert upload(sent.site, target).strange == ("theirs.txt",)
    # Once another machine published, its list tells what is ours, as far as it holds.
    there.write(MARK, encode_mark(PublishMark(version="0.1.0")))
    there.write(MANIFEST, there.read(MANIFEST) + f"{sha256(b'theirs').hexdigest()}  theirs.txt\n".encode())
    assert upload(sent.site, target).removed == ("theirs.txt",)


@pytest.mark.parametrize("recorded", [True, False])
def test_without_the_list_there_nothing_of_ours_is_taken_for_a_stranger_s(
    sent: Home, there: Bucket, target: str, stored: Stored, recorded: bool
) -> None:
    there.remove(MANIFEST)
    if not recorded:
        forget(sent)
    plan = upload(sent.site, target)
    assert (plan.sent, plan.strange) == ((MANIFEST,), ())
    assert stored(target) == built(sent)


def test_an_address_that_was_published_from_here_is_missed_whatever_the_list_there_says(
    sent: Home, there: Bucket, target: str
) -> None:
    listed = there.read(MANIFEST).decode().splitlines(keepends=True)
    there.write(MANIFEST, "".join(line for line in listed if "debates/well/" not in line).encode())
    for gone in ("content/well.txt", "content/well.toml", "rostra.ledger"):
        (sent.folder / gone).unlink()
    sent.write("content/pond.txt", "Shall we?\n\n    1 year ago\n\n    Yes.\n")
    with pytest.raises(RostraError, match=r"debates/well/index\.html was published and would be missing"):
        upload(sent.site, target)
    # A build that is put in its place promises nothing yet.
    assert "debates/well/index.html" in put(sent.site, target).removed


def test_a_mark_that_names_other_files_removes_none_outside(home: Home, tmp_path: Path) -> None:
    target = f"local://{tmp_path}/place"
    put(home.site, target)
    (tmp_path / "outside.txt").write_text("theirs")
    (tmp_path / "place" / MARK).write_bytes(
        encode_mark(PublishMark(version="0.1.0", unsure=("../outside.txt", "/etc/none")))
    )
    put(home.site, target)
    assert (tmp_path / "outside.txt").read_text() == "theirs"
    assert decode_mark((tmp_path / "place" / MARK).read_bytes()).unsure == ()


def test_a_file_that_somebody_changes_while_others_are_sent_is_sent_by_the_next(
    sent: Home, there: Bucket, target: str, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent.write("content/more.md", "# More\n")
    send = StorageTarget.send

    def meanwhile(place: StorageTarget, site: Site, paths: tuple[str, ...]) -> None:
        send(place, site, paths)
        there.write("about.html", b"theirs")
        there.write("more.html", b"theirs")

    with monkeypatch.context() as patched:
        patched.setattr(StorageTarget, "send", meanwhile)
        upload(sent.site, target)
    assert upload(sent.site, target).repaired == ("about.html", "more.html")
    assert stored(target) == built(sent)


def test_nothing_is_recorded_where_somebody_else_published_at_the_same_time(
    sent: Home, there: Bucket, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (record,) = (sent.folder / ".rostra/published").iterdir()
    before = record.read_bytes()
    sent.write("content/more.md", "# More\n")
    look = storage.stored_objects

    def meanwhile(place: StorageTarget) -> Any:
        found = look(place)
        if "more.html" in found:
            there.write(MARK, encode_mark(PublishMark(version="0.1.0", source="theirs")))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(storage, "stored_objects", meanwhile)
        upload(sent.site, target)
    assert record.read_bytes() == before
    assert upload(sent.site, target).nothing
    assert record.read_bytes() != before


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"index.html":["x"]}'])
def test_a_damaged_record_is_none(sent: Home, target: str, damage: bytes) -> None:
    (record,) = (sent.folder / ".rostra/published").iterdir()
    record.write_bytes(damage)
    assert upload(sent.site, target).nothing
    assert record.read_bytes() != damage


def test_each_place_has_a_record_of_its_own(home: Home, tmp_path: Path) -> None:
    for name in ("one", "two"):
        put(home.site, f"memory://{tmp_path.name}/{name}")
    assert len(list((home.folder / ".rostra/published").iterdir())) == 2
    assert put(home.site, f"memory://{tmp_path.name}/one").nothing


LINK = re.compile(rb'(?:href|src)="([^"#?:]+)[^":]*"')


def broken(files: dict[str, bytes]) -> set[tuple[str, str]]:
    """The links of pages that lead to no file."""
    found = set()
    for path, said in files.items():
        if path.endswith(".html") and path != "404.html":
            for link in LINK.findall(said):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link.decode())))
                if target not in files:
                    found.add((path, target))
    return found


def test_wherever_it_breaks_off_pages_lead_to_what_is_there_and_the_next_completes_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("content/old.md", "# Old\n")
    old = shutil.copytree(home.site.output, tmp_path / "old")
    (home.folder / "content/old.md").unlink()
    home.write("content/new.txt", "Shall we?\n\n    1 year ago\n\n    Yes.\n")
    new = shutil.copytree(home.site.output, tmp_path / "new")
    files = fsspec.filesystem("memory")
    steps: list[int] = []
    left = 0

    def counted(act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*arguments: Any) -> Any:
            if len(steps) == left:
                raise RostraError("broke off")
            steps.append(1)
            return act(*arguments)

        return acting

    def publish(version: Path) -> None:
        shutil.rmtree(home.site.output)
        shutil.copytree(version, home.site.output)
        steps.clear()
        put(home.site, target)

    for name in ("send", "remove", "write"):
        monkeypatch.setattr(StorageTarget, name, counted(getattr(StorageTarget, name)))
    monkeypatch.setattr(storage, "AT_ONCE", 6)
    for stop in range(100):
        target = f"memory://{tmp_path.name}/{stop}"
        left = -1
        publish(old)
        before = stored_in(files, target)
        assert not broken(before)
        left = stop
        try:
            publish(new)
        except RostraError:
            seen = stored_in(files, target)
            assert not broken(seen), stop
            # The list is of one site or the other, and what it lists is there until the other's is.
            if seen[MANIFEST] == before[MANIFEST]:
                assert before.keys() <= seen.keys()
        else:
            break
        left = -1
        # Whichever of the two is published next is whole.
        for version in (old, new) if stop % 2 else (new, old):
            publish(version)
            assert stored_in(files, target) == stored_in(fsspec.filesystem("local"), f"local://{version}")
    assert 8 < stop < 100


def stored_in(files: Any, target: str) -> dict[str, bytes]:
    top = "/" + target.partition("://")[2].strip("/") + "/"
    return {path.removeprefix(top): files.cat_file(path) for path in files.find(top) if not path.endswith(MARK)}


def test_new_files_come_first_then_pages_after_what_they_show_and_the_list_last() -> None:
    paths = ("a.html", "b.html", "b.json", "c.html", "c.json", MANIFEST)
    flat = [path for group in storage.upload_batches(paths, ("c.html", "c.json", MANIFEST)) for path in group]
    assert flat == ["c.json", "c.html", "b.json", "a.html", "b.html", MANIFEST]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_files_are_handed_over_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(storage, "AT_ONCE", 2)
    groups = list(storage.upload_batches(tuple(f"{n}.html" for n in range(count))))
    assert [len(group) for group in groups] == [2] * (count // 2) + [1] * (count % 2)


def test_a_plan_says_what_was_found_there(home: Home, tmp_path: Path) -> None:
    from rostra.publish.plan import plan_remarks

    plan = put(home.site, f"memory://{tmp_path.name}")
    assert list(plan_remarks(plan)) == []
    said = list(plan_remarks(replace(plan, repaired=("a",), strange=("b", "c"))))
    assert said == [
        "sent again, since it is not known whether they are as published: a",
        "left alone, since Rostra did not put them there: b, c",
    ]
