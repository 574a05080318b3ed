"""Folding texts for comparison, so that texts that look the same compare equal.

Accents, lines through letters, case, invisible characters (soft hyphens, zero-width joiners), kinds of spaces, dashes
and apostrophes are folded (Unicode NFKD without marks, case folding); escapes of HTML, JSON, URLs, quoted-printable
and international domain names are decoded, also twice; base64 is decoded.  Each decoded text maps its offsets to the
original.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import a2b_qp
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache, partial
from html import unescape
from typing import NamedTuple
from unicodedata import category, combining, normalize
from urllib.parse import unquote_to_bytes

from rostra.system.lazy_regex import late

WORD = late(r"[^\W_]+")
BEYOND_ASCII, RUN_BEYOND_ASCII = late(r"[^\x00-\x7f]"), late(r"[^\x00-\x7f]+")
MARK, OVERLAY = 200, 1
"""The lowest canonical combining class of accents, and that of lines through letters; between them are vowel signs and
voicing marks, which distinguish words."""
PLAIN = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ß": "ss", "ẞ": "SS"}  # fmt: skip
"""Letters without a Unicode decomposition, as people type them without the key."""
INVISIBLE = late("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
"""Default ignorable code points (Unicode ``Default_Ignorable_Code_Point``) outside the category Cf."""
SKIN = late("[\U0001f3fb-\U0001f3ff]")
"""What gives an emoji its colour of skin."""
OTHER = "|"
"""The replacement of signs other than letters, numbers, spaces, dashes and apostrophes; it never occurs in a name."""
PICTURE = "\x1a"
"""The replacement of emoji and other pictures, which may stand between the letters of a word."""
WITHIN = late(rf"(?<=[^\W_]){PICTURE}+(?=[^\W_])")
TIMES = 2
"""How often escapes are decoded: a URL in JSON is escaped twice."""
ESCAPE = late(
    r"[%&\\=](?:"
    r"(?<=%)[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*"
    r"|(?<=&)(?:#[xX][0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});?"
    r"|(?<=\\)\\*(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt\"'/])"
    r"|(?<==)(?:[2-9A-Fa-f][0-9A-Fa-f](?:=[2-9A-Fa-f][0-9A-Fa-f])*|\r?\n))"
)
"""An escape; all kinds begin with one of few signs, which is much faster to search than several patterns."""
MAIL_WORD = late(r"=\?([\w-]{1,40})(?:\*[\w-]{0,40})?\?([bBqQ])\?([^?\s]{0,300})\?=(?:\s+(?==\?))?")
"""An encoded word of a mail header (RFC 2047); white space between two of them does not count."""
PUNYCODE = late(r"\bxn--[A-Za-z0-9-]+", re.IGNORECASE)
SURROGATES = late(r"(?:\\+u[dD][89a-fA-F][0-9A-Fa-f]{2}){2}")
BLOCK = late(
    r"</?(?:p|div|li|[uod]l|d[td]|h[1-6]|h[rg]|t[rdh]|table|article|aside|section|main|nav|header|footer|title|figure|details|summary|blockquote|pre|option|label|entry|name)\b[^<>]*>",
    re.IGNORECASE,
)
BREAK = late(r"<br\b", re.IGNORECASE)
TAG = late(r"<[a-zA-Z/!?][^<>]*>")
APART = f"\n{OTHER * 4}\n"
"""The replacement of a tag that separates texts: no name continues across it."""


class _Fold(dict[str, str]):
    """The folded form of each character, computed once."""

    def __missing__(self, sign: str) -> str:
        self[sign] = folded = self._folded(sign)
        return folded

    def _folded(self, sign: str) -> str:
        if category(sign) in ("Cf", "Cs") or INVISIBLE.match(sign):
            return "" if category(sign) != "Cs" else OTHER
        out = []
        for each in normalize("NFKD", sign):
            if combining(each) >= MARK or combining(each) == OVERLAY or category(each) == "Me":
                continue
            each = PLAIN.get(each, each)
            if len(each) == 1 and not each.isascii():
                each = each if len(each.casefold()) == 1 else each.casefold()
                kind = category(each)
                if kind[0] == "Z":
                    each = " "
                elif kind == "Pd":
                    each = "-"
                elif each in "’‘ʼ´`":
                    each = "'"
                elif kind == "So" or SKIN.match(each):
                    each = PICTURE
                elif kind[0] in "PSC":
                    each = OTHER
            out.append(each)
        return "".join(out)


FOLD = _Fold({chr(n): chr(n) for n in range(128)})


@lru_cache(maxsize=65_536)
def _folded_run(run: str) -> str:
    return "".join(map(FOLD.__getitem__, run))


def fold_keeping_case(text: str) -> str:
    """Fold a text but keep its case."""
    return text if text.isascii() else RUN_BEYOND_ASCII.sub(lambda found: _folded_run(found[0]), text)


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are compared: folded, in lower case."""
    return WORD.findall(fold_keeping_case(text).casefold())


@lru_cache(maxsize=1 << 14)
def person_key(name: str) -> str:
    """Return the key that groups the spellings of a person's name: case, spaces and Unicode normalisation are ignored."""
    key = " ".join(name.casefold().split())
    return key if key.isascii() else normalize("NFC", normalize("NFC", key).casefold())


def letters_of(text: str) -> str:
    """Return the letters and digits of a text as they are compared."""
    return "".join(folded_words(text))


class Change(NamedTuple):
    """A span of a text that differs from the previous text: its offsets in both."""

    start: int
    end: int
    before: int
    before_end: int


class FoldStep:
    """A text made from another one by replacing some of its spans."""

    def __init__(
        self, before: str, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str], text: str | None = None
    ) -> None:
        self.text = pattern.sub(put, before) if text is None else text
        self._made_of = before, pattern, put

    @cached_property
    def changes(self) -> list[Change]:
        """The replaced spans, in order."""
        before, pattern, put = self._made_of
        out, grown = list[Change](), 0
        for found in pattern.finditer(before):
            start, length = found.start() + grown, len(put(found))
            out.append(Change(start, start + length, *found.span()))
            grown += length - (found.end() - found.start())
        return out

    def start(self, at: int) -> int:
        """Return the offset in the previous text of the character at an offset."""
        n = bisect_right(self.changes, at, key=lambda change: change.start) - 1
        if n < 0:
            return at
        change = self.changes[n]
        return change.before if at < change.end else change.before_end + at - change.end

    def end(self, at: int) -> int:
        """Return where the text before an offset ends in the previous text, including removed characters."""
        n = bisect_left(self.changes, at, key=lambda change: change.start) - 1
        if n >= 0 and at <= self.changes[n].end:
            end = self.changes[n].before_end
        else:
            end = self.changes[n].before_end + at - self.changes[n].end if n >= 0 else at
        for change in self.changes[n + 1 :]:
            if change.before != end or change.end > change.start:
                break
            end = change.before_end
        return end


class FoldedReading:
    """A decoded and folded text, and the ``steps`` that lead to it; ``low`` is its lower case, with the same offsets."""

    def __init__(self, text: str, steps: tuple[FoldStep, ...] = ()) -> None:
        self.text = text
        self.steps = steps

    @cached_property
    def low(self) -> str:
        """The text in lower case."""
        return self.text.casefold()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a span of this one."""
        for step in reversed(self.steps):
            start, end = step.start(start), step.end(end)
        return start, end


def fold_text(text: str) -> FoldedReading:
    """Fold a text without decoding escapes."""
    if text.isascii():
        return FoldedReading(text)
    # Offsets are rarely needed, and computing them reads every character.
    step = FoldStep(text, BEYOND_ASCII, lambda found: FOLD[found[0]], fold_keeping_case(text))
    return FoldedReading(step.text, (step,))


def readings(text: str, *, unfolded: bool = False) -> Iterator[FoldedReading]:
    """Yield the readings of a text: as it is, with escapes decoded, and without tags; folded unless told otherwise.

    If pictures stand within words, each reading is followed by one without them.
    """
    for each in _readings(text, unfolded=unfolded):
        yield each
        if PICTURE in each.text and not unfolded:
            whole = FoldStep(each.text, WITHIN, lambda _: "")
            if whole.text != each.text:
                yield FoldedReading(whole.text, (*each.steps, whole))


def _readings(text: str, *, unfolded: bool) -> Iterator[FoldedReading]:
    first = FoldedReading(text) if unfolded else fold_text(text)
    yield first
    text, steps = first.text, first.steps
    for begins, pattern, put in UNDONE * TIMES:
        if any(sign in text for sign in begins):
            step = FoldStep(text, pattern, put if unfolded else partial(_folded, put))
            if step.text != text:
                text, steps = step.text, (*steps, step)
    if len(steps) > len(first.steps):
        yield FoldedReading(text, steps)
    if "<" in text and ">" in text:
        # Tags in an attribute of another tag end that tag here, so that its attributes are read too.
        bare = FoldStep(text, TAG, _without_tag)
        if bare.text != text:
            yield FoldedReading(bare.text, (*steps, bare))


def _without_tag(found: re.Match[str]) -> str:
    return APART if BLOCK.match(found[0]) else "\n" if BREAK.match(found[0]) else ""


def _folded(put: Callable[[re.Match[str]], str], found: re.Match[str]) -> str:
    return fold_keeping_case(put(found))


def _pair(found: re.Match[str]) -> str:
    high, low = (int(part[-4:], 16) for part in re.findall(r"u([0-9A-Fa-f]{4})", found[0]))
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) if high < 0xDC00 <= low else found[0]


def _decoded(found: re.Match[str]) -> str:
    escape = found[0]
    match escape[0]:
        case "%":
            return _text_of(unquote_to_bytes(escape))
        case "&":
            return unescape(escape)
        case "=":
            return _text_of(a2b_qp(escape)) if len(escape) > 2 and escape[1] != "\r" else ""
        case "\\":
            plain = escape.lstrip("\\")
            if len(plain) > 1:
                return chr(int(plain[1:], 16))
            return {"n": "\n", "r": "\n", "t": "\t"}.get(plain, plain)
    raise AssertionError(escape)


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _mail_word(found: re.Match[str]) -> str:
    charset, kind, said = found.groups()
    try:
        data = b64decode(f"{said}===") if kind in "bB" else a2b_qp(said, header=True)
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        # An unknown character set, or no base64.
        return found[0]


def _domain(found: re.Match[str]) -> str:
    try:
        return found[0][4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return found[0]


UNDONE = (
    (("=?",), MAIL_WORD, _mail_word),
    (("\\ud", "\\uD"), SURROGATES, _pair),
    (("%", "&", "\\", "="), ESCAPE, _decoded),
    (("xn--", "XN--"), PUNYCODE, _domain),
)
"""How escapes are decoded: the signs that all of them contain, the pattern, and the replacement."""
