"""One frozen type a stage, in a module each.

    RawThread      what a reader found in a dump (``raw``)
    Thread         its posts in reading order, each with its place and its lasting id (``thread``)
    Edition        the thread with its bodies rendered, its notes linked, its quotations resolved (``edition``)
    LinkedEdition  the edition with its links to other threads and from them (``edition``)

What merging and corrections add to a post is in separate records (``history``), which a ``Post`` carries.
Offsets are code points of ``Body.text``; times are RFC 3339.  A stage that adds something makes the next type.
"""

from __future__ import annotations

from rostra.model.edition import (
    FORMAL,
    BackQuote,
    Block,
    Body,
    Edited,
    Edition,
    Gone,
    Kept,
    LinkedEdition,
    LinkedPost,
    Mark,
    Note,
    Passage,
    Quote,
    Reference,
    decode_edition,
    encode_edition,
)
from rostra.model.history import Corrected, Corrections, Former, History, Restoration, Revision
from rostra.model.media import MediaFile, Scaled, Shown
from rostra.model.raw import (
    Attachment,
    Author,
    Declared,
    Dialect,
    Join,
    ParentBy,
    PostKind,
    Problem,
    RawPost,
    RawThread,
    Reaction,
)
from rostra.model.thread import Post, Source, Thread

__all__ = [
    "FORMAL",
    "Attachment",
    "Author",
    "BackQuote",
    "Block",
    "Body",
    "Corrected",
    "Corrections",
    "Declared",
    "Dialect",
    "Edited",
    "Edition",
    "Former",
    "Gone",
    "History",
    "Join",
    "Kept",
    "LinkedEdition",
    "LinkedPost",
    "Mark",
    "MediaFile",
    "Note",
    "ParentBy",
    "Passage",
    "Post",
    "PostKind",
    "Problem",
    "Quote",
    "RawPost",
    "RawThread",
    "Reaction",
    "Reference",
    "Restoration",
    "Revision",
    "Scaled",
    "Shown",
    "Source",
    "Thread",
    "decode_edition",
    "encode_edition",
]
