"""The syntax of gettext's catalogues (``.po``), checked line by line: Babel passes over what it does not understand."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.errors import UsageError
from rostra.system.lazy_regex import late

LINE = late(
    r"""(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,2}\])?)\s+)?"((?:[^"\\\x00-\x08\x0a-\x1f]|\\[nrt"\\])*)"\s*"""
)
"""A keyword with its text, or a text that goes on."""
AFTER = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr[0]",),
}
"""Which keywords may follow one; after a translation another form of it may, or another message."""
PLACEHOLDER = late(r"%%|%\(\w+\)s")
HINT = "`msgfmt --check` says more"


def check_syntax(text: str, path: str) -> None:
    """Raises UsageError at the line that is no part of a catalogue."""
    seen: set[tuple[str, str]] = set()
    for entry in _entries(text, path):
        (context, _), (message, number) = entry.get("msgctxt", ("", 0)), entry["msgid"]
        if (context, message) in seen:
            raise UsageError(f"the message {message!r} is there twice", path=path, line=number, hint="keep one of them")
        seen.add((context, message))
        for keyword, (said, line) in entry.items():
            if keyword.startswith("msgstr") and message and "%" in PLACEHOLDER.sub("", said):
                hint = "a per cent sign is written twice (%%), a placeholder as %(name)s"
                raise UsageError(f"a per cent sign begins no placeholder: {said!r}", path=path, line=line, hint=hint)


def _entries(text: str, path: str) -> Iterator[dict[str, tuple[str, int]]]:
    """The messages of a catalogue: what each keyword says, and its line."""
    entry: dict[str, tuple[str, int]] = {}
    last = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if not found:
            raise UsageError(
                f"this is no line of a catalogue: {line.strip()[:60]!r}", path=path, line=number, hint=HINT
            )
        keyword, said = found[1], found[2]
        if keyword is None:
            if not last:
                raise UsageError("a text stands before any keyword", path=path, line=number, hint=HINT)
            before, at = entry[last]
            entry[last] = before + said, at
            continue
        ended = last.startswith("msgstr")
        form = int(last[7:-1]) + 1 if last.startswith("msgstr[") else None
        if keyword not in (AFTER[""] if ended else AFTER[last]) and keyword != f"msgstr[{form}]":
            raise UsageError(f"{keyword} cannot follow {last or 'nothing'}", path=path, line=number, hint=HINT)
        if ended and not keyword.startswith("msgstr"):
            yield entry
            entry = {}
        entry[keyword] = said, number
        last = keyword
    if last and not last.startswith("msgstr"):
        raise UsageError(f"nothing follows {last}", path=path, line=entry[last][1], hint=HINT)
    if last:
        yield entry
