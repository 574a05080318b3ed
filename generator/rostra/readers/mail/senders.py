"""Determine a message's author from its headers."""

from __future__ import annotations

import re

from rostra.model import Author
from rostra.readers.mail.mail_headers import LONGEST, Headers
from rostra.system.lazy_regex import late

NAMED = late(r'((?:"(?:[^"\\]|\\.)*+"|[^"<]++)*+|[^<]*+)<([^>]*+)>')
"""A name, of which parts may be quoted, and an address (RFC 5322, 3.4)."""
QUOTED = late(r'"((?:[^"\\]|\\.)*+)"')
ESCAPED = late(r"\\(.)")
NOBODY = late(r"[^:;<>@]*:\s*;")
"""A group without members, such as ``undisclosed-senders:;`` (RFC 6854)."""
MAILTO = late(r"\[mailto:([^\[\]]*)\]", re.IGNORECASE)
BRACKETED = late(r"\(([^()]+)\)\s*$")
AT = late(r"(?:@|(?<!\s)\s+at\s+)[\w.-]+\.\w+\b.*$")
VIA = late(r"(.*\S)\s+via\s+(\S.*)")
"""What lists write into ``From`` if the sender's domain forbids forwarding a message unchanged (DMARC)."""
SENDERS = {"from", "reply-to", "x-original-from", "sender", "list-post", "list-id", "to", "cc"}
"""Fields that name the author of a message."""
LISTS = ("sender", "list-post", "to", "cc")
"""Fields that name the list."""


def sender_of(headers: Headers) -> Author | None:
    """Return the person whom ``From`` names; if a list puts itself there, the person who wrote to the list.

    "X via LIST" is X if the address, the list's name or another field says that LIST is a list, since it could also be
    a person's name.  A bare address gives its local part.
    """
    field = headers.get("from")
    name, address = _person(field)
    if original := _person(headers.get("x-original-from"))[0] if "x-original-from" in headers.fields else None:
        return Author(name=original)
    if " via " in name and (via := VIA.fullmatch(name)):
        behind = _person(via[1])[0]
        if _folded(behind) == _folded(_person(headers.get("reply-to"))[0]) or _is_list(via[2], address, headers):
            return Author(name=behind) if behind else None
    elif "reply-to" in headers.fields and _is_list_itself(address, headers):
        answered, other = _person(headers.get("reply-to"))
        if answered and other.lower() != address.lower():
            return Author(name=answered)
    return Author(name=name) if name else None


def _person(field: str) -> tuple[str, str]:
    """Return the first name of an address field, and the address; without a name, one is made from the address."""
    field = field[:LONGEST].strip()
    if field.endswith(";") and NOBODY.fullmatch(field):
        return "", ""
    if "[" in field:
        field = MAILTO.sub(r"<\1>", field)
    named = NAMED.match(field)
    address = named[2].strip() if named else field
    if named and named[1].strip():
        name = named[1].strip()
        if '"' in name:
            name = QUOTED.sub(lambda found: ESCAPED.sub(r"\1", found[1]), name)
    elif bracketed := BRACKETED.search(field):
        name, address = bracketed[1].strip(), field[: bracketed.start()].strip()
    else:
        name = address
    name = AT.sub("", name).strip(" '\"")
    return " ".join(name.split()), address


def _is_list_itself(address: str, headers: Headers) -> bool:
    """Whether an address belongs to the list that sent the message."""
    address = address.lower().replace(" at ", "@")
    list_id = f"<{address.replace('@', '.')}>"
    return "@" in address and (address in headers.get("list-post").lower() or list_id in headers.get("list-id").lower())


def _is_list(name: str, address: str, headers: Headers) -> bool:
    """Whether a name with this address is a list's, according to the address or another field of the message."""
    address = address.lower().replace(" at ", "@")
    local, _, domain = address.partition("@")
    if _folded(name) and _folded(name) in map(_folded, (local, domain, domain.partition(".")[0])):
        return True
    return bool(domain) and any(address in headers.get(field).lower() for field in LISTS)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
