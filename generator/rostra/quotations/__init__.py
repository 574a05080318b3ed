"""Resolve quotations within a thread.

Posts are processed in the order in which they were written.  Each is cut into zones; every stretch that
may be a quotation is compared with earlier posts; linked words are no longer the post's own, so a
quotation of a quotation leads to its first author.  In doubt there is no link.
"""

from __future__ import annotations

from rostra.quotations.by_hand import decided
from rostra.quotations.resolve import refusals, resolve

__all__ = ["decided", "refusals", "resolve"]
