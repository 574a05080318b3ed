"""How a name or an address may stand in what is published: in other cases, as a handle, in an address, within a file."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote

import zstandard

from rostra.permalinks import slug
from rostra.quotations.weights import BITS

WORD = re.compile(r"[^\W_]+")
APART = r"[\W_]{0,3}"
"""What may stand between the words of a name: ``O'Brien``, ``O’Brien``, ``o_brien``, ``OBrien``."""
UNMISTAKABLE = 8
"""Letters from which on a name is one even within a longer word; six, where it is no plain word."""
SHORT = 4
"""Letters from which on a name may be followed by a capital, a digit or an ending, and follow a small letter: ``ZeusFan``, ``zeus99``, ``Zeuses``, ``askZeus``."""
ENDING = "(?:e?s)?"
"""What is added to names where they are several or something is theirs; ``Anna`` is in ``Annas`` and not in ``Annapolis``."""
JSON_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
TIMES = 2
"""How often escapes are undone."""
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def pattern(strings: Iterable[str]) -> re.Pattern[str] | None:
    """What to look for, the longest first; None where there is nothing."""
    forms = {form for string in strings for each in {string, slug(string)} for form in _forms(each)}
    return re.compile("|".join(sorted(forms, key=lambda form: (-len(form), form)))) if forms else None


def _forms(string: str) -> set[str]:
    found = set()
    for each in {normalize("NFC", string), normalize("NFD", string)}:
        words = WORD.findall(each)
        form = APART.join(map(re.escape, words)) or re.escape(each.strip())
        letters = sum(map(len, words))
        plain = len(words) == 1 and words[0].isalpha() and words[0] in (words[0].lower(), words[0].capitalize())
        if words and all(word.casefold() in BITS for word in words):
            # A word that people write without meaning anybody.
            exact = r"\s+".join(map(re.escape, each.split()))
            found |= {f"(?i:(?<=[@/=]){form}(?![^\\W_]))", rf"(?<![^\W_]){exact}(?=\s+(?:wrote|said)\b)"}
            if each != each.lower():
                found.add(rf"(?<![^\W_]){exact}(?![^\W_])")
        elif letters >= (UNMISTAKABLE if plain else 6):
            found.add(f"(?i:{form})")
        elif letters >= SHORT:
            begins = r"(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z]))"
            found.add(rf"{begins}(?i:{form}{ENDING})(?![^\W\d_A-Z])")
        else:
            found.add(rf"(?<![^\W_])(?i:{form})(?![^\W_])")
    return found


def legible(content: bytes) -> str:
    """A file's text with all that it says in other words: unpacked, and without the escapes of HTML, JSON and addresses."""
    with suppress(OSError, EOFError, zstandard.ZstdError):
        if content.startswith(GZIP):
            content = gzip.decompress(content)
        elif content.startswith(ZSTANDARD):
            content = zstandard.ZstdDecompressor().stream_reader(content).read()
    if b"\0" in content[:1024]:
        # Pictures and fonts, where chance writes any short name.
        return ""
    said = [content.decode("utf-8", "replace")]
    # Who writes an address into JSON escapes twice.
    for _ in range(TIMES):
        for reading in (_without_escapes, unescape, unquote):
            if (text := reading(said[-1])) != said[-1]:
                said.append(text)
    return "\n".join(said)


def _without_escapes(text: str) -> str:
    if "\\" not in text:
        return text
    return (
        JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        .replace("\\\\", "\\")
        .replace("\\n", "\n")
        .replace('\\"', '"')
    )
