"""``SHA256SUMS``, our own copy of it, and which files of an output folder are ours and unchanged."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path

from rostra.system.file_state import Look, below, discard
from rostra.system.lazy_regex import late

MANIFEST = "SHA256SUMS"
"""Every file of the site with its digest, in the format of ``sha256sum --check``.  Our own copy, in the cache folder,
has the same name and a first line with the output folder and the manifest's time."""
FEED, MADE_BY = "feed.xml", b">Rostra</generator>"
"""A file that every site has, and the text in it that names Rostra; no layout can change either."""

LEAVES = late(r"(?:^|/)\.{0,2}(?:/|$)|\\")
"""Parts of a path that lead out of its folder, or that we never write."""


def read_manifest(output: Path) -> dict[str, str]:
    """Return the files of the last build with their digests; empty if there was none."""
    return parse_manifest(_read(output / MANIFEST).decode("utf-8", "replace"))


def parse_manifest(text: str) -> dict[str, str]:
    """Return the files that a manifest lists, with their digests."""
    listed = {line[66:]: line[:64] for line in text.split("\n") if line[64:66] == "  " and line[66:67] not in ("", "/")}
    if not any(sign in text for sign in ("./", "..", "//", "\\", "/\n")):
        return listed
    # A path that leads out of the folder is never ours.
    return {path: digest for path, digest in listed.items() if not LEAVES.search(path)}


def manifest_lines(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Return the lines of a manifest for files sorted by path; the feed comes last.

    No other tool ends a list with it, so a list that somebody made or extended differs from ours.
    """
    feed = ""
    for path, digest in files:
        if path == FEED:
            feed = f"{digest}  {path}\n"
        else:
            yield f"{digest}  {path}\n"
    yield feed


def owned(output: Path, kept: Path) -> tuple[dict[str, str], bool]:
    """Return the files of an output folder that are ours, with their digests, and whether the manifest is unchanged since.

    A file is ours, and may be replaced or removed, if its path is in our own copy of the manifest (in ``kept``),
    whatever its bytes are now: if somebody changed it, it is written again.

    A path that only the manifest in the output lists is ours if the file is not a link and has the listed digest, and
    Rostra wrote the manifest: it has exactly our form (``manifest_lines``) and ends with a feed that has its digest and
    names Rostra as its generator.  So a site that git or a copy brought here is recognised, and a list that somebody
    made of their own files, or added them to, claims none of them.

    Nothing else is ours.  A file with exactly the bytes that a build is about to write becomes ours.
    """
    said, (copy, written) = _read(output / MANIFEST), _copy(output, kept)
    ours = parse_manifest(copy.decode("utf-8", "replace"))
    if said == copy:
        return ours, written == _written(output)
    listed = parse_manifest(said.decode("utf-8", "replace"))
    if not _is_rostras(output, said, listed, early=not ours):
        return ours, False
    proven = {
        path: digest
        for path, digest in listed.items()
        if ours.get(path) != digest and not (output / path).is_symlink() and digest_of(output / path) == digest
    }
    return ours | proven, False


def _is_rostras(output: Path, said: bytes, listed: Mapping[str, str], *, early: bool) -> bool:
    """Whether a build wrote a manifest; ``early`` versions listed the feed among the others and made no copy."""
    feed, lines = output / FEED, sorted(listed.items())
    forms = ["".join(manifest_lines(lines))]
    if early:
        forms.append("".join(f"{digest}  {path}\n" for path, digest in lines))
    return said in map(str.encode, forms) and listed.get(FEED) == digest_of(feed) and MADE_BY in _read(feed)


def listed_files(output: Path, kept: Path) -> dict[str, str]:
    """Return the files of an output folder that our own copy of its manifest lists."""
    return parse_manifest(_copy(output, kept)[0].decode("utf-8", "replace"))


def note_owned(output: Path, kept: Path) -> None:
    """Copy the manifest of an output folder, unless the copy is up to date."""
    said, written = _read(output / MANIFEST), _written(output)
    if _copy(output, kept) != (said, written):
        _note(output, kept, said, written)


def note_also(output: Path, kept: Path, files: Mapping[str, str]) -> None:
    """Record more files of an output folder as ours; their digests may differ from the existing files."""
    both = {**listed_files(output, kept), **files}
    _note(output, kept, "".join(manifest_lines(both.items())).encode(), 0)


def _note(output: Path, kept: Path, said: bytes, written: int) -> None:
    part = kept / f"{MANIFEST}.part"
    for place in (part, kept / MANIFEST):
        if place.is_dir():
            discard(place)
    part.write_bytes(b"%s %d\n%s" % (_heading(output, kept), written, said))
    part.replace(kept / MANIFEST)


def _copy(output: Path, kept: Path) -> tuple[bytes, int]:
    """Return our own copy of the manifest of an output folder, and the manifest's time; empty if there is none."""
    first, _, said = _read(kept / MANIFEST).partition(b"\n")
    heading, _, written = first.rpartition(b" ")
    return (said, int(written)) if heading == _heading(output, kept) and written.isdigit() else (b"", 0)


def _heading(output: Path, kept: Path) -> bytes:
    return f"# {relative_path(output, kept)}".encode("utf-8", "surrogateescape")


def _written(output: Path) -> int:
    """Return the mtime of the manifest of an output folder in nanoseconds; 0 if there is none."""
    try:
        return (output / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


def relative_path(path: Path, kept: Path) -> str:
    """Return a path (``absolute``) relative to the cache folder, so that a site can be moved as a whole."""
    real = Path(os.path.realpath(path.parent), path.name)
    try:
        return os.path.relpath(real, os.path.realpath(kept))
    except ValueError:
        # The path is on another drive.
        return str(real)


def resolved_path(name: str, kept: Path) -> Path:
    """Return the path for a relative one."""
    return Path(os.path.normpath(Path(os.path.realpath(kept), name)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file as a manifest lists it; empty if it cannot be read."""
    try:
        return exact_digest(path)
    except OSError:
        return ""


def exact_digest(path: Path) -> str:
    """Return the same; raises OSError if it cannot be read."""
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


class Standing:
    """The state of the output folder since the last build, by the cache in ``kept``, and the ledger beside it.

    ``told`` is what another process found; everything else is computed on first use.
    """

    def __init__(self, output: Path, kept: Path, ledger: Path | None = None, told: Iterable[bytes] = ()) -> None:
        self._folder = str(output)
        self._output, self._kept, self._ledger, self._told = output, kept, ledger, iter(told)

    def tell(self) -> Iterator[bytes]:
        """Yield everything for another process of this program, beginning with what most builds need."""
        yield self.digest.encode()
        yield marshal.dumps((self.look.packed(), self.listed, self.touched))

    @cached_property
    def digest(self) -> str:
        """Return a digest of the stat data of all of it."""
        told = next(self._told, None)
        return self._looked.digest if told is None else told.decode()

    def lasts(self) -> bool:
        """Whether no build ran since, and the list of files still exists."""
        return self.look.holds(f"{self._folder}/{MANIFEST}")

    def changed_since(self, before: Standing) -> set[str]:
        """Return the listed files whose stat data changed since."""
        then, now = before.look, self.look
        return {path for path in self.listed if not now.agrees(then, f"{self._folder}/{path}")}

    @property
    def look(self) -> Look:
        """Return the snapshot."""
        return self._found[0]

    @property
    def listed(self) -> dict[str, str]:
        """Return the files that are ours (``owned``), with their digests."""
        return self._found[1]

    @property
    def touched(self) -> set[str]:
        """Return those that somebody changed or removed since."""
        return self._found[2]

    @cached_property
    def _looked(self) -> Look:
        ledger = [str(self._ledger)] if self._ledger and self._ledger.is_file() else []
        return Look(chain(below(self._folder), ledger))

    @cached_property
    def _found(self) -> tuple[Look, dict[str, str], set[str]]:
        # The first piece.
        _ = self.digest
        if (told := next(self._told, None)) is not None:
            packed, listed, touched = marshal.loads(told)  # noqa: S302  # from ourselves
            return Look.unpacked(packed), listed, touched
        listed, timed = owned(self._output, self._kept)
        is_touched = self._is_touched if timed else self._differs
        return self._looked, listed, {path for path, digest in listed.items() if is_touched(path, digest)}

    def _is_touched(self, path: str, digest: str) -> bool:
        written, changed = self._looked.times(f"{self._folder}/{path}")
        built, placed = self._built
        # Only ctime reveals that an older file replaced it; but ctime also changes with the mode.
        return not 0 < written <= built or (changed > placed and self._differs(path, digest))

    def _differs(self, path: str, digest: str) -> bool:
        return digest_of(self._output / path) != digest

    @cached_property
    def _built(self) -> tuple[int, int]:
        return self._looked.times(f"{self._folder}/{MANIFEST}")
