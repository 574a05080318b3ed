"""Workers that reach none of the site's folders build the same site by way of object storage, whatever becomes of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rostra.build.cluster import cluster
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.model import Author
from rostra.system import shared_storage
from rostra.system.progress import Progress, Stage
from rostra.system.shared_storage import LocalPath, SharedStorage
from support.changing_site import Archive, copied, files, override
from support.counting_proxy import CountingProxy
from support.object_storage import object_storage, use_storage

BUCKET = "rostra-cluster"


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    """The address of a bucket."""
    import boto3

    with object_storage() as address, pytest.MonkeyPatch.context() as patch:
        use_storage(patch, address)
        boto3.client("s3", endpoint_url=address).create_bucket(Bucket=BUCKET)
        yield f"s3://{BUCKET}"


class Elsewhere:
    """A scheduler behind a proxy that counts bytes, and three worker processes that do not see the site."""

    COMMAND = (sys.executable, "-m", "distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def __init__(self, running: Any, proxy: CountingProxy, folder: Path) -> None:
        self._running, self.proxy, self._folder = running, proxy, folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def fill_up(self) -> None:
        """Start workers until there are three."""
        self.processes = [each for each in self.processes if each.poll() is None]
        while len(self.processes) < 3:
            command = [*self.COMMAND, self._running.scheduler_address]
            self.processes.append(subprocess.Popen(command, cwd=self._folder, stderr=subprocess.DEVNULL))
        while len(self._running.scheduler.workers) != len(self.processes):
            assert all(worker.poll() is None for worker in self.processes)
            time.sleep(0.05)

    def end(self) -> None:
        for worker in self.processes:
            worker.send_signal(signal.SIGCONT)
            worker.kill()
            worker.wait()


@pytest.fixture(scope="module")
def elsewhere(storage: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=":0") as running,
        CountingProxy(running.scheduler_address) as proxy,
    ):
        made = Elsewhere(running, proxy, tmp_path_factory.mktemp("elsewhere"))
        try:
            yield made
        finally:
            made.end()


@pytest.fixture
def workers(elsewhere: Elsewhere) -> Elsewhere:
    """Three workers that live; starting one takes as long as most tests, so they serve several."""
    elsewhere.fill_up()
    return elsewhere


def archive(folder: Path) -> Archive:
    """A site of debates in all formats, with layouts of its own."""
    made = Archive(folder, random.Random(11))
    override(made.root)
    return made


def only_partitions(address: str) -> bool:
    """Whether a build left nothing on the storage but partitions and what the next one knows them by."""
    there = SharedStorage("", "", address).listed()
    tops, folders = {path.split("/")[0] for path in there}, {path.rpartition("/")[0] for path in there}
    return tops <= {"cluster", ".rostra"} and folders <= {"", ".rostra/partitions"}


def test_three_workers_elsewhere_change_no_byte_and_later_builds_use_what_is_there(
    tmp_path: Path, storage: str, workers: Elsewhere
) -> None:
    made = archive(tmp_path / "site")
    for step in range(2):
        with cluster(workers.proxy.address, load_site(made.root), f"{storage}/{tmp_path.name}") as used:
            shared = build(load_site(made.root), workers=used)
        assert only_partitions(f"{storage}/{tmp_path.name}")
        alone = build(load_site(copied(made.root, tmp_path / f"alone-{step}")))
        assert files(made.root / "public") == files(tmp_path / f"alone-{step}/public")
        assert shared.problems == alone.problems
        made.change()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], tuple[Any, ...]]:
    """The files of the archive and its problems, as one process makes them."""
    root = archive(tmp_path_factory.mktemp("alone") / "site").root
    report = build(load_site(root))
    return files(root / "public"), report.problems


@pytest.mark.parametrize("stage", ["reading dumps", "searching quotations across debates", "making pages of debates", "making lists"])  # fmt: skip
def test_a_worker_elsewhere_that_dies_in_a_stage_loses_nothing(
    tmp_path: Path, storage: str, workers: Elsewhere, alone: Any, stage: str
) -> None:
    made = archive(tmp_path / "site")
    seen = set[str]()

    def told(at: Stage) -> None:
        if at.name == stage and stage not in seen:
            seen.add(stage)
            # One dies at its task, and one is slow.
            dying, slow, _ = workers.processes
            dying.kill()
            slow.send_signal(signal.SIGSTOP)
            waking.append(subprocess.Popen(["sh", "-c", f"sleep 2; kill -CONT {slow.pid}"]))

    waking: list[subprocess.Popen[bytes]] = []
    with cluster(workers.proxy.address, load_site(made.root), f"{storage}/{tmp_path.name}") as used:
        shared = build(load_site(made.root), Progress(told), workers=used)
    for each in waking:
        each.wait()
    assert seen == {stage}
    assert (files(made.root / "public"), shared.problems) == alone


def test_a_text_that_looks_like_a_path_is_no_path(tmp_path: Path, storage: str) -> None:
    here = SharedStorage(str(tmp_path), str(tmp_path), f"{storage}/{tmp_path.name}")
    there = here._replace(root=str(tmp_path / "worker"))
    secret = tmp_path / "secret.txt"
    secret.write_text("Nobody may have it.")
    said = (str(secret), str(tmp_path), Author(name=f"{tmp_path}/x"), tmp_path / "content")
    assert there.unpacked(here.packed(said)) == (*said[:3], tmp_path / "worker/content")
    assert not (tmp_path / "worker").exists()


def test_a_file_that_a_task_names_is_there_as_it_was_written_last(tmp_path: Path, storage: str) -> None:
    here = SharedStorage(str(tmp_path / "site"), str(tmp_path), f"{storage}/{tmp_path.name}")
    there = here._replace(root=str(tmp_path / "worker"))
    for inside in (True, False):
        file = tmp_path / ("site" if inside else "outside") / "dump.mbox"
        file.parent.mkdir()
        for content in ("first", "second"):
            file.write_text(content)
            os.utime(file, ns=(len(content), len(content)))
            got = there.unpacked(here.packed(LocalPath(file)))
            assert Path(got).read_text() == content
            assert Path(got).is_relative_to(tmp_path / "worker")
            assert (Path(got).stat().st_mtime_ns, type(got)) == (len(content), LocalPath)
    folder = LocalPath(tmp_path / "site/none")
    assert there.unpacked(here.packed(folder)) == f"{tmp_path}/worker/none"


def test_what_a_machine_lacks_it_fetches(tmp_path: Path, storage: str) -> None:
    here = SharedStorage(str(tmp_path / "site"), str(tmp_path), f"{storage}/{tmp_path.name}")
    there = here._replace(root=str(tmp_path / "worker"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site/part").write_text("words")
    try:
        shared_storage.use(here)
        shared_storage.share(f"{tmp_path}/site/part")
        shared_storage.hand_over(f"{tmp_path}/site/part")
        assert (tmp_path / "site/part").exists()
        shared_storage.use(there, is_worker=True)
        assert Path(shared_storage.local(f"{tmp_path}/worker/part")).read_text() == "words"
        assert not Path(shared_storage.local(f"{tmp_path}/worker/none")).exists()
        shared_storage.hand_over(f"{tmp_path}/worker/part")
        assert not (tmp_path / "worker/part").exists()
        shared_storage.fetch([f"{tmp_path}/worker/part"])
        assert (tmp_path / "worker/part").read_text() == "words"
    finally:
        shared_storage.use(None)


@pytest.mark.parametrize("remote", [True, False])
def test_only_names_cross_the_scheduler(tmp_path: Path, storage: str, workers: Elsewhere, remote: bool) -> None:
    """At most 200 bytes a post, however long the posts are."""
    proxy = workers.proxy
    posts = 500
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    words = "Who opened the upper gate when the water stood at the third mark? " * 8
    with (root / "content/mill.jsonl").open("w") as file:
        for n in range(posts):
            parent = "null" if n % 20 == 0 else str(n - n % 20)
            title = f'"title": "Day {n}", ' if n % 20 == 0 else ""
            file.write(f'{{"id": {n}, "parent": {parent}, {title}"author": "A{n % 9}", "body": "{n} {words}"}}\n')
    before = 0
    with cluster(proxy.address, load_site(root), f"{storage}/{tmp_path.name}" if remote else "") as used:
        before = proxy.bytes
        report = build(load_site(root), workers=used)
        crossed = proxy.bytes - before
    assert report.posts == posts
    assert crossed / posts <= 200
