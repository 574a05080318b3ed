"""Regular expressions that are compiled on first use: few commands need all, and compiling takes 5 % of a small rebuild."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, cast


def late(pattern: AnyStr | Callable[[], AnyStr], flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would return, compiled on first use; a function returns the pattern then."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))


class _Late:
    """A proxy for a pattern, with its methods."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._made_of = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Cached here, so that each method is looked up once; the module ``re`` caches the pattern itself.
        pattern, flags = self._made_of
        found = getattr(re.compile(pattern() if callable(pattern) else pattern, flags), name)
        setattr(self, name, found)
        return found
