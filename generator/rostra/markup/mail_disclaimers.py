"""Find what companies and telephones add below mails: disclaimers, and lines such as "Sent from my telephone"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rostra.markup.mail_quotes import MarkedLine
from rostra.system.lazy_regex import late

RULE = late(r"[-_=*]{10,}\s*$")
SENT = late(
    r"(?:Sent (?:from|via|using) (?:my|the|mobile|Outlook|Mail|Yahoo|Samsung)\b|Get Outlook for |Von meinem .{1,40} gesendet$|Gesendet (?:von|mit) |Envoyé (?:de|depuis) mon |Enviado (?:desde|do) m|Inviato da|Verzonden vanaf mijn ).{0,60}$",
    re.IGNORECASE,
)
"""The line of a telephone or its program; it is alone in its paragraph."""
DROPPED = late(r".*\{\{dropped(?::\d+)?\}\}\s*$")
"""What Mailman leaves of the last part of a mail, which is a disclaimer."""
MAILS = ("email", "e-mail", "message", "transmission", "communication", "nachricht", "courriel", "mensaje", "messaggio")
"""What disclaimers call a mail."""
SIGNS = late(
    rf"\b(?:(?P<mail>(?:this|diese|ce|cet|este|questo) (?:{'|'.join(MAILS)}))|(?P<secret>confidential|privileged|vertraulich|confidentiel|confidencial|riservat)|(?P<addressee>intended (?:only|solely|recipients?|for the)|solely for the use|addressees?|bestimmt für|destinataires?|destinatari[oi]s?)|(?P<error>in error|irrtümlich|par erreur|por error|per errore)|(?P<use>unauthori[sz]ed|prohibited|nicht gestattet|interdite|prohibid[ao]|vietat[ao]))",
    re.IGNORECASE,
)
"""What disclaimers say: of which mail, that it is secret, for whom it is, what to do with a stray one, and what is forbidden."""
FULL = 45
"""The least number of code points of a line that goes on in the next one."""
LONGEST = 2_000
"""The most code points of a disclaimer: a letter without blank lines may say such things far from each other."""
LEAST = 3
"""How many of these things a disclaimer says at least, the mail among them."""


def disclaimers(marked: Sequence[MarkedLine]) -> Iterator[int]:
    """Yield the indexes of the lines of disclaimers, with the rules above them, and of telephones."""
    for begin, lines in _parts(marked):
        if len(lines) == 1 and SENT.match(lines[0].strip()):
            yield begin
            continue
        at = len(lines) - 1 if DROPPED.match(lines[-1]) else _disclaimed(lines)
        if at is not None:
            # Short lines above may be a signature.
            while at and len(lines[at - 1]) >= FULL:
                at -= 1
            yield from range(begin if RULE.match(lines[0]) else begin + at, begin + len(lines))


def _parts(marked: Sequence[MarkedLine]) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines of one depth without blank lines, each with the index of its first line; a rule begins one."""
    part: list[str] = []
    depth = 0
    for at, (level, line) in enumerate(marked):
        if part and (level != depth or not line.strip() or RULE.match(line)):
            yield at - len(part), part
            part = []
        if line.strip():
            part.append(line)
            depth = level
    if part:
        yield len(marked) - len(part), part


def _disclaimed(lines: Sequence[str]) -> int | None:
    """Return the line on which a disclaimer says the first of its things, None if the lines are none."""
    text = " ".join(lines)
    # The pattern is slow, and without one of these words there is no "mail" in it.
    named = text.lower()
    found = [*SIGNS.finditer(text)] if len(text) <= LONGEST and any(mail in named for mail in MAILS) else []
    kinds = {sign.lastgroup for sign in found}
    if len(kinds) < LEAST or "mail" not in kinds:
        return None
    ends = accumulate(len(line) + 1 for line in lines)
    return next(n for n, end in enumerate(ends) if found[0].start() < end)
