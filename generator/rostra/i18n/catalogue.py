"""The interface's own words in the site's language: what readers see that neither a dump nor the publisher said.

Templates and scripts say ``_("in reply to %(who)s", who=…)`` and ``ngettext("%(num)s post", "%(num)s posts", n)``,
pages ``words.say`` and ``words.count``; the English text is the key of the catalogue, after gettext.
A per cent sign is written twice.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from gettext import GNUTranslations, NullTranslations, c2py
from io import BytesIO
from pathlib import Path

from rostra.errors import UsageError
from rostra.i18n import dates
from rostra.i18n.catalogue_syntax import check_syntax
from rostra.system.lazy_regex import late

RIGHT_TO_LEFT = frozenset({
    "apc", "ar", "arc", "ary", "az-arab", "bal", "bgn", "bqi", "brh", "ckb", "dv", "fa", "glk", "ha-arab", "he", "iw", "ji", "ks", "ku-arab",
    "lrc", "luz", "ms-arab", "mzn", "nqo", "pa-arab", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "trw", "ug",
    "ur", "uz-arab", "yi",
})  # fmt: skip
"""Languages that are written from right to left, or are with that script."""
RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"})
RIGHT_TO_LEFT_LETTER = late(
    "[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d5\u06ee-\u08c9\ufb1d-\ufdfb\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
BEGINNING = 1000
"""Code points of a text that tell from which side it is read."""

TITLE = 80
"""Code points of a title that is made of a text's first words."""

PLURAL = "nplurals=2; plural=n != 1;"
SCRIPT = late(r'\b(?:_|ngettext)\(\s*"([^"\\]+)"(?:,\s*"([^"\\]+)")?')
"""What a script says: a message, and the one for many."""
CHARSET = late(rb"charset=([\w-]+)")


def later(message: str) -> str:
    """A message that is said where the language is known, and stands here to be found by its translators."""
    return message


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, for a BCP 47 tag."""
    first, *rest = language.lower().replace("_", "-").split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    if script:
        return "rtl" if script in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in RIGHT_TO_LEFT else "ltr"


def side(text: str, language: str | None = None) -> str:
    """From which side a text is read: as its language is where that is known, else as most of its first letters are."""
    if language:
        return direction(language)
    first = text[:BEGINNING]
    rightward = 0 if first.isascii() else len(RIGHT_TO_LEFT_LETTER.findall(first))
    return "rtl" if rightward and 2 * rightward > sum(map(str.isalpha, first)) else "ltr"


def shortened(text: str, most: int) -> str:
    """The beginning of a text, in one line of at most so many code points."""
    # Words may stand far apart, so the whole is only looked at where this does not fill the line.
    line = " ".join(text[: most * 4].split())
    if len(line) <= most and len(text) > most * 4:
        line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def titled(text: str) -> str:
    """A title made of the first words of a text; empty where there are none."""
    words = " ".join(text.split())
    return words if len(words) <= TITLE else words[: TITLE - 1].rpartition(" ")[0] + "…"


class Catalogue:
    """The words of one language; English where no catalogue has them.

    ``folders`` hold catalogues called ``de.po`` or ``pt-BR.po``; what stands in an earlier one goes before.
    ``read`` gives what a file says, and None where there is none.
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
        """The catalogues of the language itself and of the one that it is a kind of."""
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
        """A message with its values filled in."""
        return self.translations.gettext(message) % self._set(values)

    def count(self, one: str, many: str, num: int, **values: object) -> str:
        """A message in the number of ``num``, which it may show as ``%(num)s``."""
        return self.translations.ngettext(one, many, num) % {"num": self.number(num), **self._set(values)}

    def _set(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Values that are read from the other side than the words around them, isolated (Unicode UAX 9)."""
        return {name: self._isolated(value) if isinstance(value, str) else value for name, value in values.items()}

    def _isolated(self, value: str) -> str:
        rightward = not value.isascii() and RIGHT_TO_LEFT_LETTER.search(value) is not None
        other = rightward != (self.direction == "rtl")
        return f"\u2068{value}\u2069" if other and any(map(str.isalpha, value)) else value

    def for_script(self, script: str) -> str:
        """What stands before a script: the words that it says, of those that are not said in English, and their plurals."""
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
        """A number, grouped as the language groups."""
        return dates.format_number(count, self.language)

    def readable(self, created: str) -> str:
        """A time as people write it, from RFC 3339."""
        return dates.readable(created, self.language)

    def day(self, created: str) -> str:
        """A day as people write it, from RFC 3339."""
        return dates.day(created, self.language)


ENGLISH = Catalogue()


def catalogue(path: Path, said: bytes) -> NullTranslations:
    """A catalogue of gettext, of what is said at ``path``; raises UsageError where it is none, at its line."""
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
            for error in message.check(read):
                raise UsageError(
                    str(error), path=str(path), line=message.lineno, hint="a translation has its message's own places"
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
