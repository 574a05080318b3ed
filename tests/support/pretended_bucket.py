"""Object storage in the memory of the tests, as a client of it shows it: with a version of each object, or without."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any


class PretendedBucket:
    """What ``fsspec`` gives for an address: ``held`` are the objects, by whole address."""

    def __init__(self, *, versions: bool = True, etags: bool = True) -> None:
        self.held: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, Any]] = {}
        self.done: list[tuple[str, tuple[str, ...]]] = []
        """What was written and removed, in order, with the objects of each call."""
        self._versions, self._etags = versions, etags
        self._told: dict[str, int] = {}
        self.looked = 0
        """How often the client was told to look anew."""

    def write(self, path: str, content: bytes) -> None:
        """Write an object, as somebody else does."""
        self.held[path] = content
        self._told[path] = len(self._told) + sum(self._told.values()) + 1

    def remove(self, path: str) -> None:
        del self.held[path]

    # What the client calls.

    def invalidate_cache(self) -> None:
        self.looked += 1

    def cat_file(self, path: str) -> bytes:
        if path not in self.held:
            raise FileNotFoundError(path)
        return self.held[path]

    def open(self, path: str, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return io.BytesIO(self.held[path])

    def pipe_file(self, path: str, content: bytes, **headers: Any) -> None:
        self.done.append(("write", (path,)))
        self.headers[path] = headers
        self.write(path, content)

    def put(self, here: list[str], there: list[str], **headers: Any) -> None:
        self.done.append(("send", tuple(there)))
        for place, path in zip(here, there, strict=True):
            self.headers[path] = headers
            self.write(path, Path(place).read_bytes())

    def exists(self, path: str) -> bool:
        return any(each == path or each.startswith(f"{path}/") for each in self.held)

    def rm(self, paths: list[str]) -> None:
        self.done.append(("remove", tuple(paths)))
        for path in paths:
            if path not in self.held:
                raise FileNotFoundError(path)
            del self.held[path]

    def ls(self, path: str, detail: bool = True) -> list[Any]:
        names = sorted({f"{path}/{each.removeprefix(f'{path}/').partition('/')[0]}" for each in self.held if each.startswith(f"{path}/")})  # fmt: skip
        if not names and not self.exists(path):
            raise FileNotFoundError(path)
        return [{"name": name} for name in names] if detail else names

    def find(self, path: str, detail: bool = False) -> dict[str, dict[str, Any]]:
        assert detail
        found: dict[str, dict[str, Any]] = {}
        for each, content in self.held.items():
            if each.startswith(f"{path}/"):
                found[each] = {"name": each, "size": len(content)}
                if self._versions:
                    found[each]["VersionId"] = self._told[each]
                if self._etags:
                    found[each]["ETag"] = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        return found
