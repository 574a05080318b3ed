"""Prepare a file for publication: a pure function of its bytes and of the version of the image library."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from msgspec import Struct

from rostra.i18n import reasons
from rostra.media.images import Unfit, rewritten
from rostra.media.kinds import HEAD, M4A, MP3, MP4, Kind, NotPublished, is_text, sniff
from rostra.media.names import media_path
from rostra.media.tags import without_tags
from rostra.model.media import Scaled
from rostra.output.manifest import exact_digest
from rostra.readers.dumps.encodings import decode
from rostra.system.copying import copy_file
from rostra.system.shared_storage import LocalPath, hand_over

MEBIBYTE = 1 << 20
IMAGE, TEXT = 128 * MEBIBYTE, 16 * MEBIBYTE
"""The most bytes of an image and of a text: both are read completely."""
RULES = 1
"""The version of this module's results; raise it whenever the results change."""


class Prepared(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The published form of a file; ``files`` are paths in the site with their digests, ``why`` the reason if there are none."""

    files: dict[str, str] = {}
    path: str = ""
    extension: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    smaller: tuple[Scaled, ...] = ()
    why: str | None = None


class Finished(NamedTuple):
    """A prepared file: the digest of the original, the result, and the folder with the result."""

    digest: str
    made: Prepared
    folder: str


@cache
def version() -> str:
    """Return a fingerprint of what the result depends on besides the original: this module and the image library with its encoders."""
    import PIL
    from PIL import features

    parts = (features.version(each) or "" for each in ("jpg", "libjpeg_turbo", "zlib", "webp", "avif", "littlecms2"))
    return " ".join((str(RULES), PIL.__version__, *parts))


def prepare(original: Path, digest: str, folder: Path) -> Prepared:
    """Prepare a file whose bytes have this digest; the results are below ``folder`` at their paths in the site.

    Raise OSError if the file cannot be read or written.
    """
    with original.open("rb") as stream:
        head = stream.read(HEAD)
    kind = sniff(head)
    if isinstance(kind, NotPublished):
        return Prepared(why=kind.why, size=original.stat().st_size)
    try:
        return _IN[kind.family](original, digest, kind, folder)
    except Unfit as error:
        return Prepared(why=str(error), size=original.stat().st_size)


def _image(original: Path, digest: str, kind: Kind, folder: Path) -> Prepared:
    if (size := original.stat().st_size) > IMAGE:
        raise Unfit(reasons.LARGE_IMAGE % {"num": size // MEBIBYTE, "most": IMAGE // MEBIBYTE})
    made = rewritten(original, kind)
    path = media_path(digest, kind.extension)
    files = {path: _written(folder / path, made.content)}
    smaller = list[Scaled]()
    for width, content in made.smaller:
        own = media_path(digest, "webp", width)
        files[own] = _written(folder / own, content)
        smaller.append(Scaled(own, width))
    return Prepared(files=files, path=path, extension=kind.extension, size=len(made.content), width=made.width, height=made.height, smaller=tuple(smaller))  # fmt: skip


def _text(original: Path, digest: str, kind: Kind, folder: Path) -> Prepared:
    if original.stat().st_size > TEXT:
        raise Unfit(reasons.LARGE_TEXT % {"most": TEXT // MEBIBYTE})
    content = original.read_bytes()
    if not is_text(content):
        raise Unfit(NotPublished(reasons.UNKNOWN).why)
    made = decode(content)[0].encode("utf-8", "replace")
    path = media_path(digest, kind.extension)
    sum = _written(folder / path, made)
    return Prepared(files={path: sum}, path=path, extension=kind.extension, size=len(made))


def _copied(original: Path, digest: str, kind: Kind, folder: Path) -> Prepared:
    path = media_path(digest, kind.extension)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_file(original, target)
    if kind in (MP4, M4A, MP3):
        without_tags(target, kind)
    return Prepared(files={path: exact_digest(target)}, path=path, extension=kind.extension, size=target.stat().st_size)


_IN = {"image": _image, "text": _text, "video": _copied, "audio": _copied, "document": _copied, "archive": _copied}


def _written(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return sha256(content).hexdigest()


def finished(original: str, folder: str) -> Finished:
    """Prepare a file below a folder; run by workers.

    A task may run twice, because its worker seemed lost: each run has a folder of its own.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    own = mkdtemp(dir=folder)
    digest = exact_digest(Path(original))
    made = prepare(Path(original), digest, Path(own))
    for path in made.files:
        hand_over(f"{own}/{path}")
    return Finished(digest, made, LocalPath(own))
