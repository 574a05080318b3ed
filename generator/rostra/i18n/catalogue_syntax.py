"""The syntax of gettext catalogues (``.po``), checked line by line: Babel ignores what it does not understand."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.errors import UsageError
from rostra.system.lazy_regex import late

LINE = late(
    r"""(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,2}\])?)\s+)?"((?:[^"\\\x00-\x08\x0a-\x1f]|\\[nrt"\\])*)"\s*"""
)
"""A keyword with its text, or a continued text."""
AFTER = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr[0]",),
}
"""The keywords that may follow each keyword; a translation is followed by another plural form or another message."""
PLACEHOLDER = late(r"%%|%\(\w+\)s")
HINT = "`msgfmt --check` says more"


def check_syntax(text: str, path: str) -> None:
    """Raise UsageError at the first line that does not belong to a catalogue."""
    seen: set[tuple[str, str]] = set()
    for entry in _entries(text, path):
        (context, _), (message, number) = entry.get("msgctxt", ("", 0)), entry["msgid"]
        if (context, message) in seen:
            raise UsageError(f"the message {message!r} occurs twice", path=path, line=number, hint="keep one of them")
        seen.add((context, message))
        for keyword, (said, line) in entry.items():
            if keyword.startswith("msgstr") and message and "%" in PLACEHOLDER.sub("", said):
                hint = "write a per cent sign as %%, a placeholder as %(name)s"
                raise UsageError(
                    f"a per cent sign does not begin a placeholder: {said!r}", path=path, line=line, hint=hint
                )


def _entries(text: str, path: str) -> Iterator[dict[str, tuple[str, int]]]:
    """Yield the messages of a catalogue: the text of each keyword, and its line."""
    entry: dict[str, tuple[str, int]] = {}
    last = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if not found:
            raise UsageError(
                f"this line does not belong to a catalogue: {line.strip()[:60]!r}", path=path, line=number, hint=HINT
            )
        keyword, said = found[1], found[2]
        if keyword is None:
            if not last:
                raise UsageError("there is a text before the first keyword", path=path, line=number, hint=HINT)
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
