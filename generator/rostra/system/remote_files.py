"""Remote storage by its address: object storage, or anything else that fsspec reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from rostra.errors import RostraError, UsageError

TOLD = ("version_id", "VersionId", "generation", "ETag", "etag", "md5", "content_hash", "LastModified", "last_modified",
        "updated", "mtime", "modified", "created")  # fmt: skip
"""The names under which storage clients report a version, a digest or a time of change."""
BUCKETS = frozenset({"s3", "s3a", "gs", "gcs"})


def safe_address(address: str) -> str:
    """Return an address without user name, password or key, so that it can be shown and published."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def object_version(about: dict[str, Any]) -> str:
    """Return what identifies the version of an object in its metadata; empty if nothing does."""
    told = [f"{name} {about[name]}" for name in TOLD if about.get(name)]
    return f"{about.get('size')} {told}" if told else ""


class Elsewhere:
    """A remote place; every exception of its client becomes an error with a hint."""

    REMEDY = "check the address and the credentials"

    def __init__(self, address: str, endpoint: str | None = None) -> None:
        try:
            import fsspec
        except ImportError as error:
            raise UsageError(
                "object storage needs fsspec",
                hint="pip install 'rostra[storage]'; storage other than S3 needs its own package as well",
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
        # Changes by other programs must be seen.
        self.files.use_listings_cache = False

    def at(self, path: str) -> str:
        """Return the address of a file, given by its path relative to this place."""
        return f"{self.root.rstrip('/')}/{path}"

    def listing(self) -> Iterator[tuple[str, int | None, str]]:
        """Return the files with their sizes in bytes and their versions; some storages report neither (None, empty).

        Raises RostraError if there are no files.
        """
        within = self.files_below()
        if not within:
            raise RostraError(f"there is nothing at {self.shown}", hint=self.REMEDY)
        for path, about in sorted(within.items()):
            yield path, about.get("size"), object_version(about)

    def files_below(self) -> dict[str, dict[str, Any]]:
        """Return the metadata of each file by its path; empty if there are none."""
        with self.told("cannot be listed"):
            self.files.invalidate_cache()
            found = self.files.find(self.root, detail=True)
        top = f"{self.root.rstrip('/')}/"
        return {path.removeprefix(top): about for path, about in found.items() if path.startswith(top)}

    def fetch(self, paths: list[str], to: list[str]) -> None:
        """Download files in pieces; raises RostraError if one cannot be downloaded."""
        with self.told("cannot be read"):
            self.files.get([self.at(path) for path in paths], to)

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Turn every exception of the block into an error that names this place."""
        try:
            yield
        except RostraError:
            raise
        except Exception as error:  # the exceptions of storage clients have no common base class
            raise RostraError(f"{self.shown} {what}: {str(error) or type(error).__name__}", hint=self.REMEDY) from error
