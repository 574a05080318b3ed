"""Data that a debate's files depend on besides its edition, and the choice of files beside its page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rostra.config.site import Site
from rostra.model import Edition
from rostra.people.person_pages import PersonPages

FEWEST = 20
"""The fewest posts of a debate with citations and annotations in separate files, unless the settings require all of them."""


class FileLinks(NamedTuple):
    """Where a debate's files link to.

    ``people`` are the pages of its people; ``records`` are the addresses of the records of its dumps, seen from the
    debate, by the dumps' names.
    """

    people: PersonPages = PersonPages()
    records: Mapping[str, str] = MappingProxyType({})


def has_files_beside(site: Site, edition: Edition) -> bool:
    """Whether a debate has citations, and annotations if it has a linked quotation, in files beside its page."""
    return site.settings.extras or len(edition.posts) >= FEWEST
