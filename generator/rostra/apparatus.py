"""A post's body with its apparatus as HTML: quotations framed and linked, quoted passages marked, notes called."""

from __future__ import annotations

from rostra.markup import weave
from rostra.model import Edited


def published(each: Edited) -> str:
    """The body as pages publish it."""
    return weave(each.body)
