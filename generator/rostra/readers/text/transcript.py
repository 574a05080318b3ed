"""Transcripts of spoken debates: a name and a colon begin what somebody says, and nothing says when.

    MODERATOR: Good evening.

    ADA WEIR: Thank you. The gate opened by itself.

    It did so twice.

A label such as "Age:" is written in the same way, and an article may quote a conversation.  So these lines begin posts
only if most paragraphs have one and sentences behind it, the names recur and take turns, and nothing longer than a turn
is below the last one; a text in which several posts have times is no transcript (``text.read``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rostra.readers.copied.page_words import words_for
from rostra.readers.text.headers import Header, columns
from rostra.system.lazy_regex import late

FEWEST = 5
"""The fewest turns of a transcript."""
SPEAKERS = 2
"""The fewest people who speak more than once."""
MOST = 0.5
"""The least share of paragraphs that begin with a name, and of these turns: those of people who speak more than once, those
of another person than the turn below, and those that end as sentences do, as values behind labels do not."""
_TURN = late(r"\s*(?P<name>[^\W\d_][^:：]{0,39}?)\s*(?:[:：]\s*$|(?::[ \t]+|：\s*)(?P<said>\S.*))")
_SENTENCE = late(r"[.!?…。！？][\"'”’»)]*\s*$")
_WORD = r"(?:[^\W\d_][\w’'-]+\.?|[^\W\d_]\.)"
_NAME = late(rf"{_WORD}(?:\s{_WORD}){{0,3}}(?:\s\([^()]{{1,24}}\))?")


def turns(lines: Sequence[str]) -> list[Header]:
    """Return the lines that begin what somebody says; none if the text is no transcript."""
    names = {n: _name(line) for n, line in enumerate(lines) if _begins_paragraph(lines, n)}
    recurring = {name for name, count in Counter(names.values()).items() if name and count > 1}
    is_loud = all(name.isupper() for name in recurring)
    begun = {n: name for n, name in names.items() if name and (name in recurring or _is_alike(name, is_loud=is_loud))}
    if len(begun) < FEWEST or len(recurring) < SPEAKERS:
        return []
    starts = [n for n, at in enumerate(names) if at in begun]
    lengths = [end - start for start, end in pairwise([*starts, len(names)])]
    is_transcript = (
        len(begun) >= MOST * sum(lengths)
        and sum(name in recurring for name in begun.values()) >= MOST * len(begun)
        and sum(one != other for one, other in pairwise(begun.values())) >= MOST * (len(begun) - 1)
        and sum(_ends_sentence(lines, n) for n in begun) >= MOST * len(begun)
        and lengths[-1] <= max(lengths[:-1])
    )
    return [_header(lines[n], n, name) for n, name in begun.items() if is_transcript]


def _begins_paragraph(lines: Sequence[str], n: int) -> bool:
    # What is above the first turn does not count: whether the first line begins a paragraph makes no difference.
    return bool(lines[n].strip()) and (not lines[n - 1].strip() or _name(lines[n]) is not None)


def _name(line: str) -> str | None:
    """Return the name with which a line begins; alone on a line, one word of it in small letters is no name ("Ada said:").

    Neither is what people write before their own additions ("Note:").
    """
    found = _TURN.match(line)
    if not found or not _NAME.fullmatch(found["name"]) or found["name"].casefold().rstrip(".") in words_for("added"):
        return None
    return found["name"] if found["said"] or not any(word[0].islower() for word in found["name"].split()) else None


def _is_alike(name: str, *, is_loud: bool) -> bool:
    """Whether the name of somebody who speaks once is written as the others: in capitals if they are, else as two words."""
    words = name.partition(" (")[0].split()
    return name.isupper() if is_loud else len(words) > 1 and all(word[0].isupper() for word in words)


def _ends_sentence(lines: Sequence[str], n: int) -> bool:
    """Whether the first line that somebody says ends a sentence."""
    found = _TURN.match(lines[n])
    assert found
    said = found["said"] or next((line for line in lines[n + 1 :] if line.strip()), "")
    return _SENTENCE.search(said) is not None


def _header(line: str, n: int, name: str) -> Header:
    found = _TURN.match(line.expandtabs(4))
    assert found
    inline = found.start("said") if found["said"] else None
    return Header(first=n, last=n, column=columns(line), name=name, who=name, inline=inline)
