"""Find signatures that no dashes mark: short lines, with the author's name, that end a mail.

Either several mails of that author in a debate end with them, or they have an address below the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from rostra.markup.code_lines import WORDS
from rostra.model import FORMAL, Block, Body, Edited
from rostra.system.lazy_regex import late

BLOCKS = 3
"""The most paragraphs of a signature: mails that have more in common at their end are copies of each other."""
FEWEST = 3
"""The fewest lines of such a signature."""
WIDEST = 78
"""The most code points of one of its lines, as of a line of mail (RFC 5322, 2.1.1)."""
PROSE = 0.5
"""The greatest share of its lines that are like sentences."""
NAME = late(r"[^\W\d_]{3,}")
"""A part of a name."""
PARTS = 2
"""The fewest parts of the author's name that one line has."""
ADDRESS = late(r"\S@\S|://|\bwww\.|(?<![\w.=-])(?:\+|\(\+?)?\d(?:[ ()/.-]{0,2}\d){6,}(?![\w.=])")
"""The address of a person: of mail, of a page, or the seven digits or more of a telephone."""


def with_signatures(posts: Sequence[Edited]) -> dict[str, Body]:
    """Return the bodies of the posts with such a signature, by id: its paragraphs are of the kind ``signature``."""
    mails = [each for each in posts if each.post.raw.dialect == "mail" and each.post.raw.author]
    endings = [_ending(each.body) for each in mails]
    counts = Counter(key for each, ending in zip(mails, endings, strict=True) for key in _keys(each, ending))
    found: dict[str, Body] = {}
    for each, ending in zip(mails, endings, strict=True):
        common = sum(counts[key] > 1 for key in _keys(each, ending))
        name = {part.casefold() for part in NAME.findall(_author(each))}
        signed: tuple[Block, ...] = ()
        if 0 < common <= BLOCKS and common < len(ending):
            signed = _signed(each.body.text, ending[len(ending) - common :], name)
        if signed or (signed := _addressed(each.body.text, ending, name)):
            kinds = {block.first: replace(block, kind="signature") for block in signed}
            blocks = tuple(kinds.get(block.first, block) for block in each.body.blocks)
            found[each.post.id] = replace(each.body, blocks=blocks)
    return found


def _ending(body: Body) -> tuple[Block, ...]:
    """Return the last paragraphs of the author's own: one more than a signature may have and the one above it."""
    own: list[Block] = []
    for block in reversed(body.blocks):
        is_own = not block.depth and block.kind not in FORMAL
        if own and not (is_own and block.last + 1 == own[-1].first):
            # What is above them is the author's, or quoted: either is more than the signature.
            return (block, *reversed(own))
        if is_own:
            own.append(block)
        if len(own) > BLOCKS + 1:
            break
    return tuple(reversed(own))


def _keys(each: Edited, ending: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    """Yield the author with the last paragraph, with the last two, and so on."""
    said = [each.body.text[block.start : block.end].strip() for block in ending]
    for size in range(1, len(said) + 1):
        yield (_author(each), *said[-size:])


def _author(each: Edited) -> str:
    author = each.post.raw.author
    return (author.label or "") if author else ""


def _signed(text: str, blocks: Sequence[Block], name: set[str]) -> tuple[Block, ...]:
    """Return the paragraphs that are the signature: from the first of several lines on, or all if the name is above it."""
    lines = [text[block.start : block.end].strip().split("\n") for block in blocks]
    below = next((n for n, each in enumerate(lines) if len(each) > 1), 0)
    for start in dict.fromkeys((below, 0)):
        if all(block.kind == "paragraph" and not block.depth for block in blocks[start:]) and _is_signature(
            [line for each in lines[start:] for line in each], name
        ):
            return tuple(blocks[start:])
    return ()


def _addressed(text: str, ending: Sequence[Block], name: set[str]) -> tuple[Block, ...]:
    """Return the last paragraphs, fewer than all, that are the signature of one mail: one line has the author's name, and that or one below it an address."""
    if len(name) < PARTS:
        return ()
    for size in range(1, min(BLOCKS, len(ending) - 1) + 1):
        own = ending[-size:]
        lines = [line for block in own for line in text[block.start : block.end].split("\n")]
        named = (
            n for n, line in enumerate(lines) if len(name & {part.casefold() for part in NAME.findall(line)}) >= PARTS
        )
        at = next(named, len(lines))
        if any(map(ADDRESS.search, lines[at:])):
            return _signed(text, own, name)
    return ()


def _is_signature(lines: Sequence[str], name: set[str]) -> bool:
    return (
        len(lines) >= FEWEST
        and max(map(len, lines)) <= WIDEST
        and sum(WORDS.search(line) is not None for line in lines) <= PROSE * len(lines)
        and any(part.casefold() in name for line in lines for part in NAME.findall(line))
    )
