"""Code: the content of a ``<pre>``, split by Pygments into runs of (class, text), which style sheets colour."""

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
"""Lexers that take linear time for lines of at most ``LINE`` code points, as ``tests/benchmarks/growth_code.py`` measures."""
LONGEST, SHORTER = 100_000, 4_000
"""How many code points of code one of those lexers highlights, and any other: longer code is shown plain."""
ALL = 12_000
"""How many code points of a body's code other lexers highlight."""
LINE, BLANK = 400, 8
"""How many code points of a line, and empty lines in a row, are highlighted: beyond, many lexers take quadratic time."""
EMPTY = late(rf"(?m)^(?:[ \t]*+\n){{{BLANK + 1}}}")


class CodeBlock:
    """The content of a ``<pre>``, token by token."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.language: str | None = None
        self.nested = 0  # nested ``<pre>`` elements

    def take(self, slash: str, name: str, attributes: str, text: str) -> bool:
        """Add a token; return whether it ended the element."""
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
        """Return its text, without empty lines at the start and end."""
        return "".join(self.parts).strip("\n")


def _is_bearable(code: str) -> bool:
    """Whether lexers highlight such code in acceptable time."""
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
    """Yield runs whose texts, joined, are ``code``; the class is "" for plain text.

    ``before`` is how many code points of code the same body has shown already.
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
    # A lexer may change line ends; the original text matters more than its colours.
    if "".join(text for _, text in runs) != code:
        yield "", code
        return
    yield from runs
