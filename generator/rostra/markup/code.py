"""Code: what stands in a ``<pre>``, and its runs of (class, text) by Pygments; colours are a style sheet's, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Any

from rostra.system.lazy_regex import late

LANGUAGE = late(r"lang(?:uage)?-([\w+#.-]+)")
LINEAR = {
    "bash", "clojure", "cmake", "common-lisp", "console", "css", "dart", "diff", "elixir", "emacs-lisp", "erlang", "fortran", "go", "haskell",
    "ini", "javascript", "json", "jsx", "julia", "kotlin", "lua", "make", "ocaml", "output", "php", "powershell", "pycon", "python",
    "rust", "scala", "scheme", "scss", "splus", "sql", "swift", "toml", "typescript", "yaml", "zig",
}  # fmt: skip
"""Lexers that take linear time for lines of no more than ``LINE``, as ``tests/benchmarks/growth_code.py`` measures."""
LONGEST, SHORTER = 100_000, 4_000
"""Code points of code that one of those colours, and any other: beyond, code is shown plain."""
ALL = 12_000
"""Code points of a body's code that others than those colour."""
LINE, BLANK = 400, 8
"""Code points of a line and empty lines in a row, beyond which many a lexer takes time that grows with the square."""
EMPTY = late(rf"(?m)^(?:[ \t]*+\n){{{BLANK + 1}}}")


class CodeBlock:
    """What stands in a ``<pre>``, a token at a time."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.language: str | None = None
        self.nested = 0  # further ones within it

    def take(self, slash: str, name: str, attributes: str, text: str) -> bool:
        """Take a token of it; returns whether that ended it."""
        if text:
            self.parts.append(unescape(text))
        elif name == "br":
            self.parts.append("\n")
        elif name == "code" and not slash:
            found = LANGUAGE.search(attributes)
            self.language = found[1] if found else None
        elif name == "pre":
            self.nested += -1 if slash else 1
        return self.nested < 0

    def code(self) -> str:
        """Its text, without the lines that are empty above and below."""
        return "".join(self.parts).strip("\n")


def _is_bearable(code: str) -> bool:
    """Whether no lexer is known to take long for the like of it."""
    return len(code) <= LONGEST and not EMPTY.search(code) and all(len(line) <= LINE for line in code.split("\n"))


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any:  # Pygments' lexers have no common typed interface
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def highlight(code: str, language: str | None, before: int = 0) -> Iterator[tuple[str, str]]:
    """Runs whose texts, joined, are ``code``; the class is "" where there is nothing to say.

    ``before`` is how many code points of code the same body showed already.
    """
    lexer = _lexer(language) if language and _is_bearable(code) else None
    if lexer is not None:
        linear = lexer.aliases[0] in LINEAR
        if before + len(code) > (LONGEST if linear else ALL) or (not linear and len(code) > SHORTER):
            lexer = None
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
