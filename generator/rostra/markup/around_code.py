"""Convert the text of HTML, but not its code and links."""

from __future__ import annotations

from collections.abc import Callable

from rostra.system.lazy_regex import late

TAG = late(r"(<[^>]*>)")
VERBATIM = {"</a>", "</code>", "</pre>"}
"""End tags of elements whose text is not converted."""


def around_code(html: str, convert: Callable[[str], str]) -> str:
    """Return HTML whose texts are converted, escaped as they are, except those that end with an element of ``VERBATIM``."""
    # Text and tags alternate.
    parts = TAG.split(html)
    for n in range(0, len(parts), 2):
        if parts[n] and (n + 1 == len(parts) or parts[n + 1] not in VERBATIM):
            parts[n] = convert(parts[n])
    return "".join(parts)
