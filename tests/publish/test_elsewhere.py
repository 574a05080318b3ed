"""Content that is read from object storage, and output that is written to it, as if they were folders here."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.cli import command
from rostra.cli.build import send
from rostra.config.build_record import note
from rostra.config.remote_content import mirror
from rostra.config.site import Site, load_site
from rostra.errors import RostraError, UsageError
from rostra.publish import storage
from rostra.publish.plan import Plan
from rostra.serve.preview import preview
from rostra.system.build_lock import alone
from rostra.system.remote_files import Elsewhere, safe_address
from support.changing_site import Archive, copied, files

WELL = "Shall the gate stay shut?\n\n    1 year ago\n\n    It shall.\n"


def put(client: Any, target: str, **objects: str) -> None:
    name, _, prefix = target.removeprefix("s3://").partition("/")
    for key, text in objects.items():
        client.put_object(Bucket=name, Key=f"{prefix}/{key}", Body=text.encode())


def sent(client: Any, target: str, folder: Path) -> None:
    """All of a folder, in the bucket."""
    put(client, target, **{path: said.decode() for path, said in files(folder).items()})


def remove(client: Any, target: str, key: str) -> None:
    name, _, prefix = target.removeprefix("s3://").partition("/")
    client.delete_object(Bucket=name, Key=f"{prefix}/{key}")


def site(folder: Path, *content: str, output: str = "public") -> Site:
    folder.mkdir(parents=True, exist_ok=True)
    named = ", ".join(f'"{each}"' for each in content)
    (folder / "rostra.toml").write_text(f'title = "Mill"\ncontent = [{named}]\noutput = "{output}"\n')
    return load_site(folder)


def built(folder: Path) -> Result:
    return CliRunner().invoke(command, ["build", "--site", str(folder)])


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is fetched, in order."""
    noted: list[str] = []
    fetch = Elsewhere.fetch
    monkeypatch.setattr(Elsewhere, "fetch", lambda place, paths, to: (noted.extend(paths), fetch(place, paths, to))[1])
    return noted


def test_a_bucket_is_read_as_a_folder_is(tmp_path: Path, bucket: Any, target: str) -> None:
    archive = Archive(tmp_path / "here", random.Random(11))
    (archive.root / "content/about.md").write_text("# About\n\nWords.\n")
    (archive.root / "content/later.md").write_text("+++\ndraft = true\n+++\n# Later\n")
    (archive.root / "content/well.txt").write_text(WELL)
    (archive.root / "content/well.toml").write_text('title = "Of the well"\ntags = ["water"]\n')
    (archive.root / "content/.hidden.txt").write_text("nothing")
    build(load_site(archive.root))
    sent(bucket, target, archive.root / "content")
    there = site(tmp_path / "there", target)
    result = built(there.root)
    assert result.exit_code == 0, result.output
    here, elsewhere = files(archive.root / "public"), files(there.output)
    assert {path for path in elsewhere if path.endswith(".html")} == {path for path in here if path.endswith(".html")}
    assert "later.html" not in elsewhere
    assert b"Of the well" in elsewhere["debates/well/index.html"]
    assert f'"path":"{target}/well.txt"'.encode() in elsewhere["debates/well/thread.json"].replace(b" ", b"")
    assert not [path for path, said in elsewhere.items() if str(tmp_path).encode() in said or b".rostra" in said]
    assert str(tmp_path) not in there.ledger.read_text()


def test_only_what_changed_is_fetched_and_nothing_is_begun_where_nothing_did(
    tmp_path: Path, bucket: Any, target: str, fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Site] = []

    def noted(of: Site, *rest: Any) -> Any:
        begun.append(of)
        return build(of, *rest)

    monkeypatch.setattr("rostra.build.pipeline.build", noted)
    put(
        bucket,
        target,
        **{"a.txt": WELL, "b/c.txt": WELL.replace("gate", "weir"), "d.txt": WELL.replace("gate", "mill")},
    )
    there = site(tmp_path / "there", target)
    assert built(there.root).exit_code == 0
    assert (sorted(fetched), len(begun)) == (["a.txt", "b/c.txt", "d.txt"], 1)
    assert built(there.root).exit_code == 0
    assert (len(fetched), len(begun)) == (3, 1)
    put(bucket, target, **{"b/c.txt": WELL.replace("gate", "sluice")})
    remove(bucket, target, "d.txt")
    assert built(there.root).exit_code == 0
    assert (fetched[3:], len(begun)) == (["b/c.txt"], 2)
    assert b"sluice" in (there.output / "debates/c/index.html").read_bytes()
    assert not (there.mirror / target.replace("://", "/") / "d.txt").exists()
    # What was taken away here is fetched again.
    (there.mirror / target.replace("://", "/") / "a.txt").unlink()
    assert built(there.root).exit_code == 0
    assert fetched[4:] == ["a.txt"]


def test_what_cannot_be_listed_is_told_and_what_was_fetched_stands(tmp_path: Path, bucket: Any, target: str) -> None:
    put(bucket, target, **{"a.txt": WELL})
    there = site(tmp_path / "there", target, "content", "s3://nowhere-at-all/dumps")
    (there.root / "content").mkdir()
    (there.root / "content/near.txt").write_text(WELL.replace("gate", "weir"))
    result = built(there.root)
    assert result.exit_code == 1
    assert "s3://nowhere-at-all/dumps" in result.output
    assert "hint: check the address and the credentials" in result.output
    before = files(there.output)
    assert {"debates/a/index.html", "debates/near/index.html"} <= before.keys()
    remove(bucket, target, "a.txt")
    bucket.delete_bucket(Bucket=target.split("/")[2])
    again = built(there.root)
    assert again.exit_code == 1
    assert target in again.output
    assert files(there.output) == before


@pytest.mark.parametrize("key", ["x//y.txt", "../out.txt", "a/../../out.txt", "back\\slash.txt"])
def test_a_name_that_can_be_no_file_s_is_told_and_written_nowhere(
    tmp_path: Path, bucket: Any, target: str, key: str
) -> None:
    put(bucket, target, **{"a.txt": WELL, key: WELL})
    there = site(tmp_path / "there", target)
    failures = mirror(there)
    assert [failure.message for failure in failures] == ["it cannot be stored as a file under this name"]
    assert [path for path in files(there.mirror) if path.endswith(".txt")] == [f"{target.replace('://', '/')}/a.txt"]
    assert not list(tmp_path.rglob("out.txt"))


def test_an_object_that_cannot_be_had_leaves_the_others_and_its_last_copy(
    tmp_path: Path, bucket: Any, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket, target, **{"a.txt": WELL, "b.txt": WELL})
    there = site(tmp_path / "there", target)
    assert mirror(there) == ()
    put(bucket, target, **{"a.txt": WELL + "\nMore.\n", "b.txt": WELL + "\nMore.\n"})
    fetch = Elsewhere.fetch

    def breaking(place: Elsewhere, paths: list[str], to: list[str]) -> None:
        fetch(place, paths, to)
        for path, file in zip(paths, to, strict=True):
            if path == "a.txt":
                Path(file).write_text("half")

    with monkeypatch.context() as broken:
        broken.setattr(Elsewhere, "fetch", breaking)
        (failure,) = mirror(there)
    assert (failure.message, failure.path) == ("it broke off", f"{target}/a.txt")
    copy = there.mirror / target.replace("://", "/")
    assert ((copy / "a.txt").read_text(), (copy / "b.txt").read_text()) == (WELL, WELL + "\nMore.\n")
    assert mirror(there) == ()
    assert (copy / "a.txt").read_text() == WELL + "\nMore.\n"


def test_a_card_in_a_bucket_speaks_of_no_file_of_this_machine(tmp_path: Path, bucket: Any, target: str) -> None:
    (tmp_path / "secret.txt").write_text(WELL)
    up = "../" * (len(target.split("/")) + 1)
    put(
        bucket,
        target,
        **{"a.txt": WELL, "b.toml": f'dump = "{up}../secret.txt"\n', "c.toml": f'dump = "{up}rostra.toml"\n'},
    )
    there = site(tmp_path / "there", target)
    result = built(there.root)
    assert result.output.count("is not in the same remote folder") == 2, result.output
    assert "debates/secret/index.html" not in files(there.output)


@pytest.mark.parametrize("kind", ["file", "local", "memory"])
def test_any_place_that_fsspec_reaches_is_read(tmp_path: Path, kind: str) -> None:
    dumps = tmp_path / "dumps"
    if kind == "memory":
        import fsspec

        fsspec.filesystem("memory").pipe_file(f"/{tmp_path.name}/well.txt", WELL.encode())
        address = f"memory://{tmp_path.name}"
    else:
        dumps.mkdir()
        (dumps / "well.txt").write_text(WELL)
        address = f"{kind}://{dumps}"
    there = site(tmp_path / "there", address, output=f"file://{tmp_path}/out")
    result = built(there.root)
    assert result.exit_code == 0, result.output
    name = f"{address}/well.txt" if kind == "memory" else "../dumps/well.txt"
    assert f'"{name}"'.encode() in (tmp_path / "out/debates/well/thread.json").read_bytes()


def test_an_output_in_a_bucket_is_what_an_output_here_is(
    tmp_path: Path, bucket: Any, target: str, stored: Callable[..., dict[str, bytes]]
) -> None:
    archive = Archive(tmp_path / "here", random.Random(12))
    there = copied(archive.root, tmp_path / "there")
    (there / "rostra.toml").write_text(f'title = "Mill"\noutput = "{target}/site"\n')
    for step in range(3):
        build(load_site(archive.root))
        result = built(there)
        assert result.exit_code == 0, result.output
        assert f"{target}/site: " in result.output
        assert stored(f"{target}/site") == files(archive.root / "public")
        if step < 2:
            archive.add()
            min((archive.root / "content").glob("d*.jsonl")).unlink()
            for path in (there / "content").iterdir():
                path.unlink()
            for path, said in files(archive.root / "content").items():
                (there / "content" / path).write_bytes(said)
    again = built(there)
    assert "0 files sent, 0 removed" in again.output


def test_what_broke_off_on_its_way_to_a_bucket_is_sent_by_the_next_build(
    tmp_path: Path, bucket: Any, target: str, stored: Callable[..., dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "here", random.Random(13))
    (archive.root / "rostra.toml").write_text(f'title = "Mill"\noutput = "{target}"\n')
    with monkeypatch.context() as broken:
        broken.setattr("rostra.publish.storage.StorageTarget.remove", lambda place, paths: 1 / 0)
        assert built(archive.root).exit_code == 1
    assert built(archive.root).exit_code == 0
    assert stored(target) == files(load_site(archive.root).output)


def test_a_bucket_that_holds_what_is_not_ours_is_left_alone(
    tmp_path: Path, bucket: Any, target: str, stored: Callable[..., dict[str, bytes]]
) -> None:
    put(bucket, target, **{"theirs.txt": "theirs"})
    archive = Archive(tmp_path / "here", random.Random(14))
    (archive.root / "rostra.toml").write_text(f'title = "Mill"\noutput = "{target}"\n')
    result = built(archive.root)
    assert "holds files that Rostra did not put there" in str(result.exception)
    assert stored(target) == {"theirs.txt": b"theirs"}


def test_the_preview_shows_what_a_bucket_held_when_it_began_and_says_so(
    tmp_path: Path, bucket: Any, target: str
) -> None:
    put(bucket, target, **{"a.txt": WELL})
    there = site(tmp_path / "there", target)
    lines: list[str] = []
    stops: list[Callable[[], None]] = []

    def ready(_address: str, stop: Callable[[], None]) -> None:
        stops.append(stop)
        stop()

    serving = threading.Thread(
        target=preview,
        args=(there.root,),
        kwargs={"host": "127.0.0.1", "port": 0, "announce": lines.append, "ready": ready},
    )
    serving.start()
    serving.join(60)
    assert stops
    assert (there.root / ".rostra/preview/debates/a/index.html").is_file()
    assert [line for line in lines if line.startswith(f"{target} is shown as it is now")]


def test_no_secret_of_an_address_is_told_or_written(tmp_path: Path) -> None:
    assert safe_address("s3://key:secret@bucket/dumps?token=x#y") == "s3://bucket/dumps"
    there = site(tmp_path / "there", "ftp://ada:hunter2@127.0.0.1:9/dumps?token=swordfish")
    (failure,) = mirror(there)
    told = f"{failure} {[path.as_posix() for path in there.mirror.rglob('*')]}"
    assert "127.0.0.1:9/dumps" in told
    assert "hunter2" not in told
    assert "swordfish" not in told


def test_output_elsewhere_is_sent_under_the_build_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = site(tmp_path / "site", "content", output=f"memory://{tmp_path.name}")
    (tmp_path / "site/content").mkdir()
    (tmp_path / "site/content/well.txt").write_text(WELL)
    sends: list[str] = []
    put_there = storage.put

    def watched(of: Site, target: str) -> Plan:
        with pytest.raises(UsageError, match="another build is running"), alone(of.cache, patience=0):
            pass
        sends.append(target)
        return put_there(of, target)

    monkeypatch.setattr(storage, "put", watched)
    assert built(made.root).exit_code == 0
    assert sends == [made.settings.output]
    # It is given back.
    with alone(made.cache, patience=0):
        pass


def test_what_a_build_that_came_between_failed_on_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = site(tmp_path / "site", "content", output=f"memory://{tmp_path.name}")
    (tmp_path / "site/content").mkdir()
    (tmp_path / "site/content/well.txt").write_text(WELL)
    report = rebuild(made, lambda standing: build(made, standing=standing))
    for spoil in (lambda: note(made, (RostraError("gone"),), 1), (made.cache / "journal").touch):
        monkeypatch.setattr(storage, "put", lambda *_: pytest.fail("sent"))
        spoil()
        assert isinstance(send(made, report), RostraError)
        note(made, (), 1)
