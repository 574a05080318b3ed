"""Object storage is sent what differs, in an order that shows no page before its files, and loses nothing of others."""

from __future__ import annotations

import json
import shutil
from typing import Any

import fsspec
import pytest

from rostra import __version__
from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import storage
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark
from rostra.publish.source import head
from rostra.publish.storage import AT_ONCE, StorageTarget, is_storage, put, refuse_overtaken, upload, upload_batches
from rostra.publish.stored import Object, PublishRecord, stored_objects
from support.plain_site import PlainHome, fill, listing, sha
from support.pretended_bucket import PretendedBucket

TARGET, TOP = "s3://bucket/site", "bucket/site"
SITE = {"index.html": b"index", "a/b.html": b"page", "feed.xml": b"feed", "x-0123.css": b"style"}


def pretend(monkeypatch: pytest.MonkeyPatch, bucket: PretendedBucket) -> PretendedBucket:
    def found(address: str, **_: object) -> tuple[PretendedBucket, str]:
        return bucket, address.partition("://")[2]

    monkeypatch.setattr(fsspec.core, "url_to_fs", found)
    bucket.write("bucket/other/theirs.txt", b"theirs")
    return bucket


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> PretendedBucket:
    return pretend(monkeypatch, PretendedBucket())


@pytest.fixture
def sent(plain: PlainHome, bucket: PretendedBucket) -> PlainHome:
    """A site that was published there."""
    plain.show(SITE)
    upload(plain.site, TARGET)
    bucket.done.clear()
    return plain


def there(bucket: PretendedBucket) -> dict[str, bytes]:
    """What is at the target, but for the mark."""
    return {path.removeprefix(f"{TOP}/"): said for path, said in bucket.held.items() if path.startswith(TOP) and not path.endswith(MARK)}  # fmt: skip


def as_sent(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {MANIFEST: listing(files)}


def marked(bucket: PretendedBucket) -> PublishMark:
    return decode_mark(bucket.held[f"{TOP}/{MARK}"])


def done(bucket: PretendedBucket) -> list[tuple[str, tuple[str, ...]]]:
    return [(what, tuple(path.removeprefix(f"{TOP}/") for path in paths)) for what, paths in bucket.done]


def forget(home: PlainHome) -> None:
    shutil.rmtree(home.folder / ".rostra/published", ignore_errors=True)


# What is sent, and in which order.


def test_files_come_before_pages_and_the_list_before_the_mark(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(SITE)
    plan = upload(plain.site, TARGET)
    assert there(bucket) == as_sent(SITE)
    assert plan.added == tuple(sorted(as_sent(SITE)))
    assert (plan.repaired, plan.strange, plan.removed) == ((), (), ())
    order = [path for what, paths in done(bucket) for path in paths]
    assert (order[0], order[-1], order[-2]) == (MARK, MARK, MANIFEST)
    assert {what for what, _ in done(bucket)} == {"write", "send"}
    pages = [path.endswith(".html") for path in order[1:-2]]
    assert pages == sorted(pages)
    assert marked(bucket) == PublishMark(version=__version__, source=head(plain.site))
    assert upload(plain.site, TARGET).nothing


def test_until_all_is_done_the_mark_says_what_is_unsure(
    sent: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[PublishMark] = []
    send, remove = StorageTarget.send, StorageTarget.remove
    monkeypatch.setattr(StorageTarget, "send", lambda *given: (seen.append(marked(bucket)), send(*given))[1])
    monkeypatch.setattr(StorageTarget, "remove", lambda *given: (seen.append(marked(bucket)), remove(*given))[1])
    sent.show({"index.html": b"other", "z.html": b"new", "x-0123.css": b"style", "feed.xml": b"feed"})
    upload(sent.site, TARGET)
    unsure = (MANIFEST, "a/b.html", "index.html", "z.html")
    assert seen == [PublishMark(version=__version__, source=head(sent.site), unsure=unsure)] * len(seen)
    assert [(what, paths) for what, paths in done(bucket) if what == "remove"] == [("remove", ("a/b.html",))]
    assert done(bucket)[-2:] == [("remove", ("a/b.html",)), ("write", (MARK,))]
    assert marked(bucket).unsure == ()


def test_new_files_are_sent_first_whatever_their_kind() -> None:
    paths = ("a.html", "new.html", "b.css", "new.css", MANIFEST, "c.css")
    assert list(upload_batches(paths, ["new.html", "new.css"])) == [
        ("new.css",),
        ("new.html",),
        ("b.css", "c.css"),
        ("a.html",),
        (MANIFEST,),
    ]


def test_files_are_sent_together_if_they_have_one_type_and_lifetime(bucket: PretendedBucket, plain: PlainHome) -> None:
    site = {
        "a.html": b"",
        "b.html": b"",
        "c.css": b"",
        "rostra-0123456789abcdef.css": b"",
        "d.json": b"",
        "e.svg": b"x",
    }
    plain.show(site)
    upload(plain.site, TARGET)
    for path in site:
        said = bucket.headers[f"{TOP}/{path}"]
        assert said == StorageTarget(TARGET)._headers(path)
    for what, paths in done(bucket):
        if what == "send":
            assert len({str(bucket.headers[f"{TOP}/{path}"]) for path in paths}) == 1
    assert bucket.headers[f"{TOP}/{MARK}"]["ContentType"]


@pytest.mark.parametrize(
    ("target", "names"),
    [("s3://x/y", {"ContentType", "CacheControl"}), ("s3a://x/y", {"ContentType", "CacheControl"}), ("gs://x/y", {"content_type", "fixed_key_metadata"}),
     ("gcs://x/y", {"content_type", "fixed_key_metadata"}), ("local://x/y", set()), ("memory://x", set())],
)  # fmt: skip
def test_type_and_lifetime_are_said_as_each_client_wants(bucket: PretendedBucket, target: str, names: set[str]) -> None:
    said = StorageTarget(target)._headers("a.html")
    assert said.keys() == names
    if names:
        assert "text/html; charset=utf-8" in said.values()
        assert "no-cache" in str(said.values())


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE, 2 * AT_ONCE + 1])
def test_no_more_files_are_handed_over_at_once_than_a_client_takes(count: int) -> None:
    assert AT_ONCE == 500
    paths = tuple(f"{n:05}.css" for n in range(count))
    batches = list(upload_batches(paths))
    assert [path for batch in batches for path in batch] == list(paths)
    assert all(len(batch) == AT_ONCE for batch in batches[:-1])
    assert all(0 < len(batch) <= AT_ONCE for batch in batches)


def test_what_is_in_the_way_of_a_folder_goes_first_and_once(sent: PlainHome, bucket: PretendedBucket) -> None:
    sent.show({"index.html/x": b"new", "feed.xml": b"feed"})
    upload(sent.site, TARGET)
    removed = [paths for what, paths in done(bucket) if what == "remove"]
    assert removed == [("index.html",), ("a/b.html", "x-0123.css")]
    assert done(bucket)[1] == ("remove", ("index.html",))
    assert there(bucket) == as_sent({"index.html/x": b"new", "feed.xml": b"feed"})


def test_what_is_gone_already_is_not_removed(bucket: PretendedBucket) -> None:
    place = StorageTarget(TARGET)
    bucket.write(f"{TOP}/a", b"")
    place.remove(("a", "b"))
    place.remove(("a", "b"))
    place.remove(())
    assert done(bucket) == [("remove", ("a",))]


# What is ours.


def test_nothing_is_sent_where_nothing_changed(sent: PlainHome, bucket: PretendedBucket) -> None:
    assert upload(sent.site, TARGET).nothing
    assert done(bucket) == []


@pytest.mark.parametrize("recorded", [True, False])
def test_what_others_changed_is_sent_again_and_named(sent: PlainHome, bucket: PretendedBucket, recorded: bool) -> None:
    bucket.write(f"{TOP}/index.html", b"theirs")
    bucket.remove(f"{TOP}/a/b.html")
    if not recorded:
        forget(sent)
    sent.show(SITE | {"feed.xml": b"other"})
    plan = upload(sent.site, TARGET)
    assert (plan.added, plan.changed) == (("a/b.html",), (MANIFEST, "feed.xml", "index.html"))
    assert plan.repaired == ("a/b.html", "index.html")
    assert there(bucket) == as_sent(SITE | {"feed.xml": b"other"})


def test_what_is_unsure_is_ours_and_not_called_repaired(sent: PlainHome, bucket: PretendedBucket) -> None:
    unsure = ("index.html", "half.html", "a/b.html")
    bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version=__version__, unsure=unsure)))
    bucket.write(f"{TOP}/index.html", b"half")
    bucket.write(f"{TOP}/half.html", b"half")
    plan = upload(sent.site, TARGET)
    assert (plan.changed, plan.removed, plan.repaired, plan.strange) == (("index.html",), ("half.html",), (), ())
    assert there(bucket) == as_sent(SITE)


def test_a_run_that_was_broken_off_is_completed_where_nothing_differs_any_more(
    sent: PlainHome, bucket: PretendedBucket
) -> None:
    bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version=__version__, unsure=("index.html",))))
    assert upload(sent.site, TARGET).nothing
    assert marked(bucket) == PublishMark(version=__version__, source=head(sent.site))


def test_a_mark_without_files_is_a_site_of_which_all_is_gone(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(SITE)
    bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version=__version__)))
    assert upload(plain.site, TARGET).added == tuple(sorted(as_sent(SITE)))
    assert there(bucket) == as_sent(SITE)


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_file_of_others_stays_unless_a_list_proves_it_to_be_ours(
    sent: PlainHome, bucket: PretendedBucket, recorded: bool, listed: bool
) -> None:
    bucket.write(f"{TOP}/theirs.txt", b"theirs")
    if listed:
        bucket.write(f"{TOP}/{MANIFEST}", listing(SITE | {"theirs.txt": b"theirs", "index.html": b"index"}))
    if not recorded:
        forget(sent)
    plan = upload(sent.site, TARGET)
    assert plan.strange == (() if listed and not recorded else ("theirs.txt",))
    assert ("theirs.txt" in there(bucket)) == bool(plan.strange)
    assert there(bucket).items() >= as_sent(SITE).items()


def test_files_of_others_are_named_in_order(sent: PlainHome, bucket: PretendedBucket) -> None:
    theirs = tuple(f"theirs-{number:02}.txt" for number in range(20))
    for path in theirs:
        bucket.write(f"{TOP}/{path}", b"theirs")
    assert upload(sent.site, TARGET).strange == theirs


@pytest.mark.parametrize("recorded", [True, False])
def test_what_was_published_from_here_goes_though_somebody_changed_it(
    sent: PlainHome, bucket: PretendedBucket, recorded: bool
) -> None:
    """The list at the target alone proves nothing of what it does not hold."""
    bucket.write(f"{TOP}/feed.xml", b"changed")
    sent.show(rest := {path: said for path, said in SITE.items() if path != "feed.xml"})
    if not recorded:
        forget(sent)
    plan = upload(sent.site, TARGET)
    assert (plan.removed, plan.strange) == ((("feed.xml",), ()) if recorded else ((), ("feed.xml",)))
    assert there(bucket) == as_sent(rest) | ({} if recorded else {"feed.xml": b"changed"})


def test_a_folder_without_files_is_nobodys(
    plain: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "ls", lambda *_, **__: [])
    plain.show(SITE)
    assert upload(plain.site, TARGET).added == tuple(sorted(as_sent(SITE)))


@pytest.mark.parametrize("recorded", [True, False])
def test_a_list_of_another_digest_proves_nothing(sent: PlainHome, bucket: PretendedBucket, recorded: bool) -> None:
    bucket.write(f"{TOP}/theirs.txt", b"theirs")
    bucket.write(f"{TOP}/{MANIFEST}", listing(SITE | {"theirs.txt": b"another"}))
    if not recorded:
        forget(sent)
    assert upload(sent.site, TARGET).strange == ("theirs.txt",)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_file_of_others_is_not_overwritten(sent: PlainHome, bucket: PretendedBucket, recorded: bool) -> None:
    for name in ("new.html", "also.html"):
        bucket.write(f"{TOP}/{name}", b"theirs")
    sent.show(SITE | {"new.html": b"ours", "also.html": b"ours"})
    if not recorded:
        forget(sent)
    with pytest.raises(
        RostraError, match=r"^s3://bucket/site holds files .* put its own: also\.html, new\.html\n"
    ) as raised:
        upload(sent.site, TARGET)
    assert "move them elsewhere" in (raised.value.hint or "")
    assert done(bucket) == []
    bucket.write(f"{TOP}/new.html", b"ours")
    bucket.remove(f"{TOP}/also.html")
    plan = upload(sent.site, TARGET)
    assert (plan.added, plan.strange) == (("also.html",), ())


def test_a_page_that_changed_there_and_here_is_ours_by_the_list_alone(sent: PlainHome, bucket: PretendedBucket) -> None:
    forget(sent)
    bucket.write(f"{TOP}/index.html", b"theirs")
    sent.show(SITE | {"index.html": b"other"})
    assert upload(sent.site, TARGET).changed == (MANIFEST, "index.html")
    assert there(bucket) == as_sent(SITE | {"index.html": b"other"})


@pytest.mark.parametrize("recorded", [True, False])
def test_without_a_list_there_the_list_is_ours(sent: PlainHome, bucket: PretendedBucket, recorded: bool) -> None:
    bucket.remove(f"{TOP}/{MANIFEST}")
    if not recorded:
        forget(sent)
    plan = upload(sent.site, TARGET)
    assert (plan.sent, plan.strange) == ((MANIFEST,), ())
    bucket.write(f"{TOP}/{MANIFEST}", b"theirs")
    if not recorded:
        forget(sent)
    plan = upload(sent.site, TARGET)
    assert (plan.sent, plan.strange) == ((MANIFEST,), ())


# Who may publish where.


@pytest.mark.parametrize("held", [(f"{TOP}/theirs.txt",), (f"{TOP}/a/deep.txt", f"{TOP}/b.txt")])
def test_a_place_that_is_not_ours_is_refused(plain: PlainHome, bucket: PretendedBucket, held: tuple[str, ...]) -> None:
    plain.show(SITE)
    for path in held:
        bucket.write(path, b"theirs")
    first = held[0].removeprefix(f"{TOP}/").partition("/")[0]
    with pytest.raises(RostraError) as raised:
        upload(plain.site, TARGET)
    assert raised.value.message == f"s3://bucket/site holds files that Rostra did not put there: {first!r}"
    assert "a prefix" in (raised.value.hint or "")
    assert done(bucket) == []


def test_a_bucket_that_is_missing_is_told_and_a_folder_is_made(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(SITE)
    with pytest.raises(RostraError, match="there is no bucket 'nowhere'\n") as raised:
        upload(plain.site, "s3://nowhere/site")
    assert "create it" in (raised.value.hint or "")
    upload(plain.site, "memory://nowhere/site")
    assert "nowhere/site/index.html" in bucket.held


def test_a_later_version_and_a_later_commit_are_not_overwritten(sent: PlainHome, bucket: PretendedBucket) -> None:
    bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version="99.0")))
    with pytest.raises(RostraError, match=r"Rostra 99\.0 published last"):
        upload(sent.site, TARGET)
    old = head(sent.site)
    new = sent.commit()
    sent.git("checkout", "-q", "--detach", old or "")
    bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version="0.1", source=new)))
    with pytest.raises(RostraError, match=f"is built from commit {new[:12]}, which comes after") as raised:
        upload(sent.site, TARGET)
    assert "git pull" in (raised.value.hint or "")
    assert done(bucket) == []


def test_which_commit_is_later_is_known_only_of_commits_here(plain: PlainHome) -> None:
    old = head(plain.site) or ""
    new = plain.commit()
    plain.git("checkout", "-q", "-b", "aside", old)
    aside = plain.commit()
    assert aside
    for mark in (None, "", "0" * 40, old, aside):
        refuse_overtaken(plain.site, PublishMark(version="0.1", source=mark), "there")
    refuse_overtaken(plain.site, PublishMark(version="0.1", source=new), "there")
    plain.git("checkout", "-q", old)
    with pytest.raises(RostraError) as raised:
        refuse_overtaken(plain.site, PublishMark(version="0.1", source=new), "there")
    assert raised.value.message == f"there is built from commit {new[:12]}, which comes after this site's, {old[:12]}"
    assert "`git revert`" in (raised.value.hint or "")
    shutil.rmtree(plain.folder / ".git")
    refuse_overtaken(plain.site, PublishMark(version="0.1", source=new), "there")


def test_a_mark_that_is_damaged_or_empty_is_refused(sent: PlainHome, bucket: PretendedBucket) -> None:
    for said in (b"", b"{}"):
        bucket.write(f"{TOP}/{MARK}", said)
        with pytest.raises(RostraError, match="not as Rostra writes it"):
            upload(sent.site, TARGET)


def debates(*ids: str) -> dict[str, bytes]:
    return SITE | {f"debates/{id}/{name}": id.encode() for id in ids for name in ("index.html", "citations.bib")}


def test_debates_go_on_purpose_only(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(debates("a", "b", "c"))
    upload(plain.site, TARGET)
    plain.show(debates("c"))
    with pytest.raises(
        RostraError, match=r"debates/a/index\.html was published and would be missing, and 1 more"
    ) as raised:
        upload(plain.site, TARGET, accept_removals=True)
    assert "or remove what is there" in (raised.value.hint or "")
    for dry_run in (True, False):
        with pytest.raises(RostraError, match="2 of 3 debates would be removed at once"):
            put(plain.site, TARGET, dry_run=dry_run)
    assert put(plain.site, TARGET, accept_removals=True).removed
    assert there(bucket) == as_sent(debates("c"))


def test_with_gone_pages_removals_are_accepted(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(debates("a", "b"))
    upload(plain.site, TARGET)
    gone = {f"debates/{id}/{name}": b"gone" for id in "ab" for name in ("index.html", "feed.xml")}
    plain.show(SITE | gone)
    with pytest.raises(RostraError, match="2 of 2 debates would be removed at once"):
        upload(plain.site, TARGET)
    upload(plain.site, TARGET, accept_removals=True)
    assert there(bucket) == as_sent(SITE | gone)


def test_a_dry_run_writes_nothing_and_a_real_one_is_the_rule(plain: PlainHome, bucket: PretendedBucket) -> None:
    plain.show(SITE)
    assert upload(plain.site, TARGET, dry_run=True).added
    assert put(plain.site, TARGET, dry_run=True).added
    assert (done(bucket), (plain.folder / ".rostra/published").exists()) == ([], False)
    put(plain.site, TARGET)
    assert there(bucket) == as_sent(SITE)
    forget(plain)
    assert upload(plain.site, TARGET, dry_run=True).nothing
    assert not (plain.folder / ".rostra/published").exists()


def test_what_is_not_committed_or_not_ready_is_refused(
    plain: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.show(SITE)
    plain.settings('description = "x"')
    with pytest.raises(RostraError, match="is not committed"):
        upload(plain.site, TARGET)
    upload(plain.site, TARGET, dirty=True)
    plain.commit()
    asked: list[bool] = []

    def refuse(_: object, *, despite_failures: bool = False) -> None:
        asked.append(despite_failures)
        if not despite_failures:
            raise RostraError("not ready")

    monkeypatch.setattr(storage, "refuse_unready", refuse)
    with pytest.raises(RostraError, match="not ready"):
        upload(plain.site, TARGET)
    upload(plain.site, TARGET, despite_failures=True)
    assert asked == [False, True]


def test_an_endpoint_is_passed_on_and_has_a_record_of_its_own(
    plain: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def found(address: str, **options: object) -> tuple[PretendedBucket, str]:
        asked.append(options.get("endpoint_url"))
        return bucket, address.partition("://")[2]

    monkeypatch.setattr(fsspec.core, "url_to_fs", found)
    plain.show(SITE)
    upload(plain.site, TARGET, endpoint="http://one")
    upload(plain.site, TARGET, endpoint="http://two")
    upload(plain.site, TARGET)
    put(plain.site, TARGET, endpoint="http://one")
    assert asked == ["http://one", "http://two", None, "http://one"]
    names = sorted(path.name for path in (plain.folder / ".rostra/published").iterdir())
    assert [len(name) for name in names] == [len("01234567890123456789.json")] * 3


@pytest.mark.parametrize(
    ("target", "found"),
    [("s3://bucket", True), ("memory://x", True), ("https://mill.example/a.git", False), ("file:///srv/a.git", False),
     ("origin", False), ("git@mill:a.git", False), ("s3:bucket", False)],
)  # fmt: skip
def test_storage_is_told_from_git_by_its_scheme(target: str, found: bool) -> None:
    assert is_storage(target) is found


# Who else is there meanwhile.


def meanwhile(monkeypatch: pytest.MonkeyPatch, method: str, act: Any) -> None:
    """Have somebody do something after a call of a method."""
    called = getattr(StorageTarget, method)

    def then(place: StorageTarget, *given: Any) -> Any:
        result = called(place, *given)
        act(*given)
        return result

    monkeypatch.setattr(StorageTarget, method, then)


def test_who_publishes_at_the_same_time_is_noticed_before_anything_is_removed(
    sent: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent.show({path: content for path, content in SITE.items() if path != "a/b.html"})
    theirs = encode_mark(PublishMark(version=__version__, source="theirs"))
    meanwhile(monkeypatch, "send", lambda *_: bucket.write(f"{TOP}/{MARK}", theirs))
    with pytest.raises(RostraError, match="somebody else published there meanwhile") as raised:
        upload(sent.site, TARGET)
    assert "sent again" in (raised.value.hint or "")
    assert "a/b.html" in there(bucket)
    assert bucket.held[f"{TOP}/{MARK}"] == theirs


def records(home: PlainHome) -> dict[str, Any]:
    (place,) = (home.folder / ".rostra/published").iterdir()
    return dict(json.loads(place.read_bytes()))


def test_what_somebody_changed_meanwhile_is_not_recorded(
    sent: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent.show(SITE | {"index.html": b"other"})

    def change(path: str, *_: object) -> None:
        # Before the last look at what is there: one of what was sent, and one of what was not.
        if path == MARK and marked(bucket).unsure == ():
            bucket.write(f"{TOP}/index.html", b"longer than it was")
            bucket.write(f"{TOP}/feed.xml", b"xxxx")

    with monkeypatch.context() as patched:
        meanwhile(patched, "write", change)
        upload(sent.site, TARGET)
    assert {path: version == "" for path, (_, version) in records(sent).items()} == {
        MARK: False, MANIFEST: False, "a/b.html": False, "x-0123.css": False, "index.html": True, "feed.xml": True,
    }  # fmt: skip
    assert upload(sent.site, TARGET).repaired == ("feed.xml", "index.html")
    assert there(bucket) == as_sent(SITE | {"index.html": b"other"})


def test_nothing_is_recorded_of_what_somebody_else_published(
    sent: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = records(sent)
    sent.show(SITE | {"index.html": b"other"})

    def change(path: str, *_: object) -> None:
        if path == MARK and marked(bucket).unsure == ():
            bucket.write(f"{TOP}/{MARK}", encode_mark(PublishMark(version=__version__, source="theirs")))

    meanwhile(monkeypatch, "write", change)
    upload(sent.site, TARGET)
    assert records(sent) == before


def test_a_size_that_is_not_told_is_taken_to_be_right(
    sent: PlainHome, bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = bucket.find
    monkeypatch.setattr(bucket, "find", lambda *given, **named: {path: {**about, "size": None} for path, about in find(*given, **named).items()})  # fmt: skip
    sent.show(SITE | {"index.html": b"other"})
    upload(sent.site, TARGET)
    assert records(sent)["index.html"][1]


def test_a_mark_is_read_as_it_is_now(bucket: PretendedBucket) -> None:
    place = StorageTarget(TARGET)
    before = bucket.looked
    assert place.read("nothing") is None
    bucket.write(f"{TOP}/nothing", b"now")
    assert place.read("nothing") == b"now"
    assert bucket.looked == before + 2


@pytest.mark.parametrize("size", [0, 7, 8, 9, 16, 17])
def test_what_is_there_is_digested_in_pieces(
    bucket: PretendedBucket, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    assert storage.PIECE == 1 << 20
    monkeypatch.setattr(storage, "PIECE", 8)
    bucket.write(f"{TOP}/a", b"x" * size)
    assert StorageTarget(TARGET).digest("a") == sha(b"x" * size)


# The record.


def test_objects_are_files_and_not_folders(bucket: PretendedBucket) -> None:
    for path in ("a.html", "folder/", "folder/b.html"):
        bucket.write(f"{TOP}/{path}", b"x")
    bucket.write(f"{TOP}/", b"")
    found = stored_objects(StorageTarget(TARGET))
    assert found.keys() == {"a.html", "folder/b.html"}
    md5 = "9dd4e461268c8034f5c8564e155c67a6"
    assert (found["a.html"].size, found["a.html"].etag) == (1, md5)
    assert found["a.html"].version


def test_an_object_without_metadata_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    held = pretend(monkeypatch, PretendedBucket(versions=False, etags=False))
    held.write(f"{TOP}/a.html", b"x")
    assert stored_objects(StorageTarget(TARGET)) == {"a.html": Object(1, "", "")}


@pytest.mark.parametrize("versions", [True, False])
@pytest.mark.parametrize("etags", [True, False])
def test_a_file_is_sent_again_where_nothing_proves_it(
    plain: PlainHome, monkeypatch: pytest.MonkeyPatch, versions: bool, etags: bool
) -> None:
    held = pretend(monkeypatch, PretendedBucket(versions=versions, etags=etags))
    plain.show(SITE)
    upload(plain.site, TARGET)
    assert upload(plain.site, TARGET).nothing == (versions or etags)
    forget(plain)
    plan = upload(plain.site, TARGET)
    assert plan.nothing == etags
    assert plan.repaired == (() if etags else tuple(sorted(as_sent(SITE))))
    assert there(held) == as_sent(SITE)


def record(home: PlainHome) -> PublishRecord:
    return PublishRecord(home.site, StorageTarget(TARGET), None)


def test_a_record_holds_what_was_sent_sorted_and_only_that_is_claimed(sent: PlainHome) -> None:
    place = StorageTarget(TARGET)
    found = stored_objects(place)
    assert record(sent).claimed(found) == {path: sha(content) for path, content in as_sent(SITE).items()}
    names = list(records(sent))
    assert names == sorted(names)
    assert records(sent)[MARK][0] == ""
    assert record(sent).claimed({path: each for path, each in found.items() if path != MARK}) is None
    assert record(sent).claimed({MARK: Object(1, "another", "")}) is None
    assert record(sent).claimed({MARK: Object(1, "", "")}) is None


@pytest.mark.parametrize(
    "said", [b"", b"{", b"[]", b'{"index.html": 1}', b'{"index.html": ["1"]}', b'{"index.html": {"digest": "1"}}']
)
def test_a_damaged_record_is_none(sent: PlainHome, said: bytes) -> None:
    (place,) = (sent.folder / ".rostra/published").iterdir()
    place.write_bytes(said)
    assert record(sent).sent == {}


def test_the_digest_of_what_is_there_is_known_by_record_or_by_what_is_here(
    sent: PlainHome, bucket: PretendedBucket
) -> None:
    wanted = sent.show(SITE | {"index.html": b"other", "new.html": b"new"})
    found = stored_objects(StorageTarget(TARGET))
    known = record(sent)
    assert known.digest("index.html", found, wanted) == sha(b"index")
    assert record(sent).digest("a/b.html", found, {}) == sha(b"page")
    bucket.write(f"{TOP}/new.html", b"new")
    bucket.write(f"{TOP}/index.html", b"theirs")
    bucket.write(f"{TOP}/strange.html", b"theirs")
    found = stored_objects(StorageTarget(TARGET))
    assert known.digest("new.html", found, wanted) == sha(b"new")
    assert known.digest("index.html", found, wanted) == ""
    assert known.digest("strange.html", found, wanted) == ""
    fill(sent.folder / "public", {"strange.html": b"theirs"})
    assert known.digest("strange.html", found, wanted) == ""
    (sent.folder / "public/new.html").unlink()
    assert known.digest("new.html", found, wanted) == ""


def test_a_record_is_made_in_a_cache_that_is_not_there(plain: PlainHome, bucket: PretendedBucket) -> None:
    shutil.rmtree(plain.folder / ".rostra", ignore_errors=True)
    made = record(plain)
    assert made.sent == {}
    made.note({"b": "2", "a": "1"}, {"a": Object(1, "v", "")})
    made.note({"b": "2", "a": "1"}, {"a": Object(1, "v", "")})
    assert records(plain) == {MARK: ["", ""], "a": ["1", "v"], "b": ["2", ""]}
