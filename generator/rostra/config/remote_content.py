"""Remote content, copied into the cache and read there like local content.

Each time the listing is requested, changed files are fetched, and files that are gone are removed here.
If the listing fails, the earlier copies are kept.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from rostra.config.site import Site, is_elsewhere
from rostra.errors import RostraError
from rostra.system.file_state import FINE
from rostra.system.progress import Progress
from rostra.system.remote_files import Elsewhere, safe_address

AT_ONCE = 100
"""How many files are requested at once."""


def mirror(site: Site, progress: Progress | None = None) -> tuple[RostraError, ...]:
    """Fetch changed remote content; return the failures."""
    failures: list[RostraError] = []
    fetched = False
    for address, folder in site.content:
        if is_elsewhere(address):
            copy = _LocalCopy(folder, site.mirror / f"{' '.join(folder.relative_to(site.mirror).parts)}.listing")
            try:
                copy.bring(Elsewhere(address), progress or Progress(), failures)
            except RostraError as error:
                failures.append(error)
            fetched = fetched or copy.changed
    if fetched:
        # A file that was written just now might be written again unnoticed; these files are not.
        time.sleep(2 * FINE / 1e9)
    return tuple(failures)


class _LocalCopy:
    """A local copy of a remote folder, with the listing that it was fetched by."""

    def __init__(self, folder: Path, listing: Path) -> None:
        self.changed = False
        self._folder = folder
        self._listing = listing

    def bring(self, place: Elsewhere, progress: Progress, failures: list[RostraError]) -> None:
        """Fetch what changed; raise RostraError, and fetch nothing, if the folder cannot be listed."""
        described: dict[str, str] = {}
        sizes: dict[str, int | None] = {}
        for path, size, about in place.listing():
            if _fits(path):
                described[path], sizes[path] = about, size
            elif not _hidden(path):
                hint = "rename it: a name has no empty parts, no parts that are only dots, and no backslashes"
                failures.append(
                    RostraError(
                        "it cannot be stored as a file under this name", path=f"{place.shown}/{path}", hint=hint
                    )
                )
        # A remote folder that was never listed has no copy: it is unknown, not empty.
        self._folder.mkdir(parents=True, exist_ok=True)
        noted = self._noted()
        kept = {
            path: about
            for path, about in described.items()
            if about and noted.get(path) == about and self._holds(path, sizes[path])
        }
        self._remove(described.keys())
        wanted = _batches([path for path in described if path not in kept])
        for some in progress.each(f"fetching from {place.shown}", wanted, len(wanted)) if wanted else ():
            self.changed = True
            kept |= {path: described[path] for path in self._fetched(place, some, sizes, failures)}
        self._listing.write_bytes(msgspec.msgpack.encode(kept))

    def _noted(self) -> dict[str, str]:
        try:
            return msgspec.msgpack.decode(self._listing.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}

    def _holds(self, path: str, size: int | None) -> bool:
        file = self._folder / path
        return file.is_file() and size in (None, file.stat().st_size)

    def _remove(self, there: Collection[str]) -> None:
        """Remove files that no longer exist remotely, and folders that become empty."""
        for path in sorted(self._folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(self._folder).as_posix() not in there:
                path.unlink()
                self.changed = True

    def _fetched(
        self, place: Elsewhere, paths: list[str], sizes: Mapping[str, int | None], failures: list[RostraError]
    ) -> Iterator[str]:
        """Fetch files and return those that succeeded; if a request for several fails, fetch them one by one."""
        try:
            self._fetch(place, paths, sizes)
        except (RostraError, OSError) as error:
            if len(paths) > 1:
                for path in paths:
                    yield from self._fetched(place, [path], sizes, failures)
            else:
                failures.append(
                    RostraError(str(error).partition("\n")[0], path=f"{place.shown}/{paths[0]}", hint=place.REMEDY)
                )
        else:
            yield from paths

    def _fetch(self, place: Elsewhere, paths: list[str], sizes: Mapping[str, int | None]) -> None:
        with TemporaryDirectory(dir=self._listing.parent) as staging:
            staged = [Path(staging, str(number)) for number in range(len(paths))]
            place.fetch(paths, list(map(str, staged)))
            for path, file in zip(paths, staged, strict=True):
                if sizes[path] not in (None, file.stat().st_size):
                    raise RostraError("it broke off")
                target = self._folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)


def _hidden(path: str) -> bool:
    """Whether it is a name that local folders ignore too, or the marker of a folder."""
    return path.endswith("/") or any(part.startswith(".") and part.strip(".") for part in path.split("/"))


def _fits(path: str) -> bool:
    """Whether to fetch it: its name is a valid file name within the folder."""
    return not _hidden(path) and all(part.strip(".") and not set(part) & {"\\", "\0"} for part in path.split("/"))


def _batches(paths: list[str]) -> list[list[str]]:
    return [paths[at : at + AT_ONCE] for at in range(0, len(paths), AT_ONCE)]


def unwatched(site: Site) -> tuple[str, ...]:
    """Return the content folders that give no notice of changes, as messages name them."""
    return tuple(safe_address(address) for address in site.settings.content if is_elsewhere(address))
