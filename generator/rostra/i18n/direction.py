"""The direction of languages and texts: left to right, or right to left."""

from __future__ import annotations

from rostra.system.lazy_regex import late

RIGHT_TO_LEFT = frozenset({
    "apc", "ar", "arc", "ary", "az-arab", "bal", "bgn", "bqi", "brh", "ckb", "dv", "fa", "glk", "ha-arab", "he", "iw", "ji", "ks", "ku-arab",
    "lrc", "luz", "ms-arab", "mzn", "nqo", "pa-arab", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "trw", "ug",
    "ur", "uz-arab", "yi",
})  # fmt: skip
"""Languages and scripts that are written from right to left."""
RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"})
RIGHT_TO_LEFT_LETTER = late(
    "[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d5\u06ee-\u08c9\ufb1d-\ufdfb\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
BEGINNING = 1000
"""How many code points of a text decide its direction."""


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for a BCP 47 tag."""
    first, *rest = language.lower().replace("_", "-").split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    if script:
        return "rtl" if script in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"


def side(text: str, language: str | None = None) -> str:
    """Return the direction of a text: that of its language, else that of most of its first letters."""
    if language:
        return direction(language)
    first = text[:BEGINNING]
    rightward = 0 if first.isascii() else len(RIGHT_TO_LEFT_LETTER.findall(first))
    return "rtl" if rightward and 2 * rightward > sum(map(str.isalpha, first)) else "ltr"
