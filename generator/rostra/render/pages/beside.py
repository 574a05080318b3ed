"""What a debate's files depend on besides its edition, and which files are beside its page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rostra.config.site import Site
from rostra.model import Edition
from rostra.people.person_pages import PersonPages

FEWEST = 20
"""From how many posts on a debate has citations and annotations in files of their own, unless the settings want all of them."""


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
