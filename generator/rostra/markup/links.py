"""Links in safe HTML, led outward.

A relative address of a body leads somewhere on the site where it was written, never on ours.
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
"""A link whose address leads nowhere: HTML calls it a placeholder, and readers see plain text."""


def grounded(html: str, base: str | None) -> str:
    """A tag, or safe HTML that ``markup`` made, in which every link leads outward, or nowhere.

    ``base`` is the address of the page where it was written.
    """
    return _linked(html, partial(web_address, base=base))


def grounded_here(html: str) -> str:
    """The same for the publisher's own pages, whose links may lead to other pages of the site."""
    return _linked(html, site_address)


def outward(body: Body, index: int, base: str | None) -> str:
    """The tag of a link of the body, led outward from ``base``; ``bare`` where it shows its own address, which print need not add."""
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
