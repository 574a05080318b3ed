"""Changes on disk, gathered: one call for a burst, and nothing missed while a build runs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

QUIET, QUIET_BURST = 0.03, 0.4
"""Seconds without an event after which a save counts as over, and a burst of events."""
BURST = 50
"""Events that are a burst."""
LONGEST = 30.0
"""Seconds after which a build starts though events go on."""
SEEN = {"created", "modified", "moved", "deleted", "closed"}


class Watcher:
    """Calls ``act`` in a thread of its own when something below the watched paths changed, and ``saw`` at once for each event."""

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
        self._watched: set[tuple[Path, bool]] = set()
        self._observer: BaseObserver = _observer()
        self._thread = threading.Thread(target=self._run, name="rostra-watch", daemon=True)

    def start(self, paths: Sequence[Path]) -> None:
        """Begin with these paths."""
        try:
            self._follow(paths)
            self._observer.start()
        except OSError:
            self._poll(paths)
        self._thread.start()

    def follow(self, paths: Sequence[Path]) -> None:
        """Watch these from now on, too: folders with all they hold, and of a file its folder, since editors replace files by renaming."""
        try:
            self._follow(paths)
        except OSError:
            self._observer.stop()
            self._poll(paths)

    def _poll(self, paths: Sequence[Path]) -> None:
        """No native events are left, or the disk has none (containers, network disks): ask it instead."""
        self._watched = set()
        self._observer = PollingObserver(timeout=0.5)
        self._follow(paths)
        self._observer.start()

    def _follow(self, paths: Sequence[Path]) -> None:
        handler = _Handler(self._event)
        # What was deleted and made again is another folder to the system.
        self._watched = {(path, deep) for path, deep in self._watched if path.is_dir()}
        wanted = {(path.resolve(), True) if path.is_dir() else (path.resolve().parent, False) for path in paths}
        for path, deep in sorted(wanted, key=lambda each: (not each[1], each[0])):
            covered = any(path == known or (below and path.is_relative_to(known)) for known, below in self._watched)
            if path.is_dir() and not covered:
                self._observer.schedule(handler, str(path), recursive=deep)
                self._watched.add((path, deep))
                # It may have changed since it was read: one looks once more.
                self._changed.set()

    def stop(self) -> None:
        """Stop watching; a build that runs is waited for."""
        self._stopped.set()
        self._changed.set()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if self._thread.is_alive():
            self._thread.join()

    def _event(self, path: str) -> None:
        if not (path + os.sep).startswith(self._ignored):
            self._events += 1
            self._changed.set()
            self._saw(Path(path))

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
            # The system drops events of which there are too many: after a burst one looks once more.
            again, self._events = self._events >= BURST, 0
            self._changed.clear()
            if self._stopped.is_set():
                return
            try:
                self._act()
            except Exception as error:  # noqa: BLE001  # a build's bug must not end the watching; it is told, whole
                self._failed(error)
            if again and not self._stopped.wait(QUIET_BURST):
                self._changed.set()


class _Handler(FileSystemEventHandler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in SEEN or (event.is_directory and event.event_type == "modified"):
            return
        self._tell(os.fsdecode(event.src_path))
        if event.dest_path:
            self._tell(os.fsdecode(event.dest_path))


def _observer() -> BaseObserver:
    if os.environ.get("ROSTRA_WATCH") == "poll":
        return PollingObserver(timeout=0.2)
    return Observer()
