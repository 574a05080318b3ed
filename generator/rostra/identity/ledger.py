"""The ledger: what was published, and the traits that identify each post, so that every published address leads to its post.

The ledger is a sorted text file beside a site's content, ``rostra.ledger``, with one entry per line::

    gate ! It was private.                          the debate `gate` is withdrawn, and why
    gate @ content/gate.txt                         the debate, last read from this dump; a line for each of several
    gate p-12 NATIVE WORDS MOMENT PARENT SKETCH     a post of it; `-` if a trait is not known
    gate p-13 ! NATIVE WORDS MOMENT PARENT SKETCH   a post that its debate no longer contains
    gate p-14 > weir p-4                            a post of it that has moved
    gate p-15 / gate p-16 MOMENT                    words of a post, as an earlier version of Rostra read it, are now
                                                    in this one too: rules that hide the first hide the second
    media/ab/abcd….jpg                              a picture or file that is published
    media/ab/abce….pdf !                            one that was published, and no post shows any more

NATIVE, WORDS and MOMENT are digests of the post's id in its source, of its plain words, and of its author
and time (eight digits of the author alone if there is no time).  SKETCH is six hashes of three digits
each, most of which stay the same if a few words change.  A comment, ``# reading 1``, gives the version of
the readers that these are of.  The lines of two branches may simply be concatenated, with duplicates or
unsorted (``merge=union`` in ``.gitattributes``).  Without the file everything still builds; the posts then
have their natural ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape
from itertools import pairwise
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from rostra.i18n.plain_words import plain_words
from rostra.identity.permalinks import brief_digest, digits
from rostra.model import Post, RawPost
from rostra.model.timestamps import sortable_time
from rostra.system.lazy_regex import late

MARKUP = late(r"<[^<>]*>|https?://\S+")
READING = 12
"""The version of the readers.  Raise it whenever a reader begins to read other bodies in dumps whose posts have no ids:
what it read before is then searched in the dump (``threads/earlier_readings.py``).  A ledger without a number is of 0."""
FEW = 3
"""The number of words from which they alone identify a post."""
SHORT = 8
"""The number of digits in the digest of fewer words."""
HASHES = 6
REMEMBERED = 8192
"""How many posts' digests are kept."""
TIMED = 10
"""The number of digits of a moment with a time."""
DEBATE = late(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
POST = late(r"p-[a-z0-9]+(?:-+[a-z0-9]+)*")
SIGN = late(r"-|[a-z0-9-]+")
PASSED = late(r"\s*(?:#.*)?|(?:<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: .*)?")
"""Comments, and the conflict markers of a merge."""
DIGITS = "0123456789abcdefghijklmnopqrstuv"


class Traits(Struct, frozen=True):
    """The traits that identify a post; a trait that it does not have is empty.  ``gone``: it was not in the last build.

    ``readings`` are the words of what an earlier version of Rostra read in its place; they are not in the ledger.
    """

    native: str
    words: str
    moment: str
    parent: str
    sketch: str
    gone: bool = False
    readings: tuple[str, ...] = ()


def traits(post: Post) -> Traits:
    """Return the traits of a post; they do not depend on the tool that dumped it."""
    native, words, moment, sketch = digests_of(post.raw)
    return Traits(native, words, moment, post.parent or "", sketch, readings=post.history.readings)


PostDigests = tuple[str, str, str, str]
"""The native id, words, moment and sketch of a post's traits."""
_remembered: dict[tuple[str, str | None, str | None, str], PostDigests] = {}
"""A build needs those of each debate several times."""


def digests_of(raw: RawPost) -> PostDigests:
    """Return the digests of a post's traits."""
    if (known := _remembered.get(_key(raw))) is None:
        remember(raw, known := _digests_of(raw))
    return known


def remember(raw: RawPost, known: PostDigests) -> None:
    """Keep for a while what ``digests_of`` returns for a post, which another process has found."""
    if len(_remembered) >= REMEMBERED:
        _remembered.clear()
    _remembered[_key(raw)] = known


def _key(raw: RawPost) -> tuple[str, str | None, str | None, str]:
    return raw.body, raw.native_id, raw.created, raw.author.name if raw.author else ""


def _digests_of(raw: RawPost) -> PostDigests:
    body, native, created, who = _key(raw)
    words = body_words(body)
    said = digits(" ".join(words)) if words else ""
    moment = brief_digest(who, sortable_time(created)) if created else brief_digest(who)[:8] if who else ""
    sketch = _sketch(words) if native is None else ""
    return brief_digest(native) if native else "", said if len(words) >= FEW else said[:SHORT], moment, sketch


def body_words(body: str) -> list[str]:
    """Return the words of a body without markup of any dialect; they identify a post."""
    plain = unescape(body)
    return plain_words(MARKUP.sub(" ", plain) if "<" in plain or "://" in plain else plain)


def _sketch(words: list[str]) -> str:
    if len(words) < 2 * HASHES:
        return ""
    hashes = sorted({crc32(f"{a} {b}".encode("utf-8", "surrogatepass")) for a, b in pairwise(words)})
    return "".join(DIGITS[h >> 10 & 31] + DIGITS[h >> 5 & 31] + DIGITS[h & 31] for h in hashes[:HASHES])


def hashes(sketch: str) -> set[str]:
    """Return the hashes of a sketch."""
    return {sketch[at : at + 3] for at in range(0, len(sketch), 3)}


def signs(known: Traits) -> tuple[str, ...]:
    """Return the keys that identify a post anywhere: its words, its id in the source, and its author and time, in pairs."""
    said = (known.words + known.moment,) if known.words else ()
    numbered = (f"#{known.native}{known.moment}",) if known.native and len(known.moment) == TIMED else ()
    both = (f"#{known.native}{known.words}",) if known.native and len(known.words) == TIMED else ()
    return (*said, *numbered, *both, *map("~{}".format, known.readings))


def published_signs(known: Traits) -> tuple[str, ...]:
    """Return the keys of a post in the ledger, which an earlier version may have read differently."""
    return (*signs(known), f"~{known.words}")


class LedgerLine(Struct, frozen=True):
    """A line of the ledger: a debate (``post`` is empty, ``dump`` one of its last dumps), perhaps withdrawn, or a post, known or moved."""

    debate: str
    post: str = ""
    dump: str = ""
    reason: str | None = None
    known: Traits | None = None
    to: tuple[str, str] | None = None
    held: tuple[str, str, str] | None = None
    """The debate and post that contain words of it, as an earlier version read it, and its moment then."""


def read_entries(lines: Iterable[str]) -> Iterator[LedgerLine]:
    """Yield the entries of a ledger; other lines are ignored."""
    yield from (entry for line in lines if (entry := read_entry(line.rstrip("\r\n"))))


def read_entry(line: str) -> LedgerLine | None:
    """Return the entry of a line; None if it is not an entry."""
    match line.split(" "):
        case [debate, "@", *dump] if DEBATE.fullmatch(debate) and any(dump):
            return LedgerLine(debate, dump=" ".join(dump))
        case [debate, "!", *reason] if DEBATE.fullmatch(debate):
            return LedgerLine(debate, reason=" ".join(reason))
        case [debate, post, ">", there, at] if all(map(DEBATE.fullmatch, (debate, there))) and POST.fullmatch(post):
            if at == "-" or POST.fullmatch(at):
                return LedgerLine(debate, post, to=(there, "" if at == "-" else at))
        case [debate, post, "/", there, at, moment] if all(map(DEBATE.fullmatch, (debate, there))):
            if POST.fullmatch(post) and POST.fullmatch(at) and SIGN.fullmatch(moment):
                return LedgerLine(debate, post, held=(there, at, "" if moment == "-" else moment))
        case [debate, post, *gone, native, words, moment, parent, sketch] if gone in ([], ["!"]):
            signs = (native, words, moment, parent, sketch)
            if DEBATE.fullmatch(debate) and POST.fullmatch(post) and all(map(SIGN.fullmatch, signs)):
                return LedgerLine(debate, post, known=replace(_known(signs), gone=bool(gone)))
    return None


def _known(written: tuple[str, ...]) -> Traits:
    native, words, moment, parent, sketch = ("" if sign == "-" else sign for sign in written)
    return Traits(native, words, moment, parent, sketch)


def line_of(entry: LedgerLine) -> str:
    """Return an entry as a line."""
    if entry.reason is not None:
        return f"{entry.debate} ! {entry.reason}\n"
    if not entry.post:
        return f"{entry.debate} @ {entry.dump}\n"
    if entry.to is not None:
        return f"{entry.debate} {entry.post} > {entry.to[0]} {entry.to[1] or '-'}\n"
    if entry.held is not None:
        there, at, moment = entry.held
        return f"{entry.debate} {entry.post} / {there} {at} {moment or '-'}\n"
    of = entry.known or Traits("", "", "", "", "")
    signs = f"{of.native or '-'} {of.words or '-'} {of.moment or '-'} {of.parent or '-'} {of.sketch or '-'}"
    return f"{entry.debate} {entry.post} {'! ' if of.gone else ''}{signs}\n"
