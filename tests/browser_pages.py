"""Every kind of page of the site that browser tests look at."""

from __future__ import annotations

PAGES = [
    "index.html",
    "404.html",
    "about.html",
    "quotations.html",
    "debates/bridge/index.html",
    "debates/chain/index.html",
    "debates/seed/index.html",
    "debates/mill/index.html",
    "debates/letters/index.html",
    "debates/shaar/index.html",
    "viewtopic.php/index.html",
]
