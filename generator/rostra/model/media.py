"""A file of a post as it is published."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Scaled(Struct, frozen=True, array_like=True):
    """A smaller copy of an image: its path in the site, and its width in pixels."""

    path: str
    width: int


class MediaFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that a post shows or offers.

    ``path`` is its path in the site, empty if it is not published; ``why`` is then the reason, an English sentence of ``i18n.reasons``.
    ``name`` is its name for a download, with the extension of its kind.  ``size`` is in bytes; ``width`` and ``height``
    are pixels of an image, 0 otherwise.  ``smaller`` are smaller copies of an image, the smallest first.
    """

    path: str = ""
    family: Literal["image", "video", "audio", "document", "text", "archive", "none"] = "none"
    media_type: str = ""
    name: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    smaller: tuple[Scaled, ...] = ()
    why: str | None = None


class Shown(Struct, frozen=True, kw_only=True):
    """The files of a post: those of its attachments, in their order, and those of addresses in its body.

    An attachment without a file is None; ``pictures`` are pairs of an address as in ``Body.tags`` and its file.
    """

    files: tuple[MediaFile | None, ...] = ()
    pictures: tuple[tuple[str, MediaFile], ...] = ()
