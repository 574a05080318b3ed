"""Validate the values of settings and cards.  Each function returns what is wrong with a value, or None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

from rostra.i18n.language_tags import is_known
from rostra.system.lazy_regex import late

MOMENT = late(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:\d\d)?)?")
"""A day, or a time with or without its zone (RFC 3339; a space for ``T`` and no seconds are allowed)."""
LABEL = late(r"[A-Za-z0-9_\u0080-\U0010ffff](?:[A-Za-z0-9_\u0080-\U0010ffff-]*[A-Za-z0-9_\u0080-\U0010ffff])?")
"""A label of a host name."""
ILLEGAL = late(r"%(?![0-9A-Fa-f]{2})|[\x00-\x20\"<>\\^`{|}\x7f-\xa0\u2028\u2029\ufeff]")
"""Characters that an address cannot have: spaces and braces are written as ``%20``, ``%7B`` and ``%7D``."""
AUTHORITY = late(r"((?:[^\s@,:]+@)?[A-Za-z0-9.-]+),(\d{4}(?:-\d\d){0,2})(?::[A-Za-z0-9._~/-]+)?")
"""A domain or an e-mail address, a day on which the publisher owned it, and an optional part of their own."""
SPACE = late(r"[\x00-\x20\"<>\x7f-\xa0\u2028\u2029\ufeff]")
"""Characters that end an address in any text; browsers encode the others that should be encoded."""
FIRST_YEAR = 1971
"""The year of the first e-mail; no authority is older."""
PLACEHOLDERS = ("thread", "post", "slug")
"""The placeholders in the pattern of an old address."""
MESSAGES = ("mid", "news")
"""URL schemes that name a message (RFC 2392, RFC 5538)."""


def wrong_address(address: str, *, whole: bool = False) -> str | None:
    """Validate an absolute web address; a ``whole`` one may name a message, and have a query and a fragment."""
    if found := (SPACE if whole else ILLEGAL).search(address):
        return f"contains {found[0]!r}, which must be percent-encoded in an address"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        return f"is not an address: {error}"
    if whole and parts.scheme in MESSAGES and parts.path:
        return None
    if parts.scheme not in ("http", "https"):
        return "is not an absolute address that begins with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "holds a user name"
    if not _is_host(parts.hostname or "") or port == 0:
        return "has no host"
    if not whole and (parts.query or parts.fragment or address.endswith(("?", "#"))):
        return "has a query or a fragment"
    return None


def wrong_domain(domain: str) -> str | None:
    """Validate a domain, with or without ``https://`` before it."""
    address = domain if "//" in domain else f"https://{domain}"
    return wrong_address(address) or (None if urlsplit(address).path in ("", "/") else "is an address within a domain")


def wrong_media(prefix: str, place: str, *, root: Path) -> str | None:
    """Validate a beginning of addresses, and the folder or web archive below ``root`` in which their files are."""
    if said := wrong_address(prefix, whole=True):
        return said
    if "://" in place or "\0" in place or not place.strip():
        return f"leads to {place!r}, which is no folder or file here"
    target = root / place
    if not target.exists():
        return f"leads to {place!r}, which does not exist"
    is_archive = target.is_file() and place.lower().endswith((".warc", ".warc.gz", ".wacz"))
    return None if target.is_dir() or is_archive else f"leads to {place!r}, which is neither a folder nor a web archive"


def domain_of(address: str) -> str:
    """Return the domain of an address or domain, without ``www.``; empty if there is none."""
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def wrong_old_address(pattern: str) -> str | None:
    """Validate the pattern of an old address."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "has a brace without its counterpart"
    filled = pattern
    for _, name, spec, conversion in parts:
        if name not in PLACEHOLDERS or spec or conversion:
            return f"has a placeholder other than {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}"
        filled = filled.replace(f"{{{name}}}", "0")
    if "{" in pattern.partition("//")[2].partition("/")[0]:
        return "has a placeholder in its host name"
    return wrong_address(filled, whole=True)


def wrong_authority(authority: str, today: datetime | None = None) -> str | None:
    """Validate an authority (RFC 4151): a domain or an e-mail address, and a day on which the publisher owned it."""
    found = AUTHORITY.fullmatch(authority)
    if not found:
        return "is not a domain or e-mail address followed by a day"
    name, day = found.groups()
    if not _is_host(name.rpartition("@")[2]) or "." not in name:
        return "names no domain"
    try:
        begun = datetime.strptime((day + "-01-01")[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return f"has an invalid day {day!r}"
    # It may be tomorrow in the publisher's time zone.
    if not begun.year >= FIRST_YEAR or begun > (today or datetime.now(UTC)) + timedelta(days=1):
        return f"has a day {day!r} on which nobody can have owned it"
    return None


def wrong_language(tag: str) -> str | None:
    """Validate a language as a BCP 47 tag."""
    return None if is_known(tag) else "is not a registered language"


def wrong_moment(text: str) -> str | None:
    """Validate a day or a time."""
    return None if moment_of(text) else "is not an ISO date or time"


def moment_of(text: str) -> str | None:
    """Return a day or time in the form of RFC 3339; a time without a zone gets none.  None if there is no such day or time."""
    found = MOMENT.fullmatch(text.strip())
    if not found:
        return None
    day, clock, zone = found.groups()
    if clock and len(clock) == 5:
        clock += ":00"
    said = f"{day}T{clock}{zone or ''}" if clock else day
    try:
        at = datetime.fromisoformat(said)
        # A time of the year 1 or 9999 may be out of range in another time zone.
        at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return said


def _is_host(name: str) -> bool:
    if re.fullmatch(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", name):
        return True  # An IPv6 address, which urlsplit has validated.
    return bool(name) and len(name) <= 253 and all(LABEL.fullmatch(part) for part in name.removesuffix(".").split("."))
