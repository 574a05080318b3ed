"""Convert BBCode from the form in which forums store it to the form in which it was typed."""

from __future__ import annotations

import re
from html import unescape

from rostra.system.lazy_regex import late

FOUND = late(
    r"<!-- s(?P<sign>[^<>\s]{1,50}) --><img [^<>]{0,300}?alt=\"(?P<smiley>[^\"<>]*)\"[^<>]{0,300}/?><!-- s(?P=sign) -->"
    r"|<!-- [mwle] --><a [^<>]{0,100}?href=\"(?P<address>[^\"<>]*)\"[^<>]{0,100}>(?P<shown>[^<>]*)</a><!-- [mwle] -->"
)
"""Smilies and addresses, which phpBB 3.0 stores as HTML."""


def bbcode(body: str, uid: str | None) -> str:
    """Return the BBCode as it was typed.

    phpBB 3.0 adds an id to every tag, and stores smilies and addresses as HTML between comments; later
    versions wrap the tags in XML.
    """
    if uid:
        body = re.sub(rf"(?::[a-z])?:{re.escape(uid)}(?=\])", "", body)
    if body.startswith(("<r>", "<t>")):
        body = re.sub(r"</?[A-Za-z][^<>]*>", "", re.sub(r"<br\s*/?>", "\n", body))
    elif "<!-- " in body:
        body = FOUND.sub(_found, body)
    return unescape(re.sub(r"<!-- [a-z0-9]+ -->|<br\s*/?>(?!\n)", lambda found: "\n" if "br" in found[0] else "", body))


def _found(found: re.Match[str]) -> str:
    """Return a smiley as it was typed, or an address with its link text."""
    if found["smiley"] is not None:
        return found["smiley"]
    address, shown = found["address"], found["shown"]
    return shown if address.removeprefix("mailto:") == shown else f"[url={address}]{shown}[/url]"
