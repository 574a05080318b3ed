"""Who wrote a message, by its headers."""

from __future__ import annotations

from rostra.model import Author
from rostra.readers.mail.mail_headers import LONGEST, Headers
from rostra.system.lazy_regex import late

NAMED = late(r'"?([^"<]*+)"?\s*+<([^>]*+)>')
BRACKETED = late(r"\(([^()]+)\)\s*$")
AT = late(r"(?:@|(?<!\s)\s+at\s+)[\w.-]+\.\w+\b.*$")
VIA = late(r"(.*\S)\s+via\s+(\S.*)")
"""What lists write into ``From`` where the sender's domain forbids them to pass a message on as it is (DMARC)."""
SENDERS = {"from", "reply-to", "x-original-from", "sender", "list-post", "list-id", "to", "cc"}
"""Fields that say who wrote a message."""
LISTS = ("sender", "list-post", "to", "cc")
"""Fields that name the list."""


def author_of(headers: Headers) -> Author | None:
    """Whoever ``From`` names; behind a list that writes itself there, whoever wrote to the list.

    "X via LIST" is X, where the address, the list's name or another field says that LIST is one: people may be called so.
    Of an address alone, what stands before the at sign.
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
    """The name that an address field gives first, and the address; a name is made of the address where there is none."""
    field = field[:LONGEST].strip()
    named = NAMED.match(field)
    address = named[2].strip() if named else field
    if named and named[1].strip():
        name = named[1].strip()
    elif bracketed := BRACKETED.search(field):
        name, address = bracketed[1].strip(), field[: bracketed.start()].strip()
    else:
        name = address
    name = AT.sub("", name.replace('\\"', '"')).strip(" '\"")
    return " ".join(name.split()), address


def _is_list_itself(address: str, headers: Headers) -> bool:
    """Whether an address is that of the list that sent the message."""
    address = address.lower().replace(" at ", "@")
    list_id = f"<{address.replace('@', '.')}>"
    return "@" in address and (address in headers.get("list-post").lower() or list_id in headers.get("list-id").lower())


def _is_list(name: str, address: str, headers: Headers) -> bool:
    """Whether what a name calls so, at this address, is a list, as the address or another field of the message says."""
    address = address.lower().replace(" at ", "@")
    local, _, domain = address.partition("@")
    if _folded(name) and _folded(name) in map(_folded, (local, domain, domain.partition(".")[0])):
        return True
    return bool(domain) and any(address in headers.get(field).lower() for field in LISTS)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
