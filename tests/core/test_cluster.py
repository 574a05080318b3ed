"""A real cluster of two worker processes makes the same site, byte for byte, whatever becomes of its workers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest

import rostra
from rostra.build.cluster import SharedPlace, _marked, _stamp, call_on_worker, cluster, facts
from rostra.build.pipeline import build
from rostra.config.site import Settings, Site, load_site
from rostra.errors import Crash, UsageError
from rostra.render.templates import built_in
from rostra.system.progress import Progress, Stage
from rostra.system.shared_storage import SharedStorage
from rostra.system.workers import Job
from support.changing_site import Archive, copied, files, override
from support.failing_site import BREAK, Mill, break_renderer, lines, mend_renderer
from support.optional_parts import missing


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """A scheduler with two worker processes."""
    try:
        from distributed import LocalCluster
    except ImportError:
        missing("distributed")
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as running:
        yield running


def bare(folder: Path) -> Site:
    """A site for its folders only."""
    return Site(root=folder, settings=Settings(title=""))


@pytest.mark.parametrize("seed", [1, 201])
def test_a_cluster_changes_no_byte(tmp_path: Path, scheduler: Any, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    override(archive.root)
    with cluster(scheduler.scheduler_address, bare(tmp_path)) as workers:
        for step in range(2):
            shared = build(load_site(archive.root), workers=workers)
            alone = build(load_site(copied(archive.root, tmp_path / f"alone-{step}")))
            assert files(archive.root / "public") == files(tmp_path / f"alone-{step}/public")
            assert shared.problems == alone.problems
            for _ in range(3):
                archive.change()


def test_a_worker_taken_away_in_the_middle_loses_nothing(tmp_path: Path, scheduler: Any) -> None:
    archive = Archive(tmp_path / "site", random.Random(7))
    override(archive.root)
    alone = build(load_site(copied(archive.root, tmp_path / "alone")))
    killed: list[int] = []

    def told(stage: Stage) -> None:
        if stage.name == "making pages of debates" and stage.done == 2 and not killed:
            killed.append(next(iter(scheduler.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    with cluster(scheduler.scheduler_address, bare(tmp_path)) as workers:
        shared = build(load_site(archive.root), Progress(told), workers=workers)
    assert killed
    assert files(archive.root / "public") == files(tmp_path / "alone/public")
    assert shared.problems == alone.problems
    assert shared.threads == alone.threads > 2


def test_a_worker_that_is_silent_with_what_it_has_made_is_waited_for(
    tmp_path: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.build.cluster.SILENCE", 0.3)
    with cluster(scheduler.scheduler_address, bare(tmp_path)) as workers:
        sent = workers._sent(os.getpid, Job("asked", 0, ()))
        while not sent.future._asked.done():
            time.sleep(0.01)
        stopped = [worker.pid for worker in scheduler.workers.values()]
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        waking = Timer(1.5, lambda: [os.kill(process, signal.SIGCONT) for process in stopped])
        waking.start()
        try:
            _, process = workers._next(deque([sent]))
        finally:
            waking.join()
    assert process in stopped


def test_where_every_worker_is_taken_away_the_rest_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("rostra.build.cluster.SILENCE", 0.5)
    archive = Archive(tmp_path / "site", random.Random(8))
    build(load_site(copied(archive.root, tmp_path / "alone")))
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    ) as running:

        def told(stage: Stage) -> None:
            if stage.name == "making pages of debates" and stage.done == 2:
                running.scale(0)
                running.sync(running._correct_state)

        with cluster(running.scheduler_address, bare(tmp_path)) as workers:
            build(load_site(archive.root), Progress(told), workers=workers)
    assert files(archive.root / "public") == files(tmp_path / "alone/public")


@contextmanager
def strange(place: Path) -> Iterator[Any]:
    """A scheduler whose only worker takes Rostra from elsewhere."""
    from distributed import LocalCluster

    command = [sys.executable, "-m", "distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    with LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=":0") as running:
        worker = subprocess.Popen(
            [*command, running.scheduler_address],
            env=os.environ | {"PYTHONPATH": str(place)},
            stderr=subprocess.DEVNULL,
        )
        try:
            while not running.scheduler.workers:
                assert worker.poll() is None
                time.sleep(0.05)
            yield running
        finally:
            worker.kill()
            worker.wait()


def elsewhere(place: Path) -> Path:
    """Rostra as a wheel would install it, at another place."""
    package = place / "rostra"
    shutil.copytree(Path(rostra.__file__).parent, package)
    shutil.copytree(built_in(), package / "layouts")
    return package


def test_workers_with_the_same_rostra_at_another_place_will_do(tmp_path: Path) -> None:
    elsewhere(tmp_path)
    with strange(tmp_path) as running, cluster(running.scheduler_address, bare(tmp_path)) as workers:
        assert list(workers.map(len, [Job(1, 0, ("abc",))])) == [(1, 3)]


@pytest.mark.parametrize(("other", "said"), [("another", "has Rostra 0.1.0 ("), ("none", "has no Rostra 0.1.0")])
def test_workers_with_another_rostra_are_refused_with_what_to_do(tmp_path: Path, other: str, said: str) -> None:
    if other == "another":
        with (elsewhere(tmp_path) / "layouts/thread.html").open("a") as template:
            template.write("\n")
    else:
        (tmp_path / "rostra").mkdir()
        (tmp_path / "rostra/__init__.py").write_text("")
    with (
        strange(tmp_path) as running,
        pytest.raises(UsageError) as refused,
        cluster(running.scheduler_address, bare(tmp_path)),
    ):
        pass
    assert said in refused.value.message
    assert "pip install" in (refused.value.hint or "")


@pytest.mark.parametrize("what", ["Python", "pygments"])
def test_workers_with_another_python_or_library_are_refused(
    tmp_path: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr("rostra.build.cluster.sys", SimpleNamespace(version_info=(3, 99, 0), platform="linux"))
    monkeypatch.setattr("rostra.build.cluster.version", lambda name: "0.1" if name == what else version(name))
    facts.cache_clear()
    if what != "Python":
        monkeypatch.setattr("rostra.build.cluster.sys", sys)
    try:
        with (
            pytest.raises(UsageError, match=f"has {what} .*, but this machine has "),
            cluster(scheduler.scheduler_address, bare(tmp_path)),
        ):
            pass
    finally:
        facts.cache_clear()


def test_a_worker_that_joins_late_and_is_another_is_refused_too(
    tmp_path: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rostra.build.cluster._stamp", lambda: "another")
    with (
        cluster(scheduler.scheduler_address, bare(tmp_path)) as workers,
        pytest.raises(UsageError, match="joined the cluster"),
    ):
        list(workers.map(len, [Job(1, 0, ("abc",))]))


def test_workers_that_do_not_reach_the_site_are_refused(
    tmp_path: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rostra.build.cluster._marked",
        lambda site, work: SharedPlace(SharedStorage(str(site.root), str(site.root / "elsewhere")), "mark"),
    )
    with (
        pytest.raises(UsageError, match="does not reach") as refused,
        cluster(scheduler.scheduler_address, bare(tmp_path)),
    ):
        pass
    assert "storage that every machine reaches" in (refused.value.hint or "")


def test_a_worker_that_joins_late_and_does_not_reach_the_site_is_refused(tmp_path: Path) -> None:
    shared = _marked(bare(tmp_path), "")
    shared.storage.put("tasks/one", shared.storage.packed((len, ("abc",), {})))
    call_on_worker(_stamp(), shared, "tasks/one")
    assert shared.storage.unpacked(shared.storage.get("tasks/one-value")) == (3, None)
    with pytest.raises(UsageError, match="joined the cluster during the build does not reach"):
        call_on_worker(_stamp(), shared._replace(mark="another"), "tasks/one")


@pytest.mark.parametrize(
    ("address", "said", "remedy"),
    [
        ("nobody", "no Dask scheduler answers", "dask scheduler"),
        ("http://example.org", "is not the address of a scheduler", "tcp://"),
        ("mill", "is not the address of a scheduler", "tcp://"),
    ],
)
def test_an_address_where_no_scheduler_is_is_told_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, said: str, remedy: str
) -> None:
    monkeypatch.setattr("rostra.build.cluster.ANSWER", 0.5)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}" if address == "nobody" else address
        with pytest.raises(UsageError) as refused, cluster(address, bare(tmp_path)):
            pass
    assert said in refused.value.message
    assert remedy in (refused.value.hint or "")


def test_a_cluster_without_workers_is_refused(tmp_path: Path) -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=":0") as running,
        pytest.raises(UsageError, match="has no workers"),
        cluster(running.scheduler_address, bare(tmp_path)),
    ):
        pass


def test_what_is_wrong_is_told_as_it_would_be_here(tmp_path: Path, scheduler: Any) -> None:
    archive = Archive(tmp_path / "site", random.Random(4))
    (archive.root / "layouts").mkdir()
    (archive.root / "layouts/thread.html").write_text("{{ thread.title }}\n{{ nothing }}\n")
    with cluster(scheduler.scheduler_address, bare(tmp_path)) as workers, pytest.raises(UsageError) as raised:
        build(load_site(archive.root), workers=workers)
    assert (raised.value.path, raised.value.line) == (str(archive.root / "layouts/thread.html"), 2)
    assert not (archive.root / "public").exists()


def test_a_thread_on_which_a_worker_elsewhere_fails_is_a_failure_and_the_others_are_built(
    tmp_path: Path, scheduler: Any
) -> None:
    from distributed import Client

    mill = Mill(tmp_path / "site")
    mill.build()
    before = mill.page("well")
    mill.put("well.jsonl", lines("well", more=BREAK))
    mill.put("gate.jsonl", lines("gate", more="New."))
    with Client(scheduler.scheduler_address, set_as_default=False) as client:
        client.run(break_renderer)
        try:
            with cluster(scheduler.scheduler_address, bare(tmp_path)) as workers:
                report = mill.build(workers)
        finally:
            client.run(mend_renderer)
    (failure,) = report.failures
    assert isinstance(failure, Crash)
    assert (failure.path, failure.line) == ("content/well.jsonl", 2)
    assert "in breaking" in failure.trace
    assert (report.kept, mill.page("well")) == (("debates/well",), before)
    assert "New." in mill.page("gate")


def test_the_command_says_what_a_cluster_wants(tmp_path: Path, scheduler: Any) -> None:
    from click.testing import CliRunner

    from rostra.cli import command

    archive = Archive(tmp_path / "site", random.Random(9))
    told = ["build", "--site", str(archive.root), "--cluster", scheduler.scheduler_address]
    assert CliRunner().invoke(command, told).exit_code == 0
    assert (archive.root / "public/SHA256SUMS").is_file()
    both = CliRunner().invoke(command, [*told, "--workers", "2"])
    assert "cannot be combined" in str(both.exception)
