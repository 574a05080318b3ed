"""Posts in the index of Pagefind, which readers search without a server of anybody's.

Pagefind is a program of its own, and comes with the package ``pagefind-bin``.  It is spoken to as its own
packages speak to it: messages of JSON in base64, with a comma behind each.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import IO, Any, NamedTuple
from zlib import decompress

import msgspec
from msgspec import Struct

from rostra.errors import RostraError

PACKAGES = ("pagefind_bin_extended", "pagefind_bin")
"""Packages that carry the program: the first knows Chinese, Japanese and Korean words too."""
SIGNATURE = b"pagefind_dcd"
"""What stands before the content of Pagefind's files."""
GZIP = 31
"""How zlib is told that a file is one of gzip's."""


AT_ONCE = 2
"""Indexes that are made at the same time, each by a program that needs 15 MiB and 75 KiB a post."""
MANY = 1500
"""Posts of an index past which no other such is made at the same time: two would need 250 MiB and more."""
ROOM, ALONE = Semaphore(AT_ONCE), Lock()


class SearchRecord(NamedTuple):
    """What is indexed as one: ``key`` tells it from all others, ``title`` weighs more than ``text``."""

    key: str
    text: str
    title: str = ""


class SearchIndex(NamedTuple):
    """An index: Pagefind's ``files`` by path, and of each record its ``names`` in results, by key, and its text.

    ``wasm`` is the path of the program that knows the language.
    """

    files: dict[str, bytes]
    wasm: str
    names: dict[str, str]
    texts: dict[str, str]


@cache
def program() -> Path | None:
    """Where Pagefind lies; None where it is not installed."""
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for name in ("pagefind_extended", "pagefind"):
                found = next(
                    (path for path in (Path(folder, name), Path(folder, f"{name}.exe")) if path.is_file()), None
                )
                if found:
                    return found
    return None


@cache
def pagefind_version() -> str | None:
    """Which Pagefind is installed, as its place and the disk tell; None where none is."""
    if (found := program()) is None:
        return None
    about = found.stat()
    return f"{found.parent.name} {about.st_size} {about.st_mtime_ns}"


class Indexing(Thread):
    """An index of about ``many`` records in a language, which Pagefind makes on other processors while this one does something else.

    It is told each record as soon as that is there, and what ``records`` raise is raised here.
    """

    def __init__(self, records: Iterable[SearchRecord], language: str, many: int) -> None:
        import subprocess

        super().__init__(daemon=True)
        place = program()
        assert place is not None
        self._many = many
        self._messages = SimpleQueue[bytes]()
        self._made: SearchIndex | None = None
        self._failed: Exception | None = None
        # A thread that shares Python with a busy one would take long to start a program.
        self._running = subprocess.Popen([place, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # the package's own program
        self.start()
        try:
            for each in enumerate(_asked(records, language)):
                self._messages.put(_message(*each))
        except BaseException:
            self._running.kill()
            raise
        finally:
            self._messages.put(b"")

    def run(self) -> None:
        """Have it made, once there is room."""
        with ALONE if self._many > MANY else nullcontext(), ROOM, self._running as running:
            assert running.stdin
            assert running.stdout
            try:
                Thread(target=_tell, args=(running.stdin, self._messages), daemon=True).start()
                self._made = _index(_files(running.stdout))
            except Exception as error:  # noqa: BLE001  # it is raised where the index is asked for
                self._failed = error
            finally:
                running.kill()
                with suppress(OSError):
                    running.stdin.close()

    def done(self) -> bool:
        """Whether nobody need wait for it."""
        return not self.is_alive()

    def result(self) -> SearchIndex:
        """The index, which is waited for; raises RostraError where Pagefind fails."""
        self.join()
        if self._failed:
            raise self._failed
        assert self._made
        return self._made


def _index(made: Iterable[_File]) -> SearchIndex:
    files, names, texts = {}, {}, {}
    for file in made:
        if file.path.startswith("fragment/"):
            # A file for each post would be too many for most hosts: the pages keep these by the dozen.
            fragment = msgspec.json.decode(decompress(file.content, GZIP).removeprefix(SIGNATURE), type=_Fragment)
            names[fragment.url] = file.path.removeprefix("fragment/").partition(".")[0]
            texts[fragment.url] = fragment.content
        else:
            files[file.path] = file.content
    known = [each["wasm"] for each in msgspec.json.decode(files["pagefind-entry.json"])["languages"].values()]
    return SearchIndex(files, f"wasm.{(known and known[0]) or 'unknown'}.pagefind", names, texts)


def _asked(records: Iterable[SearchRecord], language: str) -> Iterator[dict[str, Any]]:
    """What Pagefind is asked for an index of records."""
    yield {"type": "NewIndex", "config": {"force_language": language, "keep_index_url": True}}
    for record in records:
        yield {
            "type": "AddRecord",
            "index_id": 0,
            "url": record.key,
            "content": record.text,
            "language": language,
            "meta": {"title": record.title} if record.title else {},
            "filters": {},
            "sort": {},
        }
    yield {"type": "GetFiles", "index_id": 0}


def _message(number: int, payload: dict[str, Any]) -> bytes:
    return b64encode(msgspec.json.encode({"message_id": number, "payload": payload})) + b","


class _File(Struct):
    path: str
    content: bytes


class _Fragment(Struct):
    url: str
    content: str


class _Answer(Struct):
    type: str
    message: str = ""
    files: list[_File] = []


class _Answered(Struct):
    payload: _Answer


def _tell(service: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    # Where the program is gone, there is no answer either: that is told by who waits for it.
    with suppress(OSError, ValueError):
        service.writelines(iter(messages.get, b""))
        service.flush()


def _files(service: IO[bytes]) -> list[_File]:
    """What it made, which is its answer to the last message."""
    parts: list[bytes] = []
    while True:
        read = service.read1(1 << 20)  # type: ignore[attr-defined]  # a buffered pipe has it
        if not read:
            raise RostraError("Pagefind broke off", hint="install it again: pip install --force-reinstall pagefind-bin")
        *ended, rest = read.split(b",")
        for end in ended:
            answer = msgspec.json.decode(b64decode(b"".join((*parts, end))), type=_Answered).payload
            if answer.type == "Error":
                raise RostraError(
                    f"Pagefind: {answer.message}", hint="without pagefind-bin, the site is built without search"
                )
            if answer.files:
                return answer.files
            parts.clear()
        parts.append(rest)
