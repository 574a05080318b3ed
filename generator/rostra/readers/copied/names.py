"""What may be somebody's name, by its look alone."""

from __future__ import annotations

from rostra.system.lazy_regex import late

WORDS = 5
"""Words of a name at most."""
SENTENCE = late(r"[.!?…;,。！？]\s|[.!?…;:,。！？]$|[,;!?]")
LETTER = late(r"[^\W_]")
_INITIALS = late(r"\b\w{1,2}\.")
"""What ends in a point and ends no sentence: "H.", "Dr."."""
_COUNTED = late(r"[\d.,]+\s")
"""How "2 replies" begins, which is no name."""


def is_name(text: str) -> bool:
    """Whether a text may be somebody's name: a few words and no sentence."""
    return (
        0 < len(text) <= 60
        and len(text.split()) <= WORDS
        and bool(LETTER.search(text))
        and not SENTENCE.search(_INITIALS.sub("", text))
        and not _COUNTED.match(text)
        and "\ue000" not in text
    )
