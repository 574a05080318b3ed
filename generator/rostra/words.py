"""The interface's own words in the site's language: what readers see that neither a dump nor the publisher said.

Templates and pages say ``_("in reply to %(who)s", who=…)`` and ``ngettext("%(num)s post", "%(num)s posts", n)``;
the English text is the key of the catalogue, after gettext.
"""

from __future__ import annotations

from gettext import NullTranslations

from rostra import dates


class Words:
    """The words of one language; English where the catalogue has no other."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.translations = NullTranslations()

    def say(self, message: str, **values: object) -> str:
        """A message with its values filled in."""
        return self.translations.gettext(message) % values

    def count(self, one: str, many: str, num: int, **values: object) -> str:
        """A message in the number of ``num``, which it may show as ``%(num)s``."""
        return self.translations.ngettext(one, many, num) % {"num": num, **values}

    def readable(self, created: str) -> str:
        """A time as people write it, from RFC 3339."""
        return dates.readable(created)

    def day(self, created: str) -> str:
        """A day as people write it, from RFC 3339."""
        return dates.day(created)
