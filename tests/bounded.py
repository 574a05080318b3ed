"""Render every pathological body of a dialect, each under a limit of CPU time that a quadratic parser exceeds.

    python tests/bounded.py DIALECT     or `code`: the lexers that colour long code; `lines`: lines of copied pages

The system kills the process at the limit. The last printed line names the body.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from html import escape
from itertools import product
from math import ceil

from rostra.markup import code, markdown, render, weave
from rostra.readers.copied.layout import LONGEST as LINE
from rostra.readers.copied.layout import compiled
from rostra.readers.copied.learning.wording import MOST_ABSENT, MOST_FREE
from support.pathological_bodies import OWN, Shape, again, row, shapes

SECONDS = 3
"""CPU seconds for one body; a linear parser takes a hundredth of one, and at most half of one.

A virtual machine that is stalled counts the time as used, so the limit leaves room for that.
"""
CALLS, SAMPLE = 8_000, 1_000
"""The length of a body is chosen so that the parser makes about so many Python calls, as measured on a sample of so many
code points. Unlike times, calls are the same on every machine.
"""
LONGEST = 300_000
FEWEST, OWN_FEWEST = 5_000, 40_000
"""The fewest code points of a body, and of a body that repeats a sign of the dialect itself."""
LEAST = {"html": 25_000, "hackernews": 20_000, "forum": 20_000, "discourse": 20_000, "markdown": 10_000}
OWN_LEAST = {"discourse": 400_000, "hackernews": 300_000, "slack": 200_000, "forum": 150_000, "wikitext": 20_000}
"""The same for dialects whose code points take less or more time."""
MARKDOWN = {"github", "lemmy", "reddit", "zulip"}
"""Dialects that call the Markdown parser. Their own code is also tried alone, with much longer bodies."""
CODE = row("a\n" + " \n" * code.BLANK, ("/*" * code.LINE)[: code.LINE] + "\n")(code.LONGEST)
"""Code with as many empty lines in a row, and as long lines, as highlighting allows."""


def calls(work: Callable[[], object]) -> int:
    """Count the calls of Python functions."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def limited(name: str, work: Callable[[], object]) -> None:
    """Do some work; the system kills this process if it takes longer than ``SECONDS``."""
    print(name, flush=True)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time()) + SECONDS, most))
    work()


def length(shape: Shape, dialect: str) -> int:
    """The length of a body of this shape, so that all shapes take about the same time."""
    sample = shape(SAMPLE)
    return min(LONGEST, CALLS * SAMPLE // max(1, calls(lambda: shown(sample, dialect))))


def bodies(dialect: str) -> Iterator[tuple[str, str]]:
    """Every body for a dialect, each with its name."""
    for atom in OWN.get(dialect, ()):
        shape = again(atom)
        yield f"{atom!r} alone", shape(max(OWN_LEAST.get(dialect, OWN_FEWEST), length(shape, dialect)))
    if dialect in MARKDOWN:
        markdown.to_html = lambda body, **_: escape(body)
    for name, shape in shapes(dialect):
        yield name, shape(max(LEAST.get(dialect, FEWEST), length(shape, dialect)))


def shown(body: str, dialect: str) -> str:
    return weave(render(body, dialect))


def dialect(name: str) -> None:
    """Try a dialect."""
    shown("A *b* `c`, [d](e).\n\n> f\n", name)  # what is loaded at first use
    for what, body in bodies(name):
        limited(f"{what}, {len(body)} code points", lambda: shown(body, name))  # noqa: B023  # it is called here


def lexers() -> None:
    """Try each lexer that colours code of any length."""
    for language in sorted(code.LINEAR):
        limited(language, lambda: list(code.highlight(CODE, language)))  # noqa: B023  # it is called here


def lines() -> None:
    """Match long lines with wordings, most parts of which are absent."""
    for begins, part in product(
        ("{author} ", "{time} by {author} ", ""), ("{?word}", "{?{number}}", "{?word} {?{number}}")
    ):
        pattern = begins + " ".join([part] * (MOST_ABSENT // part.count("{?")))
        for sign in ("a", "a ", "1 ", "1 a ", " ", "a\N{NO-BREAK SPACE} ", "word 1 "):
            line = (sign * LINE)[: LINE - 1] + "!"
            limited(f"{pattern} against {sign!r}", lambda: compiled(pattern).fullmatch(line))  # noqa: B023  # it is called here
    free = " ".join(["{author}", *["{?word} {?{any}}"] * MOST_FREE, "end"])
    for sign in ("a ", "word ", "1 "):
        limited(f"{free} against {sign!r}", lambda: compiled(free).fullmatch((sign * LINE)[:LINE]))  # noqa: B023  # it is called here
    absent = "{author} " + " ".join(f"{{?word{n}}}" for n in range(5 * MOST_ABSENT))
    limited(absent, lambda: compiled(absent).fullmatch("It looks like the weir-keeper wins again... :)"))


MODES = {"code": lexers, "lines": lines}

if __name__ == "__main__":
    MODES.get(sys.argv[1], lambda: dialect(sys.argv[1]))()
