"""What may be somebody's name, by its look alone."""

from __future__ import annotations

import re

from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

WORDS = 5
"""Words of a name at most."""
SENTENCE = late(r"[.!?…;,。！？]\s|[.!?…;:,。！？]$|[,;!?]")
LETTER = late(r"[^\W_]")
_INITIALS = late(r"\b\w{1,2}\.(?=\s+\S)")
"""What ends in a point and ends no sentence: "H.", "Dr."."""
_COUNTED = late(r"[\d.,]+\s")
"""How "2 replies" begins, which is no name."""
BADGE = re.compile(
    r"op|mod|moderators?|admin|administrator(?:in)?|author|autor(?:in)?|auteur|autore|staff|team|verified|owner|creator|contributor|maintainer|"
    r"(?:senior |junior |new |active |full |premium |gold )?member|mitglied|membre|miembro|membro|participant|guest|gast|invité|"
    r"original poster|thread starter|top fan|top contributor|subscriber|follower|supporter|vip|bot",
    re.IGNORECASE,
)
"""Ranks that pages show beside names, and nobody's names."""
_RANKED = late(rf"(\S.*?)\s+(?:{BADGE.pattern})|(\S.*?)\s*\[[^\]]{{1,12}}\]", re.IGNORECASE)


def is_badge(text: str) -> bool:
    """Whether a line is a rank or a button, which may be beside a name."""
    return bool(BADGE.fullmatch(text) or FURNITURE.match(text))


def without_rank(name: str) -> str:
    """A name without the rank behind it: "ada OP", "ada[S]"."""
    found = _RANKED.fullmatch(name)
    return (found[1] or found[2]) if found else name


def is_name(text: str) -> bool:
    """Whether a text may be somebody's name: a few words and no sentence."""
    return (
        0 < len(text) <= 60
        and len(text.split()) <= WORDS
        and bool(LETTER.search(text))
        and not SENTENCE.search(_INITIALS.sub("", text))
        and not _COUNTED.match(text)
        and "\ue000" not in text
        and not is_badge(text)
    )


def folded_name(name: str) -> str:
    """A name as it is compared with others."""
    return name.lstrip("@").casefold()
