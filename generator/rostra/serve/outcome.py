"""What a build tells the preview."""

from __future__ import annotations

from msgspec import Struct

from rostra.errors import RostraError


class BuildOutcome(Struct, frozen=True, kw_only=True):
    """``changed``: paths of the output folder that were written or removed; ``errors``: what failed; ``seconds``: how long it took."""

    changed: tuple[str, ...]
    errors: tuple[RostraError, ...]
    seconds: float = 0.0
