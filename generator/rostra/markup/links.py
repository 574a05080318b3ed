"""Resolve links in safe HTML.

A relative address in a body refers to the site where it was written, never to the archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import escape, unescape

from rostra.model import Body
from rostra.system.lazy_regex import late
from rostra.system.web_address import site_address, web_address

LINK = late(r'<a((?: [a-z-]+="[^"]*")*? href=")([^"]*)((?:"(?: [a-z-]+="[^"]*")*)>)')
NOWHERE = '<a class="nowhere">'
"""A link without a usable address: HTML calls it a placeholder, and it looks like plain text."""


def grounded(html: str, base: str | None) -> str:
    """Return a tag, or safe HTML made by ``markup``, with every link resolved or made a placeholder.

    ``base`` is the address of the original page.
    """
    return _linked(html, partial(web_address, base=base))


def grounded_here(html: str) -> str:
    """Do the same for the publisher's own pages, whose links may lead to other pages of the site."""
    return _linked(html, site_address)


def outward(body: Body, index: int, base: str | None) -> str:
    """Resolve the tag of a body's link against ``base``; it is ``bare`` if its text is its address, which print need not add."""
    at, tag = body.tags[index]
    end, closing = body.tags[index + 1] if index + 1 < len(body.tags) else (at, "")
    found, shown = grounded(tag, base), body.text[at:end]
    if closing != "</a>" or "." not in shown:
        return found
    own = (web_address(shown if "://" in shown else f"http://{shown}") or "").partition(":")[2]
    bare = own and any(f':{escape(own)}{slash}"' in found for slash in ("", "/"))
    return f'{found[:-1]} class="bare">' if bare else found


def _linked(html: str, door: Callable[[str], str | None]) -> str:
    if "<a " not in html:
        return html

    def link(found: re.Match[str]) -> str:
        address = door(unescape(found[2]))
        return NOWHERE if address is None else f"<a{found[1]}{escape(address, quote=True)}{found[3]}"

    return LINK.sub(link, html)
