"""Find texts in base64, which names are searched in too."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache

from rostra.system.lazy_regex import late

HUMP = late(r"[a-z0-9][A-Z]")
TOKEN = late(r"[A-Za-z0-9+/_-]+={0,2}")
"""Possible base64, if a capital follows a small letter or a digit in it."""
DIGITS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
UNPRINTABLE = late("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]+")
LEAST_BASE64, LEAST_DECODED = 6, 8
"""The lengths of a token and of its decoded text that do not occur by chance."""
PLAIN_SHARE = 0.75
"""The least share of ASCII in base64 that is not UTF-8: random bytes have half of it."""

WIDE_SHARE = 0.25
"""The least share of zero bytes in base64 that may be UTF-16: in Latin script it is nearly half."""


def decodings(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the base64 in a text: its span and each of its decoded texts."""
    at = 0
    while hump := HUMP.search(text, at):
        start = hump.start()
        while start > at and text[start - 1] in DIGITS:
            start -= 1
        token = TOKEN.match(text, start)
        assert token
        at = token.end()
        if len(token[0]) >= LEAST_BASE64:
            for said in _said(token[0]):
                yield start, at, said


@lru_cache(maxsize=4096)
def _said(token: str) -> tuple[str, ...]:
    digits = token.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    found = list[str]()
    for start in range(4):
        # The characters before it in an address may look like its beginning.
        part = digits[start:]
        part = part[:-1] if len(part) % 4 == 1 else part
        data = b64decode(f"{part}===")
        western = data.decode("cp1252", "replace")
        is_text = sum(map(str.isascii, western)) >= PLAIN_SHARE * len(data)
        wide = [
            data.decode(f"utf-16-{end}", "replace") for end in ("le", "be") if data.count(0) >= len(data) * WIDE_SHARE
        ]
        for said in (data.decode("utf-8", "replace"), *([western] if is_text else ()), *wide):
            whole = not start and not UNPRINTABLE.search(said)
            found += [run for run in UNPRINTABLE.split(said) if whole or len(run) >= LEAST_DECODED]
    return tuple(dict.fromkeys(found))
