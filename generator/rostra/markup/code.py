"""Code to runs of (class, text) by Pygments; colours are a style sheet's, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

LONGEST = 200_000
"""Code points past which code is shown plain: a lexer's worst case is not a stranger's to choose."""


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any:  # Pygments' lexers have no common typed interface
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def highlight(code: str, language: str | None) -> Iterator[tuple[str, str]]:
    """Runs whose texts, joined, are ``code``; the class is "" where there is nothing to say."""
    lexer = _lexer(language) if language and len(code) <= LONGEST else None
    if lexer is None:
        yield "", code
        return
    from pygments.token import STANDARD_TYPES

    runs: list[tuple[str, str]] = []
    for kind, text in lexer.get_tokens(code):
        while kind not in STANDARD_TYPES:
            kind = kind.parent
        css = STANDARD_TYPES[kind] if text.strip() else ""
        if css in ("", "w"):
            css = ""
        if runs and runs[-1][0] == css:
            runs[-1] = (css, runs[-1][1] + text)
        else:
            runs.append((css, text))
    # A lexer may fold line ends; what was written counts more than its colours.
    if "".join(text for _, text in runs) != code:
        yield "", code
        return
    yield from runs
