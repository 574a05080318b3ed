"""Requests to servers that strangers named: none within private networks, and none longer than they should be."""

from __future__ import annotations

import http.client
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

PATIENCE = 20.0
"""Seconds until an answer begins, and until more of it comes."""
LONGEST_WAIT = 60.0
"""Seconds that a host may ask for with ``Retry-After``; one that asks for more is left alone."""


@contextmanager
def requesting(
    method: str, url: str, headers: Mapping[str, str], *, private: bool = False
) -> Iterator[http.client.HTTPResponse]:
    """Send one request and give the answer, its body unread.

    ``private`` allows addresses of this machine and its network.  Raise OSError, HTTPException or ValueError.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("no host")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = _place(parts.hostname, port, private=private)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname, port, timeout=PATIENCE)
    else:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=PATIENCE)
    # The address that was looked at is the one that is asked, whatever the name says next time.
    connection._create_connection = lambda _, *rest: socket.create_connection(place, *rest)  # type: ignore[attr-defined]  # noqa: SLF001  # the only way to say where
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, quote(path, safe="/%?=&;:@!$'()*+,~[]-._"), headers=dict(headers))
        yield connection.getresponse()
    finally:
        connection.close()


def _place(host: str, port: int, *, private: bool) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise ValueError(f"{host!r} is no host") from error
    for *_, place in found:
        if private or ipaddress.ip_address(str(place[0]).partition("%")[0]).is_global:
            return str(place[0]), port
    raise ValueError("it lies within a private network, and is not asked")


def asked_wait(said: str | None, now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks for (RFC 9110, 10.2.3); None where it asks for none, or for too many."""
    if said is None:
        return None
    try:
        seconds = float(said) if said.strip().isdigit() else parsedate_to_datetime(said).timestamp() - now
    except (TypeError, ValueError):
        return None
    return max(0.0, seconds) if seconds <= LONGEST_WAIT else None
