"""Validate the output of readers: everything after this module can rely on the declared types.

Losses become problems: posts without text, posts that the source counts and the dump does not hold
(``completeness``), JSON records that no reader used (``audit``).

Text has no lone surrogate and no character that XML 1.0 forbids (2.2), numbers have 64 bits, times are
RFC 3339 within the years 1 to 9999 of UTC, or declared as local times without a zone, and nothing is longer than its
limit.  Other values are replaced or left out, and a problem says how often, and where first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from msgspec import NODEFAULT, MsgspecError, Struct, inspect
from msgspec.json import Decoder, Encoder
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.identity.permalinks import digest
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.as_text import as_text, kind_of
from rostra.readers.dumps.dump import MEBIBYTE, Dump
from rostra.readers.dumps.encodings import joined
from rostra.readers.dumps.times import rfc3339
from rostra.system.lazy_regex import late

LONGEST = 10_000
"""The most code points of a text other than a body."""
MANY = 1_000
"""The most tags, attachments or similar items of one thread or post."""
FORBIDDEN = late("[\x00-\x08\x0e-\x1b\ufffe\uffff]")
ESCAPED = late(rb"\\(?:u00|[bf])")
"""How JSON escapes those below U+0020, and ``BREAKS``."""
BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x1f", " "))
"""White space that XML forbids: mainly page breaks of old mail."""
TIME = late(
    r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)
"""A certainly valid time, as most are."""
ID = late(r"p-[a-z0-9](?:[a-z0-9-]{0,36}[a-z0-9])?")
LANGUAGE = late(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

PATTERNS = {(RawPost, "id"): ID, (RawPost, "language"): LANGUAGE, (RawThread, "language"): LANGUAGE}
NAMES = {"key", "parent", "native_id", "post"}
"""Fields that are compared: two different values could be equal after truncation."""
NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")

Cleaned = TypeVar("Cleaned", bound=Struct)
_encode = Encoder().encode
_post_of = Decoder(RawPost).decode
_thread_of = Decoder(RawThread).decode


def normalised(found: Any, dump: Dump) -> RawThread:
    """Return a reader's thread with valid values; raise UnreadableDump if the reader returned something else."""
    if not isinstance(found, RawThread):
        message = f"its reader returned {kind_of(found)} instead of a thread"
        raise UnreadableDump(message, path=dump.name, hint="report it to the author of the reader")
    notes = _Repairs(dump.limits.post * MEBIBYTE)
    given = found.posts if isinstance(found.posts, tuple | list) else ()
    posts = [_post(post, number, notes) for number, post in enumerate(given, 1)]
    notes.post = notes.line = None
    head = replace(found, posts=())
    if (thread := _as_it_is(head, _thread_of)) is None or not _is_plain(thread.url, thread.language):
        thread = _mended(head, RawThread, notes)
    assert thread is not None  # only `posts` is required
    if not given and found.posts != ():
        notes.add("bad-field", f"`posts` is {kind_of(found.posts)}; it is left out")
    return replace(thread, posts=tuple(filter(None, posts)), problems=(*thread.problems, *notes.problems()))


class _Repairs:
    """Counts the repairs of a post (``post``, ``line``); ``limit`` is how many bytes a body may have."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.post: str | None = None
        self.line: int | None = None
        self._found: dict[str, tuple[int, Problem]] = {}

    def add(self, code: str, what: str, count: int = 1, hint: str = "look at it in the dump") -> None:
        first = Problem(code=code, message=what, post=self.post, line=self.line, hint=hint)
        before, problem = self._found.get(what, (0, first))
        self._found[what] = before + count, problem

    def problems(self) -> Iterator[Problem]:
        for count, problem in self._found.values():
            message = f"{problem.message} ({count} times, first here)" if count > 1 else problem.message
            yield replace(problem, message=message)


def _post(given: Any, number: int, notes: _Repairs) -> RawPost | None:
    if not isinstance(given, RawPost):
        notes.add("bad-post", f"post {number} is {kind_of(given)}; it is left out")
        return None
    post = _as_it_is(given, _post_of)
    if (
        post is not None
        and post.key
        and "" not in (post.parent, post.native_id)
        and _is_time(post.created)
        and (post.created_local is None or (not post.created and _is_local(post.created_local)))
        and _is_time(post.edited)
        and (post.id is None or ID.fullmatch(post.id))
        and _is_plain(post.url, post.language)
        and (post.author is None or _is_plain(post.author.url, None))
        and (not post.attachments or all(_is_plain(each.url, None) for each in post.attachments))
    ):
        return post
    key = as_text(given.key)
    # Problems name the post by its final key.
    notes.post, notes.line = _short_name(_clean(key or "")) or f"post-{number}", _line(given.line)
    if not key:
        notes.add("bad-field", "a post has no `key`; it is called by its number")
    post = _mended(replace(given, key=notes.post), RawPost, notes)
    assert post is not None  # only its key is required
    return _timed(post, notes)


def _as_it_is(value: Cleaned, decode: Callable[[bytes], Cleaned]) -> Cleaned | None:
    """Return a value that survives a round trip through JSON and has nothing forbidden or too long."""
    try:
        encoded = _encode(value)
        again = decode(encoded)
    except (MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    if len(encoded) > LONGEST or ESCAPED.search(encoded) or again != value:
        return None
    return None if not encoded.isascii() and any(each in encoded for each in NONCHARACTERS) else again


def _is_plain(url: str | None, language: str | None) -> bool:
    return (url is None or url.isprintable()) and (language is None or LANGUAGE.fullmatch(language) is not None)


def _is_time(text: str | None) -> bool:
    return text is None or TIME.fullmatch(text) is not None or _time(text) == text


def _is_local(text: str | None) -> bool:
    return text is not None and len(text) == len("2005-03-01T12:27:43") and _time(text + "Z") == text + "Z"


def _time(text: str) -> str | None:
    try:
        return rfc3339(datetime.fromisoformat(text))
    except ValueError:
        return None


def _timed(post: RawPost, notes: _Repairs) -> RawPost:
    """Return a post with valid times; an invalid one is shown as written."""
    created, edited = (time and _time(time) for time in (post.created, post.edited))
    if post.edited and not edited:
        notes.add("bad-time", "`edited` is not a readable time; it is left out")
    if post.created and not created:
        notes.add("bad-time", "`created` is not a readable time; it is shown as written")
    local = post.created_local if not created and _is_local(post.created_local) else None
    if post.created_local and not local:
        notes.add(
            "bad-time", "`created_local` is not a time without a zone, or `created` is also given; it is left out"
        )
    said = post.created_text or (None if created else post.created or post.created_local)
    return replace(post, created=created or None, created_local=local, edited=edited or None, created_text=said)


@cache
def _fields(kind: type[Struct]) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return described.fields


def _mended(value: Any, kind: type[Cleaned], notes: _Repairs) -> Cleaned | None:
    """Return a value of a type whose fields have their declared types; None if a required field cannot be converted."""
    known: dict[str, Any] = {}
    for field in _fields(kind):
        found = _value(getattr(value, field.name), field.type, field.name, notes)
        if found is not None and (pattern := PATTERNS.get((kind, field.name))) and not pattern.fullmatch(found):
            notes.add("bad-field", f"`{field.name}` cannot be {found[:60]!r}; it is left out")
            found = None
        if found is None and field.required:
            return None
        known[field.name] = field.default if found is None and field.default is not NODEFAULT else found
    return kind(**known)


def _value(given: Any, type: inspect.Type, name: str, notes: _Repairs) -> Any:
    """Return a field's value as its type; None if it cannot be converted."""
    if given is None:
        return None
    if isinstance(type, inspect.UnionType):
        type = next(each for each in type.types if not isinstance(each, inspect.NoneType))
    if isinstance(type, inspect.StrType):
        return _text(given, name, notes)
    if isinstance(type, inspect.VarTupleType):
        if isinstance(given, list | tuple):
            if len(given) > MANY:
                notes.add("too-long", f"`{name}` has {len(given)} parts; those after the first {MANY} are left out")
            found = (_value(each, type.item_type, name, notes) for each in given[:MANY])
            return tuple(each for each in found if each is not None)
    elif isinstance(type, inspect.LiteralType):
        if isinstance(given, str) and given in type.values:
            return given
    elif isinstance(type, inspect.IntType):
        whole = int(given) if isinstance(given, float) and given.is_integer() else given
        if isinstance(whole, int) and not isinstance(whole, bool):
            if type.ge is not None and type.le is not None and type.ge <= whole <= type.le:
                return whole
            notes.add("bad-field", f"`{name}` is a number beyond 64 bits; it is left out")
            return None
    elif isinstance(type, inspect.BoolType) and isinstance(given, bool):
        return given
    elif isinstance(type, inspect.StructType) and isinstance(given, type.cls):
        return _mended(given, type.cls, notes)
    notes.add("bad-field", f"`{name}` cannot be {kind_of(given)}; it is left out")
    return None


def _text(given: Any, name: str, notes: _Repairs) -> str | None:
    """Return a text that may be published; None if nothing of it remains."""
    text = as_text(given)
    if text is None:
        if not isinstance(given, str):
            notes.add("bad-field", f"`{name}` cannot be {kind_of(given)}; it is left out")
        return None
    if not isinstance(given, str):
        notes.add("bad-field", f"`{name}` cannot be {kind_of(given)}; it is shown as text")
    clean = _clean(text)
    if lost := clean.count("\ufffd") - text.count("\ufffd"):
        notes.add("replaced", f"characters of `{name}` that are not allowed in a page are replaced by U+FFFD", lost)
    if name in NAMES:
        return _short_name(clean)
    if name == "url":
        clean = "".join(char for char in clean if char >= " ").strip()
        if len(clean) > LONGEST:
            # A truncated address would lead elsewhere.
            notes.add("too-long", f"`url` is longer than {LONGEST} characters; it is left out")
            return None
    return _cut(clean, name, notes)


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", joined(text).translate(BREAKS))


def _short_name(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[:60]}…{digest(name)}"


def _cut(text: str, name: str, notes: _Repairs) -> str:
    if name == "body":
        if len(text) * 4 > notes.limit and len(encoded := text.encode()) > notes.limit:
            what = f"a body has more than {notes.limit >> 20} MiB; the rest of it is left out"
            notes.add("too-long", what, hint="raise `post` below `[limits]` in rostra.toml")
            return encoded[: notes.limit].decode("utf-8", "ignore")
    elif len(text) > LONGEST:
        notes.add("too-long", f"`{name}` is longer than {LONGEST} characters; the rest of it is left out")
        return text[:LONGEST]
    return text


def _line(line: Any) -> int | None:
    return line if isinstance(line, int) and not isinstance(line, bool) and 0 < line < 2**63 else None
