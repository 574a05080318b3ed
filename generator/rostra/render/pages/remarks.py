"""Remarks of readers and cards on a post, translated if Rostra wrote them."""

from __future__ import annotations

import re

from rostra.i18n.catalogue import Catalogue, later
from rostra.system.lazy_regex import late

REMARKS = (
    later("A moderator's action"),
    later("A whisper among the staff"),
    later("Accepted"),
    later("Approved"),
    later("Changes requested"),
    later("Closed"),
    later("Content warning: %(what)s"),
    later("Dismissed"),
    later("Hidden as %(what)s"),
    later("Marked as official"),
    later("Marked as the answer"),
    later("Merged"),
    later("Passed on"),
    later("The same as claim %(what)s"),
    later("Withdrawn"),
    later("Withdrawn: %(what)s"),
    later("in answer to %(what)s"),
)
SHAPES = {message: late(re.escape(message).replace(re.escape("%(what)s"), "(.+)")) for message in REMARKS}


def remark(note: str, words: Catalogue) -> str:
    """Translate Rostra's own text in a note to the site's language; everything else stays unchanged."""
    return "".join(_said(part, words) for part in re.split(r"([;,] )", note))


def _said(part: str, words: Catalogue) -> str:
    for message, shape in SHAPES.items():
        if found := shape.fullmatch(part):
            return words.say(message, **({"what": found[1]} if found.groups() else {}))
    return part
