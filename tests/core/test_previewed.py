"""What is only previewed leaves no trace: neither in what is published, nor in its addresses, nor in the next preview."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest

from rostra.build.pipeline import build as whole_build
from rostra.build.rebuild import rebuild
from rostra.config.site import LEDGER, load_site
from rostra.output.manifest import MANIFEST
from rostra.output.report import BuildReport
from rostra.serve.preview import Preview
from rostra.system.file_state import below
from support.changing_site import Archive, copied, files


def build(root: Path, *, previewed: bool = False) -> BuildReport:
    site = load_site(root, previewed=previewed)
    return rebuild(site, lambda standing: whole_build(site, standing=standing))


def published(root: Path) -> dict[str, bytes]:
    return {"the ledger": (root / LEDGER).read_bytes(), **files(root / "public")}


@pytest.mark.parametrize("seed", [0, 3, 11])
def test_a_build_is_the_same_whether_or_not_somebody_looked_before(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "looked-at/site", random.Random(seed))
    plain = tmp_path / "plain/site"
    plain.parent.mkdir()
    copied(archive.root, plain)
    for root in (archive.root, plain):
        build(root)
    for step in range(5):
        said = []
        for _ in range(archive.chance.randint(1, 3)):
            said.append(archive.change())
            build(archive.root, previewed=True)
        # All but what was built and kept there.
        copied(archive.root, tmp_path / f"now-{step}")
        for name in ("public", ".rostra", LEDGER):
            (plain / name).rename(tmp_path / f"now-{step}" / name)
        rmtree(plain)
        (tmp_path / f"now-{step}").rename(plain)
        build(archive.root)
        build(plain)
        assert published(archive.root) == published(plain), (seed, step, said)


# Without dumps that clash with others, of which an unpublished one has its address by who came first.
@pytest.mark.parametrize("seed", [0, 8, 11])
def test_a_preview_is_what_a_first_one_would_be(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    build(archive.root)
    for step in range(5):
        said = [archive.change() for _ in range(archive.chance.randint(1, 2))]
        build(archive.root, previewed=True)
        fresh = copied(archive.root, tmp_path / f"fresh-{step}")
        build(fresh, previewed=True)
        assert files(archive.root / ".rostra/preview") == files(fresh / ".rostra/preview"), (seed, step, said)


def moved(site: Path, *names: tuple[str, str]) -> None:
    for before, after in names:
        (site / f"content/{before}.jsonl").rename(site / f"content/{after}.jsonl")


@pytest.mark.parametrize("look", [lambda root: build(root, previewed=True), lambda _: None])
@pytest.mark.parametrize("names", [[("a", "y"), ("b", "z")], [("a", "z"), ("b", "y")]])
def test_debates_of_the_same_people_at_the_same_times_keep_their_addresses_when_all_files_are_renamed(
    tmp_path: Path, look: Callable[[Path], object], names: list[tuple[str, str]]
) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Renamed"\n')
    for name in "ab":
        posts = (
            f'{{"id": {n}, "parent": {"null" if n == 1 else 1}, "author": "Ada", "created": "2024-01-01T10:0{n}:00Z", '
            f'"body": "What {name} says of gate {n}, and of nothing else in that town."}}\n'
            for n in (1, 2, 3)
        )
        (tmp_path / f"content/{name}.jsonl").write_text("".join(posts))
    build(tmp_path)
    for each in names:
        moved(tmp_path, each)
        look(tmp_path)
    build(tmp_path)
    for name in "ab":
        assert f"What {name} says of gate 1" in (tmp_path / f"public/debates/{name}/index.html").read_text()


def test_what_is_taken_out_in_a_preview_and_put_back_is_published_as_if_nothing_had_been(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    build(archive.root)
    before = published(archive.root)
    dump = archive.dumps()[0]
    said = dump.read_bytes()
    for now in (b"", said[: len(said) // 2], None):
        dump.unlink() if now is None else dump.write_bytes(now)
        build(archive.root, previewed=True)
    dump.write_bytes(said)
    build(archive.root, previewed=True)
    build(archive.root)
    assert published(archive.root) == before


def test_what_was_added_in_a_preview_and_published_then_is_in_the_ledger(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(6))
    build(archive.root)
    new = archive.root / "content/quite-new.jsonl"
    new.write_text('{"id": 1, "parent": null, "author": "Zoe", "body": "Nobody else says so."}\n')
    build(archive.root, previewed=True)
    assert "quite-new" not in (archive.root / LEDGER).read_text()
    build(archive.root)
    assert "quite-new p-" in (archive.root / LEDGER).read_text()
    new.unlink()
    build(archive.root, previewed=True)
    build(archive.root)
    assert "no longer here" in (archive.root / "public/debates/quite-new/index.html").read_text()


def test_a_rebuild_leaves_no_garbage_to_whoever_previews_for_hours(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    preview = Preview(archive.root)
    preview.build()
    gc.disable()
    try:
        while not preview.build().changed:
            archive.change()
        assert gc.collect() < 100
    finally:
        gc.enable()


def spoilt(archive: Archive, preview: Path) -> None:
    """What somebody else may do to what is previewed."""
    paths = sorted(path for path in preview.rglob("*") if path.is_file() and path.name != MANIFEST)
    for path in archive.chance.sample(paths, min(5, len(paths))):
        if archive.chance.random() < 0.5:
            path.unlink()
        else:
            path.write_bytes(b"spoilt")


@pytest.mark.parametrize("seed", [0, 8, 11])
def test_whatever_happens_between_two_saves_the_second_shows_what_is_there(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    build(archive.root)
    ours, another = Preview(archive.root), Preview(archive.root)
    ours.build()
    for step in range(6):
        said = archive.change()
        ours.build() if step % 3 else None
        meanwhile = archive.chance.choice(
            [
                lambda: spoilt(archive, ours.output),
                lambda: rmtree(ours.output),
                lambda: rmtree(archive.root / ".rostra/previewed"),
                lambda: spoilt(archive, ours.output / "assets"),
                another.build,
            ]
        )
        meanwhile()
        said += archive.change()
        ours.build()
        fresh = copied(archive.root, tmp_path / f"fresh-{step}")
        build(fresh, previewed=True)
        assert files(ours.output) == files(fresh / ".rostra/preview"), (seed, step, said)


def test_nobody_waits_until_all_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    preview = Preview(archive.root)
    preview.build()
    done: list[str] = []
    monkeypatch.setattr("rostra.output.manifest.below", lambda folder: done.append("looked") or below(folder))
    while "shown" not in done:
        archive.change()
        done.clear()
        preview.build(lambda made: done.append("shown") if made.changed else None)
    assert done == ["shown", "looked"]
