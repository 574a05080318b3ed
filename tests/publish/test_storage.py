"""Publishing to object storage: an S3-compatible server on loopback, a folder, memory."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rostra.check import check
from rostra.config.site import Settings, Site
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST, read_manifest
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark
from rostra.publish.removals import refuse_lost_addresses
from rostra.publish.storage import StorageTarget, is_storage, put, upload, upload_batches
from support.site_repository import Home


def stored(client: Any, target: str) -> dict[str, dict[str, Any]]:
    name, _, prefix = target.removeprefix("s3://").partition("/")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=prefix)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    return {key.removeprefix(f"{prefix}/"): client.head_object(Bucket=name, Key=key) for key in keys}


def content(client: Any, target: str, path: str) -> bytes:
    name, _, prefix = target.removeprefix("s3://").partition("/")
    return client.get_object(Bucket=name, Key=f"{prefix}/{path}")["Body"].read()  # type: ignore[no-any-return]


def test_everything_arrives_with_its_type_and_lifetime(home: Home, bucket: Any, target: str) -> None:
    # Short debates have no annotations of their own otherwise.
    home.write("rostra.toml", f"extras = true\n{(home.site.root / 'rostra.toml').read_text()}")
    home.build()
    upload(home.site, target)
    there = stored(bucket, target)
    manifest = read_manifest(home.site.output)
    assert set(there) == set(manifest) | {MANIFEST, MARK}
    for path in manifest:
        assert content(bucket, target, path) == (home.site.output / path).read_bytes()
    assert there["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert there["debates/well/thread.json"]["ContentType"] == "application/json"
    assert there["debates/well/annotations.jsonld"]["ContentType"] == "application/ld+json"
    assert there["debates/well/well.txt"]["ContentType"] == "text/plain; charset=utf-8"
    assert there["index.html"]["CacheControl"] == "no-cache"
    style = next(path for path in there if path.startswith("assets/") and path.endswith(".css"))
    assert there[style]["CacheControl"] == "public, max-age=31536000, immutable"
    assert there[style]["ContentType"] == "text/css; charset=utf-8"


def test_a_site_of_an_earlier_commit_does_not_replace_a_later_one(home: Home, tmp_path: Path) -> None:
    target = f"memory://{tmp_path.name}"
    upload(home.site, target)
    begun = home.git("rev-parse", "HEAD")
    home.write("content/new.md", "# New\n")
    later = home.git("rev-parse", "HEAD")
    put(home.site, target)
    home.git("checkout", "-q", begun)
    home.build()
    for dry_run in (True, False):
        with pytest.raises(RostraError, match=f"from commit {later[:12]}, which comes after"):
            put(home.site, target, dry_run=dry_run)
    # Of two commits of which neither follows the other, nobody can tell.
    home.write("content/old.md", "# Old\n")
    put(home.site, target)
    assert decode_mark(StorageTarget(target).read(MARK) or b"").source == home.git("rev-parse", "HEAD")


def test_only_what_changed_is_sent_and_what_is_gone_goes_last(
    home: Home, bucket: Any, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("content/old.md", "# Old\n")
    upload(home.site, target)
    before = {path: head["LastModified"] for path, head in stored(bucket, target).items()}
    (home.folder / "content/old.md").unlink()
    home.write("content/new.md", "# New\n")
    acts: list[str] = []
    send, remove = StorageTarget.send, StorageTarget.remove
    monkeypatch.setattr(
        StorageTarget, "send", lambda place, site, paths: (acts.append(f"send {paths[0]}"), send(place, site, paths))[1]
    )
    monkeypatch.setattr(
        StorageTarget, "remove", lambda place, paths: (acts.append(f"remove {paths[0]}"), remove(place, paths))[1]
    )
    plan = upload(home.site, target)
    assert plan.added == ("new.html",)
    assert plan.removed == ("old.html",)
    assert "debates/well/well.txt" not in plan.sent
    after = stored(bucket, target)
    assert "old.html" not in after
    assert after["debates/well/well.txt"]["LastModified"] == before["debates/well/well.txt"]
    assert acts[-2:] == [f"send {MANIFEST}", "remove old.html"]
    assert upload(home.site, target).nothing


def test_what_broke_off_is_sent_again_whatever_was_noted(
    home: Home, bucket: Any, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(home.site, target)
    home.write("content/about.md", "# About\n\nSecond.\n")
    send = StorageTarget.send

    def breaking(place: StorageTarget, site: Site, paths: tuple[str, ...]) -> None:
        if MANIFEST in paths:
            raise RostraError("broke off")
        send(place, site, paths)

    with monkeypatch.context() as broken:
        broken.setattr(StorageTarget, "send", breaking)
        with pytest.raises(RostraError, match="broke off"):
            upload(home.site, target)
    assert "about.html" in decode_mark(content(bucket, target, MARK)).unsure
    # The page goes back to what the list there says: without the note nobody would send it.
    home.git("checkout", "-q", "HEAD^", "--", "content")
    home.settle()
    upload(home.site, target)
    assert content(bucket, target, "about.html") == (home.site.output / "about.html").read_bytes()
    assert decode_mark(content(bucket, target, MARK)).unsure == ()


def test_a_dry_run_writes_nothing(home: Home, bucket: Any, target: str) -> None:
    assert upload(home.site, target, dry_run=True).added
    assert stored(bucket, target) == {}


@pytest.mark.parametrize("kind", ["local", "memory"])
def test_any_place_that_fsspec_reaches_will_do(home: Home, tmp_path: Path, kind: str) -> None:
    target = f"local://{tmp_path}/there" if kind == "local" else f"memory://{tmp_path.name}"
    upload(home.site, target)
    assert upload(home.site, target).nothing
    place = StorageTarget(target, None)
    assert place.read("index.html") == (home.site.output / "index.html").read_bytes()


def test_what_is_stored_is_whole_when_it_is_fetched_again(home: Home, bucket: Any, target: str, tmp_path: Path) -> None:
    upload(home.site, target)
    copy = tmp_path / "copy"
    shutil.copytree(home.folder, copy)
    shutil.rmtree(copy / "public")
    for path in stored(bucket, target):
        place = copy / "public" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content(bucket, target, path))
    (copy / "public" / MARK).unlink()
    from rostra.config.site import load_site

    assert check(load_site(copy)).findings == ()


REFUSED = {
    "strangers' files": ("holds files that Rostra did not put there", "publish to another address"),
    "no bucket": ("there is no bucket 'nowhere-at-all'", "create it"),
    "unknown": ("cannot be reached", "install"),
    "later version": ("Rostra 99.0 published last", "install Rostra 99.0"),
    "damaged mark": ("is not as Rostra writes it", "find out who"),
    "unbuilt": ("the site is not built", "rostra build"),
    "uncommitted": ("is not committed", "--dirty"),
    "lost address": ("was published and would be missing", "ledger"),
    "no answer": ("cannot be read", "address and the credentials"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses_with_the_remedy(home: Home, bucket: Any, target: str, case: str) -> None:
    name, _, prefix = target.removeprefix("s3://").partition("/")
    endpoint = None
    if case == "strangers' files":
        bucket.put_object(Bucket=name, Key=f"{prefix}/theirs.txt", Body=b"theirs")
    elif case == "no bucket":
        target = "s3://nowhere-at-all/debates"
    elif case == "unknown":
        target = "nonsense://x/y"
    elif case == "later version":
        bucket.put_object(Bucket=name, Key=f"{prefix}/{MARK}", Body=encode_mark(PublishMark(version="99.0")))
    elif case == "damaged mark":
        bucket.put_object(Bucket=name, Key=f"{prefix}/{MARK}", Body=b"{")
    elif case == "unbuilt":
        (home.site.output / MANIFEST).unlink()
    elif case == "uncommitted":
        (home.folder / "content/late.md").write_text("# Late\n")
    elif case == "lost address":
        upload(home.site, target)
        for gone in ("content/well.txt", "content/well.toml", "rostra.ledger"):
            (home.folder / gone).unlink()
        home.write("content/pond.txt", "Shall we?\n\n    1 year ago\n\n    Yes.\n")
    elif case == "no answer":
        endpoint = "http://127.0.0.1:9"
    before = stored(bucket, target) if case not in ("no bucket", "unknown") else {}
    said, remedy = REFUSED[case]
    with pytest.raises(RostraError) as refused:
        upload(home.site, target, endpoint=endpoint)
    assert said in str(refused.value)
    assert remedy in (refused.value.hint or "")
    if before:
        assert {k: v["ETag"] for k, v in stored(bucket, target).items()} == {k: v["ETag"] for k, v in before.items()}


def test_somebody_who_publishes_meanwhile_is_noticed_before_anything_is_removed(
    home: Home, bucket: Any, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("content/old.md", "# Old\n")
    upload(home.site, target)
    (home.folder / "content/old.md").unlink()
    home.settle()
    name, _, prefix = target.removeprefix("s3://").partition("/")
    send = StorageTarget.send

    def meanwhile(place: StorageTarget, site: Site, paths: tuple[str, ...]) -> None:
        send(place, site, paths)
        bucket.put_object(
            Bucket=name, Key=f"{prefix}/{MARK}", Body=encode_mark(PublishMark(version="0.1.0", source="theirs"))
        )

    monkeypatch.setattr(StorageTarget, "send", meanwhile)
    with pytest.raises(RostraError, match="meanwhile"):
        upload(home.site, target)
    assert "old.html" in stored(bucket, target)


def test_pages_are_sent_after_what_they_show_and_the_list_last() -> None:
    paths = ("a/index.html", "assets/x-01234567.css", "index.html", MANIFEST, "a/thread.json")
    assert [path for group in upload_batches(paths) for path in group][-1] == MANIFEST
    flat = [path for group in upload_batches(paths) for path in group]
    assert flat.index("assets/x-01234567.css") < flat.index("a/index.html")


@pytest.mark.parametrize(
    ("target", "storage"),
    [
        ("origin", False), ("git@host.example:a/b.git", False), ("https://host.example/a.git", False), ("file:///srv/a.git", False),
        ("ssh://host.example/a.git", False), ("../a.git", False), ("s3://bucket", True), ("gs://bucket/x", True), ("memory://x", True),
    ],
)  # fmt: skip
def test_a_target_is_a_git_remote_or_storage(target: str, storage: bool) -> None:
    assert is_storage(target) is storage


def test_a_folder_takes_the_place_of_a_file(tmp_path: Path) -> None:
    site = Site(root=tmp_path, settings=Settings(title="T"))
    target = f"local://{tmp_path}/there"
    for path in ("debates/x/page.php", "debates/x/page.php/index.html"):
        shutil.rmtree(site.output, ignore_errors=True)
        (site.output / path).parent.mkdir(parents=True)
        (site.output / path).write_text(path)
        digest = sha256(path.encode()).hexdigest()
        (site.output / MANIFEST).write_text(f"{digest}  {path}\n")
        put(site, target)
        assert (tmp_path / "there" / path).read_text() == path


def test_a_page_at_a_former_address_of_a_dump_is_no_promise() -> None:
    refuse_lost_addresses(["debates/x/page.php/index.html"], [], "")
    refuse_lost_addresses(["debates/index.html"], [], "")
    with pytest.raises(RostraError):
        refuse_lost_addresses(["debates/x/index.html"], [], "")
