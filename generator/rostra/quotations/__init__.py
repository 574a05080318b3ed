"""Which passage quotes which."""

from __future__ import annotations

from collections.abc import Sequence

from rostra.model import Body, Quote, Thread


def resolve(thread: Thread, bodies: Sequence[Body]) -> tuple[tuple[Quote, ...], ...]:
    """The quotations of each post, parallel to ``thread.posts`` and its rendered ``bodies``."""
    return tuple(() for _ in bodies)
