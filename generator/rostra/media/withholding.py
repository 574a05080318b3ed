"""Withhold files that must not be published although their kind may be: those that rules hide, and those with hidden names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rostra.config.redaction_rules import RedactionRule
from rostra.errors import UsageError
from rostra.i18n.reasons import OPAQUE, REDACTED, TELLING
from rostra.media.kinds import KINDS, Family
from rostra.media.prepare import Prepared
from rostra.model import Problem

FAMILIES: dict[str, Family] = {kind.extension: kind.family for kind in KINDS}
FileGuard = Callable[[str, bytes], object]


class Withholding:
    """Decides once in a build about each file.

    ``guards`` raise UsageError for a path and content with a hidden name; ``pseudonyms`` says that all names are hidden.
    """

    def __init__(self, rules: Iterable[RedactionRule], guards: Sequence[FileGuard], *, pseudonyms: bool) -> None:
        self._rules = rules = tuple(rules)
        self.reasons: dict[str, str] = {}
        """The reasons why files are withheld, by their digests."""
        self.hidden = frozenset(rule.file for rule in rules if rule.file)
        # A rule that hides a post or file hides no words in files of others.
        self._guards = guards if pseudonyms or any(rule.person or rule.address for rule in rules) else ()

    def unused(self) -> Iterator[Problem]:
        """Yield a problem for each rule of a file that no post shows."""
        for number, rule in enumerate(self._rules, 1):
            if rule.file and rule.file not in self.reasons:
                hint = f"`rostra redact --undo {number}` removes it"
                message = f"rule {number} names the file {rule.file[:12]}…, which no post shows"
                yield Problem(code="unused-rule", message=message, hint=hint)

    def must_be_read(self, made: Prepared) -> bool:
        """Whether a prepared file must be searched."""
        return bool(self._guards) and not made.why and FAMILIES[made.extension] == "text"

    def holds_back(self, digest: str, made: Prepared, folder: Path) -> bool:
        """Whether a file must not be published, given its prepared form in a folder."""
        why = self._why(digest, made, folder)
        if why:
            self.reasons[digest] = why
        return why is not None

    def _why(self, digest: str, made: Prepared, folder: Path) -> str | None:
        if digest in self.hidden:
            return REDACTED
        if not self._guards or made.why:
            return None
        if FAMILIES[made.extension] in ("document", "archive"):
            return OPAQUE
        return TELLING if self.must_be_read(made) and self._tells(made.path, folder) else None

    def _tells(self, path: str, folder: Path) -> bool:
        content = (folder / path).read_bytes()
        try:
            for guard in self._guards:
                guard(path, content)
        except UsageError:
            return True
        return False
