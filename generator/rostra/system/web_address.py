"""The only source of links: whatever Rostra writes as a link, or as an address in data, passes `web_address` last.

It follows the WHATWG URL Standard, as browsers do, and returns the address that a browser opens, so that a program
with other parsing rules is led nowhere else.  Schemes are checked on the parsed address, never on its text.
"""

from __future__ import annotations

from urllib.parse import quote

from rostra.system.lazy_regex import late

PAGES = frozenset({"http", "https"})
SCHEMES = PAGES | {"mailto", "gemini", "gopher", "ftp", "mid", "news", "nntp", "matrix", "xmpp", "irc"}
"""The schemes that a link may have: none that executes code, and none on the reader's own machine."""
RUNNING = frozenset({"javascript", "vbscript", "data", "blob", "filesystem"})
"""Schemes with which a browser executes or shows the content of the address itself."""

SURROGATE = late("[\ud800-\udfff]")
STRIPPED = late(r"^[\x00-\x20]+|[\x00-\x20]+\Z|[\t\n\r]+")
"""The characters that the standard strips from an address before parsing."""
ILLEGAL = late(r'%(?![0-9A-Fa-f]{2})|[^\x21-\x7e]|["<>\[\\\]^`{|}]')
"""Characters that no valid URL string contains (URL Standard, "URL writing"); a parsed address still may."""
ORIGIN = late(r"[a-z][a-z0-9+.-]*:(?://[^/?#]*)?")
"""The scheme and authority of a parsed address: the brackets of an IPv6 host stay."""
HERE = "https://here.invalid"
"""The origin of our own pages while their relative links are parsed; nobody can own it (RFC 2606)."""


def web_address(text: str | None, base: str | None = None) -> str | None:
    """Return the absolute address that a browser opens for ``text``, in ASCII; None if it is not an allowed link.

    ``base`` is the address of the page where ``text`` was written.  Without one, a relative address is not a link.
    """
    found = _parsed(text, base if base and base.startswith(("https://", "http://")) else None)
    if found is None or _scheme(found) not in SCHEMES:
        return None
    origin = ORIGIN.match(found)
    assert origin
    return origin[0] + _legal(found[origin.end() :])


def page_address(text: str | None, base: str | None = None) -> str | None:
    """Return the same for an address that must lead to a page of the web."""
    found = web_address(text, base)
    return found if _scheme(found) in PAGES else None


def site_address(text: str | None) -> str | None:
    """Return the same for a link in the publisher's own pages: one that is relative to the page stays relative."""
    found = _parsed(text, f"{HERE}/here/")
    if not text or not found or not found.startswith(f"{HERE}/"):
        return web_address(found)
    relative = _legal(STRIPPED.sub("", text))
    return relative if _parsed(relative, f"{HERE}/here/") == f"{HERE}{_legal(found.removeprefix(HERE))}" else None


def host(address: str | None) -> str:
    """Return the host of an address as people read it, without ``www.``; empty if there is none."""
    from ada_url import URL, idna_to_unicode

    found = _parsed(address)
    return idna_to_unicode(str(URL(found).hostname)).removeprefix("www.") if found else ""


def is_script(text: str | None) -> bool:
    """Whether a program that takes ``text`` for an address executes or shows the content of the address itself.

    Browsers ignore some white space within an address; other programs ignore all of it.
    """
    return _scheme(_parsed("".join((text or "").split()))) in RUNNING


def _parsed(text: str | None, base: str | None = None) -> str | None:
    """Return the address as the standard serialises it; None if parsing fails."""
    if not text:
        return None
    from ada_url import URL

    text = SURROGATE.sub("\ufffd", text)
    try:
        return str(URL(text, base=base).href)
    except ValueError:
        # An invalid base does not affect an absolute address.
        return _parsed(text) if base else None


def _scheme(address: str | None) -> str:
    return address.partition(":")[0] if address else ""


def _legal(rest: str) -> str:
    """Return what follows the authority of an address, with invalid characters percent-encoded."""
    before, sign, fragment = rest.partition("#")
    return f"{_encoded(before)}{sign}{_encoded(fragment).replace('#', '%23')}"


def _encoded(part: str) -> str:
    return ILLEGAL.sub(lambda found: quote(found[0], errors="replace"), part)
