"""Words that pages write beside posts and that the CLDR does not have, by language: ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from rostra.system.lazy_regex import late

UNSPACED = late(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese."""


class PageWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of a language; the file describes each list."""

    edited: tuple[str, ...] = ()
    other_times: tuple[str, ...] = ()
    answering: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    roughly: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    instead: dict[str, str] = {}
    dated: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    home: tuple[str, ...] = ()


@cache
def page_words() -> Mapping[str, PageWords]:
    """Return the words of each language that has some."""
    text = (files("rostra.readers.copied") / "words.toml").read_bytes().decode()
    return msgspec.convert(tomllib.loads(text), dict[str, PageWords])


@cache
def words_for(kind: str) -> frozenset[str]:
    """Return the words of one kind in all languages together: a page mixes its own language with its reader's."""
    return frozenset(word for each in page_words().values() for word in getattr(each, kind))


@cache
def any_of(kind: str) -> str:
    """Return a regular expression for the words of one kind in all languages, the longest first.

    A script without spaces does not show where a word ends.
    """
    words = sorted(words_for(kind), key=lambda word: (-len(word), word))
    found = ((r"\s+".join(map(re.escape, word.split())), UNSPACED.match(word)) for word in words)
    return "|".join(expression if unspaced else rf"\b{expression}\b" for expression, unspaced in found)


_SAYS = late(lambda: rf"(?<=\S)\s+({any_of('says')})\s*[:：]?$", re.IGNORECASE)


def as_pages_write(language: str, phrases: Iterable[str]) -> Iterator[str]:
    """Yield the phrases of a language for times, and the other forms of them that pages write."""
    own = page_words().get(language, PageWords())
    yield from own.moments
    for phrase in phrases:
        if "{0}" in phrase:
            yield from (phrase.replace("{0}", said) for said in own.several)
        words = phrase.split()
        for said in (words, [word for word in words if word not in own.without]):
            yield " ".join(said)
            yield " ".join(own.instead.get(word, word) for word in said)


def without_verb(names: Sequence[str | None]) -> list[str | None]:
    """Return names without the verb that most have behind them, "Ada says"; one person's name may end so."""
    said = {name: found[1].casefold() for name in names if name and (found := _SAYS.search(name))}
    verb, many = Counter(said.values()).most_common(1)[0] if said else ("", 0)
    if many < 2 or 2 * many <= len({*filter(None, names)}):
        return list(names)
    return [_SAYS.sub("", name) if name and said.get(name) == verb else name for name in names]
