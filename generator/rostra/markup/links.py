"""Addresses that strangers wrote, as a page may link them: absolute, and legal by the URL standard.

A relative address of a body leads somewhere on the site where it was written, never on ours.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import quote, urljoin, urlsplit

from rostra.late import late

ABSOLUTE = late(r"[A-Za-z][A-Za-z0-9+.-]*:")
LINK = late(r'<a((?: [a-z-]+="[^"]*")*? href=")([^"]*)((?:"(?: [a-z-]+="[^"]*")*)>)')
HOST = late(r"(?:[^@/]*@)?(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
WEB = ("http", "https")
ILLEGAL = late(
    r"%(?![0-9A-Fa-f]{2})"
    r'|[\x00- "<>\[\\\]^`{|}\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff\U000f0000-\U0010ffff]'
)
PLAIN = late(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9\-._~:/?@!$&'()*+,;=]*)?")
"""What nearly every address looks like: nothing in it needs a second look."""
NOWHERE = '<a class="nowhere">'
"""A link whose address leads nowhere: HTML calls it a placeholder, and readers see plain text."""


def outward(address: str | None, base: str | None = None) -> str | None:
    """The address as a page may link it, absolute; None where it leads nowhere.

    ``base`` is the page where it was written.  What the URL standard forbids is percent-encoded, as
    browsers do.  Only http and https are looked at more closely; the sanitiser chose the schemes.
    """
    if not address:
        return None
    if PLAIN.fullmatch(address):
        return address
    address = address.strip()
    try:
        if not ABSOLUTE.match(address):
            if not base or urlsplit(base).scheme not in WEB:
                return None
            address = urljoin(base, address)
        parts = urlsplit(address)
        if parts.scheme in WEB and (not HOST.fullmatch(parts.netloc) or (parts.port or 0) > 65535):
            return None
    except ValueError:
        return None
    # The brackets of an IPv6 host are legal where they stand, and nowhere else.
    scheme, slashes, rest = address.partition("//" + parts.netloc) if parts.netloc else ("", "", address)
    before, sign, fragment = rest.partition("#")
    return scheme + slashes + _legal(before) + sign + _legal(fragment).replace("#", "%23")


def web(address: str | None) -> str | None:
    """The same for an address that must lead to a page of the web."""
    found = outward(address)
    return found if found and found.startswith(("https://", "http://")) else None


def grounded(html: str, base: str | None) -> str:
    """A tag, or safe HTML that ``markup`` made, with every link leading outward from ``base``, or nowhere."""

    def link(found: re.Match[str]) -> str:
        if PLAIN.fullmatch(found[2]):
            return found[0]
        address = outward(unescape(found[2]), base)
        return NOWHERE if address is None else f"<a{found[1]}{escape(address, quote=True)}{found[3]}"

    return LINK.sub(link, html) if "<a " in html else html


def _legal(part: str) -> str:
    return ILLEGAL.sub(lambda found: "%25" if found[0] == "%" else quote(found[0], safe="", errors="replace"), part)
