"""What was published, and what each post is known by, so that an address once published leads to its post.

The ledger is a text file beside a site's content, ``rostra.ledger``, sorted, a line an entry::

    gate ! It was private.                          the debate `gate` was withdrawn, and why
    gate @ content/gate.txt                         the debate, last read from that dump
    gate p-12 NATIVE WORDS MOMENT PARENT SKETCH     a post of it; `-` for what is not known
    gate p-13 ! NATIVE WORDS MOMENT PARENT SKETCH   a post that its debate no longer holds
    gate p-14 > weir p-4                            a post of it that now stands elsewhere

NATIVE, WORDS and MOMENT are digests of the post's id in its source, of its plain words, and of who
wrote it when (eight digits of who alone, where there is no time).  SKETCH is six hashes of three
digits each, of which most stay where a few words change.  Lines of two branches may simply be put
together, doubled or unsorted (``merge=union`` in ``.gitattributes``).  Where the file is absent
everything still builds; the ids are then those that the posts have by nature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from itertools import pairwise
from zlib import crc32

from msgspec import Struct
from msgspec.structs import astuple, replace

from rostra.assemble import instant, renamed
from rostra.late import late
from rostra.model import Post, Thread
from rostra.permalinks import digest, digits

MARKUP = late(r"<[^<>]*>|https?://\S+")
WORD = late(r"[^\W_]++")
FEW = 3
"""Words that a post must have before they alone tell which it is."""
HASHES = 6
ALIKE = 3
"""Hashes of a sketch that must agree, below the same post, for a text to be one that was corrected."""
TIMED = 10
"""Digits of a moment that holds a time."""
DEBATE = late(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
POST = late(r"p-[a-z0-9]+(?:-+[a-z0-9]+)*")
SIGN = late(r"-|[a-z0-9-]+")
PASSED = late(r"\s*(?:#.*)?|(?:<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: .*)?")
"""Remarks, and the marks that a merge leaves."""
DIGITS = "0123456789abcdefghijklmnopqrstuv"


class Traits(Struct, frozen=True):
    """What a post is known by; empty where it has no such trait.  ``gone``: the last build did not hold it."""

    native: str
    words: str
    moment: str
    parent: str
    sketch: str
    gone: bool = False


def traits(post: Post) -> Traits:
    """What a post is known by, whichever tool dumped it."""
    raw = post.raw
    words, sketch = _said(raw.body, sketched=raw.native_id is None)
    who = raw.author.name if raw.author else ""
    moment = digest(who, instant(raw.created)) if raw.created else digest(who)[:8] if who else ""
    return Traits(digest(raw.native_id) if raw.native_id else "", words, moment, post.parent or "", sketch)


@lru_cache(maxsize=8192)
def _said(body: str, *, sketched: bool) -> tuple[str, str]:
    """The digest of a body's plain words and their sketch; a build asks for those of each debate several times."""
    plain = unescape(body)
    words = WORD.findall((MARKUP.sub(" ", plain) if "<" in plain or "://" in plain else plain).casefold())
    said = digits(" ".join(words)) if words else ""
    return said if len(words) >= FEW else said[:8], _sketch(words) if sketched else ""


def _sketch(words: list[str]) -> str:
    if len(words) < 2 * HASHES:
        return ""
    hashes = sorted({crc32(f"{a} {b}".encode("utf-8", "surrogatepass")) for a, b in pairwise(words)})
    return "".join(DIGITS[h >> 10 & 31] + DIGITS[h >> 5 & 31] + DIGITS[h & 31] for h in hashes[:HASHES])


def hashes(sketch: str) -> set[str]:
    """The hashes of a sketch."""
    return {sketch[at : at + 3] for at in range(0, len(sketch), 3)}


def settled(thread: Thread, id: str, known: Mapping[str, Traits]) -> Thread:
    """The thread under ``id``, each post with the id that it was published with where it is recognised.

    ``known`` are the posts published under ``id``.  A post that is new never takes the id of one
    that is gone.
    """
    beside = f"debates/{thread.id}/"
    if id != thread.id and (published := thread.source.published) and published.startswith(beside):
        published = f"debates/{id}/{published.removeprefix(beside)}"
        thread = replace(thread, source=replace(thread.source, published=published))
    if not known:
        return replace(thread, id=id)
    found = recognised([(post.id, traits(post)) for post in thread.posts], known)
    names: dict[str, str] = dict(found)
    taken = set(known)
    for post in thread.posts:
        if post.id not in names:
            names[post.id] = _free(post.id, taken)
            taken.add(names[post.id])
    return renamed(replace(thread, id=id), names)


def _free(id: str, taken: set[str]) -> str:
    candidate, count = id, 1
    while candidate in taken:
        count += 1
        candidate = f"{id}-{count}"
    return candidate


def recognised(posts: list[tuple[str, Traits]], known: Mapping[str, Traits]) -> dict[str, str]:
    """Which of the ``known`` each post is, surest signs first; no two posts are one.

    ``posts`` in reading order, so that a parent is recognised before its answers.
    """
    return _Recognition(posts, known).found


class _Recognition:
    def __init__(self, posts: list[tuple[str, Traits]], known: Mapping[str, Traits]) -> None:
        self.posts = dict(posts)
        self.known = known
        self.left = dict(known)
        self.found: dict[str, str] = {}
        here = {t.native for t in self.posts.values()}
        there = {t.native for t in known.values()}
        self.shared = (here & there) - {""}
        self._pair(lambda t: t.native, alone=True)
        self._pair(lambda t: t.words and t.words + t.moment)
        self._pair(lambda t: t.words if len(t.words) == TIMED else "", alone=True)
        self._pair(lambda t: t.moment if len(t.moment) == TIMED else "", alone=True)
        self._by_place()
        self._missing()
        self._by_name()

    def _take(self, post: str, row: str) -> None:
        self.found[post] = row
        del self.left[row]

    def _may_be(self, here: Traits, there: Traits) -> bool:
        """Two ids of one source are two posts, unless all else is the same: then it was numbered anew."""
        if not here.native or not there.native or here.native == there.native:
            return True
        if here.native in self.shared or there.native in self.shared:
            return False
        same = (here.words, here.moment) == (there.words, there.moment)
        return not self.shared or (same and len(here.words) == len(here.moment) == TIMED)

    def _pair(self, key: Callable[[Traits], str], *, alone: bool = False) -> None:
        """Bring together what has the same key, in order; only where both stand ``alone`` with it, if so asked."""
        rows: dict[str, list[str]] = {}
        for row, there in self.left.items():
            if sign := key(there):
                rows.setdefault(sign, []).append(row)
        heres: dict[str, list[str]] = {}
        for post, here in self.posts.items():
            if post not in self.found and (sign := key(here)) in rows:
                heres.setdefault(sign, []).append(post)
        for sign, group in heres.items():
            others = rows[sign]
            if alone and (len(group) > 1 or len(others) > 1):
                continue
            # A post that kept its id is itself, whoever else says the same.
            for post in [post for post in group if post in others]:
                if self._may_be(self.posts[post], self.known[post]):
                    group.remove(post)
                    others.remove(post)
                    self._take(post, post)
            for post in group:
                rest = (row for row in others if self._may_be(self.posts[post], self.known[row]))
                if match := next(rest, None):
                    others.remove(match)
                    self._take(post, match)

    def _by_place(self) -> None:
        """A text that was corrected: below the same post, and much alike or the only one of its author."""
        below: dict[str, list[str]] = {}
        for row, there in self.left.items():
            if there.words:
                below.setdefault(there.parent, []).append(row)
        for post, here in self.posts.items():
            if post in self.found or not here.words:
                continue
            parent = self.found.get(here.parent, "") if here.parent else ""
            if here.parent and not parent:
                continue
            rows = [row for row in below.get(parent, ()) if row in self.left and self._may_be(here, self.known[row])]
            alike = max(rows, key=lambda row: self._alike(here, row), default=None)
            if alike is not None and self._alike(here, alike) >= ALIKE:
                self._take(post, alike)
                continue
            same = [row for row in rows if self.known[row].moment == here.moment and not self.known[row].gone]
            rivals = [
                other
                for other, there in self.posts.items()
                if other not in self.found and there.parent == here.parent and there.moment == here.moment
            ]
            if here.moment and len(same) == 1 and len(rivals) == 1:
                self._take(post, same[0])

    def _alike(self, here: Traits, row: str) -> int:
        return len(hashes(here.sketch) & hashes(self.known[row].sketch))

    def _missing(self) -> None:
        """A post that the dump lacks is the one that all its answers answered."""
        answered: dict[str, set[str]] = {}
        for post, here in self.posts.items():
            above = self.posts.get(here.parent)
            if post in self.found and above and here.parent not in self.found and not above.words:
                answered.setdefault(here.parent, set()).add(self.known[self.found[post]].parent)
        for post, rows in answered.items():
            if len(rows) == 1 and (row := rows.pop()) in self.left:
                self._take(post, row)

    def _by_name(self) -> None:
        """What nothing else tells apart: two posts with one id, say, of which neither has words."""
        for post, here in self.posts.items():
            there = self.left.get(post)
            if post not in self.found and there and (here.native, here.words) == (there.native, there.words):
                self._take(post, post)


def signs(known: Traits) -> tuple[str, ...]:
    """What tells a post wherever it stands: its words or its id in the source, each with who wrote it when."""
    said = (known.words + known.moment,) if known.words else ()
    return (*said, f"#{known.native}{known.moment}") if known.native and len(known.moment) == TIMED else said


def voted(posts: Iterable[Post], candidates: Iterable[tuple[str, Traits]]) -> str | None:
    """The debate that most of the posts were published in, at least half of them, of ``candidates`` with what was published there."""
    own = [known for known in map(traits, posts) if known.words]
    all_signs = {sign for known in own for sign in signs(known)}
    said = {known.words for known in own}
    met = [(debate, known.words in said) for debate, known in candidates if all_signs.intersection(signs(known))]
    votes, words = Counter(debate for debate, _ in met), Counter(debate for debate, same in met if same)
    # Of two that hold the same ids by the same people, as numbers from one on are, the words tell.
    best = min(votes, key=lambda debate: (-votes[debate], -words[debate], debate), default=None)
    return best if best is not None and votes[best] * 2 >= len(own) else None


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
    *signs, gone = astuple(entry.known or Traits("", "", "", "", ""))
    return " ".join((entry.debate, entry.post, *("!" * gone), *(sign or "-" for sign in signs))) + "\n"
