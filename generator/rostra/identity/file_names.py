"""File names that every system can store, and that no server or browser executes.

A server handles a file by the extensions of its name: Apache considers every extension (``page.php.txt`` can run as
PHP), other servers the last one.  If a server sends no media type, a browser treats a file that begins with a tag as
HTML (WHATWG MIME Sniffing).  So only extensions of the two sets below keep their dot.
"""

from __future__ import annotations

from base64 import b32encode
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from itertools import chain
from pathlib import PurePosixPath
from unicodedata import normalize

from rostra.identity.permalinks import digest
from rostra.system.lazy_regex import late

TYPED = frozenset({"csv", "json", "txt"})
"""Extensions that every server and browser treats as data."""
UNTYPED = frozenset({"gz", "jsonl", "log", "mbox", "md", "ndjson", "tsv", "wiki", "zst"})
"""Extensions that are executed nowhere, but that some servers have no media type for."""
NUMBER = late(r"[0-9][\w-]{0,15}")
"""Text that looks like an extension but is part of a date or a version; no server has a handler for it."""
ENDINGS = 4
"""The most extensions that are kept: ``.2024.01.mbox.gz``."""

SEGMENT = 250
"""The most bytes of UTF-8 in one part of a path: file systems allow 255, and a host may add ``.gz``."""
LONGEST = 200
"""The most bytes in the name of a published dump, so that a prefix or an extension can still be added."""

DEVICES = late(r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?")
"""Names that Windows reserves for devices, with any extension."""
UNSAFE = late(r"[%\\:*?\"<>|;\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that some file system rejects, that a BagIt manifest escapes, or that hide part of a name."""

SIGNS = late(r"[\W_]+")
TEXTS = late(r"(?:txt)+$")

BESIDE = frozenset({"thread.json", "citations.json"})
"""Files of a debate whose extension a dump can have; a dump of that name is published as ``dump-…``."""


def is_device(name: str) -> bool:
    """Whether Windows reserves the name of a file or folder."""
    return DEVICES.fullmatch(name) is not None


def can_be_stored(path: str) -> bool:
    """Whether every system can store a file or folder at a path: its parts are short enough and not reserved."""
    parts = path.split("/")
    return all(
        part and not part.endswith((".", " ")) and len(part.encode()) <= SEGMENT and not is_device(part)
        for part in parts
    )


def path_key(path: str) -> str:
    """Return a key that is equal for paths that some file system treats as one: case and Unicode normalisation are ignored."""
    if path.isascii():
        return path.lower()
    return normalize("NFC", normalize("NFC", path).casefold())


def dump_name(name: str, *, markup: bool, distinct: str = "") -> str:
    """Return the name under which a dump called ``name`` is published.

    ``markup`` says whether the file begins with ``<``, so that a browser may treat it as HTML.
    A name that is too long or reserved gets a digest of the original; any name gets one of ``distinct``, if given.
    """
    allowed = TYPED if markup else TYPED | UNTYPED
    first, *endings = UNSAFE.sub("-", name).lstrip("._ ").split(".")
    if not endings or endings[-1].lower() not in allowed:
        endings.append("txt")
    kept: list[str] = []
    while endings and len(kept) < ENDINGS and (endings[-1].lower() in allowed or NUMBER.fullmatch(endings[-1])):
        kept.insert(0, endings.pop())
    stem, ending = "-".join((first, *endings)), "." + ".".join(kept)
    if distinct or not stem or is_device(stem + ending) or len((stem + ending).encode()) > LONGEST:
        told = b32encode(sha256((distinct or name).encode("utf-8", "surrogatepass")).digest()[:5]).decode().lower()
        room = LONGEST - len(ending.encode()) - len(told) - 1
        beginning = stem.encode()[:room].decode(errors="ignore").strip("._- ")
        stem = f"{beginning}-{told}" if beginning else told
    return stem + ending


def dump_path(dump: str, id: str, *, many: bool, markup: bool, distinct: bool = False) -> str:
    """Return the path where a dump is published: beside the debate ``id``, or in ``dumps/`` if it has ``many`` debates."""
    if many:
        return f"dumps/{dump_name(_joined(dump), markup=markup, distinct=dump if distinct else '')}"
    name = dump_name(dump.rpartition("/")[2], markup=markup)
    # A server with precompressed files sends `thread.json.gz` in response to requests for `thread.json`.
    taken = path_key(name).removesuffix(".gz").removesuffix(".zst") in BESIDE
    return f"debates/{id}/{'dump-' if taken else ''}{name}"


def record_path(dump: str, published: str | None) -> str:
    """Return the address of the record of a dump's digest: beside its ``published`` copy, or in ``dumps/`` if it is not published.

    No published dump has such a name: ``dump_name`` keeps no dot before ``source``.
    """
    return f"{published or f'dumps/{dump_name(_joined(dump), markup=False, distinct=dump)}'}.source.json"


def moved_beside(published: str | None, before: str, debate: str) -> str | None:
    """Return the new path of a dump published beside the debate ``before``, whose id has changed; other paths stay the same."""
    place = f"debates/{before}/"
    if published is None or not published.startswith(place):
        return published
    return f"debates/{debate}/{published.removeprefix(place)}"


def name_clashes(dumps: Iterable[str]) -> set[str]:
    """Return the dumps that would be published under the same name in ``dumps/`` as another."""
    rough: dict[str, list[str]] = {}
    for dump in dumps:
        # Everything that may differ between a dump's name and its published name is left out.
        rough.setdefault(TEXTS.sub("", SIGNS.sub("", path_key(_joined(dump)))), []).append(dump)
    found = set[str]()
    for group in rough.values():
        names = {dump: _possible(dump) for dump in group} if len(group) > 1 else {}
        count = Counter(chain.from_iterable(names.values()))
        found.update(dump for dump, possible in names.items() if any(count[name] > 1 for name in possible))
    return found


def _possible(dump: str) -> set[str]:
    """Return all names under which a dump of several debates may be published."""
    return {path_key(dump_name(_joined(dump), markup=markup)) for markup in (False, True)}


def _joined(dump: str) -> str:
    return "-".join(part for part in dump.split("/") if part not in ("", ".", ".."))


LISTS = frozenset({"by-date", "by-size", "by-title"})
"""Folders in ``debates/`` with pages of lists."""


def debate_id(id: str) -> str:
    """Return a debate's id as the name of its folder, with a digest if that name is reserved."""
    return f"{id}-{digest(id)[:6]}" if id in LISTS or is_device(id) else id


FORMERLY_RUN = frozenset({".htm", ".html", ".mht", ".mhtml", ".shtml", ".svg", ".xht", ".xhtml", ".xml", ".xsl"})
FORMERLY_BESIDE = frozenset({"index.html", "thread.json", "annotations.jsonld", "feed.xml"})
FORMERLY_UNSAFE = late(r"[%\\:*?\"<>|]")


def former_path(dump: str, published: str) -> str:
    """Return the path where a dump with this ``published`` path was published before names were made safe."""
    file, (folder, _, name) = PurePosixPath(dump), published.rpartition("/")
    former = FORMERLY_UNSAFE.sub("-", _joined(dump) if folder == "dumps" else file.name)
    if folder != "dumps" and file.name in FORMERLY_BESIDE:
        former = f"dump-{former}"
    if file.suffix.lower() in FORMERLY_RUN:
        former += ".txt"
    # One of two dumps of a debate with the same name.
    apart = f"{digest(dump)}-"
    return f"{folder}/{apart if name.startswith(apart) else ''}{former}"
