"""What is there is what was built last, whatever became of the folders meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from watchdog.events import FileSystemEventHandler
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserverVFS

from rostra.serve import watch
from rostra.serve.watch import Watcher
from support.preview_server import until

QUIET = 0.15
"""Seconds without anything that count as the end; where a machine is slower than that, a test proves less and does not fail."""


class Built:
    """A build that reads every file, as ``rostra serve`` has it built."""

    def __init__(self, paths: Sequence[Path], ignored: Sequence[Path] = ()) -> None:
        self.paths = list(paths)
        self.read: dict[Path, str] = {}
        self.times = 0
        self.heard: list[Path] = []
        self.failed: list[Exception] = []
        self._last = time.monotonic()
        self.watcher = Watcher(self._build, self._saw, ignored, self.failed.append)

    def _build(self) -> None:
        self.watcher.follow(self.paths)
        read, seen, ahead = {}, set(), [path for path in self.paths if path.exists()]
        while ahead:
            path = Path(os.path.realpath(ahead.pop()))
            if path.is_dir() and path not in seen:
                ahead += path.iterdir()
            elif path.is_file():
                read[path] = path.read_text()
            seen.add(path)
        self.read = read
        self.watcher.follow(self.paths)
        self.times += 1
        self._last = time.monotonic()

    def lacks(self, path: Path) -> bool:
        """Whether the last build did not find a file."""
        return path not in self.read

    def _saw(self, path: Path) -> None:
        self.heard.append(path)
        self._last = time.monotonic()

    def settled(self) -> None:
        """Wait until nothing is heard or built any more."""
        begun = time.monotonic()
        until(lambda: self.times and time.monotonic() - max(begun, self._last) > QUIET)

    def forgets(self, path: Path) -> None:
        until(lambda: path not in self.watcher._watched)
        self.settled()

    def hears_nothing_of(self, *folders: Path) -> None:
        """Write into folders of which nothing is to be told, and elsewhere, until that is built."""
        self.settled()
        self.heard.clear()
        for folder in folders:
            (folder / "beside.md").write_text("beside")
            (folder / "beside").mkdir()
        self.shows(self.paths[0], "all else was heard")
        self.settled()
        assert [path for path in self.heard if path.parent in folders] == []

    def shows(self, path: Path, text: str) -> None:
        """Write a file once and wait until a build has read that."""
        path.write_text(text)
        until(lambda: self.read.get(Path(os.path.realpath(path))) == text)


@contextmanager
def watching(*paths: Path, ignored: Sequence[Path] = ()) -> Iterator[Built]:
    built = Built(paths, ignored)
    built.watcher.start(built.paths)
    try:
        built.settled()
        yield built
    finally:
        built.watcher.stop()
    assert built.failed == []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is asked more often than one would while somebody works."""
    asking = watch._asking
    monkeypatch.setattr(watch, "_asking", lambda seconds: asking(seconds / 5))


@pytest.fixture(params=["native", "poll"])
def both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of the system, and the disk asked."""
    monkeypatch.setenv("ROSTRA_WATCH", request.param)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    for name in ("content", "content/sub", "layouts", "archive/2020"):
        (site / name).mkdir(parents=True)
        (site / name / "hand.md").write_text("as it was")
    (site / "rostra.toml").write_text("settings")
    shutil.copytree(site, tmp_path / "keep")
    return site


def of(site: Path) -> list[Path]:
    return [site / "rostra.toml", site / "content", site / "layouts", site / "archive/2020"]


def swapped(folder: Path, built: Built) -> None:
    second, third = (folder.with_name(f"{folder.name}-{word}") for word in ("second", "third"))
    shutil.copytree(folder, third)
    folder.rename(second)
    third.rename(folder)


def made_again(folder: Path, built: Built) -> None:
    shutil.rmtree(folder)
    shutil.copytree(folder.parents[1] / "keep" / folder.name, folder)


def made_again_later(folder: Path, built: Built) -> None:
    shutil.rmtree(folder)
    until(lambda: not any(path.is_relative_to(folder) for path in built.read))
    shutil.copytree(folder.parents[1] / "keep" / folder.name, folder)


def moved_away_and_back(folder: Path, built: Built) -> None:
    away = folder.parents[1] / "away"
    folder.rename(away)
    until(lambda: not any(path.is_relative_to(folder) for path in built.read))
    away.rename(folder)


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("replaced", [swapped, made_again, made_again_later, moved_away_and_back])
def test_folders_that_were_replaced_are_watched(site: Path, replaced: Callable[[Path, Built], None]) -> None:
    with watching(*of(site)) as built:
        for name in ("content", "layouts", "archive"):
            replaced(site / name, built)
        built.settled()
        for name in ("content/hand.md", "content/sub/new.md", "layouts/hand.md", "archive/2020/hand.md"):
            built.shows(site / name, "once")
        built.shows(site / "content/hand.md", "twice")
        # A style is shown before anything is built.
        built.heard.clear()
        until(lambda: (site / "layouts/hand.md").write_text("again") and site / "layouts/hand.md" in built.heard)


@pytest.mark.usefixtures("both")
def test_folders_that_another_branch_lacks_are_watched_when_they_are_back(site: Path) -> None:
    def git(*words: str) -> None:
        settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *settings, *words], cwd=site, check=True, capture_output=True)

    for words in (("init",), ("add", "."), ("commit", "-m", "all"), ("checkout", "-b", "bare")):
        git(*words)
    git("rm", "-r", "content", "layouts", "archive")
    git("commit", "-m", "less")
    git("checkout", "main")
    with watching(*of(site)) as built:
        git("checkout", "bare")
        until(lambda: built.lacks(site / "content/hand.md"))
        git("checkout", "main")
        built.settled()
        for name in ("content/hand.md", "layouts/hand.md", "archive/2020/hand.md"):
            built.shows(site / name, "as it is now")


@pytest.mark.usefixtures("both")
def test_what_is_not_there_is_watched_when_it_comes(site: Path, tmp_path: Path) -> None:
    missing = [tmp_path / "far/away/dumps", site / "later", site / "later.txt"]
    with watching(*of(site), *missing) as built:
        built.shows(site / "later.txt", "a file")
        (tmp_path / "far").mkdir()
        built.settled()
        (tmp_path / "far/away/dumps").mkdir(parents=True)
        (site / "later").mkdir()
        built.settled()
        for folder in (tmp_path / "far/away/dumps", site / "later"):
            built.shows(folder / "new.md", "once")
            built.shows(folder / "new.md", "twice")


def test_a_folder_elsewhere_is_watched_though_the_one_above_it_was_replaced(tmp_path: Path) -> None:
    (tmp_path / "x/y/z").mkdir(parents=True)
    shutil.copytree(tmp_path / "x", tmp_path / "w")
    with watching(tmp_path / "x/y/z") as built:
        (tmp_path / "x").rename(tmp_path / "v")
        (tmp_path / "w").rename(tmp_path / "x")
        built.settled()
        built.shows(tmp_path / "x/y/z/new.md", "new")


@pytest.mark.usefixtures("both")
def test_what_lies_behind_links_is_watched(site: Path, tmp_path: Path) -> None:
    for name in ("ext", "empty", "later", "within", "single"):
        (tmp_path / name).mkdir()
    (tmp_path / "single/file.md").write_text("linked by itself")
    (site / "content/file.md").symlink_to(tmp_path / "single/file.md")
    (site / "content/link").symlink_to("../../ext")
    (site / "content/sub/empty").symlink_to(tmp_path / "empty")
    with watching(*of(site)) as built:
        (tmp_path / "ext/deep").mkdir()
        built.shows(tmp_path / "ext/deep/new.md", "in a new folder")
        built.shows(site / "content/sub/empty/new.md", "in an empty one")
        built.shows(tmp_path / "single/file.md", "a file behind a link")
        (site / "content/later").symlink_to(tmp_path / "later")
        (tmp_path / "ext/deep/within").symlink_to(tmp_path / "within")
        (site / "content/nothing").symlink_to(tmp_path / "yet/nothing")
        built.settled()
        built.shows(tmp_path / "later/new.md", "behind a link made later")
        built.shows(tmp_path / "within/new.md", "behind a link behind a link")
        (tmp_path / "yet/nothing").mkdir(parents=True)
        built.settled()
        built.shows(tmp_path / "yet/nothing/new.md", "behind a link that led to nothing")
        swapped(tmp_path / "ext", built)
        built.settled()
        built.shows(tmp_path / "ext/deep/new.md", "behind a link to another folder of that name")


def test_links_that_came_within_a_folder_are_found(site: Path, tmp_path: Path) -> None:
    for name in ("ext", "made/folder"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "made/folder/link").symlink_to(tmp_path / "ext")
    with watching(*of(site)) as built:
        (tmp_path / "made").rename(site / "content/made")
        built.settled()
        built.shows(tmp_path / "ext/new.md", "new")


def test_of_what_a_link_no_longer_leads_to_nothing_is_heard(site: Path, tmp_path: Path) -> None:
    for name in ("ext", "hidden", "other"):
        (tmp_path / name).mkdir()
    (site / "content/link").symlink_to(tmp_path / "ext")
    (site / "content/sub/link").symlink_to(tmp_path / "other")
    (site / "content/.hidden").symlink_to(tmp_path / "hidden")
    with watching(*of(site)) as built:
        assert {tmp_path / "ext", tmp_path / "other"} <= built.watcher._watched.keys()
        (site / "content/link").unlink()
        (site / "content/sub").rename(tmp_path / "away")
        built.forgets(tmp_path / "ext")
        built.forgets(tmp_path / "other")
        built.hears_nothing_of(tmp_path / "ext", tmp_path / "other", tmp_path / "hidden")


@pytest.mark.usefixtures("both")
def test_links_that_go_round_end(site: Path) -> None:
    (site / "public").mkdir()
    links = {"self": ".", "up": "../content", "one": "two", "two": "one", "out": "../public", "file": "../rostra.toml"}
    for name, target in links.items():
        (site / "content" / name).symlink_to(target)
    with watching(*of(site), ignored=[site / "public"]) as built:
        built.shows(site / "content/hand.md", "new")
        built.shows(site / "content/sub/new.md", "new")
        # What a build writes would set the next one off, for ever.
        built.hears_nothing_of(site / "public")
        assert site / "public" not in built.watcher._watched
        (site / "content/top").symlink_to("..")
        built.settled()
        assert site in built.watcher._watched
        built.shows(site / "beside.md", "where a link leads up to")
        built.settled()
        built.heard.clear()
        (site / "public/other").mkdir()
        built.shows(site / "content/hand.md", "newer")
        assert not any(path.is_relative_to(site / "public") for path in built.heard)


@pytest.mark.usefixtures("both")
def test_nothing_is_heard_of_what_lies_beside(site: Path, tmp_path: Path) -> None:
    (tmp_path / "dumps/2020").mkdir(parents=True)
    with watching(*of(site), tmp_path / "dumps/2020", tmp_path / "missing/folder") as built:
        (site / "content").rename(site / "old")
        built.forgets(site / "content")
        built.hears_nothing_of(tmp_path, tmp_path / "dumps", site / "old", site / "old/sub")


def test_nothing_is_heard_of_a_folder_that_the_settings_name_no_more(site: Path) -> None:
    with watching(*of(site)) as built:
        built.paths.remove(site / "content")
        built.shows(site / "rostra.toml", "other settings")
        built.forgets(site / "content")
        built.hears_nothing_of(site / "content", site / "content/sub")


def test_a_save_walks_through_no_folders(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[object] = []
    links = watch.links
    with watching(*of(site)) as built:
        monkeypatch.setattr(watch, "links", lambda *given: walks.append(given) or links(*given))
        built.shows(site / "content/hand.md", "written over")
        (site / "content/.hand.swp").write_text("renamed")
        (site / "content/.hand.swp").rename(site / "content/hand.md")
        until(lambda: built.read[site / "content/hand.md"] == "renamed")
        built.settled()
        assert walks == []


def test_a_folder_that_goes_while_it_is_looked_at_is_no_end_of_native_events(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = BaseObserver.schedule
    content = site / "content"

    def late(observer: BaseObserver, handler: FileSystemEventHandler, path: str, *, recursive: bool) -> object:
        if path == str(content) and not gone:
            gone.append(content.rename(site / "old"))
        return schedule(observer, handler, path, recursive=recursive)

    gone: list[Path] = []
    monkeypatch.setattr(BaseObserver, "schedule", late)
    with watching(*of(site)) as built:
        assert gone
        (site / "old").rename(content)
        built.settled()
        built.shows(content / "sub/new.md", "new")
        assert not isinstance(built.watcher._observer, PollingObserverVFS)


def test_where_the_system_gives_no_more_of_its_events_the_disk_is_asked(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left() -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(watch, "Observer", none_left)
    with watching(*of(site)) as built:
        built.shows(site / "content/new.md", "new")


def test_where_watches_run_out_later_the_disk_is_asked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.parent / "ext").mkdir()
    schedule = BaseObserver.schedule

    def none_left(observer: BaseObserver, handler: FileSystemEventHandler, path: str, *, recursive: bool) -> object:
        if path.endswith("ext") and not isinstance(observer, PollingObserverVFS):
            raise OSError(28, "inotify watch limit reached")
        return schedule(observer, handler, path, recursive=recursive)

    monkeypatch.setattr(BaseObserver, "schedule", none_left)
    with watching(*of(site)) as built:
        (site / "content/link").symlink_to(site.parent / "ext")
        until(lambda: isinstance(built.watcher._observer, PollingObserverVFS))
        built.settled()
        built.shows(site / "content/link/new.md", "new")
        built.shows(site / "content/hand.md", "new")


def test_nothing_is_given_up_where_a_folder_is_not_to_be_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = BaseObserver.schedule

    def refused(observer: BaseObserver, handler: FileSystemEventHandler, path: str, *, recursive: bool) -> object:
        if path.endswith("layouts"):
            raise PermissionError(13, "refused")
        return schedule(observer, handler, path, recursive=recursive)

    monkeypatch.setattr(BaseObserver, "schedule", refused)
    with watching(*of(site)) as built:
        built.shows(site / "content/hand.md", "new")
        # It is not tried again and again, each time with a build.
        built.settled()
        assert not isinstance(built.watcher._observer, PollingObserverVFS)


def test_watching_ends_with_all_that_it_began(site: Path) -> None:
    before = set(threading.enumerate())
    with watching(*of(site)) as built:
        swapped(site / "content", built)
    assert set(threading.enumerate()) <= before
