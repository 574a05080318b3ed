"""Recognise objects that say that what they describe was not public: a repository, a category, an issue."""

from __future__ import annotations

from typing import Any

FLAGS = frozenset({"private", "is_private", "isPrivate", "confidential", "read_restricted", "visibility"})
CLOSED = frozenset({"private", "internal"})
"""Values of ``visibility``."""


def is_restricted(value: Any) -> bool:
    """Whether an object says itself that it was not public."""
    if not isinstance(value, dict) or value.keys().isdisjoint(FLAGS):
        return False
    return any(
        str(value.get(name)).lower() in CLOSED if name == "visibility" else value.get(name) is True for name in FLAGS
    )
