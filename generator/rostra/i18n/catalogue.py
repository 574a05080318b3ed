"""The interface's own words in the site's language.

Templates and scripts call ``_("in reply to %(who)s", who=…)`` and ``ngettext("%(num)s post", "%(num)s posts", n)``,
pages ``words.say`` and ``words.count``; the English text is the key of the catalogue, as in gettext.
Write a per cent sign twice.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from gettext import GNUTranslations, NullTranslations, c2py
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from rostra.errors import UsageError
from rostra.i18n import dates
from rostra.i18n.catalogue_syntax import check_syntax
from rostra.i18n.direction import RIGHT_TO_LEFT_LETTER, direction
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

TITLE = 80
"""The length in code points of a title made of a text's first words."""

PLURAL = "nplurals=2; plural=n != 1;"
SCRIPT = late(r'\b(?:_|ngettext)\(\s*"([^"\\]+)"(?:,\s*"([^"\\]+)")?')
"""A message in a script, with its plural."""
CHARSET = late(rb"charset=([\w-]+)")


def later(message: str) -> str:
    """Mark a message for translators; it is translated later, where the language is known."""
    return message


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text as one line of limited length in code points, cut between words where they are short."""
    # Words may be far apart, so the whole text is only read if its beginning does not fill the line.
    line = " ".join(text[: most * 4].split())
    if len(line) <= most and len(text) > most * 4:
        line = " ".join(text.split())
    if len(line) <= most:
        return line
    begun = line[: most - 1]
    whole = begun if line[most - 1] == " " else begun.rpartition(" ")[0]
    return (whole if 3 * len(whole) >= 2 * most else begun).rstrip() + "…"


def titled(text: str) -> str:
    """Return a title made of the first words of a text; empty if there are none."""
    words = " ".join(text.split())
    return words if len(words) <= TITLE else words[: TITLE - 1].rpartition(" ")[0] + "…"


class Catalogue:
    """The messages of one language; English where no catalogue has them.

    ``folders`` contain catalogues named ``de.po`` or ``pt-BR.po``; an earlier folder has precedence.
    ``read`` returns the text of a file, None if there is no such file.
    """

    def __init__(
        self,
        language: str = dates.ENGLISH,
        folders: Sequence[Path] = (),
        read: Callable[[Path], bytes | None] = lambda path: path.read_bytes() if path.is_file() else None,
    ) -> None:
        self.language = language
        self.folders = tuple(folders)
        self._read = read

    @cached_property
    def translations(self) -> NullTranslations:
        """Return the catalogues of the language and of its base language."""
        parts = self.language.split("-")
        names = ["-".join(parts[:n]) + ".po" for n in range(len(parts), 0, -1)]
        found = NullTranslations()
        for path in reversed([folder / name for name in names for folder in self.folders]):
            if (said := self._read(path)) is not None:
                above = catalogue(path, said)
                above.add_fallback(found)
                found = above
        return found

    @cached_property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return direction(self.language)

    def say(self, message: str, **values: object) -> str:
        """Return a message with its values filled in."""
        return self.translations.gettext(message) % self._set(values)

    def count(self, one: str, many: str, num: int, **values: object) -> str:
        """Return the plural form for ``num``, which the message may show as ``%(num)s``."""
        return self.translations.ngettext(one, many, num) % {"num": self.number(num), **self._set(values)}

    def _set(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Isolate values whose direction differs from the words around them (Unicode UAX 9)."""
        return {name: self._isolated(value) if isinstance(value, str) else value for name, value in values.items()}

    def _isolated(self, value: str) -> str:
        rightward = not value.isascii() and RIGHT_TO_LEFT_LETTER.search(value) is not None
        other = rightward != (self.direction == "rtl")
        return f"\u2068{value}\u2069" if other and any(map(str.isalpha, value)) else value

    def for_script(self, script: str) -> str:
        """Return the preamble of a script: its translated messages and the plural rule."""
        plural = self.translations.info().get("plural-forms", PLURAL).partition("plural=")[2].rstrip("; ")
        nth = c2py(plural)
        instances = {nth(n): n for n in range(1000, -1, -1)}
        said: dict[str, object] = {}
        for one, many in SCRIPT.findall(script):
            if many:
                forms = [self.translations.ngettext(one, many, instances[form]) for form in sorted(instances)]
                said |= {one: forms} if forms[0] != one else {}
            elif (message := self.translations.gettext(one)) != one:
                said[one] = message
        found = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return f"const WORDS = {found}, PLURAL = (n) => Number({plural});\n"

    def number(self, count: int) -> str:
        """Return a number with the group separators of the language."""
        return dates.format_number(count, self.language)

    def readable(self, created: str) -> str:
        """Return an RFC 3339 time in the form of the language."""
        return dates.readable(created, self.language)

    def day(self, created: str) -> str:
        """Return the day of an RFC 3339 time in the form of the language."""
        return dates.day(created, self.language)

    def short_day(self, created: str) -> str:
        """Return the day of an RFC 3339 time with a short month in the form of the language."""
        return dates.short_day(created, self.language)

    def period(self, first: str, last: str) -> str:
        """Return the days from one RFC 3339 time to another in the form of the language."""
        return dates.period(first, last, self.language)


ENGLISH = Catalogue()


def catalogue(path: Path, said: bytes) -> NullTranslations:
    """Parse a gettext catalogue; raises UsageError with ``path`` and the line of the error."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    said = said.removeprefix(BOM_UTF8)
    try:
        charset = CHARSET.search(said)
        check_syntax(said.decode(charset[1].decode() if charset else "utf-8"), str(path))
        read = read_po(BytesIO(said), abort_invalid=True)
        for message in read:
            forms = message.string if isinstance(message.string, tuple) else ()
            if any(forms) and not all(forms):
                raise UsageError(
                    f"the message has {sum(map(bool, forms))} of {len(forms)} forms", path=str(path),
                    line=message.lineno, hint="translate every form that `Plural-Forms` counts",
                )  # fmt: skip
            for error in _errors(message, read):
                raise UsageError(
                    str(error),
                    path=str(path),
                    line=message.lineno,
                    hint="a translation has the placeholders of its message",
                ) from error
        compiled = BytesIO()
        write_mo(compiled, read)
        compiled.seek(0)
        return GNUTranslations(compiled)
    except PoFileError as error:
        raise UsageError(
            str(error).rpartition(" on ")[0], path=str(path), line=error.lineno + 1, hint="`msgfmt --check` says more"
        ) from error
    except (ValueError, LookupError) as error:
        raise UsageError(
            f"no catalogue: {error}", path=str(path), hint="save it as UTF-8, as gettext writes it"
        ) from error


def _errors(message: Message, read: Catalog) -> Iterator[Exception]:
    """Yield what is wrong with a translation; each form of a number may show it, also where the English singular does not."""
    from babel.messages.catalog import Message, TranslationError
    from babel.messages.checkers import num_plurals

    if not isinstance(message.id, tuple):
        yield from message.check(read)
        return
    try:
        num_plurals(read, message)
    except TranslationError as error:
        yield error
    for form in message.string or ():
        yield from Message(message.id[1], form, flags=message.flags).check(read)
