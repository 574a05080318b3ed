"""Watch files for changes, debounced: one call for a burst of events, and no change missed during a build.

watchdog delivers the events of the system, or polls.  Three things are done here because it has no part for them.  Its
``EventDebouncer`` keeps every event in memory and waits for as long as events continue; here a longer pause ends a
burst, and a build starts after ``LONGEST`` in any case.  Its recursive watches do not follow links, and do not notice
that a watched folder was replaced by another of the same name.  Its pattern handlers compare names, while what is
ignored here are folders.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import Enum
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from watchdog.events import DirCreatedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserverVFS

from rostra.serve.places import identity, links, stat_of

QUIET, QUIET_BURST = 0.03, 0.4
"""Seconds without an event after which a save, and a burst of events, counts as over."""
BURST = 50
"""How many events are a burst."""
LONGEST = 30.0
"""Seconds after which a build starts although events continue."""
SEEN = {"created", "modified", "moved", "deleted", "closed"}


class Extent(Enum):
    """Which events of a watched folder matter."""

    TREE = "everything below it"
    FOLDER = "its direct children"
    WAY = "parent folders of other watched folders"


class _Watched(Struct, eq=False):
    """A watched folder: its identity, and whether another folder may have replaced it."""

    watch: ObservedWatch
    extent: Extent
    identity: tuple[int, int]
    lost: bool = False


class Watcher:
    """Calls ``act`` in its own thread after changes below the watched paths, and ``saw`` at once for each event."""

    def __init__(
        self,
        act: Callable[[], None],
        saw: Callable[[Path], None],
        ignored: Iterable[Path],
        failed: Callable[[Exception], None],
    ) -> None:
        self._act = act
        self._saw = saw
        self._failed = failed
        self._ignored = tuple(str(path.resolve()) + os.sep for path in ignored)
        self._changed = threading.Event()
        self._events = 0
        self._stopped = threading.Event()
        self._watched: dict[Path, _Watched] = {}
        self._ways: frozenset[str] = frozenset()
        self._awaited: frozenset[Path] = frozenset()
        self._links: dict[str, Path] = {}
        self._sought: frozenset[Path] = frozenset()
        self._relinked = False
        self._observer: BaseObserver = _observer()
        self._thread = threading.Thread(target=self._run, name="rostra-watch", daemon=True)

    def start(self, paths: Sequence[Path]) -> None:
        """Start watching these paths."""
        try:
            self._observer.start()
            self._follow(paths)
        except OSError:
            self._poll(paths)
        self._thread.start()

    def follow(self, paths: Sequence[Path]) -> None:
        """Watch only these paths from now on: folders recursively, also behind links, and the folders of files.

        Editors replace files by renaming, so a file's folder is watched.  Missing paths are watched once they exist.
        """
        try:
            self._follow(paths)
        except OSError:
            self._poll(paths)

    def _poll(self, paths: Sequence[Path]) -> None:
        """Fall back to polling: native events are exhausted, or the file system has none (containers, network disks)."""
        self._observer.stop()
        self._watched = {}
        self._observer = _asking(0.5)
        self._observer.start()
        self._follow(paths)

    def _follow(self, paths: Sequence[Path]) -> None:
        wanted = self._wanted(paths)
        for path, had in tuple(self._watched.items()):
            same = self._tells_of_itself or identity(path) == had.identity
            if had.lost or not same or wanted.get(path) is not had.extent:
                # The observer keeps the watch of a removed folder, and would mistake it for one of the new folder.
                self._observer.unschedule(had.watch)
                del self._watched[path]
        # Parent folders come first, so that no folder is replaced unnoticed in between.
        for path, extent in sorted(wanted.items(), key=lambda each: each[0]):
            if path in self._watched:
                continue
            handler = _Handler(self._on_way if extent is Extent.WAY else self._event, self._on_folder)
            # A folder that vanished or cannot be read is no reason to give up native events.
            try:
                if (now := identity(path)) is not None:
                    watch = self._observer.schedule(handler, str(path), recursive=extent is Extent.TREE)
                    self._watched[path] = _Watched(watch, extent, now)
                    self._relinked = True
            except PermissionError:
                continue
            except (FileNotFoundError, NotADirectoryError):
                pass
            # It may have changed or vanished since it was read: look again.
            self._changed.set()

    def _wanted(self, paths: Sequence[Path]) -> dict[Path, Extent]:
        places = {Path(os.path.realpath(path)) for path in paths}
        places.update(self._behind_links(frozenset(path for path in places if identity(path))))
        trees = {path for path in places if identity(path)}
        gone = {path for path in places if not stat_of(path)}
        folders = {path.parent for path in places - trees - gone}

        def told(path: Path) -> bool:
            return path in wanted or not trees.isdisjoint(path.parents)

        wanted: dict[Path, Extent] = {}
        wanted |= {path: Extent.TREE for path in trees if not told(path)}
        wanted |= {path: Extent.FOLDER for path in folders if not told(path)}
        gone = {path for path in gone if not told(path)}
        ways, awaited = set[str](), set[Path]()
        for path in (*wanted, *gone):
            line = (path, *path.parents)
            ways.update(map(str, line))
            if path in gone:
                awaited.update(each for each, above in pairwise(line) if not stat_of(each) and identity(above))
            elif self._tells_of_itself:
                continue
            for above in path.parents:
                if told(above):
                    break
                if identity(above):
                    wanted[above] = Extent.WAY
                    if self._tells_of_itself:
                        break
        self._ways, self._awaited = frozenset(ways), frozenset(awaited)
        return wanted

    @property
    def _tells_of_itself(self) -> bool:
        """Whether a watch reports that its folder was replaced; elsewhere only a watch of the parent does.

        On macOS a watch of the parent would report everything below it.
        """
        return sys.platform == "darwin" or isinstance(self._observer, PollingObserverVFS)

    def _behind_links(self, trees: frozenset[Path]) -> Iterable[Path]:
        """Return the targets of links below some folders, which no watch follows."""
        if self._relinked or trees != self._sought:
            self._relinked, self._sought = False, trees
            self._links = dict(links(trees, self._ignored))
        return self._links.values()

    def again(self) -> None:
        """Act again without an event."""
        self._changed.set()

    def stop(self) -> None:
        """Stop watching, after a running build ends."""
        self._stopped.set()
        self._changed.set()
        # A build calls ``follow``, so the observer stops after it.
        if self._thread.is_alive():
            self._thread.join()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _event(self, path: str, event: FileSystemEvent) -> None:
        if (path + os.sep).startswith(self._ignored):
            return
        place = Path(path)
        if event.event_type not in ("modified", "closed"):
            # Another folder of the same path, possibly with the same inode number.
            if had := self._watched.get(place):
                had.lost = True
            with suppress(OSError):
                if event.is_directory or path in self._links or place.is_symlink():
                    self._relinked = True
        self._events += 1
        self._changed.set()
        self._saw(place)

    def _on_way(self, path: str, event: FileSystemEvent) -> None:
        if path in self._ways:
            self._event(path, event)

    def _on_folder(self) -> None:
        """Something was added to a folder or removed; macOS reports no more about nested watched folders."""
        for path in self._awaited:
            if stat_of(path):
                self._event(str(path), DirCreatedEvent(str(path)))

    def _run(self) -> None:
        while True:
            self._changed.wait()
            if self._stopped.is_set():
                return
            begun = time.monotonic()
            while time.monotonic() - begun < LONGEST:
                self._changed.clear()
                if not self._changed.wait(QUIET if self._events < BURST else QUIET_BURST):
                    break
            # The system drops events if there are too many: look again after a burst.
            again, self._events = self._events >= BURST, 0
            self._changed.clear()
            if self._stopped.is_set():
                return
            try:
                self._act()
            except Exception as error:  # noqa: BLE001  # a bug in a build must not end watching; it is reported with its traceback
                self._failed(error)
            if again and not self._stopped.wait(QUIET_BURST):
                self._relinked = True
                self._changed.set()


class _Handler(FileSystemEventHandler):
    def __init__(self, tell: Callable[[str, FileSystemEvent], None], on_folder: Callable[[], None]) -> None:
        self._tell = tell
        self._on_folder = on_folder

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in SEEN:
            return
        if event.is_directory and event.event_type == "modified":
            self._on_folder()
            return
        self._tell(os.fsdecode(event.src_path), event)
        if event.dest_path:
            self._tell(os.fsdecode(event.dest_path), event)


def _observer() -> BaseObserver:
    if os.environ.get("ROSTRA_WATCH") == "poll":
        return _asking(0.2)
    try:
        return Observer()
    except OSError:
        # The number of watches for each user is limited.
        return _asking(0.5)


def _asking(seconds: float) -> BaseObserver:
    """A polling observer that does not follow links, since links to a parent folder would never end."""
    return PollingObserverVFS(os.lstat, os.scandir, polling_interval=seconds)
