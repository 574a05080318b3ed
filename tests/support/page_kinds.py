"""Every kind of page of the site that browser tests look at."""

from __future__ import annotations

PAGES = [
    "index.html",
    "404.html",
    "about.html",
    "quotations.html",
    "debates/index.html",
    "tags/index.html",
    "people/index.html",
    "people/bede.html",
    "search.html?q=bridge&person=ada",
    "debates/bridge/index.html",
    "debates/chain/index.html",
    "debates/seed/index.html",
    "debates/mill/index.html",
    "debates/letters/index.html",
    "debates/shaar/index.html",
    "debates/sluice/index.html",
    "debates/drawings/index.html",
    "viewtopic.php/index.html",
]
