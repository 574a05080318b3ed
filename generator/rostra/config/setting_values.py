"""What the values of settings and cards may be.  Each function says what is wrong with a value; None where nothing is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from string import Formatter
from urllib.parse import urlsplit

from rostra.i18n.language_tags import is_known
from rostra.system.lazy_regex import late

MOMENT = late(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:\d\d)?)?")
"""A day, or a time with or without its zone (RFC 3339, with a space for ``T`` and seconds left out)."""
LABEL = late(r"[A-Za-z0-9_\u0080-\U0010ffff](?:[A-Za-z0-9_\u0080-\U0010ffff-]*[A-Za-z0-9_\u0080-\U0010ffff])?")
"""A part of a host's name."""
ILLEGAL = late(r"%(?![0-9A-Fa-f]{2})|[\x00-\x20\"<>\\^`{|}\x7f-\xa0\u2028\u2029\ufeff]")
"""What no address holds: spaces and braces are written as ``%20``, ``%7B`` and ``%7D``."""
AUTHORITY = late(r"((?:[^\s@,:]+@)?[A-Za-z0-9.-]+),(\d{4}(?:-\d\d){0,2})(?::[A-Za-z0-9._~/-]+)?")
"""A domain or an e-mail address, a day on which it was the publisher's, and what they want of their own."""
SPACE = late(r"[\x00-\x20\"<>\x7f-\xa0\u2028\u2029\ufeff]")
"""What ends an address wherever one stands; what else it should have encoded, browsers encode."""
FIRST_YEAR = 1971
"""The year of the first electronic mail; no authority is older."""
PLACEHOLDERS = ("thread", "post", "slug")
"""What stands in an old address for a part of it."""
MESSAGES = ("mid", "news")
"""Schemes of addresses that name a message (RFC 2392, RFC 5538)."""


def wrong_address(address: str, *, whole: bool = False) -> str | None:
    """Of an absolute address on the web; a ``whole`` one may be of a message, and have a query and a fragment."""
    if found := (SPACE if whole else ILLEGAL).search(address):
        return f"holds {found[0]!r}, which an address has percent-encoded"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        return f"is no address: {error}"
    if whole and parts.scheme in MESSAGES and parts.path:
        return None
    if parts.scheme not in ("http", "https"):
        return "is no absolute address that begins with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "holds a user name"
    if not _is_host(parts.hostname or "") or port == 0:
        return "has no host"
    if not whole and (parts.query or parts.fragment or address.endswith(("?", "#"))):
        return "has a query or a fragment"
    return None


def wrong_domain(domain: str) -> str | None:
    """Of a domain, with or without ``https://`` before it."""
    address = domain if "//" in domain else f"https://{domain}"
    return wrong_address(address) or (None if urlsplit(address).path in ("", "/") else "is an address within a domain")


def domain_of(address: str) -> str:
    """The domain of an address or of a domain, without ``www.``; empty where there is none."""
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def wrong_old_address(pattern: str) -> str | None:
    """Of the pattern of an old address."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "has a brace that is not closed, or not opened"
    filled = pattern
    for _, name, spec, conversion in parts:
        if name not in PLACEHOLDERS or spec or conversion:
            return f"has a placeholder that is none of {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}"
        filled = filled.replace(f"{{{name}}}", "0")
    if "{" in pattern.partition("//")[2].partition("/")[0]:
        return "has a placeholder in its host"
    return wrong_address(filled, whole=True)


def wrong_authority(authority: str, today: datetime | None = None) -> str | None:
    """Of an authority after RFC 4151: a domain or an e-mail address, and a day on which it was the publisher's."""
    found = AUTHORITY.fullmatch(authority)
    if not found:
        return "is no domain or e-mail address with a day behind it"
    name, day = found.groups()
    if not _is_host(name.rpartition("@")[2]) or "." not in name:
        return "names no domain"
    try:
        begun = datetime.strptime((day + "-01-01")[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return f"has a day {day!r} that is none"
    # It may be tomorrow where the publisher is.
    if not begun.year >= FIRST_YEAR or begun > (today or datetime.now(UTC)) + timedelta(days=1):
        return f"has a day {day!r} on which no domain was anybody's"
    return None


def wrong_language(tag: str) -> str | None:
    """Of a language as a BCP 47 tag."""
    return None if is_known(tag) else "is no language that is registered"


def wrong_moment(text: str) -> str | None:
    """Of a day, or a time."""
    return None if moment_of(text) else "is no ISO date or time"


def moment_of(text: str) -> str | None:
    """A day or time in the form of RFC 3339; a time without a zone gets none.  None where there is no such day or time."""
    found = MOMENT.fullmatch(text.strip())
    if not found:
        return None
    day, clock, zone = found.groups()
    if clock and len(clock) == 5:
        clock += ":00"
    said = f"{day}T{clock}{zone or ''}" if clock else day
    try:
        at = datetime.fromisoformat(said)
        # A time of the year 1 or 9999 may lie beyond what can be counted elsewhere.
        at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return said


def _is_host(name: str) -> bool:
    if re.fullmatch(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", name):
        return True  # An IPv6 address, which urlsplit has looked at.
    return bool(name) and len(name) <= 253 and all(LABEL.fullmatch(part) for part in name.removesuffix(".").split("."))
