"""Places that are no folder of this machine, by their addresses: object storage, or whatever else fsspec reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from rostra.errors import RostraError, UsageError

TOLD = ("version_id", "VersionId", "generation", "ETag", "etag", "md5", "content_hash", "LastModified", "last_modified",
        "updated", "mtime", "modified", "created")  # fmt: skip
"""What storages' clients call that by which an object is known to be as it was."""
BUCKETS = frozenset({"s3", "s3a", "gs", "gcs"})


def safe_address(address: str) -> str:
    """An address as it may be told and published: without a name, a password or a key in it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def object_version(about: dict[str, Any]) -> str:
    """What changes when an object does, of what is told of it; empty where nothing such is told."""
    told = [f"{name} {about[name]}" for name in TOLD if about.get(name)]
    return f"{about.get('size')} {told}" if told else ""


class Elsewhere:
    """A place; whatever its storage's client raises is told with what to do."""

    REMEDY = "are the address and the credentials right?"

    def __init__(self, address: str, endpoint: str | None = None) -> None:
        try:
            import fsspec
        except ImportError as error:
            raise UsageError(
                "object storage needs fsspec",
                hint="pip install 'rostra[storage]'; for others than S3, their own package too",
            ) from error
        self.scheme = urlsplit(address).scheme
        self.shown = safe_address(address)
        options: dict[str, Any] = {"auto_mkdir": True} if self.scheme == "local" else {}
        if endpoint:
            options["endpoint_url"] = endpoint
        with self.told("cannot be reached"):
            try:
                self.files, self.root = fsspec.core.url_to_fs(address, **options)
            except (ImportError, ValueError) as error:
                raise UsageError(
                    f"{self.scheme}:// cannot be reached: {error}", hint="install the package that fsspec names"
                ) from error
        # Another's change must be seen.
        self.files.use_listings_cache = False

    def at(self, path: str) -> str:
        """Where a file stands, whose path is relative to the place."""
        return f"{self.root.rstrip('/')}/{path}"

    def listing(self) -> Iterator[tuple[str, int | None, str]]:
        """The files, with their bytes, and what changes when one does; neither is known everywhere (None, empty).

        Raises RostraError where there are none.
        """
        within = self.files_below()
        if not within:
            raise RostraError(f"there is nothing at {self.shown}", hint=self.REMEDY)
        for path, about in sorted(within.items()):
            yield path, about.get("size"), object_version(about)

    def files_below(self) -> dict[str, dict[str, Any]]:
        """What the storage's client tells of each file, by its path; empty where there are none."""
        with self.told("cannot be listed"):
            self.files.invalidate_cache()
            found = self.files.find(self.root, detail=True)
        top = f"{self.root.rstrip('/')}/"
        return {path.removeprefix(top): about for path, about in found.items() if path.startswith(top)}

    def fetch(self, paths: list[str], to: list[str]) -> None:
        """Bring files here, by pieces; raises RostraError where one of them cannot be had."""
        with self.told("cannot be read"):
            self.files.get([self.at(path) for path in paths], to)

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Whatever goes wrong within is told as of this place."""
        try:
            yield
        except RostraError:
            raise
        except Exception as error:  # each storage's client has errors of its own, of no common kind
            raise RostraError(f"{self.shown} {what}: {str(error) or type(error).__name__}", hint=self.REMEDY) from error
