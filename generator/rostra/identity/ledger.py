"""What was published, and what each post is known by, so that an address once published leads to its post.

The ledger is a text file beside a site's content, ``rostra.ledger``, sorted, a line an entry::

    gate ! It was private.                          the debate `gate` was withdrawn, and why
    gate @ content/gate.txt                         the debate, last read from that dump
    gate p-12 NATIVE WORDS MOMENT PARENT SKETCH     a post of it; `-` for what is not known
    gate p-13 ! NATIVE WORDS MOMENT PARENT SKETCH   a post that its debate no longer holds
    gate p-14 > weir p-4                            a post of it that now stands elsewhere

NATIVE, WORDS and MOMENT are digests of the post's id in its source, of its plain words, and of who
wrote it when (eight digits of who alone, where there is no time).  SKETCH is six hashes of three
digits each, of which most stay where a few words change.  A remark, ``# reading 1``, says what version of
the readers these are of.  Lines of two branches may simply be put
together, doubled or unsorted (``merge=union`` in ``.gitattributes``).  Where the file is absent
everything still builds; the ids are then those that the posts have by nature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise
from zlib import crc32

from msgspec import Struct
from msgspec.structs import astuple, replace

from rostra.identity.permalinks import digest, digits
from rostra.model import Post
from rostra.model.timestamps import instant
from rostra.system.lazy_regex import late

MARKUP = late(r"<[^<>]*>|https?://\S+")
WORD = late(r"[^\W_]++")
READING = 2
"""Raised whenever a reader begins to read other bodies in dumps whose posts have no ids: what it read before is then
looked for in the dump (``readings.py``).  A ledger that says no number is of 0."""
FEW = 3
"""Words that a post must have before they alone tell which it is."""
SHORT = 8
"""Digits of the digest of fewer words."""
HASHES = 6
TIMED = 10
"""Digits of a moment that holds a time."""
DEBATE = late(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
POST = late(r"p-[a-z0-9]+(?:-+[a-z0-9]+)*")
SIGN = late(r"-|[a-z0-9-]+")
PASSED = late(r"\s*(?:#.*)?|(?:<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: .*)?")
"""Remarks, and the marks that a merge leaves."""
DIGITS = "0123456789abcdefghijklmnopqrstuv"


class Traits(Struct, frozen=True):
    """What a post is known by; empty where it has no such trait.  ``gone``: the last build did not hold it.

    ``readings`` are the words of what an earlier version of Rostra read where the post stands; no ledger has them.
    """

    native: str
    words: str
    moment: str
    parent: str
    sketch: str
    gone: bool = False
    readings: tuple[str, ...] = ()


def traits(post: Post) -> Traits:
    """What a post is known by, whichever tool dumped it."""
    raw = post.raw
    words, sketch = _said(raw.body, sketched=raw.native_id is None)
    who = raw.author.name if raw.author else ""
    moment = digest(who, instant(raw.created)) if raw.created else digest(who)[:8] if who else ""
    native = digest(raw.native_id) if raw.native_id else ""
    return Traits(native, words, moment, post.parent or "", sketch, readings=raw.readings)


@lru_cache(maxsize=8192)
def _said(body: str, *, sketched: bool) -> tuple[str, str]:
    """The digest of a body's plain words and their sketch; a build asks for those of each debate several times."""
    words = words_of(body)
    said = digits(" ".join(words)) if words else ""
    return said if len(words) >= FEW else said[:SHORT], _sketch(words) if sketched else ""


def words_of(body: str) -> list[str]:
    """The words of a body, whichever markup it has: what a post is known by."""
    plain = unescape(body)
    return WORD.findall((MARKUP.sub(" ", plain) if "<" in plain or "://" in plain else plain).casefold())


def _sketch(words: list[str]) -> str:
    if len(words) < 2 * HASHES:
        return ""
    hashes = sorted({crc32(f"{a} {b}".encode("utf-8", "surrogatepass")) for a, b in pairwise(words)})
    return "".join(DIGITS[h >> 10 & 31] + DIGITS[h >> 5 & 31] + DIGITS[h & 31] for h in hashes[:HASHES])


def hashes(sketch: str) -> set[str]:
    """The hashes of a sketch."""
    return {sketch[at : at + 3] for at in range(0, len(sketch), 3)}


def signs(known: Traits) -> tuple[str, ...]:
    """What tells a post wherever it stands: its words, its id in the source and who wrote it when, each two of these."""
    said = (known.words + known.moment,) if known.words else ()
    numbered = (f"#{known.native}{known.moment}",) if known.native and len(known.moment) == TIMED else ()
    both = (f"#{known.native}{known.words}",) if known.native and len(known.words) == TIMED else ()
    return (*said, *numbered, *both, *map("~{}".format, known.readings))


def published_signs(known: Traits) -> tuple[str, ...]:
    """The same of a post in the ledger, which may have been read otherwise."""
    return (*signs(known), f"~{known.words}")


class Entry(Struct, frozen=True):
    """A line of the ledger: a debate (``post`` empty, ``dump`` its last dump), withdrawn for a reason, or a post, known or moved."""

    debate: str
    post: str = ""
    dump: str = ""
    reason: str | None = None
    known: Traits | None = None
    to: tuple[str, str] | None = None


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a ledger; what is none is passed over."""
    yield from (entry for line in lines if (entry := read_entry(line.rstrip("\r\n"))))


def read_entry(line: str) -> Entry | None:
    """The entry of a line; None where it is none."""
    match line.split(" "):
        case [debate, "@", *dump] if DEBATE.fullmatch(debate) and any(dump):
            return Entry(debate, dump=" ".join(dump))
        case [debate, "!", *reason] if DEBATE.fullmatch(debate):
            return Entry(debate, reason=" ".join(reason))
        case [debate, post, ">", there, at] if all(map(DEBATE.fullmatch, (debate, there))) and POST.fullmatch(post):
            if at == "-" or POST.fullmatch(at):
                return Entry(debate, post, to=(there, "" if at == "-" else at))
        case [debate, post, *gone, native, words, moment, parent, sketch] if gone in ([], ["!"]):
            signs = (native, words, moment, parent, sketch)
            if DEBATE.fullmatch(debate) and POST.fullmatch(post) and all(map(SIGN.fullmatch, signs)):
                return Entry(debate, post, known=replace(_known(signs), gone=bool(gone)))
    return None


def _known(written: tuple[str, ...]) -> Traits:
    native, words, moment, parent, sketch = ("" if sign == "-" else sign for sign in written)
    return Traits(native, words, moment, parent, sketch)


def line_of(entry: Entry) -> str:
    """An entry as its line."""
    if entry.reason is not None:
        return f"{entry.debate} ! {entry.reason}\n"
    if not entry.post:
        return f"{entry.debate} @ {entry.dump}\n"
    if entry.to is not None:
        return f"{entry.debate} {entry.post} > {entry.to[0]} {entry.to[1] or '-'}\n"
    *signs, gone, _ = astuple(entry.known or Traits("", "", "", "", ""))
    return " ".join((entry.debate, entry.post, *("!" * gone), *(sign or "-" for sign in signs))) + "\n"
