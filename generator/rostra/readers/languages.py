"""Languages as sources tell them, as BCP 47 tags."""

from __future__ import annotations

import re
from typing import Any


def language_of(value: Any) -> str | None:
    """A language as a BCP 47 tag; None where it is not told, or said to be unknown."""
    tag = value.strip().replace("_", "-") if isinstance(value, str) else ""
    known = re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag) and tag.lower() not in ("und", "mul", "zxx", "mis")
    return tag if known else None
