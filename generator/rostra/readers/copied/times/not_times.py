"""Numbers beside words of dates that are no part of a time: figures at the end of a name, shares such as "11 out of 18"."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.system.lazy_regex import late

_FIGURES_OF_NAME = late(r"[NY](?=M\.?NO?(?:,?(?:Y|'N)|[,@]?[Fx]?N:N)|N:N)")
"""A number before a clock, or before a date that begins with a month."""
_NAMED_DAY = late(r"[WM]")
"""A weekday or a month, which may also be the end of a name."""
_SHARE = late(r"NM[Fx](?=N)")
"""A number, a word that is also a month ("out"), another word, and a number."""


def without_other_numbers(tokens: Sequence[tuple[str, int, int]], classes: str, text: str) -> str:
    """Return the classes of a line's tokens, where numbers that are no part of a time have the class ``D``.

    A token is a word with the half-open range of its code points.
    """
    for found in reversed(list(_FIGURES_OF_NAME.finditer(classes))):
        at, end = tokens[found.start()][1:]
        # "ada18 Mar 4, 2024"
        if at and (text[at - 1].isalpha() or text[at - 1] == "_") and text[end : end + 1].isspace():
            classes = _replaced(classes, found.start())
    for found in _NAMED_DAY.finditer(classes):
        at = tokens[found.start()][1]
        # "ada-man 03/05/24": a Danish Monday
        if at > 1 and text[at - 1] in "-_" and text[at - 2].isalpha():
            classes = f"{classes[: found.start()]}x{classes[found.end() :]}"
    for found in _SHARE.finditer(classes):
        # "11 out of 18"
        if tokens[found.end() - 1][0] == "of":
            classes = _replaced(classes, found.start())
    return classes


def _replaced(classes: str, at: int) -> str:
    return f"{classes[:at]}D{classes[at + 1 :]}"
