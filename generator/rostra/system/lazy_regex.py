"""Regular expressions that are compiled when they are first used: few commands need them all, and that takes a twentieth of a small rebuild."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The expression that ``re.compile`` would make, which is made once it is needed."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))


class _Late:
    """What stands for an expression, and has its methods."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._made_of = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Kept here, so that each is asked for once; the module ``re`` keeps the expression itself.
        found = self.__dict__[name] = getattr(re.compile(*self._made_of), name)
        return found
