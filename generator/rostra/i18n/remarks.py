"""Remarks of readers about posts and files in Rostra's own words: keys of messages, which pages translate.

A reader puts remarks into ``RawPost.note``, alone or separated by ``, `` or ``; ``, beside notes of the source, and one
of ``FILES`` into ``Attachment.name``, if the source names no file.
"""

from __future__ import annotations

import re

from rostra.i18n.catalogue import Catalogue, later
from rostra.i18n.message_shapes import find_message
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
A_FILE = later("a file")
A_PICTURE = later("a picture")
A_STICKER = later("a sticker")
DELETED_FILE = later("a deleted file")
HIDDEN_FILE = later("a file that the workspace's plan hides")
KINDS = (
    later("animation"),
    later("audio file"),
    later("photo"),
    later("sticker"),
    later("video file"),
    later("video message"),
    later("voice message"),
)
"""Telegram's names for kinds of files."""
FILES = (A_FILE, A_PICTURE, A_STICKER, DELETED_FILE, HIDDEN_FILE, *KINDS)
SIGN = late(r"(?: [^\w\s]+)?")
"""The pictograph of a sticker."""


def remark(note: str, words: Catalogue) -> str:
    """Translate Rostra's own messages in a note to the site's language; everything else stays unchanged."""
    return "".join(_said(part, words) for part in re.split(r"([;,] )", note))


def file_name(name: str, words: Catalogue) -> str:
    """Return the name of a file; if it has none, Rostra's name for it in the site's language."""
    for message in FILES:
        if name.startswith(message) and SIGN.fullmatch(name, len(message)):
            return words.say(message) + name[len(message) :]
    return name


def _said(part: str, words: Catalogue) -> str:
    found = find_message(part, REMARKS)
    return words.say(found.message, **found.values) if found else part
