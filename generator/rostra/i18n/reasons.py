"""Reasons why files are not published: English sentences in data, which pages show in the site's language."""

from __future__ import annotations

from collections.abc import Iterable

from rostra.i18n.catalogue import Catalogue, later
from rostra.i18n.message_shapes import find_message

BOMB = later("it has too many pixels to be decoded")
DAMAGED = later("it is damaged, and cannot be decoded")
LARGE_IMAGE = later("it is an image of %(num)s MiB; more than %(most)s are not decoded")
LARGE_TEXT = later("it is a text of more than %(most)s MiB")
MANY_FRAMES = later("its %(num)s frames have more than %(most)s million pixels together")
MANY_PIXELS = later("it has %(num)s million pixels; more than %(most)s are not decoded")
NO_PIXELS = later("it has no pixels")
OPAQUE = later("it cannot be searched for what is redacted")
OF_KIND = later("it is %(kind)s")
REDACTED = later("it was redacted by the publisher")
TELLING = later("it holds something that is redacted")
UNREADABLE = later("it cannot be read")
"""Its cause follows in data after ``: ``, in the words of the system."""

REASONS = (
    BOMB,
    DAMAGED,
    LARGE_IMAGE,
    LARGE_TEXT,
    MANY_FRAMES,
    MANY_PIXELS,
    NO_PIXELS,
    OPAQUE,
    REDACTED,
    TELLING,
    OF_KIND,
)
"""In the order in which they are tried: the last has the shape of others too."""

BMP = later("a BMP image")
COMPRESSED = later("compressed data")
DATABASE = later("a database")
EMPTY = later("empty")
ICON = later("an icon")
MARKUP = later("HTML, SVG or XML, which a browser could run")
MATROSKA = later("a Matroska file that is not WebM")
OF_BRAND = later("media of the kind %(brand)s, which not every browser shows")
OFFICE = later("an old office document")
PHOTOSHOP = later("a Photoshop image")
PROGRAM = later("a program")
RAR = later("a rar archive")
RIFF = later("a RIFF file that is not WebP")
RTF = later("an RTF document")
SCRIPT = later("a script")
SEVEN_ZIP = later("a 7z archive")
TAR = later("a tar archive")
TIFF = later("a TIFF image")
UNKNOWN = later("of a kind that is not published")

KINDS = (
    BMP,
    COMPRESSED,
    DATABASE,
    EMPTY,
    ICON,
    MARKUP,
    MATROSKA,
    OF_BRAND,
    OFFICE,
    PHOTOSHOP,
    PROGRAM,
    RAR,
    RIFF,
    RTF,
    SCRIPT,
    SEVEN_ZIP,
    TAR,
    TIFF,
    UNKNOWN,
)
"""Kinds of files, in words that follow "it is"."""


def reason(why: str, words: Catalogue) -> str:
    """Translate a reason to the site's language; one that is unknown stays unchanged.

    The cause for which a file cannot be read is left out: the system says it in English, often with paths.
    """
    if why.partition(": ")[0] == UNREADABLE:
        return words.say(UNREADABLE)
    return _said(why, REASONS, words)


def _said(text: str, messages: Iterable[str], words: Catalogue) -> str:
    found = find_message(text, messages)
    if found is None:
        return text
    return words.say(found.message, **{name: _value(name, said, words) for name, said in found.values.items()})


def _value(name: str, said: str, words: Catalogue) -> str:
    if name == "kind":
        return _said(said, KINDS, words)
    return words.number(int(said)) if said.isdecimal() else said
