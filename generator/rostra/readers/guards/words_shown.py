"""Check how many words of a record reach the post made from it.

Words are compared as bigrams, without markup: the same sentence as HTML, as Markdown or as plain text has
the same bigrams, and single words elsewhere in the post prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from rostra.model import Problem, RawPost
from rostra.system.lazy_regex import late

ENOUGH = 0.9
"""If less than this share of a record's letters reaches its post, there is a problem."""
SAME = 0.5
"""If less than this share of the letters of a text is in another form of it, these are other words."""
FEW = 8
"""How many texts are searched verbatim; of further ones only bigrams are compared, so time stays linear."""
NAMED = 5
"""How many fields a problem names."""
LEAST = 3
"""The least words of a meaningful text."""
UNSPACED = 8
"""The least letters of a meaningful text in a script without spaces."""
HTML = {"html", "hackernews"}
"""Dialects whose words are all between tags; in other dialects some words in tags name the quoted person."""
PLAIN = {"mail", "text"}
"""Dialects without tags: everything between ``<`` and ``>`` is words."""
UNSEEN = ("<script", "<style", "<template")
"""The beginnings of HTML elements whose words are invisible."""
ADDRESS = late(r"\b[a-z]+://[^\s<>]+", re.IGNORECASE)
SIGN = late(r"^[ \t]{0,8}(?:[A-Za-z]{1,12}>[ \t]?)+", re.MULTILINE)
"""Initials or a name as a quotation mark of mail ("PD> ", "Andrew> "), which pages show as a quotation."""
MARKUP = late(
    r"<[^<>]*>|\[/?(?:\*|[a-z]{1,20})(?:(?:=| +\w+ *=)[^\[\]]*|(?::\w*)+)?\]|\b[a-z]+://[^\s<>]+", re.IGNORECASE
)
"""Tags of HTML and BBCode, and addresses; other words in brackets are words."""
LABEL = late(r"<([^<>|]*)\|")
"""The address of a link of Slack, whose words follow within the same angle brackets."""
SAID_BY = late(r"(?:Quote from:?|Quoting|Originally posted by|Zitat von)\s[^<>\n]{1,100}", re.IGNORECASE)
"""The line of a forum above a quotation, which a page words in its own way."""
WORD = late(r"[^\W\d_⁰¹²³⁴-⁹]+")
"""A word; a raised figure calls a footnote and is no part of it."""
RUN = late(r"(?<![^\W\d_])[^\W\d_]++(?: [^\W\d_]++){2,}")
"""Three words or more without markup between them."""
LOWER = bytes(range(256)).lower()
SIGNS = bytes(each for each in range(128) if not chr(each).isalpha())


class Leaf(NamedTuple):
    """A text of a record and the name of its field."""

    name: str
    text: str


def says_enough(text: str) -> bool:
    """Whether a text has three words or more, or the equivalent in a script without spaces."""
    return _says_something(words(text), text)


def may_say_enough(text: str) -> bool:
    """Whether a text may have three words or the equivalent, asked quickly."""
    return text.count(" ") > 1 or "\n" in text or not text.isascii()


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without markup, addresses and numbers."""
    if "<" in text or "[" in text or "://" in text:
        text = MARKUP.sub(" ", text)
    if "&" in text:
        text = unescape(text)
        # Hacker News writes the slashes of addresses as entities.
        text = ADDRESS.sub(" ", text) if "://" in text else text
    return WORD.findall(text.lower())


def shortfall(leaves: Sequence[tuple[str, str]], post: RawPost, others: tuple[str | None, ...] = ()) -> Problem | None:
    """Return a problem if a post shows less than nine tenths of the letters of its record's texts.

    ``others`` are texts of the record shown elsewhere: a title, tags.  A post that was deleted or removed
    in its source shows none, which is correct.
    """
    if post.kind != "post":
        return None
    body, title = post.body, post.title
    # Asking first whether it is the same object saves a search of the body in itself.
    if len(leaves) == 1 and (leaves[0][1] is body or leaves[0][1] in body):
        return None
    # Most records have few texts, all of them the post's.
    few = len(leaves) <= FEW
    rest = [
        (name, text)
        for name, text in leaves
        if not (few and (text is body or text is title))
        and (text.count(" ") > 1 or "\n" in text or not text.isascii())
        and not (few and (text in body or text == title or text in others))
    ]
    if not rest:
        return None
    whole = [text for _, text in leaves if text in body] if few else []
    said, reached, lost, whole_lost = _counted(rest, _pairs(_shown(post, others)))
    there = sum(_size(words(text)) for text in whole) if lost else 0
    enough = reached + there >= ENOUGH * (said + there)
    if enough and not whole_lost:
        return None
    names = [f"`{name}`" for name in (whole_lost if enough else lost)]
    more = ", …" if len(names) > NAMED else ""
    return Problem(
        code="lost-words",
        message=f"words of {', '.join(names[:NAMED])}{more} do not reach the page",
        post=post.key,
        line=post.line,
        hint="look at it in the dump; report it if these are words of the debate",
    )


def differ(text: str, shown: str) -> bool:
    """Whether a text says something other than the same words in another form, in which each may have words of its own."""
    runs = RUN.findall(text)
    if runs and runs[0] in shown and runs[-1] in shown:
        return False
    found = words(text)
    return _says_something(found, text) and _kept(found, _pairs([shown])) < SAME * _size(found)


def unrendered(post: RawPost, shown: Sequence[str]) -> Problem | None:
    """Return a problem if a post's markup hides its words; ``shown`` is its text with its notes.

    HTML and plain text must show nine tenths of their letters; other markup, whose syntax may use letters, any.
    """
    plain = post.dialect in PLAIN
    if post.kind != "post" or not post.body:
        return None
    # Most bodies have no markup with letters.
    if _letters(post.body) == _letters(" ".join(shown)):
        return None
    if not plain and any(sign in post.body for sign in UNSEEN) and (any(map(str.strip, shown)) or "<img" in post.body):
        return None
    # What a page shows between `<` and `>` is words, such as those of code.
    found, there = (_plain_words if plain else words)(post.body), _plain_words(" ".join(shown))
    # Words of a comment are hidden in the source, too, but a post of nothing else is empty.
    if not found and not there and "<!--" in post.body:
        found = words(post.body.replace("<!--", " "))
    if found == there or not found:
        return None
    # Mastodon divides an address among elements, so that it is words of the body.
    texts = (*shown, *(text.replace("://", " ") for text in shown if "://" in text))
    known = {pair for text in texts for pair in pairwise(("", *_plain_words(text), ""))}
    if not there and not post.attachments:
        code, message = "empty-post", "none of this post's words are shown"
    elif (plain or post.dialect in HTML) and _kept(found, known) < ENOUGH * _size(found):
        code, message = "lost-words", f"words of this post's {'text' if plain else 'HTML'} are not shown"
    else:
        return None
    hint = "look at it in the dump; report it if these are words of the debate"
    return Problem(code=code, message=message, post=post.key, line=post.line, hint=hint)


def _letters(text: str) -> bytes:
    """Return the letters of a text in lower case, and its other signs beyond ASCII: quick, unlike its words."""
    return text.encode("utf-8", "replace").translate(LOWER, SIGNS)


def _plain_words(text: str) -> list[str]:
    """Return the words of a text without tags in lower case, without addresses, numbers and quotation marks."""
    text = ADDRESS.sub(" ", text) if "://" in text else text
    return WORD.findall((SIGN.sub("", text) if ">" in text else text).lower())


def _shown(post: RawPost, others: Iterable[str | None]) -> list[str]:
    author = post.author.name if post.author else ""
    files = (part for file in post.attachments for part in (file.name, file.url))
    # Only in HTML, and dialects that allow HTML, do these signs enclose a tag.
    body = post.body
    if post.dialect == "bbcode":
        body = body.replace("<", "&lt;")
    elif post.dialect == "slack" and "|" in body:
        body = LABEL.sub(r"<\1> ", body)
    return [
        each for each in (body, post.title, post.note, post.created_text, post.url, author, *files, *others) if each
    ]


def _counted(leaves: Iterable[tuple[str, str]], known: set[tuple[str, str]]) -> tuple[int, int, list[str], list[str]]:
    """Return how many letters the texts have, how many are shown, and the names of texts partly and wholly not shown."""
    said = reached = 0
    lost: dict[str, None] = {}
    wholly: dict[str, None] = {}
    for name, text in dict.fromkeys(leaves):
        found = words(SAID_BY.sub("", text))
        if _says_something(found, text):
            size, kept = _size(found), _kept(found, known)
            said += size
            reached += kept
            if kept < ENOUGH * size:
                lost[name] = None
            if not kept:
                wholly[name] = None
    return said, reached, list(lost), list(wholly)


def _says_something(found: list[str], text: str) -> bool:
    return len(found) >= LEAST or (not text.isascii() and _size(found) >= UNSPACED)


def _size(found: Iterable[str]) -> int:
    return sum(map(len, found))


def _pairs(texts: Iterable[str]) -> set[tuple[str, str]]:
    return {pair for text in texts for pair in pairwise(("", *words(text), ""))}


def _kept(found: list[str], known: set[tuple[str, str]]) -> int:
    """Return how many letters belong to words that are shown next to one of their neighbours."""
    kept = 0
    before = False
    for word, after in pairwise((*found, "")):
        pair = (word, after) in known
        kept += len(word) * (before or pair)
        before = pair
    return kept
