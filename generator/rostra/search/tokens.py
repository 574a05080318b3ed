"""Prepare text for the index, so that SQLite's ``unicode61`` splits it into the words that people search for.

``browser/worker/10-questions.js`` prepares a question in the same way.
"""

from __future__ import annotations

from unicodedata import normalize

from rostra.system.lazy_regex import late

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
"""Letters, marks and digits are words, without regard to case and accents; private characters are ``CODE``'s signs."""

UNSPACED = late(
    "[\u0e01-\u0edf\u1000-\u109f\u1780-\u17dd\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
"""A run of a script that puts no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

CODE = late(
    r"(?<![^\s(\[{<,;:=|\"'`\u2018-\u201e])"
    r"((?:--?|\+|::|[.@#$%&~/\\])\w(?:[\w.:/-]{0,62}\w)?|\w{1,62}(?:\+\+|[+#*]))"
    r"(?![\w+#*])"
)
"""A word that its signs set apart: ``.libPaths``, ``--workers``, ``C++``, ``#27``."""
MAY_BE_CODE = late(r"[-+:.@#$%&~/\\](?<![^\s(\[{<,;:=|\"'`\u2018-\u201e].)[-:\w]|[+#*]")
"""A quick test: if this finds nothing, neither does ``CODE``; on prose it takes a tenth of the time."""
JOINED = late(r"(?<![^\W\d_])[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+){1,3}")
"""Words that hyphens join: they are also found as one word (``co-operative``, ``e-mail``)."""
HYPHEN = late(r"[-\u2010\u2011](?<=\w.)(?=\w)")
"""A quick test: if this finds nothing, neither does ``JOINED``."""
SIGNS = {code: 0xE000 + code for code in range(0x21, 0x7F) if not chr(code).isalnum()}
"""The private character of each sign, so that the tokenizer takes it for a letter."""


LETTERS = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d",
    "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ħ": "h", "Ħ": "h", "ı": "i",
}  # fmt: skip
"""Letters that Unicode does not decompose, as people without such keys type them."""
_ANY_LETTER = late(f"[{''.join(LETTERS)}]")


def indexed_text(text: str) -> str:
    """Return a text as it is indexed: ``LETTERS`` replaced, scripts without spaces as overlapping pairs of characters."""
    if text.isascii():
        return text
    text = _ANY_LETTER.sub(lambda letter: LETTERS[letter[0]], normalize("NFKC", text))
    return UNSPACED.sub(lambda run: _pairs(run[0]), text)


def _pairs(run: str) -> str:
    """Return all pairs of neighbours and the last character, which a query for one character finds."""
    return f" {' '.join(map(str.__add__, run, run[1:]))} {run[-1]} "


def word_count(text: str) -> int:
    """Return about how many words a text has: in scripts without spaces, one for each character."""
    return text.count(" ") + 1 + (0 if text.isascii() else sum(map(len, UNSPACED.findall(text))))


def code_words(text: str) -> str:
    """Return the words of a text that signs set apart, each as one token."""
    if not MAY_BE_CODE.search(text):
        return ""
    return " ".join(code_token(found[1]) for found in CODE.finditer(text))


def code_token(word: str) -> str:
    """Return a word with its signs as one token."""
    return word.translate(SIGNS)


def joined_words(text: str) -> str:
    """Return the words of a text that hyphens join, each as one word, as it is indexed."""
    found, end = list[str](), 0
    for hyphen in HYPHEN.finditer(text):
        if hyphen.start() >= end:
            start, space = text.rfind(" ", 0, hyphen.start()) + 1, text.find(" ", hyphen.end())
            end = len(text) if space < 0 else space
            found += JOINED.findall(text, start, end)
    return indexed_text(HYPHEN.sub("", " ".join(found)))
