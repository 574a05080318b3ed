"""Find what programs add to the text of a mail: signatures, footers of lists, armour of PGP, notes about attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Literal

from rostra.markup.mail_disclaimers import disclaimers
from rostra.markup.mail_quotes import MarkedLine, is_quoted, says_who
from rostra.markup.note_forms import begins_note
from rostra.system.lazy_regex import late

LONGEST = 40
"""The most lines of a signature, including the dashes above it."""
WITHIN = 8
"""The most lines of the signature of a quoted mail."""
FOOT = 12
"""The most lines of a list's footer, including the rule above it."""
RULES = ("-", "_", "=")
FOOTER = late(r"^(?:_{20,}|-{20,}|={20,})\s*$")
LIST = late(r"mailing list|listinfo|unsubscribe|posting guide|abmelden|googlegroups|lists?\.", re.IGNORECASE)
SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
ARMOUR = late(r"-----BEGIN (PGP (?:SIGNATURE|PUBLIC KEY BLOCK))-----$")
INSIDE = late(r"[A-Za-z]{3,20}: |[A-Za-z0-9+/=]{4,76}$|$")
"""A line of armour whose end is missing (RFC 9580, 6.2)."""
BLOCK = 500
"""The most lines of armour."""
PART = late(r"-{14} \S.{0,38}\S -{14}$")
"""The line that Pipermail writes above each further part of a mail, in the list's language."""
SCRUBBED = late(r"[^\W\d_].{10,100}\.\.\.$")
FIELD = late(r"\w[\w -]{0,20} ?: ?\S")
AWAY = late(r".{0,30}: ?<?https?://\S{1,300}/attachments?[/.-]\S+$")
"""Pipermail's note about a part that it stored elsewhere: a sentence, fields, and the address."""
REMARK = late(r"\[\[[\w -]{0,40}\bHTML\b[\w -]{0,40}\]\]$")
"""Mailman's note about an alternative that it deleted."""
FIELDS = 6
"""The most lines below the sentence."""
AddedKind = Literal["signature", "furniture"]


def without_escapes(lines: list[str]) -> list[str]:
    """Return the lines without the dashes that a PGP signature puts before lines that begin with one (RFC 9580, 7.1)."""
    signed = False
    out = list[str]()
    for line in lines:
        bare = line.strip()
        signed = bare == SIGNED or (signed and not ARMOUR.match(bare))
        out.append(line[2:] if signed and line.startswith("- ") else line)
    return out


def signature_lines(lines: Sequence[str]) -> list[range]:
    """Return the ranges of a mail's own signature and of footers of lists, including the dashes or the rule above, in order.

    A reply above its quotation has its signature in the middle; quoted lines are not part of it.
    """
    found: list[range] = []
    size, signed = len(lines), False
    for at in range(size - 1, -1, -1):
        line = lines[at]
        if not line.startswith(RULES):
            continue
        # A reader puts dashes above a footer without any, so a signature may follow further up.
        if line == "-- " or (line == "--" and not signed):
            longest = min(size, at + LONGEST + 1)
            end = next((n for n in range(at + 1, longest) if says_who(lines[n]) or is_quoted(lines[n])), longest)
            if end - at <= LONGEST:
                found.append(range(at, end))
                if signed or end < size:
                    break
                size, signed = at, True
        elif not signed and FOOTER.match(line) and size - at <= FOOT and _names_list(lines[at + 1 : size]):
            found.append(range(at, size))
            size = at
    return found[::-1]


def _names_list(lines: Sequence[str]) -> bool:
    """Whether lines below a rule are the footer of a list: one names a list, and is no note of the author's."""
    return any(LIST.search(line) and not begins_note(line) for line in lines)


def furniture(marked: Sequence[MarkedLine]) -> dict[int, AddedKind]:
    """Return the kinds of lines that are not the author's words, by index: armour, notes about parts, disclaimers, signatures in quotations."""
    found: dict[int, AddedKind] = dict.fromkeys(disclaimers(marked), "furniture")
    for at, (level, line) in enumerate(marked):
        if at in found or not line:
            continue
        if line[0] == "-":
            if level and line.rstrip() == "--":
                found.update(dict.fromkeys(_signature_within(marked, at), "signature"))
            elif line.startswith("-----"):
                found.update(dict.fromkeys(_armour(marked, at), "furniture"))
        elif line[0] == "_":
            if FOOTER.match(line) and (footer := _footer(marked, at)):
                found.update(dict.fromkeys((at, *footer), "furniture"))
        elif line.rstrip().endswith("]]") and REMARK.match(line.strip()):
            found[at] = "furniture"
        elif line.rstrip().endswith("...") and SCRUBBED.match(line.rstrip()):
            found.update(dict.fromkeys(_scrubbed(marked, at), "furniture"))
    return found


def _signature_within(marked: Sequence[MarkedLine], at: int) -> Iterator[int]:
    """Yield the lines of a signature in a quotation, up to a blank line or the end of the quotation."""
    level = marked[at][0]
    block = takewhile(
        lambda line: line[0] == level and line[1].strip() and not says_who(line[1]), marked[at + 1 : at + WITHIN + 1]
    )
    if 1 < (size := 1 + sum(1 for _ in block)) <= WITHIN:
        yield from range(at, at + size)


def _footer(marked: Sequence[MarkedLine], at: int) -> list[int]:
    """Return the lines below a rule that are all the footer of a list, which people quote with the mail.

    One of them names the list; addresses and notes alone may be the author's.
    """
    level = marked[at][0]
    below = takewhile(
        lambda n: marked[n][0] == level and (LIST.search(marked[n][1]) or "://" in marked[n][1]),
        range(at + 1, min(at + 1 + FOOT, len(marked))),
    )
    found = list(below)
    own = (marked[n][1] for n in found if "://" not in marked[n][1])
    return found if any(not begins_note(line) for line in own) else []


def _armour(marked: Sequence[MarkedLine], at: int) -> Iterator[int]:
    """Yield the lines of PGP's armour, or of Pipermail's rule, that begin here."""
    line = marked[at][1].strip()
    if PART.match(line):
        yield at
    elif line == SIGNED:
        yield at
        for n in range(at + 1, min(at + FIELDS, len(marked))):
            if not FIELD.match(marked[n][1].strip()):
                break
            yield n
    elif begin := ARMOUR.match(line):
        yield from range(at, at + _armour_size(marked, at, f"-----END {begin[1]}-----"))


def _armour_size(marked: Sequence[MarkedLine], at: int, last: str) -> int:
    """Return how many lines the armour has that begins here: up to its ``last`` line, or as long as they look like armour.

    Other armour, or another depth of quotation, is none of it: people quote the beginning of armour and write below it.
    """
    level = marked[at][0]
    lines = ((depth, line.strip()) for depth, line in marked[at + 1 : at + BLOCK])
    block = [
        line
        for _, line in takewhile(lambda each: not each[1] or (each[0] == level and not ARMOUR.match(each[1])), lines)
    ]
    if last in block:
        return block.index(last) + 2
    return 1 + next((n for n, line in enumerate(block) if not INSIDE.match(line)), len(block))


def _scrubbed(marked: Sequence[MarkedLine], at: int) -> Iterator[int]:
    """Yield the lines of a note that begins here about a part that Pipermail put elsewhere."""
    for n in range(at + 1, min(at + 1 + FIELDS, len(marked))):
        line = marked[n][1].strip()
        if AWAY.match(line):
            yield from range(at, n + 1)
            return
        if not FIELD.match(line):
            return
