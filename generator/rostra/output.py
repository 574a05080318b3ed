"""The only module that writes a site."""

from __future__ import annotations

from msgspec import Struct


class OutputFile(Struct, frozen=True):
    """A file of the site: ``path`` relative to the output folder, with ``/``."""

    path: str
    content: bytes
