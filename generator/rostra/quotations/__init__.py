"""Which passage quotes which.

Posts are taken in the order in which they were written.  Each is cut into zones; every stretch that
may be a quotation is held against what others said before; what is tied is no longer its post's own,
so that a quotation of a quotation finds the one who said it first.  In doubt there is no link.
"""

from __future__ import annotations

from rostra.quotations.by_hand import decided
from rostra.quotations.resolve import refusals, resolve

__all__ = ["decided", "refusals", "resolve"]
