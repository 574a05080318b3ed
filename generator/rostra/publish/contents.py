"""The files of a published commit: the digest of each, compared with the commit's own ``SHA256SUMS``.

Only files that are not in the local output are downloaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from rostra.hosts import hosts
from rostra.output.manifest import MANIFEST
from rostra.publish.difference import Difference, compare
from rostra.publish.git import Git, GitError
from rostra.publish.mark import MARK
from rostra.publish.plan import manifest_paths

PIECE = 1 << 20
"""How many bytes are read at once."""
PLAIN = b"100644"
"""The mode of a file that is neither a link nor executable: the only one that Rostra publishes."""


class Contents(Struct, frozen=True, kw_only=True):
    """The files of a commit without its mark, with their digests; empty for anything but plain files.

    ``differs`` is their difference to the commit's ``SHA256SUMS``.
    """

    files: Mapping[str, str]
    differs: Difference = Difference()


def trusted(git: Git, commit: str) -> Contents:
    """Return the contents of a commit that was made here, whose ``SHA256SUMS`` is therefore right."""
    beside = {path: id for path, id in _blobs(git, commit, *_domains()).items() if id}
    return Contents(files=_listed(git, commit) | dict(_digests(git, beside)))


def verified(git: Git, commit: str, remote: str, output: Path, here: Mapping[str, str]) -> Contents:
    """Return the contents of any commit of ``remote``; ``here`` are the files of the local output, with their digests."""
    blobs, claimed = _blobs(git, commit), _listed(git, commit)
    blobs.pop(MARK, None)
    files = dict.fromkeys(blobs, "")
    unknown: dict[str, str] = {}
    for path, blob in blobs.items():
        if here.get(path) == claimed.get(path, "") and _is_file(git, output / path, here[path], blob):
            files[path] = here[path]
        elif blob:
            unknown[path] = blob
    _download(git, commit, remote, unknown.values())
    files |= _digests(git, unknown)
    theirs = {path: digest for path, digest in files.items() if path in claimed or path not in _domains()}
    return Contents(files=files, differs=compare(claimed, theirs))


def _domains() -> set[str]:
    """The files that tell a host a domain; they are published in addition to what ``SHA256SUMS`` lists."""
    return {host.domain for host in hosts().values() if host.domain}


def _listed(git: Git, commit: str) -> dict[str, str]:
    return manifest_paths(git.process("cat-file", "blob", f"{commit}:{MANIFEST}").stdout)


def _blobs(git: Git, commit: str, *which: str) -> dict[str, str]:
    """Return the git id of each file of a commit; empty for links, executables and submodules."""
    found = {}
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", commit, *which).split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _, id = about.split()
        found[path.decode("utf-8", "surrogateescape")] = id.decode() if mode == PLAIN else ""
    return found


def _is_file(git: Git, path: Path, digest: str, blob: str) -> bool:
    """Whether a local file has both this SHA-256 and this git id."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            sums = hashlib.sha256(), hashlib.new(git.object_format, b"blob %d\0" % size)
            while piece := stream.read(PIECE):
                for each in sums:
                    each.update(piece)
    except OSError:
        return False
    return [each.hexdigest() for each in sums] == [digest, blob]


def _download(git: Git, commit: str, remote: str, blobs: Iterable[str]) -> None:
    """Fetch all missing blobs at once."""
    missing = git.run("rev-list", "--objects", "--no-object-names", "--missing=print", commit).split()
    wanted = {f"?{blob}" for blob in blobs} & {line.decode() for line in missing}
    if wanted:
        # This is how git itself fetches the missing objects of a partial clone.
        git.run("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                "--recurse-submodules=no", "--filter=blob:none", "--stdin", remote,
                given="".join(f"{each[1:]}\n" for each in sorted(wanted)).encode())  # fmt: skip


def _digests(git: Git, blobs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return the SHA-256 of each file, given its git id."""
    with git.talking("cat-file", "--batch") as (asked, told):
        for path, blob in blobs.items():
            asked.write(f"{blob}\n".encode())
            asked.flush()
            *about, size = told.readline().split()
            if about != [blob.encode(), b"blob"]:
                raise GitError(f"{path!r} cannot be read")
            left, total = int(size), hashlib.sha256()
            while left:
                piece = told.read(min(left, PIECE))
                left -= len(piece)
                total.update(piece)
            told.read(1)
            yield path, total.hexdigest()
