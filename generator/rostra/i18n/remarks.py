"""Remarks by Rostra about a post: keys of messages, which pages translate.

A reader puts these messages into ``RawPost.note``, alone or separated by ``, `` or ``; ``, beside what the source says.
"""

from __future__ import annotations

import re

from rostra.i18n.catalogue import Catalogue, later
from rostra.system.lazy_regex import late

ACCEPTED = later("Accepted")
ACTION = later("A moderator's action")
APPROVED = later("Approved")
CHANGES_REQUESTED = later("Changes requested")
CLOSED = later("Closed")
CONTENT_WARNING = later("Content warning: %(what)s")
DISMISSED = later("Dismissed")
EDITED = later("Edited")
EDITED_AT = later("edited %(what)s")
HIDDEN_AS = later("Hidden as %(what)s")
IN_ANSWER_TO = later("in answer to %(what)s")
MERGED = later("Merged")
OFFICIAL = later("Marked as official")
PASSED_ON = later("Passed on by %(what)s")
PINNED = later("Pinned")
REVIEWED = later("Reviewed")
SAME_CLAIM = later("The same as claim %(what)s")
THE_ANSWER = later("Marked as the answer")
UNARCHIVED = later("The author asked that it not be archived")
WHISPER = later("Visible to the staff only")

REMARKS = (
    ACCEPTED,
    ACTION,
    APPROVED,
    CHANGES_REQUESTED,
    CLOSED,
    CONTENT_WARNING,
    DISMISSED,
    EDITED,
    EDITED_AT,
    HIDDEN_AS,
    IN_ANSWER_TO,
    MERGED,
    OFFICIAL,
    PASSED_ON,
    PINNED,
    REVIEWED,
    SAME_CLAIM,
    THE_ANSWER,
    UNARCHIVED,
    WHISPER,
)
SHAPES = {message: late(re.escape(message).replace(re.escape("%(what)s"), "(.+)")) for message in REMARKS}


def remark(note: str, words: Catalogue) -> str:
    """Translate Rostra's own messages in a note to the site's language; everything else stays unchanged."""
    return "".join(_said(part, words) for part in re.split(r"([;,] )", note))


def _said(part: str, words: Catalogue) -> str:
    for message, shape in SHAPES.items():
        if found := shape.fullmatch(part):
            return words.say(message, **({"what": found[1]} if found.groups() else {}))
    return part
